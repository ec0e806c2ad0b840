"""What is said of models of patients beside their numbers: sets of patients, and trials with events of one arm."""

from __future__ import annotations

from ....analysis.synthesis.one_stage.frailty_result import FrailtyPool
from ....analysis.synthesis.one_stage.interaction import IpdInteraction
from ....analysis.synthesis.one_stage.result import IpdPool
from ....base.digits import UNKNOWN, percentage
from ...texts.printer import Printer


def of_sets(r: IpdPool | FrailtyPool | IpdInteraction) -> str:
    """Return how sets of patients were combined, a sentence with a space before it; empty of one set."""
    if r.sets is None:
        return ""
    return (f" This was done in each of {r.sets.k} plausible sets of the patients, and estimates were combined by "
            "Rubin's rules, so that intervals hold what is not known of the patients.")  # fmt: skip


def missing(r: IpdPool | FrailtyPool | IpdInteraction, printer: Printer) -> list[str]:
    """Return what the sets of patients differ by; nothing of one set."""
    if r.sets is None:
        return []
    return [f"Numbers of events are means over the {r.sets.k} sets of patients; "
            f"{printer.together(percentage, 100 * r.sets.missing)[0]}% of the information is missing."]  # fmt: skip


def lacking_in(r: IpdPool) -> str:
    """Return the trials that have no hazard ratio of their own."""
    return "; ".join(r.trials.loc[r.trials["estimate"].isna(), "study"])


def one_arm(r: IpdPool) -> tuple[str, ...]:
    """Return the footnote on trials that have no hazard ratio of their own, if there are any."""
    said = "all events are of one arm; in the pool the likelihood of the trial counts as it is."
    return (f"{UNKNOWN.capitalize()}: {said}",) if lacking_in(r) else ()


def means(r: IpdPool | FrailtyPool | IpdInteraction) -> tuple[str, ...]:
    """Return the footnote on sets of patients; none of one set."""
    return () if r.sets is None else (f"Means over {r.sets.k} sets of patients, by Rubin's rules.",)
