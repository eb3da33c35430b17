"""How a candidate leaves the bench: with a line in the prescreening log, and perhaps as a referral."""

from __future__ import annotations

from datetime import datetime

from bot.flows.bench.case import Case
from bot.flows.bench.shown import CaseClosed, SiteAsked
from bot.flows.bench.work import Work
from bot.flows.events.screening import Assessed
from bot.flows.review import REFERRED
from bot.flows.session import Reach, Sprint


def close(work: Work, case: Case, *, anew: bool) -> None:
    """End the screening. The code leaves the bench with it: it is in no log. `anew`: say so at the end of the chat."""
    _end(work, case, refer=False, anew=anew)


def hand_over(work: Work, case: Case, site: str | None = None, *, anew: bool) -> None:
    """Refer somebody who may be eligible to the coordinators of the member's site, who know them by the code.

    site: the one that was tapped, where the member is of no site.
    """
    turn = work.turn(case)
    sites = turn.setting.sites
    own = work.site or site
    if turn.assess().verdict not in REFERRED:
        work.tell("refer.verdict", case.code)
    elif own is None and sites:
        work.said.append(SiteAsked(case, sites))
    elif own not in sites:
        work.tell("refer.site", case.code)
    else:
        session = case.session
        session.site, session.name = own, case.code
        session.reach = Reach(kind="site", detail=case.code)
        session.reference = session.referral = session.make_reference()
        work.bench.remember(session.reference, case.code)
        _end(work, case, refer=True, anew=anew)


def tidy(work: Work, before: datetime) -> None:
    """Take the candidates off the bench with whom nothing was done since then, and say so of each.

    The time of one of whom that is not known, since an earlier version kept none, begins now.
    """
    for case in work.bench.parked(before):
        work.bench.close(case)
        work.tell("parked", case.code, str((work.now - before).days))
    for case in work.bench.cases:
        case.touched = case.touched or work.now


def _end(work: Work, case: Case, *, refer: bool, anew: bool) -> None:
    assessment = work.turn(case).assess()
    work.bench.close(case)
    work.closed = Sprint(case.session, (Assessed(assessment),), refer=refer)
    work.said.append(CaseClosed(case, assessment, case.session.reference, anew))
