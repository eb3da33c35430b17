"""Which process holds a message, so that of several processes none says a chat's messages out of order."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UNSAID = sa.text("sent_at IS NULL AND dead IS NULL")
PLACE = ["channel", "chat", "number"]


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("outbox", sa.Column("holder", sa.String(64)))
    op.drop_index("ix_outbox_unsaid", "outbox")
    op.create_index("ix_outbox_waiting", "outbox", PLACE, sqlite_where=UNSAID, postgresql_where=UNSAID)
