"""Keeping the accounts: what ends when a membership does, and what stands in the record."""

from __future__ import annotations

import json
import re
import sqlite3
import time

from tests.desk.members import PATIENCE, Member, Office, code_in


def gone(member: Member) -> bool:
    """Whether a member is out before patience is."""
    until = time.monotonic() + PATIENCE
    while member.signed:
        if time.monotonic() > until:
            return False
    return True


def test_revoking_ends_sessions_links_and_remembered_browsers(office: Office) -> None:
    """At once: the next page that they open is the way in, which stays shut."""
    member = office.member("coordinator", "Revoked", "haikou")
    known = office.id_of("Revoked")
    link = code_in(office.administrator.post("/desk/people/link", member=known).text)
    assert office.administrator.post("/desk/people/revoke", member=known).status_code == 303
    assert not member.signed
    assert member.show(link).status_code == 400
    assert office.administrator.post("/desk/people/link", member=known).status_code == 404


def test_revoking_at_the_command_line_ends_what_is_open(office: Office) -> None:
    """Another process does it; the running bot sees it at the next request."""
    member = office.member("coordinator", "Remote", "haikou")
    office.run("staff", "revoke", office.id_of("Remote"))
    assert gone(member)


def test_a_factor_reset_ends_everything_and_asks_for_a_new_one(office: Office) -> None:
    """Who lost their phone gets a new link, and sets another app up; the old recovery codes are good no more."""
    member = office.member("coordinator", "Lost Phone", "haikou")
    office.run("staff", "reset-factor", office.id_of("Lost Phone"))
    assert not member.signed
    old = member.recovery[0]
    member.come_in(office.run("staff", "link", office.id_of("Lost Phone")).split("#")[1].split()[0])
    assert member.signed
    other = office.visitor()
    other.show(code_in(office.administrator.post("/desk/people/link", member=office.id_of("Lost Phone")).text))
    assert other.prove(old).status_code == 400


def test_an_administrator_cannot_revoke_themselves(office: Office) -> None:
    """Somebody must be left who can invite."""
    listed = json.loads(office.run("staff", "list", "--json"))
    own = next(row["id"] for row in listed if row["role"] == "administrator")
    assert office.administrator.post("/desk/people/revoke", member=own).status_code == 403
    assert office.administrator.signed


def test_an_invitation_names_a_role_and_a_site_that_there_are(office: Office) -> None:
    """Nothing else becomes a member."""
    before = office.administrator.get("/desk/people").count("<tr>")
    for form in ({"role": "king"}, {"role": "manager", "site": "atlantis"}):
        assert office.administrator.post("/desk/people/invite", name="Nobody", **form).status_code == 400
    assert office.administrator.post("/desk/people/revoke", member="../etc").status_code == 404
    assert office.administrator.get("/desk/people").count("<tr>") == before


def test_the_record_says_who_did_what_to_whom(office: Office) -> None:
    """Sign-ins, failed factors and changes of accounts, each as a line; the page shows them in words."""
    member = office.member("coordinator", "Recorded", "haikou")
    known = office.id_of("Recorded")
    again = office.visitor()
    again.show(code_in(office.administrator.post("/desk/people/link", member=known).text))
    again.prove("123456")
    again.prove(member.recovery[0])
    member.post("/desk/sign-out")
    office.run("staff", "revoke", known)
    rows = sqlite3.connect(office.bot.folder / "data" / "prescreen.db").execute(
        "SELECT member, what, reference FROM desk_audit WHERE ? IN (member, reference) ORDER BY id", (known,)
    )
    lines = [(who if who in (known, "command line") else "administrator", what) for who, what, _ in rows]
    assert lines == [
        ("administrator", "invited"),
        (known, "link_used"),
        (known, "signed_in"),
        ("administrator", "link_made"),
        (known, "link_used"),
        (known, "second_factor_wrong"),
        (known, "signed_in_by_recovery_code"),
        (known, "signed_out"),
        ("command line", "revoked"),
    ]
    shown = re.sub(r"<[^>]+>", " ", office.administrator.get("/desk/people"))
    assert "signed in with a recovery code" in shown
