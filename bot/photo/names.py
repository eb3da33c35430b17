"""What the words of a slip name: an analyte, a person, a day. The analytes' names are those of the word lists."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from bot.criteria.lexicon.characters import fold
from bot.criteria.lexicon.senses import Sense
from bot.criteria.replies.parts import mark
from bot.criteria.replies.sections import divide
from bot.library.words import load_analytes, load_lexicon

PERSON = re.compile(
    r"姓\s*名|患者|病人|住院号|病历号|病案号|门诊号|就诊号|登记号|卡号|床号|身份证|电话|条码|样本号|标本号|样本编号|联系"
    r"|\bpatient|\bname\b|\bmrn\b|\bid\b|\bd\.?o\.?b\b|date of birth|sample (no|id)|specimen (no|id)|accession|phone|address"
    r"|paciente|nombre|apellido|historia|\bhcl?\b|\bdni\b|cédula|documento|(?<!toma de )(?<!extracci[oó]n de )(?<!obtenci[oó]n de )muestra|muestra\s*(?:n|id|c[oó]d)|tel[eé]fono|nac\.|nacimiento|domicilio|出生",
    re.IGNORECASE,
)
_COLLECTED = re.compile(
    r"采样|采集|采血|抽血|取样|collect|drawn|sampled|specimen date|toma(?:da)?(?!\w)|extracci[oó]n|obtenci[oó]n",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"报告|检验日期|检测日期|审核|接收|收样|签收|送检|申请|打印"
    r"|report|result date|received|receipt|printed|request|ordered|validated|verified"
    r"|informe|emisi[oó]n|resultado|recepci[oó]n|recibid|impres|solicitud|validaci[oó]n",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"previous|prior|(?<![a-z])last(?! ?name)|earlier|next|anterior|[uú]ltim[oa]|previ[oa]|pr[oó]xim[oa]|[上前下]一?次|历史|既往",
    re.IGNORECASE,
)
_NEAR = re.compile(r"[^\d:：]{0,25}$")  # before a label, what belongs to it
_KINDS = (("collected", _COLLECTED), ("other", _OTHERWISE))
_LABEL_ENDS = re.compile(r"(?<!\d)[:：]")  # and not the colon of `08:12`
_ISO = re.compile(r"(20\d\d)\s?[-./年]\s?(\d{1,2})\s?[-./月]\s?(\d{1,2})(?=\D|\d\d:|$)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[-./](\d{1,2})[-./](20\d\d)(?=\D|\d\d:|$)")
_ANY_DAY = re.compile(_DAY_FIRST.pattern.replace("20", "(?:19|20)"))  # of birth as well
_UNSLASHED = re.compile(r"(?P<above>[A-Za-zμ]{1,5}?[1|!7]?)(?P<below>d?L)", re.IGNORECASE)
_RUN_TOGETHER = re.compile(
    r"(?<![A-Za-z])(?:(alanin[ea]|aspartat[eo])(amino|trans)"
    r"|(total|serum)(bilirubin|creatinine)|(bilirr?ubina?)(total))",
    re.IGNORECASE,
)
_AS_SLASH = "1Il|!7"  # as which a slash is read
_OCTOBER = re.compile(r"(?<!\d)0ct", re.IGNORECASE)  # as print is misread
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPELLED = re.compile(
    r"(?<!\d)(\d{1,2})[\s-]?([A-Za-z]{3})[a-z]*[\s.,-]*(20\d\d)(?=\D|\d\d:|$)|([A-Za-z]{3})[a-z]*[\s.]*(\d{1,2}),?\s?(20\d\d)(?=\D|\d\d:|$)"
)


def spaced(name: str) -> str:
    """A name of which the print has lost its blanks (`BilirubinTotal`), with them, where it can be no other."""
    return _RUN_TOGETHER.sub(lambda found: " ".join(filter(None, found.groups())), name)


@cache
def codes_of(name: str) -> frozenset[str]:
    """The analytes that a printed name may mean; none where it means none that a trial can ask for, or several at once."""
    known = load_analytes()
    sections = divide(mark(fold(spaced(name)), load_lexicon()))
    found = {code for code in known for section in sections if section.means(code)}
    mixed = any(section.mixed or section.other for section in sections)
    return frozenset() if mixed else frozenset(found)


@cache
def unit_known(unit: str, code: str) -> bool:
    """Whether a printed unit is one in which the analyte is reported, whole and in a spelling of the word lists."""
    spelled = {each for part in mark(fold(unit), load_lexicon()) for each in part.senses.get(Sense.UNIT, ())}
    return any(each.code in spelled for each in load_analytes()[code].units)


@cache
def spelled(unit: str, code: str) -> str | None:
    """The analyte's unit that print of which a letter was read as its like means (`μmo1/L`, `mg/di`); None where it is none."""
    if unit_known(unit, code) and not unit[0].isdigit():
        return None
    made = re.sub(r"(?<=mo)[1Ii|!]", "l", unit)
    made = re.sub(r"(?<=/)d[1Ii|!]$", "dL", re.sub(r"^[1l|!](?=U/)", "I", made))
    return made if made != unit and unit_known(made, code) else None


