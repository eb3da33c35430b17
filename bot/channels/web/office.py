"""What the handlers of the web chat share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.channels.http.assets import Assets
from bot.channels.http.hub import Hub
from bot.channels.http.words import Words, preferred
from bot.channels.web.limits import Limits
from bot.channels.web.views import Views
from bot.channels.web.visitors import Visitor, cookie
from bot.ports import Clock, Inbound, PhotoReader
from bot.ports.storage import Codes, History
from bot.services.talk import Subject
from bot.speech.catalogue import known_language


@dataclass(frozen=True)
class Office:
    """The trials that people are screened for, the services that hold their conversations, and the rules of the house.

    `embed_origins`: the sites whose pages may hold these in a frame. `reader`: of photographs, where they can be read.
    """

    subjects: Mapping[str, Subject]
    take: Callable[[Inbound], Awaitable[None]]
    history: History
    codes: Codes
    clock: Clock
    hub: Hub
    limits: Limits = field(default_factory=Limits)
    embed_origins: tuple[str, ...] = ()
    reader: PhotoReader | None = None
    views: Views = field(default_factory=lambda: Views(Assets("bot.channels.web")))

    def subject(self, request: Request) -> Subject:
        """The trial that the request is about. Raises the HTTP error where there is none of that name."""
        try:
            return self.subjects[request.path_params["trial"]]
        except KeyError:
            raise HTTPException(404) from None

    def words(self, request: Request, locale: str | None = None) -> Words:
        """The texts for whoever asks: of the trial that it is about, in that language, or the one that they like best."""
        asked = known_language(request.query_params.get("lang"))
        about = self.subjects.get(request.path_params.get("trial", "")) or next(iter(self.subjects.values()))
        return Words(about.catalogue, locale or asked or preferred(request.headers.get("accept-language")))

    def cookie(self, request: Request, visitor: Visitor) -> str:
        """The header that keeps a visitor's secret in the browser that asks."""
        return cookie(
            visitor,
            request.path_params["trial"],
            secure=request.url.scheme == "https",
            embedded=bool(self.embed_origins),
        )
