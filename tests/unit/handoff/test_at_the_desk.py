"""A member of staff at the desk: the same member as in Telegram, in a chat that nobody else can be in."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.flows.handoff.codes import digest_of
from bot.flows.handoff.letters import Invited, Revoked, member
from bot.flows.handoff.moves import Rules
from bot.flows.handoff.people import Chat, Role
from bot.flows.handoff.rooms import ID_LENGTH
from bot.flows.inputs import DeskAsked, Joining
from bot.ports import Address
from bot.services.accounts import LINK_LIFETIME
from bot.services.handoff import HandOffs
from tests.post_office import PostOffice, book, digest_for
from tests.talks import conversations

URL = "https://prescreen.example/desk/sign-in"


@pytest.fixture
def office() -> PostOffice:
    """The chats, where the desk is served."""
    return PostOffice(bot=HandOffs(conversations(), Rules(book()), desk_url=URL))


def at_desk(office: PostOffice, chat: str) -> Address:
    """The desk of the member who joined in that chat of Telegram."""
    address = Address("desk", digest_for(chat))
    office.give(address, Joining(digest_for(chat), "", "en"))
    return address


def test_one_member_has_a_chat_in_telegram_and_one_at_the_desk(office: PostOffice) -> None:
    """A card comes to both; what is claimed at the desk is theirs in Telegram too."""
    li = office.join("1", "Li")
    desk = at_desk(office, "1")
    reference = office.screen()
    office.press(desk, "claim", reference)
    assert office.last(li, "card_shown").event["stage"] == "received"
    office.press(li, "contact", reference)
    assert office.last(desk, "card_shown").event["stage"] == "contacted"
    assert {step.by for step in office.steps if step.by} == {digest_for("1")[:ID_LENGTH]}


def test_nothing_that_a_candidate_may_delete_is_said_at_the_desk(office: PostOffice) -> None:
    """Its pages look it up; the chat says only which referral it is about."""
    office.join("1", "Li")
    desk = at_desk(office, "1")
    reference = office.screen()
    office.press(desk, "claim", reference)
    office.press(desk, "look", reference)
    about = [message for message in office.said[desk] if message.event.get("reference") == reference]
    assert {message.event["event"] for message in about} >= {"card_shown", "contact_shown"}
    assert {message.text for message in about} == {None}


def test_revoking_ends_both_chats(office: PostOffice) -> None:
    """No card comes to either any more."""
    li, desk = office.join("1", "Li"), at_desk(office, "1")
    office.send(member(digest_for("1")), Revoked())
    office.screen()
    for chat in (li, desk):
        assert office.events(chat)[-1] == "desk.dismissed"


def test_the_chat_at_the_desk_has_the_name_of_its_member(office: PostOffice) -> None:
    """With somebody else's code nobody is let in there, and a code used at the desk is good in no chat of Telegram."""
    office.join("1", "Li")
    elsewhere = Address("desk", digest_for("2"))
    office.give(elsewhere, Joining(digest_for("1"), "Eve", "en"))
    assert office.events(elsewhere) == ["desk.join_refused"]
    expires = office.now + dt.timedelta(days=1)
    office.send(member(digest_for("3")), Invited(role=Role.MANAGER, site=None, name="Chen", expires_at=expires))
    at_desk(office, "3")
    thief = Address("telegram", "666")
    office.give(thief, Joining(digest_for("3"), "Eve", "en"))
    assert office.events(thief) == ["desk.join_refused"]


def test_who_keeps_accounts_is_told_of_no_referral_and_acts_on_none(office: PostOffice) -> None:
    """Neither a card comes, nor does a button work that somebody else has shown."""
    ada = office.join("9", "Ada", Role.ADMINISTRATOR, None)
    reference = office.screen()
    assert "card_shown" not in office.events(ada)
    assert office.press(ada, "claim", reference)[-1].event["event"] == "desk.refused.role"


def test_a_member_gets_a_link_to_the_desk_in_their_chat(office: PostOffice) -> None:
    """The code that is said is the one whose digest is kept, for them alone, and for a short time."""
    li = office.join("1", "Li")
    result = office.bot.talk(office.sessions[li], li, DeskAsked(), office.now)
    (said,) = result.messages
    assert said.text is not None
    code = said.text.split("#")[1].split()[0]
    assert result.link is not None
    assert (result.link.code, result.link.member) == (digest_of(code), digest_for("1")[:ID_LENGTH])
    assert result.link.expires_at == office.now + LINK_LIFETIME
    assert result.session == office.sessions[li]


def test_nobody_else_gets_a_link(office: PostOffice) -> None:
    """A candidate's conversation stays as it was; a chat that the site file names has no member."""
    ana = Address("telegram", "ana")
    office.screen(ana)
    before = office.sessions[ana]
    named = Address("telegram", "900")
    for chat in (ana, named):
        result = office.bot.talk(office.sessions.get(chat), chat, DeskAsked(), office.now)
        assert result.link is None
        assert [message.event["event"] for message in result.messages] == ["desk.not_staff"]
    assert office.sessions[ana] == before
    assert Chat("telegram", "ana") not in [Chat(*chat) for chat in book().chats("haikou")]
