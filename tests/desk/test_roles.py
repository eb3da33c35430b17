"""Who may open what: every role at every route of the desk, over HTTP."""

from __future__ import annotations

import re

import pytest

from bot.channels.desk.app import PAGES
from bot.channels.desk.layout import NAVIGATION
from bot.channels.desk.permissions import PERMISSIONS, PUBLIC, allowed
from bot.flows.handoff.people import Role
from tests.desk.members import Member, Office

FORBIDDEN, NOBODY = 403, 303


class Unasked:
    """A desk whose services nobody asks: routes are only listed."""

    def __getattr__(self, _: str) -> Unasked:
        """Anything of it."""
        return self


ROUTES = [route for page in PAGES for route in page.routes(Unasked())]  # type: ignore[arg-type]
GUARDED = [route for route in ROUTES if route.name not in PUBLIC]
SITES = {Role.COORDINATOR: "haikou", Role.STAFF: "haikou"}


@pytest.fixture(scope="module")
def members(office: Office) -> dict[Role, Member]:
    """A member of each role, signed in."""
    return {
        role: office.administrator
        if role is Role.ADMINISTRATOR
        else office.member(role, f"Some {role}", SITES.get(role, ""))
        for role in Role
    }


def test_the_table_and_the_routes_name_the_same() -> None:
    """A route without a line cannot be served, and no line is of a route that is gone."""
    assert {route.name for route in GUARDED} == set(PERMISSIONS)
    assert {route.name for route in ROUTES} | {"static"} >= PUBLIC
    assert all(PERMISSIONS.values())


def test_who_keeps_accounts_sees_no_health_data() -> None:
    """Nothing but the accounts is open to an administrator, and the accounts to nobody else."""
    own = {name for name in PERMISSIONS if allowed(Role.ADMINISTRATOR, name)}
    assert {name for name in own if not name.startswith(("people", "account"))} == {"home", "language", "sign_out"}
    for role in set(Role) - {Role.ADMINISTRATOR}:
        assert not [name for name in PERMISSIONS if name.startswith("people") and allowed(role, name)]


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_what_the_table_says(role: Role, members: dict[Role, Member]) -> None:
    """Every route refuses exactly those whose role is not in its line; the refused page shows nothing of it."""
    member = members[role]
    wrong = {}
    for route in GUARDED:
        if route.name in ("sign_out", "account.sign_out"):  # they end the session
            continue
        refused = _ask(member, route.path, post="POST" in (route.methods or ())) == FORBIDDEN
        if refused == allowed(role, route.name):
            wrong[route.name] = refused
    assert wrong == {}


def test_who_is_not_signed_in_opens_nothing(office: Office) -> None:
    """Each route leads to where one signs in."""
    visitor = office.visitor()
    answers = {route.name: _ask(visitor, route.path, post="POST" in (route.methods or ())) for route in GUARDED}
    assert set(answers.values()) == {NOBODY}


@pytest.mark.parametrize("role", Role)
def test_the_navigation_shows_what_the_role_has(role: Role, members: dict[Role, Member]) -> None:
    """A link that leads to a refusal is no link."""
    page = members[role].get("/desk/account")
    nav = re.search(r"<nav.*?</nav>", page)
    assert nav is not None
    assert re.findall(r'href="([^"]+)"', nav[0]) == [path for name, path in NAVIGATION.values() if allowed(role, name)]


def _ask(member: Member, path: str, *, post: bool) -> int:
    """The status that a route answers with; forms carry their token and nothing else, so that nothing is changed."""
    filled = f"/desk{re.sub(r'{[^}]+}', '0000', path)}"
    if not post:
        with member.client.stream("GET", filled) as answer:
            return answer.status_code
    return member.post(filled).status_code
