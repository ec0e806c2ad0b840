"""Permutation tests, in the words of a manuscript (PRISMA 2020, items 13f and 20d)."""

from __future__ import annotations

import pandas as pd

from ....analysis.methods.tau2 import is_common
from ....analysis.pooling.regression.result import RegressionResult
from ....analysis.pooling.subgroups.result import SubgroupResult
from ....analysis.sensitivity.permutation_result import PermutationResult
from ...blocks import Block, Grid
from ...document.look import Look
from ...texts.printer import Printer, listed
from .. import Kind, kind_of
from ..terms import named

SIGNS = "Follmann and Proschan 1999, doi:10.1111/j.0006-341x.1999.00732.x"
ORDERS = "Higgins and Thompson 2004, doi:10.1002/sim.1752"


def _methods(r: PermutationResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on what was tested, and on the test."""
    whole = isinstance(r.p_value, pd.Series)  # one p-value a term, as of a regression
    paragraphs = kind_of(r.result).methods(r.result, cited, printer)
    groups = isinstance(r.result, SubgroupResult)
    cited.append(ORDERS if whole or groups else SIGNS)
    what = "orders of the moderators" if whole else "assignments of signs to the effects"
    what = "orders of the subgroups" if groups else what
    how = f"all {r.n_permutations}" if r.exact else f"{r.n_permutations} random"
    seed = "" if r.exact else f" (seed {r.provenance.settings['seed']})"
    of = "The coefficients and the moderators together were" if whole else "The pooled effect was"
    of = "The difference of the subgroups was" if groups else of
    again = not is_common(r.model.method) and r.result.provenance.settings.get("tau2") is None
    anew = "; τ² was estimated anew for each" if again else ""
    return [
        *paragraphs,
        f"{of} also tested by permutation: p is the share of {how} {what}{seed} whose test statistic is as far from 0 "
        f"as the observed one, or farther{anew}.",
    ]


def _results(r: PermutationResult, printer: Printer) -> list[str]:
    """Return the paragraphs on what was tested, and on the test."""
    how = f"all {r.n_permutations}" if r.exact else f"{r.n_permutations} random"
    paragraphs = kind_of(r.result).results(r.result, printer)
    if not isinstance(r.result, RegressionResult):
        tested = "the difference of the subgroups" if isinstance(r.result, SubgroupResult) else "the pooled effect"
        what = f"Permutation test of {tested} ({how} rearrangements): {printer.p(float(r.tidy()['p_value'][0]))}"
        return [*paragraphs, f"{what}."]
    ps = [(str(row.term), float(row.p_value)) for row in r.tidy().itertuples()]  # type: ignore[arg-type]
    terms, omnibus = ps[:-1], ps[-1][1]
    each = listed(
        f"{named(name, r.result.design)}, {printer.p(p)}" for name, p in terms if name != "intercept"
    )  # fmt: skip
    text = f"Permutation test of the coefficients ({how} rearrangements): {each}; all moderators together, "
    return [*paragraphs, f"{text}{printer.p(omnibus)}."]


def _figures(r: PermutationResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import readable, shown

    return *shown(r.result, look), Grid(readable(r.tidy()[["term", "statistic", "p_value"]]), "Permutation test")


def _named(r: PermutationResult, part: str) -> str:
    return named(part, r.result.design) if isinstance(r.result, RegressionResult) else part


KIND = Kind(verbs="sensitivity.permutation_test", heading=lambda _: "Permutation test",
            methods=_methods, results=_results, figures=_figures, named=_named,
            beside_said=lambda r: kind_of(r.result).beside_said(r.result))  # fmt: skip
