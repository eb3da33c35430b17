"""When a channel was last listened to."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "presence",
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("listened_at", sa.DateTime(timezone=True), nullable=False),
    )
