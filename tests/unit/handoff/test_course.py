"""A referral from the request to its outcome, told by what each chat sees."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from bot.flows.handoff.desk import LONGEST_TEXT
from bot.flows.handoff.letters import Post, Revoked, member
from bot.flows.handoff.moves import Rules
from bot.flows.handoff.people import Role
from bot.flows.handoff.rooms import ID_LENGTH
from bot.flows.inputs import Joining
from bot.ports import Address
from bot.services.handoff import HandOffs
from bot.services.letters import letter_rows
from bot.services.talk import Conversations
from bot.storage.verifying import follows
from tests.post_office import ANA, PostOffice, book, digest_for
from tests.talks import conversations


@pytest.fixture
def office() -> PostOffice:
    """The chats."""
    return PostOffice()


def of(reference: str) -> Address:
    """The chat of a referral."""
    return Address("referral", reference)


def test_a_request_comes_to_the_coordinators_of_its_site_as_a_card(office: PostOffice) -> None:
    """To those of other sites it does not come."""
    li, wu = office.join("1", "Li"), office.join("2", "Wu", site="beijing")
    reference = office.screen()
    card = office.last(li, "card_shown")
    assert card.text is not None
    assert reference in card.text
    assert [button.id for button in card.buttons] == [f"claim.{reference}"]
    assert "card_shown" not in office.events(wu)


def test_a_card_names_nobody_and_the_claim_shows_who_it_is(office: PostOffice) -> None:
    """Name and address are on no card; the one who claims gets them, and each look is on record."""
    li, wu = office.join("1", "Li"), office.join("2", "Wu")
    reference = office.screen()
    office.press(li, "claim", reference)
    office.press(li, "look", reference)
    cards = [each.text or "" for chat in (li, wu) for each in office.said[chat] if each.event["event"] == "card_shown"]
    assert cards
    assert not any("Ana" in text or "example.org" in text for text in cards)
    contact = office.last(li, "contact_shown").text or ""
    assert "Ana Example" in contact
    assert "ana@example.org" in contact
    assert "contact_shown" not in office.events(wu)
    assert [step.action for step in office.steps] == ["claim", "look", "look"]
    assert len({step.by for step in office.steps}) == 1


def test_of_two_who_claim_one_wins_and_the_other_is_told_who(office: PostOffice) -> None:
    """Both cards then show the winner."""
    li, wu = office.join("1", "Li"), office.join("2", "Wu")
    reference = office.screen()
    office.press(li, "claim", reference)
    (told,) = office.press(wu, "claim", reference)
    assert told.text == f"Li has referral {reference} already."
    assert all((office.last(chat, "card_shown").text or "").endswith("claimed. With Li") for chat in (li, wu))


def test_the_person_hears_that_somebody_has_it_and_they_write_to_each_other(office: PostOffice) -> None:
    """Neither learns the other's account; once it has ended, nothing is handed on."""
    li = office.join("1", "Li")
    reference = office.screen()
    assert office.type(ANA, "hello?")[0].event["event"] == "not_understood"
    office.press(li, "claim", reference)
    assert office.events(ANA)[-1] == "team_saw"
    office.press(li, "write", reference)
    office.type(li, "Good morning")
    assert office.said[ANA][-1].text == "Message from the study team:\nGood morning"
    office.type(ANA, "Good morning to you")
    assert office.said[li][-1].text == f"Message about {reference}:\nGood morning to you"
    office.press(li, "reject", reference)
    office.type(li, "moved away")
    assert office.events(ANA)[-1] == "team_done"
    assert office.type(ANA, "are you there?")[0].event["event"] == "not_understood"
    assert office.type(li, "are you there?")[0].event["event"] == "desk.help"


def test_steps_follow_the_table_and_the_last_one_can_be_taken_back(office: PostOffice) -> None:
    """A step that does not fit is refused; undoing the claim makes the referral everybody's again."""
    li = office.join("1", "Li")
    reference = office.screen()
    office.press(li, "claim", reference)
    assert office.press(li, "enrol", reference)[0].event["event"] == "desk.refused.impossible"
    for word in ("contact", "book", "enrol"):
        office.press(li, word, reference)
    assert office.last(li, "card_shown").event["stage"] == "enrolled"
    for stage in ("visit_booked", "contacted", "received", "requested"):
        office.press(li, "undo", reference)
        assert office.last(li, "card_shown").event["stage"] == stage
    assert office.press(li, "contact", reference)[0].event["event"] == "desk.refused.not_holder"


def test_the_person_hears_of_a_visit_that_is_booked_or_taken_back(office: PostOffice) -> None:
    """Each once, in words that promise no date; what is booked anew is told anew."""
    li = office.join("1", "Li")
    reference = office.screen()
    for word in ("claim", "book", "undo", "book"):
        office.press(li, word, reference)
    assert office.events(ANA)[-4:] == ["team_saw", "team_booked", "team_unbooked", "team_booked"]
    assert "booked a visit with you" in (office.said[ANA][-1].text or "")


