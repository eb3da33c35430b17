"""No tap is lost and nothing is said twice, whatever happens to the page, the network and the server."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.web.conftest import NewPerson
from tests.web.person import Person
from tests.web.running import Bot

UNTIL = "hemoglobin"  # far enough: choices, an age, a score and quantities come before it


def in_order(person: Person) -> bool:
    """Whether the page shows the messages of the bot in their order, each once."""
    numbers = person.page.locator("#log .said").evaluate_all("all => all.map(each => Number(each.dataset.number))")
    return bool(numbers == sorted(set(numbers)))


def without_marks(said: list[str]) -> list[str]:
    """What is said, apart from what marks a message as being sent."""
    return [re.sub(r"\nSending…$", "", each) for each in said]


def test_a_page_reloaded_after_every_message_goes_on(person: NewPerson) -> None:
    """A reload shows the same conversation and the same question, and says nothing anew."""
    ana = person().begin()
    while ana.question != UNTIL:
        before = without_marks(ana.said)
        ana.page.reload()
        assert ana.said == before
        ana.answer()
    assert in_order(ana)


def test_answers_given_offline_are_sent_when_the_connection_is_back(person: NewPerson) -> None:
    """At every step: what is tapped without a connection is shown as waiting, and answered once there is one."""
    ana = person().begin()
    for _ in range(8):
        ana.page.context.set_offline(True)
        with ana.next_panel():
            _answer_without_waiting(ana)
            expect(ana.page.locator(".own.pending")).to_have_count(1)
            expect(ana.page.locator("#notice")).to_contain_text("No connection")
            ana.page.context.set_offline(False)
        expect(ana.page.locator(".own.pending")).to_have_count(0)
        expect(ana.page.locator("#notice")).to_be_hidden()
    assert in_order(ana)


def _answer_without_waiting(person: Person) -> None:
    question = person.question
    reply = person.answers[question] if question else "yes"
    if reply in person.choices:
        person.panel.locator(f"[name=choice][value='{reply}']").click()
    else:
        person.send(reply)


def test_what_was_sent_offline_survives_the_page(person: NewPerson) -> None:
    """A page closed before the connection was back sends what waits when it is opened again, once."""
    ana = person().begin().answer_until(question="age")
    ana.page.context.set_offline(True)
    ana.send("34")
    expect(ana.page.locator(".own.pending")).to_have_count(1)
    ana.page.close()
    ana.page.context.set_offline(False)
    ana.page = ana.page.context.new_page()
    ana.page.goto(ana.bot.url("/chat"))
    expect(ana.panel).to_have_attribute("data-question", "sex")
    assert without_marks(ana.said).count("34") == 1


def test_two_taps_that_both_reach_the_bot_are_one(person: NewPerson) -> None:
    """A confirmation that is lost on its way makes the page send again; the bot takes the message once."""
    ana = person().begin().answer_until(question="age")
    sent: list[str] = []

    def lose_the_first(route: Route) -> None:
        sent.append(route.request.post_data or "")
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    ana.page.route("**/chat/say", lose_the_first)
    with ana.page.expect_response("**/chat/say"):
        ana.type("34")
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert without_marks(ana.said).count("34") == 1
    assert in_order(ana)


def test_a_proxy_that_eats_the_stream_is_asked_around(person: NewPerson) -> None:
    """Where no event comes through, the page asks for what is new."""
    ana = person()
    ana.page.route("**/chat/stream*", lambda route: route.abort())
    ana.begin().answer_until(question="gene_therapy")
    assert in_order(ana)


def test_two_tabs_show_one_conversation(person: NewPerson) -> None:
    """What is answered in one tab shows in the other, own words included; an old button there changes nothing."""
    ana = person().begin().answer_until(question="age")
    other = Person(ana.page.context.new_page(), ana.bot)
    other.page.goto(ana.bot.url("/chat"))
    expect(other.panel).to_have_attribute("data-question", "age")
    ana.page.bring_to_front()
    ana.type("34")
    expect(other.panel).to_have_attribute("data-question", "sex")
    other.page.bring_to_front()
    other.tap("male")
    ana.page.bring_to_front()
    expect(ana.panel).to_have_attribute("data-question", "gene_therapy")
    assert ana.said == other.said


def test_the_back_button_leads_back_into_the_conversation(person: NewPerson) -> None:
    """Back shows the study's page, from where one goes on with the same answers; forward, the conversation as it is."""
    ana = person().begin().answer_until(question="sex")
    ana.page.go_back()
    expect(ana.page.locator(".start button")).to_have_text("Go on with my answers")
    ana.page.go_forward()
    expect(ana.panel).to_have_attribute("data-question", "sex")
    ana.page.go_back()
    ana.page.locator(".start button").click()
    expect(ana.panel).to_have_attribute("data-question", "sex")


