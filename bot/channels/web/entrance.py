"""The way in: a page about each study, the link that leads to it, and the start of a conversation."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.channels.http.forms import read_form
from bot.channels.http.guard import check_limit, check_origin, network_of
from bot.channels.web.office import Office
from bot.channels.web.visitors import new_visitor, visitor_of
from bot.criteria.protocol import TrialProtocol
from bot.flows.inputs import Opened
from bot.ports import Inbound
from bot.speech.catalogue import known_language

_SOURCE = re.compile(r"[A-Za-z0-9_-]{1,40}")


class Entrance:
    """The pages that anyone may open."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def studies(self, request: Request) -> Response:
        """All studies; where there is one alone, that one."""
        office = self._office
        if len(office.subjects) == 1:
            return RedirectResponse(f"/t/{next(iter(office.subjects))}", 303)
        return HTMLResponse(office.views.studies(office.words(request), office.subjects))

    async def study(self, request: Request) -> Response:
        """One study in plain words."""
        office = self._office
        subject = office.subject(request)
        opened = wishes(request.query_params, subject.setting.trial.protocol)
        words = office.words(request, opened.locale)
        known = visitor_of(request) is not None
        return HTMLResponse(office.views.study(words, subject, opened, known=known))

    async def start(self, request: Request) -> Response:
        """Begin a conversation, or go on with the one that this browser has."""
        office = self._office
        check_origin(request)
        check_limit(office.limits.starts, network_of(request))
        subject = office.subject(request)
        form = await read_form(request)
        opened = wishes(form, subject.setting.trial.protocol)
        visitor = visitor_of(request) or new_visitor()
        await office.take(Inbound(visitor.address, str(uuid.uuid4()), opened))
        headers = {"Set-Cookie": office.cookie(request, visitor)}
        return RedirectResponse(f"/t/{opened.trial}/chat", 303, headers=headers)


def wishes(given: Mapping[str, str], protocol: TrialProtocol) -> Opened:
    """How a link, or the form that it leads to, opens the conversation. Raises the HTTP error where it names nothing we know."""
    lang, site, source = (given.get(name) or None for name in ("lang", "site", "source"))
    locale = known_language(lang)
    good = (
        (lang is None or locale is not None)
        and (site is None or site in {each.id for each in protocol.sites})
        and (source is None or _SOURCE.fullmatch(source))
    )
    if not good:
        raise HTTPException(400, "link")
    return Opened(locale=locale, trial=protocol.id, site=site, source=source)
