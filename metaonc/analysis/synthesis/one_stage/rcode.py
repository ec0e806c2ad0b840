"""The R scripts of one-stage models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from ...results.rtext import comment, data_frame, number

COMMON = """\
library(survival)
fit <- coxph(Surv(time, event) ~ arm + strata(study), data = dat, ties = "{ties}",
             control = coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100))
summary(fit, conf.int = {level})
estimate <- unname(coef(fit)); se <- sqrt(vcov(fit)[1, 1])"""

RANDOM = """\
library(survival)
# each trial's log partial likelihood as a function of its log hazard ratio, by coxph with an offset
grid <- seq(-4, 4, 0.04)
trials <- lapply(split(dat, dat$study), function(d) {{
  splinefun(grid, sapply(grid, function(theta) coxph(Surv(time, event) ~ offset(theta * arm), data = d,
                                                     ties = "{ties}")$loglik[1]))
}})
loglik <- function(beta, tau) {{  # integrated over the trials' effects
  sum(sapply(trials, function(f) {{
    mode <- optimize(function(x) f(x) - ((x - beta) / tau)^2 / 2, c(-4, 4), maximum = TRUE, tol = 1e-9)
    log(integrate(function(x) exp(f(x) - ((x - beta) / tau)^2 / 2 - mode$objective), max(mode$maximum - 8 * tau, -4),
                  min(mode$maximum + 8 * tau, 4), rel.tol = 1e-10)$value / tau / sqrt(2 * pi)) + mode$objective
  }}))
}}
fit <- optim(c(0, log(0.3)), function(p) -loglik(p[1], exp(p[2])), control = list(reltol = 1e-14, maxit = 2000))
estimate <- fit$par[1]; tau2 <- exp(2 * fit$par[2])
print(c(estimate = estimate, tau2 = tau2, loglik = -fit$value), digits = 8)"""
AROUND = """\
h <- 0.005  # the standard error is that at the estimated tau, by second differences
se <- h / sqrt(2 * loglik(estimate, sqrt(tau2)) - sum(sapply(estimate + c(-h, h), loglik, sqrt(tau2))))"""
LIMITS = {
    "profile": """\
fall <- function(beta) {{  # of twice the log likelihood from its maximum, with the tau that is best for this effect
  at <- optimize(function(x) loglik(beta, exp(x)), c(log(1e-3), log(4)), maximum = TRUE, tol = 1e-8)
  2 * (-fit$value - at$objective)
}}
limit <- function(steps) uniroot(function(beta) fall(beta) - qchisq({level}, 1), sort(estimate + steps * se),
                                 extendInt = "yes", tol = 1e-9)$root
ci_low <- limit(c(-3, -1)); ci_high <- limit(c(1, 3))
p_value <- pchisq(fall(0), 1, lower.tail = FALSE)""",
    "wald": """\
ci_low <- estimate - qnorm({upper}) * se; ci_high <- estimate + qnorm({upper}) * se
p_value <- 2 * pnorm(-abs(estimate / se))""",
}
PRINTED = """\
print(c(se = se, p_value = p_value), digits = 8)
print(exp(c(hr = estimate, ci_low = ci_low, ci_high = ci_high)), digits = 8)"""
NEW = """\
prediction <- estimate + c(-1, 1) * qt({upper}, length(trials) - 1) * sqrt(tau2 + se^2)
print(exp(prediction), digits = 8)  # hazard ratio in a new trial"""

LAPLACE = """\
library(coxme)
fit <- coxme(Surv(time, event) ~ arm + (0 + arm | study) + strata(study), data = dat, ties = "{ties}")
print(fit)
estimate <- unname(fixef(fit)); tau2 <- unname(unlist(VarCorr(fit)))"""


def script(
    patients: pd.DataFrame, *, method: str, ci: str, ties: str, cuts: tuple[float, ...] | None, level: float,
    arms: tuple[str, str],
) -> str:  # fmt: skip
    """Return the script: by coxph of one effect; of random ones by the likelihood written out over those of coxph.

    Parameters
    ----------
    patients
        study, time, event and arm, 1 for treatment.
    method
        ``common``, ``exact``, ``laplace`` or ``bayes``.
    ci
        Of limits of random effects: ``profile`` or ``wald``.
    ties, cuts, level
        Of the model; cuts is None of Cox's.
    arms
        Treatment and control.
    """
    late = "entry" in patients
    head = _head(patients, arms, *["entry"] * late)
    if cuts is not None:
        return "\n".join([*head, *_poisson(method, cuts, level, late)])
    return _late("\n".join([*head, *_cox(method, ci, ties, level, patients["study"].nunique())]), late)


def _late(text: str, late: bool) -> str:
    return text.replace("Surv(time, event)", "Surv(entry, time, event)") if late else text


def _cox(method: str, ci: str, ties: str, level: float, k: int) -> list[str]:
    """Return the lines of Cox's model."""
    if method == "common":
        return [COMMON.format(ties=ties, level=number(level))]
    if method == "laplace":
        return [LAPLACE.format(ties=ties)]
    body = RANDOM.format(ties=ties)
    if method == "bayes":
        return [NO_POSTERIOR, body]
    of = {"level": number(level), "upper": number((1 + level) / 2)}
    new = [NEW.format(**of)] * (k > 2)  # of fewer trials there is no range of a new one
    return [body, AROUND, LIMITS[ci].format(**of), PRINTED, *new]


