"""The one place that builds things and wires them. Nothing is created when a module is imported."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import structlog

from bot.channels.desk import NAME as DESK
from bot.channels.telegram.options import Options as TelegramOptions
from bot.channels.web import NAME as WEB
from bot.clock import SystemClock
from bot.flows.handoff.letters import ACTORS, MEMBERS
from bot.flows.handoff.moves import Rules
from bot.flows.handoff.sites import SiteBook
from bot.library import trials
from bot.library.sites import load_sites
from bot.ports import Clock, Outbound, PhotoReader, Scope
from bot.ports.channels import Channel, PhotoSource
from bot.services.delivery import Delivery
from bot.services.figures import Figures
from bot.services.handoff import HandOffs
from bot.services.photos import Photos, Take
from bot.services.talk import Conversations, Subject, subject
from bot.services.timers import Timers
from bot.services.turns import Turns
from bot.services.unbroken import ended
from bot.settings import Settings
from bot.speech.catalogue import Catalogue
from bot.storage.opening import open_store
from bot.storage.store import SqlStore

HandOver = Callable[[Sequence[Outbound]], None]


@dataclass(frozen=True, slots=True)
class Running:
    """The services of a process, running. `news`: set where a letter was posted from outside a turn.

    `reader`: of photographs, where there is one.
    """

    turns: Turns
    delivery: Delivery
    store: SqlStore
    clock: Clock
    news: asyncio.Event
    reader: PhotoReader | None


def configure_logging(level: str) -> None:
    """Log as JSON lines on standard error. Nothing is ever logged but codes, counts and types of errors."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def load_conversations(settings: Settings, *, photos: bool = False) -> Conversations:
    """All that is needed to talk about the trials known, the one taken by default first. Raises `Mendable`.

    `photos`: whether pictures of lab slips can be read.
    """
    known = trials.known(settings.trials)
    book = load_sites(settings.sites, known)
    names = dict.fromkeys((trials.DEFAULT, *(protocol.id for protocol in known)))
    return Conversations({name: _load_subject(name, settings, book, photos=photos) for name in names})


def _load_subject(name: str, settings: Settings, book: SiteBook, *, photos: bool) -> Subject:
    trial = trials.load_compiled(name, settings.trials)
    catalogue = Catalogue(name, trials.locale_folder(name, settings.trials))
    open_sites = book.open_sites(trial.protocol)
    return subject(trial, trials.lexicon_for(trial), catalogue, settings.patience, open_sites, photos=photos)


def photo_reader() -> PhotoReader | None:
    """What reads pictures of lab slips; None where the extra `photo` is not installed."""
    from bot.photo.worker import Reader, installed

    return Reader() if installed() else None


def site_book(settings: Settings, conversations: Conversations) -> SiteBook:
    """The sites of the settings. Raises `Mendable`."""
    return load_sites(settings.sites, [each.setting.trial.protocol for each in conversations.subjects.values()])


def hand_offs(settings: Settings, conversations: Conversations) -> HandOffs:
    """All chats: the conversations, and those by which candidates are handed over to their sites. Raises `Mendable`."""
    rules = Rules(site_book(settings, conversations), timedelta(hours=settings.handoff_hours))
    return HandOffs(conversations, rules, desk_url=settings.desk_url)


@asynccontextmanager
async def stored(settings: Settings) -> AsyncIterator[SqlStore]:
    """The store alone, for a command that reads it. Raises `Mendable`."""
    async with open_store(settings.database, settings.key_text, SystemClock().now()) as store:
        yield store


@asynccontextmanager
async def taking(settings: Settings) -> AsyncIterator[tuple[SqlStore, Take]]:
    """The store and the turn pipeline, for a command that gives chats an input. What they say waits for the bot, unless their
    channel keeps it. Raises `Mendable`.
    """
    clock = SystemClock()
    chats = hand_offs(settings, load_conversations(settings))
    keeping = frozenset({WEB, DESK})
    async with open_store(settings.database, settings.key_text, clock.now(), keeping) as store:
        turns = Turns(store, chats.talk, chats.apologise, clock, lambda _: None)
        async with in_background(turns.run()):
            yield store, turns.take


@asynccontextmanager
async def staffing(settings: Settings) -> AsyncIterator[SqlStore]:
    """The store, for a command that sends letters to members of staff; at the end they have been read. Raises `Mendable`."""
    async with taking(settings) as (store, take):
        yield store
        await Timers(store, Scope((MEMBERS,)), take, SystemClock()).fire_due()


