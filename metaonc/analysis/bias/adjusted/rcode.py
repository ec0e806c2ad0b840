"""The R scripts of effects adjusted for small-study effects."""

from __future__ import annotations

from typing import Any

from ...methods.intervals import CI_METHODS
from ...methods.tau2 import TAU2_METHODS
from ...pooling.inverse_variance.rcode import data_of, script
from ...results.rcode import rma
from ...results.rtext import comment, data_frame, number, string

PET_PEESE = """\
fit <- lm(yi ~ {x}, data = dat, weights = 1 / vi)  # {method}
print(summary(fit)$coefficients, digits = 8)
print(confint(fit, level = {level}), digits = 8)"""
LIMIT = """\
tau <- sqrt(res$tau2)
dat$s <- sqrt(dat$vi + res$tau2)
fit <- lm(yi ~ s, data = dat, weights = 1 / s^2)
b <- coef(fit)
estimate <- b[[1]] + tau * b[[2]]
se <- sqrt(c(c(1, tau) %*% summary(fit)$cov.unscaled %*% c(1, tau)))
limits <- b[[1]] + tau * (dat$yi - b[[1]]) / dat$s
q <- res$QE
q_residual <- sum(residuals(lm(yi ~ sqrt(vi), data = dat, weights = 1 / vi))^2 / dat$vi)
g2 <- 100 * (1 - cor(limits / sqrt(dat$vi), 1 / sqrt(dat$vi))^2)
print(c(estimate = estimate, se = se, q = q, q_small = q - q_residual, q_residual = q_residual, g2 = g2), digits = 8)"""

BIAS_ADJUSTED = """\
theta <- {theta}
tau2 <- {tau2}
for (i in 1:500) {{  # effects without the mean bias, variances with its uncertainty
  adjusted <- data.frame(study = dat$study, yi = (dat$yi - dat$a) / dat$m,
                         vi = (dat$vi + dat$b^2 + dat$s^2 * (theta^2 + tau2)) / dat$m^2)
  res <- {fit}
  settled <- abs(c(res$beta) - theta) + abs(res$tau2 - tau2) < 1e-14
  theta <- c(res$beta)
  tau2 <- res$tau2
  if (settled) break
}}
print(res, digits = 6)"""


FILLED = "dat <- data.frame(study = filled$slab, yi = c(filled$yi), vi = c(filled$vi))"


def trim_fill(r: Any) -> str:
    """Return the script of a ``TrimFillResult``: the pool, and metafor's trim and fill of it."""
    pool = r.result
    lines = [str(pool.r_code())]
    if TAU2_METHODS[pool.method].r_method is None:
        return "\n".join([*lines, comment(f"trim and fill estimates tau² anew: not in metafor with {pool.method}")])
    call = f"trimfill(res, side = {string(r.side)}, estimator = {string(r.estimator)})"
    if pool.ci != "wald":
        lines.append(comment(f"the interval of trimfill is Wald's, not {pool.ci}: that of all trials is below"))
    again = script(FILLED, **r.adjusted.r_ingredients).removeprefix("library(metafor)\n")
    return "\n".join([*lines, f"filled <- {call}", "print(filled, digits = 6)", again])


def pet_peese(r: Any) -> str:
    """Return the script of a ``PetPeeseResult``."""
    x = "sqrt(vi)" if r.method == "PET" else "vi"
    fit = PET_PEESE.format(x=x, method=r.method, level=number(r.level))
    return "\n".join([data_of(r.result.studies), fit])


def limit(r: Any) -> str:
    """Return the script of a ``LimitResult``."""
    pool = r.result
    given = pool.provenance.settings["tau2"] is not None or pool.method not in TAU2_METHODS
    fit = rma(pool.method if pool.method in TAU2_METHODS else "ML", "wald", r.level, number(r.tau2), given=given)
    return "\n".join(["library(metafor)", data_of(pool.studies), f"res <- {fit}", LIMIT])


def bias_adjusted(r: Any) -> str:
    """Return the script of a ``BiasAdjustedResult``: the adjustment, and metafor's fit of the adjusted effects."""
    pool, t = r.result, r.trials
    known = pool.method in TAU2_METHODS and TAU2_METHODS[pool.method].r_method is not None
    given = pool.provenance.settings["tau2"] is not None or not known
    columns = {"study": t["study"], "yi": t["yi"], "vi": t["vi"], "a": t["additive"], "b": t["additive_sd"],
               "m": t["proportional"], "s": t["proportional_sd"]}  # fmt: skip
    fit = rma(pool.method, pool.ci, pool.level, number(r.adjusted.tau2), given=given, data="adjusted")
    remark = [comment(f"the interval of rma is Wald's, not {pool.ci}")] if CI_METHODS[pool.ci].r_test is None else []
    return "\n".join(["library(metafor)", data_frame("dat", columns), *remark, BIAS_ADJUSTED.format(
        theta=number(pool.estimate), tau2=number(pool.tau2), fit=fit)])  # fmt: skip
