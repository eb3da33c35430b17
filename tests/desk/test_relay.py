"""Messages between who holds a referral and the candidate: for these two alone, and as long as it is open."""

from __future__ import annotations

import uuid

from tests.desk.at_work import forms, shows, step, write
from tests.desk.candidates import referred
from tests.desk.members import Office


def test_a_message_goes_to_the_person_of_its_own_card(office: Office) -> None:
    """Whoever else is open in another page: the text goes with the referral it was written on."""
    first, second = referred(office), referred(office)
    member = office.member("coordinator", "Two cards", "haikou")
    for candidate in (first, second):
        step(member, candidate.reference, "claim", str(uuid.uuid4()))
    write(member, second.reference, "For the second")
    write(member, first.reference, "For the first.with.dots")
    assert first.hears("For the first.with.dots")
    assert second.hears("For the second")
    assert "For the second" not in first.page


def test_only_who_holds_it_writes_and_only_while_it_is_open(office: Office) -> None:
    """Others are told to claim it first; after the end nothing goes out, and the page offers no field."""
    candidate = referred(office)
    holder, other = (office.member("coordinator", name, "haikou") for name in ("Holder", "Other"))
    reference = candidate.reference
    step(holder, reference, "claim", str(uuid.uuid4()))
    assert write(other, reference, "Not mine").headers["location"].endswith("?told=desk.refused.not_holder#relay")
    assert 'id="message-text"' not in forms(other, reference)
    step(holder, reference, "reject", str(uuid.uuid4()), code="I05")
    assert 'id="message-text"' not in forms(holder, reference)
    assert "told=desk.refused.ended" in write(holder, reference, "Too late").headers["location"]
    assert candidate.hears("has finished with your request")
    assert "Not mine" not in candidate.page
    assert "Too late" not in candidate.page


def test_who_deletes_everything_leaves_no_word_at_the_desk(office: Office) -> None:
    """Neither the answers nor the messages nor a note about them are shown any more."""
    candidate = referred(office, hemoglobin="117 g/L")
    member = office.member("coordinator", "Forgets", "haikou")
    reference = candidate.reference
    step(member, reference, "claim", str(uuid.uuid4()))
    step(member, reference, "note", str(uuid.uuid4()), text="A note of hers")
    assert candidate.hears("somebody in the study team has your request")
    candidate.say(text="A word of mine")
    assert shows(member, reference, "A word of mine")
    card = forms(member, reference)
    assert all(word in card for word in ("117 g/L", "A note of hers", "A word of mine"))
    candidate.say(command="delete")
    candidate.say(choice="delete")
    assert shows(member, reference, "The person has withdrawn")
    card = forms(member, reference)
    assert not any(word in card for word in ("117 g/L", "A note of hers", "A word of mine"))
