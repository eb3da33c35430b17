"""What a conversation leaves for others: the record of a referral, letters to it, and a line of the prescreening log."""

from __future__ import annotations

import hashlib
from datetime import datetime

from bot.criteria.findings import Assessment, Status
from bot.flows.engine import PARTS
from bot.flows.events.screening import Assessed
from bot.flows.handoff import letters as mail
from bot.flows.handoff.letters import FromCandidate, Post, Requested
from bot.flows.handoff.people import Card, Chat, Person
from bot.flows.session import Reach, Session, Sprint
from bot.flows.turn import Setting, Turn
from bot.ports import Address, Prescreening, Referral, TimerRow
from bot.services.letters import letter_rows
from bot.speech.catalogue import Catalogue
from bot.speech.findings import assessment_json

ID_LENGTH = 12  # characters of a prescreening id: a million screenings share none but by a rare chance


def record(setting: Setting, catalogue: Catalogue, sprint: Sprint, now: datetime) -> Referral:
    """The record of a referral, with the findings at this moment."""
    session = sprint.session
    assessment = _assess(setting, session, now)
    reach = session.reach
    return Referral(
        reference=session.reference or session.make_reference(),
        trial=session.trial,
        site=session.site or "",
        verdict=assessment.verdict.value,
        details={
            "trial_version": session.trial_version,
            "respondent": session.respondent.value,
            "locale": session.locale,
            "name": session.name,
            "reach": reach.model_dump() if reach else None,
            "answers": {question: reading.reply for question, reading in session.answers.items()},
            **assessment_json(assessment, setting.trial.protocol, catalogue, session.locale),
        },
    )


def letters(setting: Setting, sprint: Sprint, address: Address, now: datetime) -> tuple[TimerRow, ...]:
    """The letters of a turn to the person's referral: asked for, or written to."""
    session = sprint.session
    reference = session.referral or session.reference
    if reference is None or not (sprint.refer or sprint.relayed is not None):
        return ()
    posts = []
    if sprint.refer:
        posts.append(_requested(setting, session, address, reference, now))
    if sprint.relayed is not None:
        posts.append(Post(mail.referral(reference), FromCandidate(text=sprint.relayed)))
    return letter_rows(posts, now)


def _requested(setting: Setting, session: Session, address: Address, reference: str, now: datetime) -> Post:
    card = Card(
        reference=reference,
        trial=session.trial,
        trial_version=session.trial_version,
        site=session.site or "",
        respondent=session.respondent,
        locale=session.locale,
        today=Turn(session, setting, PARTS, now).today,
        requested_at=now,
        answers=session.answers,
        verdict=_assess(setting, session, now).verdict.value,
    )
    person = Person(
        name=session.name,
        reach=session.reach or Reach(kind="chat"),
        chat=Chat(address.channel, address.chat),
        locale=session.locale,
    )
    return Post(mail.referral(reference), Requested(card=card, person=person))


def prescreening(setting: Setting, sprint: Sprint, now: datetime) -> Prescreening | None:
    """The line of the log, where a verdict was told or led to a referral. Its id tells nothing of the conversation."""
    session = sprint.session
    if not sprint.refer and Assessed not in map(type, sprint.events):
        return None
    assessment = _assess(setting, session, now)
    failing = tuple(code for code, each in assessment.findings.items() if each.status is Status.FAIL)
    digest = hashlib.sha256(f"prescreening/{session.id}/{session.round}".encode()).hexdigest()
    return Prescreening(
        id=digest[:ID_LENGTH],
        trial=session.trial,
        verdict=assessment.verdict.value,
        failing=failing,
        source=session.source,
        site=session.site,
        reference=session.reference,
    )


def _assess(setting: Setting, session: Session, now: datetime) -> Assessment:
    return Turn(session, setting, PARTS, now).assess()
