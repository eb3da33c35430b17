"""Working at the bench: several candidates, old buttons, the end of a screening, and who hears of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest

from bot.criteria.protocol import Respondent
from bot.flows.bench.case import MOST_OPEN, Bench, Case
from bot.flows.handoff.desk import Desk
from bot.flows.handoff.people import Role
from bot.flows.inputs import BenchTidied, ButtonPressed, Input, Reply, ReplyEdited
from bot.ports import Address, Prescreening, Referral
from bot.speech.message import Message
from tests.post_office import PostOffice

SLIP = "Hb 92 g/L (130-175)\nTotal bilirubin 12 umol/L\nCreatinine 70 umol/L\nAST 30 U/L (15-40)\nALT 28 U/L (9-50)"
NUMBERS = "age 34, male, kps 90, spo2 97, lvef 60"
FAVOURABLE = ("cd7", "other_antigens", "life_expectancy", "consent")
"""The questions to which a yes is what is hoped for."""


@dataclass
class Nurse:
    """A member of staff in a private chat. `lines`: what came into the prescreening log; `records`: the referrals."""

    office: PostOffice
    address: Address
    lines: list[Prescreening] = field(default_factory=list)
    records: list[Referral] = field(default_factory=list)

    def give(self, entry: Input) -> Message:
        """Give an input; what is said last."""
        before = self.office.sessions[self.address]
        result = self.office.bot.talk(before, self.address, entry, self.office.now)
        self.lines += [result.prescreening] if result.prescreening else []
        self.records += [result.referral] if result.referral else []
        self.office.give(self.address, entry)
        return self.office.said[self.address][-1]

    def type(self, text: str) -> Message:
        """Write."""
        return self.give(Reply(text))

    def tap(self, choice: str) -> Message:
        """Tap a button."""
        return self.give(ButtonPressed(choice, 0, "bench"))

    @property
    def bench(self) -> Bench:
        """The bench as it is stored."""
        return Desk.model_validate_json(self.office.sessions[self.address] or "").bench

    def case(self, code: str) -> Case:
        """An open candidate."""
        return next(each for each in self.bench.cases if each.code == code)

    def screen(self, code: str = "HK-012") -> Case:
        """Answer everything so that nothing speaks against it."""
        for text in (f"/new {code}", SLIP, NUMBERS):
            self.type(text)
        number = self.case(code).number
        for question in FAVOURABLE:
            self.tap(f"pick.{number}.{question}.yes")
        self.tap(f"rest.{number}.{self.case(code).step}.no")
        return self.case(code)


@pytest.fixture
def nurse() -> Nurse:
    """A member of staff of Haikou."""
    office = PostOffice()
    return Nurse(office, office.join("4", "Ma", Role.STAFF))


def ids(message: Message) -> set[str]:
    """The buttons of a message."""
    return {button.id for row in message.keys for button in row}


def test_a_name_is_refused_and_not_said_again(nurse: Nurse) -> None:
    """One sentence says what to use instead; nobody is opened."""
    told = nurse.type("/new Zhang San")
    assert told.event["event"] == "code_refused"
    assert "HK-012" in (told.text or "")
    assert "Zhang" not in (told.text or "")
    assert nurse.bench.cases == []


def test_the_findings_stand_on_the_screen_after_every_input(nurse: Nurse) -> None:
    """What fails first, then what is open, what is met, and what waits for an answer."""
    nurse.type("/new HK-012")
    text = nurse.type("Hb 75 g/L; AST 150 U/L; kps 90").text or ""
    assert text.index("✗ I05") < text.index("? I04d") < text.index("✓ I03a") < text.index("? waits for an answer: I01")
    assert "✗ I05" not in (nurse.type("Hb 92 g/L").text or "")


def test_an_answered_row_folds_up_and_opens_again(nurse: Nurse) -> None:
    """A tap on it takes the answer back."""
    nurse.type("/new HK-012")
    assert "pick.1.hiv.no" in ids(nurse.type("/list")) or "pick.1.hiv.no" in ids(nurse.tap("open.1"))
    answered = nurse.tap("pick.1.hiv.no")
    assert "anew.1.hiv" in ids(answered)
    assert "pick.1.hiv.no" not in ids(answered)
    assert not answered.anew
    reopened = nurse.tap("anew.1.hiv")
    assert "pick.1.hiv.no" in ids(reopened)
    assert "hiv" not in nurse.case("HK-012").session.answers


def test_candidates_side_by_side_keep_their_own_answers(nurse: Nurse) -> None:
    """What is typed goes to the one that is open; a tap goes to the one whose screen it is on."""
    nurse.type("/new HK-012")
    nurse.type("kps 90")
    nurse.type("/new HK-013")
    nurse.type("kps 60")
    nurse.tap("pick.1.hiv.no")
    nurse.type("age 34")
    assert set(nurse.case("HK-012").session.answers) == {"respondent", "kps", "hiv", "age"}
    assert set(nurse.case("HK-013").session.answers) == {"respondent", "kps"}
    listed = nurse.type("/list")
    assert [row[0].id for row in listed.keys] == ["open.1", "open.2"]
    nurse.tap("open.2")
    nurse.type("spo2 97")
    assert "spo2" in nurse.case("HK-013").session.answers
    assert nurse.type("/new hk-012").event["event"] == "bench_shown"  # the same candidate, resumed
    assert len(nurse.bench.cases) == 2


def test_old_buttons_change_nothing_wrong(nurse: Nurse) -> None:
    """A choice of a question answered since, "the rest" of an earlier screen, and whatever names somebody who is closed."""
    nurse.type("/new HK-012")
    nurse.tap("pick.1.hiv.no")
    nurse.tap("pick.1.hiv.yes")
    assert nurse.case("HK-012").session.answers["hiv"].choice == "no"
    step = nurse.case("HK-012").step
    nurse.type("female, age 30")  # now pregnancy is asked
    nurse.tap(f"rest.1.{step}.no")
    assert "pregnancy" not in nurse.case("HK-012").session.answers
    nurse.type("/done")
    nurse.type("/new HK-014")
    for old in (
        "pick.1.hcv.no",
        "rest.1.0.no",
        "done.1",
        "refer.1",
        "open.1",
        "site.1.haikou",
        "anew.1.hiv",
        "nonsense",
    ):
        assert nurse.tap(old).event["event"] == "bench.gone"
    assert set(nurse.case("HK-014").session.answers) == {"respondent"}


def test_a_doubtful_correction_takes_the_place_of_the_answer(nurse: Nurse) -> None:
    """So that nothing passes by an answer that somebody wanted to change; the ways to read it are buttons."""
    nurse.type("/new HK-012")
    nurse.type("bilirubin 12 umol/L")
    asked = nurse.type("bilirubin 2")
    assert "bilirubin" not in nurse.case("HK-012").session.answers
    assert [row[0].label for row in asked.keys[:2]] == ["Total bilirubin: 2 mg/dL", "Total bilirubin: 2 µmol/L"]
    nurse.tap("mean.1.bilirubin.2")
    assert nurse.case("HK-012").session.answers["bilirubin"].reply == "2 umol/L"
    assert nurse.case("HK-012").unclear == {}


def test_an_edited_message_changes_nothing(nurse: Nurse) -> None:
    """It may have been about somebody else."""
    nurse.type("/new HK-012")
    assert nurse.give(ReplyEdited("kps 90", "7")).event["event"] == "bench.edited"
    assert "kps" not in nurse.case("HK-012").session.answers


def test_the_log_has_the_verdict_and_no_code(nurse: Nurse) -> None:
    """Its source is staff, its site the member's; the candidate is gone from the bench."""
    nurse.type("/new HK-012")
    nurse.type("kps 60, hiv yes")
    closed = nurse.tap("done.1")
    [line] = nurse.lines
    assert (line.verdict, line.source, line.site, line.reference) == ("not_eligible", "staff", "haikou", None)
    assert set(line.failing) == {"I03a", "E03a"}
    assert "HK-012" not in repr(line)
    assert "HK-012" in (closed.text or "")
    assert nurse.bench.cases == []
    assert nurse.records == []


