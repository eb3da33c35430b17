"""A Bot API server of our own: keeps updates, messages and limits as Telegram does, and fails as a test tells it to.

It listens on loopback. `violations` has every call that the documentation does not allow.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal, Self

import aiohttp
from aiohttp import web

from tests.telegram.method_rules import broken_rule

TOKEN = "4242:the-token-of-the-tests"
USERNAME = "prescreen_test_bot"
SECRET = "X-Telegram-Bot-Api-Secret-Token"
REDELIVERY_SECONDS = 0.05
REDELIVERIES = 400
LARGEST_CALL = 10 * 1024 * 1024  # bytes

Json = dict[str, Any]


class Refused(Exception):
    """A call that is answered with an error."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.parameters = parameters


@dataclass
class Fault:
    """Something that goes wrong in the next calls of a method, before or after they have their effect.

    what: an error code (429 with `retry_after`), "reset" (the connection breaks), or "hang" (nothing is answered).
    """

    method: str
    what: int | Literal["reset", "hang"]
    when: Literal["before", "after"] = "before"
    times: int = 1
    retry_after: int = 1
    description: str = "fault"
    chat: int | None = None

    def hits(self, method: str, given: Json, when: str) -> bool:
        """Whether this call is hit."""
        chat = self.chat is None or given.get("chat_id") == str(self.chat)
        return self.times > 0 and self.method == method and self.when == when and chat


