"""`python -m bot`: the same as `prescreen`."""

from bot.cli import cli


def main() -> None:
    """Run the command line."""
    cli(prog_name="prescreen")


if __name__ == "__main__":
    main()
