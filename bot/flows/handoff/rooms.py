"""Sites and members of staff as chats: who is told of a site's referrals, and who may join with a code."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from bot.flows.handoff import letters
from bot.flows.handoff.letters import (
    CardPosted,
    CardShown,
    Delist,
    Dismissed,
    Enlist,
    Invited,
    Joined,
    JoinRefused,
    Letter,
    Post,
    Redeemed,
    ReferralReminded,
    Revoked,
    ShowTo,
    SiteReminded,
)
from bot.flows.handoff.people import WITHOUT_REFERRALS, Chat, Role, Staff
from bot.flows.handoff.sites import SiteBook
from bot.flows.handoff.stages import UNSEEN

DESK = "desk"
"""The channel of the pages on which staff work. A member's chat there has the name of the member: nobody else can be in it."""

ID_LENGTH = 16  # characters of the digest of a member's code by which they are known; 64 bits


class SiteRoom(BaseModel):
    """A site: the chats that joined, and the referrals that are open there."""

    model_config = ConfigDict(extra="forbid")

    members: list[Chat] = Field(default_factory=list)
    open: list[str] = Field(default_factory=list)


def at_site(room: SiteRoom, letter: Letter, book: SiteBook, name: str) -> tuple[SiteRoom, list[Post]]:
    """What a letter to the site of that name leads to."""
    room = room.model_copy(deep=True)
    audience = dict.fromkeys((*(Chat(*each) for each in book.chats(name)), *room.members))
    if isinstance(letter, Enlist) and letter.chat not in audience:
        room.members.append(letter.chat)
        return room, [Post(letters.referral(each), ShowTo(chat=letter.chat)) for each in room.open]
    if isinstance(letter, Delist):
        room.members = [each for each in room.members if each != letter.chat]
    if isinstance(letter, CardPosted):
        _keep_track(room, letter)
        shown = CardShown(card=letter.card, fresh=letter.fresh, locale=book.language(name))
        return room, [Post(each, shown) for each in audience]
    if isinstance(letter, SiteReminded):
        return room, [Post(each, ReferralReminded(reference=letter.reference)) for each in audience]
    return room, []


def _keep_track(room: SiteRoom, posted: CardPosted) -> None:
    reference = posted.card.reference
    others = [each for each in room.open if each != reference]
    room.open = others if posted.card.stage in UNSEEN else [*others, reference]


class Member(BaseModel):
    """Somebody who was invited. `chat`: where they joined, `desk`: their chat at the desk; None until then."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    site: str | None
    name: str | None
    expires_at: dt.datetime
    chat: Chat | None = None
    desk: Chat | None = None
    revoked: bool = False

    @property
    def chats(self) -> tuple[Chat, ...]:
        """All chats in which they act."""
        return tuple(each for each in (self.chat, self.desk) if each is not None)

    @property
    def state(self) -> str:
        """How it stands: `invited`, `joined` or `revoked`."""
        if self.revoked:
            return "revoked"
        return "joined" if self.chats else "invited"


def at_member(
    digest: str, member: Member | None, letter: Letter, now: dt.datetime, book: SiteBook
) -> tuple[Member | None, list[Post]]:
    """What a letter to a member of staff leads to. A code that nobody was given makes no member."""
    if isinstance(letter, Invited):
        return Member(**letter.model_dump(exclude={"kind"})), []
    if isinstance(letter, Redeemed):
        return _redeem(digest, member, letter, now, book)
    if isinstance(letter, Revoked) and member is not None:
        return _revoke(member, book)
    return member, []


def _redeem(
    digest: str, member: Member | None, letter: Redeemed, now: dt.datetime, book: SiteBook
) -> tuple[Member | None, list[Post]]:
    """A code is good once; shown again in the same chat, it still is. At the desk the link has said who it is."""
    at_desk = letter.chat == Chat(DESK, digest)
    known = member is not None and bool(member.chats)
    mine = member is not None and (letter.chat in member.chats or not known or at_desk)
    if member is None or member.revoked or not mine or (not known and now >= member.expires_at):
        return member, [Post(letter.chat, JoinRefused())]
    place = "desk" if at_desk else "chat"
    joined = member.model_copy(update={place: letter.chat, "name": member.name or letter.name})
    staff = Staff(id=digest[:ID_LENGTH], name=joined.name or "", role=joined.role, chat=letter.chat)
    told = Enlist(chat=letter.chat)
    posts = [Post(letter.chat, Joined(staff=staff, site=joined.site, room=letter.room))]
    return joined, posts + [Post(letters.site(each), told) for each in _sites(joined, book)]


def _revoke(member: Member, book: SiteBook) -> tuple[Member, list[Post]]:
    revoked = member.model_copy(update={"revoked": True})
    if member.revoked:
        return revoked, []
    gone = [Post(letters.site(each), Delist(chat=chat)) for chat in member.chats for each in _sites(member, book)]
    return revoked, [*(Post(chat, Dismissed()) for chat in member.chats), *gone]


def _sites(member: Member, book: SiteBook) -> tuple[str, ...]:
    """The sites whose referrals they are told of: none for those who act on none."""
    if member.role in WITHOUT_REFERRALS:
        return ()
    return (member.site,) if member.site else tuple(book.by_id)
