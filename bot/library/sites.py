"""The site file: read and checked like a trial file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError

from bot.criteria.bind import did_you_mean
from bot.criteria.protocol import Model, TrialProtocol
from bot.errors import BadSetting
from bot.flows.handoff.sites import Contacts, SiteBook, SiteEntry
from bot.library import yamlfile
from bot.library.issues import Fault, Issue
from bot.library.modelled import model_issues
from bot.library.structure import is_timezone
from bot.library.yamlfile import Document, Place

SPEC_VERSION = 1
"""The version of the site file format that this program reads."""

MAX_BYTES = 1_000_000
_MODELS: dict[str, type[Model]] = {"contacts": Contacts, "registry": Contacts, "sites": SiteEntry}


def load_sites(path: Path | None, trials: Sequence[TrialProtocol]) -> SiteBook:
    """The sites of that file, or those that ship with the bot. Raises `BadSetting` with the first thing to mend."""
    source: Traversable = path or resources.files("bot.library") / "data" / "sites.yaml"
    try:
        raw = source.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise BadSetting(f"PRESCREEN_SITES: {source} cannot be read ({error.strerror}): name a file there.") from None
    except UnicodeDecodeError:
        raise BadSetting(f"PRESCREEN_SITES: {source} is not UTF-8: save it as UTF-8.") from None
    if len(raw) > MAX_BYTES:
        raise BadSetting(f"PRESCREEN_SITES: {source} is larger than {MAX_BYTES} bytes: no site file is.")
    book, issues = read_sites(text, str(source), trials)
    if book is None:
        first, *rest = issues
        raise BadSetting(f"{first}" + (f" (and {len(rest)} more)" if rest else ""))
    return book


def read_sites(text: str, file: str, trials: Sequence[TrialProtocol]) -> tuple[SiteBook | None, tuple[Issue, ...]]:
    """The sites that `text` describes, None where an issue keeps it from being a site file; and what is wrong with it."""
    document = yamlfile.read(text, file)
    if document.issues:
        return None, tuple(document.issues)
    try:
        book = SiteBook.model_validate(document.data)
    except ValidationError as error:
        return None, tuple(model_issues(error, document, _model_of))
    issues = tuple(_issues(book, document, {trial.id: trial for trial in trials}))
    return (None if issues else book), issues


def _model_of(place: Place) -> type[Model]:
    names = (_MODELS[name] for name in reversed(place) if isinstance(name, str) and name in _MODELS)
    return next(names, SiteBook)


def _issues(book: SiteBook, document: Document, trials: dict[str, TrialProtocol]) -> Iterator[Issue]:
    """What the parts of one site file say of each other, and of the trials known."""
    if book.spec_version != SPEC_VERSION:
        message = f"this program reads site files of version {SPEC_VERSION}: set spec_version: {SPEC_VERSION}"
        yield document.issue(("spec_version",), Fault.WRONG_VALUE, message)
    for trial in book.registry:
        yield from _unknown(document, ("registry", trial), "trial", trial, list(trials))
    seen: set[str] = set()
    for index, site in enumerate(book.sites):
        if site.id in seen:
            message = f"`{site.id}` is there already: give each site its own id"
            yield document.issue(("sites", index, "id"), Fault.DUPLICATE_NAME, message)
        seen.add(site.id)
        yield from _site_issues(site, ("sites", index), book, document, trials)


def _site_issues(
    site: SiteEntry, place: Place, book: SiteBook, document: Document, trials: dict[str, TrialProtocol]
) -> Iterator[Issue]:
    if not is_timezone(site.timezone):
        message = f"`{site.timezone}` is no time zone: write one such as Asia/Shanghai"
        yield document.issue((*place, "timezone"), Fault.WRONG_VALUE, message)
    if site.fallback is not None:
        others = [each.id for each in book.sites if each.id != site.id]
        yield from _unknown(document, (*place, "fallback"), "other site", site.fallback, others)
    for name in site.trials:
        yield from _unknown(document, (*place, "trials", name), "trial", name, list(trials))
        if name in trials and site.id not in {each.id for each in trials[name].sites}:
            known = [each.id for each in trials[name].sites]
            yield from _unknown(document, (*place, "id"), f"site of {name}", site.id, known)


def _unknown(document: Document, place: Place, what: str, name: str, known: list[str]) -> Iterator[Issue]:
    if name not in known:
        mark = document.keys.get(place, document.mark(place))
        hint = did_you_mean(name, known) if known else "take it away"
        yield Issue(document.file, mark, Fault.UNKNOWN_NAME, f"there is no {what} `{name}`: {hint}")
