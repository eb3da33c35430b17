"""Who may open what: one table. A route that is not in it cannot be served."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.flows.handoff.people import Role

ALL = frozenset(Role)
ACCOUNTS = frozenset({Role.ADMINISTRATOR})
REFERRALS = frozenset({Role.COORDINATOR, Role.MANAGER})
SCREENING = frozenset({Role.STAFF, Role.COORDINATOR, Role.MANAGER})

PUBLIC = frozenset({"static", "sign_in", "sign_in.code", "factor", "factor.code"})
"""The routes that nobody needs to be signed in for."""

UPLOADS = frozenset({"bench.photo"})
"""The routes whose forms send files."""

PERMISSIONS: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "home": ALL,
        "language": ALL,
        "sign_out": ALL,
        "account": ALL,
        "account.sign_out": ALL,
        "inbox": REFERRALS,
        "inbox.find": REFERRALS,
        "referral": REFERRALS,
        "referral.contact": REFERRALS,
        "referral.step": REFERRALS,
        "referral.message": REFERRALS,
        "stream": REFERRALS,
        "log": REFERRALS,
        "log.file": REFERRALS,
        "log.figure": REFERRALS,
        "bench": SCREENING,
        "bench.new": SCREENING,
        "bench.page": SCREENING,
        "bench.fill": SCREENING,
        "bench.tap": SCREENING,
        "bench.photo": SCREENING,
        "people": ACCOUNTS,
        "people.invite": ACCOUNTS,
        "people.link": ACCOUNTS,
        "people.revoke": ACCOUNTS,
        "people.reset_factor": ACCOUNTS,
    }
)
"""Each other route by its name: the roles that may use it. An administrator is in no line that shows health data."""


def allowed(role: Role, route: str) -> bool:
    """Whether a member with this role may use the route of that name."""
    return role in PERMISSIONS.get(route, frozenset())
