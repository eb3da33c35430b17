"""The conversation comes to the same findings as screening the same replies all at once."""

from __future__ import annotations

import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.criteria.candidate import Intake
from bot.library.words import load_lexicon
from tests.talks import NOW, about, answer_all, opened

PLAIN = ["yes", "no", "unknown"]
REPLIES = {
    "respondent": ["patient", "caregiver", "staff"],
    "age": ["34", "5 months", "7 months", "2026-05-22", "12 years", "70", "unknown"],
    "sex": ["female", "male", "unknown"],
    "kps": ["100", "90", "80", "20", "unknown"],
    "lvef": ["55%", "49", "50 %", "<45", "unknown"],
    "spo2": ["98", "90%", "89", "unknown"],
    "hemoglobin": ["9.2 g/dL", "79 g/L", "80 g/L", "about 80 g/L", ">75 g/L", "unknown"],
    "bilirubin": ["0.8 mg/dL", "2.1 mg/dL", "34.2 umol/L", "unknown"],
    "creatinine": ["70 umol/L", "200 umol/L", "2.6 mg/dL (0.6-1.3)", "2 x ULN", "3 x ULN", "unknown"],
    "creatinine_uln": ["104 umol/L", "60 umol/L", "unknown"],
    "ast": ["30 U/L", "100 U/L", "500 U/L", "150 U/L (15-40)", "unknown"],
    "ast_uln": ["40", "15-40", "unknown"],
    "alt": ["30 U/L", "100 U/L", "three times normal", "unknown"],
    "alt_uln": ["40", "unknown"],
    "steroid_last_dose": ["today", "2026-11-14", "2026-11-15", "unknown"],
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.fixed_dictionaries(
        {
            each.id: st.sampled_from(REPLIES.get(each.id, PLAIN))
            for each in about("4scar7u").setting.trial.protocol.questions
        }
    )
)
def test_the_talk_agrees_with_screening_all_at_once(replies: dict[str, str]) -> None:
    """Whoever answers each question that is asked, and goes on everywhere else, gets the findings of `screen`.

    An answer that lies across a limit is asked for once more, and given again.
    """
    setting = about("4scar7u").setting
    talk = answer_all(opened(), replies, until=("choosing_site", "finished"))
    [assessed] = talk.events("assessed")
    asked = {event["question"] for event in talk.events("question_asked")}
    given_ = {question: reply for question, reply in replies.items() if question in asked}
    today = NOW.astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    whole = Intake(setting.trial, load_lexicon(), setting.labels, today).screen(given_).assessment
    assert assessed["verdict"] == whole.verdict
    assert {code: each["status"] for code, each in assessed["findings"].items()} == {
        code: each.status for code, each in whole.findings.items()
    }
    assert whole.unanswered == ()
