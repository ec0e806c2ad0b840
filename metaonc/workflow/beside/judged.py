"""What people judged of the trials of an analysis, and what follows: levels of risk, certainty, summary of findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...analysis.certainty.participants import participants as patients_of
from ...base.messages.advice import option
from ...data.schema.tables import OUTCOMES
from ...errors import OptionError
from ..analysis import Analysis, overall_of

if TYPE_CHECKING:
    from ...analysis.certainty.absolute_result import AbsoluteEffect
    from ...analysis.certainty.certainty_result import CertaintyResult
    from ...analysis.sensitivity.bias_levels.result import RiskOfBiasResult
    from ...data.risk_of_bias.assessment import RiskOfBias
    from ...report.tables.content import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Judgements, and what follows of them for a pool; None of what was not asked for.

    Attributes
    ----------
    assessment, levels
        Risk of bias of the trials, and the pool by its levels.
    certainty, absolute, findings
        What is suggested domain by domain of GRADE, people per 1,000, and the table of both.
    """

    assessment: RiskOfBias | None = None
    levels: RiskOfBiasResult | None = None
    certainty: CertaintyResult | None = None
    absolute: AbsoluteEffect | None = None
    findings: Table | None = None

    @property
    def results(self) -> dict[str, Any]:
        """The results by their headings in a report."""
        each = {"By risk of bias": self.levels, "Certainty": self.certainty, "Absolute effect": self.absolute}
        return {heading: result for heading, result in each.items() if result is not None}


def judged(
    analysis: Analysis,
    outcome: str,
    *,
    assessment: str | None = None,
    tool: str | None = None,
    design: str | None = None,
    stated: Mapping[str, Any] | None = None,
    baseline: Mapping[str, float] | None = None,
    at: str | None = None,
    event: str | None = None,
    participants: int | None = None,
    journal: str | None = None,
) -> Judged:
    """Return what judgements of the trials say of the pool of all.

    Parameters
    ----------
    analysis, outcome
        What `analyse` returned, and of which outcome.
    assessment, tool
        File of risk of bias as ``read_risk_of_bias`` reads it, and the tool that it is by.
    design, stated
        Design of the trials, with which certainty is asked for, and what else ``certainty`` takes, by its names.
    baseline, at, event
        As ``absolute_effect`` takes them, with certainty alone.
    participants
        Patients of all trials, for the summary of findings; those of the counts pooled, or that the rows say, when
        None.
    journal
        How numbers of the table are printed.

    Raises
    ------
    OptionError
        What is of certainty or of absolute effects without them; a tool without a file, or a file without a tool.
    DataError
        As ``read_risk_of_bias``, ``certainty`` and ``absolute_effect``.
    """
    _check(assessment, tool, design, {**(stated or {}), "participants": participants}, baseline, at, event)
    if assessment is None and design is None:  # most analyses: nothing more is imported
        return Judged()
    from ...analysis.certainty.absolute import absolute_effect
    from ...analysis.certainty.certainty import certainty
    from ...analysis.sensitivity.bias_levels.risk_of_bias import risk_of_bias
    from ...data.readers.risk_of_bias import read_risk_of_bias
    from ...report.tables.findings import summary_of_findings

    pool = overall_of(analysis.result)
    rob = None if assessment is None else read_risk_of_bias(assessment, tool=str(tool))
    if rob is not None:
        rob.matched(pool.studies.labels)
    levels = None if rob is None or "overall" not in rob.table else risk_of_bias(pool, rob)
    if design is None:
        return Judged(assessment=rob, levels=levels)
    name = OUTCOMES[outcome].title if outcome in OUTCOMES else outcome
    own = {} if rob is None else {"risk_of_bias": rob}
    found = certainty(pool, design=design, outcome=name, **(own | dict(stated or {})))
    people = None if baseline is None else absolute_effect(pool, baseline=dict(baseline), at=at, event=str(event))
    counted = any(role.startswith("n") for role in pool.studies.roles)  # which the table finds itself
    patients = patients_of(pool) if participants is None and not counted else participants
    table = summary_of_findings(
        {name: (found, people)}, title=analysis.title, journal=journal,
        participants=None if patients is None else {name: patients},
    )  # fmt: skip
    return Judged(assessment=rob, levels=levels, certainty=found, absolute=people, findings=table)


def _check(
    assessment: str | None, tool: str | None, design: str | None, stated: Mapping[str, Any],
    baseline: Mapping[str, float] | None, at: str | None, event: str | None,
) -> None:  # fmt: skip
    if (assessment is None) != (tool is None):
        lacking = option("risk_of_bias", "rob.csv") if assessment is None else option("tool", "RoB 2")
        raise OptionError(f"judgements of risk of bias and the tool they are by go together: say {lacking} too.")
    of_certainty = {**stated, "baseline": baseline, "at": at, "event": event}
    first = next((name for name, value in of_certainty.items() if value is not None), None)
    if design is None and first is not None:
        raise OptionError(f"{option(first)} is of certainty, which asks for {option('design', 'randomised')}.")
    if baseline is None and (at is not None or event is not None):
        name = "at" if at is not None else "event"
        raise OptionError(f"{option(name)} is of people per 1,000, which asks for {option('baseline', '0.4')}.")
    if baseline is not None and event is None:
        raise OptionError(f"{option('baseline')} asks whether the event is bad: {option('event', 'unfavourable')}.")
