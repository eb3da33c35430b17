"""The way to the study team: a site, an agreement, a name, one way to be reached, and the referral."""

from __future__ import annotations

from bot.criteria.protocol import Respondent
from bot.flows import review, team
from bot.flows.events.control import NotUnderstood
from bot.flows.events.referral import (
    AgreementAsked,
    AgreementRefused,
    ContactAsked,
    DetailRejected,
    Ended,
    NameAsked,
    ReachAsked,
    ReferralRequested,
    SiteAsked,
)
from bot.flows.session import Reach
from bot.flows.states import State
from bot.flows.turn import Turn

NAME_LENGTH = 80
SHORTEST_CITY = 2
DIGITS_IN_A_NAME = 5  # a phone or identity number has more, a pseudonym such as SZ-0042 fewer


def region(turn: Turn) -> str | None:
    """The country of the chosen site (ISO 3166), for phone numbers written without one."""
    return next((site.country for site in turn.setting.trial.protocol.sites if site.id == turn.session.site), None)


class Site:
    """Which site is nearest."""

    def choices(self, turn: Turn) -> tuple[str, ...]:
        """The sites, or none."""
        return (*turn.setting.sites, "no_site")

    def ask(self, turn: Turn) -> None:
        """Ask for the site."""
        turn.say(SiteAsked(self.choices(turn)[:-1]))

    def _mentioned(self, turn: Turn, text: str) -> str | None:
        """The one site whose name holds what was typed, such as its city alone."""
        said = text.strip().casefold()
        named = {each: " ".join(turn.setting.offers(each)).casefold() for each in self.choices(turn)[:-1]}
        holding = [site for site, names in named.items() if len(said) >= SHORTEST_CITY and said in names]
        return holding[0] if len(holding) == 1 else None

    def take(self, turn: Turn, text: str, choice: str | None) -> None:
        """Ask for the agreement, or end without a referral."""
        choice = choice or self._mentioned(turn, text)
        if choice is None:
            turn.say(NotUnderstood(State.SITE))
            self.ask(turn)
            return
        turn.session.site = None if choice == "no_site" else choice
        turn.go("seek_agreement")
        if choice == "no_site":
            refuse(turn)
        else:
            turn.say(AgreementAsked(choice))

    def back(self, turn: Turn) -> bool:
        """Back to the review."""
        turn.go("back_to_review")
        review.show(turn)
        return True


def refuse(turn: Turn) -> None:
    """End without a referral."""
    turn.say(AgreementRefused())
    turn.go("finish")
    turn.say(Ended(None))


class Agreement:
    """Whether the answers may go to the coordinator."""

    def choices(self, turn: Turn) -> tuple[str, ...]:  # noqa: ARG002
        """Yes or no."""
        return ("yes", "no")

    def ask(self, turn: Turn) -> None:
        """Ask for the agreement."""
        turn.say(AgreementAsked(turn.session.site or ""))

    def take(self, turn: Turn, text: str, choice: str | None) -> None:  # noqa: ARG002
        """Ask for a name, or end without a referral."""
        if choice == "yes":
            turn.go("ask_name")
            turn.say(NameAsked())
        elif choice == "no":
            refuse(turn)
        else:
            turn.say(NotUnderstood(State.AGREEMENT))
            self.ask(turn)

    def back(self, turn: Turn) -> bool:
        """Back to the sites."""
        turn.go("back_to_site")
        turn.ask_again()
        return True


class Name:
    """What to call the person; for staff, their own code for the patient."""

    def choices(self, turn: Turn) -> tuple[str, ...]:  # noqa: ARG002
        """To leave it out."""
        return ("skip",)

    def ask(self, turn: Turn) -> None:
        """Ask for the name."""
        turn.say(NameAsked())

    def take(self, turn: Turn, text: str, choice: str | None) -> None:
        """Keep the name and ask how to reach the person; staff are asked nothing more."""
        staff = turn.session.respondent is Respondent.STAFF
        name = " ".join(text.split())
        digits = sum(character.isdigit() for character in name)
        if choice is None and (not name or len(name) > NAME_LENGTH or digits >= DIGITS_IN_A_NAME or "@" in name):
            turn.say(DetailRejected("pseudonym" if staff else "name"))
            return
        turn.session.name = None if choice == "skip" else name
        turn.go("choose_reach")
        if staff:
            request(turn, Reach(kind="chat"))
        else:
            turn.say(ReachAsked())

    def back(self, turn: Turn) -> bool:
        """Back to the agreement."""
        turn.go("back_to_agreement")
        turn.ask_again()
        return True


