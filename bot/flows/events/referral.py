"""The way to the study team: site, agreement and contact, and what is heard of the team once the referral is on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ContactKind = Literal["chat", "phone", "email"]


@dataclass(frozen=True, slots=True)
class SiteAsked:
    """Which site is nearest. `{"event": "site_asked", "sites": ["shenzhen", …]}`."""

    sites: tuple[str, ...]
    event: Literal["site_asked"] = "site_asked"


@dataclass(frozen=True, slots=True)
class AgreementAsked:
    """Whether the answers may go to the site's coordinator. `{"event": "agreement_asked", "site": "haikou"}`."""

    site: str
    event: Literal["agreement_asked"] = "agreement_asked"


@dataclass(frozen=True, slots=True)
class AgreementRefused:
    """Nothing is sent. `{"event": "agreement_refused"}`."""

    event: Literal["agreement_refused"] = "agreement_refused"


@dataclass(frozen=True, slots=True)
class NameAsked:
    """`{"event": "name_asked"}`."""

    event: Literal["name_asked"] = "name_asked"


@dataclass(frozen=True, slots=True)
class ReachAsked:
    """By which way the coordinator may reach the person. `{"event": "reach_asked"}`."""

    event: Literal["reach_asked"] = "reach_asked"


@dataclass(frozen=True, slots=True)
class ContactAsked:
    """`{"event": "contact_asked", "kind": "phone"}`."""

    kind: ContactKind
    event: Literal["contact_asked"] = "contact_asked"


@dataclass(frozen=True, slots=True)
class DetailRejected:
    """A name, phone number or e-mail address that cannot be one. `{"event": "detail_rejected", "kind": "phone"}`."""

    kind: Literal["name", "pseudonym", "phone", "email"]
    event: Literal["detail_rejected"] = "detail_rejected"


@dataclass(frozen=True, slots=True)
class ReferralRequested:
    """A referral is on record. `{"event": "referral_requested", "reference": "7KQ2-M9XF-3C", "site": "haikou"}`."""

    reference: str
    site: str
    event: Literal["referral_requested"] = "referral_requested"


@dataclass(frozen=True, slots=True)
class Ended:
    """All is done: what the person can still do. `{"event": "ended", "reference": null}`."""

    reference: str | None
    event: Literal["ended"] = "ended"


@dataclass(frozen=True, slots=True)
class TeamSaw:
    """Somebody of the study team has the referral. `{"event": "team_saw", "reference": "7KQ2-M9XF-3C"}`."""

    reference: str
    event: Literal["team_saw"] = "team_saw"


@dataclass(frozen=True, slots=True)
class TeamReopened:
    """The study team has a referral again that had ended, and of which the conversation did not know any more.

    `writable`: what is typed goes to the team. `{"event": "team_reopened", "reference": "7KQ2-M9XF-3C", "writable": true}`.
    """

    reference: str
    writable: bool
    event: Literal["team_reopened"] = "team_reopened"


@dataclass(frozen=True, slots=True)
class TeamWrote:
    """A message from the study team. `{"event": "team_wrote", "reference": "7KQ2-M9XF-3C", "text": "…"}`."""

    reference: str
    text: str
    event: Literal["team_wrote"] = "team_wrote"


@dataclass(frozen=True, slots=True)
class TeamSilent:
    """Nobody has acted yet. `{"event": "team_silent", "reference": "7KQ2-M9XF-3C", "phone": null}`."""

    reference: str
    phone: str | None
    event: Literal["team_silent"] = "team_silent"


@dataclass(frozen=True, slots=True)
class TeamBooked:
    """The study team has booked a visit. `{"event": "team_booked", "reference": "7KQ2-M9XF-3C"}`."""

    reference: str
    event: Literal["team_booked"] = "team_booked"


@dataclass(frozen=True, slots=True)
class TeamUnbooked:
    """The booking was taken back. `{"event": "team_unbooked", "reference": "7KQ2-M9XF-3C"}`."""

    reference: str
    event: Literal["team_unbooked"] = "team_unbooked"


@dataclass(frozen=True, slots=True)
class TeamDone:
    """The study team has ended the referral. `{"event": "team_done", "reference": "7KQ2-M9XF-3C", "other": null}`.

    `other`: the one that is still open.
    """

    reference: str
    other: str | None = None
    event: Literal["team_done"] = "team_done"


@dataclass(frozen=True, slots=True)
class PassedOn:
    """What the person wrote goes to the study team. `{"event": "passed_on"}`."""

    event: Literal["passed_on"] = "passed_on"


Event = (
    SiteAsked
    | AgreementAsked
    | AgreementRefused
    | NameAsked
    | ReachAsked
    | ContactAsked
    | DetailRejected
    | ReferralRequested
    | Ended
    | TeamSaw
    | TeamReopened
    | TeamWrote
    | TeamSilent
    | TeamBooked
    | TeamUnbooked
    | TeamDone
    | PassedOn
)
