"""The pages: a study in plain words, the chat, the code that goes on elsewhere, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.channels.http.assets import Assets
from bot.channels.http.html import Child, Html, join, tag
from bot.channels.http.words import Words, direction, lang
from bot.channels.web.messages import PANEL
from bot.channels.web.panel import MENU, command
from bot.channels.web.thread import Item, shown
from bot.flows.inputs import Opened
from bot.services.talk import Subject
from bot.speech.catalogue import languages

STYLES = ("base.css", "style.css")
DOCTYPE = Html("<!doctype html>\n")
FACTS = ("short", "private", "pause")
PHOTO_NOTICES = ("photo.sent", "photo.reading", "photo.too_large", "photo.alt")
NOTICES = ("pending", "offline", "busy", "refused", "gone", "file.too_large", "file.not_text", *PHOTO_NOTICES)
"""What the script says by itself: it finds the words in the page."""


@dataclass(frozen=True, slots=True)
class Views:
    """Builds pages; `assets` are the files that they need."""

    assets: Assets

    def page(self, words: Words, title: str, *content: Child, kind: str, script: bool = False) -> Html:
        """A page around its content."""
        head = tag(
            "head",
            tag("meta", charset="utf-8"),
            tag(
                "meta",
                name="viewport",
                content="width=device-width, initial-scale=1, interactive-widget=resizes-content",
            ),
            tag("meta", name="color-scheme", content="light dark"),
            tag("meta", name="robots", content="noindex") if kind != "study" else None,
            tag("title", title),
            tag("link", rel="icon", href=self.assets.url("icon.svg"), type="image/svg+xml"),
            *(tag("link", rel="stylesheet", href=self.assets.url(name)) for name in STYLES),
            *(self._scripts() if script else ()),
        )
        body = tag("body", *content, class_=kind)
        return join([DOCTYPE, tag("html", head, body, lang=words.lang, dir=words.direction)])

    def _scripts(self) -> Iterable[Html]:
        yield tag("script", type="module", src=self.assets.url("chat.js"))
        for name in ("feed.js", "outgoing.js", "photos.js"):
            yield tag("link", rel="modulepreload", href=self.assets.url(name))

    def studies(self, words: Words, subjects: Mapping[str, Subject]) -> Html:
        """All studies that people are screened for."""
        names = (
            tag("li", tag("a", subject.catalogue.text(words.locale, "trial.title"), href=f"/t/{trial}"))
            for trial, subject in subjects.items()
        )
        main = tag("main", tag("h1", words.web("trials.title")), tag("ul", *names, class_="studies"))
        return self.page(words, words.web("trials.title"), _languages(words, ""), main, kind="study")

    def study(self, words: Words, subject: Subject, opened: Opened, *, known: bool) -> Html:
        """One study in plain words, and the way into the chat. `known`: the browser has a conversation about it."""
        protocol = subject.setting.trial.protocol
        requirements = dict.fromkeys(words.text(f"criterion.{each.code}") for each in protocol.criteria)
        main = tag(
            "main",
            tag("p", words.web("trial.check"), class_="lead"),
            tag("h1", words.text("trial.title")),
            _start(words, protocol.id, opened, known=known),
            _section(words, "about", tag("p", words.text("trial.about"))),
            _section(
                words,
                "requirements",
                tag("p", words.web("trial.requirements.note")),
                _list(requirements, "requirements"),
            ),
            _section(words, "sites", _list((words.text(f"site.{site.id}") for site in protocol.sites), "sites")),
            tag("p", words.web("trial.no_advice"), class_="note"),
        )
        links = _languages(words, _query(opened))
        return self.page(words, words.text("trial.title"), links, main, kind="study")

    def chat(self, words: Words, trial: str, chat: str, items: Sequence[Item], panel: Html) -> Html:
        """The conversation as it stands; the script goes on from there. `chat` tells it from others in this browser."""
        title = words.text("trial.title")
        progress = next((item.progress for item in reversed(items) if item.progress), (0, 1))
        log = tag("div", shown(list(items)), id="log", role="log", aria_label=words.web("log"), tabindex=0)
        main = tag("main", _print_head(words), log, tag("div", panel, id="place"), _print_note(words))
        return self.page(
            words,
            title,
            tag("a", words.web("skip"), href=f"#{PANEL}", class_="skip"),
            _header(words, title, progress),
            main,
            _dialog(words),
            tag("p", id="notice", role="status", hidden=True),
            _notices(words, trial=trial, chat=chat, last=items[-1].number),
            kind="chat",
            script=True,
        )

    def code(self, words: Words, trial: str, *, wrong: bool = False) -> Html:
        """Where a code is typed to go on here."""
        field = tag(
            "input",
            id="code",
            name="code",
            required=True,
            maxlength=40,
            autocomplete="off",
            autocapitalize="characters",
            spellcheck="false",
            aria_describedby="wrong" if wrong else None,
            aria_invalid="true" if wrong else None,
        )
        form = tag(
            "form",
            tag("label", words.web("code.label"), for_="code"),
            field,
            tag("p", words.web("code.wrong"), id="wrong", role="alert") if wrong else None,
            tag("button", words.web("code.go"), class_="choice primary"),
            method="post",
            action=f"/t/{trial}/code",
            class_="code",
        )
        main = tag("main", tag("h1", words.web("code")), form)
        script = tag("script", type="module", src=self.assets.url("code.js"))
        return self.page(words, words.web("code"), main, script, kind="study")

    def photo(self, words: Words, trial: str, picture: str) -> Html:
        """The slip as it was read, once: a JPEG in base64, and the way back to the conversation."""
        shown = tag("img", src=f"data:image/jpeg;base64,{picture}", alt=words.web("photo.alt"), class_="slip")
        go_on = tag("a", words.web("photo.go_on"), href=f"/t/{trial}/chat", class_="choice primary")
        main = tag("main", tag("h1", words.web("photo.title")), tag("p", go_on), tag("figure", shown))
        return self.page(words, words.web("photo.title"), main, kind="study")

    def error(self, words: Words, key: str) -> Html:
        """What went wrong, in a sentence that says what to do."""
        title = words.web("error.title")
        main = tag("main", tag("h1", title), tag("p", words.web(f"error.{key}")))
        return self.page(words, title, main, kind="study")


def device(words: Words, picture: Html, code: str) -> Html:
    """The way to go on at another device: a code to scan or to type."""
    return join([picture, tag("p", code, class_="big"), tag("p", words.web("device.text"))])


def _section(words: Words, key: str, *content: Html) -> Html:
    return tag("section", tag("h2", words.web(f"trial.{key}")), *content)


def _list(texts: Iterable[str], kind: str) -> Html:
    return tag("ul", *(tag("li", text) for text in texts), class_=kind)


def _start(words: Words, trial: str, opened: Opened, *, known: bool) -> Html:
    wishes = {"lang": words.locale, "site": opened.site, "source": opened.source}
    hidden = (tag("input", type="hidden", name=name, value=value) for name, value in wishes.items() if value)
    label = words.web("trial.go_on" if known else "trial.start")
    return tag(
        "form",
        *hidden,
        tag("button", label, class_="choice primary"),
        _list((words.web(f"trial.{fact}") for fact in FACTS), "facts"),
        tag("a", words.web("code"), href=f"/t/{trial}/code"),
        method="post",
        action=f"/t/{trial}/start",
        class_="start",
    )


def _query(opened: Opened) -> str:
    """What a link to the same page in another language keeps."""
    wishes = {"site": opened.site, "source": opened.source}
    return "".join(f"&{name}={value}" for name, value in wishes.items() if value)


def _languages(words: Words, query: str) -> Html:
    """Links to the same page in the other languages, each named in its own."""
    links = (
        tag(
            "a",
            words.catalogue.text(locale, "language.name"),
            href=f"?lang={locale}{query}",
            lang=lang(locale),
            dir=direction(locale),
            aria_current="true" if locale == words.locale else None,
        )
        for locale in languages()
    )
    return tag("nav", *links, class_="languages", aria_label=words.web("language"))


def _header(words: Words, title: str, progress: tuple[int, int]) -> Html:
    number, total = progress
    label = words.text("question.progress", number=str(number), total=str(total))
    bar = tag("progress", value=number, max=total, aria_label=label, id="progress", hidden=number == 0)
    return tag("header", tag("h1", title), _menu(words), bar)


def _menu(words: Words) -> Html:
    """What can be done at any time: the bot's commands, another language, another device, paper."""
    tongues = (
        tag(
            "button",
            words.catalogue.text(locale, "language.name"),
            class_="quiet",
            form=PANEL,
            name="locale",
            value=locale,
            lang=lang(locale),
            aria_current="true" if locale == words.locale else None,
        )
        for locale in languages()
    )
    device = tag("button", words.web("menu.device"), class_="quiet by-script", type="button", id="device", hidden=True)
    return tag(
        "details",
        tag("summary", words.web("menu")),
        tag(
            "div",
            *(command(words, each) for each in MENU),
            device,
            tag("div", *tongues, role="group", aria_label=words.web("language")),
            class_="menu",
        ),
        id="menu",
    )


def _dialog(words: Words) -> Html:
    content = tag("div", id="dialog-content")
    close = tag("form", tag("button", words.web("close"), class_="choice"), method="dialog")
    return tag("dialog", content, close, id="dialog", aria_label=words.web("menu.device"))


def _notices(words: Words, **known: str | int) -> Html:
    """What the script needs to know, and the words that it says by itself."""
    texts = (tag("span", words.web(key), data_notice=key) for key in NOTICES)
    you = tag("span", words.web("you"), data_notice="you")
    data = {f"data_{name}": value for name, value in (known | {"locale": words.locale}).items()}
    return tag("div", *texts, you, id="script", hidden=True, **data)


def _print_head(words: Words) -> Html:
    date = tag("p", words.web("print.date"), " ", tag("time", id="printed"))
    title = tag("p", words.web("print.title"), class_="title")
    return tag("div", title, tag("p", words.text("trial.title")), date, class_="paper")


def _print_note(words: Words) -> Html:
    return tag("p", words.web("print.note"), class_="paper")
