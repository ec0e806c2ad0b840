"""The R scripts of two arms compared without proportional hazards, data inline, by R's survival."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ....base.check import Floats
from ...results.rtext import data_frame, vector

CURVES = """library(survival)
{data}
dat <- counted[rep(seq_len(nrow(counted)), counted$patients), ]
arms <- {arms}  # treatment, control
times <- {times}
z <- qnorm((1 + {level!r}) / 2)
fits <- lapply(arms, function(a) survfit(Surv(time, event) ~ 1, data = dat[dat$group == a, ]))"""
RMST = """area <- function(fit, from, to) {  # under the curve
  s <- stepfun(fit$time, c(1, fit$surv)); at <- sort(unique(c(from, fit$time[fit$time > from & fit$time < to], to)))
  sum(diff(at) * s(head(at, -1)))
}
means <- sapply(fits, function(f) sapply(times, function(tau) area(f, 0, tau)))
covs <- lapply(fits, function(f) {
  i <- which(f$n.event > 0 & f$n.risk > f$n.event)
  a <- sapply(times, function(tau) sapply(f$time[i], function(u) if (u < tau) area(f, u, tau) else 0))
  a <- matrix(a, nrow = length(i))
  crossprod(a, a * (f$n.event / (f$n.risk * (f$n.risk - f$n.event)))[i])
})
means <- matrix(means, ncol = 2); v <- sapply(covs, diag); v <- matrix(v, ncol = 2)
difference <- means[, 1] - means[, 2]; se <- sqrt(rowSums(v))
ratio <- log(means[, 1] / means[, 2]); ratio_se <- sqrt(rowSums(v / means^2))
lost <- log((times - means[, 1]) / (times - means[, 2])); lost_se <- sqrt(rowSums(v / (times - means)^2))
data.frame(times, difference, se, low = difference - z * se, high = difference + z * se,
           p = 2 * pnorm(-abs(difference / se)), ratio = exp(ratio), rmtl_ratio = exp(lost))"""
MILESTONE = """at <- lapply(fits, function(f) summary(f, times = times, extend = TRUE))
s <- matrix(sapply(at, function(x) x$surv), ncol = 2); v <- matrix(sapply(at, function(x) x$std.err^2), ncol = 2)
difference <- s[, 1] - s[, 2]; se <- sqrt(rowSums(v))
ratio <- log(s[, 1] / s[, 2]); ratio_se <- sqrt(rowSums(v / s^2))
hazards <- log(log(s[, 1]) / log(s[, 2])); hazards_se <- sqrt(rowSums(v / (s * log(s))^2))
data.frame(times, difference, se, low = difference - z * se, high = difference + z * se,
           p = 2 * pnorm(-abs(difference / se)), ratio = exp(ratio), cumulative_hazard_ratio = exp(hazards))"""


def rmst(patients: pd.DataFrame, arms: Sequence[str], times: Floats, level: float) -> str:
    """Return the script of restricted means; `arms` are treatment and control."""
    return f"{_curves(patients, arms, times, level)}\n{RMST}"


def milestone(patients: pd.DataFrame, arms: Sequence[str], times: Floats, level: float) -> str:
    """Return the script of survival at given times."""
    return f"{_curves(patients, arms, times, level)}\n{MILESTONE}"


def _curves(patients: pd.DataFrame, arms: Sequence[str], times: Floats, level: float) -> str:
    return CURVES.format(data=counted(patients), arms=vector(arms), times=vector(times), level=level)


def counted(patients: pd.DataFrame) -> str:
    """Return the statement that makes a data frame of patients, those that are alike in one row with their number."""
    own = [name for name in patients.columns if name != "arm"]
    rows = patients.groupby([*own, "arm"], sort=False).size().reset_index(name="patients")
    names = {**{name: name for name in own}, "group": "arm", "patients": "patients"}
    return data_frame("counted", {name: rows[column].tolist() for name, column in names.items()})


WEIGHTED = """library(survival)
{data}
dat <- counted[rep(seq_len(nrow(counted)), counted$patients), ]
both <- survfit(Surv(time, event) ~ 1, data = dat)
some <- both$n.event > 0; at <- both$time[some]; before <- c(1, both$surv)[seq_along(both$time)][some]
d <- both$n.event[some]; n <- both$n.risk[some]
treated <- dat[dat$group == {treatment}, ]
d1 <- sapply(at, function(t) sum(treated$time == t & treated$event == 1))
n1 <- sapply(at, function(t) sum(treated$time >= t))
rho <- {rho}; gamma <- {gamma}
w <- sapply(seq_along(rho), function(i) before^rho[i] * (1 - before)^gamma[i])
w <- matrix(w, nrow = length(at))
spread <- ifelse(n > 1, d * n1 / n * (1 - n1 / n) * (n - d) / (n - 1), 0)
u <- c(crossprod(w, d1 - d * n1 / n)); v <- crossprod(w, w * spread)
z <- u / sqrt(diag(v)); correlation <- cov2cor(v)
data.frame(rho, gamma, u, v = diag(v), z, p = 2 * pnorm(-abs(z)))"""
LARGEST = """# P(largest > top), summed over which is the first beyond it: small probabilities are as exact as others
if (requireNamespace("mvtnorm", quietly = TRUE)) {
  set.seed(1); top <- max(abs(z))
  beyond <- function(j) {
    if (j == 1) return(2 * pnorm(-top))
    2 * mvtnorm::pmvnorm(c(rep(-top, j - 1), top), c(rep(top, j - 1), Inf), corr = correlation[1:j, 1:j],
                         algorithm = mvtnorm::GenzBretz(maxpts = 5e6, abseps = 0, releps = 1e-5))
  }
  c(max_combo_p = sum(sapply(seq_along(z), beyond)))
}"""


def weighted(patients: pd.DataFrame, arms: Sequence[str], powers: Floats) -> str:
    """Return the script of weighted log-rank tests."""
    script = WEIGHTED.format(data=counted(patients), treatment=vector(arms[:1]), rho=vector(powers[:, 0]),
                             gamma=vector(powers[:, 1]))  # fmt: skip
    return f"{script}\n{LARGEST}" if len(powers) > 1 else script
