"""What goes over the whole database: the check of all that is kept, and the change of the key. On every database."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, delete, func, update

from bot.errors import BadSetting, Mendable
from bot.storage.cipher import key_in
from bot.storage.opening import open_store
from bot.storage.rekeying import rotate_key
from bot.storage.sealed import SEALED, SealedColumn
from bot.storage.store import SqlStore
from bot.storage.tables import inbox, journal, metadata, referral_steps, referrals, sessions
from bot.storage.verifying import follows, verify
from tests.integration.conftest import KEY
from tests.integration.filled import ANA, fill, say

NEW = bytes(range(1, 33))
NEW_TEXT = base64.b64encode(NEW).decode()
KEEPING = frozenset({"kept"})


@pytest.fixture
async def filled(database: str, clock: Any) -> AsyncIterator[SqlStore]:
    """A store with something in every sealed column."""
    async with open_store(database, KEY, clock.now(), KEEPING) as store:
        await fill(store, clock)
        yield store


async def change(store: SqlStore, statement: Any) -> None:
    """Do something to the tables that the program never does."""
    async with store._engine.begin() as connection:
        await connection.execute(statement)


def test_no_sealed_column_is_forgotten() -> None:
    """Every column of bytes of every table is in the list by which keys are changed and fields checked."""
    binary = {
        f"{t.name}.{c.name}" for t in metadata.sorted_tables for c in t.columns if isinstance(c.type, LargeBinary)
    }
    assert {each.name for each in SEALED} == binary


async def test_what_the_program_wrote_is_found_sound(filled: SqlStore) -> None:
    """Each field opens at the place that the list gives it, and every step was possible."""
    found = await filled.verify()
    assert not found.faults, found
    assert found.checked["journal entries"] == 6
    assert (found.checked["referrals"], found.checked["referral steps"]) == (1, 1)
    assert found.checked["fields"] >= len(SEALED)


async def test_a_field_that_was_altered_is_found_in_whichever_column(filled: SqlStore) -> None:
    """Each of them is counted, and its place is told without what was kept there."""
    before = (await filled.verify()).checked["fields"]
    for sealed in SEALED:
        await change(filled, update(sealed.table).where(func.length(sealed.column) > 0).values(altered(sealed)))
    found = await filled.verify()
    kind = "a field does not open at its place"
    assert found.faults[kind] == before
    assert found.first[0].startswith(f"{kind}: inbox.sealed ")


def altered(sealed: SealedColumn) -> dict[str, bytes]:
    """What to put in the place of a field."""
    return {sealed.column.name: b"\x01altered"}


BEHIND_ITS_BACK = (
    (delete(journal).where(journal.c.message_id == "remind me"), "an input is missing from the journal"),
    (delete(inbox).where(inbox.c.message_id == "refer me"), "a journal entry tells of no input"),
    (update(journal).where(journal.c.message_id == "two").values(chat="ana"), "a journal entry tells of no input"),
    (update(referral_steps).values(stage="enrolled"), "a step that was not possible"),
    (update(referrals).values(state="enrolled"), "a referral stands elsewhere than its last step led"),
    (update(referrals).values(first="2222-222-222"), "a repeat that no step made one"),
    (delete(referrals), "steps of a referral that is not there"),
    (update(sessions).values(said=1), "a message has a number that was never given"),
)


async def test_what_was_done_behind_the_programs_back_is_found(filled: SqlStore) -> None:
    """Entries taken out, moved or added; steps and counts rewritten: each is found, and gone with what was done."""
    for statement, kind in BEHIND_ITS_BACK:
        async with filled._engine.begin() as connection:
            await connection.execute(statement)
            assert (await verify(connection, filled._cipher)).faults[kind] > 0, kind
            await connection.rollback()
    assert not (await filled.verify()).faults


def test_a_course_with_undone_renewed_and_withdrawn_steps_follows() -> None:
    """Each against the table of stages; a step too many or to elsewhere does not."""
    course = [("claim", "received"), ("look", "received"), ("contact", "contacted"), ("undo", "received")]
    assert follows([*course, ("reject", "not_suitable"), ("renew", "requested"), ("claim", "received")])
    assert follows([*course, ("withdraw", "withdrawn"), ("claim", "received")])
    assert not follows([*course, ("undo", "requested"), ("undo", "requested")])
    assert not follows([*course, ("book", "contacted")])
    assert not follows([("enrol", "enrolled")])


async def test_an_erased_chat_is_no_gap(filled: SqlStore, clock: Any) -> None:
    """Before the turn that erased it there is no journal; from it on there is."""
    await say(filled, clock, ANA, "forget me", "again")
    assert not (await filled.verify()).faults


async def test_after_a_change_of_the_key_the_new_one_opens_all_and_the_old_one_nothing(
    filled: SqlStore, database: str, clock: Any
) -> None:
    """Every field is sealed anew, and the conversation goes on; an SQLite file is copied first, under the old key."""
    before = await filled.verify()
    await filled._engine.dispose()
    done = await rotate_key(database, KEY, NEW, clock.now())
    assert (done.fields, done.unreadable, done.kept) == (before.checked["fields"], 0, None)
    async with open_store(database, NEW_TEXT, clock.now(), KEEPING) as store:
        assert await store.verify() == before
        await say(store, clock, ANA, "four")
    with pytest.raises(Mendable, match="does not open this database"):
        async with open_store(database, KEY, clock.now()):
            pass
    if done.backup is not None:
        async with open_store(str(done.backup), KEY, clock.now()) as copy:
            assert await copy.verify() == before


async def test_a_change_of_the_key_leaves_alone_what_cannot_be_opened(
    filled: SqlStore, database: str, clock: Any
) -> None:
    """It is counted; a second run finds that all is done."""
    await change(filled, update(journal).where(journal.c.message_id == "one").values(sealed=b"\x01x"))
    await filled._engine.dispose()
    assert (await rotate_key(database, KEY, NEW, clock.now())).unreadable == 1
    clock.forward(minutes=1)
    again = await rotate_key(database, KEY, NEW, clock.now())
    assert (again.fields, again.backup) == (0, None)


async def test_a_change_of_the_key_is_refused_while_the_database_is_in_use(
    filled: SqlStore, database: str, clock: Any
) -> None:
    """The bot is connected: nothing is changed, no copy is left, and it goes on."""
    await filled.verify()
    with pytest.raises(Mendable, match=r"in use|held by another process"):
        await rotate_key(database, KEY, NEW, clock.now())
    await say(filled, clock, ANA, "four")
    assert not (await filled.verify()).faults
    assert not list(Path(database).parent.glob("*.old-key")) or "://" in database


async def test_a_change_to_the_same_or_from_another_key_is_refused(filled: SqlStore, database: str, clock: Any) -> None:
    """Nothing is changed."""
    await filled._engine.dispose()
    with pytest.raises(BadSetting, match="in use already"):
        await rotate_key(database, KEY, base64.b64decode(KEY), clock.now())
    with pytest.raises(Mendable, match="does not open this database"):
        await rotate_key(database, NEW_TEXT, bytes(32), clock.now())
    assert not (await filled.verify()).faults


async def test_the_key_beside_a_file_is_replaced(tmp_path: Path, clock: Any) -> None:
    """The old one goes beside the copy, so that both open as they stand; a new key file is made where there is none."""
    database = str(tmp_path / "own.db")
    async with open_store(database, None, clock.now(), KEEPING) as store:
        await fill(store, clock)
    old = (tmp_path / "own.db.key").read_text()
    new = key_in(tmp_path / "new.key")
    done = await rotate_key(database, None, new, clock.now())
    assert done.kept == tmp_path / "own.db.key"
    assert done.kept.read_text() == (tmp_path / "new.key").read_text() != old
    for path in (database, str(done.backup)):
        async with open_store(path, None, clock.now()) as store:
            assert not (await store.verify()).faults
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*.key")} == {0o600}
