"""The bot as the lab runs it: the real services on a real database, and a channel on a local socket.

Lines of JSON come in, one an input; lines of JSON go out, one an acknowledgement or a message said. A line that was
written lies with the kernel, and reaches the lab even if this process is killed right after.
"""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
import time
from typing import Any

from bot.bootstrap import configure_logging, running
from bot.errors import Mendable
from bot.failpoints import failpoint
from bot.flows.inputs import INPUT
from bot.ports import Address, Inbound, Outbound
from bot.services.turns import Turns
from bot.settings import load_settings
from bot.speech.message import MESSAGE
from tests.crash.forms import CHANNEL, Forms


class Line:
    """The channel: a socket on which lines are written whole. What is said tells when, on the clock of all processes."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._whole = asyncio.Lock()

    async def write(self, **what: Any) -> None:
        """Write a line; it is with the kernel when this returns."""
        async with self._whole:
            await asyncio.get_running_loop().sock_sendall(self._connection, json.dumps(what).encode() + b"\n")

    async def send(self, outbound: Outbound) -> None:
        """Say one message."""
        said = {"said": outbound.address.chat, "number": outbound.number, "text": outbound.message.text}
        await self.write(**said, at=time.monotonic_ns(), message=MESSAGE.dump_python(outbound.message, mode="json"))

    async def take(self, turns: Turns, line: bytes) -> None:
        """Hand over one input, and acknowledge it once it is durable; say so where it cannot be taken now."""
        given = json.loads(line)
        inbound = Inbound(Address(CHANNEL, given["chat"]), given["id"], INPUT.validate_python(given["input"]))
        try:
            await turns.take(inbound)
        except Mendable:
            await self.write(refused=given["chat"], id=given["id"])
            return
        failpoint("before_acknowledgement")
        await self.write(taken=given["chat"], id=given["id"])
        failpoint("after_acknowledgement")


def tell_tasks() -> None:
    """Write on standard error where each task is: what to know of a bot that does nothing."""
    for task in asyncio.all_tasks():
        task.print_stack(file=sys.stderr)
    sys.stderr.flush()


async def work(forms: Forms, path: str) -> None:
    """Serve the lab, on a line to speak and one to hear, until it hangs up."""
    settings = load_settings()
    configure_logging(settings.log_level)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, tell_tasks)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(0)
        await asyncio.get_running_loop().sock_connect(connection, path)
        line = Line(connection)
        async with running(settings, forms, {CHANNEL: line}) as services:
            reader, writer = await asyncio.open_unix_connection(path)
            async with asyncio.TaskGroup() as tasks:
                async for text in reader:
                    tasks.create_task(line.take(services.turns, text))
            writer.close()
            await services.delivery.settle()
