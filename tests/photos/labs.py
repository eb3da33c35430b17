"""Ten invented laboratories, each with its own way of printing a slip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

A4 = (1240, 1754)  # a page at 150 dots an inch: the drawing unit of every slip
A5_LANDSCAPE = (1240, 877)
THERMAL = (480, 1100)


@dataclass(frozen=True)
class Column:
    """A column of a table: what stands in it, its head, where, as a share of the table's width, and its alignment."""

    kind: str
    head: str
    at: float
    align: str = "l"


@dataclass(frozen=True)
class Lab:
    """How a laboratory prints: language, paper, face, tables, and its spelling of flags, ranges and units."""

    key: str
    language: str
    heading: str
    columns: tuple[Column, ...]
    size: tuple[int, int] = A4
    face: str = "DejaVu Sans"
    text: float = 23
    pitch: float = 46
    arrangement: str = "one"  # one table, `beside` or `below` each other
    rules: str = "none"  # `rows`, `grid`, `leader`
    name: str = "{name}"
    system: str = "si"
    high: str = "H"
    low: str = "L"
    ranges: tuple[str, ...] = ("{low}-{high}",)
    units: Mapping[str, str] = field(default_factory=dict)
    decimal: str = "."
    date: str = "%Y-%m-%d"
    stamped: bool = False
    others: tuple[int, int] = (6, 9)  # further tests: of the blood count, of the biochemistry


def _columns(*columns: tuple[str, str, float] | tuple[str, str, float, str]) -> tuple[Column, ...]:
    return tuple(Column(*column) for column in columns)


_CHINESE_UNITS = {"umol/L": "μmol/L"}

LABS = (
    Lab(
        "zh-grid",
        "zh",
        "云岭市第九人民医院检验报告单",
        _columns(
            ("number", "序号", 0.01),
            ("name", "项目", 0.08),
            ("result", "结果", 0.50, "r"),
            ("flag", "提示", 0.55),
            ("unit", "单位", 0.65),
            ("range", "参考范围", 0.80),
        ),
        face="Noto Serif CJK SC",
        rules="grid",
        name="{name}({code})",
        high="↑",
        low="↓",
        ranges=("{low}-{high}", "{low}--{high}"),
        units=_CHINESE_UNITS,
        stamped=True,
    ),
    Lab(
        "zh-beside",
        "zh",
        "青河区中心医院 检验报告单",
        _columns(
            ("name", "项目名称", 0.0),
            ("result", "结果", 0.56, "r"),
            ("flag", "", 0.57),
            ("unit", "单位", 0.64),
            ("range", "参考值", 0.80),
        ),
        size=A5_LANDSCAPE,
        face="Noto Sans CJK SC",
        text=18,
        pitch=36,
        arrangement="beside",
        name="{name}",
        high="↑",
        low="↓",
        ranges=("{low}～{high}", "≤{high}"),
        units=_CHINESE_UNITS,
        stamped=True,
        others=(7, 7),
    ),
    Lab(
        "zh-thermal",
        "zh",
        "康和社区卫生服务中心",
        _columns(
            ("code", "项目", 0.0),
            ("result", "结果", 0.40, "r"),
            ("flag", "", 0.42),
            ("unit", "单位", 0.48),
            ("range", "参考", 0.72),
        ),
        size=THERMAL,
        face="Noto Sans Mono CJK SC",
        text=20,
        pitch=38,
        high="*",
        low="*",
        ranges=("{low}-{high}",),
        others=(4, 5),
    ),
    Lab(
        "zh-en",
        "zh",
        "海棠国际医院 Haitang International Hospital",
        _columns(
            ("code", "Code", 0.0),
            ("name", "项目 Test", 0.11),
            ("result", "结果 Result", 0.50, "r"),
            ("flag", "提示", 0.53),
            ("range", "参考区间 Reference", 0.60),
            ("unit", "单位 Unit", 0.86),
        ),
        face="Noto Sans CJK SC",
        arrangement="below",
        rules="rows",
        high="H",
        low="L",
        ranges=("{low}–{high}", "{low} - {high}"),
        units=_CHINESE_UNITS,
    ),
    Lab(
        "en-columns",
        "en",
        "Fernbrook Regional Laboratory",
        _columns(
            ("name", "Test", 0.0),
            ("result", "Result", 0.48, "r"),
            ("flag", "Flag", 0.53),
            ("unit", "Units", 0.63),
            ("range", "Reference Interval", 0.78),
        ),
        name="{name}",
        system="conventional",
        ranges=("{low} - {high}", "{low}-{high}"),
        date="%d-%b-%Y",
    ),
    Lab(
        "en-leader",
        "en",
        "Old Mill Diagnostics",
        _columns(("name", "", 0.0), ("result", "", 0.56, "l"), ("unit", "", 0.68), ("range", "", 0.80)),
        face="DejaVu Sans Mono",
        text=20,
        pitch=44,
        rules="leader",
        name="{name} ({code})",
        system="conventional",
        high=" H",
        low=" L",
        ranges=("({low} - {high})", "(<= {high})"),
        date="%b %d, %Y",
    ),
    Lab(
        "en-rows",
        "en",
        "St Aldhelm's NHS Pathology",
        _columns(
            ("name", "Test", 0.0),
            ("flag", "", 0.42),
            ("result", "Result", 0.53, "r"),
            ("unit", "Unit", 0.57),
            ("range", "Ref. range", 0.77),
        ),
        face="DejaVu Serif",
        rules="rows",
        arrangement="below",
        high="*",
        low="*",
        ranges=("{low} - {high}", "≤{high}", "0–{high}"),
        units={"U/L": "IU/L", "umol/L": "µmol/L"},
        date="%d %b %Y",
    ),
    Lab(
        "en-previous",
        "en",
        "Larkspur Cancer Center Laboratory",
        _columns(
            ("name", "Component", 0.0),
            ("result", "Result", 0.45, "r"),
            ("flag", "", 0.48),
            ("previous", "Previous", 0.60, "r"),
            ("unit", "Units", 0.66),
            ("range", "Reference Range", 0.80),
        ),
        text=20,
        rules="grid",
        name="{name}",
        system="conventional",
        ranges=("{low} - {high}",),
        date="%m/%d/%Y",
    ),
    Lab(
        "es-rows",
        "es",
        "Laboratorio Clínico Los Almendros",
        _columns(
            ("name", "Prueba", 0.0),
            ("result", "Resultado", 0.50, "r"),
            ("flag", "", 0.52),
            ("unit", "Unidades", 0.60),
            ("range", "Valores de referencia", 0.73),
        ),
        rules="rows",
        system="conventional",
        high="↑",
        low="↓",
        ranges=("{low} - {high}", "{low} a {high}"),
        decimal=",",
        date="%d/%m/%Y",
    ),
    Lab(
        "es-below",
        "es",
        "Hospital Comarcal de Valdeverde",
        _columns(
            ("name", "Determinación", 0.0),
            ("range", "Intervalo de ref.", 0.45),
            ("result", "Resultado", 0.80, "r"),
            ("flag", "", 0.81),
            ("unit", "Unidad", 0.86),
        ),
        face="DejaVu Serif",
        arrangement="below",
        name="{code} {name}",
        system="si",
        high="*",
        low="*",
        ranges=("[{low} - {high}]", "{low}-{high}"),
        decimal=",",
        date="%d/%m/%Y",
    ),
)

