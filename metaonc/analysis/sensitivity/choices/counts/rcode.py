"""The R script of a multiverse of counts: metafor's pools of the same specifications by Wald's intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .....base.digits import in_percent
from ....effects.measures import MEASURES
from ....effects.zeros import arms_of, is_time
from ....methods.tau2 import TAU2_METHODS
from ....pooling.counts.glmm_models import GLMM_MODELS
from ....results import rtext
from ....results.studies import Studies
from .models import COUNT_MODELS, LEFT_OUT, ONE_ARM, InverseVariance

LOOP = """\
sets <- list(
{sets}
)
models <- list(
{models}
)
pools <- do.call(rbind, lapply(sets, function(rows) do.call(rbind, lapply(names(models), function(model) {{
  res <- tryCatch(models[[model]](dat[rows, ]), error = function(e) message(model, ": ", conditionMessage(e)))
  if (!is.null(res)) data.frame(model = model, k = res$k, estimate = c(res$beta), ci_low = res$ci.lb,
                                ci_high = res$ci.ub, p_value = res$pval)
}}))))
print(pools, digits = 8, row.names = FALSE)"""
CONTROL = "control = list(threshold = 1e-12, tol = 1e-12, maxiter = 1000)"
LAPLACE = "of UM.RS R has Laplace's approximation only, and differs"
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
    columns = {name: studies.column(studies.roles[role]) for role, name in counts.items()}
    dat: dict[str, Any] = {"study": studies.labels, **columns}
    given = ", ".join(f"{name} = {name}" for name in counts.values())
    calls = {method: _call(method, measure, given, in_percent(level), points) for method in methods}
    lacking = [method for method, call in calls.items() if call is None]
    named = {"measures": left_out, "intervals": cis, "models": lacking}
    packages = {p for m in methods if (r := GLMM_MODELS.get((measure, m))) and (p := r.r_packages)}
    notes = [
        rtext.comment(f"{name} that are not in this script: {', '.join(some)}") for name, some in named.items() if some
    ]
    return "\n".join([
        "library(metafor)",
        *notes,
        *(rtext.comment(f"needs the packages {some}") for some in sorted(packages)),
        *([rtext.comment(LAPLACE)] if points and "UM.RS" in calls else []),
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
        return _inverse(*InverseVariance(*method.split(" ")), measure, given, level)
    if method == "beta-binomial":
        return None
    record = GLMM_MODELS[measure, "" if method == ONE_ARM else method]
    options = [f'model = "{record.code}"'] if record.code else []
    options += [] if record.r_packages or record.laplace else [f"nAGQ = {points or POINTS}"]
    options += ["control = list(glmerCtrl = list(tolPwrss = 1e-11))"] if record.laplace else []
    return f'rma.glmm(measure = "{measure}", {", ".join([shared, *options])})'


def _inverse(method: str, to: str, measure: str, given: str, level: str) -> str | None:
    r_method: Any = TAU2_METHODS[method].r_method
    if r_method is None:
        return None
    rows = f"subset = {_full(measure)}" if to == LEFT_OUT else f'to = "{to}"'
    return f'rma(measure = "{measure}", {given}, data = d, level = {level}, method = "{r_method}", {rows}, {CONTROL})'


def _full(measure: str) -> str:
    """Return the R condition that no cell of a trial is empty."""
    counts = MEASURES[measure].r_counts
    arms = [(counts[x], counts[n], is_time(n)) for x, n in arms_of(MEASURES[measure].roles)]
    return " & ".join(f"{x} > 0" if rate else f"{x} > 0 & {x} < {n}" for x, n, rate in arms)
