"""A candidate in the web chat and a coordinator in Telegram, with the program in a process of its own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import httpx
import pytest

from tests.desk.candidates import Candidate
from tests.telegram.conftest import Serving
from tests.telegram.people import People, Person
from tests.telegram.server import Json
from tests.telegram.test_handoff import press

PATIENCE = 20.0  # seconds
SITES = """spec_version: 1
sites:
  - id: shenzhen
    name: Shenzhen
    city: Shenzhen
    timezone: Asia/Shanghai
    contacts: {{telegram: ["{coordinator}"]}}
    trials: {{4scar7u: {intake}}}
"""


@dataclass
class Visitor(Candidate):
    """A candidate who remembers every choice that they were ever offered."""

    offered: set[str] = field(default_factory=set)

    def say(self, form: str = "", **said: str) -> None:
        """Send the form that is shown now."""
        self.offered.update(re.findall(r'name="choice" value="([^"]+)"', form))
        super().say(form, **said)

    async def refers(self, site: str) -> None:
        """Answer everything, and ask that site to be contacted, if it is there to be asked."""
        await asyncio.to_thread(self.refer, site)

    async def writes(self, text: str) -> None:
        """Write to the study team."""
        await asyncio.to_thread(partial(self.say, text=text))

    async def reads(self, text: str) -> bool:
        """Whether something is said in the conversation, or soon will be."""
        return await asyncio.to_thread(self.hears, text)


@dataclass
class Clinic:
    """The program, with one site whose coordinator is in Telegram. `visitors`: their clients, to be closed."""

    serving: Serving
    coordinator: Person
    clients: list[httpx.Client] = field(default_factory=list)

    async def open(self, intake: str = "open") -> None:
        """Start the program; the site takes candidates, or not."""
        sites = self.serving.folder / "sites.yaml"
        sites.write_text(SITES.format(coordinator=self.coordinator.id, intake=intake), encoding="utf-8")
        self.serving.settings["PRESCREEN_SITES"] = str(sites)
        await self.serving.start()
        async with httpx.AsyncClient() as client, asyncio.timeout(PATIENCE):
            while not await self._answers(client):
                await asyncio.sleep(0.02)

    async def close(self) -> None:
        """Stop the program, and leave."""
        assert await self.serving.stop() == 0

    def visitor(self) -> Visitor:
        """Somebody new in the web chat."""
        client = httpx.Client(base_url=self._address, headers={"Origin": self._address}, timeout=PATIENCE)
        self.clients.append(client)
        return Visitor(client)

    @property
    def _address(self) -> str:
        return f"http://{self.serving.settings['PRESCREEN_WEB']}"

    async def _answers(self, client: httpx.AsyncClient) -> bool:
        try:
            return (await client.get(f"{self._address}/t/4scar7u")).is_success
        except httpx.TransportError:
            return False


@pytest.fixture
def clinic(serving: Serving, people: People) -> Iterator[Clinic]:
    """The program, not yet started."""
    clinic = Clinic(serving, people.meet(501))
    yield clinic
    for client in clinic.clients:
        client.close()


async def write(coordinator: Person, card: Json, text: str) -> None:
    """Write to the person of a card, by its button."""
    heard = len(coordinator.inbox)
    await press(coordinator, card, "write")
    await coordinator.hears("Whatever you write now", heard)
    coordinator.type(text)
    await coordinator.hears("Sent (", heard)


async def test_a_candidate_on_the_web_and_a_coordinator_in_telegram_write_to_each_other(clinic: Clinic) -> None:
    """Each stays where they are; what is written comes as it was typed."""
    li, ana = clinic.coordinator, clinic.visitor()
    await clinic.open()
    await ana.refers("shenzhen")
    card = await li.hears("Referral ")
    await press(li, card, "claim")
    assert await ana.reads("somebody in the study team has your request")
    await write(li, card, "Can we talk tomorrow? <b>& why</b>")
    assert await ana.reads("Can we talk tomorrow? <b>& why</b>")
    await ana.writes("Yes, at noon")
    await li.hears("Yes, at noon")
    assert await ana.reads("Sent to the study team")
    await clinic.close()


async def test_a_site_that_pauses_is_offered_no_more_and_ends_what_is_open(clinic: Clinic) -> None:
    """Who asks later goes elsewhere; who had asked before is still looked after, there."""
    li, ana, ben = clinic.coordinator, clinic.visitor(), clinic.visitor()
    await clinic.open()
    await ana.refers("shenzhen")
    card = await li.hears("Referral ")
    assert "shenzhen" in ana.offered
    await clinic.close()

    await clinic.open("paused")
    heard = len(li.inbox)
    await ben.refers("shenzhen")
    assert {"haikou", "beijing"} <= ben.offered
    assert "shenzhen" not in ben.offered
    await press(li, card, "claim")
    await write(li, card, "We are still here for you")
    assert await ana.reads("We are still here for you")
    await press(li, card, "reject")
    await li.hears("Why not suitable?")
    li.type("moved away")
    assert await ana.reads("has finished with your request")
    assert not any("nobody has it yet" in each["text"] for each in li.inbox[heard:])
    await clinic.close()
