"""What stands around a result and may change what it means: more of its name on another line, a heading that names
another specimen, words of a note. A row that reads well by itself can still be none of today's blood.
"""

from __future__ import annotations

import re

from bot.flows.photographed import Doubt
from bot.photo.headings import headings_of
from bot.photo.layout import Kind, Record, kind_of
from bot.photo.names import codes_of
from bot.photo.printed import Printed, text_of, wholes

NEXT_LINE = 2.2  # heights to a line that may hold more of a name
INDENT = 3.0  # heights by which that line may begin before or after the name
ALIGNED = 1.5  # heights between the edges or middles of values that stand in one column
SLANT = 0.06  # of the way up or down: a column leans where the page is seen from a corner
UNALIGNED = 0.5  # of the results of a page: where more stand in no column, none has to
FEWEST = 4  # results that make columns
_NOT_BLOOD = re.compile(
    r"(?<![a-z])urin(?!g)|(?<![a-z])(?:uro|uri)an[aá]l|(?<![a-z])orina(?![a-z])|(?<!泌)尿(?!素|酸|毒)"
    r"|(?<![a-z])(?:csf|lcr)(?![a-z])|cerebrospinal|cefalorra|脑脊液|pleural|peritoneal|ascit|[胸腹]水|引流液|羊水|amniotic"
    r"|stool|f[ae]?eces|f[ae]?ecal|heces|fecal|粪|大便|sweat|saliva|唾液|dialys|body fluid|sinovial|synovial",
    re.IGNORECASE,
)
_BLOOD = re.compile(
    r"serum|plasma|(?<![a-z])blood|suero|sangre|s[ée]ric|ha?ematolog|hemogram|(?<![a-z])cbc(?![a-z])|血", re.IGNORECASE
)
_PANEL = re.compile(
    r"chemistry|metabolic|liver|hepat|bioqu[ií]mica|hep[aá]tic|lipid|coagul|生化|肝功|凝血", re.IGNORECASE
)
_OF_A_NOTE = re.compile(
    r"(?<![a-z])(?:note|nota|previous\w*|prior|target|goal|critical|alert|if|repeat\w*|comments?|interpretation|cut-?off|baseline"
    r"|pending|pendiente|ha?emoly\w*|hemoliz\w*|not performed|tnp|qns|insufficient|objetivo|cr[ií]tic[oa]s?|previ[ao]|anterior"
    r"|[uú]ltim[oa]|meta|see|v[eé]ase|repetir|si)(?![a-z])|备注|注[:：]|上次|前次|既往|历史|危急|目标|建议|待[报查检]|溶血|见注",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"(?<![a-z])(?:is|are|was|be|to|the|should|may|within|if|on|suggests?|debe|puede|repetirse|sugiere|se|es)(?![a-z])|建议|复查|通知",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(  # letters and words that make a name another one, where the word lists have no such name
    r"(?<![A-Za-z.])[DUI](?![A-Za-z./])|(?<!\d)24\s?-?h|24小时|neonat|新生儿|distribution|reticul|bart|隐血|潜血|便"
)


def doubts_around(lines: list[list[Printed]], records: list[Record], wanted: list[Record]) -> dict[int, set[Doubt]]:
    """What is doubtful about each result that a trial can ask for by what stands around it, by the record's id."""
    placed = _places(lines, records)
    elsewhere = _of_another_specimen(lines, records, placed)
    unaligned = _unaligned(records)
    ranged = any(record.range for record in records)
    found: dict[int, set[Doubt]] = {}
    for record in wanted:
        doubts: set[Doubt] = set()
        name = text_of(record.name)
        unsure = _OF_A_NOTE.search(name) or _OTHERWISE.search(name) or _SENTENCE.search(text_of(record.others))
        if unsure or id(record) in elsewhere or _goes_on(record, lines, placed):
            doubts.add(Doubt.NAME)
        if id(record) in unaligned or (ranged and _is_bound_alone(record)):
            doubts.add(Doubt.CROWDED)
        found[id(record)] = doubts
    return found


def _places(lines: list[list[Printed]], records: list[Record]) -> dict[int, int]:
    """The number of the line on which each result stands, by the record's id."""
    line_of = {id(piece): number for number, line in enumerate(lines) for piece in line}
    found: dict[int, int] = {}
    for record in records:
        numbers = [line_of[id(whole)] for whole in wholes(record.name) if id(whole) in line_of]
        if numbers:
            found[id(record)] = numbers[0]
    return found


def _goes_on(record: Record, lines: list[list[Printed]], placed: dict[int, int]) -> bool:
    """Whether a line above or below holds more of the name, and makes it another one: `direct` below `Bilirubin`."""
    here = placed.get(id(record))
    if here is None:
        return False
    name = text_of(record.name)
    above = _beside_name(record, lines[here - 1]) if here else ""
    below = _beside_name(record, lines[here + 1]) if here + 1 < len(lines) else ""
    together = (f"{above} {name}", f"{name} {below}", f"{above} {name} {below}")
    return any(codes_of(text.strip()) != codes_of(name) for text in together)


def _beside_name(record: Record, line: list[Printed]) -> str:
    """The words of a near line that stand above or below a name; none where that line is a row of its own."""
    first, value = record.name[0], record.value[0]
    if abs(line[0].level - first.level) > NEXT_LINE * first.height or headings_of(line):
        return ""
    right = max(piece.right for piece in record.pieces)
    inside = [piece for piece in line if first.left - INDENT * first.height < piece.left < right]
    if any(piece.right > value.left for piece in inside) or not inside:
        return ""
    if abs(inside[0].left - first.left) > INDENT * first.height:
        return ""
    return text_of(inside)


def _of_another_specimen(lines: list[list[Printed]], records: list[Record], placed: dict[int, int]) -> set[int]:
    """The ids of the results of what is not blood: a heading above says so, or a word in the row itself."""
    rows: dict[int, list[Record]] = {}
    for record in records:
        if id(record) in placed:
            rows.setdefault(placed[id(record)], []).append(record)
    found: set[int] = set()
    apart = with_rows = False
    for number, line in enumerate(lines):
        here = rows.get(number, [])
        text = text_of(line)
        if here:
            with_rows = True
            found |= {id(each) for each in here if apart or _NOT_BLOOD.search(text_of([*each.name, *each.others]))}
        elif _NOT_BLOOD.search(text):
            apart, with_rows = not _BLOOD.search(text), False
        elif _BLOOD.search(text) or (with_rows and _PANEL.search(text)):
            apart = False
    return found


def _unaligned(records: list[Record]) -> set[int]:
    """The ids of results whose value stands in no column, on a page whose values do: a number of a note, or a limit.

    A value in the second column of numbers, where it is the only one of its row, may be an earlier one.
    """
    listed = sum(text_of(record.name).endswith(":") for record in records)  # `ALT: 31 U/L`: a value where the name ends
    if len(records) < FEWEST or listed > UNALIGNED * len(records):
        return set()
    alone = {id(record) for record in records if not _in_line(record, records)}
    return alone if len(alone) <= UNALIGNED * len(records) else set()


def _in_line(record: Record, records: list[Record]) -> bool:
    value = record.value[0]
    others = [each for each in records if each is not record]
    firsts = [each for each in others if _aligned(each.value[0], value)]
    seconds = [each for each in others if len(each.value) > 1 and _aligned(each.value[1], value)]
    return bool(firsts) and len(seconds) < len(firsts)


def _apart(value: Printed, other: Printed) -> float:
    return abs(value.level - other.level)


def _aligned(value: Printed, other: Printed) -> bool:
    middles = abs(value.left + value.right - other.left - other.right) / 2
    off = min(abs(value.left - other.left), middles, abs(value.right - other.right))
    return off < ALIGNED * value.height + SLANT * _apart(value, other)


def _is_bound_alone(record: Record) -> bool:
    """Whether the only number of a row is a limit by its looks: `< 1.2` where the result itself is not printed."""
    return not record.range and len(record.value) == 1 and kind_of(record.value[0].text) is Kind.BOUND
