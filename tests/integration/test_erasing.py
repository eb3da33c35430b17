"""One person's data out or gone, on real databases: all of theirs, nothing of anybody else's, and whoever else is at it."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text

from bot.cli.data import command
from bot.clock import SystemClock
from bot.flows.handoff.letters import Joined, Post, ReferralReminded
from bot.flows.handoff.people import Chat, Role, Staff
from bot.flows.inputs import Opened, Reply
from bot.ports import Address, Inbound, Scope
from bot.services.letters import letter_rows
from bot.services.retention import Ages
from bot.services.staff import members, revoke
from bot.storage.database import transaction
from bot.storage.store import SqlStore
from bot.storage.tables import context, journal, outbox, referrals, timers
from tests.integration.chats import Chats, running_chats
from tests.integration.conftest import KEY, Clock
from tests.talks import ELIGIBLE

ANA, BO, LI, WU = (Address("test", name) for name in ("ana", "bo", "li", "wu"))
AGES = Ages(timedelta(90), timedelta(180), timedelta(365), timedelta(9_999), timedelta(9_999))


@pytest.fixture
async def chats(store: SqlStore, clock: Clock) -> AsyncIterator[Chats]:
    """They, on a store of each kind."""
    async with running_chats(store, clock) as chats:
        yield chats


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `prescreen data` on the database."""
    monkeypatch.setenv("PRESCREEN_DATABASE", database)
    monkeypatch.setenv("PRESCREEN_KEY", KEY)

    async def run(*words: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, command, list(words))

    return run


async def test_what_is_erased_beside_a_turn_under_way_is_erased_with_what_that_turn_leaves(chats: Chats) -> None:
    """No answer, no message and no timer of it is left."""
    await chats.give(ANA, Opened(locale="en"), Reply("patient"), Reply("yes"))
    now = chats.clock.now()
    async with chats.store.transaction() as turn:
        turns = await chats.turns._run(turn, [Inbound(ANA, uuid.uuid4().hex, Reply("34"))], now)
        await turn.save(turns, now)
        erasing = asyncio.create_task(_erase(chats.store, ANA, chats.clock))
        await _until_it_waits(chats.store)
    await erasing
    assert await _left(chats.store, ANA) == 0
    assert not await chats.session(ANA)
    assert not (await chats.store.verify()).faults


async def test_who_is_erased_with_the_request_that_theirs_followed_leaves_no_digest(chats: Chats) -> None:
    """Though no letter has come between the two."""
    await chats.screen(ANA, "one@example.org")
    await chats.screen(BO, "one@example.org")
    for address in (BO, ANA):
        await _erase(chats.store, address, chats.clock)
    await chats.give(WU)
    assert await chats.store.sessions_of("person") == []


async def test_who_deletes_a_request_and_another_that_it_follows_leaves_no_digest(chats: Chats) -> None:
    """A first request was rejected, a second made, and the first reopened: both go, and the contact with them."""
    await chats.join(LI, Role.COORDINATOR)
    await chats.screen(ANA, "ana@example.org")
    (first,) = await _references(chats.store, ANA)
    await chats.tap(LI, "claim", "reject", reference=first)
    await chats.give(LI, Reply("not now"))
    await chats.give(ANA, *map(Reply, ("restart", "restart", "patient", "yes")))
    await chats.ask(ANA, "ana@example.org")
    await chats.tap(LI, "undo", reference=first)
    assert len(await chats.store.sessions_of("person")) == 1
    await chats.give(ANA, Reply("delete"), Reply("delete"))
    assert await chats.store.sessions_of("person") == []


async def test_the_export_of_who_was_of_the_staff_holds_no_patient_of_theirs(chats: Chats, run: Any) -> None:
    """They screen themselves after they have left: theirs is the one referral in it."""
    await chats.join(LI, Role.STAFF)
    patient = await _hand_over(chats, "HK-012")
    (member,) = await members(chats.store)
    await revoke(chats.store, member.id, chats.clock.now())
    await chats.give(LI)
    await chats.screen(LI, "li@example.org")
    (own,) = [each for each in await _references(chats.store, LI) if each != patient]
    for word in (own, "test:li"):
        exported = json.loads((await run("export", word)).output)
        assert [each["reference"] for each in exported["referrals"]] == [own]


