"""Letters between chats on real databases: each comes once, and nothing of it stays."""

from __future__ import annotations

import asyncio
import hashlib
import re
import uuid
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

from bot.cli.data import command
from bot.clock import SystemClock
from bot.flows.handoff.codes import digest_of
from bot.flows.handoff.letters import Act, Post, Requested, Withdrawn, referral
from bot.flows.handoff.moves import HandOff
from bot.flows.handoff.people import Chat, Role, Staff
from bot.flows.handoff.persons import Requests
from bot.flows.handoff.stages import Action
from bot.flows.inputs import Joining, Reply
from bot.flows.session import Reach
from bot.ports import Address, Inbound, Scope
from bot.services.letters import letter_rows
from bot.services.retention import Ages
from bot.services.staff import invite, members, revoke
from bot.services.worklist import Viewer, Wanted
from bot.storage.database import transaction
from bot.storage.opening import open_store
from bot.storage.rekeying import rotate_key
from bot.storage.store import SqlStore
from bot.storage.tables import metadata, referral_steps, referrals, timers
from tests.integration.chats import Chats, running_chats
from tests.integration.conftest import KEY, Clock
from tests.talks import ELIGIBLE

ANA = Address("test", "ana")
LI = Address("test", "li")
WU = Address("test", "wu")
NEW = bytes(range(1, 33))


@pytest.fixture
async def chats(store: SqlStore, clock: Clock) -> AsyncIterator[Chats]:
    """They, on a store of each kind."""
    async with running_chats(store, clock) as chats:
        yield chats


async def test_an_invitation_is_listed_joined_and_revoked(chats: Chats) -> None:
    """Its code is good once; the list has it in every state, never the code."""
    code = await invite(chats.store, chats.clock.now(), role=Role.MANAGER, name="Li")
    await chats.give(LI)
    (listed,) = await members(chats.store)
    assert (listed.member.state, listed.member.name) == ("invited", "Li")
    assert code not in str(listed)
    await chats.give(LI, Joining(digest_of(code) or "", "Somebody"))
    assert (await members(chats.store))[0].member.state == "joined"
    await revoke(chats.store, listed.id[:6], chats.clock.now())
    await chats.give(LI)
    assert (await members(chats.store))[0].member.state == "revoked"


async def test_letters_leave_no_row_and_a_referral_is_on_record_once(chats: Chats) -> None:
    """Two processes that fire the same letters apply each once."""
    await chats.screen(ANA, "chat")
    (line,) = await chats.store.log_lines()
    assert (line.prescreening.verdict, line.prescreening.site, line.outcome) == (
        "likely_eligible",
        "haikou",
        "requested",
    )
    (referral,) = await chats.store.sessions_of("referral")
    assert referral.address.chat == line.prescreening.reference
    await chats.give(ANA, Reply("delete"), Reply("delete"))
    (line,) = await chats.store.log_lines()
    assert line.outcome == "withdrawn"
    assert (await chats.store.sessions_of("referral"))[0].session is None
    async with transaction(chats.store._engine) as connection:
        left = await connection.execute(select(func.count()).where(timers.c.timer.startswith("letter.")))
        assert left.scalar() == 0
        steps = (await connection.execute(select(referral_steps.c.action, referral_steps.c.stage))).all()
    assert [tuple(step) for step in steps] == [("withdraw", "withdrawn")]


async def test_a_second_request_with_the_same_contact_follows_the_first_whatever_the_key(
    chats: Chats, database: str, clock: Clock
) -> None:
    """In another chat and another spelling, also after a change of the key; when the first is deleted, the next is open."""
    await chats.screen(ANA, "Ana@example.org")
    await chats.screen(LI, "ana@EXAMPLE.org")
    assert await _outcomes(chats.store) == ["repeated", "requested"]
    assert not (await chats.store.verify()).faults
    await chats.store._engine.dispose()
    await rotate_key(database, KEY, NEW, clock.now())
    async with open_store(database, b64encode(NEW).decode(), clock.now()) as store, running_chats(store, clock) as anew:
        await anew.screen(WU, "ana@example.org")
        assert await _outcomes(store) == ["repeated", "repeated", "requested"]
        await anew.give(ANA, Reply("delete"), Reply("delete"))
        assert await _outcomes(store) == ["repeated", "requested", "withdrawn"]
        assert not (await store.verify()).faults


