"""What can be wrong with a trial file: a numbered catalogue, and where in the file it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """The numbers of the catalogue. A number keeps its meaning for good, so that it can be looked up."""

    UNREADABLE = "T01"
    DUPLICATE_KEY = "T02"
    YAML_TRAP = "T03"
    ALIAS = "T04"
    UNKNOWN_KEY = "T05"
    MISSING_KEY = "T06"
    WRONG_VALUE = "T07"
    DUPLICATE_NAME = "T08"
    UNKNOWN_NAME = "T09"
    INCOMPLETE_QUESTION = "T10"
    RULE = "T11"
    NEVER_PASSES = "T12"
    NEVER_FAILS = "T13"
    UNUSED_QUESTION = "T14"
    UNFED_CRITERION = "T15"
    MISSING_TEXT = "T16"
    PLACEHOLDERS = "T17"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file; line and column count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing to mend: where, which number of the catalogue, and a sentence that ends with the mend."""

    file: str
    mark: Mark
    fault: Fault
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.mark.line}:{self.mark.column}: {self.fault} {self.message}"
