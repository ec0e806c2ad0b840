"""The R scripts of parametric models, data inline, by flexsurv and flexsurvcure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from ...numeric.time_to_event.cure import CURES
from ...numeric.time_to_event.distributions import DISTRIBUTIONS
from ...numeric.time_to_event.spline import LINKS
from ...results.rtext import string, vector
from ..two_arms.rcode import counted
from .forms import Form, Spline


def label(form: Form) -> str:
    """Return how readers know a model."""
    if isinstance(form, Spline):
        return spline_label(form.scale, len(form.knots) - 2)
    name = DISTRIBUTIONS[form.code].label
    return f"{name} {CURES[form.cure][0]} cure" if form.cure else name


def spline_label(scale: str, inner: int) -> str:
    """Return how readers know a spline with so many inner knots."""
    knots = "no inner knot" if not inner else f"{inner} inner knot{'s' * (inner > 1)}"
    return f"Royston-Parmar ({LINKS[scale].label}, {knots})"


def comparison(patients: pd.DataFrame, arms: Sequence[str], kinds: Iterable[Sequence[Any]]) -> str:
    """Return the script that fits models and compares them; `arms` are control and treatment.

    `kinds` are label, distribution or ``spline``, number of inner knots, and scale.
    """
    calls = [f"  {string(name)} = {_one_of_several(*kind)}" for name, *kind in kinds]
    return "\n".join([
        "library(flexsurv)",
        counted(patients),
        "dat <- counted[rep(seq_len(nrow(counted)), counted$patients), ]",
        f"dat$arm <- as.numeric(dat$group == {vector(arms[1:])})",
        "fits <- function(dat) list(",
        ",\n".join(calls),
        ")",
        "by_trial <- lapply(split(dat, dat$study), fits)",
        'loglik <- Reduce("+", lapply(by_trial, function(f) sapply(f, function(x) x$loglik)))',
        'aic <- Reduce("+", lapply(by_trial, function(f) sapply(f, AIC)))',
        "data.frame(loglik, AIC = aic)[order(aic), ]",
    ])  # fmt: skip


def _one_of_several(distribution: str, inner: int, scale: str) -> str:
    if distribution == "spline":  # knots at quantiles of the log times of events, as here
        return f'flexsurvspline(Surv(time, event) ~ arm, data = dat, scale = "{scale}", k = {inner})'
    return f'flexsurvreg(Surv(time, event) ~ arm, data = dat, dist = "{distribution}")'


def script(patients: pd.DataFrame, arms: Sequence[str], form: Form) -> str:
    """Return the script; `arms` are control and treatment."""
    return "\n".join([
        "library(flexsurv)" if not getattr(form, "cure", "") else "library(flexsurvcure)",
        counted(patients),
        "dat <- counted[rep(seq_len(nrow(counted)), counted$patients), ]",
        f"dat$arm <- as.numeric(dat$group == {vector(arms[1:])})",
        f"fit <- {_call(form)}",
        "fit",
        "c(loglik = fit$loglik, AIC = AIC(fit))",
    ])  # fmt: skip


def _call(form: Form) -> str:
    if isinstance(form, Spline):
        inner, outer = form.knots[1:-1], [form.knots[0], form.knots[-1]]
        change = " + gamma1(arm)" if form.changing else ""
        knots = f"knots = {vector(inner)}" if inner else "k = 0"
        return (
            f'flexsurvspline(Surv(time, event) ~ arm{change}, data = dat, scale = "{form.scale}", {knots}, '
            f"bknots = {vector(outer)})"
        )
    if form.cure:
        mixture = "TRUE" if form.cure == "mixture" else "FALSE"
        return f'flexsurvcure(Surv(time, event) ~ arm, data = dat, dist = "{form.code}", mixture = {mixture})'
    anc = f", anc = list({form.other} = ~ arm)" if form.changing else ""
    return f'flexsurvreg(Surv(time, event) ~ arm, data = dat, dist = "{form.code}"{anc})'