@dataclass
class TelegramServer:
    """The server, and all that it knows."""

    per_chat: tuple[int, float] | None = None  # so many messages in so many seconds
    overall: tuple[int, float] | None = None
    faults: list[Fault] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    calls: list[tuple[float, str, Json]] = field(default_factory=list)
    updates: list[Json] = field(default_factory=list)
    messages: dict[tuple[int, int], Json] = field(default_factory=dict)
    queries: dict[str, list[Json]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    uploads: list[bytes] = field(default_factory=list)
    profile: dict[tuple[str, str], Any] = field(default_factory=dict)
    webhook: Json | None = None
    on_message: Callable[[Json], None] = lambda _: None
    on_said: Callable[[Json], None] = lambda _: None
    poll: int = 0
    base: str = ""
    _ids: Any = field(default_factory=lambda: count(1000))
    _update_ids: Any = field(default_factory=lambda: count(700_000))
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _sent: dict[int | None, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=LARGEST_CALL)
        app.router.add_post(f"/bot{TOKEN}/{{method}}", self._call)
        app.router.add_post("/bot{token}/{method}", self._unknown_token)
        app.router.add_get(f"/file/bot{TOKEN}/{{path}}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}/bot"
        self._client = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._news.set()
        for task in self._tasks:
            task.cancel()
        await self._client.close()
        assert self._runner is not None
        await self._runner.cleanup()

    # --- what people bring about

    def new_id(self) -> int:
        """An id for a message or a query."""
        return int(next(self._ids))

    def push(self, kind: str, content: Json) -> int:
        """Something happens: an update is kept until it is acknowledged."""
        update = {"update_id": next(self._update_ids), kind: content}
        self.on_said(update)
        self.updates.append(update)
        self._news.set()
        if self.webhook is not None:
            self._deliver_by_webhook()
        return int(update["update_id"])

    def called(self, method: str) -> list[Json]:
        """The calls of a method, in order."""
        return [given for _, name, given in self.calls if name == method]

    # --- calls

    async def _unknown_token(self, _: web.Request) -> web.Response:
        return _answer(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        posted = (await request.post()).items()
        given = {name: value.filename if isinstance(value, web.FileField) else str(value) for name, value in posted}
        self.uploads += [value.file.read() for _, value in posted if isinstance(value, web.FileField)]
        self.calls.append((time.monotonic(), method, given))
        wrong = broken_rule(method, given)
        if wrong is not None:
            self.violations.append(wrong)
            return _answer(400, {"ok": False, "error_code": 400, "description": f"Bad Request: {wrong}"})
        try:
            await self._fail(method, given, "before", request)
            result = await self._do(method, given)
            await self._fail(method, given, "after", request)
        except Refused as refused:
            body = {"ok": False, "error_code": refused.code, "description": str(refused)}
            if refused.parameters:
                body["parameters"] = refused.parameters
            return _answer(refused.code, body)
        return _answer(200, {"ok": True, "result": result})

    async def _fail(self, method: str, given: Json, when: str, request: web.Request) -> None:
        fault = next((each for each in self.faults if each.hits(method, given, when)), None)
        if fault is None:
            return
        fault.times -= 1
        if fault.what == "reset":
            assert request.transport is not None
            request.transport.abort()
            raise ConnectionResetError
        if fault.what == "hang":
            await asyncio.sleep(3600)
        if fault.what == 429:
            raise Refused(429, f"Too Many Requests: retry after {fault.retry_after}", retry_after=fault.retry_after)
        raise Refused(int(fault.what), fault.description)

    async def _do(self, method: str, given: Json) -> Any:
        if method.startswith(("getMy", "setMy")):
            return self._about_profile(method, given)
        handler: Callable[[Json], Awaitable[Any]] = getattr(self, f"_{method}")
        return await handler(given)

    async def _getMe(self, _: Json) -> Json:  # noqa: N802 - the method's own name, as below
        return {"id": 4242, "is_bot": True, "first_name": "Test", "username": USERNAME}

    async def _getUpdates(self, given: Json) -> list[Json]:  # noqa: N802
        if self.webhook is not None:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        if "offset" in given:
            self.updates = [each for each in self.updates if each["update_id"] >= int(given["offset"])]
        self.poll += 1
        await self._wait_for_updates(self.poll, float(given.get("timeout", 0)))
        return self.updates[: int(given.get("limit", 100))]

    async def _wait_for_updates(self, poll: int, seconds: float) -> None:
        """Wait for news; a later call ends an earlier one that still waits."""
        self._news.set()
        deadline = time.monotonic() + seconds
        while not self.updates and time.monotonic() < deadline:
            self._news = asyncio.Event()
            try:
                await asyncio.wait_for(self._news.wait(), deadline - time.monotonic())
            except TimeoutError:
                return
            if self.poll != poll:
                raise Refused(409, "Conflict: terminated by other getUpdates request")

    async def _setWebhook(self, given: Json) -> bool:  # noqa: N802
        self.webhook = given
        self._deliver_by_webhook()
        return True

    async def _deleteWebhook(self, _: Json) -> bool:  # noqa: N802
        self.webhook = None
        return True

    def _deliver_by_webhook(self) -> None:
        if all(task.done() for task in self._tasks):  # one that has ended may not be discarded yet
            task = asyncio.create_task(self._post_all())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _post_all(self) -> None:
        """Post each update until it is taken, in order."""
        failures = 0
        while self.updates and self.webhook is not None and failures < REDELIVERIES:
            if await self._posted(self.updates[0], self.webhook):
                del self.updates[0]
                failures = 0
            else:
                failures += 1
                await asyncio.sleep(REDELIVERY_SECONDS)

    async def _posted(self, update: Json, webhook: Json) -> bool:
        headers = {SECRET: webhook["secret_token"]} if "secret_token" in webhook else {}
        try:
            async with self._client.post(webhook["url"], json=update, headers=headers) as answer:
                return answer.ok
        except aiohttp.ClientError:
            return False

    async def _sendPhoto(self, given: Json) -> Json:  # noqa: N802
        photo = {"file_id": "sent", "file_unique_id": "sent", "width": 100, "height": 100}
        message = {**self._posted_by_bot(given), "photo": [photo]}
        self.on_said({**message, "text": "", "markup": {}, "protected": given.get("protect_content") == "true"})
        return message

    def _posted_by_bot(self, given: Json) -> Json:
        """What every message of the bot has."""
        chat = int(given["chat_id"])
        self._limit(chat, self.per_chat)
        self._limit(None, self.overall)
        return {
            "message_id": self.new_id(),
            "date": int(time.time()),
            "chat": chat_of(chat),
            "from": {"id": 4242, "is_bot": True, "first_name": "Test", "username": USERNAME},
        }

    async def _sendMessage(self, given: Json) -> Json:  # noqa: N802
        message = {**self._posted_by_bot(given), "text": given["text"]}
        chat = message["chat"]["id"]
        if "message_thread_id" in given:
            message["message_thread_id"] = int(given["message_thread_id"])
        markup = json.loads(given["reply_markup"]) if "reply_markup" in given else {}
        if "inline_keyboard" in markup:
            message["reply_markup"] = markup
        self.messages[chat, message["message_id"]] = message
        shown = {**message, "markup": markup, "protected": given.get("protect_content") == "true"}
        self.on_said(shown)
        self.on_message(shown)
        return message

    def _limit(self, chat: int | None, limit: tuple[int, float] | None) -> None:
        if limit is None:
            return
        most, seconds = limit
        sent = self._sent[chat]
        now = time.monotonic()
        while sent and sent[0] <= now - seconds:
            sent.popleft()
        if len(sent) >= most:
            raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)
        sent.append(now)

    def _own(self, given: Json) -> Json:
        message = self.messages.get((int(given["chat_id"]), int(given["message_id"])))
        if message is None:
            raise Refused(400, "Bad Request: message to edit not found")
        return message

    async def _editMessageText(self, given: Json) -> Json:  # noqa: N802
        message = self._own(given)
        markup = json.loads(given["reply_markup"]) if "reply_markup" in given else None
        if message["text"] == given["text"] and message.get("reply_markup") == markup:
            raise Refused(400, "Bad Request: message is not modified")
        message["text"] = given["text"]
        message.pop("reply_markup", None)
        if markup is not None:
            message["reply_markup"] = markup
        return message

    async def _createForumTopic(self, given: Json) -> Json:  # noqa: N802
        return {"message_thread_id": self.new_id(), "name": given["name"], "icon_color": 7322096}

    async def _editMessageReplyMarkup(self, given: Json) -> Json:  # noqa: N802
        message = self._own(given)
        if "reply_markup" not in message:
            raise Refused(400, "Bad Request: message is not modified")
        del message["reply_markup"]
        return message

    async def _answerCallbackQuery(self, given: Json) -> bool:  # noqa: N802
        answers = self.queries.get(given["callback_query_id"])
        if answers is None:
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        answers.append(given)
        return True

    async def _sendChatAction(self, _: Json) -> bool:  # noqa: N802
        return True

    async def _getFile(self, given: Json) -> Json:  # noqa: N802
        content = self.files[given["file_id"]]
        return {
            "file_id": given["file_id"],
            "file_unique_id": f"u{given['file_id']}",
            "file_size": len(content),
            "file_path": given["file_id"],
        }

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["path"]])

    def _about_profile(self, method: str, given: Json) -> Any:
        name = method[5:]
        place = (name, given.get("language_code", ""))
        field_ = {"Commands": "commands", "Name": "name", "Description": "description"}.get(name, "short_description")
        if method.startswith("set"):
            self.profile[place] = json.loads(given["commands"]) if name == "Commands" else given[field_]
            return True
        kept = self.profile.get(place)
        return kept or [] if name == "Commands" else {field_: kept or ""}


def chat_of(chat: int) -> Json:
    """A chat as Telegram describes it: groups have negative numbers, and those of the tests have topics."""
    if chat < 0:
        return {"id": chat, "type": "supergroup", "title": "Coordinators", "is_forum": True}
    return {"id": chat, "type": "private", "first_name": "A"}


def _answer(code: int, body: Json) -> web.Response:
    return web.json_response(body, status=code)
