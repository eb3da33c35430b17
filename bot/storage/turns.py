"""A batch of turns as SQL, in one transaction: a fixed number of statements, however many turns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Executable, bindparam, delete, insert, select, true, update
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.flows.handoff.letters import ACTORS, PERSONS, Erased, Post, Withdrawn, referral
from bot.flows.handoff.people import Chat
from bot.flows.inputs import INPUT, Input, TimerFired
from bot.ports import LETTER, Address, Inbound, Outbound, StoredSession, TimerRow, Turn
from bot.ports.storage import Cipher
from bot.services.letters import letter_rows
from bot.speech.message import MESSAGE, Message
from bot.storage.accounts import add_links
from bot.storage.database import insert_into
from bot.storage.history import seal_heard
from bot.storage.outbox import Holder, elsewhere, leave, mark_sent
from bot.storage.persons import export, export_referral, find, forget_session, is_of_staff
from bot.storage.prescreenings import note_prescreenings
from bot.storage.pseudonyms import forget_persons
from bot.storage.ready import Given, Ready, given, given_chats, in_chats
from bot.storage.referrals import add_referrals, add_steps, asked_for, withdraw_referrals
from bot.storage.tables import (
    context,
    inbox,
    journal,
    of_chats,
    outbox,
    resume_codes,
    sessions,
    timers,
)
from bot.storage.timers import post, set_timers, stop_fired

Rows = list[dict[str, Any]]

_INPUT_JSON = INPUT.serializer.to_json  # without what `dump_json` asks each time
_MESSAGE_JSON = MESSAGE.serializer.to_json

_STORED = tuple(sessions.c[name] for name in ("channel", "chat", "session", "state", "trial", "version", "said"))
_SESSION = ("trial", "state", "session", "version", "said", "updated_at")


def _note(dialect: Dialect) -> Executable:
    """Inputs that are not in the inbox yet, put there and returned."""
    place = (inbox.c.channel, inbox.c.chat, inbox.c.message_id)
    received, at = Given(dialect, "received"), bindparam("now", type_=inbox.c.received_at.type)
    rows = select(received[0], received[1], received[2], at).where(true())  # the WHERE tells SQLite what ON is about
    insert_ = insert_into(dialect, inbox).from_select([*place, inbox.c.received_at], rows)
    return insert_.on_conflict_do_nothing().returning(*place)


_NOTE = Ready(_note)
_SESSIONS = Ready(
    lambda dialect: select(*_STORED).where(in_chats(sessions, dialect)).order_by(sessions.c.id).with_for_update()
)
_ADD_SESSION = Ready(lambda _: insert(sessions).inline(), ("channel", "chat", *_SESSION))
_UPDATE_SESSION = Ready(
    lambda _: (
        update(sessions)
        .where(sessions.c.channel == bindparam("of_channel"), sessions.c.chat == bindparam("of_chat"))
        .values({name: bindparam(name) for name in _SESSION})
    )
)
_ADD_TO_JOURNAL = Ready(lambda _: insert(journal).inline(), ("channel", "chat", "message_id", "at", "sealed"))
_SAY = Ready(
    lambda _: insert(outbox).inline(),
    ("channel", "chat", "number", "sealed", "heard", "sent_at", "holder", "next_try"),
)


class SqlTransaction:
    """The open transaction of a batch. Sealed fields are encrypted here, on their way in and out.

    `holder`: the process that will say what is to be said. `keeping`: the channels that keep what they say, so that it is
    read from the store and never sent.
    """

    def __init__(
        self, connection: AsyncConnection, cipher: Cipher, holder: Holder, keeping: frozenset[str] = frozenset()
    ) -> None:
        self._connection = connection
        self._cipher = cipher
        self._holder = holder
        self._keeping = keeping

    async def receive(self, batch: Sequence[Inbound], now: datetime) -> list[Inbound]:
        """Note the inputs as received; those never seen before, in order. A timer that is no longer due is none."""
        due = await stop_fired(self._connection, batch)
        if not due:
            return []
        received = given([(inbound.address.channel, inbound.address.chat, inbound.message_id) for inbound in due])
        noted = await _NOTE.rows(self._connection, received=received, now=now)
        new = {(Address(channel, chat), message_id) for channel, chat, message_id in noted}
        fresh = {key: inbound for inbound in due if (key := (inbound.address, inbound.message_id)) in new}
        return list(fresh.values())

    async def sessions(self, addresses: Sequence[Address]) -> dict[Address, StoredSession]:
        """The sessions of these chats, as far as they have one, locked until the transaction ends."""
        found = map(self._stored, await _SESSIONS.rows(self._connection, chats=given_chats(addresses)))
        return {each.address: each for each in found}

    async def sessions_of(self, channel: str) -> list[StoredSession]:
        """The sessions of all chats of a channel, the oldest first."""
        rows = await self._connection.execute(
            select(*_STORED).where(sessions.c.channel == channel).order_by(sessions.c.id)
        )
        return list(map(self._stored, rows))

    def _stored(self, row: Sequence[Any]) -> StoredSession:
        channel, chat, sealed, state, trial, version, said = row
        address = Address(channel, chat)
        text = None if sealed is None else self._open_session(address, sealed)
        return StoredSession(address, text, state, trial, version, said)

    def _open_session(self, address: Address, sealed: bytes) -> str:
        return self._cipher.decrypt(sealed, context(sessions, address)).decode()

    async def save(self, turns: Sequence[Turn], now: datetime) -> list[Outbound]:
        """Store what the turns led to; the messages to be said.

        A turn without a session erases its chat until then; one that clears it, what was said and done there.
        """
        erasing = _erasing(turns)
        clearing = {turn.after.address: i for i, turn in enumerate(turns) if turn.clears}
        await self._erase(list(erasing))
        await self._clear(list(clearing))
        withdrawn = await self._withdraw_of({turn.after.address for turn in turns if turn.withdraws}, now)
        kept = _since(turns, erasing)
        changed = list({turn.after.address: turn.after for turn in turns}.values())
        await self._save_sessions(changed, now)
        told = _since(turns, erasing, clearing)
        await _ADD_TO_JOURNAL.write(self._connection, self._journal_rows(told, now))
        said = [outbound for turn in turns for outbound in _outbound(turn, keep=self._keeps(turn.after.address))]
        await post(self._connection, self._cipher, [*_outliving(turns, erasing), *withdrawn])
        await set_timers(self._connection, self._cipher, kept)
        await add_referrals(self._connection, self._cipher, kept, now)
        await add_steps(self._connection, self._cipher, turns, now)
        await note_prescreenings(self._connection, kept, now)
        await add_links(self._connection, [turn.link for turn in kept if turn.link is not None])
        await forget_persons(self._connection, changed)
        return await self._say(said, now)

    async def erase(self, address: Address, now: datetime) -> None:
        """Erase all that is kept of a chat, and withdraw its referrals, as its person's word does.

        The session first: a turn that is under way in the chat holds it, and what that turn leaves is erased, too.
        """
        await forget_session(self._connection, address)
        await self._erase([address])
        await post(self._connection, self._cipher, await self._withdraw_of([address], now))

    async def erase_referral(self, reference: str, now: datetime) -> None:
        """Erase what is kept of somebody whom staff handed over, and nothing else of the chat that it came from.

        The bench there forgets under which code they were known.
        """
        await post(self._connection, self._cipher, await self._withdraw([reference], now))
        chat = await find(self._connection, reference)
        if chat is not None:
            posts = [Post(Chat(chat.channel, chat.chat), Erased(reference=reference))]
            await post(self._connection, self._cipher, letter_rows(posts, now))

    async def export(self, address: Address) -> dict[str, Any]:
        """All that is kept of a chat, decrypted."""
        return await export(self._connection, self._cipher, address)

    async def export_referral(self, reference: str) -> dict[str, Any]:
        """All that is kept of somebody whom staff handed over, decrypted."""
        return await export_referral(self._connection, self._cipher, reference)

    async def is_of_staff(self, reference: str) -> bool:
        """Whether a referral came from a chat of staff."""
        return await is_of_staff(self._connection, self._cipher, reference)

    async def chat_of(self, reference: str) -> Address | None:
        """The chat that a referral came from; None where there is none."""
        return await find(self._connection, reference)

    async def mark_sent(self, sent: Sequence[Outbound], now: datetime) -> None:
        """Note that a channel has taken the messages."""
        await mark_sent(self._connection, sent, now)

    async def set_aside(self, inbound: Inbound, error: str, apology: Message, now: datetime) -> Outbound:
        """Keep an input that could not be handled, with the type of the error; the message that tells the person."""
        address, message_id = inbound.address, inbound.message_id
        sealed = self._cipher.encrypt(INPUT.dump_json(inbound.input), context(inbox, address, message_id))
        mine = (inbox.c.channel == address.channel, inbox.c.chat == address.chat, inbox.c.message_id == message_id)
        await self._connection.execute(update(inbox).where(*mine).values(error=error, sealed=sealed))
        answers = inbound if self._keeps(address) else None
        said = Outbound(await self._count_one_said(address, now), address, apology, answers=answers)
        return (await self._say([said], now))[0]

    async def _say(self, said: Sequence[Outbound], now: datetime) -> list[Outbound]:
        """Put messages into the outbox; where others of their chat are not in this process's hands, they are left there."""
        left = await elsewhere(self._connection, {row.address for row in said}, self._holder) if said else set()
        rows = [replace(row, left=True) if row.address in left else row for row in said]
        await _SAY.write(self._connection, self._outbox_rows(rows, now))
        return rows

    def _keeps(self, address: Address) -> bool:
        return address.channel in self._keeping

    async def _count_one_said(self, address: Address, now: datetime) -> int:
        """Count a message in a chat whose session stays as it is; how many it makes."""
        first = StoredSession(address, version=1, said=1)
        count = insert_into(self._connection, sessions).values({**_place(address), **_session_row(first, None, now)})
        count = count.on_conflict_do_update(
            index_elements=[sessions.c.channel, sessions.c.chat], set_={"said": sessions.c.said + 1}
        )
        return int((await self._connection.execute(count.returning(sessions.c.said))).scalar_one())

    async def _erase(self, addresses: Sequence[Address]) -> None:
        """Erase what is stored of these chats: all but the ids of their inputs, and the count of what was said."""
        if addresses:
            await self._connection.execute(delete(timers).where(of_chats(timers, addresses)))
            await self._clear(addresses)

    async def _clear(self, addresses: Sequence[Address]) -> None:
        """Erase what was said and done in these chats."""
        if not addresses:
            return
        for table in (journal, outbox, resume_codes):
            await self._connection.execute(delete(table).where(of_chats(table, addresses)))
        await self._connection.execute(update(inbox).where(of_chats(inbox, addresses)).values(sealed=None))

    async def _withdraw_of(self, addresses: Collection[Address], now: datetime) -> tuple[TimerRow, ...]:
        """Withdraw every referral that was asked for in these chats; the letters by which the referrals hear of it."""
        references = await asked_for(self._connection, self._cipher, addresses) if addresses else []
        return await self._withdraw(references, now) if references else ()

    async def _withdraw(self, references: Collection[str], now: datetime) -> tuple[TimerRow, ...]:
        await withdraw_referrals(self._connection, references)
        return letter_rows([Post(referral(reference), Withdrawn()) for reference in references], now)

    async def _save_sessions(self, changed: Sequence[StoredSession], now: datetime) -> None:
        new: Rows = []
        old: Rows = []
        for after, sealed in self._sealed_sessions(changed):
            row = _session_row(after, sealed, now)
            if after.version == 1:
                new.append({**_place(after.address), **row})
            else:
                old.append({"of_channel": after.address.channel, "of_chat": after.address.chat, **row})
        await _ADD_SESSION.write(self._connection, new)
        await _UPDATE_SESSION.write(self._connection, old)

    def _sealed_sessions(self, changed: Sequence[StoredSession]) -> list[tuple[StoredSession, bytes | None]]:
        """The sessions, each sealed; None where one is erased."""
        texts = [
            (each.session.encode(), context(sessions, each.address)) for each in changed if each.session is not None
        ]
        sealed = iter(self._cipher.encrypt_all(texts))
        return [(each, None if each.session is None else next(sealed)) for each in changed]

    def _journal_rows(self, turns: Sequence[Turn], now: datetime) -> Rows:
        entries = [(_journal_entry(turn), _journal_place(turn.inbound)) for turn in turns]
        return [
            {**_place(turn.inbound.address), "message_id": turn.inbound.message_id, "at": now, "sealed": sealed}
            for turn, sealed in zip(turns, self._cipher.encrypt_all(entries), strict=True)
        ]

    def _outbox_rows(self, rows: Sequence[Outbound], now: datetime) -> Rows:
        texts = [(_MESSAGE_JSON(row.message), context(outbox, row.address, row.number)) for row in rows]
        left, held = leave(now), self._holder.hold(now)
        return [
            {
                **_place(row.address),
                "number": row.number,
                "sealed": sealed,
                "heard": seal_heard(self._cipher, row),
                "sent_at": now if self._keeps(row.address) else None,
                **(left if row.left else held),
            }
            for row, sealed in zip(rows, self._cipher.encrypt_all(texts), strict=True)
        ]


