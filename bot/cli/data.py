"""`prescreen data`: what is kept about people."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.db import database_option

if TYPE_CHECKING:
    from bot.ports import Address
    from bot.services.retention import Take
    from bot.storage.store import SqlStore
    from bot.storage.turns import SqlTransaction
    from bot.storage.verifying import Verified


@click.group
def command() -> None:
    """The data that is kept.

    \b
    Example:
      prescreen data backup /backups/prescreen.db
    """  # noqa: D301 - \b is click's mark for lines that are kept as they are


@command.command
@click.argument("target", type=click.Path(path_type=Path))
@database_option
def backup(target: Path, db: Path | None) -> None:
    """Copy the database to TARGET, consistent, also while the bot runs.

    The copy is as encrypted as the original: keep its key, apart from it. With PostgreSQL use pg_dump.

    \b
    Example:
      prescreen data backup /backups/prescreen.db
    """  # noqa: D301
    from bot.settings import load_settings
    from bot.storage.opening import backup_database

    settings = load_settings(database=None if db is None else str(db))
    backup_database(settings.database, target)
    click.echo(f"{target} is a copy of the database; it opens with the same key.")


@command.command
@click.argument("source", type=click.Path(path_type=Path))
@database_option
@click.option("--force", is_flag=True, help="Put it in the place of a database that exists; that one is kept.")
def restore(source: Path, db: Path | None, *, force: bool) -> None:
    """Put SOURCE, a copy made by `data backup`, in the place of the database.

    The copy is checked first: that it is sound, of a version this program knows, and opened by the key. Stop the bot before.

    \b
    Example:
      prescreen data restore /backups/prescreen.db
    """  # noqa: D301
    from bot.clock import SystemClock
    from bot.settings import load_settings
    from bot.storage.restoring import restore_database

    settings = load_settings(database=None if db is None else str(db))
    now = SystemClock().now()
    kept = asyncio.run(restore_database(settings.database, settings.key_text, source, now, force=force))
    click.echo("The copy is in place." + (f" What was there before is in {kept}." if kept else ""))


@command.command(name="dead-letters")
@database_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines, for programs.")
def dead_letters(db: Path | None, *, as_json: bool) -> None:
    """List the messages that no channel would take, with the reason; never what they say.

    \b
    Example:
      prescreen data dead-letters --json
    """  # noqa: D301
    from bot.settings import load_settings
    from bot.storage.opening import dead_letters as read_dead_letters

    settings = load_settings(database=None if db is None else str(db))
    for letter in asyncio.run(read_dead_letters(settings.database, settings.key_text)):
        fields = {
            "channel": letter.address.channel,
            "chat": letter.address.chat,
            "number": letter.number,
            "reason": letter.reason,
            "failures": letter.failures,
        }
        click.echo(json.dumps(fields) if as_json else "  ".join(map(str, fields.values())))


@command.command
@click.argument("who")
@database_option
def export(who: str, db: Path | None) -> None:
    """Print all that is kept of one person, as JSON. WHO is a referral's reference, or CHANNEL:CHAT.

    \b
    Examples:
      prescreen data export 7KQ2-M9X-F3C
      prescreen data export telegram:123456789
    """  # noqa: D301
    kept = asyncio.run(_export(who, db))
    click.echo(json.dumps(kept, ensure_ascii=False, indent=2))


@command.command
@click.argument("who")
@database_option
@click.option("--yes", is_flag=True, help="Do not ask whether to go on.")
def erase(who: str, db: Path | None, *, yes: bool) -> None:
    """Erase all that is kept of one person, and withdraw their referral. WHO is as for `export`. Cannot be undone.

    \b
    Example:
      prescreen data erase telegram:123456789 --yes
    """  # noqa: D301
    if not yes:
        click.confirm(f"Erase all that is kept of {who}?", abort=True, err=True)
    asyncio.run(_erase(who, db))
    click.echo(f"All that was kept of {who} is erased.")


@command.command
@database_option
@click.option("--dry-run", is_flag=True, help="Only say how much it would be.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
def purge(db: Path | None, *, dry_run: bool, as_json: bool) -> None:
    """Delete what is older than the settings PRESCREEN_KEEP_… say. The bot does the same once a day.

    Nothing of an open referral is deleted, nor the prescreening log.

    \b
    Example:
      prescreen data purge --dry-run
    """  # noqa: D301
    counts = asyncio.run(_purge(db, dry_run=dry_run))
    if as_json:
        click.echo(json.dumps(counts))
        return
    click.echo("Would be deleted:" if dry_run else "Deleted:")
    for name, number in counts.items():
        click.echo(f"  {name}: {number}")


async def _purge(db: Path | None, *, dry_run: bool) -> dict[str, int]:
    from bot.bootstrap import taking
    from bot.clock import SystemClock
    from bot.services.retention import purge_all
    from bot.settings import load_settings

    settings = load_settings(database=None if db is None else str(db))
    async with taking(settings) as (store, take):
        counts = await purge_all(store, take, settings.ages, SystemClock().now(), dry_run=dry_run)
        if not dry_run:
            await _tell_referrals(store, take)
        return counts


@command.command
@database_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
def verify(db: Path | None, *, as_json: bool) -> None:
    """Check all that is kept against itself: every field at its place, the journal without gaps, every step possible.

    Prints how much was checked and the first faults, without anything that is kept; exit status 1 where there are any.

    \b
    Example:
      prescreen data verify
    """  # noqa: D301
    found = asyncio.run(_verify(db))
    if as_json:
        click.echo(json.dumps({"checked": found.checked, "faults": found.faults, "first": found.first}))
    else:
        for name, number in found.checked.items():
            click.echo(f"{name}: {number}")
        click.echo(f"faults: {found.faults.total()}")
        for line in found.first:
            click.echo(f"  {line}")
    if found.faults:
        click.get_current_context().exit(1)


async def _verify(db: Path | None) -> Verified:
    from bot.bootstrap import stored
    from bot.settings import load_settings

    async with stored(load_settings(database=None if db is None else str(db))) as store:
        return await store.verify()


@command.command(name="rotate-key")
@click.option(
    "--new-key-file", type=click.Path(path_type=Path), required=True, help="Holds the new key; made if absent."
)
@database_option
def rotate_key(new_key_file: Path, db: Path | None) -> None:
    """Seal all that is kept anew under another key; the old one opens nothing from then on. Stop the bot before.

    An SQLite file is copied first; the copy stays under the old key. Copy a PostgreSQL database with pg_dump before.

    \b
    Example:
      prescreen data rotate-key --new-key-file new.key
    """  # noqa: D301
    from bot.clock import SystemClock
    from bot.settings import load_settings
    from bot.storage.cipher import key_in
    from bot.storage.rekeying import rotate_key as rotate

    settings = load_settings(database=None if db is None else str(db))
    new = key_in(new_key_file)
    done = asyncio.run(rotate(settings.database, settings.key_text, new, SystemClock().now()))
    click.echo(f"{done.fields} fields are sealed under the new key.")
    if done.unreadable:
        click.echo(f"{done.unreadable} could not be opened before either, and stay as they were.", err=True)
    if done.backup:
        click.echo(f"What was there before is in {done.backup}: delete it once all is well.")
    click.echo(
        f"The new key is in {done.kept}." if done.kept else f"From now on set PRESCREEN_KEY_FILE={new_key_file}."
    )


async def _export(who: str, db: Path | None) -> dict[str, Any]:
    from bot.bootstrap import stored
    from bot.settings import load_settings

    async with stored(load_settings(database=None if db is None else str(db))) as store, store.transaction() as opened:
        _, kept = await _find(opened, who)
        return kept


async def _erase(who: str, db: Path | None) -> None:
    """Erase, and have the person's referrals and those that follow them hear of it, whether or not a bot runs."""
    from bot.bootstrap import taking
    from bot.clock import SystemClock
    from bot.settings import load_settings

    async with taking(load_settings(database=None if db is None else str(db))) as (store, take):
        async with store.transaction() as opened:
            whose, kept = await _find(opened, who)
            if isinstance(whose, str):
                await opened.erase_referral(whose, SystemClock().now())
            elif (kept["conversation"] or {}).get("kind") == "desk":
                raise click.UsageError(f"{who} is a chat of staff: take them out with `prescreen staff revoke`.")
            else:
                await opened.erase(whose, SystemClock().now())
        await _tell_referrals(store, take)