async def test_a_contact_is_kept_as_a_keyed_digest_and_only_while_a_request_is_open(chats: Chats) -> None:
    """No table has the address in the clear, and nothing of the digest is left once the last request is gone."""
    await chats.screen(ANA, "ana@example.org")
    await chats.screen(LI, "ana@example.org")
    (person,) = await chats.store.sessions_of("person")
    assert re.fullmatch("[0-9a-f]{64}", person.address.chat)
    assert "example" not in (person.session or "")
    assert person.address.chat != hashlib.sha256(b"4scar7u:email:ana@example.org").hexdigest()
    for address in (ANA, LI):
        await chats.give(address, Reply("delete"), Reply("delete"))
    async with transaction(chats.store._engine) as connection:
        for table in metadata.sorted_tables:
            if "channel" in table.c:
                rows = (await connection.execute(select(table).where(table.c.channel == "person"))).all()
                assert not rows, table.name
    assert not (await chats.store.verify()).faults


async def test_a_repeat_is_on_record_with_the_first_and_in_no_export(chats: Chats) -> None:
    """What the operator hands to the person of the second conversation says nothing of the first."""
    await chats.screen(ANA, "ana@example.org")
    await chats.screen(LI, "ana@example.org")
    async with chats.store.transaction() as open_transaction:
        exports = [await open_transaction.export(address) for address in (ANA, LI)]
    first, second = (each["referrals"][0] for each in exports)
    async with transaction(chats.store._engine) as connection:
        named = await connection.execute(select(referrals.c.reference, referrals.c.first))
        assert set(map(tuple, named)) == {(first["reference"], None), (second["reference"], first["reference"])}
    assert first["state"] == second["state"] == "requested"
    assert first["reference"] not in str(exports[1])
    listed = await chats.store.worklist.listing(Viewer("li", Role.MANAGER, None), Wanted(), chats.clock.now())
    assert [each.reference for each in listed.lines] == [first["reference"]]
    assert listed.counts["open"] == listed.counts["new"] == 1


async def test_of_two_who_ask_at_once_with_one_contact_one_is_open(chats: Chats) -> None:
    """Their letters wait in the one queue of the person: the first wins, and the record knows of both."""
    await asyncio.gather(chats.screen(ANA, "ana@example.org"), chats.screen(LI, "ana@example.org"))
    assert await _outcomes(chats.store) == ["repeated", "requested"]
    async with transaction(chats.store._engine) as connection:
        steps = (await connection.execute(select(referral_steps.c.action, referral_steps.c.stage))).all()
    assert sorted(map(tuple, steps)) == [("ask", "requested"), ("repeat", "repeated")]


async def test_who_asks_and_deletes_at_once_leaves_nothing(chats: Chats) -> None:
    """Whatever was under way between the chats comes too late, and nobody is held."""
    await chats.screen(ANA, "ana@example.org", at_once=True)
    assert await _outcomes(chats.store) == ["withdrawn"]
    assert not [each for each in await chats.store.sessions_of("referral") if each.session]
    assert not await chats.store.sessions_of("person")
    assert not (await chats.store.verify()).faults


async def test_a_deletion_empties_every_referral_of_the_conversation_and_the_site_hears_of_each(chats: Chats) -> None:
    """The one that has ended, too, at once: nothing of the person is in it, on its record, or in what the site has."""
    await chats.join(LI, Role.COORDINATOR)
    await chats.screen(ANA, "ana@example.org")
    (first,) = [each.address.chat for each in await chats.store.sessions_of("referral")]
    await chats.tap(LI, "claim", "reject", reference=first)
    await chats.give(LI, Reply("a secret reason"))
    await chats.give(ANA, *map(Reply, ("restart", "restart", "patient", "yes")))
    await chats.ask(ANA, "ana@example.org")
    (second,) = {each.address.chat for each in await chats.store.sessions_of("referral")} - {first}
    assert await _outcomes(chats.store) == ["not_suitable", "requested"]
    heard = len(await _said(chats, LI))
    await chats.give(ANA, Reply("delete"), Reply("delete"))
    assert [each.session for each in await chats.store.sessions_of("referral")] == [None, None]
    assert await _outcomes(chats.store) == ["withdrawn", "withdrawn"]
    assert not [each for each in await chats.store.sessions_of("person") if each.session]
    told = (await _said(chats, LI))[heard:]
    assert {each["reference"] for each in told if each["event"] == "card_shown"} == {first, second}
    assert {each["stage"] for each in told if each["event"] == "card_shown"} == {"withdrawn"}
    assert {each["reference"] for each in told if each["event"] == "contact_hidden"} == {first}
    async with transaction(chats.store._engine) as connection:
        for table in (referrals, referral_steps):
            assert set((await connection.execute(select(table.c.sealed))).scalars()) == {None}
    assert not (await chats.store.verify()).faults


