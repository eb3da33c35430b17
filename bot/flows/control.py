"""What a person may ask for at any time, and the interruptions that it leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.flows import review, screening, slip_rows
from bot.flows.events.control import (
    CommandRefused,
    Deleted,
    DeletionAsked,
    HelpGiven,
    NotUnderstood,
    PrivacyTold,
    RestartAsked,
    Restarted,
    Resumed,
    Stopped,
)
from bot.flows.events.screening import Explained
from bot.flows.events.slips import PhotoOffered
from bot.flows.inputs import Command
from bot.flows.session import Session
from bot.flows.states import INTERRUPTIBLE, SCREENING, State
from bot.flows.turn import Turn


def give(turn: Turn, command: Command) -> None:
    """Do what a command asks for."""
    _DOES[command](turn)


def resume(turn: Turn) -> None:
    """Say where the person is, and what is waited for. Ends an interruption."""
    if turn.session.state not in INTERRUPTIBLE:
        turn.come_back()
    turn.say(Resumed(turn.session.state, turn.session.question))
    turn.ask_again()


def explain(turn: Turn) -> None:
    """Explain the question, or the words that always work."""
    session = turn.session
    if session.state in (State.ASKING, State.CLARIFYING) and session.question is not None:
        turn.say(Explained(session.question, screening.variant(turn, session.question)))
        if turn.setting.photos and turn.question(session.question).kind in slip_rows.MEASURED:
            turn.say(PhotoOffered())
    turn.say(HelpGiven(session.state))
    turn.ask_again()


def _refuse(turn: Turn, command: Command) -> None:
    turn.say(CommandRefused(command))
    turn.ask_again()


def _change(turn: Turn) -> None:
    """Ask the last question again; from the review, ask which."""
    session = turn.session
    if session.state is State.REVIEWING and session.trail:
        turn.go("choose_change")
        turn.ask_again()
    elif session.state in (State.ASKING, State.RULED_OUT) and session.trail:
        screening.ask(turn, session.trail[-1])
    elif not turn.parts[session.state].back(turn):
        _refuse(turn, Command.CHANGE)


def _review(turn: Turn) -> None:
    """Show the answers: to be changed while nothing is sent, only to be read after."""
    session = turn.session
    if not session.answers:
        _refuse(turn, Command.REVIEW)
    elif session.state is State.REVIEWING:
        turn.ask_again()
    elif session.reference is None and (
        session.state in SCREENING or session.state in (State.CHANGING, State.FINISHED)
    ):
        turn.go("review")
        session.question = None
        session.pending = None
        turn.ask_again()
    else:
        review.show(turn, final=True)
        turn.ask_again()


def _tell_privacy(turn: Turn) -> None:
    turn.say(PrivacyTold())
    turn.ask_again()


def _go_back(turn: Turn) -> None:
    if not turn.parts[turn.session.state].back(turn):
        _refuse(turn, Command.BACK)


def _interrupt(trigger: str) -> Callable[[Turn], None]:
    """The interruption that a trigger of the table leads to, and what it says."""

    def interrupt(turn: Turn) -> None:
        turn.interrupt(trigger)
        turn.ask_again()

    return interrupt


_DOES: Mapping[Command, Callable[[Turn], None]] = MappingProxyType(
    {
        Command.START: resume,
        Command.HELP: explain,
        Command.PRIVACY: _tell_privacy,
        Command.BACK: _go_back,
        Command.CHANGE: _change,
        Command.REVIEW: _review,
        Command.STOP: _interrupt("stop"),
        Command.LANGUAGE: _interrupt("choose_language"),
        Command.RESTART: _interrupt("ask_restart"),
        Command.DELETE: _interrupt("ask_deletion"),
    }
)


class Paused:
    """A pause: whatever comes next goes on."""

    def choices(self, turn: Turn) -> tuple[str, ...]:  # noqa: ARG002 - the signature of a part
        """To go on."""
        return ("resume",)

    def ask(self, turn: Turn) -> None:
        """Say that all is kept."""
        turn.say(Stopped())

    def take(self, turn: Turn, text: str, choice: str | None) -> None:  # noqa: ARG002
        """Go on at the same place. What was typed is no answer yet: the question is shown first."""
        resume(turn)

    def back(self, turn: Turn) -> bool:
        """Go on at the same place."""
        resume(turn)
        return True


class Restarting:
    """Whether all answers are to be dropped."""

    def choices(self, turn: Turn) -> tuple[str, ...]:  # noqa: ARG002
        """To keep them, or to begin anew."""
        return ("keep_going", "restart")

    def ask(self, turn: Turn) -> None:
        """Ask."""
        turn.say(RestartAsked())

    def take(self, turn: Turn, text: str, choice: str | None) -> None:  # noqa: ARG002
        """Begin anew, or go on."""
        if choice == "restart":
            old = turn.session
            turn.session = Session(
                id=old.id,
                trial=old.trial,
                trial_version=turn.setting.trial.protocol.version,
                locale=old.locale,
                source=old.source,
                round=old.round + 1,
                referral=old.referral,
                others=old.others,
                asked=old.reference or old.asked,
                team=old.team,
                step=old.step,
            )
            turn.say(Restarted())
            turn.go("begin")
            turn.session.question = screening.RESPONDENT
            screening.ask_question(turn)
        elif choice == "keep_going":
            resume(turn)
        else:
            turn.say(NotUnderstood(State.RESTARTING))
            self.ask(turn)

    def back(self, turn: Turn) -> bool:
        """Keep the answers."""
        resume(turn)
        return True


class Deleting:
    """Whether all that is kept of the person is to be deleted."""

    def choices(self, turn: Turn) -> tuple[str, ...]:  # noqa: ARG002
        """To keep it, or to delete it."""
        return ("keep_going", "delete")

    def ask(self, turn: Turn) -> None:
        """Ask."""
        session = turn.session
        named = (session.reference, session.referral, *session.others)
        references = tuple(dict.fromkeys(each for each in named if each is not None))
        turn.say(DeletionAsked(references[0] if references else None, references[1:]))

    def take(self, turn: Turn, text: str, choice: str | None) -> None:  # noqa: ARG002
        """Delete, or go on."""
        if choice == "delete":
            turn.erase = turn.withdraw = True
            turn.say(Deleted())
        elif choice == "keep_going":
            resume(turn)
        else:
            turn.say(NotUnderstood(State.DELETING))
            self.ask(turn)

    def back(self, turn: Turn) -> bool:
        """Keep it."""
        resume(turn)
        return True