def _session_row(after: StoredSession, sealed: bytes | None, now: datetime) -> dict[str, Any]:
    return {
        "trial": after.trial,
        "state": after.state,
        "session": sealed,
        "version": after.version,
        "said": after.said,
        "updated_at": now,
    }


def _journal_entry(turn: Turn) -> bytes:
    """The input and its events, as JSON."""
    events = to_json([message.event for message in turn.messages])
    return b'{"input":%b,"events":%b}' % (_INPUT_JSON(_noted(turn.inbound.input)), events)


def _journal_place(inbound: Inbound) -> bytes:
    return context(journal, inbound.address, inbound.message_id)


def _erasing(turns: Sequence[Turn]) -> dict[Address, int]:
    """Which turn erases each chat, the last one that does; one that finds its chat erased and leaves it so does not.

    The chat of a person is never erased so: it holds nothing of theirs, and letters may be on their way to it.
    """
    erasing: dict[Address, int] = {}
    before: dict[Address, str | None] = {}
    for i, turn in enumerate(turns):
        address, session = turn.after.address, turn.after.session
        if session is None and address.channel != PERSONS and before.get(address, "") is not None:
            erasing[address] = i
        before[address] = session
    return erasing


def _since(turns: Sequence[Turn], *marks: Mapping[Address, int]) -> list[Turn]:
    """The turns, without those of a chat that come before the one that each of these marks names for it."""
    return [turn for i, turn in enumerate(turns) if all(i >= each.get(turn.after.address, 0) for each in marks)]


