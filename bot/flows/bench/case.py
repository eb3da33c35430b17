"""What is kept of the bench between two inputs: the candidates that are open on it, and how far each has come."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from bot.criteria.compiled import CompiledTrial
from bot.criteria.protocol import RESPONDENT, Respondent
from bot.criteria.reading import Reading
from bot.criteria.replies import chosen
from bot.flows.session import Session
from bot.flows.states import State

MOST_OPEN = 20  # candidates side by side
MOST_HANDED = 50  # of those handed over, whose codes are remembered
SOURCE = "staff"
"""Where a line of the prescreening log says that the screening was made."""


class Case(BaseModel):
    """A candidate under a code. `number`: by which buttons name it, never given twice at one bench.

    `session`: the answers, as those of a conversation with staff. `unclear`: by question, readings that do not count yet.
    `rows`: of those, the ones that a picture gave, with the numbers of their rows there. `step` counts what has changed.
    `unread`, `skipped`: what of the last message could not be used, and what the slip had besides. `refused`: why the last
    picture gave nothing; `gaps`: how many lines of it could not be read. The rows of a picture wait in the session as its slip.
    `touched`: when something was done last.
    """

    model_config = ConfigDict(extra="forbid")

    number: int
    code: str
    session: Session
    step: int = 0
    unclear: dict[str, Reading] = Field(default_factory=dict)
    rows: dict[str, int] = Field(default_factory=dict)
    unread: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    refused: str = ""
    gaps: int = 0
    touched: datetime | None = None

    @property
    def trial(self) -> str:
        """The trial that the candidate is screened for."""
        return self.session.trial


class Album(BaseModel):
    """Pictures that were sent together. `id`: the channel's; `case`: the candidate whose they are, None where the first was refused."""

    model_config = ConfigDict(extra="forbid")

    id: str
    case: int | None = None


class Bench(BaseModel):
    """A member's bench. `current`: the number of the candidate that is worked on. `last`: the number last given.

    `handed`: the codes of candidates who were handed over, by their references, the latest last. `photos`: the pictures that
    wait to be read, by the numbers of the candidates whose slips they are, in the order in which they are read. `album`: the
    last one of which a picture came.
    """

    model_config = ConfigDict(extra="forbid")

    cases: list[Case] = Field(default_factory=list)
    current: int | None = None
    last: int = 0
    handed: dict[str, str] = Field(default_factory=dict)
    photos: dict[int, tuple[str, ...]] = Field(default_factory=dict)
    album: Album | None = None

    def parked(self, before: datetime) -> list[Case]:
        """The candidates with whom nothing was done since then; one of whom that is not known is not among them."""
        return [each for each in self.cases if each.touched is not None and each.touched < before]

    @property
    def waiting(self) -> tuple[str, ...]:
        """The pictures that are to be read now, as one slip: those of one candidate."""
        return next(iter(self.photos.values()), ())

    def case(self, number: int | None) -> Case | None:
        """The open candidate of that number."""
        return next((each for each in self.cases if each.number == number), None)

    def close(self, case: Case) -> None:
        """Take a candidate off the bench."""
        self.cases.remove(case)
        self.photos.pop(case.number, None)
        if self.current == case.number:
            self.current = None

    def remember(self, reference: str, code: str) -> None:
        """Remember whose referral that is."""
        self.handed[reference] = code
        for oldest in list(self.handed)[:-MOST_HANDED]:
            del self.handed[oldest]


def session_of(trial: CompiledTrial, new_id: str, locale: str, site: str | None) -> Session:
    """The session of a candidate of whom nothing is known yet but that staff answer."""
    protocol = trial.protocol
    staff = chosen(protocol.by_id[RESPONDENT], Respondent.STAFF.value, trial.analytes)
    return Session(
        id=new_id,
        trial=protocol.id,
        trial_version=protocol.version,
        locale=locale,
        source=SOURCE,
        state=State.ASKING,
        answers={RESPONDENT: staff},
        site=site,
    )
