"""The R scripts of survival results, data inline, by which a second programmer checks them with R's survival."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..results.rtext import comment, data_frame, vector

# coxph goes on until the likelihood changes by nothing, not to R's 1e-9 of it
CONVERGED = "coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)"


def _patients(groups: Sequence[str], rows: Mapping[str, Iterable[Any]]) -> str:
    """Return the lines that make ``dat``, one row a patient, of rows with a count of patients like them."""
    return "\n".join(
        [
            data_frame("counted", dict(rows)),
            "dat <- counted[rep(seq_len(nrow(counted)), counted$patients), ]",
            f"dat$group <- factor(dat$group, levels = {vector(groups)})",
        ]
    )


def _log_rank(rows: Mapping[str, Iterable[Any]], df: int, data: str = "dat") -> list[str]:
    """Return the lines of the log-rank test of all groups, of which the last is its value."""
    if "entry" not in rows:
        return [f"test <- survdiff(Surv(time, event) ~ group, data = {data})", "test"]
    return [
        "# survdiff takes no delayed entry; the score test with exact ties is the log-rank test",
        f'test <- coxph({_outcome(rows)} ~ group, data = {data}, ties = "exact")$score',
        f"c(chisq = test, p = pchisq(test, {df}, lower.tail = FALSE))",
    ]


def _outcome(rows: Mapping[str, Iterable[Any]]) -> str:
    return "Surv(entry, time, event)" if "entry" in rows else "Surv(time, event)"


def kaplan_meier(
    groups: Sequence[str],
    rows: Mapping[str, Iterable[Any]],
    *,
    ci: str,
    level: float,
    rmst: float | None,
    q: Sequence[float] = (),
    tested: bool = False,
) -> str:
    """Return the script of Kaplan-Meier curves, with their restricted means up to `rmst` where it is given.

    Parameters
    ----------
    groups
        Labels in order.
    rows
        Columns time, event (1 or 0), group and patients, how many are alike, and entry where it is delayed.
    ci, level
        Type and coverage of the intervals.
    rmst
        A time, or None.
    q
        Shares of patients whose quantiles are asked for.
    tested
        Whether groups are compared by the log-rank test.
    """
    by = "group" if len(groups) > 1 else "1"
    lines = [
        "library(survival)",
        _patients(groups, rows),
        f'fit <- survfit({_outcome(rows)} ~ {by}, data = dat, conf.type = "{ci}", conf.int = {level!r})',
        "summary(fit)",
        "fit  # medians, with the limits where the bands cross one half",
    ]
    if tested:
        lines += _log_rank(rows, len(groups) - 1)
    if q:
        lines.append(f"quantile(fit, {vector(q)})")
    if rmst is not None:
        lines += [
            f"means <- summary(fit, rmean = {vector([rmst])})$table",
            "means <- if (is.matrix(means)) means else t(means)",
            'rmst <- means[, "rmean"]; se <- means[, "se(rmean)"]',
            f"half <- qnorm((1 + {level!r}) / 2) * se",
            "cbind(rmst, se, low = rmst - half, high = rmst + half)",
        ]
    return "\n".join(lines)


def log_rank(groups: Sequence[str], rows: Mapping[str, Iterable[Any]]) -> str:
    """Return the script of the log-rank test of groups; `rows` as of `kaplan_meier`."""
    return "\n".join(["library(survival)", _patients(groups, rows), *_log_rank(rows, len(groups) - 1)])


def cox(arms: Sequence[str], rows: Mapping[str, Iterable[Any]], *, ties: str, level: float) -> str:
    """Return the script of a hazard ratio by Cox's model, with the log-rank test; `arms` are control, treatment."""
    return "\n".join(
        [
            "library(survival)",
            _patients(arms, rows),
            f'fit <- coxph({_outcome(rows)} ~ group, data = dat, ties = "{ties}", control = {CONVERGED})',
            f"summary(fit, conf.int = {level!r})",
            *_log_rank(rows, 1),
        ]
    )


