"""The pages of signing in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.channels.desk.layout import Layout
from bot.channels.desk.signed import CSRF_FIELD, PATH
from bot.channels.http.html import Child, Html, tag
from bot.channels.http.qr import qr_code
from bot.channels.http.words import Words
from bot.services.accounts import Account, Proof
from bot.services.factor import GROUP, Factor, Outcome

MOST_CODE = 64  # characters that a field takes


@dataclass(frozen=True, slots=True)
class Door:
    """Builds the pages of signing in."""

    layout: Layout

    def sign_in(self, locale: str, known: Account | None, *, wrong: bool = False) -> Html:
        """Where a link's code is typed. `known`: whose browser it is that is remembered."""
        words = self.layout.words(locale)
        body: list[Child] = []
        if known is not None:
            name = known.member.name or known.id
            go_on = tag("a", words.text("door.go_on", name=name), href=f"{PATH}/factor", class_="choice primary")
            body += [tag("p", go_on), tag("h2", words.text("door.another"))]
        body += [tag("p", words.text("door.how")), _code_form(words, wrong=wrong)]
        return self.layout.outside(locale, words.text("door.title"), *body, scripts=("code.js",))

    def factor(self, locale: str, account: Account, csrf: str, factor: Factor | None, proof: Proof | None) -> Html:
        """Where the code of the app is typed. `factor`: what is to be set up first; `proof`: what came of the last code."""
        words = self.layout.words(locale)
        setting_up = [] if factor is None else _set_up(words, factor, account)
        title = words.text("door.factor" if factor is None else "door.set_up")
        form = _factor_form(words, csrf, _problem(words, proof), recovery=factor is None)
        return self.layout.outside(locale, title, *setting_up, form)

    def recovery(self, locale: str, codes: tuple[str, ...]) -> Html:
        """The recovery codes, which are shown this once."""
        words = self.layout.words(locale)
        shown = tag("ul", *(tag("li", tag("code", code)) for code in codes), class_="recovery")
        on = tag("a", words.text("door.recovery.go_on"), href=f"{PATH}/", class_="choice primary")
        how = tag("p", words.text("door.recovery.how"))
        return self.layout.outside(locale, words.text("door.recovery"), how, shown, tag("p", on))


def _code_form(words: Words, *, wrong: bool) -> Html:
    return tag(
        "form",
        tag("label", words.text("door.code"), for_="code"),
        tag(
            "input",
            id="code",
            name="code",
            required=True,
            maxlength=MOST_CODE,
            autocomplete="off",
            autocapitalize="none",
            spellcheck="false",
            aria_describedby="wrong" if wrong else None,
            aria_invalid="true" if wrong else None,
        ),
        tag("p", words.text("door.code.wrong"), id="wrong", role="alert") if wrong else None,
        tag("button", words.text("door.code.go"), class_="choice primary"),
        method="post",
        action=f"{PATH}/sign-in",
        class_="code",
    )


def _set_up(words: Words, factor: Factor, account: Account) -> list[Child]:
    """How the app gets the secret: a picture to scan, and the letters beside it for those who cannot."""
    uri = factor.uri(account.member.name or account.id)
    key = " ".join(factor.secret[place : place + GROUP] for place in range(0, len(factor.secret), GROUP))
    return [
        tag("p", words.text("door.set_up.how")),
        tag("div", qr_code(uri, words.text("door.set_up.qr")), class_="picture"),
        tag("p", words.text("door.set_up.key"), " ", tag("code", key)),
    ]


def _factor_form(words: Words, csrf: str, problem: str | None, *, recovery: bool) -> Html:
    remember = tag("input", type="checkbox", name="remember", value="yes", id="remember")
    return tag(
        "form",
        tag("input", type="hidden", name=CSRF_FIELD, value=csrf),
        tag("label", words.text("door.digits"), for_="digits"),
        tag(
            "input",
            id="digits",
            name="code",
            required=True,
            autofocus=True,
            maxlength=MOST_CODE,
            inputmode=None if recovery else "numeric",
            autocomplete="one-time-code",
            spellcheck="false",
            aria_describedby="wrong" if problem else None,
            aria_invalid="true" if problem else None,
        ),
        tag("p", problem, id="wrong", role="alert") if problem else None,
        tag("p", words.text("door.digits.lost"), class_="hint") if recovery else None,
        tag("p", remember, tag("label", words.text("door.remember"), for_="remember"), class_="tick"),
        tag("button", words.text("door.title"), class_="choice primary"),
        method="post",
        action=f"{PATH}/factor",
        class_="factor",
    )


def _problem(words: Words, proof: Proof | None) -> str | None:
    """What was wrong with the last code; where one has to wait, until when."""
    if proof is None:
        return None
    if proof.outcome is Outcome.WAIT and proof.waits_until is not None:
        return words.text("door.digits.wait", time=_clock_time(proof.waits_until))
    return words.text("door.digits.wrong")


def _clock_time(moment: datetime) -> str:
    return f"{moment:%H:%M:%S} UTC"
