"""People who chat with the bot: they type, tap, edit, share a contact and send files, and read what comes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from tests.talks import ELIGIBLE
from tests.telegram.server import Json, TelegramServer

PATIENCE = 30.0  # seconds


@dataclass
class Person:
    """One person in a private chat with the bot."""

    server: TelegramServer
    id: int
    language: str = "en"
    inbox: list[Json] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def _who(self) -> Json:
        return {"id": self.id, "is_bot": False, "first_name": "Ana", "language_code": self.language}

    @property
    def _chat(self) -> Json:
        return {"id": self.id, "type": "private", "first_name": "Ana"}

    def send(self, *, age: float = 0, **content: Any) -> int:
        """Send a message with this content, `age` seconds ago; its id."""
        message_id = self.server.new_id()
        date = int(time.time() - age)
        head = {"message_id": message_id, "date": date, "chat": self._chat, "from": self._who}
        self.server.push("message", head | content)
        return message_id

    def type(self, text: str, age: float = 0) -> int:
        """Type a message; its id."""
        command = text.partition(" ")[0]
        entities = [{"type": "bot_command", "offset": 0, "length": len(command)}] if text.startswith("/") else []
        return self.send(age=age, text=text, **({"entities": entities} if entities else {}))

    def edit(self, message_id: int, text: str) -> None:
        """Edit a message sent earlier."""
        now = int(time.time())
        head = {"message_id": message_id, "date": now, "edit_date": now, "chat": self._chat, "from": self._who}
        self.server.push("edited_message", {**head, "text": text})

    def share_contact(self, number: str, owner: int | None = None) -> None:
        """Share a contact: one's own, or somebody else's."""
        self.send(contact={"phone_number": number, "first_name": "Ana", "user_id": owner or self.id})

    def tap(self, message: Json, data: str) -> str:
        """Tap a button of a message; the id of the query, whose answers the server keeps."""
        query_id = str(self.server.new_id())
        self.server.queries[query_id] = []
        shown = self.server.messages.get((self.id, message["message_id"]), message)
        shown = {key: each for key, each in shown.items() if key not in ("markup", "protected")}
        query = {"id": query_id, "from": self._who, "message": shown, "chat_instance": "1", "data": data}
        self.server.push("callback_query", query)
        return query_id

    def buttons(self, message: Json) -> dict[str, str]:
        """The buttons of a message that can be tapped now: choice to data."""
        kept = self.server.messages[self.id, message["message_id"]]
        rows = kept.get("reply_markup", {}).get("inline_keyboard", [])
        return {button["callback_data"].split(":", 2)[2]: button["callback_data"] for row in rows for button in row}

    def read(self, message: Json) -> None:
        """A message arrives."""
        self.inbox.append(message)
        self.news.set()

    async def hears(self, words: str, after: int = 0, patience: float = PATIENCE) -> Json:
        """The first message from the bot, from that place on, that has these words."""
        deadline = time.monotonic() + patience
        while True:
            for message in self.inbox[after:]:
                if words in message["text"]:
                    return message
            self.news.clear()
            left = deadline - time.monotonic()
            if left <= 0:
                texts = [message["text"] for message in self.inbox[after:]]
                raise AssertionError(f"nobody said {words!r}, only {texts}")
            try:
                await asyncio.wait_for(self.news.wait(), left)
            except TimeoutError:
                continue


@dataclass
class People:
    """All the people; messages reach them by their chats."""

    server: TelegramServer
    all: dict[int, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.on_message = self._arrives

    def _arrives(self, message: Json) -> None:
        person = self.all.get(message["chat"]["id"])
        if person is not None:
            person.read(message)

    def meet(self, number: int, language: str = "en") -> Person:
        """The person of that number."""
        if number not in self.all:
            self.all[number] = Person(self.server, number, language)
        return self.all[number]


ANSWERS = {**ELIGIBLE, "sex": "male"}
"""What a person of the whole screenings answers to each question."""
