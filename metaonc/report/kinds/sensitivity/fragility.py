"""Fragility of pools and of trials, in the words of a manuscript."""

from __future__ import annotations

from ....analysis.sensitivity.event_changes.result import FragilityResult, TrialFragilityResult
from ....analysis.sensitivity.event_changes.tests import TRIAL_TESTS
from ...blocks import Block, Grid
from ...document.look import Look
from ...texts.printer import Printer, listed, several, trial
from .. import Kind, kind_of

POOLS = "Atal et al. 2019, doi:10.1016/j.jclinepi.2019.03.012"
TRIALS = "Walsh et al. 2014, doi:10.1016/j.jclinepi.2013.10.019"
EITHER = "Lin 2021, doi:10.1111/jep.13428"


def _methods(r: FragilityResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on the path."""
    paragraphs = kind_of(r.whole).methods(r.whole, cited, printer)
    cited.append(POOLS)
    return [
        *paragraphs,
        "The fragility index is the number of patients whose event status must change until the confidence interval of "
        "the pool includes no effect, or excludes it, changing at each step that which moves its limit most; the "
        "fragility quotient is its share of all patients.",
    ]


def _results(r: FragilityResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on how many patients decide it."""
    paragraphs = kind_of(r.whole).results(r.whole, printer)
    was, will = ("significant", "not") if r.significant else ("not significant", "significant")
    trials = listed(trial(str(name)) for name in dict.fromkeys(r.path["trial"]))
    return [
        *paragraphs,
        f"The pool was {was}, and would be {will} after a change of {several(r.index, 'patient')} (of {trials}): "
        f"fragility index {r.index}, fragility quotient {printer.significant(r.quotient)}.",
    ]


def _figures(r: FragilityResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import readable, shown

    table = r.tidy(transform=True).dropna(axis="columns", how="all").drop(columns=["type", "interval"])
    return *shown(r.whole, look), Grid(readable(table), "The pool after each change of a patient")


def _trials_methods(r: TrialFragilityResult, cited: list[str], printer: Printer) -> list[str]:
    cited += [TRIALS, EITHER]
    return [
        "The fragility index of a trial is the fewest patients, in both arms together, whose event status must change "
        f"until its test is significant, or is no more, by {TRIAL_TESTS[r.test].label} at the level of "
        f"{printer.percent(1 - r.level)}; the fragility quotient is its share of the trial's patients.",
    ]


def _trials_results(r: TrialFragilityResult, printer: Printer) -> list[str]:
    t = r.table
    known = t[t["index"].notna()]
    said = [
        f"{trial(name)} is {'' if is_significant else 'not '}significant, {printer.p(p)}, with a fragility index of "
        f"{index:.0f}"
        for name, is_significant, p, index in zip(
            map(str, known["study"]), known["significant"], known["p_value"], known["index"], strict=True
        )
    ]
    lacking = [trial(str(name)) for name in t["study"][t["index"].isna()]]
    none = [f"No change of patients alters the test of {listed(lacking)}."] if lacking else []
    return [" ".join([f"{one}." for one in said] + none)]


def _trials_figures(r: TrialFragilityResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import readable

    return (Grid(readable(r.table), "Fragility of trials"),)


OF_POOL = Kind(
    verbs="sensitivity.fragility",
    heading=lambda _: "Fragility of the pool",
    methods=_methods,
    results=_results,
    figures=_figures,
)
OF_TRIALS = Kind(
    verbs="sensitivity.fragility_of_trials",
    heading=lambda _: "Fragility of trials",
    methods=_trials_methods,
    results=_trials_results,
    figures=_trials_figures,
)
