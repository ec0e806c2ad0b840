"""The R scripts of fragility: the same search in R."""

from __future__ import annotations

import pandas as pd

from ...results.rcode import lacks, rma
from ...results.rtext import data_frame, number

POOL = """\
pooled <- function(a, b) {{
  part <- escalc("{measure}", ai = a, n1i = dat$n_t, ci = b, n2i = dat$n_c, slab = dat$study)
  res <- {fit}
  c(estimate = c(res$beta), ci_low = res$ci.lb, ci_high = res$ci.ub)
}}
significant <- function(x) x[["ci_low"]] > {null} || x[["ci_high"]] < {null}
walk <- function(a, b, side) {{
  was <- significant(pooled(a, b))
  limit <- if ((side == 1) != was) "ci_low" else "ci_high"
  for (size in seq_len(sum(dat$n_t, dat$n_c))) {{
    best <- list(limit = -Inf)
    for (i in seq_along(a)) for (arm in 1:2) for (step in c(1, -1)) {{
      new <- list(a, b)
      new[[arm]][i] <- new[[arm]][i] + step
      if (new[[arm]][i] < 0 || new[[arm]][i] > list(dat$n_t, dat$n_c)[[arm]][i]) next
      found <- pooled(new[[1]], new[[2]])
      if (side * found[[limit]] > best$limit) best <- list(limit = side * found[[limit]], new = new, found = found)
    }}
    a <- best$new[[1]]
    b <- best$new[[2]]
    if (significant(best$found) != was) return(list(index = size, events_t = a, events_c = b, pool = best$found))
  }}
}}
whole <- pooled(dat$events_t, dat$events_c)
print(whole, digits = 8)
sides <- if (!significant(whole)) c(1, -1) else if (whole[["ci_low"]] > {null}) -1 else 1
paths <- lapply(sides, function(side) walk(dat$events_t, dat$events_c, side))
found <- paths[[which.min(sapply(paths, function(path) path$index))]]
print(found)"""
TRIALS = """\
alpha <- {alpha}
p <- function(a, n, b, m) {p}
fragility <- function(a, n, b, m) {{
  was <- p(a, n, b, m) < alpha
  for (size in seq_len(n + m)) for (d in -size:size) for (e in unique(c(size - abs(d), abs(d) - size))) {{
    if (a + d < 0 || a + d > n || b + e < 0 || b + e > m) next
    if ((p(a + d, n, b + e, m) < alpha) != was) return(size)
  }}
  NA
}}
dat$p_value <- mapply(p, dat$events_t, dat$n_t, dat$events_c, dat$n_c)
dat$index <- mapply(fragility, dat$events_t, dat$n_t, dat$events_c, dat$n_c)
print(dat, digits = 8)"""
COUNTS = ("study", "events_t", "n_t", "events_c", "n_c")


def pool(
    counts: pd.DataFrame, measure: str, *, method: str, ci: str, level: float, tau2: float, given: bool, null: float
) -> str:
    """Return the script of the greedy path of a pool.

    Parameters
    ----------
    counts
        study, events and patients of both arms.
    measure, method, ci, level
        Of the pool.
    tau2, given
        Its variance between trials, and whether that was known from elsewhere.
    null
        The value of no effect.
    """
    fit = rma(method, ci, level, number(tau2), given=given, data="part").replace("slab = study, ", "")
    search = POOL.format(measure=measure, fit=fit, null=number(null))
    return "\n".join(["library(metafor)", _data(counts), *lacks(method, ci), search])


def trials(counts: pd.DataFrame, p: str, level: float) -> str:
    """Return the script of the search in single trials; `p` is R's expression of the p-value."""
    alpha = f"1 - {number(level)}"
    return "\n".join([*(["library(metafor)"] if "escalc" in p else []), _data(counts), TRIALS.format(alpha=alpha, p=p)])


def _data(counts: pd.DataFrame) -> str:
    return data_frame("dat", {name: list(counts[name]) for name in COUNTS})
