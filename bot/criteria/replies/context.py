"""What replies are read with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from bot.criteria.lexicon import Lexicon
from bot.criteria.protocol import Analyte, Respondent


@dataclass(frozen=True, slots=True)
class Context:
    """Who answers, on which day, and the words and analytes that there are."""

    lexicon: Lexicon
    analytes: Mapping[str, Analyte]
    respondent: Respondent
    today: dt.date
