"""Whose figures of the prescreening log a chat of staff gets."""

from __future__ import annotations

from collections.abc import Collection

from bot.flows.handoff.desk import Desk
from bot.flows.handoff.people import WITHOUT_REFERRALS, Part


class Wanted(Part):
    """The figures of a site, or (None) of all, in a language."""

    site: str | None
    locale: str


def wanted(desk: Desk | None, named: str, sites: Collection[str]) -> Wanted | str:
    """The figures that a chat gets where that site was named, if any; otherwise the key of what it is told.

    Who works at a site gets that site's, whichever is named; who works for all may name one of `sites`.
    """
    if desk is None or not desk.joined or desk.group:
        return "not_staff"
    if desk.staff.role in WITHOUT_REFERRALS:
        return "figures.role"
    if desk.site is None and named and named not in sites:
        return "figures.no_site"
    return Wanted(site=desk.site or named or None, locale=desk.locale)


def may_have(desk: Desk | None, site: str | None) -> bool:
    """Whether a chat may still have the figures of a site, or (None) of all."""
    if desk is None or desk.staff.role in WITHOUT_REFERRALS:
        return False
    return desk.site is None or desk.site == site
