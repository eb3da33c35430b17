"""Whole screenings by Telegram, in every language, by polling and by webhook, killed in between."""

from __future__ import annotations

import asyncio
import signal

import pytest

from bot.speech.catalogue import languages
from tests.telegram.conftest import Serving, Start
from tests.telegram.people import People
from tests.telegram.screenings import Screening
from tests.telegram.server import TelegramServer

QUESTIONS = 18
REVIEW = {
    "Who is answering": "I am the patient",
    "Age": "34 years",
    "Sex": "Male",
    "Earlier gene therapy": "No",
    "HIV": "No",
    "Hepatitis C": "No",
    "CD7 on the cancer cells": "Yes",
    "Karnofsky score (KPS)": "90",
    "Uncontrolled infection": "No",
    "Steroids in the last 7 days": "No",
    "Informed consent": "Yes",
    "Heart pumping (LVEF)": "60 %",
    "Oxygen saturation (SpO2)": "98 %",
    "Hemoglobin": "110 g/L",
    "Total bilirubin": "0.8 mg/dL",
    "Creatinine": "70 µmol/L",
    "AST": "30 U/L",
    "ALT": "30 U/L",
}
MOMENTS = ("before_commit", "after_commit", "before_send", "after_send", "before_mark", "after_mark")


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
    assert all(len(screening.asked) == len(set(screening.asked)) == QUESTIONS for screening in screenings)
    assert server.updates == []


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_killed_at_every_moment_nothing_is_lost_or_applied_twice(
    people: People, serving: Serving, webhook: bool
) -> None:
    """Each process lives for a few turns; the answers are those of a screening that nothing interrupted."""
    if webhook:
        serving.settings["PRESCREEN_TELEGRAM_WEBHOOK"] = f"http://{serving.settings['PRESCREEN_WEB']}/hooks/telegram"
    screenings = [Screening(people.meet(number, language)) for number, language in enumerate(languages(), 7)]
    for screening in screenings:
        screening.begin(f"l_{screening.person.language}-4scar7u")
    ending = asyncio.gather(*(screening.finish() for screening in screenings))
    for moment in MOMENTS:
        await serving.start(failpoint=f"{moment}:2")
        assert await serving.wait() == -signal.SIGKILL
    await serving.start()
    await ending
    assert await serving.stop() == 0
    assert people.server.updates == []
    assert all(len(screening.asked) == len(set(screening.asked)) == QUESTIONS for screening in screenings)
    _is_whole(screenings[languages().index("en")])


def _is_whole(screening: Screening) -> None:
    """The review has every answer as it was given."""
    review = next(each["text"] for each in screening.person.inbox if each["text"].startswith("These are your answers"))
    shown = dict(line.split(": ", 1) for line in review.splitlines()[1:])
    assert shown == REVIEW