def test_what_is_typed_after_a_way_that_is_gone_goes_to_nobody_else(office: PostOffice) -> None:
    """The coordinator was writing to one person and turned to another, who has withdrawn: the first does not get it."""
    li = office.join("1", "Li")
    talking = Conversations(conversations().subjects, new_id=lambda: uuid.uuid4().hex, at_hand=0)
    office.bot = HandOffs(talking, Rules(book()))
    first, second = office.screen(), office.screen(Address("web", "ben"), reach="ben@example.org")
    for reference in (first, second):
        office.press(li, "claim", reference)
    for _ in range(2):
        office.type(Address("web", "ben"), "delete")
    office.press(li, "write", first)
    assert office.press(li, "write", second)[0].event["event"] == "desk.refused.gone"
    office.type(li, "For Ben alone")
    assert "team_wrote" not in office.events(ANA)


def test_a_refusal_about_one_referral_ends_no_message_to_another(office: PostOffice) -> None:
    """It may come while the coordinator is typing: what they type still goes where it was said to go."""
    li = office.join("1", "Li")
    reference = office.screen()
    for word in ("claim", "write"):
        office.press(li, word, reference)
    assert office.press(li, "claim", "2222-222-222")[0].event["event"] == "desk.refused.gone"
    office.type(li, "Good morning")
    assert office.events(ANA)[-1] == "team_wrote"


def test_what_is_closed_stays_closed(office: PostOffice) -> None:
    """No card offers a way back, and a button of an older card is refused: the person is not opened a way to again."""
    li = office.join("1", "Li")
    reference = office.screen()
    for word in ("claim", "contact", "close"):
        office.press(li, word, reference)
    assert office.press(li, "undo", reference)[0].event["event"] == "desk.refused.impossible"
    assert office.last(li, "card_shown").event["stage"] == "closed"


def test_a_reason_is_no_longer_than_a_note(office: PostOffice) -> None:
    """However long a form made by hand is: every card shows it in full."""
    li = office.join("1", "Li")
    reference = office.screen()
    office.press(li, "claim", reference)
    office.press(li, "why", f"{reference}.{'☂' * 10 * LONGEST_TEXT}")
    assert (office.last(li, "card_shown").text or "").count("☂") == LONGEST_TEXT


def test_notes_are_read_by_whoever_sees_the_contact(office: PostOffice) -> None:
    """They are on no card, for they may name somebody."""
    li, boss = office.join("1", "Li"), office.join("3", "Chen", Role.MANAGER, None)
    reference = office.screen()
    office.press(li, "claim", reference)
    office.press(li, "note", reference)
    office.type(li, "call Ana after six")
    office.press(boss, "look", reference)
    assert "Note by Li: call Ana after six" in (office.last(boss, "contact_shown").text or "")
    assert "Ana" not in (office.last(boss, "card_shown").text or "")


def test_only_the_holder_or_a_manager_goes_on(office: PostOffice) -> None:
    """Another coordinator is told whose it is; site staff who only pre-screen cannot act at all."""
    li, wu = office.join("1", "Li"), office.join("2", "Wu")
    boss, nurse = office.join("3", "Chen", Role.MANAGER, None), office.join("4", "Ma", Role.STAFF)
    assert office.events(nurse) == ["desk.joined.staff"]
    reference = office.screen()
    office.press(li, "claim", reference)
    assert office.press(wu, "contact", reference)[0].event["event"] == "desk.refused.taken"
    assert office.press(nurse, "claim", reference)[0].event["event"] == "desk.refused.role"
    office.press(boss, "contact", reference)
    assert office.last(wu, "card_shown").event["stage"] == "contacted"


def test_not_suitable_takes_a_criterion_or_words(office: PostOffice) -> None:
    """The criteria are buttons; the code is on record and on the card."""
    li = office.join("1", "Li")
    reference = office.screen()
    office.press(li, "claim", reference)
    (asked,) = office.press(li, "reject", reference)
    assert f"why.{reference}.I04c" in {button.id for button in asked.buttons}
    office.press(li, "why", f"{reference}.I04c")
    assert (office.last(li, "card_shown").text or "").endswith("not suitable. With Li (I04c)")
    assert (office.steps[-1].action, office.steps[-1].detail) == ("reject", "I04c")


def test_one_who_starts_anew_stays_one_referral_with_the_new_answers(office: PostOffice) -> None:
    """The same reference, and the card says what was answered last."""
    li = office.join("1", "Li")
    first = office.screen()
    office.type(ANA, "restart")
    office.type(ANA, "restart")
    assert office.screen(hemoglobin="85 g/L") == first
    assert "85 g/L" in (office.last(li, "card_shown").text or "")


