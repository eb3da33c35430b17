"""The bench as the turn pipeline runs it: an input to a chat of staff in, what it says and what it leaves for others out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.flows.bench import work as bench
from bot.flows.bench.commands import take
from bot.flows.bench.pictures import alarms
from bot.flows.bench.shown import BenchShown, CodeRefused, ListShown, Noted, ScreenShown, Told
from bot.flows.bench.work import Work
from bot.flows.handoff import desk as desks
from bot.flows.handoff.desk import Desk
from bot.flows.handoff.letters import Erased, TeamNews
from bot.flows.handoff.rooms import DESK
from bot.flows.inputs import Input
from bot.flows.session import Sprint
from bot.ports import Address, TalkResult, TimerRow
from bot.services import referring
from bot.services.talk import Subject, pictured
from bot.speech.bench import BenchTeller
from bot.speech.catalogue import Catalogue
from bot.speech.desk import About
from bot.speech.labels import question_names
from bot.speech.message import Message


class Benches:
    """Works the benches of all chats of staff. `subjects`: the trials there are, by their ids."""

    def __init__(
        self, subjects: Mapping[str, Subject], about: About, common: Catalogue, new_id: Callable[[], str]
    ) -> None:
        self._trials = subjects
        self._about = about
        self._common = common
        self._new_id = new_id
        self._subjects = {name: _subject(each) for name, each in subjects.items()}

    def take(self, desk: Desk, address: Address, entry: Input, now: datetime) -> TalkResult:
        """What an input leads to that is meant for the bench of a chat."""
        work = Work(desk.bench, self._subjects, desk.site, desk.locale, self._new_id(), now)
        reading = desk.bench.waiting
        take(work, entry)
        said = pictured(tuple(self._say(desk, address, each) for each in work.said), entry)
        timers = tuple(TimerRow(each.timer, each.due, each.payload) for each in alarms(reading, desk.bench, now))
        result = TalkResult(desk.model_dump_json(), desks.MARK, "", said, timers)
        return result if work.closed is None else self._left(result, work.closed, address, now)

    def hear(self, desk: Desk, address: Address, news: TeamNews) -> TalkResult:
        """What is said where a coordinator did something about somebody who was handed over from here."""
        code = desk.bench.handed.get(news.reference, news.reference)
        said = self._say(desk, address, Told(f"team.{news.news}", code, news.text))
        return TalkResult(desk.model_dump_json(), desks.MARK, "", (said,))

    def forget(self, desk: Desk, address: Address, erased: Erased) -> TalkResult:
        """Forget the code of somebody whose data were erased, and say so, the last time that it is said."""
        code = desk.bench.handed.pop(erased.reference, None)
        said = () if code is None else (self._say(desk, address, Told("team.erased", code)),)
        return TalkResult(desk.model_dump_json(), desks.MARK, "", said)

    def _say(self, desk: Desk, address: Address, shown: BenchShown) -> Message:
        """One thing that is said. The pages of the desk show the bench itself, so that no answers are kept in what was said there."""
        message = BenchTeller(self._about, self._common, desk.locale).tell(shown)
        told = isinstance(shown, Told | CodeRefused) or address.channel != DESK
        return message if told else replace(message, text=None, keys=())

    def _left(self, result: TalkResult, sprint: Sprint, address: Address, now: datetime) -> TalkResult:
        """With what the end of a screening leaves: a line of the log, and perhaps a referral with the letter to it."""
        about = self._trials.get(sprint.session.trial) or next(iter(self._trials.values()))
        line = referring.prescreening(about.setting, sprint, now)
        if not sprint.refer:
            return replace(result, prescreening=line)
        record = referring.record(about.setting, about.catalogue, sprint, now)
        posts = referring.letters(about.setting, sprint, address, now)
        return replace(result, prescreening=line, referral=record, timers=(*result.timers, *posts))


def screen(desk: Desk, number: int, subjects: Mapping[str, Subject], now: datetime) -> ScreenShown | None:
    """How a candidate of a chat's bench stands now; None where nobody has that number."""
    case = desk.bench.case(number)
    if case is None:
        return None
    subject = subjects.get(case.trial) or next(iter(subjects.values()))
    work = Work(desk.bench, {case.trial: bench.Subject(subject.setting, {})}, desk.site, desk.locale, "", now)
    return work.screen(case, Noted((), case.unread, case.skipped, case.refused, case.gaps))


def listed(desk: Desk, subjects: Mapping[str, Subject], now: datetime) -> ListShown:
    """Who is on a chat's bench."""
    trials = {name: bench.Subject(each.setting, {}) for name, each in subjects.items()}
    return Work(desk.bench, trials, desk.site, desk.locale, "", now).listed()


def _subject(subject: Subject) -> bench.Subject:
    return bench.Subject(subject.setting, question_names(subject.setting.trial.protocol, subject.catalogue))
