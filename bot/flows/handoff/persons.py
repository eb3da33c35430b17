"""The chat of a person in a trial: it knows which of their referrals is the open one, whatever conversations they ask in.

A person is known by the way they want to be reached. The chat holds references alone, and the store keeps its name as a
keyed digest, so that no table has the number or the address.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from bot.criteria.protocol import Respondent
from bot.flows.handoff.letters import PERSONS, Asked, Letter, Placed, Post, Released, referral
from bot.flows.handoff.people import Card, Chat, Person


class Requests(BaseModel):
    """A person's requests. `first`: the referral that is open; `later`: those in other conversations, in their order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: str
    later: tuple[str, ...] = ()


def chat_of(person: Person, card: Card) -> Chat | None:
    """The chat of a person in a trial; None for one whom only their site knows: staff answer for many in one chat."""
    reach = person.reach
    if reach.kind == "site" or (reach.kind == "chat" and card.respondent is Respondent.STAFF):
        return None
    way = f"{person.chat.channel}:{person.chat.name}" if reach.kind == "chat" else reach.detail.strip().casefold()
    return Chat(PERSONS, f"{card.trial}:{reach.kind}:{way}")


def at_person(requests: Requests | None, letter: Letter) -> tuple[Requests | None, list[Post]]:
    """What a letter to a person leads to: their requests after it, None where there is none, and what to tell whom."""
    if isinstance(letter, Asked):
        return _ask(requests, letter)
    if isinstance(letter, Released):
        return _release(requests, letter)
    return requests, []


def _ask(requests: Requests | None, asked: Asked) -> tuple[Requests, list[Post]]:
    """The first to ask is the open one, and whoever asks beside it learns which that is.

    One that staff have begun before anybody asked goes on by itself where another one is first.
    """
    if requests is not None and asked.begun:
        return requests, []
    first = requests.first if requests else asked.reference
    known = requests.later if requests else ()
    later = _without((*known, asked.reference, *asked.later), first)
    told = (asked.reference, *asked.later) if first != asked.reference else (asked.reference,)
    return Requests(first=first, later=later), _placed(first, told)


def _release(requests: Requests | None, released: Released) -> tuple[Requests | None, list[Post]]:
    """One is open no more. Those that ended with it are done with; of the others the one that waits longest becomes the first.

    Of those that followed it only the ones that are known here are placed: any other has been released before, and is gone.
    """
    known = (requests.first, *requests.later) if requests else ()
    gone = (released.reference, *released.later) if released.ended else (released.reference,)
    left = _without(known, *gone)
    if requests is None or not left:
        return None, []
    first, *later = left
    told = left if first != requests.first else released.later
    return Requests(first=first, later=tuple(later)), _placed(first, [each for each in told if each in left])


def _without(references: tuple[str, ...], *gone: str) -> tuple[str, ...]:
    """The references, each once, without these."""
    return tuple(dict.fromkeys(each for each in references if each not in gone))


def _placed(first: str, told: Sequence[str]) -> list[Post]:
    """Tell referrals whether they are the open one, or which is."""
    return [Post(referral(each), Placed(first=None if each == first else first)) for each in told]