async def test_a_link_that_names_the_source_of_staff_makes_nobody_a_patient_of_theirs(chats: Chats, run: Any) -> None:
    """When what the referral held has been purged, too, the person's own chat is found by it, and erased."""
    await chats.join(LI, Role.COORDINATOR)
    await chats.give(ANA, Opened(locale="en", source="staff"), Reply("patient"), Reply("yes"))
    await chats.ask(ANA, "ana@example.org")
    (reference,) = await _references(chats.store, ANA)
    await chats.tap(LI, "claim", "contact", "book", "enrol", reference=reference)
    chats.clock.forward(days=181)
    await chats.give(ANA, Reply("a word of mine"))
    await chats.store.purge(AGES, chats.clock.now())
    assert json.loads((await run("export", reference)).output)["journal"]
    assert (await run("erase", reference, "--yes")).exit_code == 0
    assert await _left(chats.store, ANA) == 0
    assert not await chats.session(ANA)


async def test_what_somebody_said_as_a_candidate_goes_as_their_chat_becomes_one_of_staff(
    chats: Chats, run: Any
) -> None:
    """Their referral stays until it is erased, by its reference; their work as staff stays then."""
    await chats.screen(LI, "li@example.org")
    (own,) = await _references(chats.store, LI)
    await chats.join(LI, Role.STAFF)
    patient = await _hand_over(chats, "HK-012")
    assert not await _holding(chats, LI, "li@example.org")
    exported = json.loads((await run("export", own)).output)
    assert [each["reference"] for each in exported["referrals"]] == [own]
    assert "li@example.org" in json.dumps(exported)
    desk = await chats.session(LI)
    assert (await run("erase", own, "--yes")).exit_code == 0
    await chats.give(WU)
    assert await chats.session(LI) == desk
    assert await _holding(chats, LI, "HK-012")
    states = {each.address.chat: each.state for each in await chats.store.sessions_of("referral")}
    assert states == {own: "", patient: "requested"}
    assert "li@example.org" not in (await run("export", own)).output
    assert not (await chats.store.verify()).faults


async def test_who_joins_right_after_an_answer_leaves_no_record_of_it(chats: Chats) -> None:
    """Answered and joined in one batch: the letters that are under way to the chat come all the same."""
    await chats.give(LI, Opened(locale="en"), Reply("patient"), Reply("yes"))
    staff = Staff(id="li", name="Li", role=Role.COORDINATOR, chat=Chat("test", "li"))
    letters = (Joined(staff=staff, site="haikou"), ReferralReminded(reference="AAAA-BBB-CCC"))
    posts = [Post(staff.chat, each) for each in letters]
    await chats.store.post(letter_rows(posts, chats.clock.now()))
    joined, _ = await chats.store.due_timers(Scope(("test",)), chats.clock.now(), 9)
    batch = [Inbound(LI, "an answer", Reply("77 years and a secret")), joined]
    async with chats.store.transaction() as opened:
        await opened.save(await chats.turns._run(opened, batch, chats.clock.now()), chats.clock.now())
    assert "a secret" not in await _journal(chats, LI)
    await chats.give(WU)
    assert "reminded" in await _journal(chats, LI)
    assert not (await chats.store.verify()).faults


async def test_the_bench_forgets_whom_the_operator_erases(chats: Chats, run: Any) -> None:
    """The member is told once; the code of their other patient stays."""
    await chats.join(LI, Role.STAFF)
    first, second = [await _hand_over(chats, code) for code in ("HK-012", "HK-013")]
    for told in (1, 0):
        before = await _count(chats, LI, "bench.team.erased")
        assert (await run("erase", first, "--yes")).exit_code == 0
        chats.clock.moment = SystemClock().now()
        await chats.give(WU)
        assert await _count(chats, LI, "bench.team.erased") == before + told
    session = await chats.session(LI)
    assert not [word for word in (first, "HK-012") if word in session]
    assert json.loads(session)["bench"]["handed"] == {second: "HK-013"}


