"""All answers at a glance, and the way to the verdict."""

from __future__ import annotations

from bot.criteria.findings import Verdict
from bot.flows import screening, slip_rows
from bot.flows.events.control import NotUnderstood
from bot.flows.events.referral import SiteAsked
from bot.flows.events.screening import Assessed, ChangeAsked, ReviewRow, ReviewShown
from bot.flows.states import State
from bot.flows.turn import Turn

REFERRED = (Verdict.LIKELY_ELIGIBLE, Verdict.UNDETERMINED)
"""The verdicts with which a person may ask for a referral."""


def show(turn: Turn, *, final: bool = False) -> None:
    """Say all answers in the trial's order."""
    answers = turn.session.answers
    rows = tuple(ReviewRow(each, answers[each]) for each in turn.setting.trial.protocol.order if each in answers)
    turn.say(ReviewShown(rows, final))


class Reviewing:
    """The review: it is right, an answer is to be changed, or questions are left."""

    def choices(self, turn: Turn) -> tuple[str, ...]:
        """To see the result (to go on, while questions are left), or to change an answer."""
        return ("go_on" if turn.open_questions() else "assess", "change")

    def ask(self, turn: Turn) -> None:
        """Show the review."""
        show(turn)

    def take(self, turn: Turn, text: str, choice: str | None) -> None:
        """Go on, assess, or ask what is to be changed. A lab slip is read here too."""
        if choice == "go_on":
            screening.settle(turn)
        elif choice == "assess":
            conclude(turn)
        elif choice == "change":
            turn.go("choose_change")
            turn.ask_again()
        elif slip := turn.slip(text):
            slip_rows.start(turn, slip)
        else:
            turn.say(NotUnderstood(State.REVIEWING))
            self.ask(turn)

    def back(self, turn: Turn) -> bool:
        """Ask the last question again."""
        if not turn.session.trail:
            return False
        screening.ask(turn, turn.session.trail[-1])
        return True


def conclude(turn: Turn) -> None:
    """Tell the verdict; someone who may be eligible is asked for a site."""
    assessment = turn.assess()
    if assessment.verdict not in REFERRED or not turn.setting.sites:
        screening.finish(turn)
        return
    turn.say(Assessed(assessment))
    turn.go("choose_site")
    turn.say(SiteAsked(turn.setting.sites))


class Changing:
    """Which answer is to be changed."""

    def choices(self, turn: Turn) -> tuple[str, ...]:
        """None of them, or a question."""
        answers = turn.session.answers
        return ("keep_all", *(each for each in turn.setting.trial.protocol.order if each in answers))

    def ask(self, turn: Turn) -> None:
        """Ask which."""
        turn.say(ChangeAsked(self.choices(turn)[1:]))

    def take(self, turn: Turn, text: str, choice: str | None) -> None:  # noqa: ARG002
        """Ask that question again, or go back to the review."""
        if choice == "keep_all":
            self.back(turn)
        elif choice is not None:
            screening.ask(turn, choice)
        else:
            turn.say(NotUnderstood(State.CHANGING))
            self.ask(turn)

    def back(self, turn: Turn) -> bool:
        """Back to the review."""
        turn.go("review")
        show(turn)
        return True
