"""The form with aiogram: its FSM, on a plain storage in SQLite that is written at every update.

Run, where aiogram is installed: python -m benchmarks.peers.aiogram_form [USERS]
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any

import aiosqlite
from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey
from aiogram.types import Message, Update

from benchmarks.form import QUESTIONS, USERS, rate


class Form(StatesGroup):
    """The one state of the form; which question is asked follows from the answers."""

    asking = State()


class Nowhere(BaseSession):
    """A Telegram that takes everything at once."""

    async def close(self) -> None:
        """Nothing to close."""

    async def make_request(self, bot: Bot, method: Any, timeout: int | None = None) -> Any:  # noqa: ASYNC109, ARG002
        """The answer to a message."""
        return Message.model_validate({"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "."})

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        """No file is ever fetched."""
        yield b""


class SqliteStorage(BaseStorage):
    """A row a chat; every change is committed, and the file is written with synchronous=FULL."""

    def __init__(self, database: aiosqlite.Connection) -> None:
        self._database = database

    async def _set(self, key: StorageKey, column: str, value: str | None) -> None:
        await self._database.execute(
            f"INSERT INTO form (chat, {column}) VALUES (?, ?) ON CONFLICT DO UPDATE SET {column} = excluded.{column}",
            (key.chat_id, value),
        )
        await self._database.commit()

    async def _get(self, key: StorageKey, column: str) -> str | None:
        rows = await self._database.execute_fetchall(f"SELECT {column} FROM form WHERE chat = ?", (key.chat_id,))
        return next((row[0] for row in rows), None)

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Keep the state."""
        await self._set(key, "state", state.state if isinstance(state, State) else state)

    async def get_state(self, key: StorageKey) -> str | None:
        """The state kept."""
        return await self._get(key, "state")

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Keep the answers."""
        await self._set(key, "data", json.dumps(dict(data)))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """The answers kept."""
        return json.loads(await self._get(key, "data") or "{}")

    async def close(self) -> None:
        """The connection is closed where it was opened."""


async def take(message: Message, state: FSMContext) -> None:
    """Keep the answer, and ask the next question."""
    answers = (await state.get_data()).get("answers", [])
    answers = [*(answers if len(answers) < len(QUESTIONS) else []), message.text]
    await state.update_data(answers=answers)
    await state.set_state(Form.asking)
    await message.answer(QUESTIONS[len(answers) % len(QUESTIONS)])


async def main(users: int) -> None:
    """Print the rate."""
    with tempfile.TemporaryDirectory() as folder:
        async with aiosqlite.connect(Path(folder) / "form.db") as database:
            for pragma in ("journal_mode = WAL", "synchronous = FULL"):
                await database.execute(f"PRAGMA {pragma}")
            await database.execute("CREATE TABLE form (chat INTEGER PRIMARY KEY, state TEXT, data TEXT)")
            dispatcher, bot = Dispatcher(storage=SqliteStorage(database)), Bot("1:a", session=Nowhere())
            dispatcher.message.register(take)

            async def step(user: int, number: int) -> None:
                sender = {"id": user + 1, "is_bot": False, "first_name": "Ana"}
                chat = {"id": user + 1, "type": "private"}
                message = {"message_id": number + 1, "date": int(time.time()), "chat": chat, "from": sender}
                update = {"update_id": number + 1, "message": message | {"text": f"{number} g/L"}}
                await dispatcher.feed_update(bot, Update.model_validate(update))

            print(json.dumps(await rate(users, step)))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else USERS))
