"""The R scripts of parametric models, data inline, by flexsurv and flexsurvcure."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ...numeric.time_to_event.cure import CURES
from ...numeric.time_to_event.distributions import DISTRIBUTIONS
from ...numeric.time_to_event.spline import LINKS
from ...results.rtext import vector
from ..two_arms.rcode import counted
from .forms import Form, Spline


def label(form: Form) -> str:
    """Return how readers know a model."""
    if isinstance(form, Spline):
        inner = len(form.knots) - 2
        knots = "no inner knot" if not inner else f"{inner} inner knot{'s' * (inner > 1)}"
        return f"Royston-Parmar ({LINKS[form.scale].label}, {knots})"
    name = DISTRIBUTIONS[form.code].label
    return f"{name} {CURES[form.cure][0]} cure" if form.cure else name


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
