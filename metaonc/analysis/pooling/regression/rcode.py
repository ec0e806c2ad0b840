"""The R script of a meta-regression, with the design matrix as data so that codings cannot differ."""

from __future__ import annotations

import pandas as pd

from ...results.rcode import definitions, interval, lacks, rma
from ...results.rtext import comment, data_frame, number, vector
from ...results.studies import Studies
from ..moderators.design import Design
from ..moderators.rcode import legend, mods

# the F test of the moderators by the covariance that an interval of its own has
F_TEST = """\
b <- own$beta[res$btt]
f <- sum(b * solve(own$vb[res$btt, res$btt], b)) / res$m
print(c(F = f, df1 = res$m, df2 = res$k - res$p, p = pf(f, res$m, res$k - res$p, lower.tail = FALSE)), digits = 8)"""


def coefficients(ci: str, table: pd.DataFrame) -> str:
    """Return the R expression of coefficients and standard errors, once the script has run; or the numbers."""
    answer = interval(ci)[1]
    if lacks("", ci):
        return f"cbind({vector(table['estimate'])}, {vector(table['se'])})"
    return f"cbind(c({answer}$beta), {answer}$se)"


def script(
    studies: Studies, design: Design, formula: str, *, method: str, ci: str, level: float, tau2: float
) -> str:  # fmt: skip
    """Return the script.

    Parameters
    ----------
    studies, design, formula
        Effects and variances, the design matrix, and what it was made of.
    method, ci, level
        Of the regression.
    tau2
        Its residual tau², for a method that R does not have.
    """
    lines, answer = interval(ci)
    own = [f"# {ci}: the limits and the test of moderators below, not those of the fit above", *lines,
           "print(cbind(estimate = c(own$beta), se = own$se, ci_low = own$ci.lb, ci_high = own$ci.ub), digits = 8)",
           F_TEST]  # fmt: skip
    return "\n".join([
        "library(metafor)",
        comment(formula),
        *definitions(ci),
        *lacks(method, ci),
        *legend(design),
        data_frame("dat", {"study": studies.labels, "yi": studies.yi, "vi": studies.vi,
                           **{f"x{i}": column for i, column in enumerate(design.x.T)}}),
        f"res <- {rma(method, ci, level, number(tau2), extra=mods(design))}",
        "print(res, digits = 6)",
        *(own if answer != "res" else []),
    ])  # fmt: skip