def pairwise(
    groups: Sequence[str], rows: Mapping[str, Iterable[Any]], *, reference: str, ties: str, level: float,
    without: Sequence[str] = (),
) -> str:  # fmt: skip
    """Return the script of the hazard ratios of groups to one of them; `rows` as of `kaplan_meier`.

    Groups `without` a ratio are named: coxph gives a number where its likelihood rises for ever.
    """
    *tested, test = _log_rank(rows, 1, "two")
    return "\n".join(
        [
            "library(survival)",
            _patients(groups, rows),
            f"reference <- {vector([reference])}",
            *(
                comment(f"the ratio of {group} is 0, infinite or of no events: what coxph gives of it is no estimate")
                for group in without
            ),
            "fits <- list(); tests <- list()",
            "for (other in setdiff(levels(dat$group), reference)) {",
            "  two <- dat[dat$group %in% c(reference, other), ]",
            "  two$group <- factor(two$group, levels = c(reference, other))",
            f'  fit <- coxph({_outcome(rows)} ~ group, data = two, ties = "{ties}", control = {CONVERGED})',
            f"  fits[[other]] <- summary(fit, conf.int = {level!r})",
            *(f"  {line}" for line in tested),
            f"  tests[[other]] <- {test}",
            "}",
            "fits",
            "tests",
        ]
    )


def cox_bounded(arms: Sequence[str], rows: Mapping[str, Iterable[Any]], *, sign: float, ties: str, level: float) -> str:
    """Return the script of the one limit of a hazard ratio that is 0 or infinite; `sign` is that of its logarithm."""
    ends = "c(-30, 30)"
    return "\n".join(
        [
            "library(survival)",
            _patients(arms, rows),
            "# the log likelihood at a given log hazard ratio, and how far it is below its bound",
            f'at <- function(b) coxph({_outcome(rows)} ~ group, data = dat, ties = "{ties}", init = b,',
            "                        control = coxph.control(iter.max = 0))$loglik[1]",
            f"fall <- function(b) at({40 * sign:g}) - at(b)",
            f"limit <- uniroot(function(b) 2 * fall(b) - qchisq({level!r}, 1), {ends}, tol = 1e-10)$root",
            "c(limit = exp(limit), p = pchisq(2 * fall(0), 1, lower.tail = FALSE))",
            *_log_rank(rows, 1),
        ]
    )


def ph_test(arms: Sequence[str], data: str, transform: str) -> str:
    """Return the script of a test of proportional hazards; `arms` are control, treatment, `data` makes ``counted``."""
    return "\n".join(
        [
            "library(survival)",
            data,
            "dat <- counted[rep(seq_len(nrow(counted)), counted$patients), ]",
            f"dat$group <- factor(dat$group, levels = {vector(arms)})",
            f"fit <- coxph(Surv(time, event) ~ group, data = dat, control = {CONVERGED})",
            f'test <- cox.zph(fit, transform = "{transform}")',
            "test",
        ]
    )


def cox_model(covariates: Sequence[str], rows: Mapping[str, Iterable[Any]], *, ties: str, level: float) -> str:
    """Return the script of Cox's model with covariates; `rows` also has time, event and perhaps stratum."""
    names = {name: f"x{i + 1}" for i, name in enumerate(covariates)}
    data = data_frame("dat", {names.get(name, name): values for name, values in rows.items()})
    follow_up = "Surv(entry, time, event)" if "entry" in rows else "Surv(time, event)"
    right = " + ".join([*names.values(), *(["strata(stratum)"] if "stratum" in rows else [])])
    return "\n".join(
        [
            "library(survival)",
            *(comment(f"{short}: {name}") for name, short in names.items()),
            data,
            f'fit <- coxph({follow_up} ~ {right}, data = dat, ties = "{ties}", control = {CONVERGED})',
            f"summary(fit, conf.int = {level!r})",
        ]
    )


