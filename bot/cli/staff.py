"""`prescreen staff`: who may act on referrals."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from bot.cli.tables import print_table

if TYPE_CHECKING:
    from bot.services.staff import Listed
    from bot.settings import Settings

ROLES = ("staff", "coordinator", "manager", "administrator")
LONGEST_LIFE_DAYS = 90

as_data = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


@click.group
def command() -> None:
    """Site staff and coordinators: invite, list, revoke; let in at the desk.

    \b
    Example:
      prescreen staff invite --role coordinator --site haikou
    """  # noqa: D301 - \b is click's mark for lines that are kept as they are


@command.command
@click.option("--role", type=click.Choice(ROLES), required=True, help="What they may do.")
@click.option("--site", metavar="ID", help="The site whose referrals they get; all sites if not given.")
@click.option("--name", metavar="N", help="What others see of them; what Telegram calls them if not given.")
@click.option(
    "--days", type=click.IntRange(1, LONGEST_LIFE_DAYS), default=7, show_default=True, help="How long it is good."
)
@as_data
def invite(*, role: str, site: str | None, name: str | None, days: int, as_json: bool) -> None:
    """Print a code with which one person, or one group, joins. It is good once.

    \b
    Examples:
      prescreen staff invite --role coordinator --site haikou --name "Dr. Li"
      prescreen staff invite --role manager --json
    """  # noqa: D301
    from bot.settings import load_settings

    settings = load_settings()
    _check_site(site, settings)
    invited = asyncio.run(_invite(settings, role, site, name, timedelta(days=days)))
    if as_json:
        click.echo(json.dumps(invited))
        return
    click.echo(f"Code: {invited['code']}")
    if invited["link"]:
        click.echo(f"In Telegram: {invited['link']}")
        click.echo(f"Or write to the bot, or in a group that it is in: /join {invited['code']}")
    if invited["desk"]:
        click.echo(f"In a browser: {invited['desk']}")
    click.echo(f"Good once, until {invited['expires_at']}. It cannot be shown again.")


def _check_site(site: str | None, settings: Settings) -> None:
    from bot.library.sites import load_sites
    from bot.library.trials import known

    trials = known(settings.trials)
    sites = {*load_sites(settings.sites, trials).by_id, *(each.id for trial in trials for each in trial.sites)}
    if site is not None and site not in sites:
        raise click.UsageError(f"--site: there is no site `{site}`; there are {', '.join(sorted(sites))}.")


async def _invite(
    settings: Settings, role: str, site: str | None, name: str | None, lifetime: timedelta
) -> dict[str, Any]:
    from bot.bootstrap import staffing
    from bot.clock import SystemClock
    from bot.flows.handoff.people import Role
    from bot.services import staff

    username = await _username(settings)
    now = SystemClock().now()
    async with staffing(settings) as store:
        code = await staff.invite(store, now, role=Role(role), site=site, name=name, lifetime=lifetime)
    return {
        "code": code,
        "link": _link(username, code),
        "desk": _desk_link(settings, code),
        "expires_at": (now + lifetime).isoformat(timespec="minutes"),
    }


async def _username(settings: Settings) -> str | None:
    """The bot's name, where Telegram is configured."""
    from bot.bootstrap import telegram_options

    options = telegram_options(settings)
    if options is None:
        return None
    from bot.channels.telegram.api import username

    return await username(options.token, options.api, options.proxy)


def _link(username: str | None, code: str) -> str | None:
    from bot.channels.telegram import deeplink

    return deeplink.link(username, f"{deeplink.JOIN}{code}") if username else None


def _desk_link(settings: Settings, code: str) -> str | None:
    """Where the code lets one in at the desk. After the number sign it stays in the browser: it is in no server's log."""
    return f"{settings.desk_url}#{code}" if settings.desk_url else None


@command.command("list")
@as_data
def list_members(*, as_json: bool) -> None:
    """List all who were ever invited.

    \b
    Example:
      prescreen staff list
    """  # noqa: D301
    from bot.settings import load_settings

    rows = list(_rows(asyncio.run(_members(load_settings()))))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        print_table(("id", "role", "site", "name", "state", "expires_at"), [tuple(row.values()) for row in rows])


async def _members(settings: Settings) -> list[Listed]:
    from bot.bootstrap import staffing
    from bot.services import staff

    async with staffing(settings) as store:
        return await staff.members(store)


def _rows(listed: list[Listed]) -> Iterator[dict[str, str]]:
    for each in listed:
        member = each.member
        yield {
            "id": each.id,
            "role": member.role.value,
            "site": member.site or "",
            "name": member.name or "",
            "state": member.state,
            "expires_at": member.expires_at.isoformat(timespec="minutes"),
        }


@command.command
@click.argument("member", metavar="ID")
def revoke(member: str) -> None:
    """End a membership. ID: as in the list, or its beginning. The bot tells the chat when it runs.

    \b
    Example:
      prescreen staff revoke 3f9a
    """  # noqa: D301
    from bot.settings import load_settings

    revoked = asyncio.run(_revoke(load_settings(), member))
    click.echo(f"{revoked.id} ({revoked.member.name or revoked.member.role.value}) is no member any more.")


async def _revoke(settings: Settings, member: str) -> Listed:
    from bot.bootstrap import staffing
    from bot.clock import SystemClock
    from bot.services import staff

    async with staffing(settings) as store:
        return await staff.revoke(store, member, SystemClock().now())


@command.command
@click.argument("member", metavar="ID")
@click.option(
    "--hours", type=click.IntRange(1, 24 * LONGEST_LIFE_DAYS), default=24, show_default=True, help="How long."
)
def link(member: str, hours: int) -> None:
    """Print a link by which a member signs in at the desk. It is good once. ID: as in the list, or its beginning.

    \b
    Example:
      prescreen staff link 3f9a
    """  # noqa: D301
    from bot.settings import load_settings

    settings = load_settings()
    code = asyncio.run(_new_link(settings, member, timedelta(hours=hours)))
    click.echo(_desk_link(settings, code) or f"Code: {code}")
    click.echo(f"Good once, for {hours} h. It cannot be shown again.")


async def _new_link(settings: Settings, member: str, lifetime: timedelta) -> str:
    from bot.bootstrap import staffing
    from bot.clock import SystemClock
    from bot.services import staff

    async with staffing(settings) as store:
        return await staff.link(store, member, SystemClock().now(), lifetime)


@command.command
@click.argument("member", metavar="ID")
def reset_factor(member: str) -> None:
    """Forget a member's second factor, and end their sessions: who lost their phone. ID: as in the list, or its beginning.

    With a new link they set up another one.

    \b
    Example:
      prescreen staff reset-factor 3f9a
    """  # noqa: D301
    from bot.settings import load_settings

    listed = asyncio.run(_reset_factor(load_settings(), member))
    click.echo(f"{listed.id} ({listed.member.name or listed.member.role.value}) sets up a new second factor.")
    click.echo(f"Let them in: prescreen staff link {listed.id}")


async def _reset_factor(settings: Settings, member: str) -> Listed:
    from bot.bootstrap import staffing
    from bot.clock import SystemClock
    from bot.services import staff

    async with staffing(settings) as store:
        return await staff.reset_factor(store, member, SystemClock().now())