@pytest.mark.parametrize("failpoint", ["before_commit:6", "after_commit:6"])
def test_a_server_killed_in_the_middle_of_an_answer_loses_nothing(
    person: NewPerson, own_bot: Bot, failpoint: str
) -> None:
    """Killed before or after the commit and started again: the page goes on by itself, each answer taken once."""
    own_bot.end()
    own_bot.settings["PRESCREEN_FAILPOINT"] = failpoint
    own_bot.start()
    ana = person(own_bot).begin().answer_until(question="gene_therapy")
    with ana.next_panel():
        ana.panel.locator("[name=choice][value=no]").click()
        assert own_bot.process is not None
        own_bot.process.wait(20)
        own_bot.end()
        del own_bot.settings["PRESCREEN_FAILPOINT"]
        own_bot.start()
    assert ana.question == "hiv"
    assert without_marks(ana.said).count("No") == 1
    assert in_order(ana)
    ana.answer_until(question="cd7")


def test_a_person_goes_on_at_another_device(person: NewPerson) -> None:
    """A code opens the conversation in another browser, once; both then show the same."""
    ana = person().begin().answer_until(question="sex")
    ana.page.locator("summary").click()
    ana.page.locator("#device").click()
    expect(ana.page.locator("#dialog svg.qr")).to_be_visible()
    code = ana.page.locator("#dialog .big").inner_text()
    phone = person()
    phone.page.goto(phone.bot.url(f"/code#{code}"))
    expect(phone.panel).to_have_attribute("data-question", "sex")
    assert code not in phone.page.url
    stranger = person()
    stranger.page.goto(phone.bot.url("/code"))
    stranger.page.locator("#code").fill(code.lower())
    stranger.page.locator("form.code button").click()
    expect(stranger.page.locator("#wrong")).to_contain_text("not valid")
    ana.page.locator("#dialog button").click()
    phone.tap("male")
    expect(ana.panel).to_have_attribute("data-question", "gene_therapy")


def test_everything_can_be_deleted_and_begun_anew(person: NewPerson) -> None:
    """After deletion nothing of the conversation is shown, here or after a reload, and one may start again."""
    ana = person().begin().answer_until(question="sex")
    ana.type("delete")
    with ana.next_panel():
        ana.panel.locator("[value=delete]").first.click()
    for _ in range(2):
        assert len(ana.said) == 1
        assert "deleted" in ana.said[0]
        ana.page.reload()
    ana.panel.locator("button").click()
    expect(ana.panel).to_have_attribute("data-question", "respondent")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_tab_that_is_left_open_says_that_all_was_deleted_in_another(person: NewPerson, scripts: bool) -> None:
    """What is sent there is kept nowhere; it shows the one sentence and the way to start anew, and no error."""
    ana = person(java_script_enabled=scripts).begin()
    left = Person(ana.page.context.new_page(), ana.bot)
    left.page.goto(ana.page.url)
    left.page.route("**/chat/stream*", lambda route: route.abort())  # it sleeps, and hears nothing
    left.page.reload()
    ana.type("delete")
    ana.panel.locator("[value=delete]").first.click()
    expect(ana.panel).to_have_attribute("data-state", "erased")
    left.send("patient, and HIV positive")
    expect(left.panel).to_have_attribute("data-state", "erased")
    assert left.said == ana.said
    assert "deleted" in left.said[0]
    expect(left.page.locator("#notice")).to_be_hidden()
    left.panel.locator("button").click()
    expect(left.panel).to_have_attribute("data-question", "respondent")
    assert not any("HIV" in text for text in left.said)


def test_a_browser_that_lost_its_conversation_is_led_to_where_one_starts(person: NewPerson) -> None:
    """What it then sends is not taken; the sentence that says so is the way to start anew."""
    ana = person().begin()
    ana.page.context.clear_cookies()
    ana.send("patient")
    ana.page.locator("#notice a").click()
    expect(ana.page.locator(".start button")).to_be_visible()


def test_the_language_is_changed_in_the_middle(person: NewPerson) -> None:
    """The page and the question change their language, the place stays."""
    ana = person().begin().answer_until(question="sex")
    ana.page.locator("summary").click()
    ana.page.locator("#menu [value=zh_Hans]").click()
    expect(ana.page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert ana.question == "sex"
    ana.tap("male")
    assert ana.page.locator("summary").inner_text() == "菜单"
