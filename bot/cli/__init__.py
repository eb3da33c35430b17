"""The command line: `prescreen`, a file a command or group, each imported only when it is called."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from traceback import extract_tb

import click

from bot import __version__
from bot.errors import Mendable

# Each name is a module of this package that has the command as `command`; the text is its line in the overview.
COMMANDS = {
    "serve": "Run the bot on every configured channel.",
    "chat": "Talk to the bot in this terminal.",
    "parse": "Read replies, one a line, and print what each was read as.",
    "screen": "Screen candidates without a conversation.",
    "trial": "The trials known: list, check, show, test.",
    "staff": "Site staff and coordinators: invite, list, revoke.",
    "log": "The prescreening log.",
    "db": "The database: upgrade, check.",
    "data": "The data: a consistent copy.",
}

PACKAGE = Path(__file__).parents[1]


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is used, so that help is fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names of the commands, in the order of the overview."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the overview without importing a command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what a person can mend becomes one sentence on standard error."""
        try:
            return super().invoke(ctx)
        except Mendable as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(error.exit_status)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - its text may hold what somebody answered
            click.echo(
                f"Error: the program failed ({type(error).__name__}, {_place(error)}): please report this.", err=True
            )
            ctx.exit(Mendable.exit_status)


def _place(error: Exception) -> str:
    """Where in this package an error came from."""
    frames = [frame for frame in extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(PACKAGE)]
    return f"{Path(frames[-1].filename).relative_to(PACKAGE.parent)} line {frames[-1].lineno}"


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="prescreen")
def cli() -> None:
    """Pre-screen people for clinical trials, in a chat.

    \b
    Example:
      prescreen chat --trial 4scar7u
    """  # noqa: D301 - \b is click's mark for lines that are kept as they are
