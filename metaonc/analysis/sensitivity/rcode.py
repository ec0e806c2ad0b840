"""The R scripts of pools of subsets of the trials, and of permutation tests."""

from __future__ import annotations

from collections.abc import Iterable

from ..methods.intervals import CI_METHODS
from ..methods.tau2 import TAU2_METHODS
from ..results.rcode import definitions, interval, lacks, rma
from ..results.rtext import comment, data_frame, number, vector

ROWS = {"leave_one_out": "-i", "cumulative": "seq_len(i)"}  # of `dat`, in the i-th pool
LOOP = """\
pools <- lapply(seq_len(nrow(dat)), function(i) {{
  part <- dat[{rows}, ]
  res <- {fit}
  own <- {own}
  data.frame(study = dat$study[i], estimate = c(own$beta), se = own$se, ci_low = own$ci.lb, ci_high = own$ci.ub,
             tau2 = res$tau2, q = res$QE, i2 = res$I2)
}})
pools <- do.call(rbind, pools)
print(pools, digits = 8, row.names = FALSE)"""


def subsets(
    verb: str,
    labels: Iterable[str],
    yi: Iterable[float],
    vi: Iterable[float],
    *,
    method: str,
    ci: str,
    level: float,
    tau2: Iterable[float],
    given: float | None = None,
) -> str:
    """Return the script of ``leave_one_out`` or ``cumulative``: metafor's fit of each subset.

    Parameters
    ----------
    verb
        Which of the two.
    labels, yi, vi
        The trials, their effects and variances.
    method, ci, level
        Of the pool.
    tau2
        Of each pool, for a method that R does not have.
    given
        The variance between trials where it is known from elsewhere.
    """
    estimator = TAU2_METHODS[method]
    known = given is not None or estimator.r_method is None
    each = "tau2[i]" if given is None else number(given)
    test = f'if (nrow(part) > 1) "{CI_METHODS[ci].r_test or "z"}" else "z"'  # metafor has no t of one trial
    fit = rma(method, ci, level, each, given=given is not None, data="part", test=test)
    lines, _ = interval(ci)
    own = f"if (nrow(part) > 1) {lines[0].removeprefix('own <- ')} else res" if lines else "res"
    return "\n".join([
        "library(metafor)",
        data_frame("dat", {"study": labels, "yi": yi, "vi": vi}),
        *definitions(ci),
        *lacks(method, ci),
        *([f"tau2 <- {vector(tau2)}  # of each pool"] if known and given is None else []),
        LOOP.format(rows=ROWS[verb], fit=fit, own=own),
    ])  # fmt: skip


def permutation(script: str, method: str, ci: str, exact: bool, n: int) -> str:
    """Return the script of a result with metafor's permutation test, or with the reason why R has none.

    Parameters
    ----------
    script
        Of the result that is tested.
    method, ci
        Of that result.
    exact, n
        Whether all rearrangements are gone through, and how many; R draws others at random.
    """
    if CI_METHODS[ci].r_test is None or TAU2_METHODS[method].r_method is None:
        return f"{script}\n{comment(f'no permutation test in metafor with {method} and {ci}')}"
    return f"{script}\npermutest(res, {'exact = TRUE' if exact else f'iter = {n}'}, progbar = FALSE)"
