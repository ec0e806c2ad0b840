"""The R scripts of the test of excess significance and of fail-safe N."""

from __future__ import annotations

from typing import Any

from ...pooling.inverse_variance.rcode import data_of
from ...results.rtext import comment, number, string

R_ALTERNATIVES = {"two-sided": "two.sided", "less": "less", "greater": "greater"}
R_TESTS = {"exact": "exact", "chi2": "chi2", "binomial": "binom"}
GENERAL = """\
w <- 1 / (dat$vi + {tau2})
added <- 1 / (1 / mean(1 / dat$vi) + {tau2})  # weight of a trial of harmonic mean variance
n <- max(0, ceiling(((sum(w * {y}) / qnorm({alpha} / 2))^2 - sum(w)) / added))
print(n)"""


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
        lines = GENERAL.format(tau2=number(r.result.tau2), alpha=number(r.alpha), y="dat$yi")
        return "\n".join([data, comment("metafor holds no tau² here: by the formula"), lines])
    aim = f"target = {number(r.target)}" if r.method == "Orwin" else f"alpha = {number(r.alpha)}"
    return "\n".join(["library(metafor)", data, f"found <- fsn(yi, vi, data = dat, type = {string(r.method)}, {aim})",
                      "n <- found$fsnum", "print(found)"])  # fmt: skip
