"""How far a result rests on single trials and assumptions, in a manuscript's words (PRISMA 2020, 13f and 20d)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...analysis.effects.measures import Measure
from ...analysis.methods.tau2 import TAU2_METHODS
from ...analysis.pooling.inverse_variance.result import MetaResult
from ...analysis.pooling.regression.result import RegressionResult
from ...analysis.sensitivity.permutation_result import PermutationResult
from ..forest.content import Form
from ..forest.pools import form_for
from ..forest.subset_table import about, natural, record_of
from . import pool_methods, pool_results, regression
from .pool_methods import interval_method
from .preparation import measured
from .printer import Printer, listed, several, trial
from .references import REFERENCES
from .terms import named


def permutation_methods(r: PermutationResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on what was tested, and on the test."""
    whole = isinstance(r.result, RegressionResult)
    tested = regression.methods if whole else pool_methods.methods
    paragraphs = tested(r.result, cited, printer)  # type: ignore[arg-type]
    cited.append(REFERENCES["orders" if whole else "signs"])
    what = "orders of the moderators" if whole else "assignments of signs to the effects"
    how = f"all {r.n_permutations}" if r.exact else f"{r.n_permutations} random"
    seed = "" if r.exact else f" (seed {r.provenance.settings['seed']})"
    of = "The coefficients and the moderators together were" if whole else "The pooled effect was"
    again = r.result.method != "CE" and r.result.provenance.settings.get("tau2") is None
    anew = "; τ² was estimated anew for each" if again else ""
    return [
        *paragraphs,
        f"{of} also tested by permutation: p is the share of {how} {what}{seed} whose test statistic is as far from 0 "
        f"as the observed one, or farther{anew}.",
    ]


def permutation_results(r: PermutationResult, printer: Printer) -> list[str]:
    """Return the paragraphs on what was tested, and on the test."""
    how = f"all {r.n_permutations}" if r.exact else f"{r.n_permutations} random"
    if isinstance(r.result, MetaResult):
        what = (
            f"Permutation test of the pooled effect ({how} rearrangements): {printer.p(float(r.tidy()['p_value'][0]))}"
        )
        return [*pool_results.results(r.result, printer), f"{what}."]
    ps = [(str(row.term), float(row.p_value)) for row in r.tidy().itertuples()]  # type: ignore[arg-type]
    terms, omnibus = ps[:-1], ps[-1][1]
    each = listed(
        f"{named(name, r.result.design)}, {printer.p(p)}" for name, p in terms if name != "intercept"
    )  # fmt: skip
    text = f"Permutation test of the coefficients ({how} rearrangements): {each}; all moderators together, "
    return [*regression.results(r.result, printer), f"{text}{printer.p(omnibus)}."]


def subset_methods(table: pd.DataFrame, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on pools without each trial in turn, or of ever more trials."""
    told = about(table)
    one_out = told["verb"] == "leave_one_out"
    how = "leaving out each trial in turn" if one_out else "adding the trials one by one"
    percent = printer.percent(told["level"])
    alone = " That of a single trial is Wald's." if len(table) == 2 or not one_out else ""
    return [
        measured(record_of(told)),
        f"As a sensitivity analysis the pool was repeated {how}, {_same_model(told, cited)}. "
        f"{interval_method(told['ci'], percent, cited)}{alone}",
    ]


def _same_model(told: dict[str, Any], cited: list[str]) -> str:
    if told["tau2"] is not None:
        return "by inverse variance with random effects, the variance between trials (τ²) being given"
    if told["method"] == "CE":
        return "by inverse variance with a common effect"
    record = TAU2_METHODS[told["method"]]
    cited.append(record.reference)
    return f"by inverse variance with random effects, the variance between trials (τ²) estimated anew by {record.label}"


def subset_results(table: pd.DataFrame, printer: Printer) -> list[str]:
    """Return the paragraphs on pools without each trial in turn, or of ever more trials."""
    told = about(table)
    shown = _Shown(table, record_of(told), told["level"], printer)
    return _without_each(shown) if told["verb"] == "leave_one_out" else _one_by_one(shown)


class _Shown:
    """A table of pools on the scale that a text prints, and what it says of them."""

    def __init__(self, table: pd.DataFrame, record: Measure, level: float, printer: Printer) -> None:
        self.raw, self.record, self.level, self.printer = table, record, level, printer
        self.natural = natural(table, record)
        self.unit = printer.unit_of(record)
        self.names = [trial(str(name)) for name in table["study"]]
        self.form: Form = form_for(record, self.natural, level)

    def effect(self, row: int) -> str:
        """Return an effect with its interval."""
        values = self.natural.iloc[row].tolist()
        return self.printer.interval(values, self.form, self.level, unit=self.unit)

    @property
    def null(self) -> str:
        """The value of no effect as it is printed."""
        return f"{float(self.record.inverse(self.record.null)):g}"

    @property
    def includes(self) -> list[bool]:
        """Whether each interval includes no effect."""
        null = self.record.null
        return ((self.raw["ci_low"] <= null) & (self.raw["ci_high"] >= null)).tolist()


def _without_each(s: _Shown) -> list[str]:
    lowest, highest = int(s.raw["estimate"].argmin()), int(s.raw["estimate"].argmax())
    first = (
        f"Leaving out one trial at a time, the pooled {s.record.natural} lay between {s.effect(lowest)} without "
        f"{s.names[lowest]} and {s.effect(highest)} without {s.names[highest]}."
    )
    variances = [s.printer.significant(float(x)) for x in (s.raw["tau2"].min(), s.raw["tau2"].max())]
    spread = f"τ² lay between {variances[0]} and {variances[1]}." if variances[0] != variances[1] else ""
    if s.record.null is None:
        return [first, spread]
    who = [name for name, holds in zip(s.names, s.includes, strict=True) if holds]
    k = len(s.names)
    if len(who) in (0, k):
        every, did = "All" if k > 2 else "Both", "included" if who else "excluded"
        return [first, f"{every} confidence intervals {did} {s.null}.", spread]
    which = f"{len(who)} of {k} pools (without {listed(who, 'or')})"
    return [first, f"The confidence interval included {s.null} in {which}.", spread]


def _one_by_one(s: _Shown) -> list[str]:
    k = len(s.names)
    if k == 1:
        return [f"The {s.record.natural} of the one trial was {s.effect(0)}."]
    first = (
        f"Adding trials one by one from {s.names[0]} to {s.names[-1]}, the {s.record.natural} of the first was "
        f"{s.effect(0)}, and the pooled one of all {several(k)} {s.effect(k - 1)}."
    )
    if s.record.null is None:
        return [first]
    holds = s.includes
    if holds[-1]:
        return [first, f"With all trials the confidence interval included {s.null}."]
    start = max((i + 1 for i, inside in enumerate(holds) if inside), default=0)
    since = "At each step" if start == 0 else f"From the addition of {s.names[start]} on"
    return [first, f"{since} the confidence interval excluded {s.null}."]
