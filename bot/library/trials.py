"""The trials that are known, and how one is loaded: by its id, or from a file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.criteria.compiled import CompiledTrial, compile_trial
from bot.criteria.lexicon import Lexicon
from bot.criteria.protocol import Analyte, TrialProtocol
from bot.errors import Mendable
from bot.library.structure import TrialFile, read_trial
from bot.library.words import load_analytes, load_lexicon
from bot.speech.catalogue import Catalogue, locale_root

DEFAULT = "4scar7u"
"""The trial that is taken where none is named."""

EXTRA_TRIALS = "PRESCREEN_TRIALS"
"""The environment variable that names more trial files, separated by commas or as in PATH."""

SUFFIX = ".yaml"
MAX_BYTES = 1_000_000


class TrialError(Mendable):
    """A trial that is not known, or whose file cannot be used: one sentence that says what to do."""

    exit_status = 2


def load(name_or_path: str, extra: Sequence[Path] = ()) -> TrialProtocol:
    """The protocol of the trial with this id, or in this file. Raises `TrialError`."""
    source = _source(name_or_path, extra)
    trial_file = read_file(source)
    if trial_file.protocol is None:
        first, *rest = trial_file.issues
        more = f" (and {len(rest)} more: see `prescreen trial check {source}`)" if rest else ""
        raise TrialError(f"{first}{more}")
    return trial_file.protocol


def load_compiled(name_or_path: str, extra: Sequence[Path] = ()) -> CompiledTrial:
    """The trial, ready to be assessed. Raises `TrialError`."""
    return compile_trial(load(name_or_path, extra), shared_analytes())


def known(extra: Sequence[Path] = ()) -> list[TrialProtocol]:
    """Every trial known: the package's own, those of the environment, those of `extra`. Raises `TrialError`."""
    return [load(name, extra) for name in _sources(extra)]


def read_file(source: Traversable) -> TrialFile:
    """The trial file at `source`, with what is wrong with it. Raises `TrialError` where it cannot be read at all."""
    try:
        raw = source.read_bytes()
    except OSError as error:
        raise TrialError(f"{source} cannot be read ({error.strerror}): name a trial file that is there") from None
    if len(raw) > MAX_BYTES:
        raise TrialError(f"{source} is larger than {MAX_BYTES} bytes: no trial file is")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TrialError(f"{source} is not UTF-8: save it as UTF-8") from None
    return read_trial(text, str(source), shared_analytes())


def translations_root(path: Path) -> Path:
    """The folder of the translations of the trial in this file: the bot's own, or `locales` beside an outside trial."""
    inside = path.resolve().parent == Path(str(_package_folder())).resolve()
    return locale_root() if inside else path.parent / "locales"


def locale_folder(name_or_path: str, extra: Sequence[Path] = ()) -> Path | None:
    """The folder of the translations of an outside trial; None for the package's own. Raises `TrialError`."""
    source = _source(name_or_path, extra)
    root = translations_root(source) if isinstance(source, Path) else locale_root()
    return None if root == locale_root() else root


def catalogue_for(name_or_path: str, extra: Sequence[Path] = ()) -> Catalogue:
    """The texts of the trial with this id, or in this file. Raises `TrialError`."""
    return Catalogue(load(name_or_path, extra).id, locale_folder(name_or_path, extra))


@cache
def shared_analytes() -> Mapping[str, Analyte]:
    """The table of analytes that every trial may use."""
    return load_analytes()


def lexicon_for(trial: CompiledTrial) -> Lexicon:
    """The words that replies about the trial are read with: those of every language, and names of its own analytes."""
    own = {analyte.code: analyte for analyte in trial.protocol.analytes}
    lexicon = load_lexicon()
    return lexicon.extended({code: analyte.names for code, analyte in own.items()}, own) if own else lexicon


def _source(name_or_path: str, extra: Sequence[Path]) -> Traversable:
    sources = _sources(extra)
    if name_or_path in sources:
        return sources[name_or_path]
    if name_or_path.endswith(SUFFIX) or os.sep in name_or_path:
        return Path(name_or_path)
    names = ", ".join(sources)
    raise TrialError(f"there is no trial `{name_or_path}`: name one of {names}, or the path of a trial file")


def _sources(extra: Sequence[Path]) -> dict[str, Traversable]:
    """The trial files known, by the name that they are loaded by: the file's own, without its ending."""
    paths = [*_package_trials(), *_environment_trials(), *extra]
    return {path.name.removesuffix(SUFFIX): path for path in paths}


def _package_folder() -> Traversable:
    return resources.files("bot.criteria") / "trials"


def _package_trials() -> Iterator[Traversable]:
    yield from sorted(
        (path for path in _package_folder().iterdir() if path.name.endswith(SUFFIX)), key=lambda path: path.name
    )


def _environment_trials() -> Iterator[Path]:
    for entry in re.split(rf"[,{re.escape(os.pathsep)}]", os.environ.get(EXTRA_TRIALS, "")):
        if entry.strip():
            yield Path(entry.strip())
