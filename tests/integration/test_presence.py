"""When a channel was last listened to, and who was talking there."""

from __future__ import annotations

from bot.ports import Address
from bot.storage.store import SqlStore
from tests.integration.conftest import Clock, Pipeline

ANA, BEN, CLEO = (Address("test", name) for name in ("ana", "ben", "cleo"))


async def test_the_last_time_is_told_and_the_new_one_kept(store: SqlStore, clock: Clock) -> None:
    """Each channel has its own."""
    first = clock.now()
    assert await store.listening("test", first) is None
    clock.forward(hours=30)
    assert await store.listening("test", clock.now()) == first
    assert await store.listening("test", clock.now()) == clock.now()
    assert await store.listening("other", clock.now()) is None


async def test_who_is_talking_has_a_conversation_that_waits(store: SqlStore, pipeline: Pipeline) -> None:
    """Not one that is erased, or in a state that is left in peace, or of another channel."""
    for name, text in (("ana", "a"), ("ben", "b"), ("cleo", "forget me")):
        await pipeline.say(name, text)
    assert await store.talking("test", ()) == [ANA, BEN]
    assert await store.talking("test", ("asking",)) == []
    assert await store.talking("other", ()) == []


async def test_a_mark_is_set_for_the_first_time_once(store: SqlStore, clock: Clock) -> None:
    """In each chat."""
    assert await store.first_time(CLEO, "told", clock.now())
    assert not await store.first_time(CLEO, "told", clock.now())
    assert await store.first_time(ANA, "told", clock.now())
    assert await store.first_time(CLEO, "another", clock.now())
