"""The R scripts of pools of counts: metafor's mixed models, R's exact tests, and the beta-binomial likelihood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....base.digits import in_percent
from ...effects.measures import MEASURES
from ...methods.intervals import CI_METHODS
from ...results import rcode, rtext
from ...results.studies import Studies
from .glmm_intervals import GLMM_INTERVALS
from .glmm_models import GLMM_MODELS, GlmmModel

BETA_BINOMIAL = """ll <- function(t) {
  m <- plogis(t[1]); s <- 1 / plogis(t[2]) - 1; a <- m * s; b <- (1 - m) * s
  sum(lchoose(dat$ni, dat$xi) + lbeta(dat$xi + a, dat$ni - dat$xi + b) - lbeta(a, b))
}
"""
MAXIMUM = """start <- c(qlogis(sum(dat$xi) / sum(dat$ni)), qlogis(0.1))
res <- optim(start, ll, method = "BFGS", hessian = TRUE, control = list(fnscale = -1, reltol = 1e-15))
est <- res$par[1]; se <- sqrt(solve(-res$hessian)[1, 1]); rho <- plogis(res$par[2]); loglik <- res$value"""
BINOMIAL = """res <- glm(cbind(xi, ni - xi) ~ 1, family = binomial, data = dat, control = list(epsilon = 1e-14))
est <- coef(res)[[1]]; se <- sqrt(vcov(res)[1, 1]); rho <- 0; loglik <- c(logLik(res))"""
PROFILE = """pl <- function(m) optimize(function(r) ll(c(m, r)), c(-12, 8), maximum = TRUE, tol = 1e-10)$objective
fall <- function(m) pl(m) - loglik + qchisq(level, 1) / 2
ci <- c(uniroot(fall, c(est - 6 * se, est), tol = 1e-10)$root, uniroot(fall, c(est, est + 6 * se), tol = 1e-10)$root)"""
TABLES = """tables <- function(d, e) {
  x <- max(0, d$ai + d$ci - d$n2i):min(d$n1i, d$ai + d$ci)
  l <- dhyper(x, d$n1i, d$n2i, d$ai + d$ci, log = TRUE) + outer(x, e)
  top <- apply(l, 2, max)
  l[x == d$ai, ] - top - log(colSums(exp(l - rep(top, each = length(x)))))
}"""
PROFILE_OF_MEAN = """z <- seq(-9, 9, length.out = 3001)
one <- function(i, mu, tau) {{
  l <- probability(dat[i, ], mu + tau * z) + dnorm(z, log = TRUE)
  max(l) + log(sum(exp(l - max(l))) * (z[2] - z[1]))
}}
ll <- function(mu, tau) sum(sapply(seq_len(nrow(dat)), one, mu, tau))
pl <- function(mu) max(ll(mu, 0), optimize(function(tau) ll(mu, tau), c(0, 8), maximum = TRUE, tol = 1e-9)$objective)
est <- c(res$beta)
top <- optimize(pl, est + c(-0.1, 0.1) * res$se, maximum = TRUE, tol = 1e-6)$objective
fall <- function(mu) 2 * (top - pl(mu)) - qchisq({level}, 1)
res$ci.lb <- uniroot(fall, est - c(4, 0) * res$se, extendInt = "downX", tol = 1e-9)$root
res$ci.ub <- uniroot(fall, est + c(0, 4) * res$se, extendInt = "upX", tol = 1e-9)$root"""
CONDITIONAL = """x <- with(dat, max(0, ai + ci - n2i):min(n1i, ai + ci))
moments <- function(b) {
  p <- with(dat, dhyper(x, n1i, n2i, ai + ci, log = TRUE)) + b * x
  p <- exp(p - max(p)); p <- p / sum(p); mean <- sum(p * x)
  c(mean, sum(p * (x - mean)^2))
}
beta <- uniroot(function(b) moments(b)[1] - dat$ai, c(-50, 50), tol = 1e-13)$root
se <- 1 / sqrt(moments(beta)[2]); half <- qnorm((1 + level) / 2) * se
res <- list(beta = beta, se = se, ci.lb = beta - half, ci.ub = beta + half)"""


def data_of(studies: Studies, measure: str) -> str:
    """Return the R statement that makes ``dat`` of counts, by metafor's names."""
    columns = {name: studies.column(studies.roles[role]) for role, name in MEASURES[measure].r_counts.items()}
    return rtext.data_frame("dat", {"study": studies.labels, **columns})