NO_POSTERIOR = "# the likelihood that the posterior rests on; no package of R has the posterior"
CELLS = """\
ends <- c(0, {cuts}Inf)
cells <- do.call(rbind, lapply(seq_len(length(ends) - 1), function(j) {{
  d <- data.frame(study = dat$study, arm = dat$arm, time = pmax(pmin(dat$time, ends[j + 1]) - {start}, 0),
                  died = dat$event * (dat$time > ends[j] & dat$time <= ends[j + 1]))
  transform(aggregate(cbind(died, time) ~ arm + study, data = d, FUN = sum), interval = j)
}}))
both <- merge(subset(cells, arm == 1 & time > 0), subset(cells, arm == 0 & time > 0), by = c("study", "interval"),
              suffixes = c(".t", ".c"))
both <- subset(both, died.t + died.c > 0)"""
POISSON = """\
# the Poisson model with a baseline for each trial and interval, conditioned out: events of treatment are binomial
fit <- glm(cbind(died.t, died.c) ~ 1 + offset(log(time.t / time.c)), binomial, both,
           control = glm.control(epsilon = 1e-14, maxit = 100))
estimate <- unname(coef(fit)); se <- sqrt(vcov(fit)[1, 1])
print(c(estimate = estimate, se = se), digits = 8)"""
BINOMIAL = """\
library(lme4)
fit <- glmer(cbind(died.t, died.c) ~ 1 + (1 | study), both, binomial, offset = log(time.t / time.c), nAGQ = {nodes},
             control = glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5)))
estimate <- unname(fixef(fit)); tau2 <- unname(unlist(VarCorr(fit)))
print(c(estimate = estimate, tau2 = tau2), digits = 8)"""


def _poisson(method: str, cuts: tuple[float, ...], level: float, late: bool) -> list[str]:
    """Return the lines of hazards constant between cuts."""
    start = "pmax(dat$entry, ends[j])" if late else "ends[j]"
    lines = [CELLS.format(cuts="".join(f"{number(x)}, " for x in cuts), start=start)]
    if method == "common":
        return [*lines, POISSON, f"estimate + c(-1, 1) * qnorm({number((1 + level) / 2)}) * se"]
    return [*[NO_POSTERIOR] * (method == "bayes"), *lines, BINOMIAL.format(nodes=0 if method == "laplace" else 25)]


INTERACTION = """\
library(survival)
dat$mean <- ave(dat$by, dat$study)
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
fit <- coxph(Surv(time, event) ~ arm + I(arm * (by - mean)) + I(arm * mean) + by:factor(study) + strata(study),
             data = dat, ties = "{ties}", control = control)
print(summary(fit, conf.int = {level})$coefficients[1:3, ], digits = 8)
naive <- coxph(Surv(time, event) ~ arm * by + strata(study), data = dat, ties = "{ties}", control = control)
print(coef(naive)[["arm:by"]], digits = 8)"""

GAMMA = """\
library(survival)
# coxph looks for theta in ten steps, which may end before the maximum: the integrated likelihood is maximised here
at <- function(theta) coxph(Surv(time, event) ~ arm + frailty(study, theta = theta, sparse = FALSE), data = dat,
                            ties = "{ties}")
value <- function(theta) at(theta)$history[[1]]$c.loglik
theta <- optimize(value, c({low}, {high}), maximum = TRUE, tol = 1e-8)$maximum
fit <- at(theta)
print(c(estimate = unname(coef(fit)), se = sqrt(fit$var[1, 1]), theta = theta, loglik = value(theta)), digits = 8)"""

LOG_NORMAL = """\
library(coxme)
fit <- coxme(Surv(time, event) ~ arm + {random}, data = dat, ties = "{ties}")
print(fit)"""
EFFECTS = {"common": "(1 | study)", "random": "(1 | study) + (0 + arm | study)", "correlated": "(1 + arm | study)"}


def interaction(patients: pd.DataFrame, *, ties: str, level: float, arms: tuple[str, str]) -> str:
    """Return the script of an interaction centred within trials; see `script`."""
    return "\n".join([*_head(patients, arms, "by"), INTERACTION.format(ties=ties, level=number(level))])


def frailty(
    patients: pd.DataFrame, *, frailty: str, effect: str, ties: str, theta: float, arms: tuple[str, str]
) -> str:
    """Return the script of a shared frailty; `theta` is its variance, about which R looks for it."""
    head = _head(patients, arms)
    if frailty == "gamma":
        body = GAMMA.format(ties=ties, low=number(max(theta / 20, 1e-5)), high=number(20 * max(theta, 1e-3)))
    else:
        body = LOG_NORMAL.format(random=EFFECTS[effect], ties=ties)
    return "\n".join([*head, body])


def _head(patients: pd.DataFrame, arms: tuple[str, str], *more: str) -> list[str]:
    names = ("study", "time", "event", "arm", *more)
    data: dict[str, Iterable[Any]] = {name: patients[name].tolist() for name in names}
    return [comment(f"arm 1 is {arms[0]}, 0 is {arms[1]}"), data_frame("dat", data)]