@pytest.mark.parametrize("channel", ["referral", "site", "staff", "person", "mail", "webhook"])
async def test_the_chats_by_which_the_program_works_are_no_persons(chats: Chats, run: Any, channel: str) -> None:
    """They are neither exported nor erased: whoever asks next is still announced to the coordinators."""
    await chats.join(LI, Role.COORDINATOR)
    await chats.screen(ANA, "ana@example.org")
    for each in (*(await chats.store.sessions_of(channel)), None):
        chat = f"{channel}:{each.address.chat if each else 'haikou'}"
        for words in (["export", chat], ["erase", chat, "--yes"]):
            refused = await run(*words)
            assert (refused.exit_code, "no person's chat" in refused.output) == (2, True)


# --- helpers


async def _erase(store: SqlStore, address: Address, clock: Clock) -> None:
    """Erase a chat as the operator does, and carry no letter."""
    async with store.transaction() as opened:
        await opened.erase(address, clock.now())


async def _until_it_waits(store: SqlStore) -> None:
    """Wait until a transaction waits for another one. On SQLite a second one cannot even begin."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while store._engine.dialect.name == "postgresql":
        async with transaction(store._engine) as connection:
            if (await connection.execute(waiting)).scalar_one():
                return
        await asyncio.sleep(0.01)


async def _left(store: SqlStore, address: Address) -> int:
    """How many rows there are of what was said and done in a chat, and of what is to happen there."""
    async with transaction(store._engine) as connection:
        rows = 0
        for table in (journal, outbox, timers):
            mine = (table.c.channel == address.channel, table.c.chat == address.chat)
            rows += len((await connection.execute(select(table.c.chat).where(*mine))).all())
    return rows


async def _journal(chats: Chats, address: Address) -> str:
    """What happened in a chat, as JSON."""
    async with chats.store.transaction() as opened:
        return json.dumps((await opened.export(address))["journal"])


async def _count(chats: Chats, address: Address, event: str) -> int:
    """How often something was said in a chat, by its journal."""
    return (await _journal(chats, address)).count(f'"event": "{event}"')


async def _holding(chats: Chats, address: Address, word: str) -> bool:
    """Whether the journal or the outbox of a chat has a word."""
    mine = (outbox.c.channel == address.channel, outbox.c.chat == address.chat)
    async with transaction(chats.store._engine) as connection:
        said = (await connection.execute(select(outbox.c.number, outbox.c.sealed).where(*mine))).all()
    places = [(row.sealed, context(outbox, address, row.number)) for row in said]
    texts = [chats.store._cipher.decrypt(sealed, place).decode() for sealed, place in places]
    return any(word in each for each in (await _journal(chats, address), *texts))


async def _references(store: SqlStore, address: Address) -> list[str]:
    """The referrals that came from a chat, the oldest first."""
    mine = (referrals.c.channel == address.channel, referrals.c.chat == address.chat)
    query = select(referrals.c.reference).where(*mine).order_by(referrals.c.requested_at)
    async with transaction(store._engine) as connection:
        return list((await connection.execute(query)).scalars())


async def _hand_over(chats: Chats, code: str) -> str:
    """Have the member in LI's chat pre-screen somebody and hand them over; the reference."""
    slips = [f"{question}: {answer}" for question, answer in ELIGIBLE.items() if question != "respondent"]
    before = await _references(chats.store, LI)
    await chats.give(LI, Reply(f"/new {code}"), *map(Reply, slips), Reply("/refer"))
    (reference,) = [each for each in await _references(chats.store, LI) if each not in before]
    return reference
