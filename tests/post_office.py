"""All chats of the hand-off in memory: inputs go in, letters travel between the chats until none is under way."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from dataclasses import dataclass, field

from bot.flows.handoff.codes import digest_of
from bot.flows.handoff.letters import Invited, Letter, Post, Withdrawn, member, referral
from bot.flows.handoff.moves import Rules
from bot.flows.handoff.people import Chat, Role
from bot.flows.handoff.sites import SiteBook
from bot.flows.inputs import ButtonPressed, Input, Joining, Opened, Reply, TimerFired
from bot.flows.session import Session
from bot.library.sites import read_sites
from bot.library.trials import load
from bot.ports import LETTER, Address, ReferralStep, TimerRow
from bot.services.handoff import HandOffs
from bot.services.letters import letter_rows
from bot.speech.message import Message
from tests.talks import ELIGIBLE, NOW, conversations

BOOK = """
spec_version: 1
registry:
  4scar7u: {name: Jennifer Cobb, telegram: ["900"]}
sites:
  - {id: haikou, name: Haikou, city: Haikou, timezone: Asia/Shanghai, fallback: beijing, phone: +86 898 0000 0000}
  - {id: beijing, name: Beijing, city: Beijing, timezone: Asia/Shanghai}
  - id: shenzhen
    name: Shenzhen
    city: Shenzhen
    timezone: Asia/Shanghai
    contacts: {email: [desk@example.org], webhook: "https://example.org/hook"}
"""
ANA = Address("terminal", "ana")


def digest_for(chat: str) -> str:
    """The digest of the code that the member of that chat has."""
    digest = digest_of(chat.rjust(27, "x"))
    assert digest is not None
    return digest


def book() -> SiteBook:
    """The sites of these tests."""
    sites, issues = read_sites(BOOK, "sites.yaml", [load("4scar7u")])
    assert sites is not None, issues
    return sites


@dataclass
class PostOffice:
    """The chats. Timers other than letters are kept, and fire when the test says so."""

    now: dt.datetime = NOW
    sessions: dict[Address, str | None] = field(default_factory=dict)
    said: dict[Address, list[Message]] = field(default_factory=lambda: defaultdict(list))
    timers: dict[tuple[Address, str], dt.datetime | None] = field(default_factory=dict)
    steps: list[ReferralStep] = field(default_factory=list)
    bot: HandOffs = field(default_factory=lambda: HandOffs(conversations(), Rules(book())))
    letters: deque[TimerRow] = field(default_factory=deque)
    asked: dict[Address, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))

    def give(self, address: Address, entry: Input) -> list[Message]:
        """Give an input to a chat, and carry the letters that it leads to; what the chat says until all is quiet."""
        first = len(self.said[address])
        self._turn(address, entry)
        self.carry()
        return self.said[address][first:]

    def carry(self) -> None:
        """Carry letters until none is under way."""
        while self.letters:
            row = self.letters.popleft()
            assert row.of is not None
            assert row.due is not None
            self._turn(row.of, TimerFired(row.timer, row.due, row.payload))

    def send(self, to: Chat, letter: Letter) -> None:
        """Send a letter from nobody's chat."""
        self.letters += letter_rows([Post(to, letter)], self.now)
        self.carry()

    def fire(self, address: Address, timer: str) -> None:
        """Let a timer be due."""
        due = self.timers.pop((address, timer))
        assert due is not None
        self.now = max(self.now, due)
        self.give(address, TimerFired(timer, due))

    def _turn(self, address: Address, entry: Input) -> None:
        result = self.bot.talk(self.sessions.get(address), address, entry, self.now)
        self.sessions[address] = result.session
        self.said[address] += result.messages
        self.steps += result.steps
        if result.referral is not None:
            self.asked[address][result.referral.reference] = None
        if result.withdraws:
            posts = [Post(referral(each), Withdrawn()) for each in self.asked.pop(address, {})]
            self.letters += letter_rows(posts, self.now)
        for row in result.timers:
            if row.of is not None:
                assert row.timer.startswith(LETTER)
                self.letters.append(row)
            else:
                self.timers[address, row.timer] = row.due

    # --- people

    def join(self, chat: str, name: str, role: Role = Role.COORDINATOR, site: str | None = "haikou") -> Address:
        """A member of staff joins with a code in a chat of Telegram."""
        digest = digest_for(chat)
        expires = self.now + dt.timedelta(days=1)
        self.send(member(digest), Invited(role=role, site=site, name=None, expires_at=expires))
        address = Address("telegram", chat)
        self.give(address, Joining(digest, name, "en"))
        return address

    def press(self, address: Address, word: str, reference: str) -> list[Message]:
        """Tap a button of a card."""
        return self.give(address, ButtonPressed(f"{word}.{reference}", 0, "desk"))

    def type(self, address: Address, text: str) -> list[Message]:
        """Write."""
        return self.give(address, Reply(text))

    def screen(
        self, address: Address = ANA, site: str = "haikou", reach: str = "ana@example.org", **answers: str
    ) -> str:
        """A person answers everything and asks to be contacted; the reference."""
        if self.sessions.get(address) is None:
            self.give(address, Opened(locale="en"))
        ways = {"choosing_site": site, "giving_name": "Ana Example", "choosing_reach": reach}
        replies = {**ELIGIBLE, **answers}
        while (state := self.session(address).state.value) != "finished":
            waiting = self.said[address][-1].waiting
            assert waiting is not None
            reply = replies.get(waiting.question or "", ways.get(state, waiting.choices[0].id))
            self.type(address, reply)
        reference = self.session(address).reference
        assert reference is not None
        return reference

    def session(self, address: Address) -> Session:
        """A person's conversation."""
        return Session.model_validate_json(self.sessions[address] or "")

    def events(self, address: Address) -> list[str]:
        """The events told in a chat, in order."""
        return [message.event["event"] for message in self.said[address]]

    def last(self, address: Address, event: str) -> Message:
        """The last message of that event in a chat."""
        return next(each for each in reversed(self.said[address]) if each.event["event"] == event)