async def test_a_member_who_leaves_takes_no_candidate_along(chats: Chats) -> None:
    """Whom they handed over from their bench stays with the coordinators, whatever becomes of their own chat from then on."""
    await chats.join(LI, Role.STAFF)
    slips = [f"{question}: {answer}" for question, answer in ELIGIBLE.items() if question != "respondent"]
    await chats.give(LI, Reply("/new HK-012"), *map(Reply, slips), Reply("/refer"))
    (referral,) = await chats.store.sessions_of("referral")
    (member,) = await members(chats.store)
    await revoke(chats.store, member.id, chats.clock.now())
    await chats.give(LI)
    assert await chats.session(LI) == ""
    assert await _outcomes(chats.store) == ["requested"]
    await chats.screen(LI, "li@example.org")
    await chats.give(LI, Reply("delete"), Reply("delete"))
    assert await _outcomes(chats.store) == ["requested", "withdrawn"]
    assert (await chats.store.sessions_of("referral"))[0] == referral
    async with chats.store.transaction() as opened:
        own = (await opened.export(LI))["referrals"]
        patients = (await opened.export_referral(referral.address.chat))["referrals"]
    assert [bool(each["details"]) for each in (*own, *patients)] == [False, True]


async def test_what_staff_note_as_the_person_deletes_goes_with_the_rest(chats: Chats) -> None:
    """The note comes after the deletion, and before the referral hears of it."""
    await chats.join(LI, Role.COORDINATOR)
    await chats.screen(ANA, "ana@example.org")
    (asked,) = await chats.store.sessions_of("referral")
    await chats.tap(LI, "claim", reference=asked.address.chat)
    staff = HandOff.model_validate_json((await chats.store.sessions_of("referral"))[0].session or "").holder
    assert staff is not None
    note = Post(referral(asked.address.chat), Act(action=Action.NOTE, by=staff, detail="a secret note"))
    await chats.turns.take(Inbound(ANA, uuid.uuid4().hex, Reply("delete")))
    await chats.store.post(letter_rows([note], chats.clock.now()))
    await chats.give(ANA, Reply("delete"))
    async with transaction(chats.store._engine) as connection:
        steps = (await connection.execute(select(referral_steps.c.action, referral_steps.c.sealed))).all()
    assert [step.action for step in steps] == ["claim", "look", "note", "withdraw"]
    assert [step.sealed for step in steps] == [None] * 4


async def test_what_a_withdrawal_leads_to_outlives_what_comes_right_after_it(chats: Chats) -> None:
    """A coordinator who taps as the person deletes comes too late; the second request becomes the open one all the same."""
    await chats.screen(ANA, "ana@example.org")
    await chats.screen(LI, "ana@example.org")
    (person,) = await chats.store.sessions_of("person")
    first, second = (each.address.chat for each in await chats.store.sessions_of("referral"))
    li = Staff(id="li", name="Li", role=Role.COORDINATOR, chat=Chat("test", "wu"))
    posts = [Post(referral(first), each) for each in (Withdrawn(), Act(action=Action.CLAIM, by=li))]
    await chats.store.post(letter_rows(posts, chats.clock.now()))
    await chats.give(WU)
    (after,) = await chats.store.sessions_of("person")
    assert after.address == person.address
    assert after.session == Requests(first=second).model_dump_json()


async def test_who_is_erased_by_the_operator_leaves_the_referral_empty_and_the_next_open(chats: Chats) -> None:
    """As if the person had said so: no answer and no contact stays, and whoever asked after them is seen."""
    await chats.screen(ANA, "ana@example.org")
    await chats.screen(LI, "ana@example.org")
    async with chats.store.transaction() as opened:
        await opened.erase(ANA, chats.clock.now())
    await chats.give(LI)
    first, second = await chats.store.sessions_of("referral")
    assert (first.session, first.state, second.state) == (None, "", "requested")
    assert await _outcomes(chats.store) == ["requested", "withdrawn"]
    (person,) = await chats.store.sessions_of("person")
    assert person.session == Requests(first=second.address.chat).model_dump_json()
    assert not (await chats.store.verify()).faults


