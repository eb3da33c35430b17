"""How many candidates a second `prescreen screen` takes on one core, and where the time goes.

Run: python -m benchmarks.screen [COUNT]
"""

from __future__ import annotations

import cProfile
import datetime as dt
import json
import pstats
import random
import sys
import time
from collections.abc import Iterable

from bot.cli.screen import Screen, results, screener

COUNT = 5_000
TODAY = dt.date(2026, 11, 22)
SHOWN = 15
STAGES = {"read": "reading replies", "assess": "findings and verdict", "assessment_json": "evidence"}


def candidates(count: int) -> list[bytes]:
    """Invented candidates, each with some twenty replies as people type them; the same ones every time."""
    chance = random.Random(4)  # noqa: S311 - nothing secret
    return [json.dumps(_candidate(chance), ensure_ascii=False).encode() for _ in range(count)]


def _candidate(chance: random.Random) -> dict[str, str]:
    def say(*replies: str) -> str:
        return chance.choice(replies)

    def number(low: float, high: float, digits: int = 1) -> str:
        return f"{chance.uniform(low, high):.{digits}f}"

    return {
        "respondent": say("patient", "caregiver", "staff"),
        "age": say(f"{number(1, 80, 0)} years", f"19{number(40, 99, 0)}-05-03", f"{number(25, 70, 0)}岁"),
        "sex": say("female", "male", "女", "mujer"),
        "gene_therapy": say("no", "no", "没有", "yes"),
        "hiv": say("no", "nope", "不是", "don't know"),
        "hcv": say("no", "no", "unknown"),
        "pregnancy": say("no", "yes"),
        "cd7": say("yes", "sí", "是", "not sure"),
        "kps": say("90", "KPS 100", "80"),
        "infection": say("no", "yes"),
        "steroid": say("no", "yes"),
        "steroid_last_dose": say("3 days ago", f"2026-11-{number(10, 21, 0)}", "昨天"),
        "consent": say("yes", "claro"),
        "lvef": say(f"{number(40, 70, 0)} %", "55-60", "EF 60%"),
        "spo2": say(f"{number(85, 100, 0)}%", f"{number(88, 99, 0)} on room air"),
        "hemoglobin": say(
            f"{number(6, 15)} g/dL", f"Hb {number(60, 150, 0)} g/L (115-150)", f"血红蛋白{number(60, 150, 0)}克/升"
        ),
        "bilirubin": say(f"{number(5, 45)} umol/L", f"{number(0.2, 3)} mg/dL"),
        "creatinine": say(f"{number(40, 250, 0)} umol/L (45-104)", f"{number(0.5, 3)} mg/dL H"),
        "ast": say(f"{number(10, 200, 0)} U/L", f"AST: {number(10, 200, 0)} IU/L (Ref: 5 - 40)"),
        "alt": say(f"{number(10, 200, 0)} U/L (9-50)", "2x ULN"),
        "ast_uln": say("40", "15-40 U/L"),
    }


def run(lines: Iterable[bytes], screen: Screen) -> None:
    """Screen all lines, down to the text that is printed."""
    for result in results(lines, screen):
        json.dumps(result, ensure_ascii=False)


def main(count: int) -> None:
    """Print the rate, the share of each stage, and the functions that take longest."""
    lines, screen = candidates(count), screener("4scar7u", "en", TODAY)
    run(lines[:100], screen)
    start = time.process_time()
    run(lines, screen)
    seconds = time.process_time() - start
    print(f"{count} candidates in {seconds:.2f} s of one core: {count / seconds:.0f} a second")
    profile = cProfile.Profile()
    profile.runcall(run, lines[: count // 5], screen)
    stats = pstats.Stats(profile)
    _print_shares(stats)
    stats.sort_stats("tottime").print_stats(SHOWN)


def _print_shares(stats: pstats.Stats) -> None:
    functions = stats.get_stats_profile().func_profiles
    whole = functions["results"].cumtime
    for name, stage in STAGES.items():
        print(f"{stage}: {functions[name].cumtime / whole:.0%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
