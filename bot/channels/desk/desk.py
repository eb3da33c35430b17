"""What the pages of the desk share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest

from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.channels.desk.layout import Layout
from bot.channels.desk.limits import Limits
from bot.channels.desk.signed import (
    CSRF_FIELD,
    CSRF_HEADER,
    LANGUAGE_COOKIE,
    SESSION_COOKIE,
    Signed,
    SignInNeeded,
    csrf_of,
    is_sign_of_life,
)
from bot.channels.http.forms import read_form
from bot.channels.http.guard import check_limit, check_origin
from bot.channels.http.hub import Hub
from bot.channels.http.pictures import MOST_UPLOAD
from bot.channels.http.uploads import Upload, read_upload
from bot.channels.http.words import Words, preferred
from bot.ports import Clock, Inbound, PhotoReader
from bot.ports.storage import Audit, History
from bot.services.accounts import Account, Accounts
from bot.services.logbook import Logbook
from bot.services.staff import Staffing
from bot.services.talk import Subject
from bot.services.unbroken import unbroken
from bot.services.worklist import Worklist
from bot.speech.catalogue import known_language

MOST_FORM = 65_536  # bytes; a long slip in Chinese takes nine for each character
MOST_FIELDS = 64  # a candidate's page has one or two for each question


@dataclass(frozen=True)
class Desk:
    """The services that the pages work with, and the rules of the house.

    `take`: puts an input through the pipeline, and returns once it is durable. `subjects`: the trials, by id. `reader`: of
    photographs, where they can be read. `web_url`: where people reach the pages; None where that is as whoever asks has
    reached them. `telegram`: members can join there.
    """

    accounts: Accounts
    staffing: Staffing
    worklist: Worklist
    logbook: Logbook
    audit: Audit
    take: Callable[[Inbound], Awaitable[None]]
    history: History
    clock: Clock
    hub: Hub
    subjects: Mapping[str, Subject]
    layout: Layout
    limits: Limits = field(default_factory=Limits)
    reader: PhotoReader | None = None
    web_url: str | None = None
    telegram: bool = False

    async def signed(self, request: Request) -> Signed:
        """Who asks. Raises `SignInNeeded`, which is answered with the way to sign in; looked up once a request."""
        known: Signed | None = getattr(request.state, "signed", None)
        if known is None:
            known = request.state.signed = await self._look_up(request)
        return known

    async def still_signed(self, request: Request) -> bool:
        """Whether who asked is still signed in, looked up anew: what stays open must end when the membership does.

        It is no sign of life: a page that nobody works at does not keep the session.
        """
        token = request.cookies.get(SESSION_COOKIE, "")
        return await unbroken(self.accounts.account(token, self.clock.now())) is not None

    async def _look_up(self, request: Request) -> Signed:
        token = request.cookies.get(SESSION_COOKIE, "")
        ask = self.accounts.signed if is_sign_of_life(request.headers) else self.accounts.account
        account = await ask(token, self.clock.now()) if token else None
        if account is None:
            raise SignInNeeded
        return signed_as(account, token, self.locale(request))

    def locale(self, request: Request) -> str:
        """The language of the pages: as chosen here, or as the browser wishes."""
        chosen = known_language(request.cookies.get(LANGUAGE_COOKIE))
        return chosen or preferred(request.headers.get("accept-language"))

    def words(self, signed: Signed) -> Words:
        """The texts in the language of who is signed in."""
        return self.layout.words(signed.locale)

    def sites(self) -> list[str]:
        """The sites that take candidates, by their ids."""
        return list(dict.fromkeys(site for each in self.subjects.values() for site in each.setting.sites))

    async def form(self, request: Request) -> Mapping[str, str]:
        """The fields of a form of ours. Raises the HTTP error where it is none, or comes from another site.

        A body that is no form (a file, sent by script) is left unread, and must carry the token in a header.
        """
        known: Mapping[str, str] | None = getattr(request.state, "form", None)
        if known is None:
            known = request.state.form = await self._read_form(request)
        return known

    async def _read_form(self, request: Request) -> Mapping[str, str]:
        check_origin(request)
        given = request.headers.get(CSRF_HEADER)
        form = await read_form(request, MOST_FORM, MOST_FIELDS) if given is None else {}
        _check_token(request, given or form.get(CSRF_FIELD, ""))
        return form

    async def upload(self, request: Request) -> Upload:
        """The fields and pictures of a form of ours, of which a session may send so many. Raises the HTTP error as `form` does."""
        known: Upload | None = getattr(request.state, "upload", None)
        if known is None:
            check_origin(request)
            check_limit(self.limits.photos, (await self.signed(request)).member)
            known = request.state.upload = await read_upload(request, MOST_UPLOAD)
            _check_token(request, known.fields.get(CSRF_FIELD, ""))
        return known


def _check_token(request: Request, given: str) -> None:
    """See that a form comes from a page of this session. Raises the HTTP error where it does not."""
    token = request.cookies.get(SESSION_COOKIE, "")
    if not compare_digest(given.encode(), csrf_of(token).encode()):
        raise HTTPException(403)


def signed_as(account: Account, token: str, locale: str) -> Signed:
    """Who an account is, at a page of the session that has this token."""
    return Signed(
        member=account.id,
        name=account.member.name or account.id[:6],
        role=account.member.role,
        site=account.member.site,
        address=account.address,
        locale=locale,
        csrf=csrf_of(token),
    )