def test_one_who_may_be_eligible_is_handed_to_the_sites_coordinators(nurse: Nurse) -> None:
    """They see the answers, and the code once they claim; what they do is told by the code."""
    li, wu = nurse.office.join("1", "Li"), nurse.office.join("2", "Wu", site="beijing")
    case = nurse.screen()
    said = nurse.tap(f"refer.{case.number}")
    [record], [line] = nurse.records, nurse.lines
    assert (record.site, record.verdict, line.reference) == ("haikou", "likely_eligible", record.reference)
    assert record.reference in (said.text or "")
    card = nurse.office.last(li, "card_shown")
    assert "Answered by site staff" in (card.text or "")
    assert "HK-012" not in (card.text or "")
    assert "card_shown" not in nurse.office.events(wu)
    nurse.office.press(li, "claim", record.reference)
    assert "Known to the site as HK-012; no contact." in (nurse.office.last(li, "contact_shown").text or "")
    assert nurse.office.said[nurse.address][-1].text == "HK-012: a coordinator has the referral now."
    nurse.office.press(li, "write", record.reference)
    nurse.office.type(li, "Friday at ten?")
    assert nurse.office.said[nurse.address][-1].text == "About HK-012, from the coordinator:\nFriday at ten?"


def test_one_who_is_ruled_out_is_not_handed_over(nurse: Nurse) -> None:
    """Nor is a candidate of a member without a site, until the site is chosen."""
    nurse.type("/new HK-012")
    nurse.type("hiv yes")
    assert nurse.type("/refer").event["event"] == "bench.refer.verdict"
    assert nurse.records == []
    chief = Nurse(nurse.office, nurse.office.join("9", "Chen", Role.MANAGER, None))
    case = chief.screen("BJ-7")
    asked = chief.tap(f"refer.{case.number}")
    assert {f"site.{case.number}.{site}" for site in ("haikou", "beijing", "shenzhen")} == ids(asked)
    chief.tap(f"site.{case.number}.beijing")
    assert [each.site for each in chief.records] == ["beijing"]


