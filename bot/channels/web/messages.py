"""What was said, as HTML: one rendering for the page as it is first shown and for all that is added to it later."""

from __future__ import annotations

from bot.channels.http.html import Html, join, tag
from bot.channels.http.qr import qr_code
from bot.channels.http.words import Words, direction, lang
from bot.speech.message import Button, Message, Row, Table

PANEL = "panel"
"""The id of the form that every button of a conversation belongs to, wherever it stands."""

ERASED = ("deleted", "expired")
"""The events after which nothing of the conversation is kept."""

MOST_SHOWN = 600  # characters of a person's own message; what is over is theirs anyway
BULLET = "• "


def article(words: Words, number: int, message: Message) -> Html | None:
    """A message of the bot; None where it is not told."""
    if message.text is None:
        return None
    return tag(
        "article",
        tag("span", words.web("bot"), class_="vh"),
        *_body(words, message),
        _buttons(words, message),
        class_=f"said {message.event['event']}",
        lang=lang(message.locale),
        dir=direction(message.locale),
        data_number=number,
        data_verdict=message.event.get("verdict"),
    )


def own(words: Words, message_id: str, text: str) -> Html:
    """A message of the person."""
    shown = text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
    label = tag("span", words.web("you"), class_="vh")
    return tag("article", label, tag("p", shown, dir="auto"), class_="own", data_id=message_id)


def _body(words: Words, message: Message) -> list[Html]:
    event = message.event
    if message.table is not None:
        return [_table(words, message.table)] if event["event"] != "read_back" else [_read_back(message.table)]
    text = message.text or ""
    if event["event"] == "question_asked":
        step, _, question = text.partition("\n")
        return [tag("p", step, class_="step"), *_paragraphs(question)]
    if event["event"] == "assessed":
        return [*_paragraphs(text), _print(words)]
    if event["event"] == "referral_requested":
        return [*_paragraphs(text), _reference(words, event["reference"])]
    return _paragraphs(text)


def _paragraphs(text: str) -> list[Html]:
    """Paragraphs, and lists of what stands after bullets."""
    parts: list[Html] = []
    for paragraph in text.split("\n\n"):
        lines = [line for line in paragraph.split("\n") if line]
        plain = [line for line in lines if not line.startswith(BULLET)]
        items = [tag("li", line.removeprefix(BULLET)) for line in lines if line.startswith(BULLET)]
        parts += [tag("p", line) for line in plain]
        if items:
            parts.append(tag("ul", *items))
    return parts


def _read_back(table: Table) -> Html:
    [row] = table.rows
    return tag("dl", tag("dt", row.name), tag("dd", row.answer))


def _table(words: Words, table: Table) -> Html:
    head = (tag("th", words.web(f"table.{column}"), scope="col") for column in ("question", "answer"))
    body = (_row(words, row) for row in table.rows)
    shown = tag("table", tag("caption", table.title), tag("thead", tag("tr", *head)), tag("tbody", *body))
    return join([shown if table.rows else tag("p", table.title), *(tag("p", note) for note in table.notes)])


def _row(words: Words, row: Row) -> Html:
    mark = None if row.clear else tag("span", "?", class_="mark", title=words.web("table.unclear"), aria_hidden="true")
    note = tag("small", row.note) if row.note else None
    name = tag("th", mark, row.name, scope="row")
    return tag("tr", name, tag("td", row.answer, note), class_=None if row.clear else "unclear")


def _reference(words: Words, reference: str) -> Html:
    return tag("figure", qr_code(reference, words.web("reference", reference=reference)))


def _print(words: Words) -> Html:
    return tag("button", words.web("menu.print"), class_="quiet print by-script", type="button", hidden=True)


def _buttons(words: Words, message: Message) -> Html | None:
    if not message.buttons:
        return None
    name = message.table.rows[0].name if message.table and message.table.rows else ""
    return join(_beside(words, button, name, message.session) for button in message.buttons)


def _beside(words: Words, button: Button, name: str, session: str) -> Html:
    """A button beside a message: what it is about is said to those who do not see it."""
    described = words.web("change.of", name=name) if name else None
    return tag(
        "button",
        button.label,
        class_="quiet",
        form=PANEL,
        name="choice",
        value=button.id,
        data_session=session,
        aria_label=described,
    )