@cache
def slashed(text: str, code: str) -> str | None:
    """The analyte's unit of which print has lost the slash or shows a letter in its place (`UL`, `U1L`); None where it is none."""
    found = _UNSLASHED.fullmatch(text)
    made = (
        [f"{above}/{found['below']}" for above in (found["above"].rstrip(_AS_SLASH), found["above"])] if found else []
    )
    return next((unit for unit in made if unit_known(unit, code)), None)


def of_person(text: str) -> bool:
    """Whether the words are about who the person is."""
    return bool(PERSON.search(text))


def month_first(text: str) -> bool | None:
    """Whether days in a text are written month first; None where none of them tells, or they differ."""
    orders = {
        int(second) > 12 for first, second, _ in _ANY_DAY.findall(text) if (int(first) > 12) != (int(second) > 12)
    }
    return orders.pop() if len(orders) == 1 else None


def days_in(text: str, *, month_leads: bool | None = None) -> list[dt.date | None]:
    """The days that a text names, in order; None for one that can be read two ways, or that is none."""
    text = _OCTOBER.sub("Oct", text)
    iso = [_day(*map(int, found)) for found in _ISO.findall(text)]
    slashed = [_either(int(day), int(month), int(year), month_leads) for day, month, year in _DAY_FIRST.findall(text)]
    return iso + slashed + _spelled(text)


def _spelled(text: str) -> list[dt.date | None]:
    found: list[dt.date | None] = []
    for day, month, year, month_first, day_after, year_after in _SPELLED.findall(text):
        name = (month or month_first).lower()
        if name in _MONTHS:
            found.append(_day(int(year or year_after), _MONTHS.index(name) + 1, int(day or day_after)))
    return found


def _either(first: int, second: int, year: int, month_leads: bool | None) -> dt.date | None:  # noqa: FBT001 - of one page
    """`20/11/2026`; none where both could be the month and no other day on the page tells."""
    if first <= 12 and second <= 12 and month_leads is not None:
        return _day(year, first, second) if month_leads else _day(year, second, first)
    if first == second or second > 12:
        return _day(year, first, second)
    return _day(year, second, first) if first > 12 else None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def dated(text: str, *, month_leads: bool | None = None) -> list[tuple[str, dt.date | None]]:
    """The days that a line gives: each `collected` or `other` (of the report, of arrival), and None where it is in doubt.

    month_leads: how other days on the page are written, where they tell.
    """
    labels = sorted((label.start(), kind) for kind, pattern in _KINDS for label in pattern.finditer(text))
    ends = [*(start for start, _ in labels[1:]), len(text)][: len(labels)]
    found: list[tuple[str, dt.date | None]] = []
    for (start, kind), end in zip(labels, ends, strict=True):
        labelled = PERSON.split(text[start:end], maxsplit=1)[0]
        said = ":".join(_LABEL_ENDS.split(labelled)[:2])  # a day after a second label is another's
        whose = "other" if _of_another_sample(text[:start], labelled) else kind
        found += [(whose, day) for day in days_in(said, month_leads=month_leads)[:1]]
    return found


def _of_another_sample(before: str, labelled: str) -> bool:
    """Whether a label speaks of an earlier or a later sample: `Previous sample collected`, `Toma anterior`."""
    near = _NEAR.search(before)
    return bool(_EARLIER.search(re.split(r"\d", f"{near[0] if near else ''}{labelled}")[0]))
