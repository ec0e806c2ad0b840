"""The R script of a pool of several outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ....base.digits import in_percent
from ...numeric.mixed_model import R_CONTROL
from ...numeric.wls import Floats
from ...results.rtext import data_frame, vector

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
    """
    there = np.isfinite(yi)
    row, column = np.nonzero(there)
    data: dict[str, Iterable[Any]] = {
        "study": [labels[i] for i in row.tolist()], "id": [str(i + 1) for i in row],
        "outcome": [outcomes[j] for j in column.tolist()], "yi": yi[there],
    }  # fmt: skip
    blocks = [f"  matrix({vector(s[np.ix_(t, t)].ravel())}, {t.sum()})" for s, t in zip(within, there, strict=True)]
    return "\n".join([
        "library(metafor)",
        data_frame("dat", data),
        f"dat$outcome <- factor(dat$outcome, levels = {vector(outcomes)})",
        "V <- bldiag(list(\n" + ",\n".join(blocks) + "\n))",
        "res <- rma.mv(yi, V, mods = ~ 0 + outcome, random = ~ outcome | id, data = dat, slab = study,",
        f'              struct = "{"UN" if structure == "unstructured" else "DIAG"}", method = "{method}", '
        f"level = {in_percent(level)},",
        f"              control = {R_CONTROL})",
        "print(res, digits = 8)",
        LIMITS,
    ])  # fmt: skip