def test_a_coordinator_has_a_bench_beside_the_cards(nurse: Nurse) -> None:
    """A text that a card asked for goes to the card; without anybody open, the chat is as it was."""
    li = Nurse(nurse.office, nurse.office.join("1", "Li"))
    assert li.type("hello").event["event"] == "desk.help"
    reference = nurse.office.screen()
    li.type("/new HK-020")
    nurse.office.press(li.address, "claim", reference)
    nurse.office.press(li.address, "note", reference)
    assert li.type("kps 90").event["event"] == "desk.kept.note"
    assert li.type("kps 90").event["event"] == "bench_shown"
    assert li.case("HK-020").session.respondent is Respondent.STAFF


def test_the_bench_holds_a_number_of_candidates(nurse: Nurse) -> None:
    """One more is refused in words."""
    for number in range(MOST_OPEN):
        nurse.type(f"/new P{number:03}")
    assert nurse.type("/new P999").event["event"] == "bench.full"
    assert len(nurse.bench.cases) == MOST_OPEN


def test_an_administrator_has_no_bench(nurse: Nurse) -> None:
    """They keep the accounts, and see nobody's answers."""
    ada = Nurse(nurse.office, nurse.office.join("8", "Ada", Role.ADMINISTRATOR, None))
    assert ada.type("/new HK-012").event["event"] == "desk.help"
    assert ada.tap("pick.1.hiv.no").event["event"] == "desk.help"
    assert ada.bench.cases == []


def test_who_is_no_member_has_no_bench(nurse: Nurse) -> None:
    """Its buttons do nothing elsewhere, and a revoked member's candidates are gone with the chat."""
    eve = Address("telegram", "666")
    assert nurse.office.give(eve, ButtonPressed("pick.1.hiv.no", 0, "bench"))[0].event["event"] == "desk.not_staff"
    assert nurse.office.sessions[eve] is None


def test_a_candidate_with_whom_nothing_is_done_leaves_the_bench_and_the_member_is_told(nurse: Nurse) -> None:
    """With no line in the log; one who was answered for since then stays, and nobody else is told anything."""
    nurse.type("/new HK-012")
    nurse.type("/new HK-013")
    nurse.office.now += dt.timedelta(days=29)
    nurse.tap("pick.2.hiv.no")
    nurse.office.now += dt.timedelta(days=2)
    tidied = BenchTidied(nurse.office.now - dt.timedelta(days=30))
    told = nurse.give(tidied)
    assert told.text == "HK-012 is deleted from your bench, with all answers: nothing was done for 30 days."
    assert [case.code for case in nurse.bench.cases] == ["HK-013"]
    assert nurse.lines == []
    ana = Address("terminal", "ana")
    nurse.office.screen(ana)
    before = nurse.office.sessions[ana]
    assert nurse.office.give(ana, tidied) == []
    assert nurse.office.sessions[ana] == before


def test_a_candidate_of_an_earlier_version_has_the_whole_time_from_now_on(nurse: Nurse) -> None:
    """Of them it is not known when something was done last."""
    nurse.type("/new HK-012")
    stored = Desk.model_validate_json(nurse.office.sessions[nurse.address] or "")
    stored.bench.cases[0].touched = None
    nurse.office.sessions[nurse.address] = stored.model_dump_json()
    for days, left in ((31, 1), (29, 1), (2, 0)):
        nurse.office.now += dt.timedelta(days=days)
        nurse.give(BenchTidied(nurse.office.now - dt.timedelta(days=30)))
        assert len(nurse.bench.cases) == left
