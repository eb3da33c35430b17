"""The form with python-telegram-bot: ConversationHandler, and PicklePersistence written at every update.

Run: python -m benchmarks.peers.ptb_form [USERS]
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, ConversationHandler, MessageHandler, PicklePersistence, filters
from telegram.request import BaseRequest

from benchmarks.form import QUESTIONS, USERS, rate


class Nowhere(BaseRequest):
    """A Telegram that takes everything at once."""

    read_timeout = 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(self, url: str, *_: Any, **__: Any) -> tuple[int, bytes]:
        """The answer to any request."""
        user = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "bot"}
        message = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "from": user, "text": "."}
        return 200, json.dumps({"ok": True, "result": user if url.endswith("getMe") else message}).encode()


async def take(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """Keep the answer, and ask the next question."""
    answers = context.user_data.setdefault("answers", [])
    if len(answers) == len(QUESTIONS):
        answers.clear()
    answers.append(update.message.text)
    await update.message.reply_text(QUESTIONS[len(answers) % len(QUESTIONS)])
    return len(answers) % len(QUESTIONS)


async def main(users: int) -> None:
    """Print the rate."""
    answered = [MessageHandler(filters.TEXT, take)]
    with tempfile.TemporaryDirectory() as folder:
        application = (
            Application.builder()
            .token("1:a")
            .request(Nowhere())
            .get_updates_request(Nowhere())
            .persistence(PicklePersistence(Path(folder) / "form.pickle"))
            .build()
        )
        states = dict.fromkeys(range(len(QUESTIONS)), answered)
        application.add_handler(ConversationHandler(answered, states, [], name="form", persistent=True))
        await application.initialize()

        async def step(user: int, number: int) -> None:
            sender = {"id": user + 1, "is_bot": False, "first_name": "Ana"}
            message = {"message_id": number, "date": int(time.time()), "chat": {"id": user + 1, "type": "private"}}
            update = {"update_id": number, "message": message | {"from": sender, "text": f"{number} g/L"}}
            await application.process_update(Update.de_json(update, application.bot))
            await application.update_persistence()

        print(json.dumps(await rate(users, step)))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else USERS))
