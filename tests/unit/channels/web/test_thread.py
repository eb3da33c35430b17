"""A conversation as the page gets it."""

from __future__ import annotations

from itertools import count

from bot.channels.web.messages import MOST_SHOWN
from bot.channels.web.thread import Item, Thread, shown
from bot.flows.inputs import ButtonPressed, Command, CommandGiven, Input, Opened, Reply
from bot.ports import Address, Inbound, Outbound
from tests.talks import Talk, about, opened

ME = Address("web", "ana")


def items_of(talk: Talk, *heard: Input) -> list[Item]:
    """What the page gets of a conversation that goes on with these inputs."""
    numbers = count(1)
    rows = [Outbound(next(numbers), ME, message) for message in talk.said]
    for place, entry in enumerate(heard):
        messages = talk.give(entry)
        answers = Inbound(ME, f"message {place}", entry) if talk.stored else None  # what erases is not kept
        rows += [Outbound(next(numbers), ME, said, answers=None if i else answers) for i, said in enumerate(messages)]
    return Thread(about("4scar7u").catalogue, "4scar7u").items(rows)


def own_words(items: list[Item]) -> list[str]:
    """What the person said, as shown."""
    return [str(item.own).partition('dir="auto">')[2].partition("</p>")[0] for item in items if item.own]


def test_a_tap_shows_the_words_that_were_on_the_button() -> None:
    """They are known from the message before; what is no button of it shows nothing."""
    talk = opened("es")
    session = talk.said[-1].session
    items = items_of(talk, ButtonPressed("patient", 1, session), ButtonPressed("nonsense", 1, session))
    assert own_words(items) == ["Soy el paciente o la paciente"]
    assert [item.id for item in items if item.id] == ["message 0", "message 1"]


def test_what_is_typed_is_shown_as_text_and_cut_where_it_is_long() -> None:
    """Commands show their word; a long paste is shown in part."""
    items = items_of(opened(), Reply("<b>"), Reply("x" * 5_000), CommandGiven(Command.HELP))
    assert own_words(items) == ["&lt;b&gt;", "x" * MOST_SHOWN + "…", "help"]


def test_only_what_is_waited_for_brings_a_form() -> None:
    """The last message of a turn has the form, with the choices and the step; a question has the progress."""
    items = items_of(opened(), ButtonPressed("patient", 1), ButtonPressed("yes", 2))
    assert [item.panel is not None for item in items] == [False, True, True, True]
    assert 'name="step" value="3"' in str(items[-1].panel)
    assert items[-1].progress == (2, 18)


def test_after_an_erasure_nothing_from_before_is_shown() -> None:
    """Neither on the page as it is first shown nor, where it is open, below the last word."""
    talk = opened()
    items = items_of(talk, Reply("my secret"), Reply("delete"), ButtonPressed("delete", 2))
    last = items[-1]
    assert last.cleared
    page = shown(items)
    assert "my secret" not in page
    assert page == last.html
    assert 'action="/t/4scar7u/start"' in str(last.panel)


def test_another_language_is_known_from_each_message() -> None:
    """Each message names its language; the wish for it shows as that language's name."""
    items = items_of(opened(), Opened(locale="zh_Hans", trial="4scar7u"))
    assert [item.locale for item in items[-2:]] == ["zh_Hans", "zh_Hans"]
    assert own_words(items) == ["简体中文"]
    assert 'lang="zh-Hans"' in str(items[-1].html)
