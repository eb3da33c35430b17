"""What became of a step at the desk."""

from __future__ import annotations

import pytest

from bot.channels.desk.steps import answers


@pytest.mark.parametrize(
    ("choice", "event", "told"),
    [
        ("claim.R-1", "card_shown", False),  # somebody else was faster: that it is taken follows
        ("claim.R-1", "desk.refused.taken", True),
        ("claim.R-1", "contact_shown", True),
        ("contact.R-1", "card_shown", True),
    ],
)
def test_who_claims_is_not_answered_by_the_card_alone(choice: str, event: str, told: bool) -> None:
    """The card also changes for those who have it open when somebody else claims it."""
    assert answers({"event": event, "reference": "R-1"}, choice, "R-1") is told
    assert not answers({"event": event, "reference": "R-2"}, choice, "R-1")
