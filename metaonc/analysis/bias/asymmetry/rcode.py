"""The R scripts of tests of asymmetry: a line by lm or by metafor's rma, and R's rank correlation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...effects.measures import MEASURES
from ...pooling.inverse_variance.result import MetaResult
from ...results.rcode import definitions, interval, lacks, rma
from ...results.rtext import comment, data_frame, number
from ...results.studies import Studies

NAMES = {role: name for measure in ("OR", "SMD") for role, name in MEASURES[measure].r_counts.items()} | {
    "n_t": "n1i", "n_c": "n2i",
}  # fmt: skip
LEAST_SQUARES = """\
fit <- lm(yi ~ x, data = dat, weights = 1 / vi)
print(summary(fit)$coefficients, digits = 8)
statistic <- summary(fit)$coefficients["x", "t value"]
p <- summary(fit)$coefficients["x", "Pr(>|t|)"]
limit <- coef(fit)[["(Intercept)"]]"""
MIXED = """\
print(cbind(c({answer}$beta), {answer}$se, {answer}$ci.lb, {answer}$ci.ub), digits = 8)
statistic <- c({answer}$beta)[2] / {answer}$se[2]
p <- {p}
limit <- c({answer}$beta)[1]"""
OWN_P = "2 * pt(-abs(statistic), own$ddf[2])"
BEGG = """\
w <- 1 / dat$vi
z <- (dat$yi - weighted.mean(dat$yi, w)) / sqrt(dat$vi - 1 / sum(w))
precision <- dat$vi"""
SCHWARZER = """\
n <- with(dat, n1i + n2i); m <- with(dat, ai + ci)
psi <- with(dat, sum(ai * (n2i - ci) / n) / sum(ci * (n1i - ai) / n))  # Mantel and Haenszel's odds ratio
moments <- sapply(seq_len(nrow(dat)), function(i) with(dat[i, ], {
  x <- max(0, m[i] - n2i):min(m[i], n1i)
  p <- dhyper(x, n1i, n2i, m[i], log = TRUE) + x * log(psi)
  p <- exp(p - max(p)) / sum(exp(p - max(p)))
  c(sum(p * x), sum(p * x^2) - sum(p * x)^2)
}))
z <- (dat$ai - moments[1, ]) / sqrt(moments[2, ])
precision <- 1 / moments[2, ]"""


def regression(r: Any) -> str:
    """Return the script of a ``RegressionTestResult``."""
    pool, record = r.result, r.record
    given = r.provenance.settings["tau2"] is not None
    columns = _counts(pool.studies, record.r_counts)
    if r.on.sized and not record.r_effects:
        columns["ni"] = record.size(pool.studies, r.provenance.settings["n"], record.label)
    lines = ["library(metafor)", _data(pool.studies, columns)]
    if record.r_effects:
        lines.append(f"dat <- within(dat, {{ {record.r_effects} }})")
    lines.append(f"dat$x <- with(dat, {r.on.r})")
    if r.model == "ols":
        return "\n".join([*lines, LEAST_SQUARES])
    fit = rma(r.method, r.ci, r.level, number(r.tau2), given=given, extra=", mods = ~ x")
    own, answer = interval(r.ci)
    p = "res$pval[2]" if answer == "res" else OWN_P
    return "\n".join([*lines, *definitions(r.ci), *lacks(r.method, r.ci), f"res <- {fit}", *own,
                      MIXED.format(answer=answer, p=p)])  # fmt: skip


def rank(pool: MetaResult, test: str, exact: bool) -> str:
    """Return the script of a rank test."""
    begg = test == "begg"
    columns = {} if begg else _counts(pool.studies, ("events_t", "n_t", "events_c", "n_c"))
    how = "exact = TRUE" if exact else "exact = FALSE"
    lines = [_data(pool.studies, columns), BEGG if begg else SCHWARZER]
    if begg:
        lines.insert(0, comment("ranktest of metafor does the same"))
    return "\n".join([*lines, f'test <- cor.test(z, precision, method = "kendall", {how})', "print(test)"])


def _counts(studies: Studies, roles: Iterable[str]) -> dict[str, Any]:
    return {NAMES[role]: studies.counts(role) for role in roles}


def _data(studies: Studies, columns: dict[str, Any]) -> str:
    return data_frame("dat", {"study": studies.labels, "yi": studies.yi, "vi": studies.vi, **columns})
