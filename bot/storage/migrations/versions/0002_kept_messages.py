"""Messages that are kept for whoever reads them again, and codes to go on at another device."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("outbox", sa.Column("heard", sa.LargeBinary))
    op.create_table(
        "resume_codes",
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("chat", sa.String(255), nullable=False),
        sa.Column("code", sa.String(64), primary_key=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_resume_codes_channel_chat", "resume_codes", ["channel", "chat"])
