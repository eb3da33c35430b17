"""One open referral per person and trial, also across conversations: a request goes by the chat of the person.

A person is known by the way they want to be reached, and the store keeps the name of their chat as a keyed digest alone.
"""

from __future__ import annotations

from bot.flows.handoff.letters import PERSONS, Held, Letter, Post, Released, Requested, referral
from bot.flows.handoff.people import Chat, Person


def chat_of(person: Person, trial: str) -> Chat | None:
    """The chat of a person in a trial; None for one whom only their site knows."""
    reach = person.reach
    if reach.kind == "site":
        return None
    way = f"{person.chat.channel}:{person.chat.name}" if reach.kind == "chat" else reach.detail.strip().casefold()
    return Chat(PERSONS, f"{trial}:{reach.kind}:{way}")


def way_to(request: Requested) -> Chat:
    """Where a request is sent: to the person, who passes it on, or right to its referral."""
    return chat_of(request.person, request.card.trial) or referral(request.card.reference)


def at_person(held: str | None, letter: Letter) -> tuple[str | None, list[Post]]:
    """What a letter leads to where `held` is the reference of the person's open referral: the one after it, and letters.

    A request is passed on in any case; one for a second referral says which is the first.
    """
    if isinstance(letter, Requested):
        own = letter.card.reference
        first = held or own
        passed = letter if first == own else letter.model_copy(update={"first": first})
        return first, [Post(referral(own), passed)]
    if isinstance(letter, Held):
        return held or letter.reference, []
    if isinstance(letter, Released) and held == letter.reference:
        return None, []
    return held, []
