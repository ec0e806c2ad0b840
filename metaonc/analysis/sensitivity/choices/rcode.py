"""The R script of a multiverse: metafor's fits of the same specifications."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ....base.digits import in_percent
from ...methods.intervals import CI_METHODS
from ...methods.tau2 import TAU2_METHODS
from ...results.rtext import comment, data_frame, number, vector
from .defensible import pairs

LOOP = """\
sets <- list(
{sets}
)
pools <- do.call(rbind, lapply(sets, function(rows) do.call(rbind, lapply(seq_along(methods), function(i) {{
  res <- rma(yi, vi, data = dat[rows, ], method = methods[i], test = tests[i], level = {level}{given},
             control = list(threshold = 1e-12, tol = 1e-12, maxiter = 1000))
  data.frame(method = methods[i], test = tests[i], k = res$k, estimate = c(res$beta), ci_low = res$ci.lb,
             ci_high = res$ci.ub, p_value = res$pval, tau2 = res$tau2)
}}))))
print(pools, digits = 8, row.names = FALSE)"""


def script(
    labels: Iterable[str], yi: Iterable[float], vi: Iterable[float], sets: Iterable[Sequence[int]], *,
    methods: Sequence[str], cis: Sequence[str], level: float, tau2: float | None, left_out: Sequence[str],
) -> str:  # fmt: skip
    """Return the script of all specifications by one measure, set by set.

    Parameters
    ----------
    labels, yi, vi
        The rows there are to choose from.
    sets
        Numbers of the rows of each set, from 1.
    methods, cis
        Codes of estimators and intervals; those that metafor lacks are named in a comment.
    level, tau2
        Of the intervals; variance between trials where it is known from elsewhere.
    left_out
        Measures that the script does not have.
    """
    both = [(TAU2_METHODS[methods[i]].r_method, CI_METHODS[cis[j]].r_test) for i, j in pairs(methods, cis)]
    there: list[Any] = [pair for pair in both if None not in pair]
    lacking = [ci for ci in cis if CI_METHODS[ci].r_test is None]
    lacking += [method for method in methods if TAU2_METHODS[method].r_method is None]
    return "\n".join([
        "library(metafor)",
        *([comment(f"measures that are not in this script: {', '.join(left_out)}")] if left_out else []),
        *([comment(f"not in metafor by this name: {', '.join(lacking)}")] if lacking else []),
        data_frame("dat", {"study": labels, "yi": yi, "vi": vi}),
        f"methods <- {vector([method for method, _ in there])}",
        f"tests <- {vector([test for _, test in there])}",
        LOOP.format(
            sets=",\n".join(f"  {vector(list(map(int, rows)))}" for rows in sets), level=in_percent(level),
            given="" if tau2 is None else f", tau2 = {number(tau2)}",
        ),
    ])  # fmt: skip
