"""The bench comes to the same findings as `prescreen screen` for the same answers."""

from __future__ import annotations

import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.criteria.candidate import Intake
from bot.criteria.protocol import RESPONDENT
from bot.flows.bench.case import Bench
from bot.flows.bench.commands import take
from bot.flows.bench.shown import ScreenShown
from bot.flows.bench.work import Subject, Work
from bot.flows.inputs import Reply
from bot.library.words import load_lexicon
from bot.speech.labels import question_names
from tests.talks import NOW, about
from tests.unit.flows.test_agrees_with_screening import PLAIN, REPLIES

TRIAL = about("4scar7u")
ASKED = [each.id for each in TRIAL.setting.trial.protocol.questions if each.id != RESPONDENT]
REPLY = {question: [*REPLIES.get(question, PLAIN), None] for question in ASKED}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({question: st.sampled_from(REPLY[question]) for question in ASKED}))
def test_the_bench_agrees_with_screening_all_at_once(replies: dict[str, str | None]) -> None:
    """Whatever is answered and left out, in a message of `question: reply` lines."""
    record = {question: reply for question, reply in replies.items() if reply is not None}
    subject = Subject(TRIAL.setting, question_names(TRIAL.setting.trial.protocol, TRIAL.catalogue))
    bench = Bench()
    for text in ("/new HK-012", "\n".join(f"{question}: {reply}" for question, reply in record.items())):
        work = Work(bench, {"4scar7u": subject}, "haikou", "en", "a-case", NOW)
        take(work, Reply(text))
    [shown] = work.said
    assert isinstance(shown, ScreenShown)
    today = NOW.astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    whole = Intake(TRIAL.setting.trial, load_lexicon(), TRIAL.setting.labels, today).screen(
        {RESPONDENT: "staff", **record}
    )
    assert shown.assessment.verdict == whole.assessment.verdict
    assert {code: each.status for code, each in shown.assessment.findings.items()} == {
        code: each.status for code, each in whole.assessment.findings.items()
    }
