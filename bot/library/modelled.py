"""What a model refuses in a YAML file, as issues with their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.criteria.bind import did_you_mean
from bot.criteria.protocol import Model
from bot.library.issues import Fault, Issue
from bot.library.yamlfile import Document, Place

ModelOf = Callable[[Place], type[Model]]
"""The model of the mapping at a place."""


def model_issues(error: ValidationError, document: Document, model_of: ModelOf) -> Iterator[Issue]:
    """An issue for each thing that the model of a file refuses."""
    return (_issue(each, document, model_of) for each in error.errors())


def _issue(error: ErrorDetails, document: Document, model_of: ModelOf) -> Issue:
    place: Place = error["loc"]
    name = str(place[-1]) if place else ""
    if error["type"] == "extra_forbidden":
        mark = document.keys.get(place, document.mark(place))
        hint = did_you_mean(name, list(model_of(place[:-1]).model_fields))
        return Issue(document.file, mark, Fault.UNKNOWN_KEY, f"there is no key `{name}` here: {hint}")
    if error["type"] == "missing":
        return document.issue(place, Fault.MISSING_KEY, f"the key `{name}` is missing: add it here")
    wanted = error["msg"].removeprefix("Value error, ")
    wanted = wanted[:1].lower() + wanted[1:]
    return document.issue(place, Fault.WRONG_VALUE, f"the value of `{name}` does not fit: {wanted}")