@asynccontextmanager
async def wires(settings: Settings) -> AsyncIterator[dict[str, Channel]]:
    """The channels that only carry word to sites, as far as they are configured. Raises `Mendable`."""
    async with AsyncExitStack() as stack:
        found: dict[str, Channel] = {}
        if settings.smtp is not None and settings.mail_from is not None:
            from bot.notify.mail import Mailer, MailOptions

            password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
            options = MailOptions(settings.smtp, settings.mail_from, settings.smtp_user, password)
            found["mail"] = Mailer(options)
        if settings.webhook_secret is not None:
            from bot.notify.webhook import hook

            secret = settings.webhook_secret.get_secret_value()
            found["webhook"] = await stack.enter_async_context(hook(secret, SystemClock()))
        yield found


def telegram_options(settings: Settings) -> TelegramOptions | None:
    """What the Telegram channel is told; None where it is not configured."""
    if settings.telegram_token is None:
        return None
    return TelegramOptions(
        token=settings.telegram_token.get_secret_value(),
        api=settings.telegram_api,
        proxy=settings.telegram_proxy,
        webhook=settings.telegram_webhook,
        secret=settings.telegram_secret.get_secret_value() if settings.telegram_secret else None,
        shared=settings.shared_database,
        rate=settings.telegram_rate,
        chat_rate=settings.telegram_chat_rate,
        flood=settings.telegram_flood,
    )


@asynccontextmanager
async def running(  # noqa: PLR0913 - what runs, by name
    settings: Settings,
    conversations: Conversations,
    channels: Mapping[str, Channel],
    chat: str | None = None,
    *,
    keeping: Mapping[str, HandOver] = MappingProxyType({}),
    reader: PhotoReader | None = None,
) -> AsyncIterator[Running]:
    """The services on the database of the settings, for these channels, or for one chat of theirs alone.

    `keeping`: channels that keep what they say, to be read from the store; each is told what is new there. `reader`:
    reads the pictures that wait with these channels, and is closed at the end. What an ended process left unsaid is said
    first. Raises `Mendable` where the database or its key cannot be used.
    """
    clock = SystemClock()
    chats = hand_offs(settings, conversations)
    scope = Scope((*channels, *keeping, *ACTORS), chat)
    news = asyncio.Event()
    lease = timedelta(seconds=settings.takeover_seconds)
    async with open_store(settings.database, settings.key_text, clock.now(), frozenset(keeping), lease) as store:
        delivery = Delivery(store, channels, clock, chat)
        hand_over = to_all(delivery.hand_over, *keeping.values())
        turns = Turns(store, chats.talk, chats.apologise, clock, hand_over, news, delivery.marking)
        figures = Figures(store, clock, conversations.subjects, turns.take)
        photos = _photos(reader, channels, figures.take)
        timers = Timers(store, scope, photos.take if photos else figures.take, clock, news)
        await delivery.start(sole=chat is not None or not settings.shared_database)
        try:
            async with in_background(delivery.run(), turns.run(), timers.run()):
                yield Running(turns, delivery, store, clock, news, reader)
        finally:
            if photos is not None:
                await photos.close()
            await delivery.stop()


def _photos(reader: PhotoReader | None, channels: Mapping[str, Channel], take: Take) -> Photos | None:
    """What reads the pictures that wait with those channels that keep some."""
    if reader is None:
        return None
    sources = {name: channel for name, channel in channels.items() if isinstance(channel, PhotoSource)}
    return Photos(reader, sources, take)


def to_all(*takers: HandOver) -> HandOver:
    """Hands what is to be said over to each of these; each takes what is its own."""

    def hand_over(rows: Sequence[Outbound]) -> None:
        for take in takers:
            take(rows)

    return hand_over


@asynccontextmanager
async def in_background(*jobs: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run jobs that never end beside the body. One that fails ends the body too, and its error is raised."""
    body = asyncio.current_task()
    tasks = [asyncio.create_task(job) for job in jobs]

    def end_body(task: asyncio.Task[None]) -> None:
        if body is not None and not task.cancelled() and task.exception() is not None:
            body.cancel()

    for task in tasks:
        task.add_done_callback(end_body)
    try:
        yield
    finally:
        await ended(tasks)
        failures = [failure for task in tasks if not task.cancelled() and (failure := task.exception())]
        if failures:
            raise failures[0]
