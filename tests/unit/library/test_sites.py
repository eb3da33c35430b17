"""The site file: what ships, and what is wrong with one, by its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BadSetting
from bot.flows.handoff.sites import registry_desk
from bot.library.sites import load_sites, read_sites
from bot.library.trials import load

TRIAL = load("4scar7u")
SITE = "sites:\n  - {id: shenzhen, name: One, city: Shenzhen, timezone: Asia/Shanghai"


def issues(text: str) -> list[str]:
    """What is wrong with a site file, without the file's name."""
    _, found = read_sites(f"spec_version: 1\n{text}", "sites.yaml", [TRIAL])
    return [str(issue).removeprefix("sites.yaml:") for issue in found]


def test_the_sites_that_ship_are_those_of_the_trial_and_invent_nobody() -> None:
    """Three cities, the registry's contact by name, and no address or number."""
    book = load_sites(None, [TRIAL])
    assert book.open_sites(TRIAL) == tuple(site.id for site in TRIAL.sites)
    assert book.registry[TRIAL.id].name == TRIAL.contact.name
    assert not any(book.chats(site.id) or site.phone for site in book.sites)


@pytest.mark.parametrize("intake", ["paused", "closed"])
def test_a_site_that_takes_nobody_is_not_offered(intake: str) -> None:
    """It is left out of the trial's open sites; one that the file does not name stays open."""
    book, _ = read_sites(f"spec_version: 1\n{SITE}, trials: {{4scar7u: {intake}}}}}", "sites.yaml", [TRIAL])
    assert book is not None
    assert book.open_sites(TRIAL) == ("haikou", "beijing")


def test_nobody_acting_it_goes_to_fallbacks_once_each_and_then_to_the_registry() -> None:
    """Two sites that fall back on each other do not go round for ever."""
    other = "  - {id: haikou, name: Two, city: Haikou, timezone: Asia/Shanghai, fallback: shenzhen}"
    book, _ = read_sites(f"spec_version: 1\n{SITE}, fallback: haikou}}\n{other}", "sites.yaml", [TRIAL])
    assert book is not None
    assert book.escalation("shenzhen", TRIAL.id) == ("haikou", registry_desk(TRIAL.id))


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        (f"{SITE}, phon: x}}", "3:72: T05 there is no key `phon` here: did you mean `phone`?"),
        ("sites:\n  - {id: shenzhen, name: One, city: A}", "3:5: T06 the key `timezone` is missing: add it here"),
        (SITE.replace("Asia", "Asien") + "}", "3:57: T07 `Asien/Shanghai` is no time zone: write one such as "),
        (f"{SITE}, fallback: haiku}}", "3:72: T09 there is no other site `haiku`: take it away"),
        (f"{SITE}, trials: {{4scar7: open}}}}", "3:81: T09 there is no trial `4scar7`: did you mean `4scar7u`?"),
        (SITE.replace("shenzhen,", "shenzen,") + ", trials: {4scar7u: open}}", "3:6: T09 there is no site of 4scar7u"),
        (f'{SITE}, hours: {{mon: "9-17"}}}}', "3:85: T07 the value of `mon` does not fit: write the hours of a day"),
        (f"{SITE}, contacts: {{email: [nobody]}}}}", "3:91: T07 the value of `0` does not fit: write it such as name@"),
        ("registry:\n  other: {name: A}", "3:3: T09 there is no trial `other`: write one of `4scar7u`"),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_its_mend(text: str, issue: str) -> None:
    """Line and column are those of the value, or of the key."""
    found = issues(text)
    assert len(found) == 1
    assert issue in found[0]


def test_a_file_that_cannot_be_used_stops_the_start(tmp_path: Path) -> None:
    """The sentence has its place."""
    file = tmp_path / "sites.yaml"
    file.write_text("spec_version: 2\n", encoding="utf-8")
    with pytest.raises(BadSetting, match=r"sites\.yaml:1:15: T07 this program reads site files of version 1"):
        load_sites(file, [TRIAL])
