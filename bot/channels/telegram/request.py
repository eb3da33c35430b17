"""HTTP to the Bot API: one pool of connections that are kept open and used again."""

from __future__ import annotations

from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECTIONS = 256
CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
KEEP_OPEN_SECONDS = 50.0  # servers close idle connections after about a minute
LARGEST_ANSWER = 32 * 1024 * 1024  # bytes; the largest file that the Bot API lets a bot fetch has 20 MB

Form = dict[str, str] | aiohttp.FormData
Timeout = Any  # a number of seconds, None, or the library's mark for "the default"


class AiohttpRequest(BaseRequest):
    """Calls the Bot API through aiohttp. `proxy`: the URL of a proxy.

    Raises what its base class says; the text of an error never holds a URL, which would hold the token.
    """

    def __init__(self, connections: int = CONNECTIONS, proxy: str | None = None) -> None:
        self._connections = connections
        self._proxy = proxy
        self._client: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """How long an answer is waited for, in seconds, unless a call says otherwise."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the pool."""
        if self._client is None:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEEP_OPEN_SECONDS)
            self._client = aiohttp.ClientSession(connector=connector, proxy=self._proxy)

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def do_request(  # noqa: PLR0913, PLR0917 - the base class's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        write_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        connect_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        pool_timeout: Timeout = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one call. The parameters go as a form, with the files that they name. Writing takes no time of its own."""
        del write_timeout
        limits = aiohttp.ClientTimeout(
            sock_connect=_seconds(connect_timeout, CONNECT_SECONDS),
            sock_read=_seconds(read_timeout, READ_SECONDS),
            connect=_seconds(pool_timeout, CONNECT_SECONDS),
        )
        try:
            return await self._call(method, url, _form(request_data) if request_data else None, limits)
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None

    async def _call(self, method: str, url: str, form: Form | None, limits: aiohttp.ClientTimeout) -> tuple[int, bytes]:
        if self._client is None:
            raise RuntimeError("the pool of connections is not open")
        async with self._client.request(method, url, data=form, timeout=limits, allow_redirects=False) as answer:
            body = bytearray()
            async for piece in answer.content.iter_any():
                body += piece
                if len(body) > LARGEST_ANSWER:
                    raise NetworkError("the answer is too large")
            return answer.status, bytes(body)


def _form(data: RequestData) -> Form:
    """The parameters of a call, with its files where it has some."""
    if not data.contains_files:
        return data.json_parameters
    form = aiohttp.FormData(data.json_parameters)
    for field, (name, content, kind) in (data.multipart_data or {}).items():
        form.add_field(field, content, filename=name, content_type=kind)
    return form


def _seconds(given: Timeout, usual: float) -> float | None:
    return usual if given is BaseRequest.DEFAULT_NONE else given
