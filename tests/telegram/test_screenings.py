"""Whole screenings by Telegram, in every language, by polling and by webhook, killed in between."""

from __future__ import annotations

import asyncio

import pytest

from bot.speech.catalogue import languages
from tests.telegram.conftest import Start
from tests.telegram.people import People
from tests.telegram.screenings import Screening
from tests.telegram.server import TelegramServer


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_people_of_every_language_come_to_a_referral(
    server: TelegramServer, people: People, start: Start, webhook: bool
) -> None:
    """Each in their own language, all at the same time, whichever way updates come."""
    screenings = [Screening(people.meet(number, language)) for number, language in enumerate(languages(), 100)]
    async with start(webhook=webhook):
        for screening in screenings:
            screening.begin()
        await asyncio.gather(*(screening.finish() for screening in screenings))
    assert all(len(screening.asked) == len(set(screening.asked)) >= 15 for screening in screenings)
    assert server.updates == []
