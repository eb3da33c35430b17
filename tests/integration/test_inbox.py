"""The inbox and the log on every database: what waits first, in its tab, and as many statements for fifty as for one."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from bot.flows.handoff.people import Role
from bot.services.logbook import COLUMNS
from bot.services.worklist import NotForYou, Viewer, Wanted, Worklist
from bot.storage.opening import open_store
from bot.storage.tables import referrals
from tests.integration.conftest import KEY
from tests.integration.pages import Member, Pages, served
from tests.talks import ELIGIBLE


@pytest.fixture
async def pages(database: str) -> AsyncIterator[Pages]:
    """The pages, on each database in turn."""
    async with served(database) as pages:
        yield pages


async def three_at_work(pages: Pages) -> tuple[Member, list[str]]:
    """A coordinator of a site with three referrals: claimed, waiting for three hours, and new."""
    member = await pages.member(Role.COORDINATOR, "Lin", "beijing")
    claimed, late, new = [await pages.referred("beijing") for _ in range(3)]
    await member.step(claimed, "claim")
    early = {"requested_at": pages.services.clock.now() - timedelta(hours=3)}
    async with pages.services.store._engine.begin() as connection:
        await connection.execute(update(referrals).where(referrals.c.reference == late).values(early))
    return member, [claimed, late, new]


async def test_what_waits_longest_stands_first_in_its_tab(pages: Pages) -> None:
    """Then what came last, and what somebody has already; the tabs count, and a manager narrows down to a site."""
    member, (claimed, late, new) = await three_at_work(pages)
    assert await member.lists() == [late, new, claimed]
    tabs = {"new": [late, new], "late": [late], "mine": [claimed], "ended": []}
    assert {tab: await member.lists(f"?tab={tab}") for tab in tabs} == tabs
    assert await member.lists("?stage=received") == [claimed]
    assert await member.lists("?verdict=not_eligible") == []
    page = await member.get("/desk/inbox?tab=ended")
    counts = dict(re.findall(r"tab=(\w+)[^>]*>[^<]*<b>(\d+)</b>", page))
    assert counts == {"open": "3", "new": "2", "late": "1", "mine": "1", "ended": "0"}
    assert "3 hours ago" in await member.get("/desk/inbox?tab=late")
    manager = await pages.member(Role.MANAGER, "Overview")
    assert await manager.lists("?site=beijing") == [late, new, claimed]
    assert await manager.lists("?site=haikou") == []


async def test_a_page_is_a_fixed_number_of_statements(pages: Pages, database: str) -> None:
    """Three, however many referrals there are; and no role but those who work with referrals gets as far."""
    await three_at_work(pages)
    statements: list[str] = []
    now = pages.services.clock.now()
    async with open_store(database, KEY, now) as store:
        event.listen(store._engine.sync_engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
        worklist = Worklist(store.worklist, store.audit)
        listing = await worklist.listing(Viewer("m", Role.COORDINATOR, "beijing"), Wanted(), now)
    assert len(listing.lines) == 3
    assert len([each for each in statements if each.startswith("SELECT")]) == 3
    for role in (Role.STAFF, Role.ADMINISTRATOR):
        with pytest.raises(NotForYou):
            await worklist.listing(Viewer("m", role, None), Wanted(), now)


async def test_the_log_and_its_files_show_the_same_lines(pages: Pages) -> None:
    """What a filter leaves on the page it leaves in the files and figures, and what does not exist is refused."""
    await pages.referred("haikou")
    await pages.referred("beijing")
    member = await pages.member(Role.COORDINATOR, "Log", "haikou")
    (line,) = json.loads(await member.get("/desk/log/file/json"))
    assert line["site"] == "haikou"
    assert line["id"] in await member.get("/desk/log")
    assert json.loads(await member.get("/desk/log/file/json?verdict=not_eligible")) == []
    assert (await member.get("/desk/log/file/csv")).splitlines()[0] == ",".join(COLUMNS)
    assert (await member.client.get("/desk/log/file/xlsx")).content.startswith(b"PK")
    assert "<svg" in await member.get("/desk/log/figure/flow")
    for path in ("/desk/log?since=yesterday", "/desk/log?verdict=cured"):
        assert (await member.client.get(path)).status_code == 400
    assert (await member.client.get("/desk/log/file/exe")).status_code == 404


async def test_a_reference_read_out_on_the_phone_leads_to_its_card(pages: Pages) -> None:
    """However it is typed; at another site there is no such referral, and what is no reference finds nothing."""
    reference = await pages.referred("haikou")
    here, there = [await pages.member(Role.COORDINATOR, site, site) for site in ("haikou", "beijing")]
    for said in (reference, reference.lower().replace("-", " "), f" {reference.replace('-', '')} "):
        found = await here.post("/desk/inbox/find", said=said)
        assert found.headers["location"] == f"/desk/referral/{reference}"
    for member, said in (
        (there, reference),
        (here, "7KQ2-M9X-F3C"),
        (here, "Ana Example"),
        (here, "%"),
        (here, "1" * 10),
    ):
        assert "No referral here has that" in (await member.post("/desk/inbox/find", said=said)).text


async def test_a_patient_s_code_leads_to_their_referral_and_that_is_on_record(pages: Pages) -> None:
    """Those whom staff handed over are known to the site by it; where two have the same, both are listed."""
    ma = await pages.member(Role.STAFF, "Ma", "haikou")
    for number in ("1", "2"):
        await hand_over(ma, number)
        li = await pages.member(Role.COORDINATOR, f"Li {number}", "haikou")
        (newest, *older) = (await li.lists("?tab=new"))[::-1]
        found = await li.post("/desk/inbox/find", said="hk-012")
        if older:
            assert re.findall(r'href="/desk/referral/([0-9A-Z-]+)"', found.text) == [newest, *older]
        else:
            assert found.headers["location"] == f"/desk/referral/{newest}"
    lines = [line.what for line in await pages.services.store.audit.lines(100)]
    assert lines.count("found_by_code") == 3
    wu = await pages.member(Role.COORDINATOR, "Wu", "beijing")
    assert "No referral here has that" in (await wu.post("/desk/inbox/find", said="HK-012")).text


async def hand_over(ma: Member, number: str) -> None:
    """A member of staff pre-screens a patient so that nothing speaks against it, and hands them over."""
    await ma.post("/desk/bench/new", code="HK-012", message=str(uuid.uuid4()))
    page = await ma.get(f"/desk/bench/{number}")
    taps = {f"q.{name}": "no" for name in re.findall(r'name="q\.(\w+)" value="no"', page)}
    hoped = {f"q.{name}": "yes" for name in ("cd7", "other_antigens", "life_expectancy", "consent")}
    typed = {f"q.{name}": reply for name, reply in ELIGIBLE.items() if f"q.{name}" not in taps}
    await ma.post(f"/desk/bench/{number}/fill", message=str(uuid.uuid4()), **typed | taps | hoped)
    gone = await ma.post(f"/desk/bench/{number}/tap", message=str(uuid.uuid4()), tap="refer")
    assert "HK-012" not in re.findall(r"<h1>(.*?)</h1>", await ma.get(gone.headers["location"]))
