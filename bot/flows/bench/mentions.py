"""Where a caption may name a candidate: an open code in whatever way it is written, or what has the form of one.

What is ordinary beside a number (a page, a day, a value with its unit) names nobody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_WORDS = """
page pages pag pagina paginas pg pp hoja hojas sheet slip part parte lab labs labor laboratorio of de from to
day days dia dias date fecha week weeks visit visita cycle ciclo photo foto picture image img pic
"""
_MONTHS = """
jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october nov november
dec december ene enero febrero marzo abr abril mayo junio julio ago agosto septiembre octubre noviembre dic diciembre
"""
_NAMING = """
patient paciente pt case caso candidate candidato code codigo id no nr num number subject sujeto and or y
"""
ORDINARY = frozenset((_WORDS + _MONTHS).split())
"""Words that stand before a number and make no code of it, though a code may begin with them."""

NAMING = frozenset(_NAMING.split())
"""Words after which a number alone may still be a code."""

_MONTH = "|".join(sorted(_MONTHS.split(), key=len, reverse=True))
_FILLER = r"(?:(?:number|no|nr|num)(?![a-z])|n[º°]|[第号编號編]{1,2})"
_GAP = rf"[\W_]*+(?:{_FILLER}[\W_]*+)?"
_DAY, _OF_YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_WHOLE_DATE = re.compile(
    rf"(?:19|20)\d\d([-./\s]){_OF_YEAR}\1{_DAY}(?!\d)|(?:19|20)\d\d\s*年|(?:19|20)\d{{6}}(?!\d)"
    rf"|(?:{_DAY}([-./\s]){_OF_YEAR}|{_OF_YEAR}([-./\s]){_DAY})(?:\2|\3)(?:19|20)\d\d(?!\d)"
    rf"|{_DAY}\.{_OF_YEAR}\.\d\d(?!\d)"
    rf"|{_DAY}(?:st|nd|rd|th)?[-.\s]*(?:of|de)?\s*(?:{_MONTH})(?![a-z])|\d{{1,2}}\s*[月日]",
    re.IGNORECASE,
)
_SHORT_DATE = re.compile(rf"(?:{_DAY}[./]{_OF_YEAR}|{_OF_YEAR}[./]{_DAY})(?!\d|[./]\d)")
_VALUE = re.compile(
    r"\d+(?:[.,]\d+)?\s*(?:%|％|°|\^|[⁰¹²³⁴-⁹]|[x×*]\s*10|(?:[munpkd]?(?:g|mol|l|kat|iu|u)|mm|cells?)\s*/\s*[a-zµ\d]|[uµμ]mol|[uµμ]kat"
    r"|(?:mg|kg|cm|mm|ml|mmhg|bpm|years|yrs|yo|a[nñ]os|months|days|weeks)(?![a-z\d])|[岁歲頁个天周])",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[-_]+[A-Za-z0-9]|[A-Za-z]|[./:,;+&\\]+\d")
_NEXT = re.compile(r"[\W_]*+(?:(?:and|or|to|y|o|e)(?![A-Za-z])|[和与或及])?[\W_]*+(?P<number>\d+)")
_BEFORE = re.compile(r"([A-Za-z]+)[\W_]*\Z")
_BETWEEN = re.compile(rf"(?<![A-Za-z]){_FILLER}", re.IGNORECASE)
NEAR = 40  # characters before a number among which a word is looked for
_PARTS = re.compile(r"[A-Za-z]+|\d+")


@dataclass(frozen=True, slots=True)
class Mention:
    """The characters `start` to `end` of a caption. `codes`: the open ones that it is; none where nobody has it.

    exact: it is written as the code is. clear: nothing beside it makes another code of it, or several.
    """

    start: int
    end: int
    codes: tuple[str, ...]
    exact: bool
    clear: bool


def plain(caption: str) -> str:
    """A caption whose letters, digits and dashes are plain, whatever keyboard wrote them; all else, such as 10⁹, stays."""
    return "".join(map(_plain, caption))


def _plain(character: str) -> str:
    category, form = unicodedata.category(character), unicodedata.normalize("NFKC", character)
    if category == "Cf":
        return ""
    if category == "Pd" or character in "−➖⁃":
        return "-"
    if category == "Nd":
        return str(unicodedata.digit(character))
    return form if category in ("Lu", "Ll") and form.isascii() and len(form) == 1 else character


def mentions(codes: Sequence[str], caption: str) -> list[Mention]:
    """The places of a plain caption where one of the open codes stands, or another of their form; the longest of each place."""
    found = sorted(
        {place for code in codes for place in _places(code, caption)}, key=lambda place: (place[0] - place[1], place)
    )
    taken: list[tuple[int, int]] = []
    for start, end in found:
        if all(end <= other or start >= other_end for other, other_end in taken):
            taken.append((start, end))
    told = (_mention(codes, caption, start, end) for start, end in sorted(taken))
    return [each for each in told if each is not None]


def _places(code: str, caption: str) -> Iterator[tuple[int, int]]:
    """Where something of the form of a code stands, or of its beginning up to a number; digits alone are as they are."""
    parts = _PARTS.findall(code)
    wholes = [parts[:size] for size in range(len(parts), 0, -1) if size == len(parts) or parts[size - 1].isdigit()]
    for whole in wholes:
        if code.isdigit() or not all(part.isdigit() for part in whole):
            form = _GAP.join(_form(part, place, code) for place, part in enumerate(whole))
            pattern = rf"(?<![A-Za-z0-9]){form}(?!{'[0-9]' if whole[-1].isdigit() else '[A-Za-z0-9]'})"
            for found in re.finditer(pattern, caption, re.IGNORECASE):
                yield found.span()


def _form(part: str, place: int, code: str) -> str:
    if part.isdigit():
        return part if code.isdigit() else r"\d+"
    if place and len(part) == 1:
        return "[A-Za-z]"
    return r"[\s.]?".join(part)


def _mention(codes: Sequence[str], caption: str, start: int, end: int) -> Mention | None:
    """What stands at a place. None where it is an ordinary word with its number, a day, or a value with its unit."""
    text = caption[start:end]
    exact = tuple(code for code in codes if code.casefold() == text.casefold())
    numbered = next((place for place, each in enumerate(text) if each.isdigit()), 0)
    alone = text.isdigit()
    if (alone or not exact) and _ordinary(codes, caption, start, start + numbered, text):
        return None
    same = exact or tuple(code for code in codes if _key(code) == _key(text))
    return Mention(start, end, same, bool(exact) and not alone, _clear(caption, start, end))


def _ordinary(codes: Sequence[str], caption: str, start: int, number: int, text: str) -> bool:
    word = text[: number - start] if number > start else (_word_before(caption, start) or "")
    letters = "".join(_parts(word))
    after = caption[number:]
    if letters in ORDINARY or _WHOLE_DATE.match(after) or _VALUE.match(after) or _in_date(caption, number):
        return True
    short = _SHORT_DATE.match(after)
    width = len(_PARTS.findall(after)[0]) if after else 0
    widths = {len(part) for code in codes for part in _PARTS.findall(code) if part.isdigit() and _alike(code, letters)}
    return short is not None and width not in widths


def _alike(code: str, letters: str) -> bool:
    return not letters or code.casefold().startswith(letters)


def _in_date(caption: str, place: int) -> bool:
    """Whether a number is the month, day or year of a day that begins before it."""
    dates = (*_WHOLE_DATE.finditer(caption), *_SHORT_DATE.finditer(caption))
    return any(found.start() < place < found.end() for found in dates)


def _word_before(caption: str, start: int) -> str | None:
    found = _BEFORE.search(caption[max(0, start - NEAR) : start])
    return None if found is None else found[1]


def _key(text: str) -> tuple[str, ...]:
    """The letters and the numbers of a code, without what stands between them."""
    kept = _parts(text)
    joined: list[str] = kept[:1]
    for before, part in pairwise(kept):
        if part.isalpha() and before.isalpha():
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)


def _parts(text: str) -> list[str]:
    """The letters and the numbers of a text, without what says that a number follows."""
    return [part.casefold() for part in _PARTS.findall(_BETWEEN.sub(" ", text))]


def _clear(caption: str, start: int, end: int) -> bool:
    """Whether a code ends where it seems to: no other word is joined to it, and no number follows that is one more."""
    before, after = caption[max(0, start - NEAR) : start], caption[end:]
    if re.search(r"[A-Za-z0-9][-_]+\Z", before):
        return False
    if caption[start:end].isdigit():
        word = _word_before(caption, start)
        if word is not None and word.casefold() not in NAMING:
            return False
    following = _NEXT.match(after)
    if following is not None:
        number = after[following.start("number") :]
        if _WHOLE_DATE.match(number):
            return bool(following.start("number")) and not re.match(r"[-_./]\d", after)
        width = len(_PARTS.findall(caption[start:end])[-1])
        if len(following["number"]) == width and not _VALUE.match(number) and not _SHORT_DATE.match(number):
            return False
    return _TAIL.match(after) is None
