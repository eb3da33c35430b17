"""How members of staff sign in at the desk, and the record of who did."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CODE = sa.String(64)
NAME = sa.String(255)
MOMENT = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "desk_links",
        sa.Column("code", CODE, primary_key=True),
        sa.Column("member", CODE, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
    )
    op.create_index("ix_desk_links_member", "desk_links", ["member"])
    op.create_table(
        "desk_factors",
        sa.Column("member", CODE, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "desk_sessions",
        sa.Column("token", CODE, primary_key=True),
        sa.Column("member", CODE, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
    )
    op.create_index("ix_desk_sessions_member", "desk_sessions", ["member"])
    op.create_table(
        "desk_audit",
        sa.Column("id", SERIAL, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("member", NAME, nullable=False),
        sa.Column("what", CODE, nullable=False),
        sa.Column("reference", CODE),
    )
