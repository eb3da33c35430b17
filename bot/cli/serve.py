"""`prescreen serve`: the bot, with every channel that is configured."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from starlette.routing import BaseRoute, Mount

    from bot.bootstrap import Running
    from bot.channels.http.hub import Hub
    from bot.channels.http.server import Server
    from bot.channels.telegram.channel import Telegram
    from bot.services.talk import Conversations
    from bot.settings import Settings

BACKLOG = 1_024  # connections that may wait to be accepted


@click.command
def command() -> None:
    """Run the bot: its channels, the delivery of messages, the timers.

    With nothing configured it keeps its data in an SQLite file under ./data, and serves the web chat on this machine. It stops at Control-C or SIGTERM, when it has finished what it took.

    \b
    Examples:
      prescreen serve
      PRESCREEN_WEB=0.0.0.0:8000 prescreen serve
    """  # noqa: D301 - \b is click's mark for lines that are kept as they are
    from bot.bootstrap import configure_logging
    from bot.settings import load_settings

    settings = load_settings()
    configure_logging(settings.log_level)
    _warn(settings)
    if not settings.serves_web:
        asyncio.run(_serve(settings, None))
        return
    with listen(settings) as listening:
        asyncio.run(_serve(settings, listening))


def _warn(settings: Settings) -> None:
    from bot.storage.database import sqlite_warning

    warning = sqlite_warning(settings.database)
    if warning is not None:
        click.echo(f"Warning: {warning}", err=True)


def listen(settings: Settings) -> socket.socket:
    """The socket of the web chat, open. Raises `BadSetting` where its address cannot be had."""
    from bot.errors import BadSetting

    host, port = settings.web_address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise BadSetting(f"PRESCREEN_WEB: {settings.web} cannot be had ({error.strerror}): name another.") from error


async def _serve(settings: Settings, listening: socket.socket | None) -> None:
    """Serve every configured channel until a signal says to stop; then finish what was taken.

    `listening`: where the web chat is served, None where it is not.
    """
    from bot.bootstrap import in_background, load_conversations, photo_reader, running, wires
    from bot.channels.desk import NAME as DESK
    from bot.channels.http.hub import Hub
    from bot.channels.web import NAME as WEB
    from bot.services.retention import purge_daily

    reader, hub, desk_hub = photo_reader(), Hub(WEB), Hub(DESK)
    conversations = load_conversations(settings, photos=reader is not None)
    async with AsyncExitStack() as stack:
        channels = await _connected(settings, stack)
        carrying = {**channels, **await stack.enter_async_context(wires(settings))}
        services = await stack.enter_async_context(
            running(
                settings,
                conversations,
                carrying,
                keeping={WEB: hub.hand_over, DESK: desk_hub.hand_over},
                reader=reader,
            )
        )
        await _tell_of_unattended_sites(settings, conversations, services, tuple(carrying))
        stack.push_async_callback(_finish, services)
        jobs = [hub.watch(services.store), desk_hub.watch(services.store)]
        jobs.append(purge_daily(services.store, services.turns.take, settings.ages, services.clock))
        routes: list[BaseRoute] = [_desk(settings, conversations, services, desk_hub)]
        for channel in channels.values():
            jobs += channel.jobs(services.turns.take, services.store, services.clock)
            routes += channel.routes
        await stack.enter_async_context(in_background(*jobs))
        if listening is None:
            await _until_stopped()
        else:
            await _serve_web(_server(settings, conversations, services, (hub, desk_hub), routes), listening)


async def _tell_of_unattended_sites(
    settings: Settings, conversations: Conversations, services: Running, channels: Sequence[str]
) -> None:
    """Say once which sites nobody acts for: their referrals wait on record."""
    from bot.bootstrap import site_book
    from bot.services.staff import unattended

    open_sites = dict.fromkeys(site for each in conversations.subjects.values() for site in each.setting.sites)
    alone = await unattended(services.store, site_book(settings, conversations), tuple(open_sites), channels)
    if alone:
        click.echo(
            f"Nobody is told of referrals to {', '.join(alone)}: they wait on record. Name contacts in PRESCREEN_SITES, "
            "or invite coordinators with `prescreen staff invite`.",
            err=True,
        )


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    _on_signals(stopped.set)
    await stopped.wait()


async def _serve_web(server: Server, listening: socket.socket) -> None:
    def stop() -> None:
        server.should_exit = True

    _on_signals(stop)
    click.echo(f"Open {address_of(listening)} in a browser. Control-C stops.")
    await server.serve([listening])


async def _connected(settings: Settings, stack: AsyncExitStack) -> dict[str, Telegram]:
    """The channels that bring their own connection, by name, as far as they are configured."""
    from bot.bootstrap import telegram_options

    options = telegram_options(settings)
    if options is None:
        return {}
    from bot.channels.telegram.channel import telegram
    from bot.channels.telegram.options import NAME

    return {NAME: await stack.enter_async_context(telegram(options))}


async def _finish(services: Running) -> None:
    """Handle what was taken, and say what can be said."""
    await services.turns.drain()
    await services.delivery.settle()


def _server(
    settings: Settings,
    conversations: Conversations,
    services: Running,
    hubs: tuple[Hub, Hub],
    routes: Sequence[BaseRoute],
) -> Server:
    """The server of the web chat, with the routes of other channels. `hubs`: its streams, and those of the desk."""
    from bot.channels.http.server import Server
    from bot.channels.web import NAME
    from bot.channels.web.app import build_app
    from bot.channels.web.office import Office
    from bot.ports import Address

    store = services.store
    office = Office(
        subjects=conversations.subjects,
        take=services.turns.take,
        history=store,
        codes=store,
        clock=services.clock,
        hub=hubs[0],
        embed_origins=settings.embed_origins,
        reader=services.reader,
    )
    checks = {"database": lambda: store.counts([Address(NAME, "")])}
    return Server(build_app(office, checks=checks, more=routes), hubs, settings.trusted_proxies)


def _desk(settings: Settings, conversations: Conversations, services: Running, hub: Hub) -> Mount:
    """The pages on which staff work."""
    from bot.channels.desk.app import mount
    from bot.channels.desk.desk import Desk
    from bot.channels.desk.layout import Layout
    from bot.channels.http.assets import Assets
    from bot.services.accounts import Accounts
    from bot.services.logbook import Logbook
    from bot.services.staff import AtOnce
    from bot.services.worklist import Worklist
    from bot.speech.catalogue import Catalogue

    store, take = services.store, services.turns.take
    desk = Desk(
        accounts=Accounts(store.accounts, store.audit, take, settings.desk_sessions),
        staffing=AtOnce(store, services.news),
        worklist=Worklist(store.worklist, store.audit),
        logbook=Logbook(store),
        audit=store.audit,
        take=take,
        history=store,
        clock=services.clock,
        hub=hub,
        subjects=conversations.subjects,
        layout=Layout(Assets("bot.channels.desk", "/desk/static"), Catalogue()),
        reader=services.reader,
        web_url=settings.web_url,
        telegram=settings.telegram_token is not None,
    )
    return mount(desk)


def _on_signals(stop: Callable[[], object]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)


def address_of(listening: socket.socket) -> str:
    """What to open: the machine's own name where it listens on all of its addresses."""
    host, port = listening.getsockname()[:2]
    shown = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}/"
