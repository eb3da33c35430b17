"""Those who hand over and take over in the lab: candidates who ask to be contacted, and coordinators who look after them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from bot.flows.inputs import ButtonPressed, Input, Joining, Opened, Reply
from bot.ports import Address, Inbound
from bot.speech.message import Message, Waiting
from tests.crash.forms import CHANNEL
from tests.talks import ELIGIBLE

REFERENCE = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{3}-[2-9A-Z]{3}\b")
SITE = "shenzhen"
WAYS = {"choosing_site": SITE, "giving_name": "Ana Example"}
"""What a candidate says where no question of the trial is asked, and the first choice does not go on."""

DESK = "desk"


@dataclass
class Party:
    """Somebody in one chat who reacts to what they hear: one input under way, given again until it is acknowledged."""

    chat: str
    inputs: list[Inbound] = field(default_factory=list)
    acknowledged: int = 0
    told: list[Message] = field(default_factory=list)
    repeats: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    @property
    def texts(self) -> list[str]:
        """All that they were told, each message once."""
        return [message.text or "" for message in self.told]

    @property
    def waiting(self) -> Inbound | None:
        """The input to give: the first that is not acknowledged."""
        return self.inputs[self.acknowledged] if self.acknowledged < len(self.inputs) else None

    def act(self, entry: Input) -> None:
        """Do something next."""
        self.inputs.append(Inbound(Address(CHANNEL, self.chat), str(len(self.inputs)), entry))

    def hear(self, number: int, message: Message) -> None:
        """A message has come: the next one, or the last one again."""
        if number <= len(self.told):
            self.repeats += 1
            self.faults["other messages repeated than the last"] += number != len(self.told)
        else:
            self.faults["messages lost or out of order"] += number != len(self.told) + 1
            self.told.append(message)
            self.react(message)

    def react(self, message: Message) -> None:
        """Do what a message leads this one to do."""
        raise NotImplementedError

    def count(self, words: str) -> int:
        """How many messages they were told that have these words."""
        return sum(words in text for text in self.texts)


@dataclass
class Candidate(Party):
    """Answers everything, asks to be contacted, and writes to the study team once it has their request.

    `reach`: how; two with the same are taken for one person. `before`: the one who gives the same contact earlier; this one
    waits for that. `after`: the one who gives it later. `leaves`: this one deletes everything once both have asked and the team has
    written.
    """

    reach: str = "chat"
    before: Candidate | None = None
    after: Candidate | None = None
    leaves: bool = False
    reference: str | None = None
    ready: bool = False
    greeted: bool = False
    left: bool = False
    gone: bool = False

    def __post_init__(self) -> None:
        self.act(Opened(locale="en"))

    @property
    def hello(self) -> str:
        """What they write to the study team."""
        return f"Hello from {self.chat}."

    def hear(self, number: int, message: Message) -> None:
        """A message has come. Who deletes everything is told no more what waited to be said, only that it is done."""
        if not self.left:
            super().hear(number, message)
        elif self.gone:
            self.repeats += 1
        elif message.event["event"] == "deleted":
            self.gone = True
            self.told.append(message)

    def react(self, message: Message) -> None:
        """Answer what is asked, until there is a reference."""
        found = REFERENCE.search(message.text or "")
        if self.reference is None and found:
            self._have(found[0])
        elif message.event["event"] == "team_saw":
            self.act(Reply(self.hello))
        elif message.event["event"] == "team_wrote":
            self.greeted = True
            self._leave()
        elif self.reference is None and message.waiting is not None:
            self._answer(message.waiting)

    def _answer(self, waiting: Waiting) -> None:
        if waiting.state == "choosing_reach":
            self.ready = True
            self._ask()
            return
        first = waiting.choices[0].id if waiting.choices else ""
        self.act(Reply(ELIGIBLE.get(waiting.question or "", WAYS.get(waiting.state, first))))

    def _ask(self) -> None:
        """Say how to be reached, which is all that is left to say, once it is time to."""
        if self.ready and (self.before is None or self.before.reference):
            self.ready = False
            self.act(Reply(self.reach))

    def _have(self, reference: str) -> None:
        """Have a reference, for which the one before or after may have waited."""
        self.reference = reference
        if self.after is not None:
            self.after._ask()
        if self.before is not None:
            self.before._leave()

    def _leave(self) -> None:
        """Delete everything, once it is time to."""
        if self.leaves and self.greeted and self.after is not None and self.after.reference and not self.left:
            self.left = True
            for _ in range(2):
                self.act(Reply("delete"))


@dataclass
class Coordinator(Party):
    """Claims every referral that is shown, and takes each that is theirs to a visit, with a message to the person."""

    digest: str = ""
    claimed: set[str] = field(default_factory=set)
    contacts: set[str] = field(default_factory=set)
    looked: dict[str, int] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    booked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.act(Joining(self.digest, self.chat))

    def react(self, message: Message) -> None:
        """Do the next step about the referral that a message is about."""
        reference = message.event.get("reference", "")
        match message.event:
            case {"event": "card_shown", "stage": stage}:
                self._see(reference, stage, message.event.get("again", 0))
            case {"event": "contact_shown"} if reference not in self.contacts:
                self.contacts.add(reference)
                self._press("contact", reference)
            case {"event": "desk.kept.message"}:
                self._press("book", reference)

    def _see(self, reference: str, stage: str, again: int) -> None:
        """Claim what is new; look once more where the person has asked again; write where they were contacted."""
        if stage == "requested" and reference not in self.claimed:
            self.claimed.add(reference)
            self._press("claim", reference)
        if reference not in self.contacts or stage == "withdrawn":
            return
        if again > self.looked.get(reference, 0):
            self.looked[reference] = again
            self._press("look", reference)
        if stage == "contacted" and reference not in self.written:
            self.written.add(reference)
            self._press("write", reference)
            self.act(Reply(greeting(reference)))
        if stage == "visit_booked":
            self.booked.add(reference)

    def _press(self, word: str, reference: str) -> None:
        self.act(ButtonPressed(f"{word}.{reference}", 0, DESK))


def greeting(reference: str) -> str:
    """What a coordinator writes to the person of a referral."""
    return f"Good day from the study team about {reference}."
