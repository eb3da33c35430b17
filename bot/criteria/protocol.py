"""A trial as data: what its file says, checked."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


class Model(BaseModel):
    """Base of all that is read from a file: frozen, and a key that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


_EXACT = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,12})?)(?:\s*/\s*([0-9]{1,12}(?:\.[0-9]{1,12})?))?")


def _exact(value: object) -> Fraction:
    """A number of a file, exact: written as text (`80`, `0.6`, `1000/11.312`). Raises ValueError for anything else."""
    if isinstance(value, Fraction):
        return value
    match = _EXACT.fullmatch(str(value).strip())
    if match is None or (match[2] and not Fraction(match[2])):
        raise ValueError("write a number such as 80, 0.6 or 1000/11.312")
    return Fraction(match[1]) / Fraction(match[2] or 1)


Exact = Annotated[Fraction, BeforeValidator(_exact)]
Range = tuple[Exact, Exact]


class AcceptedUnit(Model):
    """A unit in which an analyte is reported. `factor`: how much of the standard unit one of it is.

    `only`: the values (in this unit) that are accepted, ends included, where not all are; such a value must be written with a decimal.
    """

    code: str
    factor: Exact
    only: Range | None = None


class Analyte(Model):
    """A quantity that is measured, and how replies about it are read. Ranges are in the standard unit, ends included.

    names: what replies and slips call it, in any language, for an analyte of one trial alone; the shared table's names
    are in the word lists.
    """

    code: str
    loinc: str | None = None
    units: tuple[AcceptedUnit, ...]  # the first is the standard unit
    bare: tuple[str, ...]  # units that are tried for a number without one
    plausible: Range
    credible_uln: Range | None = None
    credible_uln_adult: Range | None = None  # where the age is surely 18 years or more
    stated_uln: Range | None = None  # a stated limit outside it is asked again
    range_is_interval: bool = False  # "55-60" is one imprecise value
    multiples: bool = False  # "1.5 x ULN" is a reading
    names: tuple[str, ...] = ()
    step: int | None = None  # only multiples of it are values (a score)

    @property
    def standard_unit(self) -> str:
        """The UCUM code of the unit that all its values are compared in."""
        return self.units[0].code


class Kind(StrEnum):
    """What a question asks for."""

    CHOICE = "choice"
    QUANTITY = "quantity"
    SCORE = "score"
    ULN = "uln"
    AGE = "age"
    DATE = "date"


UNKNOWN = "unknown"
"""The choice by which a question is answered with "not sure": it counts as absent."""


class Respondent(StrEnum):
    """Who is answering."""

    PATIENT = "patient"
    CAREGIVER = "caregiver"
    STAFF = "staff"


RESPONDENT = "respondent"
"""The question, in every trial, that asks who is answering: it comes first and feeds no criterion."""

EVERYONE = (Respondent.PATIENT, Respondent.CAREGIVER, Respondent.STAFF)


class Question(Model):
    """One question. Its words are in the trial's catalogues under `question.<id>…`.

    kind `choice`: `choices` are the ids, in order. `quantity`, `score`: `analyte` is measured; a score also has
    `choices`. `uln`: the upper limit of normal of the analyte of question `follows`. `asked_when`: a rule.
    """

    id: str
    kind: Kind
    choices: tuple[str, ...] = ()
    analyte: str | None = None
    follows: str | None = None
    asked_when: str | None = None
    asked_of: tuple[Respondent, ...] = EVERYONE
    variants: tuple[str, ...] = ()  # other wordings, such as a child's scale: see `variant_when`
    variant_when: str | None = None


class Category(StrEnum):
    """Which list of the registry a criterion stands in."""

    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"


class Criterion(Model):
    """One criterion. `text`: the registry's, whole. `rule`, `applies_when`: the rule language of `bot.criteria.rules`."""

    code: str
    category: Category
    text: str
    rule: str
    recoverable: bool
    applies_when: tuple[str, ...] = ()


class Source(Model):
    """Where the criteria are from."""

    name: str
    current_as_of: date


class Contact(Model):
    """The registry's contact for the trial."""

    name: str
    affiliation: str | None = None


class Site(Model):
    """A place where the trial runs. Its city's name in each language is in the trial's catalogues under `site.<id>`."""

    id: str
    city: str
    region: str
    country: str  # ISO 3166, two letters


class TrialProtocol(Model):
    """A trial file. Times and dates are those of its sites' `timezone`; `order` is that in which the questions are asked."""

    spec_version: int
    id: str
    version: str
    title: str
    sponsor: str
    source: Source
    timezone: str
    contact: Contact
    sites: tuple[Site, ...]
    questions: tuple[Question, ...]
    order: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    analytes: tuple[Analyte, ...] = ()  # those of this trial alone, beside the shared table

    def __hash__(self) -> int:
        """That of the id alone: a trial has many fields."""
        return hash(self.id)

    @cached_property
    def by_id(self) -> dict[str, Question]:
        """The questions by their ids."""
        return {question.id: question for question in self.questions}
