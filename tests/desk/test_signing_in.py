"""Signing in at the desk: a link that is good once, a second factor, and sessions that end."""

from __future__ import annotations

import hashlib
import re
import sqlite3

import pytest
from playwright.sync_api import expect

from tests.desk.members import Office, Phone, code_in
from tests.web.conftest import NewPerson
from tests.web.running import Bot


def test_an_invitation_lets_one_in_once(office: Office) -> None:
    """The second who shows the same code is told that it is good no more."""
    code = office.invite("coordinator", "Once", "haikou")
    member = office.visitor().come_in(code)
    assert member.signed
    assert len(member.recovery) == 8
    assert office.visitor().show(code).status_code == 400


def test_the_code_of_the_app_is_good_once_and_a_recovery_code_too(office: Office) -> None:
    """Whoever looked over the shoulder cannot type it again."""
    member = office.member("coordinator", "Shoulder", "haikou")
    again = office.visitor()
    link = code_in(office.administrator.post("/desk/people/link", member=office.id_of("Shoulder")).text)
    assert again.show(link).status_code == 303
    assert again.prove(member.phone.at(member.phone.last)).status_code == 400
    assert again.prove(member.recovery[0]).status_code == 303
    assert again.signed
    other = office.visitor()
    other.show(code_in(office.administrator.post("/desk/people/link", member=office.id_of("Shoulder")).text))
    assert other.prove(member.recovery[0]).status_code == 400
    assert other.prove(member.recovery[1].lower().replace("-", " ")).status_code == 303


def test_a_link_alone_opens_nothing(office: Office) -> None:
    """Between the two factors no page of the desk is shown."""
    member = office.visitor()
    code = office.invite("manager", "Half")
    while member.show(code).status_code != 303:
        pass
    assert member.client.get("/desk/account").headers["location"] == "/desk/sign-in"
    assert member.client.get("/desk/account", headers={"Accept": "application/json"}).status_code == 401


def test_wrong_codes_wait(office: Office) -> None:
    """From the fifth on even the right code has to wait; the refused page says until when."""
    member = office.member("coordinator", "Guessed", "haikou")
    guess = office.visitor()
    guess.show(code_in(office.administrator.post("/desk/people/link", member=office.id_of("Guessed")).text))
    assert [guess.prove("000000").status_code for _ in range(5)] == [400] * 5
    waiting = guess.prove(member.phone.code())
    assert waiting.status_code == 429
    assert "Too many wrong codes" in waiting.text
    assert member.signed


def test_a_remembered_browser_needs_the_app_alone(office: Office) -> None:
    """After signing out the six digits are enough there, and nowhere else."""
    member = office.visitor().come_in(office.invite("coordinator", "Remembered", "haikou"))
    member.post("/desk/sign-out")
    assert not member.signed
    member.show(code_in(office.administrator.post("/desk/people/link", member=office.id_of("Remembered")).text))
    assert member.prove(member.phone.code(), remember="yes").status_code == 303
    member.post("/desk/sign-out")
    assert "Go on as Remembered" in member.get("/desk/sign-in")
    assert member.prove(member.recovery[0]).status_code == 303
    assert member.signed
    assert office.visitor().client.get("/desk/factor").headers["location"] == "/desk/sign-in"


def test_signing_out_everywhere_ends_every_session(office: Office) -> None:
    """Also the one that was not there to see it."""
    member = office.member("coordinator", "Everywhere", "haikou")
    other = office.visitor()
    other.show(code_in(office.administrator.post("/desk/people/link", member=office.id_of("Everywhere")).text))
    assert other.prove(member.recovery[0]).status_code == 303
    assert "Another browser" in member.get("/desk/account")
    member.post("/desk/account/sign-out-everywhere")
    assert (member.signed, other.signed) == (False, False)


def test_a_form_without_its_token_or_from_elsewhere_is_refused(office: Office) -> None:
    """A page of another site can make a browser send a form, but not one of ours."""
    client = office.administrator.client
    form = {"role": "manager", "name": "Intruder", "site": ""}
    assert client.post("/desk/people/invite", data=form).status_code == 403
    page = office.administrator.get("/desk/account")
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token is not None
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert client.post("/desk/people/invite", data=form | {"csrf": token[1]}, headers=elsewhere).status_code == 403
    assert "Intruder" not in office.administrator.get("/desk/people")


def test_every_answer_of_the_desk_is_guarded(office: Office) -> None:
    """No frame, nothing kept by the browser, and cookies that no script and no other site gets."""
    visitor = office.visitor()
    for path in ("/desk/", "/desk/sign-in", "/desk/nothing"):
        headers = visitor.client.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
    code = office.invite("manager", "Cookie")
    while (shown := visitor.show(code)).status_code != 303:
        pass
    assert {"HttpOnly", "SameSite=Strict", "Path=/desk"} <= set(shown.headers["set-cookie"].split("; "))
    assert code not in (office.bot.folder / "log").read_text()


def test_the_database_holds_no_secret_of_an_account(office: Office) -> None:
    """Neither a token, nor a link's code, nor a secret of the app, nor a recovery code."""
    code = office.invite("coordinator", "Sealed", "haikou")
    member = office.visitor().come_in(code)
    token = member.client.cookies["desk"]
    rows = sqlite3.connect(office.bot.folder / "data" / "prescreen.db").iterdump()
    dump = "\n".join(rows)
    secrets = (code, token, member.phone.secret, member.recovery[0], member.recovery[0].replace("-", ""))
    assert [each for each in secrets if each in dump or each.encode().hex().upper() in dump] == []


@pytest.mark.parametrize(("column", "age"), [("seen_at", "-31 minutes"), ("begun_at", "-13 hours")])
def test_a_session_ends_when_nobody_works_in_it(office: Office, column: str, age: str) -> None:
    """The time without a sign of life counts, and that since the beginning in any case."""
    member = office.member("coordinator", f"Idle {column}", "haikou")
    token = hashlib.sha256(member.client.cookies["desk"].encode()).hexdigest()
    assert member.signed
    with sqlite3.connect(office.bot.folder / "data" / "prescreen.db") as database:
        moment = "strftime('%Y-%m-%d %H:%M:%f000', 'now', ?)"
        database.execute(f"UPDATE desk_sessions SET {column} = {moment} WHERE token = ?", (age, token))  # noqa: S608
    assert not member.signed


def test_a_person_signs_in_with_a_browser(office: Office, bot: Bot, person: NewPerson) -> None:
    """The link's code leaves the address at once; the key is there to be typed; the recovery codes are shown once."""
    code = office.invite("administrator", "Dr. Browser")
    page = person(bot).page
    page.goto(f"{bot.address}/desk/sign-in#{code}")
    expect(page.get_by_role("heading", name="Set up your second factor")).to_be_visible()
    assert code not in page.url
    phone = Phone((page.locator("p code").text_content() or "").replace(" ", ""))
    page.get_by_role("textbox", name="Six digits").fill(phone.code())
    page.get_by_role("button", name="Sign in").click()
    assert page.locator(".recovery li").count() == 8
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    page.locator(".tongues summary").click()
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_role("heading", name="Personas")).to_be_visible()
    page.get_by_role("button", name="Salir").click()
    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()
