"""A candidate's screen fits where it is shown: one message, a hundred buttons, and what a button may carry."""

from __future__ import annotations

import pytest

from bot.channels.telegram.data import MOST_BYTES
from bot.channels.telegram.rendering import render
from bot.channels.telegram.texts import LONGEST, length
from bot.flows.bench.case import Bench
from bot.flows.bench.commands import take
from bot.flows.bench.shown import BenchShown
from bot.flows.bench.work import Subject, Work
from bot.flows.inputs import Reply
from bot.speech.bench import BenchTeller
from bot.speech.catalogue import Catalogue, languages
from bot.speech.labels import question_names
from tests.talks import NOW, about

MOST_BUTTONS = 100
"""Under one message, by the Bot API."""
UNHAPPY = """age 3 months; female; hiv, hcv, gene therapy, pregnancy, infection, steroid: yes
cd7, other antigens, life expectancy, consent: no; cell separation, severe illness, compliance: yes
kps 40, spo2 80, lvef 30, creatinine 900 umol/L (57-97), AST 900 U/L (15-40), ALT 900 U/L (9-50), bilirubin 200 umol/L, Hb 40 g/L"""
DOUBTFUL = "bilirubin 2, creatinine 8, Hb 9.2 or 9.8 g/dL, AST 150 U/L, ALT 130 U/L, cd7 maybe, " + ", ".join(
    f"something else {number} that nobody can read at all" for number in range(12)
)


def screen(locale: str, *texts: str) -> BenchShown:
    """The screen of a candidate of whom this was typed."""
    trial = about("4scar7u")
    known = Subject(trial.setting, question_names(trial.setting.trial.protocol, trial.catalogue))
    bench, said = Bench(), []
    for text in ("/new HK-012", *texts):
        work = Work(bench, {"4scar7u": known}, "haikou", locale, "a-case", NOW)
        take(work, Reply(text))
        said += work.said
    return said[-1]


@pytest.mark.parametrize("locale", languages())
@pytest.mark.parametrize("texts", [(), (UNHAPPY,), (DOUBTFUL,), (UNHAPPY, DOUBTFUL)])
def test_the_longest_screens_fit_into_one_message(locale: str, texts: tuple[str, ...]) -> None:
    """Whatever is open, doubtful or against it: a screen of two messages could not change in its place."""
    trial = about("4scar7u")
    teller = BenchTeller(lambda _: (trial.setting.trial, trial.catalogue), Catalogue(), locale)
    message = teller.tell(screen(locale, *texts))
    rendered = render(message, Catalogue())
    assert rendered is not None
    assert len(rendered.texts) == 1
    assert length(rendered.texts[0]) <= LONGEST
    buttons = [button for row in rendered.markup.inline_keyboard for button in row]  # type: ignore[union-attr]
    assert len(buttons) <= MOST_BUTTONS
    assert all(len(str(button.callback_data).encode()) <= MOST_BYTES for button in buttons)
    assert rendered.guarded
