"""A trial file's text made into a protocol, with all that keeps it from being one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from bot.criteria.bind import bind, did_you_mean
from bot.criteria.protocol import (
    RESPONDENT,
    AcceptedUnit,
    Analyte,
    Contact,
    Criterion,
    Kind,
    Model,
    Question,
    Respondent,
    Site,
    Source,
    TrialProtocol,
)
from bot.criteria.rules import RuleError, leaves, parse
from bot.library import yamlfile
from bot.library.issues import Fault, Issue
from bot.library.modelled import model_issues
from bot.library.yamlfile import Document, Place

SPEC_VERSION = 1
"""The version of the trial file format that this program reads."""


@dataclass(frozen=True, slots=True)
class TrialFile:
    """A trial file as read: `protocol` is None where an issue keeps it from being one."""

    document: Document
    protocol: TrialProtocol | None
    issues: tuple[Issue, ...]


def read_trial(text: str, file: str, shared: Mapping[str, Analyte]) -> TrialFile:
    """The trial that `text` describes, or what is wrong with it. `shared`: the analytes that every trial may use."""
    document = yamlfile.read(text, file)
    if document.issues:
        return TrialFile(document, None, tuple(document.issues))
    try:
        protocol = TrialProtocol.model_validate(document.data)
    except ValidationError as error:
        return TrialFile(document, None, tuple(model_issues(error, document, _model_of)))
    issues = tuple(_Structure(document, protocol, shared).issues())
    return TrialFile(document, None if issues else protocol, issues)


_MODELS: dict[str, type[Model]] = {
    "source": Source,
    "contact": Contact,
    "sites": Site,
    "questions": Question,
    "criteria": Criterion,
    "analytes": Analyte,
    "units": AcceptedUnit,
}


def _model_of(place: Place) -> type[Model]:
    """The model of the mapping at `place`."""
    names = (_MODELS[name] for name in reversed(place) if isinstance(name, str) and name in _MODELS)
    return next(names, TrialProtocol)


_NEEDS: dict[Kind, tuple[str, ...]] = {
    Kind.CHOICE: ("choices",),
    Kind.QUANTITY: ("analyte",),
    Kind.SCORE: ("analyte", "choices"),
    Kind.ULN: ("analyte", "follows"),
    Kind.AGE: (),
    Kind.DATE: (),
}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TRIAL_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9.]{0,19}")


@dataclass(frozen=True, slots=True)
class _Structure:
    """Checks what the parts of one trial say of each other."""

    document: Document
    protocol: TrialProtocol
    shared: Mapping[str, Analyte]

    def issues(self) -> Iterator[Issue]:
        yield from self._identity()
        yield from self._names()
        yield from self._order()
        yield from self._respondent()
        for index, analyte in enumerate(self.protocol.analytes):
            yield from self._analyte(analyte, ("analytes", index))
        for index, question in enumerate(self.protocol.questions):
            yield from self._question(question, ("questions", index))
        for place, text in self._rules():
            yield from self._rule(text, place)

    def _issue(self, place: Place, fault: Fault, message: str) -> Issue:
        return self.document.issue(place, fault, message)

    def _identity(self) -> Iterator[Issue]:
        protocol = self.protocol
        if protocol.spec_version != SPEC_VERSION:
            message = f"this program reads trial files of version {SPEC_VERSION}: set spec_version: {SPEC_VERSION}"
            yield self._issue(("spec_version",), Fault.WRONG_VALUE, message)
        if not _TRIAL_ID.fullmatch(protocol.id):
            yield self._issue(("id",), Fault.WRONG_VALUE, "write the id in small letters, digits, - and _")
        if not is_timezone(protocol.timezone):
            message = f"`{protocol.timezone}` is no time zone: write one such as Asia/Shanghai"
            yield self._issue(("timezone",), Fault.WRONG_VALUE, message)
        if not protocol.criteria:
            yield self._issue(("criteria",), Fault.WRONG_VALUE, "a trial needs criteria: add at least one")

    def _names(self) -> Iterator[Issue]:
        protocol = self.protocol
        yield from self._each_once("questions", "id", (each.id for each in protocol.questions), _NAME)
        yield from self._each_once("criteria", "code", (each.code for each in protocol.criteria), _CODE)
        yield from self._each_once("sites", "id", (each.id for each in protocol.sites), _NAME)
        yield from self._each_once("analytes", "code", (each.code for each in protocol.analytes), _NAME)

    def _each_once(self, part: str, key: str, names: Iterable[str], shape: re.Pattern[str]) -> Iterator[Issue]:
        seen: set[str] = set()
        for index, name in enumerate(names):
            place = (part, index, key)
            if name in seen:
                yield self._issue(place, Fault.DUPLICATE_NAME, f"`{name}` is there already: give each its own {key}")
            if not shape.fullmatch(name):
                yield self._issue(
                    place, Fault.WRONG_VALUE, f"`{name}` is no {key}: write a letter, then letters and digits"
                )
            seen.add(name)

    def _order(self) -> Iterator[Issue]:
        seen: set[str] = set()
        for index, name in enumerate(self.protocol.order):
            if name not in self.protocol.by_id:
                hint = did_you_mean(name, list(self.protocol.by_id))
                yield self._issue(("order", index), Fault.UNKNOWN_NAME, f"there is no question `{name}`: {hint}")
            elif name in seen:
                yield self._issue(("order", index), Fault.DUPLICATE_NAME, f"`{name}` is asked already: ask it once")
            seen.add(name)

    def _respondent(self) -> Iterator[Issue]:
        question = self.protocol.by_id.get(RESPONDENT)
        known = tuple(Respondent)
        if question is None or self.protocol.order[:1] != (RESPONDENT,):
            message = f"the first question is who is answering: put `{RESPONDENT}` first"
            yield self._issue(("order",), Fault.INCOMPLETE_QUESTION, message)
        elif question.choices != known:
            place = ("questions", self.protocol.questions.index(question), "choices")
            yield self._issue(place, Fault.WRONG_VALUE, f"the choices of `{RESPONDENT}` are [{', '.join(known)}]")

    def _analyte(self, analyte: Analyte, place: Place) -> Iterator[Issue]:
        """Whether an analyte of the trial's own has units, names only those, and ranges from low to high."""
        codes = [unit.code for unit in analyte.units]
        if not codes:
            yield self._issue(
                (*place, "units"), Fault.WRONG_VALUE, f"`{analyte.code}` needs a unit: add the standard one"
            )
            return
        for index, code in enumerate(analyte.bare):
            if code not in codes:
                message = f"`{code}` is no unit of `{analyte.code}`: {did_you_mean(code, codes)}"
                yield self._issue((*place, "bare", index), Fault.UNKNOWN_NAME, message)
        if analyte.units[0].factor != 1:
            message = f"the first unit of `{analyte.code}` is its standard unit: its factor is 1"
            yield self._issue((*place, "units", 0, "factor"), Fault.WRONG_VALUE, message)
        for key in ("plausible", "credible_uln", "credible_uln_adult", "stated_uln"):
            limits = getattr(analyte, key)
            if limits is not None and limits[0] >= limits[1]:
                yield self._issue((*place, key), Fault.WRONG_VALUE, f"`{key}` goes from low to high: turn it round")

    def _question(self, question: Question, place: Place) -> Iterator[Issue]:
        for key in ("choices", "analyte", "follows"):
            given, needed = bool(getattr(question, key)), key in _NEEDS[question.kind]
            if given != needed:
                mend = f"add `{key}`" if needed else f"take `{key}` away"
                message = f"question `{question.id}` of kind {question.kind}: {mend}"
                yield self._issue(place, Fault.INCOMPLETE_QUESTION, message)
        if bool(question.variants) != bool(question.variant_when):
            message = f"question `{question.id}`: `variants` and `variant_when` go together: add the other one"
            yield self._issue(place, Fault.INCOMPLETE_QUESTION, message)
        if len(question.variants) > 1:
            message = f"question `{question.id}` has more than one variant: keep one"
            yield self._issue((*place, "variants"), Fault.WRONG_VALUE, message)
        yield from self._measured(question, place)

    def _measured(self, question: Question, place: Place) -> Iterator[Issue]:
        known = [*self.shared, *(analyte.code for analyte in self.protocol.analytes)]
        if question.analyte is not None and question.analyte not in known:
            hint = did_you_mean(question.analyte, known)
            yield self._issue((*place, "analyte"), Fault.UNKNOWN_NAME, f"`{question.analyte}` is not known: {hint}")
        if question.kind is not Kind.ULN or question.follows is None:
            return
        followed = self.protocol.by_id.get(question.follows)
        if followed is None or followed.kind is not Kind.QUANTITY or followed.analyte != question.analyte:
            message = f"`{question.id}` must follow the question that measures `{question.analyte}`: name that one"
            yield self._issue((*place, "follows"), Fault.UNKNOWN_NAME, message)

    def _rules(self) -> Iterator[tuple[Place, str]]:
        for index, question in enumerate(self.protocol.questions):
            for key in ("asked_when", "variant_when"):
                if text := getattr(question, key):
                    yield ("questions", index, key), text
        for index, criterion in enumerate(self.protocol.criteria):
            yield ("criteria", index, "rule"), criterion.rule
            for number, text in enumerate(criterion.applies_when):
                yield ("criteria", index, "applies_when", number), text

    def _rule(self, text: str, place: Place) -> Iterator[Issue]:
        analytes = {**self.shared, **{analyte.code: analyte for analyte in self.protocol.analytes}}
        try:
            rule = bind(parse(text), self.protocol, analytes)
        except RuleError as error:
            mark = self.document.text_mark(place, error.column)
            yield Issue(self.document.file, mark, Fault.RULE, str(error))
            return
        for name in {check.question for check in leaves(rule)}:
            if name not in self.protocol.order:
                message = f"it rests on `{name}`, which is never asked: add `{name}` to `order`"
                yield self._issue(place, Fault.UNFED_CRITERION, message)
            elif place[0] == "questions" and not self._earlier(name, self.protocol.questions[int(place[1])].id):
                yield self._issue(place, Fault.RULE, f"`{name}` is asked later: put it earlier in `order`")

    def _earlier(self, name: str, than: str) -> bool:
        """Whether question `name` comes before `than`, if both are asked."""
        order = self.protocol.order
        return than not in order or order.index(name) < order.index(than)


def is_timezone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True
