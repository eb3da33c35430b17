"""The pages of the people of the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.channels.desk.layout import Layout, post_form
from bot.channels.desk.signed import PATH, Signed
from bot.channels.http.html import Html, tag
from bot.channels.http.words import Words
from bot.flows.handoff.people import Role
from bot.ports.storage import AuditLine
from bot.services.staff import Listed

COLUMNS = ("name", "role", "site", "state", "do")
LATEST = 50


@dataclass(frozen=True, slots=True)
class PeoplePages:
    """Builds the pages. `latest`: how many lines of the record are shown."""

    layout: Layout
    latest: int = LATEST

    def people(
        self, signed: Signed, listed: Sequence[Listed], sites: Iterable[str], lines: Sequence[AuditLine]
    ) -> Html:
        """All members, the form that invites another, and the latest lines of the record."""
        words = self.layout.words(signed.locale)
        head = tag("tr", *(tag("th", words.text(f"people.{name}"), scope="col") for name in COLUMNS))
        members = tag(
            "table",
            tag("caption", words.text("people.members")),
            tag("thead", head),
            tag("tbody", *(_row(words, signed, each) for each in listed)),
            class_="sheet",
        )
        title = words.text("people.title")
        record = _record(words, lines, {each.id: each.member.name or each.id for each in listed})
        return self.layout.page(signed, title, members, _invitation(words, signed, sites), record, active="people")

    def code(self, signed: Signed, link: str, kind: str, *, join: str | None = None) -> Html:
        """A link, shown this once. `kind`: `invited` or `link`; `join`: the code by which they join in Telegram instead."""
        words = self.layout.words(signed.locale)
        body = [
            tag("p", words.text(f"people.code.{kind}")),
            tag("p", tag("code", link), class_="big-code"),
            tag("p", words.text("people.code.telegram", code=join)) if join else None,
            tag("p", tag("a", words.text("people.back"), href=f"{PATH}/people")),
        ]
        return self.layout.page(signed, words.text("people.code"), *body, active="people")


def _row(words: Words, signed: Signed, listed: Listed) -> Html:
    member = listed.member
    cells = (
        words.text(f"shell.role.{member.role}"),
        member.site or words.text("people.all_sites"),
        words.text(f"people.state.{member.state}"),
    )
    actions = None if member.revoked or listed.id == signed.member else _actions(words, signed, listed)
    return tag(
        "tr",
        tag("th", member.name or listed.id, scope="row"),
        *(tag("td", cell) for cell in cells),
        tag("td", actions),
    )


def _actions(words: Words, signed: Signed, listed: Listed) -> Html:
    """What can be done about a member; each lies one step away, so that none is done by a slip."""
    about = tag("input", type="hidden", name="member", value=listed.id)
    forms = (
        post_form(signed, f"{PATH}/people/{path}", about, tag("button", words.text(f"people.{key}"), class_="quiet"))
        for path, key in (("link", "new_link"), ("reset-factor", "reset_factor"), ("revoke", "revoke"))
    )
    label = words.text("people.change", name=listed.member.name or listed.id)
    return tag("details", tag("summary", words.text("people.do.open"), aria_label=label), *forms, class_="more")


def _invitation(words: Words, signed: Signed, sites: Iterable[str]) -> Html:
    roles = (tag("option", words.text(f"shell.role.{role}"), value=role.value) for role in Role)
    places = (tag("option", site, value=site) for site in sites)
    return post_form(
        signed,
        f"{PATH}/people/invite",
        tag("h2", words.text("people.invite")),
        tag("label", words.text("people.name"), for_="name"),
        tag("input", id="name", name="name", maxlength=60, autocomplete="off"),
        tag("label", words.text("people.role"), for_="role"),
        tag("select", *roles, id="role", name="role"),
        tag("label", words.text("people.site"), for_="site"),
        tag("select", tag("option", words.text("people.all_sites"), value=""), *places, id="site", name="site"),
        tag("button", words.text("people.invite.go"), class_="choice primary"),
        class_="panel",
    )


def _record(words: Words, lines: Sequence[AuditLine], names: dict[str, str]) -> Html:
    """The latest lines of the record, in words."""
    rows = (
        tag(
            "tr",
            tag("td", f"{line.at:%Y-%m-%d %H:%M} UTC"),
            tag("td", names.get(line.member, line.member)),
            tag("td", words.text(f"audit.{line.what}")),
            tag("td", names.get(line.reference or "", line.reference)),
        )
        for line in lines
    )
    head = tag("tr", *(tag("th", words.text(f"audit.{name}"), scope="col") for name in ("at", "who", "what", "about")))
    table = tag(
        "table",
        tag("caption", words.text("audit.title")),
        tag("thead", head),
        tag("tbody", *rows),
        class_="sheet",
    )
    return tag("details", tag("summary", words.text("audit.show")), table)
