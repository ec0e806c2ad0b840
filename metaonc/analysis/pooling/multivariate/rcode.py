"""The R script of a pool of several outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ....base.digits import in_percent
from ...numeric.mixed_model import R_CONTROL
from ...numeric.wls import Floats
from ...results.rtext import data_frame, vector

GIVEN = """\
# V holds {what}
res <- rma.mv(yi, V, mods = ~ 0 + outcome, data = dat, slab = study, level = {level})
res$tau2 <- {tau2}"""
LIMITS = """\
half <- qnorm(1 - res$level / 2) * sqrt(res$se^2 + res$tau2)
limits <- data.frame(estimate = c(res$beta), ci_low = res$ci.lb, ci_high = res$ci.ub,
                     prediction_low = c(res$beta) - half, prediction_high = c(res$beta) + half)
print(limits, digits = 8)"""


def script(
    labels: Sequence[str],
    outcomes: Sequence[str],
    yi: Floats,
    within: Floats,
    *,
    method: str,
    structure: str,
    level: float,
    between: Floats,
) -> str:
    """Return the script.

    Parameters
    ----------
    labels, outcomes
        Names of k trials and p outcomes.
    yi, within
        Effects (k, p), NaN where not reported, and their sampling covariances (k, p, p).
    method, structure, level
        Of the pool; the structure is ``unstructured`` or ``diagonal``.
    between
        Covariance between trials, which is given to R where the method is none of likelihood.
    """
    there = np.isfinite(yi)
    row, column = np.nonzero(there)
    data: dict[str, Iterable[Any]] = {
        "study": [labels[i] for i in row.tolist()], "id": [str(i + 1) for i in row],
        "outcome": [outcomes[j] for j in column.tolist()], "yi": yi[there],
    }  # fmt: skip
    estimated = method in ("REML", "ML")
    whole = within if estimated else within + between
    blocks = [f"  matrix({vector(s[np.ix_(t, t)].ravel())}, {t.sum()})" for s, t in zip(whole, there, strict=True)]
    return "\n".join([
        "library(metafor)",
        data_frame("dat", data),
        f"dat$outcome <- factor(dat$outcome, levels = {vector(outcomes)})",
        "V <- bldiag(list(\n" + ",\n".join(blocks) + "\n))",
        *(_estimated(method, structure, level) if estimated else _given(method, level, between)),
        "print(res, digits = 8)",
        LIMITS,
    ])  # fmt: skip


def _estimated(method: str, structure: str, level: float) -> list[str]:
    return [
        "res <- rma.mv(yi, V, mods = ~ 0 + outcome, random = ~ outcome | id, data = dat, slab = study,",
        f'              struct = "{"UN" if structure == "unstructured" else "DIAG"}", method = "{method}", '
        f"level = {in_percent(level)},",
        f"              control = {R_CONTROL})",
    ]


def _given(method: str, level: float, between: Floats) -> list[str]:
    moments = "sampling covariances and the covariance between trials by the method of moments, which metafor lacks"
    what = moments if method == "MM" else "sampling covariances; effects are common to all trials"
    return [GIVEN.format(what=what, level=in_percent(level), tau2=vector(between.diagonal()))]
