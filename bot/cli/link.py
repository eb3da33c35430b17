"""`prescreen trial link`: links, and QR codes, that open the bot on a trial."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot.cli.params import LANGUAGE

PICTURES = (".svg", ".png")
MODULE_PIXELS = 12  # of a PNG: sharp enough for a poster


@click.command
@click.argument("trial", metavar="T")
@click.option("--site", metavar="ID", help="The site that the person is sent to.")
@click.option("--lang", type=LANGUAGE, help="The language to begin in.")
@click.option("--source", metavar="NAME", help="Where the link is put up, such as poster1: letters, digits and _.")
@click.option("--bot", metavar="NAME", help="The bot's name without @; asked of Telegram if not given.")
@click.option("--qr", type=click.Path(path_type=Path), help="Also draw it as a QR code, in an .svg or .png file.")
def link(  # noqa: PLR0913 - an argument an option
    *, trial: str, site: str | None, lang: str | None, source: str | None, bot: str | None, qr: Path | None
) -> None:
    """Print the link that opens the Telegram bot on a trial.

    \b
    Examples:
      prescreen trial link 4scar7u --lang es --source poster1 --qr poster1.svg
      prescreen trial link 4scar7u --site haikou --bot my_trials_bot
    """  # noqa: D301 - \b is click's mark for lines that are kept as they are
    from bot.channels.telegram import deeplink
    from bot.flows.bench.case import SOURCE
    from bot.flows.inputs import Opened

    _check_picture(qr)
    if source == SOURCE:
        raise click.UsageError(f"--source: the log says `{SOURCE}` of the patients of staff; give another name.")
    opened = Opened(locale=lang, trial=_trial_with(trial, site), site=site, source=source)
    try:
        payload = deeplink.pack(opened)
    except ValueError as error:
        raise click.UsageError(f"{error}: give a shorter --source.") from error
    url = deeplink.link(bot or _bot_name(), payload)
    if qr is not None:
        _draw(url, qr)
    click.echo(url)


def _trial_with(name: str, site: str | None) -> str:
    """The id of a trial that has this site. Raises where there is none."""
    from bot.library.trials import load
    from bot.settings import load_settings

    protocol = load(name, load_settings().trials)
    sites = [each.id for each in protocol.sites]
    if site is not None and site not in sites:
        raise click.UsageError(f"--site: {protocol.id} has no site `{site}`; it has {', '.join(sites)}.")
    return protocol.id


def _check_picture(file: Path | None) -> None:
    if file is not None and file.suffix.lower() not in PICTURES:
        raise click.UsageError(f"--qr: {file} must end in {' or '.join(PICTURES)}.")


def _bot_name() -> str:
    """The name of the bot whose token is configured, as Telegram tells it."""
    from bot.bootstrap import telegram_options
    from bot.channels.telegram.api import username
    from bot.settings import load_settings

    options = telegram_options(load_settings())
    if options is None:
        raise click.UsageError("Which bot? Give its name with --bot, or its token in TELEGRAM_BOT_TOKEN.")
    return asyncio.run(username(options.token, options.api, options.proxy))


def _draw(url: str, file: Path) -> None:
    import segno

    scale = MODULE_PIXELS if file.suffix.lower() == ".png" else 1
    try:
        segno.make(url, micro=False, error="m").save(str(file), scale=scale, light="white")
    except OSError as error:
        raise click.UsageError(f"--qr: {file} cannot be written ({error.strerror}).") from error
