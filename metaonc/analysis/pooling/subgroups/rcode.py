"""The R script of subgroups: the script of each, that of the whole, and the tests between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...results import rcode
from ...results.pooled import PooledResult
from ..inverse_variance.result import MetaResult

if TYPE_CHECKING:
    from .result import SubgroupResult

# what the scripts of single pools call estimate and standard error; of all others `res$beta` and `res$se`
FOUND = {"KR": "c(res$TE.random, res$seTE.random)", "HC": "c(hc(res)$beta, hc(res)$se)"}
CHI_SQUARE = """\
# test between subgroups
w <- 1 / found[, 2]^2
q <- sum(w * (found[, 1] - sum(w * found[, 1]) / sum(w))^2)
df <- nrow(found) - 1
print(c(q = q, df = df, p = pchisq(q, df, lower.tail = FALSE)), digits = 8)"""


def script(result: SubgroupResult) -> str:
    """Return the script; without a test where the result has none."""
    tested = len(result.groups) > 1 and bool(np.isfinite(result.q_between))
    parts = ["found <- NULL"] if tested else []
    for level, r in result.groups.items():
        keep = f"\nfound <- rbind(found, {_found(r)})" if tested else ""
        parts.append(f"# {result.by}: {level}\n{r.r_code()}{keep}")
    parts.append(f"# all\n{result.overall.r_code()}")
    if tested:
        parts.append(CHI_SQUARE)
    if np.isfinite(result.f_between):
        parts.append(_f_test(result))
    return "\n\n".join(parts)


def _found(r: PooledResult) -> str:
    """Return the R expression of a pool's estimate and standard error."""
    if r.ci == "exact":  # R's test has an interval, no standard error
        return f"{rcode.vector([r.estimate, r.se])}"
    if r.method == "beta-binomial":
        return "c(est, se)"
    return FOUND.get(r.ci, "c(res$beta, res$se)")


def _f_test(result: SubgroupResult) -> str:
    r = result.overall
    assert isinstance(r, MetaResult)
    levels = rcode.vector(r.studies.data[result.by].astype(str))
    return "\n".join([
        "# F test in the model with one mean a subgroup and a common tau²",
        f"dat$subgroup <- {levels}",
        f"res <- {rcode.rma(r.method, r.ci, r.level, ', mods = ~ subgroup')}",
        "print(c(F = res$QM, df1 = res$QMdf[1], df2 = res$QMdf[2], p = res$QMp), digits = 8)",
    ])  # fmt: skip
