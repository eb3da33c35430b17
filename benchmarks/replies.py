"""Reading replies: how fast, and how many are misread, beside a general reader of quantities on the same replies.

`python benchmarks/replies.py`
"""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Callable, Sequence
from fractions import Fraction

from bot.criteria.protocol import Kind
from bot.library.words import load_lexicon
from tests.replies.asking import QUESTIONS, ask
from tests.replies.corpus import Case, cases

ROUNDS = 5
PEER_REPLIES = 400  # the peer is slow
SLOWEST = 8
CLOSE = 1e-6
SCRAPS = (
    "9",
    "1-",
    "9.",
    "9 .",
    "hb 9 ",
    "(",
    "a",
    "no ",
    "不",
    "1/",
    "ULN x ",
    "ref of the ",
    "<",
    "Nov 20 ",
    "-",
    "1g^",
    "mg/",
)


def main() -> None:
    """Print the figures."""
    load_lexicon()
    corpus = [case for case in cases() if len(case.reply) <= 200 and case.question != "slip"]
    print(f"{len(corpus)} replies to a single question")
    print(f"ours: median {statistics.median(_times(corpus)):.0f} µs, {sum(case.misread for case in corpus)} misread")
    _peer([case for case in corpus if QUESTIONS[case.question].kind == Kind.QUANTITY][:PEER_REPLIES])
    _slowest()


def _times(corpus: Sequence[Case]) -> list[float]:
    """Microseconds for each reply, in each round."""
    return [_microseconds(lambda case=case: ask(case.question, case.reply)) for _ in range(ROUNDS) for case in corpus]


def _microseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1e6


def _peer(corpus: Sequence[Case]) -> None:
    """quantulum3 on the quantities: it finds numbers and units, and knows of no question, limit or doubt."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from quantulum3 import parser

        parser.parse("1 g/L")
        times, misread, unasked = [], 0, 0
        for case in corpus:
            start = time.perf_counter()
            found = parser.parse(case.reply)
            times.append((time.perf_counter() - start) * 1e6)
            wrong = bool(found) and not _meant(case, [quantity.value for quantity in found])
            misread += wrong and "standard" in case.wanted
            unasked += wrong and "standard" not in case.wanted
    print(f"quantulum3 on {len(corpus)} of them: median {statistics.median(times):.0f} µs, {misread} misread,")
    print(f"  and a number taken in {unasked} replies that must be asked about or turned down")


def _meant(case: Case, values: Sequence[float]) -> bool:
    """Whether the first number found is the accepted value, in any unit of the analyte."""
    standard = case.wanted.get("standard")
    if standard is None:
        return False
    factors = [unit.factor for unit in load_lexicon().analytes[case.question].units]
    wanted = [bound for bound in (standard["low"], standard["high"]) if bound is not None]
    return any(abs(Fraction(values[0]) * factor - Fraction(bound)) <= CLOSE for factor in factors for bound in wanted)


def _slowest() -> None:
    """The slowest of long replies made of one scrap, over all questions."""
    found = []
    for scrap in SCRAPS:
        for length in (200, 4096, 100_000):
            reply = (scrap * length)[:length]
            found += [(_microseconds(lambda q=q, r=reply: ask(q, r)), scrap, length, q) for q in (*QUESTIONS, "slip")]
    print("slowest:")
    for microseconds, scrap, length, question in sorted(found, reverse=True)[:SLOWEST]:
        print(f"  {microseconds / 1000:6.1f} ms  {scrap!r} to {length} characters, asked for {question}")


if __name__ == "__main__":
    main()
