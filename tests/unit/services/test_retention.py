"""The daily round: a bench is tidied where there is something to tidy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from bot.flows.handoff.desk import Desk
from bot.flows.handoff.moves import Rules
from bot.flows.inputs import BenchTidied
from bot.library.sites import read_sites
from bot.ports import Address, Inbound
from bot.services.handoff import HandOffs
from bot.services.retention import Ages, purge_all
from tests.post_office import PostOffice
from tests.talks import NOW, conversations

DAY = dt.timedelta(days=1)
AGES = Ages(DAY, DAY, DAY, DAY, DAY)
BUSY, IDLE = Address("telegram", "1"), Address("telegram", "2")


class Kept:
    """Two benches: on one of them a candidate is parked."""

    async def purge(self, ages: Ages, now: dt.datetime, *, dry_run: bool = False) -> Mapping[str, int]:
        """Nothing else is old."""
        del ages, now, dry_run
        return {}

    async def parked(self, before: dt.datetime) -> Mapping[Address, int]:
        """The benches."""
        assert before == NOW - DAY
        return {BUSY: 0, IDLE: 2}


async def test_a_bench_with_nothing_to_tidy_hears_of_no_round() -> None:
    """Only the other one is told; both are counted."""
    taken: list[Inbound] = []

    async def take(inbound: Inbound) -> None:
        taken.append(inbound)

    assert await purge_all(Kept(), take, AGES, NOW) == {"candidates on a bench": 2}
    assert [each.address for each in taken] == [IDLE]
    assert isinstance(taken[0].input, BenchTidied)


def test_a_purge_that_knows_no_sites_leaves_their_chats_as_they_are() -> None:
    """The chat is staff by the site file alone, and the command may run without it."""
    office = PostOffice()
    contact = office.join("900", "Li")
    desk = Desk.model_validate_json(office.sessions[contact] or "").model_copy(update={"joined": False})
    stored = desk.model_dump_json()
    book, issues = read_sites("spec_version: 1\nsites:\n  - {id: x, name: X, city: X, timezone: UTC}\n", "s.yaml", [])
    assert book is not None, issues
    tidied = HandOffs(conversations(), Rules(book)).talk(stored, contact, BenchTidied(NOW - DAY), NOW)
    assert tidied.session == stored
