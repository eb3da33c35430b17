"""Photographs of slips at the bench: each is one candidate's, and what was read waits on their screen until it is taken.

A picture may be read while its member works on somebody else: what comes of it never changes whom they work on.
"""

from __future__ import annotations

import datetime as dt

from bot.criteria.reading import Outcome
from bot.flows import photos, slip_day, slip_rows
from bot.flows.bench.captions import owner
from bot.flows.bench.case import Album, Bench, Case
from bot.flows.bench.shown import Noted, PictureTold
from bot.flows.bench.work import Work, fill, put
from bot.flows.inputs import PHOTO, PhotoRead, PhotoSent, PhotoUnreadable
from bot.flows.patience import Alarm
from bot.flows.photographed import Refusal


def send(work: Work, sent: PhotoSent) -> None:
    """Have a picture read for the candidate whose code stands under it, or else for the one who is worked on.

    The pictures of an album go where its first went: a channel may put the words for all of them under that one alone. Where
    it was refused, nothing more is said of those that have no words of their own.
    """
    bench, caption = work.bench, sent.caption.strip()
    album = bench.album if bench.album is not None and bench.album.id == sent.album else None
    if album is not None and album.case is None and not caption:
        return
    case = _owner(work, bench.case(album.case if album else bench.current), caption)
    if sent.album and album is None:
        bench.album = Album(id=sent.album, case=case.number if case else None)
    if case is None:
        return
    if not work.turn(case).setting.photos:
        work.said.append(PictureTold(case.code, Refusal.NOT_INSTALLED))
    else:
        _wait(work, case, sent.file)


def _owner(work: Work, case: Case | None, caption: str) -> Case | None:
    """Whose a picture is, who is gone on with if the caption names them; what else it says is put on record for them.

    case: whose it is where the caption names nobody. None where that cannot be told: that is said, and nothing put on record.
    """
    named = owner(work, case, caption)
    meant, rest = named or (None, "")
    if meant is None:
        work.tell("none_open" if named and work.bench.current is None else "photo.whose")
        return None
    if meant is not case:
        work.bench.current = meant.number
    if rest:
        fill(work, meant, rest)
    return meant


def _wait(work: Work, case: Case, file: str) -> None:
    waiting = work.bench.photos
    if case.number not in waiting:
        work.tell("photo.awaited", case.code)
    waiting[case.number] = (*waiting.get(case.number, ()), file)[-photos.MOST :]


def alarms(before: tuple[str, ...], bench: Bench, now: dt.datetime) -> tuple[Alarm, ...]:
    """The timer by which the pictures of one candidate wait to be read; those of the next one follow it."""
    if bench.waiting == before:
        return ()
    return (Alarm(PHOTO, now if bench.waiting else None, "\n".join(bench.waiting)),)


def hear_of(work: Work, entry: PhotoRead | PhotoUnreadable) -> None:
    """Take what came of the pictures that waited, or of those that came by themselves for a candidate."""
    number = entry.case if entry.due is None else next(iter(work.bench.photos), None)
    if entry.due is not None and number is not None:
        del work.bench.photos[number]
    case = work.bench.case(number)
    if case is not None:
        _take(work, case, entry)
    elif entry.due is None and isinstance(entry, PhotoUnreadable):
        work.said.append(PictureTold("", entry.reason))


def _take(work: Work, case: Case, entry: PhotoRead | PhotoUnreadable) -> None:
    if isinstance(entry, PhotoUnreadable):
        refused = entry.reason
    else:
        refused = "" if photos.lay_out(work.turn(case), entry.slip) else photos.NO_TESTS
    case.refused = refused
    case.gaps = entry.slip.unread if isinstance(entry, PhotoRead) and not refused else 0
    case.step += 1
    case.touched = work.now
    if work.bench.current == case.number:
        work.show(case, Noted(refused=refused, gaps=case.gaps))
    else:
        work.said.append(PictureTold(case.code, refused, case.number))


def use(work: Work, case: Case, day: dt.date | None) -> Noted:
    """Take the rows that wait: sure ones count, doubtful ones are to be made clear. `day`: of those that have none."""
    turn = work.turn(case)
    if day is not None:
        slip_day.give(turn, day)
    rows, numbers = case.session.slip, case.session.numbers
    slip_rows.clear(turn)
    case.gaps = 0
    changes = [put(turn, case, question, reading) for question, reading in rows.items()]
    case.rows |= {each: numbers[each] for each in rows if each in case.unclear and each in numbers}
    return Noted(tuple(each for each in changes if each is not None))


def put_aside(work: Work, case: Case) -> None:
    """Use nothing of the rows that wait."""
    slip_rows.clear(work.turn(case))
    case.gaps = 0
    case.step += 1


def date(work: Work, case: Case, text: str) -> bool:
    """Give the rows that wait without a day the day that a message is. False where it is none, or none is missing."""
    turn = work.turn(case)
    reading = turn.read_day(text) if slip_day.undated(turn) else None
    if reading is None or reading.outcome is not Outcome.ACCEPTED or reading.date is None:
        return False
    slip_day.give(turn, reading.date)
    case.step += 1
    return True
