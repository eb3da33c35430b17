"""What members of staff do at the bench: the commands they type and the buttons they tap."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.flows import screening
from bot.flows.bench import closing, pictures
from bot.flows.bench.case import MOST_OPEN, Bench, Case, session_of
from bot.flows.bench.codes import flaw, same
from bot.flows.bench.shown import Change, CodeRefused, Noted
from bot.flows.bench.work import Work, fill, fill_in, pick, put, rest
from bot.flows.inputs import (
    PHOTO,
    BenchFilled,
    BenchTidied,
    ButtonPressed,
    Input,
    PhotoRead,
    PhotoSent,
    PhotoUnreadable,
    Reply,
    ReplyEdited,
    TimerFired,
)
from bot.flows.photographed import Refusal

MARK = "bench"
"""The mark of the bench's buttons, by which they are known from a card's and a conversation's."""

_COMMAND = re.compile(r"/(new|list|done|refer)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)


def is_meant(bench: Bench, entry: Input, *, busy: bool) -> bool:
    """Whether an input to a chat of staff is one for the bench. `busy`: the next text is waited for elsewhere."""
    if isinstance(entry, ButtonPressed):
        return entry.session == MARK
    if isinstance(entry, BenchFilled | BenchTidied | PhotoRead | PhotoUnreadable):
        return True
    if isinstance(entry, TimerFired):
        return entry.timer == PHOTO
    if isinstance(entry, PhotoSent):
        return not busy
    if isinstance(entry, Reply) and _COMMAND.fullmatch(entry.text.strip()):
        return True
    return isinstance(entry, Reply | ReplyEdited) and bench.current is not None and not busy


def take(work: Work, entry: Input) -> None:
    """Take an input that is meant for the bench."""
    if isinstance(entry, ButtonPressed):
        _press(work, entry.choice)
    elif isinstance(entry, BenchFilled):
        _fill_in(work, entry)
    elif isinstance(entry, ReplyEdited):
        work.tell("edited")
    elif isinstance(entry, Reply):
        _hear(work, entry.text.strip())
    elif isinstance(entry, PhotoSent):
        pictures.send(work, entry)
    elif isinstance(entry, PhotoRead | PhotoUnreadable):
        pictures.hear_of(work, entry)
    elif isinstance(entry, TimerFired):
        pictures.hear_of(work, PhotoUnreadable(Refusal.NOT_INSTALLED, entry.due))
    elif isinstance(entry, BenchTidied):
        closing.tidy(work, entry.before)


def _hear(work: Work, text: str) -> None:
    command = _COMMAND.fullmatch(text)
    case = work.bench.case(work.bench.current)
    if command is None:
        if case is not None and pictures.date(work, case, text):
            work.show(case)
        elif case is not None:
            fill(work, case, text)
    elif command[1] == "new":
        open_case(work, (command[2] or "").strip())
    elif command[1] == "list":
        work.said.append(work.listed())
    elif case is None:
        work.tell("none_open")
    elif command[1] == "done":
        closing.close(work, case, anew=True)
    else:
        closing.hand_over(work, case, anew=True)


def _fill_in(work: Work, filled: BenchFilled) -> None:
    case = work.bench.case(filled.case)
    if case is None:
        work.tell("gone")
    else:
        fill_in(work, case, filled)


def open_case(work: Work, said: str) -> None:
    """Open a candidate under a code, or resume the one who has it. A trial's id may stand behind the code."""
    code, _, trial = said.partition(" ")
    if trial.strip() not in work.subjects:
        code, trial = said, next(iter(work.subjects))
    bench = work.bench
    known = next((each for each in bench.cases if same(each.code, code)), None)
    if not code:
        work.tell("code")
    elif refused := flaw(code):
        work.said.append(CodeRefused(refused))
    elif known is not None:
        work.show(known)
    elif len(bench.cases) >= MOST_OPEN:
        work.tell("full", text=str(MOST_OPEN))
    else:
        bench.last += 1
        about = work.subjects[trial.strip()].setting.trial
        case = Case(number=bench.last, code=code, session=session_of(about, work.new_id, work.locale, work.site))
        bench.cases.append(case)
        work.show(case)


def _press(work: Work, choice: str) -> None:
    """Take a tap. A button of somebody who has left the bench, or of an earlier screen, changes nothing."""
    word, _, about = choice.partition(".")
    number, _, detail = about.partition(".")
    if word == "list":
        work.said.append(work.listed())
        return
    case = work.bench.case(int(number)) if number.isdecimal() else None
    if case is None or word not in _TAPS:
        work.tell("gone")
        return
    _TAPS[word](work, case, detail)


def _pick(work: Work, case: Case, detail: str) -> None:
    """A choice of a question that is open; an answered one is opened first."""
    question, _, choice = detail.partition(".")
    turn = work.turn(case)
    open_ = question in turn.open_questions() or question in case.unclear
    changes = (put(turn, case, question, pick(turn, question, choice)),) if open_ else ()
    _settle(work, case, changes)


def _mean(work: Work, case: Case, detail: str) -> None:
    """One of the ways in which a doubtful value can be read."""
    question, _, place = detail.partition(".")
    reading = case.unclear.get(question)
    picked = screening.picked_reading(reading.readings, place) if reading else None
    turn = work.turn(case)
    changes = (put(turn, case, question, turn.read(question, picked.reply)),) if picked else ()
    _settle(work, case, changes)


def _reopen(work: Work, case: Case, question: str) -> None:
    """Take an answer back; its question is open again."""
    before = case.session.answers.get(question)
    if before is not None and question != screening.RESPONDENT:
        screening.drop(work.turn(case), question)
        case.step += 1
        _settle(work, case, (Change(question, None, before),))
    else:
        _settle(work, case, ())


def _rest(work: Work, case: Case, detail: str) -> None:
    """One answer to all that is open: good on the screen that listed it alone, for another one lists other questions."""
    step, _, choice = detail.partition(".")
    turn = work.turn(case)
    asked = rest(turn, choice) if step == str(case.step) else ()
    _settle(work, case, tuple(put(turn, case, each, pick(turn, each, choice)) for each in asked))


def _settle(work: Work, case: Case, changes: tuple[Change | None, ...]) -> None:
    noted = Noted(tuple(each for each in changes if each is not None))
    work.show(case, noted, anew=False)


def _take(work: Work, case: Case, detail: str) -> None:
    """The rows of a picture, with the day that is chosen with them: good on the screen alone that read them back."""
    step, _, day = detail.partition(".")
    chosen = work.turn(case).read_day(day).date if day else None
    usable = step == str(case.step) and (not day or chosen is not None)
    work.show(case, pictures.use(work, case, chosen) if usable else Noted(), anew=False)


def _put_aside(work: Work, case: Case, step: str) -> None:
    if step == str(case.step):
        pictures.put_aside(work, case)
    _settle(work, case, ())


def _open(work: Work, case: Case, _: str) -> None:
    work.show(case)


def _done(work: Work, case: Case, _: str) -> None:
    closing.close(work, case, anew=False)


def _refer(work: Work, case: Case, site: str) -> None:
    closing.hand_over(work, case, site or None, anew=bool(site))


_TAPS: Mapping[str, Callable[[Work, Case, str], None]] = MappingProxyType(
    {
        "pick": _pick,
        "mean": _mean,
        "anew": _reopen,
        "rest": _rest,
        "take": _take,
        "aside": _put_aside,
        "open": _open,
        "done": _done,
        "refer": _refer,
        "site": _refer,
    }
)
"""What each word of a button does. The number of the candidate comes after it, and then what it is about."""