def test_one_who_deletes_everything_leaves_no_answer_anywhere(office: PostOffice) -> None:
    """The card is taken back, and the referral's own chat keeps nothing."""
    li = office.join("1", "Li")
    reference = office.screen()
    office.press(li, "claim", reference)
    office.type(ANA, "delete")
    office.type(ANA, "delete")
    card = office.last(li, "card_shown")
    assert card.text == f"Referral {reference} was withdrawn by the person. Everything about them is deleted."
    assert card.buttons == ()
    hidden = office.last(li, "contact_hidden")
    assert hidden.place == office.last(li, "contact_shown").place
    assert "Ana" not in (hidden.text or "")
    assert office.sessions[of(reference)] is None
    assert "110 g/L" not in (office.sessions[li] or "")
    assert office.press(li, "contact", reference)[0].event["event"] == "desk.refused.gone"
    assert office.steps[-1].action == "withdraw"


def test_nobody_claiming_it_reminds_goes_to_the_fallback_and_then_to_the_registry(office: PostOffice) -> None:
    """Each after two hours of office time: what is asked on a Sunday waits until Monday."""
    li, wu = office.join("1", "Li"), office.join("2", "Wu", site="beijing")
    reference = office.screen()
    assert office.timers[of(reference), "remind"] == dt.datetime(2026, 11, 23, 3, 0, tzinfo=dt.UTC)  # Monday, 11:00
    office.fire(of(reference), "remind")
    assert office.events(li)[-1] == "desk.reminded"
    assert "card_shown" not in office.events(wu)
    office.fire(of(reference), "escalate")
    assert office.events(wu)[-1] == "card_shown"
    office.fire(of(reference), "escalate")
    assert office.events(Address("telegram", "900"))[-1] == "card_shown"
    assert (of(reference), "escalate") not in office.timers


def test_a_claim_stops_the_reminders(office: PostOffice) -> None:
    """Undoing it sets them anew."""
    li = office.join("1", "Li")
    reference = office.screen()
    office.press(li, "claim", reference)
    assert office.timers[of(reference), "remind"] is None
    office.press(li, "undo", reference)
    assert office.timers[of(reference), "remind"] is not None


@pytest.mark.parametrize(("site", "number"), [("haikou", "+86 898 0000 0000"), ("beijing", None)])
def test_after_two_office_days_without_a_sign_the_person_is_told(
    office: PostOffice, site: str, number: str | None
) -> None:
    """With the site's public number, where there is one; also where it was claimed and nothing done since."""
    li = office.join("1", "Li", site=site)
    reference = office.screen(site=site)
    office.press(li, "claim", reference)
    office.fire(of(reference), "silence")
    told = office.said[ANA][-1]
    assert told.event == {"event": "team_silent", "reference": reference, "phone": number}
    assert (number or reference) in (told.text or "")


def test_a_code_is_good_once_and_not_for_ever(office: PostOffice) -> None:
    """Another chat cannot use it, nor anybody a late one or a revoked one; unknown codes make nobody a member."""
    office.join("1", "Li")
    digest = digest_for("1")
    assert office.give(Address("telegram", "2"), Joining(digest, "Eve"))[0].event["event"] == "desk.join_refused"
    assert office.give(Address("telegram", "2"), Joining("guess", "Eve"))[0].event["event"] == "desk.join_refused"
    assert office.sessions[Address("staff", "guess")] is None
    office.send(member(digest), Revoked())
    assert office.sessions[Address("telegram", "1")] is None
    assert office.give(Address("telegram", "1"), Joining(digest, "Li"))[0].event["event"] == "desk.join_refused"
    office.screen()
    assert "card_shown" not in office.events(Address("telegram", "1"))


def test_who_joins_later_gets_the_referrals_that_are_open(office: PostOffice) -> None:
    """A referral that nobody could be told of waits on record."""
    reference = office.screen()
    late = office.join("1", "Li")
    assert reference in (office.last(late, "card_shown").text or "")


def test_who_is_taken_out_of_the_site_file_can_act_no_more(office: PostOffice) -> None:
    """What the file gives, it takes."""
    reference = office.screen()
    named = Address("telegram", "900")
    for timer in ("remind", "escalate", "escalate"):
        office.fire(of(reference), timer)
    assert office.press(named, "note", reference)[0].event["event"] == "desk.ask.note"
    office.bot = HandOffs(conversations(), Rules(book().model_copy(update={"registry": {}})))
    assert office.press(named, "claim", reference)[0].event["event"] == "desk.not_staff"


