"""The R script of a multiverse of counts: metafor's pools of the same specifications by Wald's intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .....base.digits import in_percent
from ....effects.measures import MEASURES
from ....methods.tau2 import TAU2_METHODS
from ....results import rtext
from ....results.studies import Studies
from .models import COUNT_MODELS, ONE_ARM

LOOP = """\
sets <- list(
{sets}
)
models <- list(
{models}
)
pools <- do.call(rbind, lapply(sets, function(rows) do.call(rbind, lapply(names(models), function(model) {{
  res <- tryCatch(models[[model]](dat[rows, ]), error = function(e) NULL)  # NULL: R has no such pool
  if (!is.null(res)) data.frame(model = model, k = length(rows), estimate = c(res$beta), ci_low = res$ci.lb,
                                ci_high = res$ci.ub, p_value = res$pval)
}}))))
print(pools, digits = 8, row.names = FALSE)"""
CONTROL = "control = list(threshold = 1e-12, tol = 1e-12, maxiter = 1000)"
POINTS = 21  # of the quadrature


def script(
    studies: Studies, sets: Sequence[Sequence[int]], *, measure: str, methods: Sequence[str], level: float,
    points: int | None, left_out: Sequence[str], cis: Sequence[str],
) -> str:  # fmt: skip
    """Return the script of all specifications by one measure, set by set.

    Parameters
    ----------
    studies, sets
        The trials with their counts, and the numbers of those in each set, from 1.
    measure, methods
        Codes; what metafor lacks is named in a comment.
    level, points
        Of the intervals; quadrature points of mixed models, None for the usual.
    left_out, cis
        Measures and intervals that the script does not have.
    """
    counts = MEASURES[measure].r_counts
    dat = {"study": studies.labels, **{r: studies.column(studies.roles[role]) for role, r in counts.items()}}
    given = ", ".join(f"{name} = {name}" for name in counts.values())
    calls = {method: _call(method, measure, given, in_percent(level), points) for method in methods}
    lacking = [method for method, call in calls.items() if call is None]
    named = {"measures": left_out, "intervals": cis, "models": lacking}
    notes = [rtext.comment(f"{name} that are not in this script: {', '.join(some)}") for name, some in named.items() if some]
    return "\n".join([
        "library(metafor)",
        *notes,
        rtext.data_frame("dat", dat),
        LOOP.format(
            sets=",\n".join(f"  {rtext.vector(list(map(int, rows)))}" for rows in sets),
            models=",\n".join(f'  "{method}" = function(d) {call}' for method, call in calls.items() if call),
        ),
    ])  # fmt: skip


def _call(method: str, measure: str, given: str, level: str, points: int | None) -> str | None:
    """Return the call of metafor that pools by a model; None where it has none."""
    shared = f"{given}, data = d, level = {level}"
    if method == "MH":
        return f'rma.mh(measure = "{measure}", {shared})'
    if method == "PETO":
        return f"rma.peto({shared})"
    if method not in COUNT_MODELS:
        return _inverse(*method.split(" "), measure, given, level)
    if method == "beta-binomial":
        return None
    options = [] if method == ONE_ARM else [f'model = "{method}"']
    options += [] if method in ("CM.EL", "UM.RS") else [f"nAGQ = {points or POINTS}"]
    options += ["control = list(glmerCtrl = list(tolPwrss = 1e-11))"] if method == "UM.RS" else []
    return f'rma.glmm(measure = "{measure}", {", ".join([shared, *options])})'


def _inverse(method: str, to: str, measure: str, given: str, level: str) -> str | None:
    r_method: Any = TAU2_METHODS[method].r_method
    if r_method is None:
        return None
    return f'rma(measure = "{measure}", {given}, data = d, level = {level}, method = "{r_method}", to = "{to}", {CONTROL})'
