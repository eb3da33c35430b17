"""Members of staff: they come in by a link, hold a phone with an authenticator app, and work at the desk."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from base64 import b32decode
from dataclasses import dataclass, field

import httpx
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from tests.web.running import ROOT, Bot

PATIENCE = 20.0  # seconds, for a slow machine
STEP = 30  # seconds


@dataclass
class Phone:
    """An authenticator app. Each code it shows is of a later time step than the one before."""

    secret: str
    last: int = 0

    def code(self) -> str:
        """The next code."""
        self.last = max(self.last + 1, int(time.time()) // STEP)
        return self.at(self.last)

    def at(self, step: int) -> str:
        """The code of a time step."""
        totp = TOTP(b32decode(self.secret), 6, SHA1(), STEP)  # noqa: S303 - what every app computes
        return totp.generate(step * STEP).decode()


@dataclass
class Member:
    """Somebody at the desk, by a client that behaves as a browser does on our own pages."""

    bot: Bot
    client: httpx.Client
    phone: Phone = field(default_factory=lambda: Phone(""))
    recovery: list[str] = field(default_factory=list)

    def show(self, code: str) -> httpx.Response:
        """Type the code of a link."""
        return self.client.post("/desk/sign-in", data={"code": code})

    def prove(self, code: str, **more: str) -> httpx.Response:
        """Type a code of the app."""
        return self.client.post("/desk/factor", data={"csrf": csrf(self.get("/desk/factor")), "code": code, **more})

    def come_in(self, code: str) -> Member:
        """Come in for the first time: show the link, set the app up, keep the recovery codes."""
        until = time.monotonic() + PATIENCE
        while (shown := self.show(code)).status_code != 303:  # the invitation is on its way
            assert time.monotonic() < until, shown.text
            time.sleep(0.05)
        key = re.search(r"<code>([A-Z2-7 ]+)</code>", self.get("/desk/factor"))
        assert key is not None
        self.phone = Phone(key[1].replace(" ", ""))
        proved = self.prove(self.phone.code())
        assert proved.status_code == 200, proved.text
        self.recovery = re.findall(r"<code>([A-Z2-7-]+)</code>", proved.text)
        return self

    def get(self, path: str) -> str:
        """A page."""
        return self.client.get(path).text

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of ours."""
        token = csrf(self.get("/desk/account"))
        return self.client.post(path, data={"csrf": token, **fields})

    @property
    def signed(self) -> bool:
        """Whether they are signed in."""
        return self.client.get("/desk/account").status_code == 200


def csrf(page: str) -> str:
    """What the forms of a page carry."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    return found[1] if found else ""


@dataclass
class Office:
    """The staff of a bot. The administrator is invited at the command line, all others at the desk."""

    bot: Bot
    clients: list[httpx.Client] = field(default_factory=list)
    _administrator: Member | None = None

    @property
    def administrator(self) -> Member:
        """The one who keeps the accounts."""
        if self._administrator is None:
            made = json.loads(self.run("staff", "invite", "--role", "administrator", "--name", "Ada", "--json"))
            self._administrator = self.visitor().come_in(made["code"])
        return self._administrator

    def visitor(self, **headers: str) -> Member:
        """Somebody who is not signed in."""
        known = {"Origin": self.bot.address, "Accept": "text/html", "Accept-Language": "en"}
        client = httpx.Client(base_url=self.bot.address, headers=known | headers, timeout=PATIENCE)
        self.clients.append(client)
        return Member(self.bot, client)

    def invite(self, role: str, name: str, site: str = "") -> str:
        """The code of an invitation."""
        page = self.administrator.post("/desk/people/invite", role=role, name=name, site=site)
        return code_in(page.text)

    def member(self, role: str, name: str, site: str = "") -> Member:
        """Somebody who has joined, and is signed in."""
        return self.visitor().come_in(self.invite(role, name, site))

    def id_of(self, name: str) -> str:
        """What a member is known by."""
        rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', self.administrator.get("/desk/people"))
        row = next(row for row in rows if row.startswith(name))
        found = re.search(r'name="member" value="([0-9a-f]{16})"', row)
        assert found is not None
        return found[1]

    def run(self, *arguments: str) -> str:
        """What a command prints."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith("PRESCREEN_")}
        environment = outside | {"PYTHONPATH": str(ROOT)} | self.bot.settings
        command = [sys.executable, "-m", "bot", *arguments]
        done = subprocess.run(
            command, check=True, cwd=self.bot.folder, env=environment, capture_output=True, text=True, timeout=60
        )
        return done.stdout

    def close(self) -> None:
        """Leave."""
        for client in self.clients:
            client.close()


def code_in(page: str) -> str:
    """The code of the link that a page shows."""
    found = re.search(r"/desk/sign-in#([A-Za-z0-9_-]{27})<", page)
    assert found is not None, page
    return found[1]
