"""What the bench says, as codes and values; `bot.speech.bench` makes the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.criteria.findings import Assessment, Verdict
from bot.criteria.reading import Reading
from bot.flows.bench.case import Case
from bot.flows.bench.codes import Flaw
from bot.flows.events.slips import SlipRow


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that an input gave. `before`: the one in its place until then; `reading`: None where it was taken back."""

    question: str
    reading: Reading | None
    before: Reading | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What an input led to: the answers it gave, what of it could not be used, and what the slip had besides.

    `refused`: why a picture gave nothing; `gaps`: how many of its lines could not be read.
    """

    changes: tuple[Change, ...] = ()
    unread: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    refused: str = ""
    gaps: int = 0


@dataclass(frozen=True, slots=True)
class ScreenShown:
    """A candidate as they stand. `open`: the questions without an answer, in order; `today`: the date at the sites.

    `numbers`: of the questions with a few choices, by which their buttons name them. `slip`: the rows of a picture that wait
    to be taken; `undated`: some of them have no day. `anew`: at the end of the chat.
    """

    case: Case
    assessment: Assessment
    open: tuple[str, ...]
    numbers: dict[str, int]
    today: date
    noted: Noted = Noted()
    slip: tuple[SlipRow, ...] = ()
    undated: bool = False
    anew: bool = True


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """A candidate has left the bench, with a line in the prescreening log. `reference`: of the referral, if there is one.

    `anew`: at the end of the chat.
    """

    case: Case
    assessment: Assessment
    reference: str | None = None
    anew: bool = False


@dataclass(frozen=True, slots=True)
class ListShown:
    """The candidates on the bench, with what is known of each: verdict and number of open questions."""

    cases: tuple[tuple[Case, Verdict, int], ...]
    current: int | None


@dataclass(frozen=True, slots=True)
class CodeRefused:
    """A code cannot be used. It is not said again."""

    flaw: Flaw


@dataclass(frozen=True, slots=True)
class SiteAsked:
    """To which site the candidate is to be handed over, for a member of all sites."""

    case: Case
    sites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A short text, by its key. `code`: of the candidate that it is about."""

    key: str
    code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class PictureTold:
    """What came of a picture, in a line. `code`: of the candidate whose it is; empty where that is not known.

    `refused`: why nothing was read; empty where its rows wait for the member to go on with the candidate of that `number`.
    """

    code: str
    refused: str = ""
    number: int | None = None


BenchShown = ScreenShown | CaseClosed | ListShown | CodeRefused | SiteAsked | PictureTold | Told
