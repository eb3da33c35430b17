"""The tables. What is said or answered is encrypted (`sealed`); what is looked up by, or counted, is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    null,
    or_,
)
from sqlalchemy.engine import Dialect

from bot.ports import Address

CODE_LENGTH = 64
NAME_LENGTH = 255


class Moment(TypeDecorator[datetime]):
    """A point in time, in UTC, aware: also on SQLite, which keeps no offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as the database keeps it."""
        if value is None:
            return None
        moment = value if value.tzinfo is UTC else value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


SERIAL = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself in an INTEGER key alone

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
)

# Every input ever taken, so that a repeat changes nothing. `error` (its type) and `sealed` (the input) are set
# for those that were set aside.
inbox = Table(
    "inbox",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("channel", String(CODE_LENGTH), nullable=False),
    Column("chat", String(NAME_LENGTH), nullable=False),
    Column("message_id", String(NAME_LENGTH), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("error", String(NAME_LENGTH)),
    Column("sealed", LargeBinary),
    UniqueConstraint("channel", "chat", "message_id"),
)

# One row a chat. `session` is null before the first sprint, and once it was erased.
sessions = Table(
    "sessions",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("channel", String(CODE_LENGTH), nullable=False),
    Column("chat", String(NAME_LENGTH), nullable=False),
    Column("trial", String(CODE_LENGTH), nullable=False),
    Column("state", String(CODE_LENGTH), nullable=False),
    Column("session", LargeBinary),
    Column("version", Integer, nullable=False),
    Column("said", Integer, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("channel", "chat"),
)

# What happened, one row an input, only ever added to: the input and its events.
journal = Table(
    "journal",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("channel", String(CODE_LENGTH), nullable=False),
    Column("chat", String(NAME_LENGTH), nullable=False),
    Column("message_id", String(NAME_LENGTH), nullable=False),
    Column("at", Moment, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "channel", "chat"),
)

# What is to be said, numbered within its chat. A row is unsaid while it is neither sent nor dead; then `next_try` is
# when a sweeper may take it, unless one before it in its chat is not due. `holder`: the process that has it in its hands
# until then, null where it is held back or left to the next sweep. Once sent, its text is gone; but channels that keep what they say have it counted as sent at once, and read it here as often as
# they like, each turn's first message with what it answers (`heard`).
outbox = Table(
    "outbox",
    metadata,
    Column("channel", String(CODE_LENGTH), primary_key=True),
    Column("chat", String(NAME_LENGTH), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("dead", String(NAME_LENGTH)),
    Column("heard", LargeBinary),
    Column("holder", String(CODE_LENGTH)),
)
UNSAID = (outbox.c.sent_at == null()) & (outbox.c.dead == null())
Index("ix_outbox_waiting", *outbox.primary_key, sqlite_where=UNSAID, postgresql_where=UNSAID)

# What becomes an input later. `due` is null once it has fired or was taken back.
timers = Table(
    "timers",
    metadata,
    Column("channel", String(CODE_LENGTH), primary_key=True),
    Column("chat", String(NAME_LENGTH), primary_key=True),
    Column("timer", String(CODE_LENGTH), primary_key=True),
    Column("due", Moment),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "due"),
)

# Who asked a site to be contacted. `sealed` (answers, findings, contact) is null once the person withdrew. `first`: the
# referral that this one is a repeat of, in another conversation; null for one that sites work on.
referrals = Table(
    "referrals",
    metadata,
    Column("reference", String(CODE_LENGTH), primary_key=True),
    Column("channel", String(CODE_LENGTH), nullable=False),
    Column("chat", String(NAME_LENGTH), nullable=False),
    Column("trial", String(CODE_LENGTH), nullable=False),
    Column("site", String(CODE_LENGTH), nullable=False),
    Column("verdict", String(CODE_LENGTH), nullable=False),
    Column("state", String(CODE_LENGTH), nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("sealed", LargeBinary),
    Column("first", String(CODE_LENGTH)),
    Index(None, "channel", "chat"),
)

# What was done about each referral, only ever added to. `member`: who of the staff did it. `sealed` (a note, a reason) is
# null where there is none, and once the person withdrew.
referral_steps = Table(
    "referral_steps",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("reference", String(CODE_LENGTH), nullable=False),
    Column("action", String(CODE_LENGTH), nullable=False),
    Column("stage", String(CODE_LENGTH), nullable=False),
    Column("member", String(NAME_LENGTH)),
    Column("at", Moment, nullable=False),
    Column("sealed", LargeBinary),
    Index(None, "reference"),
)

# What came of each screening, without a word of whose it was. `failing`: codes of criteria, separated by blanks.
prescreenings = Table(
    "prescreenings",
    metadata,
    Column("id", String(CODE_LENGTH), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("trial", String(CODE_LENGTH), nullable=False),
    Column("verdict", String(CODE_LENGTH), nullable=False),
    Column("failing", Text, nullable=False),
    Column("source", String(NAME_LENGTH)),
    Column("site", String(CODE_LENGTH)),
    Column("reference", String(CODE_LENGTH)),
)

# Where in a channel's chats the messages are that are said anew in the same place.
places = Table(
    "places",
    metadata,
    Column("channel", String(CODE_LENGTH), primary_key=True),
    Column("chat", String(NAME_LENGTH), primary_key=True),
    Column("name", String(NAME_LENGTH), primary_key=True),
    Column("number", BigInteger, nullable=False),
)

# Codes, as digests, by which a person goes on at another device. `sealed`: what the device gets for one.
resume_codes = Table(
    "resume_codes",
    metadata,
    Column("channel", String(CODE_LENGTH), nullable=False),
    Column("chat", String(NAME_LENGTH), nullable=False),
    Column("code", String(CODE_LENGTH), primary_key=True),
    Column("expires_at", Moment, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "channel", "chat"),
)

# Links by which members of staff sign in at the desk, as digests: each once, and for a short time.
desk_links = Table(
    "desk_links",
    metadata,
    Column("code", String(CODE_LENGTH), primary_key=True),
    Column("member", String(CODE_LENGTH), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index(None, "member"),
)

# Their second factors: the secret, the recovery codes that are left, and how often a code was wrong.
desk_factors = Table(
    "desk_factors",
    metadata,
    Column("member", String(CODE_LENGTH), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

# Their sessions, and the browsers that are remembered, by the digest of a secret that the browser alone has.
desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("token", String(CODE_LENGTH), primary_key=True),
    Column("member", String(CODE_LENGTH), nullable=False),
    Column("kind", String(CODE_LENGTH), nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Index(None, "member"),
)

# Who signed in, looked at a contact or changed an account, only ever added to. `reference`: the referral, or the member.
desk_audit = Table(
    "desk_audit",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("member", String(NAME_LENGTH), nullable=False),
    Column("what", String(CODE_LENGTH), nullable=False),
    Column("reference", String(CODE_LENGTH)),
)

# When a channel was last listened to.
presence = Table(
    "presence",
    metadata,
    Column("channel", String(CODE_LENGTH), primary_key=True),
    Column("listened_at", Moment, nullable=False),
)

# A sealed word by which a key is known to be the database's own.
keys = Table(
    "keys",
    metadata,
    Column("name", String(CODE_LENGTH), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)


def of_chats(table: Table, chats: Iterable[Address]) -> ColumnElement[bool]:
    """The rows of these chats. It is written channel by channel: for a list of pairs SQLite reads the whole table."""
    names: dict[str, list[str]] = {}
    for chat in chats:
        names.setdefault(chat.channel, []).append(chat.chat)
    return or_(false(), *((table.c.channel == channel) & table.c.chat.in_(names[channel]) for channel in names))


def address_of(row: Sequence[Any]) -> Address:
    """The chat that a row (with its first two columns `channel`, `chat`) belongs to."""
    return Address(str(row[0]), str(row[1]))


def context(table: Table, address: Address, *place: object) -> bytes:
    """What a sealed field is bound to: its table, its chat, and its place there."""
    return "\x1f".join((table.name, address.channel, address.chat, *map(str, place))).encode()
