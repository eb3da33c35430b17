"""The pipeline from inputs to durable effects."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, update

from bot.errors import Mendable
from bot.flows.inputs import Reply
from bot.ports import Address, Inbound, Outbound, TalkResult
from bot.services.turns import BATCH_SIZE, Turns
from bot.speech.message import Message
from bot.storage import database as sqlite
from bot.storage.opening import open_store
from bot.storage.store import SqlStore
from bot.storage.tables import inbox, journal, outbox, referrals, sessions, timers


async def stored(store: SqlStore, chat: str) -> list[str]:
    """The replies that the conversation of a chat has kept."""
    address = Address("test", chat)
    async with store.transaction() as transaction:
        session = (await transaction.sessions([address])).get(address)
    return json.loads(session.session) if session and session.session else []


async def rows(store: SqlStore, table: Any) -> list[Any]:
    """All rows of a table."""
    async with store._engine.begin() as connection:
        return list(await connection.execute(select(table)))


@contextmanager
def counted(store: SqlStore) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    statements: list[str] = []

    def note(_: Connection, __: Any, statement: str, *___: Any) -> None:
        statements.append(statement)

    event.listen(store._engine.sync_engine, "before_cursor_execute", note)
    yield statements
    event.remove(store._engine.sync_engine, "before_cursor_execute", note)


async def test_a_repeated_message_changes_nothing(pipeline: Any, store: SqlStore, channel: Any) -> None:
    """The same id twice is one input, and is acknowledged both times."""
    await pipeline.say("ana", "yes", "7")
    await pipeline.say("ana", "yes", "7")
    await pipeline.delivery.settle()
    assert await stored(store, "ana") == ["yes"]
    assert channel.texts("ana") == ["1: yes", "next?"]


async def test_a_repeat_within_one_batch_changes_nothing(pipeline: Any, store: SqlStore) -> None:
    """The same id twice at once is one input."""
    await asyncio.gather(*(pipeline.say("ana", "yes", "7") for _ in range(5)))
    assert await stored(store, "ana") == ["yes"]


async def test_equal_texts_with_ids_of_their_own_are_two_answers(pipeline: Any, store: SqlStore) -> None:
    """Nothing is dropped for what it says."""
    await pipeline.say("ana", "yes")
    await pipeline.say("ana", "yes")
    assert await stored(store, "ana") == ["yes", "yes"]


async def test_the_same_id_in_two_chats_is_two_inputs(pipeline: Any, store: SqlStore) -> None:
    """Ids are those of a chat."""
    await asyncio.gather(pipeline.say("ana", "yes", "7"), pipeline.say("ben", "no", "7"))
    assert (await stored(store, "ana"), await stored(store, "ben")) == (["yes"], ["no"])


async def test_order_is_kept_in_each_chat(pipeline: Any, store: SqlStore, channel: Any) -> None:
    """Five hundred inputs of five chats at once are applied, and answered, in the order in which they were taken."""
    await asyncio.gather(*(pipeline.say(f"chat{i % 5}", str(i)) for i in range(500)))
    await pipeline.delivery.settle()
    for chat in range(5):
        expected = [str(i) for i in range(chat, 500, 5)]
        assert await stored(store, f"chat{chat}") == expected
        answers = [text for text in channel.texts(f"chat{chat}") if text != "next?"]
        assert answers == [f"{n}: {text}" for n, text in enumerate(expected, start=1)]


async def test_statements_are_per_batch_not_per_message(pipeline: Any, store: SqlStore) -> None:
    """A full batch of known and new chats takes as many statements as a batch of one known and one new."""
    await asyncio.gather(*(pipeline.say(f"known{i}", "hello") for i in range(BATCH_SIZE // 2)))
    await pipeline.delivery.settle()

    async def statements_of(chats: list[str]) -> int:
        inputs = [Inbound(Address("test", chat), f"count{len(chats)}", Reply("remind me")) for chat in chats]
        with counted(store) as statements:
            await pipeline.turns._commit(inputs)
            made = len(statements)
        await pipeline.delivery.settle()
        return made

    few = await statements_of(["known0", "new0"])
    many = await statements_of(
        [f"known{i}" for i in range(1, BATCH_SIZE // 2)] + [f"new{i}" for i in range(1, BATCH_SIZE // 2)]
    )
    assert many == few <= 10


async def test_an_input_that_fails_is_set_aside_and_the_rest_go_on(
    pipeline: Any, store: SqlStore, channel: Any
) -> None:
    """One bad input in a batch: it is kept with the type of its error, the person is told, all others are applied."""
    texts = [("ana", "one"), ("ben", "fail"), ("ana", "two"), ("ben", "three")]
    await asyncio.gather(*(pipeline.say(chat, text) for chat, text in texts))
    await pipeline.delivery.settle()
    assert await stored(store, "ana") == ["one", "two"]
    assert await stored(store, "ben") == ["three"]
    assert channel.texts("ben") == ["sorry, 0 kept", "1: three", "next?"]
    assert [row.error for row in await rows(store, inbox)].count("ValueError") == 1


async def test_an_input_set_aside_leaves_the_session_as_it_was(pipeline: Any, store: SqlStore, channel: Any) -> None:
    """The apology is counted among what was said; nothing else changes."""
    for text in ("one", "fail", "two"):
        await pipeline.say("ana", text)
    await pipeline.delivery.settle()
    assert await stored(store, "ana") == ["one", "two"]
    assert [row.number for row in channel.sent] == [1, 2, 3, 4, 5]
    assert channel.texts("ana")[2] == "sorry, 1 kept"


async def test_an_altered_session_stops_its_own_chat_alone(pipeline: Any, store: SqlStore, channel: Any) -> None:
    """A session moved to another chat is not opened there: that chat is told, the others go on."""
    await pipeline.say("ana", "one")
    await pipeline.say("ben", "two")
    async with store._engine.begin() as connection:
        moved = select(sessions.c.session).where(sessions.c.chat == "ana").scalar_subquery()
        await connection.execute(update(sessions).where(sessions.c.chat == "ben").values(session=moved))
    await asyncio.gather(pipeline.say("ana", "three"), pipeline.say("ben", "four"))
    await pipeline.delivery.settle()
    assert await stored(store, "ana") == ["one", "three"]
    assert channel.texts("ben")[-1] == "sorry, 0 kept"


async def test_who_asks_to_be_forgotten_is_erased(pipeline: Any, store: SqlStore, channel: Any) -> None:
    """No session, journal, timer or text of before is left, and the referral is withdrawn; a repeat of an old message still changes nothing."""
    await pipeline.say("ana", "my secret", "1")
    await pipeline.say("ana", "remind me")
    await pipeline.say("ana", "refer me")
    await pipeline.say("ben", "remind me")
    await pipeline.delivery.settle()
    await pipeline.say("ana", "forget me")
    await pipeline.say("ana", "my secret", "1")
    await pipeline.delivery.settle()
    assert channel.texts("ana")[-1] == "forgotten"
    assert await stored(store, "ana") == []
    assert {(row.channel, row.chat) for row in await rows(store, timers)} == {("test", "ben"), ("referral", "REF-ana")}
    assert [(row.state, row.sealed) for row in await rows(store, referrals)] == [("withdrawn", None)]
    assert len([row for row in await rows(store, journal) if row.chat == "ana"]) == 1
    assert len([row for row in await rows(store, outbox) if row.chat == "ana"]) == 1
    await pipeline.say("ana", "back again")
    assert await stored(store, "ana") == ["back again"]


async def test_forgetting_takes_the_inputs_of_the_same_batch_with_it(pipeline: Any, store: SqlStore) -> None:
    """What was said just before, in the same transaction, is not kept either."""
    address = Address("test", "ana")
    texts = ("my secret", "remind me", "forget me", "hello")
    await pipeline.turns._commit([Inbound(address, text, Reply(text)) for text in texts])
    assert [row.message_id for row in await rows(store, journal)] == ["forget me", "hello"]
    assert await rows(store, timers) == []
    assert await stored(store, "ana") == ["hello"]


async def test_a_referral_is_made_once(pipeline: Any, store: SqlStore) -> None:
    """Asked for again, it stays as it was first made; the two chats of one batch have one each."""
    await asyncio.gather(pipeline.say("ana", "refer me"), pipeline.say("ben", "refer me"))
    [first] = [row for row in await rows(store, referrals) if row.chat == "ana"]
    await pipeline.say("ana", "more")
    await pipeline.say("ana", "refer me")
    assert [row for row in await rows(store, referrals) if row.chat == "ana"] == [first]
    assert {row.reference for row in await rows(store, referrals)} == {"REF-ana", "REF-ben"}


async def test_nothing_said_or_answered_is_readable_in_the_database(
    pipeline: Any, store: SqlStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a reply, nor an answer to it, nor a failing input stands in the clear in a column or in the log."""
    await pipeline.say("ana", "hemoglobin 92")
    await pipeline.say("ana", "refer me")
    await pipeline.say("ana", "fail")
    found = ""
    for table in (inbox, sessions, journal, outbox, timers, referrals):
        found += "".join(map(str, await rows(store, table)))
    found += "".join(path.read_bytes().decode("latin-1") for path in tmp_path.iterdir())
    output = capsys.readouterr()
    for secret in ("hemoglobin", "secret"):
        assert secret not in found
        assert secret not in output.out + output.err
    assert "ValueError" in output.out


async def test_what_cannot_be_stored_is_not_acknowledged(
    tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another process holds the file, the one who hands an input over gets a clear sentence, and may try again."""
    monkeypatch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, "PRAGMA busy_timeout = 50"))
    file = tmp_path / "prescreen.db"
    async with open_store(str(file), None, clock.now()) as store:
        turns = Turns(store, _answer_once, _no_apology, clock, _say_nothing)
        task = asyncio.create_task(turns.run())
        holder = sqlite3.connect(file, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        reply = Inbound(Address("test", "ana"), "1", Reply("yes"))
        with pytest.raises(Mendable, match="held by another process"):
            await turns.take(reply)
        holder.execute("ROLLBACK")
        holder.close()
        await turns.take(reply)
        assert await stored(store, "ana") == ["once"]
        task.cancel()


def _answer_once(session: str | None, *_: Any) -> TalkResult:
    assert session is None
    return TalkResult('["once"]', "asking", "demo", ())


def _no_apology(*_: Any) -> Message:
    raise AssertionError("nothing is set aside while the store is away")


def _say_nothing(_: Sequence[Outbound]) -> None:
    pass
