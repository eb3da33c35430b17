"""The beginning: the language, and consent to be asked about health."""

from __future__ import annotations

from bot.flows import screening
from bot.flows.events.control import Introduced, LanguageAsked, LanguageChanged, NotUnderstood
from bot.flows.events.screening import ConsentAsked, ConsentDeclined
from bot.flows.states import State
from bot.flows.turn import Turn


def begin(turn: Turn) -> None:
    """Leave the choice of the language for the first question."""
    turn.go("begin")
    turn.session.question = "respondent"
    turn.say(Introduced())
    screening.ask_question(turn)


class Language:
    """The choice of the language, at the start or at any time later."""

    def choices(self, turn: Turn) -> tuple[str, ...]:
        """The languages."""
        return turn.setting.languages

    def ask(self, turn: Turn) -> None:
        """Ask in every language at once."""
        turn.say(LanguageAsked(turn.setting.languages))

    def take(self, turn: Turn, text: str, choice: str | None) -> None:  # noqa: ARG002 - the signature of a part
        """Go on in the language chosen."""
        if choice is None:
            turn.say(NotUnderstood(State.LANGUAGE))
            self.ask(turn)
            return
        turn.session.locale = choice
        turn.say(LanguageChanged(choice))
        if turn.session.interrupted is None:
            begin(turn)
        else:
            turn.come_back()
            turn.ask_again()

    def back(self, turn: Turn) -> bool:
        """Keep the language, where one was chosen before."""
        if turn.session.interrupted is None:
            return False
        turn.come_back()
        turn.ask_again()
        return True


class Consent:
    """Who sees the answers, and whether health questions may be asked."""

    def choices(self, turn: Turn) -> tuple[str, ...]:  # noqa: ARG002
        """Yes or no."""
        return ("yes", "no")

    def ask(self, turn: Turn) -> None:
        """Ask for consent."""
        turn.say(ConsentAsked())

    def take(self, turn: Turn, text: str, choice: str | None) -> None:  # noqa: ARG002
        """Begin with the questions, or end kindly."""
        if choice == "yes":
            turn.session.consented_on = turn.today
            screening.settle(turn)
        elif choice == "no":
            turn.go("decline")
            turn.say(ConsentDeclined())
        else:
            turn.say(NotUnderstood(State.CONSENT))
            self.ask(turn)

    def back(self, turn: Turn) -> bool:
        """Ask again who is answering."""
        turn.go("ask")
        turn.session.question = "respondent"
        screening.ask_question(turn)
        return True


class Declined:
    """The person did not want to be asked. They may change their mind."""

    def choices(self, turn: Turn) -> tuple[str, ...]:  # noqa: ARG002
        """One way on: to be asked after all."""
        return ("reconsider",)

    def ask(self, turn: Turn) -> None:
        """Say that nothing was kept, and how to come back."""
        turn.say(ConsentDeclined())

    def take(self, turn: Turn, text: str, choice: str | None) -> None:  # noqa: ARG002
        """Ask for consent again where they want to."""
        if choice == "reconsider":
            turn.go("reconsider")
            turn.say(ConsentAsked())
        else:
            turn.say(NotUnderstood(State.DECLINED))
            self.ask(turn)

    def back(self, turn: Turn) -> bool:
        """Back to the question whether they agree."""
        turn.go("reconsider")
        turn.say(ConsentAsked())
        return True
