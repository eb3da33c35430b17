"""From a candidate to a coordinator by Telegram: cards, claims, messages between both, groups with topics."""

from __future__ import annotations

import asyncio
import time

from bot.flows.handoff.people import Role
from bot.services.staff import invite
from tests.talks import own_phone
from tests.telegram.conftest import Bot, Serving, Start
from tests.telegram.people import People, Person
from tests.telegram.screenings import REFERENCE, Screening
from tests.telegram.server import Json, TelegramServer, chat_of

GROUP = -1001
PHONE = "+8613800138000"
PATIENCE = 20.0  # seconds


async def new_code(bot: Bot, name: str | None = None) -> str:
    """A code for a coordinator in Shenzhen."""
    now = bot.services.clock.now()
    return await invite(bot.services.store, now, role=Role.COORDINATOR, site="shenzhen", name=name)


async def join(bot: Bot, person: Person, name: str, how: str = "/join {}") -> None:
    """A person becomes a coordinator with a code of their own."""
    person.type(how.format(await new_code(bot, name)))
    await person.hears("gets referrals from now on")


async def referred(person: Person, phone: str | None = None) -> str:
    """A person answers everything and asks to be contacted; the reference."""
    screening = Screening(person, phone=phone or own_phone())
    screening.begin("l_en-4scar7u")
    await screening.finish()
    return next(found[0] for each in person.inbox if (found := REFERENCE.search(each["text"])))


async def button(server: TelegramServer, message: Json, word: str) -> str:
    """The data of a message's button that begins so, once it has one."""
    deadline = time.monotonic() + PATIENCE
    kept = server.messages[message["chat"]["id"], message["message_id"]]
    while time.monotonic() < deadline:
        rows = kept.get("reply_markup", {}).get("inline_keyboard", [])
        for each in (each for row in rows for each in row):
            if each["callback_data"].startswith(f"desk:0:{word}."):
                return str(each["callback_data"])
        await asyncio.sleep(0.01)
    raise AssertionError(f"no button {word}: {kept}")


async def press(person: Person, message: Json, word: str) -> None:
    """Tap a button of a card, once it is there."""
    person.tap(message, await button(person.server, message, word))


async def shows(server: TelegramServer, message: Json, words: str) -> None:
    """A message that was sent earlier comes to end with these words."""
    deadline = time.monotonic() + PATIENCE
    kept = server.messages[message["chat"]["id"], message["message_id"]]
    while not kept["text"].endswith(words):
        assert time.monotonic() < deadline, kept["text"]
        await asyncio.sleep(0.01)


async def test_a_referral_is_claimed_and_both_write_to_each_other(
    server: TelegramServer, people: People, start: Start
) -> None:
    """The card comes without a name, the claim shows the contact, and messages go both ways without an account."""
    ana, li, wu = people.meet(100), people.meet(501), people.meet(502)
    async with start() as bot:
        await join(bot, li, "Dr. Li")
        await join(bot, wu, "Dr. Wu", "/start j_{}")
        reference = await referred(ana, PHONE)
        card, other = await li.hears(f"Referral {reference}"), await wu.hears(f"Referral {reference}")
        assert card["protected"]
        assert PHONE.removeprefix("+") not in card["text"]
        await press(li, card, "claim")
        assert PHONE in (await li.hears("Phone:"))["text"]
        await ana.hears("somebody in the study team has your request")
        await shows(server, other, "claimed. With Dr. Li")
        await press(li, card, "write")
        await li.hears("Whatever you write now")
        li.type("Can we talk tomorrow?")
        await ana.hears("Can we talk tomorrow?")
        ana.type("Yes, at noon")
        await li.hears("Yes, at noon")
        await press(li, card, "contact")
        await shows(server, card, "contacted. With Dr. Li")
        await shows(server, other, "contacted. With Dr. Li")
    assert sum(f"Referral {reference}, Shenzhen" in each["text"] for each in li.inbox) == 1  # said anew in its place
    assert not any("Phone:" in each["text"] for each in wu.inbox)


async def test_of_two_who_tap_at_once_one_wins(server: TelegramServer, people: People, start: Start) -> None:
    """The other is told who; the contact goes to the winner alone."""
    ana, li, wu = people.meet(100), people.meet(501), people.meet(502)
    async with start() as bot:
        await join(bot, li, "Dr. Li")
        await join(bot, wu, "Dr. Wu")
        reference = await referred(ana)
        cards = {person.id: await person.hears(f"Referral {reference}") for person in (li, wu)}
        data = await button(server, cards[li.id], "claim")
        for person in (li, wu):
            person.tap(cards[person.id], data)
        await wu.hears(f"Dr. Li has referral {reference} already.")
        await li.hears("Phone:")
    assert not any("Phone:" in each["text"] for each in wu.inbox)


