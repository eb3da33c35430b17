"""The shell that every page stands in: where one is, where one may go, in which language, and the way out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from bot.channels.desk.permissions import allowed
from bot.channels.desk.signed import CSRF_FIELD, Signed
from bot.channels.http.assets import Assets
from bot.channels.http.html import Child, Html, join, tag
from bot.channels.http.words import Words, direction, lang
from bot.speech.catalogue import Catalogue, languages

DOCTYPE = Html("<!doctype html>\n")
STYLES = ("base.css", "desk.css", "work.css", "bench.css")
NAVIGATION = {
    "inbox": ("inbox", "/desk/inbox"),
    "log": ("log", "/desk/log"),
    "bench": ("bench", "/desk/bench"),
    "people": ("people", "/desk/people"),
    "account": ("account", "/desk/account"),
}
"""The places of the desk, in order: the route that each leads to, and its path. Who may not use the route does not see it."""


def post_form(
    signed: Signed,
    action: str,
    *content: Child,
    nonce: bool = False,
    class_: str | None = None,
    enctype: str | None = None,
) -> Html:
    """A form that changes something. `nonce`: it carries a new id in `message`, so that sent twice it counts once."""
    hidden = _hidden(signed.csrf, nonce=nonce)
    return tag("form", *hidden, *content, method="post", action=action, class_=class_, enctype=enctype)


def _hidden(csrf: str, *, nonce: bool) -> list[Html]:
    message = [tag("input", type="hidden", name="message", value=str(uuid.uuid4()))] if nonce else []
    return [tag("input", type="hidden", name=CSRF_FIELD, value=csrf), *message]


@dataclass(frozen=True, slots=True)
class Layout:
    """Builds pages. `assets`: the files that they need; `catalogue`: the words that belong to no trial."""

    assets: Assets
    catalogue: Catalogue

    def words(self, locale: str) -> Words:
        """The texts in a language."""
        return Words(self.catalogue, locale)

    def page(
        self, signed: Signed, title: str, *body: Child, active: str = "inbox", scripts: tuple[str, ...] = ()
    ) -> Html:
        """A page for who is signed in. `active`: the place of the navigation that it is; `scripts`: files, as modules."""
        words = self.words(signed.locale)
        skip = tag("a", words.text("shell.skip"), href="#main", class_="skip")
        main = tag("main", tag("h1", title), *body, id="main", tabindex=-1)
        return self._document(
            words, title, skip, self._header(signed, words, active), main, kind="desk", scripts=scripts
        )

    def outside(self, locale: str, title: str, *body: Child, scripts: tuple[str, ...] = ()) -> Html:
        """A page for who is not signed in."""
        main = tag("main", tag("h1", title), *body)
        return self._document(self.words(locale), title, main, kind="door", scripts=scripts)

    def _document(self, words: Words, title: str, *content: Child, kind: str, scripts: tuple[str, ...]) -> Html:
        head = tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("meta", name="robots", content="noindex"),
            tag("title", f"{title} · {words.text('shell.name')}"),
            tag("link", rel="icon", href=self.assets.url("icon.svg"), type="image/svg+xml"),
            *(tag("link", rel="stylesheet", href=self.assets.url(name)) for name in STYLES),
            *(tag("script", type="module", src=self.assets.url(name)) for name in scripts),
        )
        body = tag("body", *content, class_=kind)
        return join([DOCTYPE, tag("html", head, body, lang=words.lang, dir=words.direction)])

    def _header(self, signed: Signed, words: Words, active: str) -> Html:
        places = (
            tag("a", words.text(f"shell.nav.{place}"), href=path, aria_current="page" if place == active else None)
            for place, (route, path) in NAVIGATION.items()
            if allowed(signed.role, route)
        )
        out = tag("button", words.text("shell.sign_out"), class_="quiet")
        role = words.text(f"shell.role.{signed.role}")
        return tag(
            "header",
            tag("nav", *places, aria_label=words.text("shell.nav")),
            tag("p", tag("strong", signed.name), " ", tag("small", role), class_="who"),
            _languages(signed, words),
            post_form(signed, "/desk/sign-out", out),
        )


def _languages(signed: Signed, words: Words) -> Html:
    tongues = (
        tag(
            "button",
            words.catalogue.text(locale, "language.name"),
            class_="quiet",
            name="locale",
            value=locale,
            lang=lang(locale),
            dir=direction(locale),
            aria_current="true" if locale == signed.locale else None,
        )
        for locale in languages()
    )
    group = tag("div", *tongues, role="group", aria_label=words.text("web.language"))
    return tag(
        "details",
        tag("summary", words.text("web.language")),
        post_form(signed, "/desk/language", group, class_="languages"),
        class_="tongues",
    )
