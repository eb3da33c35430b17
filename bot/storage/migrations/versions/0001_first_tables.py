"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CODE = sa.String(64)
NAME = sa.String(255)
MOMENT = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
UNSAID = sa.text("sent_at IS NULL AND dead IS NULL")


def upgrade() -> None:
    """Bring the tables forward."""
    _create_what_comes_in()
    _create_what_goes_out()
    _create_referrals()
    op.create_table(
        "keys",
        sa.Column("name", CODE, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )


def _create_what_comes_in() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", SERIAL, primary_key=True),
        sa.Column("channel", CODE, nullable=False),
        sa.Column("chat", NAME, nullable=False),
        sa.Column("message_id", NAME, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("error", NAME),
        sa.Column("sealed", sa.LargeBinary),
        sa.UniqueConstraint("channel", "chat", "message_id", name="uq_inbox_channel_chat_message_id"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", SERIAL, primary_key=True),
        sa.Column("channel", CODE, nullable=False),
        sa.Column("chat", NAME, nullable=False),
        sa.Column("trial", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("session", sa.LargeBinary),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("said", sa.Integer, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.UniqueConstraint("channel", "chat", name="uq_sessions_channel_chat"),
    )
    op.create_table(
        "journal",
        sa.Column("id", SERIAL, primary_key=True),
        sa.Column("channel", CODE, nullable=False),
        sa.Column("chat", NAME, nullable=False),
        sa.Column("message_id", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_journal_channel_chat", "journal", ["channel", "chat"])


def _create_what_goes_out() -> None:
    op.create_table(
        "outbox",
        sa.Column("channel", CODE, primary_key=True),
        sa.Column("chat", NAME, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_try", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("dead", NAME),
    )
    op.create_index("ix_outbox_unsaid", "outbox", ["channel", "next_try"], sqlite_where=UNSAID, postgresql_where=UNSAID)
    op.create_table(
        "timers",
        sa.Column("channel", CODE, primary_key=True),
        sa.Column("chat", NAME, primary_key=True),
        sa.Column("timer", CODE, primary_key=True),
        sa.Column("due", MOMENT),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_timers_due", "timers", ["due"])


def _create_referrals() -> None:
    op.create_table(
        "referrals",
        sa.Column("reference", CODE, primary_key=True),
        sa.Column("channel", CODE, nullable=False),
        sa.Column("chat", NAME, nullable=False),
        sa.Column("trial", CODE, nullable=False),
        sa.Column("site", CODE, nullable=False),
        sa.Column("verdict", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
    )
    op.create_index("ix_referrals_channel_chat", "referrals", ["channel", "chat"])