async def test_the_same_number_in_two_chats_is_one_referral(people: People, start: Start) -> None:
    """The team has one card, which says so; the second chat hears what any chat would, and nothing of the first."""
    ana, other, li = people.meet(100), people.meet(101), people.meet(501)
    async with start() as bot:
        await join(bot, li, "Dr. Li")
        first, second = await referred(ana, PHONE), await referred(other, PHONE)
        card = await li.hears("Asked again on")
        assert card["text"].startswith(f"Referral {first},")
        await press(li, card, "claim")
        for person in (ana, other):
            await person.hears("somebody in the study team has your request")
        other.type("When do you call?")
        await li.hears("from another conversation with the same contact:\nWhen do you call?")
        await press(li, card, "write")
        await li.hears("Whatever you write now")
        li.type("Good morning, Ana")
        await ana.hears("Good morning, Ana")
    assert not any(f"Referral {second}" in each["text"] for each in li.inbox)
    assert not any(first in each["text"] or "Good morning" in each["text"] for each in other.inbox)


async def test_a_group_gets_cards_in_topics_and_nothing_else(
    server: TelegramServer, people: People, start: Start
) -> None:
    """Who taps there acts by their own membership; contact and messages stay in the private chat."""
    ana, li, eve = people.meet(100), people.meet(501), people.meet(666)
    group = people.meet(GROUP)
    async with start() as bot:
        await join(bot, li, "Dr. Li")
        said = {"message_id": server.new_id(), "date": int(time.time()), "chat": chat_of(GROUP), "from": li._who}
        server.push("message", {**said, "text": f"/join {await new_code(bot)}"})
        await group.hears("gets referrals from now on")
        reference = await referred(ana, PHONE)
        card = await group.hears(f"Referral {reference}")
        assert card["message_thread_id"]
        for person in (eve, li):
            query = {"id": str(server.new_id()), "from": person._who, "chat_instance": "1"}
            server.queries[query["id"]] = []
            shown = server.messages[GROUP, card["message_id"]]
            data = await button(server, card, "claim")
            server.push("callback_query", {**query, "message": {**shown, "chat": chat_of(GROUP)}, "data": data})
        await eve.hears("only for members of the study team")
        assert PHONE in (await li.hears("Phone:"))["text"]
        await shows(server, card, "claimed. With Dr. Li")
    assert not any(PHONE[3:] in each["text"] for each in group.inbox)
    assert [call["name"] for call in server.called("createForumTopic")] == [reference]


async def test_killed_between_the_request_and_the_card_the_card_still_comes(people: People, serving: Serving) -> None:
    """A letter outlives the process that sent it; the claim then works as if nothing had been."""
    ana, li = people.meet(100), people.meet(501)
    sites = serving.folder / "sites.yaml"
    site = f'{{id: shenzhen, name: A, city: A, timezone: Asia/Shanghai, contacts: {{telegram: ["{li.id}"]}}}}'
    sites.write_text(f"spec_version: 1\nsites:\n  - {site}\n", encoding="utf-8")
    serving.settings["PRESCREEN_SITES"] = str(sites)
    screening = Screening(ana)
    screening.begin("l_en-4scar7u")
    ending = asyncio.create_task(screening.finish())
    for moment in ("after_commit:45", "before_send:20", "before_commit:2", "after_send:1"):
        await serving.start(failpoint=moment)
        while serving.process is not None and serving.process.returncode is None and not _has_card(li):
            await asyncio.sleep(0.02)
        await serving.kill() if _has_card(li) else await serving.wait()
    await serving.start()
    await ending
    card = await li.hears("Stage: new, nobody has it yet")
    await press(li, card, "claim")
    await li.hears("Phone:")
    await ana.hears("somebody in the study team has your request")
    assert await serving.stop() == 0
    assert b"Nobody is told of referrals to haikou, beijing:" in serving.output


def _has_card(person: Person) -> bool:
    return any("Stage:" in each["text"] for each in person.inbox)


async def test_an_invitation_at_the_command_line_leads_to_telegram_alone(serving: Serving) -> None:
    """Where no page is served, none is named."""
    del serving.settings["PRESCREEN_WEB"]
    told = await serving.run("staff", "invite", "--role", "coordinator", "--site", "haikou")
    code = told.split()[1]
    assert "In Telegram: https://t.me/" in told
    assert f"/join {code}" in told
    assert "In a browser" not in told
