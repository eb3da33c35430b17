"""The same person asks again in another conversation: one referral at the desk, and nothing told in either conversation."""

from __future__ import annotations

import re
import uuid

from tests.desk.at_work import forms, references, shows, step, write
from tests.desk.candidates import Candidate, referred
from tests.desk.members import Office
from tests.talks import own_phone


def told(candidate: Candidate) -> list[str]:
    """What was said in a conversation, without its reference and the codes that pages carry."""
    log = candidate.page.partition('id="log"')[2].partition('id="panel"')[0]
    plain = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", log, flags=re.DOTALL)
    return plain.replace(candidate.reference, "REFERENCE").split()


def test_a_second_request_is_on_the_card_of_the_first(office: Office) -> None:
    """The inbox has one line; the second reference leads to the first card, for those who see that; the log counts it apart."""
    mei, wu = office.member("coordinator", "Mei", "haikou"), office.member("coordinator", "Wu", "beijing")
    phone = own_phone()
    first = referred(office, phone=phone).reference
    second = referred(office, "beijing", phone, cd7="unknown").reference
    assert shows(mei, first, "in another conversation, with the same contact: some points open.")
    assert "Site wished there: Beijing" in forms(mei, first)
    assert first in references(mei)
    for member in (mei, wu):
        assert second not in references(member)
        assert second not in references(member, "?tab=ended")
    led = mei.client.get(f"/desk/referral/{second}")
    assert (led.status_code, led.headers["location"]) == (303, f"/desk/referral/{first}")
    assert mei.post("/desk/inbox/find", said=second.lower()).headers["location"] == f"/desk/referral/{first}"
    assert wu.client.get(f"/desk/referral/{second}").status_code == 404
    assert "<td>asked again</td>" in wu.get("/desk/log")


def test_no_page_of_a_conversation_tells_that_it_was_the_second(office: Office) -> None:
    """Word by word both are told the same, until the team writes: that comes to the first alone."""
    mei, phone = office.member("coordinator", "Mei", "haikou"), own_phone()
    first, second = (referred(office, phone=phone) for _ in range(2))
    assert shows(mei, first.reference, "one call is enough")
    assert "REFERENCE" in " ".join(told(first))
    assert told(first) == told(second)
    step(mei, first.reference, "claim", str(uuid.uuid4()))
    assert first.hears("somebody in the study team has your request")
    assert second.hears("somebody in the study team has your request")
    assert told(first) == told(second)
    second.say(text="When do you call?")
    assert second.hears("Sent to the study team.")
    assert shows(mei, first.reference, "Candidate, in another conversation with the same contact")
    write(mei, first.reference, "Good morning, Ana")
    assert first.hears("Good morning, Ana")
    step(mei, first.reference, "close", str(uuid.uuid4()))
    assert second.hears("has finished with your request")
    assert "Good morning" not in second.page
    assert first.reference not in second.page
