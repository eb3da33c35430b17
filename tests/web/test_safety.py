"""The server against those who are no browser of a patient: what is refused, and what an answer gives away."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.web.running import Bot

CHAT = "/t/4scar7u/chat"
NewVisitor = Callable[..., httpx.Client]


@pytest.fixture(scope="module")
def strict_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """A bot behind a proxy that it trusts, whose chat one clinic may embed."""
    settings = {
        "PRESCREEN_TRUSTED_PROXIES": "127.0.0.1",
        "PRESCREEN_EMBED_ORIGINS": "https://clinic.example, https://www.clinic.example",
    }
    bot = Bot(tmp_path_factory.mktemp("strict"), settings).start()
    yield bot
    assert bot.end() == 0


@pytest.fixture
def visitor(bot: Bot) -> Iterator[NewVisitor]:
    """Makes clients that behave as a browser does on our own pages."""
    clients: list[httpx.Client] = []

    def make(at: Bot = bot, **headers: str) -> httpx.Client:
        client = httpx.Client(base_url=at.address, headers={"Origin": at.address} | headers)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


def begin(client: httpx.Client) -> httpx.Response:
    """Start a conversation."""
    started = client.post("/t/4scar7u/start", data={"lang": "en"})
    assert started.status_code == 303
    return started


def say(client: httpx.Client, text: str = "patient", **changes: Any) -> httpx.Response:
    """Send a text, as the page's script does."""
    return client.post(f"{CHAT}/say", json={"id": str(uuid.uuid4()), "kind": "text", "text": text} | changes)


def test_every_answer_is_guarded(visitor: NewVisitor) -> None:
    """Pages, refusals and messages: nothing inline, nothing from elsewhere, no frame, nothing kept by a cache."""
    client = visitor()
    begin(client)
    for path in ("/t/4scar7u", CHAT, f"{CHAT}/messages", "/nowhere", "/t/other", "/healthz"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers


def test_pages_have_no_script_or_style_of_their_own(visitor: NewVisitor) -> None:
    """What the policy forbids is not there: scripts and styles are files."""
    client = visitor()
    begin(client)
    for path in ("/t/4scar7u", CHAT, "/t/4scar7u/code"):
        page = client.get(path).text
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page)


def test_the_secret_is_long_and_kept_from_scripts(visitor: NewVisitor) -> None:
    """256 bits in a cookie that no script reads and no other site sends; the database has only its digest."""
    client = visitor()
    cookie = begin(client).headers["set-cookie"]
    token = re.match(r"prescreen=([A-Za-z0-9_-]{43});", cookie)
    assert token
    for part in ("HttpOnly", "SameSite=Lax", "Path=/t/4scar7u"):
        assert part in cookie
    assert token[1] not in client.get(CHAT).text


def test_behind_tls_the_cookie_is_secure_and_fits_the_frame(visitor: NewVisitor, strict_bot: Bot) -> None:
    """A trusted proxy says that the person's connection is encrypted; the clinic's frame gets a cookie of its own."""
    client = visitor(strict_bot, **{"X-Forwarded-Proto": "https"})
    started = begin(client)
    for part in ("Secure", "SameSite=None", "Partitioned", "HttpOnly"):
        assert part in started.headers["set-cookie"]
    assert "strict-transport-security" in started.headers
    policy = client.get("/t/4scar7u").headers["content-security-policy"]
    assert "frame-ancestors https://clinic.example https://www.clinic.example" in policy


def test_a_proxy_that_is_not_trusted_says_nothing(visitor: NewVisitor) -> None:
    """Forwarded headers of just anybody are not believed."""
    started = begin(visitor(**{"X-Forwarded-Proto": "https"}))
    assert "Secure" not in started.headers["set-cookie"]
    assert "strict-transport-security" not in started.headers


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_other_sites_can_do_nothing(visitor: NewVisitor, origin: str) -> None:
    """A request that changes something is refused unless it comes from our own page."""
    client = visitor()
    begin(client)
    client.headers["Origin"] = origin
    assert say(client).status_code == 403
    for path in ("/t/4scar7u/start", "/t/4scar7u/code", f"{CHAT}/code"):
        assert client.post(path).status_code == 403
    assert len(client.get(f"{CHAT}/messages").json()["items"]) == 2


def test_nothing_is_taken_without_a_conversation(visitor: NewVisitor) -> None:
    """A browser without the secret is told so; the page sends it to the start."""
    client = visitor()
    assert say(client).status_code == 401
    assert client.get(f"{CHAT}/messages").status_code == 401
    assert client.get(f"{CHAT}/stream").status_code == 401
    assert client.get(CHAT).headers["location"] == "/t/4scar7u"