async def _find(opened: SqlTransaction, who: str) -> tuple[Address | str, dict[str, Any]]:
    """The chat of a person, or the reference of one whom staff handed over from a chat of theirs; and all that is kept of them.

    Raises `UsageError` where there is nothing, and for the chats in which nobody writes: referrals and sites work by them.
    """
    from bot.ports import Address
    from bot.services.handoff import UNWRITTEN

    channel, colon, chat = who.partition(":")
    if colon and channel in UNWRITTEN:
        raise click.UsageError(f"{who} is no person's chat: give a referral's reference, or CHANNEL:CHAT.")
    if not colon and await opened.is_of_staff(who):
        return who, await opened.export_referral(who)
    address = Address(channel, chat) if colon else await opened.chat_of(who)
    kept = await opened.export(address) if address else {}
    if address is None or not (kept["conversation"] or kept["journal"] or kept["referrals"]):
        raise click.UsageError(f"Nothing is kept of {who}: give a referral's reference, or CHANNEL:CHAT.")
    return address, kept


async def _tell_referrals(store: SqlStore, take: Take) -> None:
    """Carry the letters to referrals and among them, until none is left. Those to sites and people wait for the bot."""
    from bot.clock import SystemClock
    from bot.flows.handoff.letters import PERSONS, REFERRALS
    from bot.ports import Scope
    from bot.services.timers import Timers

    timers = Timers(store, Scope((REFERRALS, PERSONS)), take, SystemClock())
    while await timers.fire_due():
        pass
