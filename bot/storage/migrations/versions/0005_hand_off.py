"""What is done about referrals, what came of screenings, and where messages are that are said anew in their place."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CODE = sa.String(64)
NAME = sa.String(255)
MOMENT = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "referral_steps",
        sa.Column("id", SERIAL, primary_key=True),
        sa.Column("reference", CODE, nullable=False),
        sa.Column("action", CODE, nullable=False),
        sa.Column("stage", CODE, nullable=False),
        sa.Column("member", NAME),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
    )
    op.create_index("ix_referral_steps_reference", "referral_steps", ["reference"])
    op.create_table(
        "prescreenings",
        sa.Column("id", CODE, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("trial", CODE, nullable=False),
        sa.Column("verdict", CODE, nullable=False),
        sa.Column("failing", sa.Text, nullable=False),
        sa.Column("source", NAME),
        sa.Column("site", CODE),
        sa.Column("reference", CODE),
    )
    op.create_table(
        "places",
        sa.Column("channel", CODE, primary_key=True),
        sa.Column("chat", NAME, primary_key=True),
        sa.Column("name", NAME, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
    )
