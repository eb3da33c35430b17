"""The stages of a referral: every pair of stage and action either is a way of the table or is refused."""

from __future__ import annotations

import itertools

import pytest

from bot.flows.handoff.stages import ENDED, TASK_STATUS, WAYS, Action, IllegalStepError, Stage, possible, step


@pytest.mark.parametrize(("stage", "action"), list(itertools.product(Stage, Action)))
def test_every_pair_is_in_the_table_or_refused(stage: Stage, action: Action) -> None:
    """What the table has is done, and nothing else."""
    ways = [way.dest for way in WAYS if (way.source, way.action) == (stage, action)]
    if ways:
        assert [step(stage, action)] == ways
    else:
        with pytest.raises(IllegalStepError, match=f"'{action}'.*'{stage}'"):
            step(stage, action)


def test_every_stage_is_reached_and_has_a_task_status() -> None:
    """No stage stands alone, and each is a status of a FHIR Task."""
    assert {way.dest for way in WAYS} | {Stage.REQUESTED} == set(Stage) == set(TASK_STATUS)


def test_a_person_can_withdraw_at_any_stage() -> None:
    """Also when all is over."""
    assert all(step(stage, Action.WITHDRAW) is Stage.WITHDRAWN for stage in Stage if stage is not Stage.WITHDRAWN)


def test_nothing_leads_on_from_a_withdrawn_or_closed_referral() -> None:
    """They stay as they are, but for the person's own withdrawal."""
    assert possible(Stage.WITHDRAWN) == possible(Stage.CLOSED) == ()
    assert set(ENDED) >= {Stage.WITHDRAWN, Stage.CLOSED}
