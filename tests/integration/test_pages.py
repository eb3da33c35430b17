"""What is sent to the pages by hand, on every database: characters that no database keeps, and links that people follow."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.flows.handoff.people import Role
from bot.services.retention import Ages, purge_all
from tests.integration.pages import ORIGIN, Pages, served

NUL, BELL = "%00", "%07"


@pytest.fixture
async def pages(database: str) -> AsyncIterator[Pages]:
    """The pages, on each database in turn."""
    async with served(database) as pages:
        yield pages


@pytest.mark.parametrize("sign", [NUL, BELL, "%0A", "%7F"])
async def test_an_address_with_a_control_character_is_refused(pages: Pages, sign: str) -> None:
    """In a path or a query, at the desk and in the web chat: it is no fault of the program on any database."""
    member = await pages.member(Role.COORDINATOR, "Li", "haikou")
    bench = await pages.member(Role.STAFF, "Ma", "haikou")
    pages_of_theirs = [
        (member.client, f"/desk/referral/{sign}"),
        (member.client, f"/desk/referral/7KQ2{sign}-M9XF-3C"),
        (member.client, f"/desk/inbox?site={sign}"),
        (member.client, f"/desk/inbox?tab=open{sign}"),
        (member.client, f"/desk/log?site=haikou{sign}"),
        (member.client, f"/desk/log/figure/flow?verdict={sign}"),
        (member.client, f"/desk/log/file/csv{sign}"),
        (bench.client, f"/desk/bench/1{sign}"),
        (pages.visitor(), f"/desk/sign-in?{sign}=1"),
        (pages.visitor(), f"/t/4scar7u{sign}"),
        (pages.visitor(), f"/t/4scar7u?source=a{sign}"),
        (pages.visitor(), f"/t/4scar7u/chat?lang={sign}"),
        (pages.visitor(), f"/static/x/{sign}"),
    ]
    answers = {path: (await client.get(path)).status_code for client, path in pages_of_theirs}
    assert {path: status for path, status in answers.items() if status not in (400, 404)} == {}


async def test_a_form_with_a_nul_is_refused(pages: Pages) -> None:
    """Whatever field it is in; nothing of it is kept."""
    reference = await pages.referred("haikou")
    member = await pages.member(Role.COORDINATOR, "Li", "haikou")
    ada = await pages.member(Role.ADMINISTRATOR, "Ada")
    ma = await pages.member(Role.STAFF, "Ma", "haikou")
    await member.step(reference, "claim")
    nonce = {"message": str(uuid.uuid4())}
    forms = [
        (member, f"/desk/referral/{reference}/step", {**nonce, "action": "note", "text": "a\0b"}),
        (member, f"/desk/referral/{reference}/step", {**nonce, "action": "reject", "code": "\0", "text": ""}),
        (member, f"/desk/referral/{reference}/step", {"action": "contact", "message": "\0" * 36}),
        (member, f"/desk/referral/{reference}/message", {**nonce, "text": "\0"}),
        (member, "/desk/language", {"locale": "en\0"}),
        (ada, "/desk/people/invite", {"role": "manager", "name": "N\0", "site": ""}),
        (ada, "/desk/people/invite", {"role": "manager", "name": "N", "site": "haikou\0"}),
        (ada, "/desk/people/revoke", {"member": "\0"}),
        (ma, "/desk/bench/new", {**nonce, "code": "HK-\0012"}),
        (ma, "/desk/bench/1/fill", {**nonce, "text": "age\0 34", "q.cd7": "yes\0"}),
    ]
    answers = {(path, *form): (await who.post(path, **form)).status_code for who, path, form in forms}
    assert {form: status for form, status in answers.items() if status not in (400, 404)} == {}
    assert "a\0b" not in await member.get(f"/desk/referral/{reference}")
    visitor = pages.visitor()
    for path in ("/desk/sign-in", "/t/4scar7u/code"):
        assert (await visitor.post(path, data={"code": "a\0"})).status_code == 400
    assert (await visitor.post("/t/4scar7u/start", data={"lang": "en", "source": "a\0"})).status_code == 400


async def test_a_message_with_a_nul_is_refused_and_others_are_taken(pages: Pages) -> None:
    """In the web chat, by a form or by the script; what else is copied out of a file comes through."""
    visitor = pages.visitor()
    await visitor.post("/t/4scar7u/start", data={"lang": "en"})
    say = "/t/4scar7u/chat/say"
    for text, form_status, script_status in (("a\0b", 400, 400), ("age\x02 34\x0c", 303, 202)):
        said = {"id": str(uuid.uuid4()), "kind": "text", "text": text}
        assert (await visitor.post(say, json=said)).status_code == script_status
        form = {"message": str(uuid.uuid4()), "text": text}
        assert (await visitor.post(say, data=form)).status_code == form_status
    lone = json.dumps({"id": str(uuid.uuid4()), "kind": "text", "text": "\ud800"})
    sent = await visitor.post(say, content=lone, headers={"Content-Type": "application/json"})
    assert sent.status_code == 400


@pytest.mark.parametrize("web_url", [None, "https://clinic.example/prescreen/"])
async def test_links_lead_to_where_people_reach_the_pages(tmp_path: Path, web_url: str | None) -> None:
    """As the setting says, or as whoever invites has reached them; and where there is no Telegram nobody is sent there."""
    async with served(str(tmp_path / "prescreen.db"), web_url=web_url) as pages:
        ada = await pages.member(Role.ADMINISTRATOR, "Ada")
        invited = (await ada.post("/desk/people/invite", role="staff", name="Ma", site="haikou")).text
        member = re.search(r'name="member" value="([0-9a-f]{16})"', await ada.get("/desk/people"))
        assert member is not None
        anew = (await ada.post("/desk/people/link", member=member[1])).text
    reached = (web_url or ORIGIN).rstrip("/")
    assert f"<code>{reached}/desk/sign-in#" in invited
    assert f"<code>{reached}/desk/sign-in#" in anew
    assert "/join" not in invited


async def test_a_candidate_parked_for_a_month_is_purged_from_the_bench(pages: Pages) -> None:
    """A dry run counts them alone; then the bench is empty, and says what became of them."""
    ma = await pages.member(Role.STAFF, "Ma", "haikou")
    await ma.post("/desk/bench/new", code="HK-012", message=str(uuid.uuid4()))
    store, take = pages.services.store, pages.services.turns.take
    ages = Ages(*[timedelta(days=30)] * 5)
    for days, dry_run, count, shown in ((29, False, 0, True), (31, True, 1, True), (31, False, 1, False)):
        now = pages.services.clock.now() + timedelta(days=days)
        counts = await purge_all(store, take, ages, now, dry_run=dry_run)
        assert counts["candidates on a bench"] == count
        assert ('href="/desk/bench/1"' in await ma.get("/desk/bench")) is shown
    assert "HK-012 is deleted from your bench" in await ma.get("/desk/bench")
