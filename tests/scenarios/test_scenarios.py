"""Whole conversations, stored and reloaded between every two replies, event by event."""

from __future__ import annotations

import json

import pytest

from tests.scenarios.runner import lines_of, names, played

FEWEST = 25


def test_there_are_enough_scenarios_and_each_says_why() -> None:
    """No scenario file has gone missing, and none is without a reason."""
    assert len(names()) >= FEWEST
    assert all(lines_of(name)[0]["why"] for name in names())


@pytest.mark.parametrize("name", names())
def test_scenario(name: str) -> None:
    """Its inputs lead to just the events that are written down."""
    written = lines_of(name)
    assert [json.loads(json.dumps(line)) for line in played(written)] == written