class HowToReach:
    """By which way the coordinator may reach the person."""

    def choices(self, turn: Turn) -> tuple[str, ...]:  # noqa: ARG002
        """The ways."""
        return ("chat", "phone", "email")

    def ask(self, turn: Turn) -> None:
        """Ask for the way."""
        turn.say(ReachAsked())

    def take(self, turn: Turn, text: str, choice: str | None) -> None:
        """Ask for the number or address; one that is typed right away is taken."""
        if choice == "chat":
            request(turn, Reach(kind="chat"))
        elif choice in ("phone", "email"):
            turn.session.contact_kind = "phone" if choice == "phone" else "email"
            turn.go("ask_contact")
            turn.say(ContactAsked(turn.session.contact_kind))
        else:
            self._take_detail(turn, text)

    def _take_detail(self, turn: Turn, text: str) -> None:
        reach = detail(turn, text)
        if reach is not None:
            request(turn, reach)
        else:
            turn.say(NotUnderstood(State.REACH))
            self.ask(turn)

    def back(self, turn: Turn) -> bool:
        """Back to the name."""
        turn.go("back_to_name")
        turn.ask_again()
        return True


def detail(turn: Turn, text: str) -> Reach | None:
    """The phone number or e-mail address that a text is, whichever it is."""
    phone = turn.setting.contact("phone", text, region(turn))
    if phone:
        return Reach(kind="phone", detail=phone)
    email = turn.setting.contact("email", text, None)
    return Reach(kind="email", detail=email) if email else None


class Contact:
    """The phone number or e-mail address."""

    def choices(self, turn: Turn) -> tuple[str, ...]:  # noqa: ARG002
        """To be reached in this chat after all."""
        return ("chat",)

    def ask(self, turn: Turn) -> None:
        """Ask for it."""
        turn.say(ContactAsked(turn.session.contact_kind or "phone"))

    def take(self, turn: Turn, text: str, choice: str | None) -> None:
        """Check it, and request the referral."""
        reach = Reach(kind="chat") if choice == "chat" else detail(turn, text)
        if reach is not None:
            request(turn, reach)
        else:
            turn.say(DetailRejected("email" if turn.session.contact_kind == "email" else "phone"))

    def back(self, turn: Turn) -> bool:
        """Back to the ways."""
        turn.go("back_to_reach")
        turn.ask_again()
        return True


def request(turn: Turn, reach: Reach) -> None:
    """Request the referral: with the same turn it is on record. One that is open already gets the new answers."""
    session = turn.session
    session.reach = reach
    session.reference = session.referral = session.referral or session.make_reference()
    turn.refer = True
    turn.say(ReferralRequested(session.reference, session.site or ""))
    turn.go("finish")
    turn.say(Ended(session.reference))


class Finished:
    """All is done."""

    def choices(self, turn: Turn) -> tuple[str, ...]:  # noqa: ARG002
        """Nothing is waited for."""
        return ()

    def ask(self, turn: Turn) -> None:
        """Say what can still be done."""
        turn.say(Ended(turn.session.reference))

    def take(self, turn: Turn, text: str, choice: str | None) -> None:  # noqa: ARG002
        """Hand it to the study team, where it can be written to; else say what can still be done."""
        if team.pass_on(turn, text):
            return
        turn.say(NotUnderstood(State.FINISHED))
        self.ask(turn)

    def back(self, turn: Turn) -> bool:
        """Back to the review, unless the answers are with the study team."""
        if turn.session.reference is not None or not turn.session.answers:
            return False
        turn.go("review")
        turn.ask_again()
        return True