async def test_the_command_that_erases_needs_no_bot_beside_it(
    chats: Chats, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it returns, nothing of the person is in a referral or under way to one, and the next one is open."""
    await chats.screen(ANA, "ana@example.org")
    await chats.screen(LI, "ana@example.org")
    monkeypatch.setenv("PRESCREEN_DATABASE", database)
    monkeypatch.setenv("PRESCREEN_KEY", KEY)
    done = await asyncio.to_thread(CliRunner().invoke, command, ["erase", "test:ana", "--yes"])
    assert done.exit_code == 0, done.output
    first, second = await chats.store.sessions_of("referral")
    assert (first.session, second.state) == (None, "requested")
    assert not await chats.store.due_timers(Scope(("referral", "person")), SystemClock().now(), 1)


@pytest.mark.parametrize("revoked", [False, True])
async def test_a_patient_of_staff_is_exported_and_erased_alone(
    chats: Chats, database: str, monkeypatch: pytest.MonkeyPatch, *, revoked: bool
) -> None:
    """By the reference; the member who handed them over, their bench and their other patients stay as they are."""
    monkeypatch.setenv("PRESCREEN_DATABASE", database)
    monkeypatch.setenv("PRESCREEN_KEY", KEY)
    await chats.join(LI, Role.STAFF)
    slips = [f"{question}: {answer}" for question, answer in ELIGIBLE.items() if question != "respondent"]
    for code in ("HK-012", "HK-013"):
        await chats.give(LI, Reply(f"/new {code}"), *map(Reply, slips), Reply("/refer"))
    if revoked:
        (member,) = await members(chats.store)
        await revoke(chats.store, member.id, chats.clock.now())
        await chats.give(LI)
    first, second = await chats.store.sessions_of("referral")
    desk = await chats.session(LI)
    exported = await asyncio.to_thread(CliRunner().invoke, command, ["export", first.address.chat])
    assert first.address.chat in exported.output
    assert "HK-012" in exported.output
    assert not [word for word in (second.address.chat, "HK-013", '"li"') if word in exported.output]
    for _ in range(2):  # once more, for nothing of the person tells now whose it was
        erased = await asyncio.to_thread(CliRunner().invoke, command, ["erase", first.address.chat, "--yes"])
        assert erased.exit_code == 0, erased.output
    assert await _outcomes(chats.store) == ["requested", "withdrawn"]
    assert [each.session for each in await chats.store.sessions_of("referral")] == [None, second.session]
    assert await chats.session(LI) == desk
    if not revoked:
        refused = await asyncio.to_thread(CliRunner().invoke, command, ["erase", "test:li", "--yes"])
        assert refused.exit_code == 2
        assert "staff revoke" in refused.output


async def test_a_purge_empties_what_is_withdrawn_on_record_alone(chats: Chats) -> None:
    """Whatever its age; those that followed it go on, and the next purge finds nothing."""
    await chats.screen(ANA, "ana@example.org")
    await chats.screen(LI, "ana@example.org")
    first, _ = await chats.store.sessions_of("referral")
    withdrawn = (
        update(referrals).where(referrals.c.reference == first.address.chat).values(state="withdrawn", sealed=None)
    )
    async with transaction(chats.store._engine) as connection:
        await connection.execute(withdrawn)
    ages = Ages(*[timedelta(days=1)] * 5)
    for found in (1, 0):
        assert (await chats.store.purge(ages, chats.clock.now()))["referrals"] == found
        await chats.give(WU)
    first, second = await chats.store.sessions_of("referral")
    assert (first.session, second.state) == (None, "requested")
    assert not (await chats.store.verify()).faults


async def test_who_changes_the_contact_and_deletes_at_once_holds_nobody(chats: Chats) -> None:
    """The referral leaves both contacts, though it is gone before a letter was sent."""
    await chats.screen(ANA, "ana@example.org")
    await chats.screen(LI, "ana@example.org")
    first, second = await chats.store.sessions_of("referral")
    before = HandOff.model_validate_json(first.session or "")
    moved = before.person.model_copy(update={"reach": Reach(kind="email", detail="other@example.org")})
    posts = [
        Post(referral(first.address.chat), each) for each in (Requested(card=before.card, person=moved), Withdrawn())
    ]
    await chats.store.post(letter_rows(posts, chats.clock.now()))
    await chats.give(WU)
    first, after = await chats.store.sessions_of("referral")
    assert (first.session, after.state) == (None, "requested")
    (person,) = await chats.store.sessions_of("person")
    assert person.session == Requests(first=second.address.chat).model_dump_json()
    assert not (await chats.store.verify()).faults


async def _outcomes(store: SqlStore) -> list[str]:
    """How the referrals stand."""
    return sorted(line.outcome for line in await store.log_lines() if line.outcome)


async def _said(chats: Chats, address: Address) -> list[dict[str, Any]]:
    """The events of what was said in a chat, in order."""
    async with chats.store.transaction() as opened:
        journal = (await opened.export(address))["journal"]
    return [event for entry in journal for event in entry["events"]]