def fitted(term: str, method: str, estimate: float, se: float, level: float) -> str:
    """Return the script of a coefficient that was fitted elsewhere: its interval and test."""
    return "\n".join(
        [
            comment(f"{term}: {method}"),
            "# the fit holds no covariates, from which R could make the coefficient anew; with its patients it is",
            "# summary(coxph(Surv(time, event) ~ ..., data = ...))",
            f"estimate <- {estimate!r}; se <- {se!r}",
            f"ci <- estimate + c(-1, 1) * qnorm((1 + {level!r}) / 2) * se",
            "p <- 2 * pnorm(-abs(estimate / se))",
            "exp(c(hazard_ratio = estimate, low = ci[1], high = ci[2])); p",
        ]
    )


CURVES = """# no package of R has this method: its arithmetic, with the events and patients at risk of each interval
{data}
used <- pmin(dat$n_risk_t, dat$n_risk_c) > {none}
dat <- dat[used, ]
"""
RATIO = """d1 <- pmax(dat$events_t, {none}); d0 <- pmax(dat$events_c, {none})
y <- log(d1 / dat$n_risk_t) - log(d0 / dat$n_risk_c)
v <- 1 / d1 - 1 / dat$n_risk_t + 1 / d0 - 1 / dat$n_risk_c
estimate <- sum(y / v) / sum(1 / v); se <- sqrt(1 / sum(1 / v))"""
LOG_RANK = """events <- dat$events_t + dat$events_c; share <- dat$n_risk_t / (dat$n_risk_t + dat$n_risk_c)
v <- events * share * (1 - share)
estimate <- sum(dat$events_t - events * share) / sum(v); se <- sqrt(1 / sum(v))"""
WALD = """ci <- estimate + c(-1, 1) * qnorm((1 + {level!r}) / 2) * se
p <- 2 * pnorm(-abs(estimate / se))
exp(c(hazard_ratio = estimate, low = ci[1], high = ci[2])); p"""


def curves(intervals: Mapping[str, Iterable[float]], *, pooling: str, none: float, level: float) -> str:
    """Return the script of a hazard ratio from curves.

    Parameters
    ----------
    intervals
        Columns events_t, n_risk_t, events_c and n_risk_c.
    pooling
        "ratio" or "log-rank".
    none
        What stands for no events, and at or below which nobody is at risk.
    level
        Coverage of the interval.
    """
    head = CURVES.format(data=data_frame("dat", dict(intervals)), none=none)
    body = {"ratio": RATIO.format(none=none), "log-rank": LOG_RANK}[pooling]
    return f"{head}{body}\n{WALD.format(level=level)}"


RUBIN = """# Rubin's rules, as pool.scalar of R's package mice has them
{data}
k <- nrow(dat); estimate <- mean(dat$estimate); within <- mean(dat$variance); between <- var(dat$estimate)
r <- (1 + 1 / k) * between / within; se <- sqrt(within * (1 + r)); nu <- {df}
df <- 1 / ((if (r > 0) 1 / ((k - 1) * (1 + 1 / r)^2) else 0) +
           (if (is.finite(nu)) (nu + 3) * (1 + r) / ((nu + 1) * nu) else 0))
missing <- (r + 2 / (df + 3)) / (1 + r)
ci <- estimate + c(-1, 1) * qt((1 + {level!r}) / 2, df) * se
p <- 2 * pt(-abs(estimate / se), df)
c(estimate = estimate, se = se, low = ci[1], high = ci[2], df = df, missing = missing, p = p)"""


def rubin(estimates: Sequence[float], variances: Sequence[float], *, df: float, level: float) -> str:
    """Return the script of estimates of k data sets, combined; `df` are those of complete data."""
    data = data_frame("dat", {"estimate": estimates, "variance": variances})
    return RUBIN.format(data=data, df="Inf" if np.isinf(df) else repr(df), level=level)
