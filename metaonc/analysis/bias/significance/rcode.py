"""The R scripts of the test of excess significance and of fail-safe N."""

from __future__ import annotations

from typing import Any

from ...pooling.inverse_variance.rcode import data_of
from ...results.rtext import comment, number, string

R_ALTERNATIVES = {"two-sided": "two.sided", "less": "less", "greater": "greater"}
R_TESTS = {"exact": "exact", "chi2": "chi2", "binomial": "binom"}
GENERAL = """\
k <- nrow(dat)
tau2 <- {tau2}
mean <- weighted.mean(dat$yi, 1 / (dat$vi + tau2))
each <- 1 / mean(1 / dat$vi)  # variance of a trial that is added
pooled <- function(n) {{  # with n trials about no effect: the pooled effect and its p-value
  spread <- {spread}
  w <- 1 / (dat$vi + spread)
  whole <- sum(w) + n / (each + spread)
  c(sum(w * dat$yi) / whole, 2 * pnorm(-abs(sum(w * dat$yi)) / sqrt(whole)))
}}
n <- 0
while ({short}) n <- n + 1
print(n)"""
SPREAD = "if (n > 0) ((k + n - 2) * tau2 + k * n / (k + n) * mean^2) / (k + n - 1) else tau2"


def excess(r: Any) -> str:
    """Return the script of an ``ExcessResult``."""
    null = "" if r.result.record.null == 0 else f", H0 = {number(r.result.record.null)}"
    at = f"theta = {number(r.theta)}, tau2 = {number(r.tau2)}, alpha = {number(r.alpha)}{null}"
    how = f'alternative = "{R_ALTERNATIVES[r.alternative]}", test = "{R_TESTS[r.test]}"'
    call = f"test <- tes(yi, vi, data = dat, {at},\n            {how}, progbar = FALSE)"
    return "\n".join(["library(metafor)", data_of(r.result.studies), call, "print(test, digits = 6)"])


def fail_safe(r: Any) -> str:
    """Return the script of a ``FailSafeResult``."""
    data = data_of(r.result.studies)
    if r.method == "General":
        known = r.result.is_common or r.result.provenance.settings["tau2"] is not None
        by_p = r.alpha == r.alpha
        short = f"pooled(n)[2] < {number(r.alpha)}" if by_p else f"abs(pooled(n)[1]) > {number(abs(r.target))}"
        lines = GENERAL.format(tau2=number(r.result.tau2), spread="tau2" if known else SPREAD, short=short)
        return "\n".join([data, comment("as metafor from version 4 (fsn, type General), written out"), lines])
    aim = f"target = {number(r.target)}" if r.method == "Orwin" else f"alpha = {number(r.alpha)}"
    return "\n".join(["library(metafor)", data, f"found <- fsn(yi, vi, data = dat, type = {string(r.method)}, {aim})",
                      "n <- found$fsnum", "print(found)"])  # fmt: skip