def test_a_stranger_who_taps_a_card_is_told_to_join(office: PostOffice) -> None:
    """A tap in a group comes from anybody."""
    reference = office.screen()
    (told,) = office.press(Address("telegram", "666"), "claim", reference)
    assert told.event["event"] == "desk.not_staff"
    assert office.steps == []


def test_mail_and_webhook_get_the_reference_and_nothing_about_the_person(office: PostOffice) -> None:
    """No answer, no name, no contact; the webhook has the stage as a FHIR Task status."""
    reference = office.screen(site="shenzhen")
    (mail,) = office.said[Address("mail", "desk@example.org")]
    (hook,) = office.said[Address("webhook", "https://example.org/hook")]
    assert mail.event["subject"] == f"New referral {reference}"
    assert (hook.event["reference"], hook.event["status"]) == (reference, "requested")
    for text in (f"{mail.text}{mail.event}", str(hook.event)):
        assert not any(word in text for word in ("Ana", "ana@", "110", "likely"))


def test_who_is_revoked_while_they_hold_a_referral_hears_nothing_of_the_person_again(office: PostOffice) -> None:
    """Their buttons do nothing; whoever claims it next finds what the person wrote meanwhile."""
    li, chief = office.join("501", "Dr. Li"), office.join("502", "Chief", Role.MANAGER)
    reference = office.screen()
    office.press(li, "claim", reference)
    office.send(member(digest_for("501")), Revoked())
    heard, steps = len(office.said[li]), len(office.steps)
    office.type(ANA, "Something new about me")
    office.press(li, "look", reference)
    assert not any(
        "Something new" in (each.text or "") or "ana@" in (each.text or "") for each in office.said[li][heard:]
    )
    assert len(office.steps) == steps
    office.press(chief, "claim", reference)
    assert "Something new about me" in (office.last(chief, "desk.candidate_wrote").text or "")


def test_what_a_revoked_member_held_is_new_again(office: PostOffice) -> None:
    """Wherever it had come to: that they left is on record, the site is reminded, and anybody of it can claim it."""
    li, wu = office.join("1", "Li"), office.join("2", "Wu")
    reference = office.screen()
    for word in ("claim", "contact", "book"):
        office.press(li, word, reference)
    office.send(member(digest_for("1")), Revoked())
    left = office.steps[-1]
    assert (left.action, left.stage, left.by) == ("leave", "requested", digest_for("1")[:ID_LENGTH])
    assert [button.id for button in office.last(wu, "card_shown").buttons] == [f"claim.{reference}"]
    office.fire(of(reference), "remind")
    assert office.events(wu)[-1] == "desk.reminded"
    office.fire(of(reference), "escalate")
    office.press(wu, "claim", reference)
    assert office.press(wu, "contact", reference)[-1].event["stage"] == "contacted"
    assert follows([(step.action, step.stage) for step in office.steps])


def test_what_is_over_or_held_by_others_stays_with_whom_it_is(office: PostOffice) -> None:
    """Somebody who looked at a contact and leaves takes nothing from its holder, and what has ended stays ended."""
    li, chief = office.join("1", "Li"), office.join("2", "Chief", Role.MANAGER, None)
    reference = office.screen()
    office.press(li, "claim", reference)
    office.press(chief, "look", reference)
    office.send(member(digest_for("2")), Revoked())
    assert office.press(li, "reject", reference)
    office.press(li, "why", f"{reference}.I05")
    office.send(member(digest_for("1")), Revoked())
    assert [step.action for step in office.steps] == ["claim", "look", "look", "reject"]


def test_what_is_claimed_as_the_membership_ends_is_nobody_s(office: PostOffice) -> None:
    """The claim is on its way when its chat is dismissed: the contact is shown to nobody, and the referral is new again."""
    li, wu = office.join("1", "Li"), office.join("2", "Wu")
    reference = office.screen()
    office.letters += letter_rows([Post(member(digest_for("1")), Revoked())], office.now)
    office.press(li, "claim", reference)
    assert "contact_shown" not in office.events(li)
    assert office.last(wu, "card_shown").event["stage"] == "requested"
    assert [step.action for step in office.steps] == ["claim", "look", "leave"]


def test_who_begins_anew_and_deletes_is_told_that_the_open_request_goes_too(office: PostOffice) -> None:
    """It is asked with its reference before, and the card is blanked after."""
    li = office.join("1", "Li")
    reference = office.screen()
    office.press(li, "claim", reference)
    for _ in range(2):
        office.type(ANA, "restart")
    (asked,) = office.type(ANA, "delete")
    assert asked.event["reference"] == reference
    assert reference in (asked.text or "")
    office.type(ANA, "delete")
    assert office.last(li, "card_shown").event["stage"] == "withdrawn"
    assert office.sessions[of(reference)] is None
