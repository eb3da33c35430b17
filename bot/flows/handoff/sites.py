"""The sites of the file that `PRESCREEN_SITES` names: where a referral goes, and who acts on it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bot.criteria.protocol import Model, TrialProtocol
from bot.flows.handoff.hours import USUAL, WEEKDAYS, OfficeHours, Opening

REGISTRY = "registry."

_OPENING = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")


def _opening(value: object) -> Opening:
    """The hours of a day (`09:00-17:00`). Raises ValueError for anything else."""
    if isinstance(value, Opening):
        return value
    match = _OPENING.fullmatch(str(value).strip())
    opening = Opening(dt.time(int(match[1]), int(match[2])), dt.time(int(match[3]), int(match[4]))) if match else None
    if opening is None or opening.start >= opening.end:
        raise ValueError("write the hours of a day such as 09:00-17:00")
    return opening


def _shaped(pattern: str, example: str) -> AfterValidator:
    """Takes a text of this shape. The error of another one shows an example."""
    shape = re.compile(pattern)

    def check(text: str) -> str:
        if shape.fullmatch(text) is None:
            raise ValueError(f"write it such as {example}")
        return text

    return AfterValidator(check)


Hours = Annotated[Opening, BeforeValidator(_opening)]
Weekday = Annotated[str, _shaped("|".join(WEEKDAYS), "mon, tue or sun")]
TelegramId = Annotated[str, _shaped(r"-?[0-9]{1,19}", "123456789, or -100123456789 for a group")]
Email = Annotated[str, _shaped(r"[^\s@<>,;]{1,64}@[A-Za-z0-9.-]{1,190}", "name@example.org")]
HttpUrl = Annotated[str, _shaped(r"https?://[^\s]{1,240}", "https://example.org/referrals")]
Phone = Annotated[str, _shaped(r"\+[0-9 ()-]{5,24}", "+86 755 0000 0000")]


class Intake(StrEnum):
    """Whether a site takes candidates for a trial."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class Contacts(Model):
    """Whom a referral is told. telegram: ids of users or groups; webhook: a URL. `name`: a person, for the records."""

    name: str | None = None
    telegram: tuple[TelegramId, ...] = ()
    email: tuple[Email, ...] = ()
    webhook: HttpUrl | None = None

    def chats(self) -> Iterator[tuple[str, str]]:
        """The channel and chat of each."""
        yield from (("telegram", each) for each in self.telegram)
        yield from (("mail", each) for each in self.email)
        if self.webhook is not None:
            yield ("webhook", self.webhook)


class SiteEntry(Model):
    """A site. Times are its own; `hours` by weekday; `fallback`: the site that is told where nobody acts here."""

    id: str
    name: str
    city: str
    timezone: str
    hours: dict[Weekday, Hours] = Field(default_factory=lambda: dict(USUAL))
    holidays: tuple[dt.date, ...] = ()
    languages: tuple[str, ...] = ()
    contacts: Contacts = Contacts()
    trials: dict[str, Intake] = Field(default_factory=dict)
    fallback: str | None = None
    phone: Phone | None = None

    @property
    def office(self) -> OfficeHours:
        """When somebody is there."""
        return OfficeHours(self.timezone, self.hours, frozenset(self.holidays))


def registry_desk(trial: str) -> str:
    """The name under which a trial's registry contact stands among the sites."""
    return f"{REGISTRY}{trial}"


class SiteBook(Model):
    """The sites, and for each trial the contact that its registry names, who is told last of all."""

    spec_version: int
    sites: tuple[SiteEntry, ...] = ()
    registry: dict[str, Contacts] = Field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[str, SiteEntry]:
        """The sites by their ids."""
        return {site.id: site for site in self.sites}

    def open_sites(self, trial: TrialProtocol) -> tuple[str, ...]:
        """The sites of a trial that take candidates, in the trial's order. One that the book does not know is open."""
        return tuple(site.id for site in trial.sites if self._intake(site.id, trial.id) is Intake.OPEN)

    def _intake(self, site: str, trial: str) -> Intake:
        entry = self.by_id.get(site)
        return entry.trials.get(trial, Intake.OPEN) if entry else Intake.OPEN

    def office(self, site: str) -> OfficeHours:
        """The hours of a site; of one that is not known, the usual ones in UTC."""
        entry = self.by_id.get(site)
        return entry.office if entry else OfficeHours("UTC")

    def language(self, site: str) -> str:
        """The language of a site: the first that the file names, else English."""
        entry = self.by_id.get(site)
        return entry.languages[0] if entry and entry.languages else "en"

    def phone(self, site: str) -> str | None:
        """The public phone number of a site."""
        entry = self.by_id.get(site)
        return entry.phone if entry else None

    def chats(self, site: str) -> tuple[tuple[str, str], ...]:
        """Whom a site, or a trial's registry (see `registry_desk`), wants told, as channel and chat."""
        if site.startswith(REGISTRY):
            contacts = self.registry.get(site.removeprefix(REGISTRY))
        else:
            contacts = self.by_id[site].contacts if site in self.by_id else None
        return tuple(contacts.chats()) if contacts else ()

    def names(self, channel: str, chat: str) -> bool:
        """Whether a chat is among the contacts of any site or registry."""
        desks = (*self.by_id, *(registry_desk(trial) for trial in self.registry))
        return any((channel, chat) in self.chats(desk) for desk in desks)

    def escalation(self, site: str, trial: str) -> tuple[str, ...]:
        """The sites that are told one after the other where nobody acts: fallbacks, then the trial's registry contact."""
        way = [site]
        while (entry := self.by_id.get(way[-1])) and entry.fallback and entry.fallback not in way:
            way.append(entry.fallback)
        return (*way[1:], registry_desk(trial))