@pytest.mark.parametrize(
    "query", ["?lang=tlh", "?site=atlantis", "?source=a%20b", "?source=" + "a" * 41, "?site=<script>"]
)
def test_a_link_that_names_nothing_we_know_is_refused(visitor: NewVisitor, query: str) -> None:
    """The page says what to do, and repeats nothing of the link."""
    refused = visitor(Accept="text/html").get(f"/t/4scar7u{query}")
    assert refused.status_code == 400
    assert "This link is not complete" in refused.text
    assert "atlantis" not in refused.text
    assert "script" not in refused.text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "application/json", 400),
        (b'{"id": 1}', "application/json", 400),
        (b"x" * 200_000, "application/json", 413),
        (b"x" * 400_000, "application/x-www-form-urlencoded", 413),
        (b"x=%ff&" * 100, "application/x-www-form-urlencoded", 400),
        (b"x", "text/plain", 415),
        (b"x", "multipart/form-data; boundary=x", 415),
    ],
)
def test_a_body_that_no_page_of_ours_sends_is_refused(
    visitor: NewVisitor, content: bytes, kind: str, status: int
) -> None:
    """Too long, of another type, or not what it says: a clear status, and nothing is taken."""
    client = visitor()
    begin(client)
    answer = client.post(f"{CHAT}/say", content=content, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert len(client.get(f"{CHAT}/messages").json()["items"]) == 2


def test_the_same_message_twice_is_one(visitor: NewVisitor) -> None:
    """A message that was confirmed may come again: it is confirmed again, and changes nothing."""
    client = visitor()
    begin(client)
    number = str(uuid.uuid4())
    assert [say(client, id=number).status_code for _ in range(2)] == [202, 202]
    assert len(client.get(f"{CHAT}/messages").json()["items"]) == 4


def test_a_stream_goes_on_after_the_last_message_seen(visitor: NewVisitor) -> None:
    """The number of the last event is where it starts, by header or by address; what is new comes at once."""
    client = visitor()
    begin(client)
    for options in ({"headers": {"Last-Event-ID": "1"}}, {"params": {"after": 1}}):
        with client.stream("GET", f"{CHAT}/stream", **options) as stream:
            lines = stream.iter_lines()
            assert next(line for line in lines if line.startswith("id:")) == "id: 2"
    with client.stream("GET", f"{CHAT}/stream", params={"after": 2}) as stream:
        lines = stream.iter_lines()
        assert next(line for line in lines if line == "event: hello")
        say(client)
        assert next(line for line in lines if line.startswith("id:")) == "id: 3"
        item = json.loads(next(line for line in lines if line.startswith("data:")).removeprefix("data: "))
    assert "patient" in item["own"]
    assert item["html"]


@pytest.mark.parametrize("number", ["-1", "x", "99999999999", "١"])
def test_a_number_that_is_none_is_refused(visitor: NewVisitor, number: str) -> None:
    """Where to go on is a plain number."""
    client = visitor()
    begin(client)
    assert client.get(f"{CHAT}/messages", params={"after": number}).status_code == 400


def test_who_asks_too_much_is_told_to_wait(visitor: NewVisitor, strict_bot: Bot) -> None:
    """Per conversation, and per address for new ones; with how long to wait. Others are not held up."""
    client = visitor(strict_bot, **{"X-Forwarded-For": "203.0.113.7"})
    begin(client)
    refused = next(answer for _ in range(80) if (answer := say(client)).status_code != 202)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    starts = [client.post("/t/4scar7u/start", data={"lang": "en"}).status_code for _ in range(40)]
    assert set(starts) == {303, 429}
    begin(visitor(strict_bot, **{"X-Forwarded-For": "203.0.113.8"}))


def test_the_process_says_whether_it_lives_and_works(visitor: NewVisitor) -> None:
    """Alive, and ready with its database."""
    client = visitor()
    assert client.get("/healthz").text == "ok"
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"database": True})


def test_the_files_are_kept_for_good_and_small(visitor: NewVisitor) -> None:
    """Each file is named by its content; all of them, compressed, with a page, are under 60 KB."""
    client = visitor()
    begin(client)
    page = client.get(CHAT)
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    total = int(page.headers["content-length"])
    for path in files:
        got = client.get(path)
        assert "immutable" in got.headers["cache-control"]
        total += int(got.headers["content-length"])
    assert len(files) >= 5
    assert total < 60_000
    assert client.get("/static/0000/chat.js").headers["cache-control"] == "no-cache"
    assert client.get("/static/0000/..%2fhtml.py").status_code == 404


def test_a_stop_ends_open_streams_and_loses_nothing(visitor: NewVisitor, own_bot: Bot) -> None:
    """At SIGTERM every stream ends and the process leaves with status 0; what was said is there afterwards."""
    client = visitor(own_bot)
    begin(client)
    with client.stream("GET", f"{CHAT}/stream") as stream:
        lines = stream.iter_lines()
        next(lines)
        assert own_bot.end() == 0
        assert not [line for line in lines if line.startswith("event: beat")]
    own_bot.start()
    assert len(client.get(f"{CHAT}/messages").json()["items"]) == 2


def test_an_address_that_is_taken_is_one_clear_sentence(bot: Bot, tmp_path: Path) -> None:
    """A second bot on the same address says which setting to change."""
    second = Bot(tmp_path, address=bot.address)
    with pytest.raises(AssertionError):
        second.start()
    assert second.process is not None
    assert second.process.wait(20) == 2
    second.end()
    assert second.log.startswith("Error: PRESCREEN_WEB: ")
    assert second.log.count("\n") == 1
