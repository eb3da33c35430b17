"""An assessment as `prescreen screen` and `prescreen chat --json` print it."""

from __future__ import annotations

from typing import Any

from bot.criteria.findings import Assessment
from bot.criteria.protocol import TrialProtocol
from bot.speech.catalogue import Catalogue
from bot.speech.evidence import evidence


def assessment_json(assessment: Assessment, trial: TrialProtocol, catalogue: Catalogue, locale: str) -> dict[str, Any]:
    """`{"verdict", "recheck_on", "findings": {code: {"status", "reason", "evidence", "recoverable", "recheck_on"}}}`."""
    return {
        "verdict": assessment.verdict.value,
        "recheck_on": assessment.recheck_on.isoformat() if assessment.recheck_on else None,
        "findings": {
            code: {
                "status": finding.status.value,
                "reason": finding.reason.value,
                "evidence": evidence(finding, trial, catalogue, locale),
                "recoverable": finding.recoverable,
                "recheck_on": finding.recheck_on.isoformat() if finding.recheck_on else None,
            }
            for code, finding in assessment.findings.items()
        },
    }