def exact(data: str, measure: str, level: float) -> str:
    """Return the script of R's exact test of the summed counts."""
    names: Mapping[str, Any] = MEASURES[measure].r_counts
    test = "binom" if MEASURES[measure].is_proportion else "poisson"
    summed = ", ".join(f"sum(dat${name})" for name in names.values())
    return f"{data}\n{test}.test({summed}, conf.level = {level:.10g})"


def glmm(data: str, measure: str, model: str, *, ci: str, prediction: str | None, level: float, points: int) -> str:
    """Return the script of a mixed model of counts.

    Parameters
    ----------
    data
        R statements that make ``dat``.
    measure, model
        Codes of a record in ``GLMM_MODELS``.
    ci, prediction, level
        Of the pool; `prediction` None without a prediction interval.
    points
        Quadrature points a dimension.
    """
    record = GLMM_MODELS[measure, model]
    profiled = GLMM_INTERVALS[ci].of_likelihood
    options = [f'test = "{"z" if profiled else CI_METHODS[ci].r_test}"', f"level = {in_percent(level)}"]
    options += [f'model = "{model}"'] if model else []
    options += [] if record.r_packages or points == 1 else [f"nAGQ = {points}"]
    # by default glmer's inner iterations stop so early that its standard errors can be far off
    options += ["control = list(glmerCtrl = list(tolPwrss = 1e-11))"] if record.laplace else []
    given = ", ".join(f"{n} = {n}" for n in MEASURES[measure].r_counts.values())
    return "\n".join([
        "library(metafor)",
        *([f"# needs the packages {record.r_packages}"] if record.r_packages else []),
        *(["# R has Laplace's approximation only, and differs"] if record.laplace and points > 1 else []),
        data,
        f'res <- rma.glmm(measure = "{measure}", {given}, data = dat, slab = study,',
        f"                {', '.join(options)})",
        "print(res, digits = 6)",
        *([_profiled(record, level)] if profiled else []),
        *rcode.limits("res", prediction, MEASURES[measure].r_inverse),
    ])  # fmt: skip


def _profiled(record: GlmmModel, level: float) -> str:
    """Return the lines that give ``res`` the limits of the profile likelihood, by R's own functions."""
    own = [TABLES] if record.r_probability.startswith("tables") else []
    return "\n".join([
        "# metafor has no profile likelihood of this model: integrals by the trapezoidal rule",
        *own,
        f"probability <- function(d, e) {record.r_probability}",
        PROFILE_OF_MEAN.format(level=rtext.number(level)),
    ])  # fmt: skip


def one_trial(data: str, measure: str, model: str, level: float) -> str:
    """Return the script of the ratio of one trial of two arms: the maximum of the model's likelihood."""
    like = GLMM_MODELS[measure, model].r_one_trial
    names, columns = (MEASURES[m].r_counts.values() for m in (like or measure, measure))
    given = ", ".join(f"{name} = {column}" for name, column in zip(names, columns, strict=True))
    fit = f'res <- rma(measure = "{like}", {given}, data = dat,\n           method = "CE", level = {100 * level:g})'
    return "\n".join([
        "library(metafor)",
        "# rma.glmm takes two trials or more; of one, the maximum of the model's likelihood",
        data,
        fit if like else f"level <- {rtext.number(level)}\n{CONDITIONAL}",
        "print(res, digits = 6)",
        *rcode.limits("res", None, MEASURES[measure].r_inverse),
    ])  # fmt: skip


def beta_binomial(data: str, *, ci: str, level: float, rho: float) -> str:
    """Return a script that maximises the beta-binomial likelihood with R's own functions."""
    maximum = BINOMIAL if rho == 0 else MAXIMUM  # where beta functions have no value
    interval = PROFILE if ci == "profile" else "ci <- est + c(-1, 1) * qnorm((1 + level) / 2) * se"
    shown = "print(c(rate = plogis(est), low = plogis(ci[1]), high = plogis(ci[2]), rho = rho, loglik = loglik))"
    return "\n".join([data, f"level <- {level:.10g}", BETA_BINOMIAL + maximum, interval, shown])