def _outliving(turns: Sequence[Turn], erasing: Mapping[Address, int]) -> list[TimerRow]:
    """The letters of turns before the one that erases their chat, which are sent all the same: from one actor to another.

    What an actor has told another is all that the other goes by, and the erasing turn takes it as told. Word to a chat in
    which somebody reads is not sent any more: it may say what has just been erased.
    """
    return [
        row
        for i, turn in enumerate(turns)
        if turn.after.address.channel in ACTORS and i < erasing.get(turn.after.address, 0)
        for row in turn.timers
        if row.of is not None and row.of.channel in ACTORS
    ]


def _noted(entry: Input) -> Input:
    """The input as the journal has it: of a letter that has come nothing is kept here, for another chat may erase it."""
    if isinstance(entry, TimerFired) and entry.timer.startswith(LETTER):
        return replace(entry, payload="")
    return entry


def _place(address: Address) -> dict[str, Any]:
    return {"channel": address.channel, "chat": address.chat}


def _outbound(turn: Turn, *, keep: bool) -> Iterable[Outbound]:
    """The turn's messages, numbered so that the last has the number of all that was said in the chat.

    To keep: the first one is kept with the input that it answers, unless that has just erased everything.
    """
    first = turn.after.said - len(turn.messages) + 1
    heard = turn.inbound if keep and turn.after.session is not None else None
    return (
        Outbound(first + i, turn.after.address, message, answers=None if i else heard)
        for i, message in enumerate(turn.messages)
    )