BY_KEY = {lab.key: lab for lab in LABS}

# What stands above and below the tables, by language: {…} are filled in from the slip.
HEADINGS = {
    "zh": (
        ("姓名：{person}", "性别：{sex}", "年龄：{age}岁"),
        ("样本号：{sample}", "标本：血清", "科别：血液科"),
        ("采集时间：{collected} {hour}", "报告时间：{reported}"),
    ),
    "en": (
        ("Patient: {person}", "Sex: {sex}", "DOB: {born}"),
        ("Sample ID: {sample}", "Specimen: serum", "Ward: 4B"),
        ("Collected: {collected} {hour}", "Reported: {reported}"),
    ),
    "es": (
        ("Paciente: {person}", "Sexo: {sex}", "F. nac.: {born}"),
        ("N.º de muestra: {sample}", "Muestra: suero", "Servicio: 4B"),
        ("Fecha de toma: {collected} {hour}", "Fecha de informe: {reported}"),
    ),
}
FOOTERS = {
    "zh": "检验者：沈梧桐   审核者：陆青禾   仅对本次标本负责",
    "en": "Validated electronically by R. Ashdown    Page 1 of 1",
    "es": "Validado por la Dra. I. Robledal    Página 1 de 1",
}
GROUPS = {
    "zh": {"count": "血常规", "chemistry": "生化全套"},
    "en": {"count": "FULL BLOOD COUNT", "chemistry": "BIOCHEMISTRY"},
    "es": {"count": "HEMATOLOGÍA", "chemistry": "BIOQUÍMICA"},
}
PEOPLE = {
    "zh": ("林晓岚", "贺子墨", "温若溪", "邵明远"),
    "en": ("Wren Hollis", "Tobias Fairley", "Ada Merriden", "Joss Penrow"),
    "es": ("Lucía Montalvo", "Bruno Salcedo", "Inés Valbuena", "Hugo Ferrán"),
}
SEXES = {"zh": ("女", "男"), "en": ("F", "M"), "es": ("M", "H")}
