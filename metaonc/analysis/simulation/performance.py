"""How an analysis performs: sums over blocks of simulations, and the measures that they make.

Measures and their Monte Carlo standard errors are those of Morris, White and Crowther 2019, doi:10.1002/sim.8086
(table 6). The coverage of prediction intervals is the probability, by the true distribution of effects, that a new
effect lies inside, averaged: it has a smaller Monte Carlo error than one drawn effect each.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..numeric.wls import Floats
from .analyses.analysis import Outcomes
from .scenarios.heterogeneity import HETEROGENEITY
from .scenarios.scenario import Scenario

Sums = dict[str, float]


def sums(o: Outcomes, truth: float, scenario: Scenario, level: float) -> Sums:
    """Return the sums of a block, of which those of several blocks are sums again."""
    there = np.isfinite(o.estimate)
    error = (o.estimate - truth)[there]
    se, low, high, p = (np.asarray(x)[there] for x in (o.se, o.low, o.high, o.p))
    has_se, has_ci = np.isfinite(se), ~(np.isnan(low) | np.isnan(high))
    squared, width = se[has_se] ** 2, (high - low)[has_ci]
    out = {
        "n": float(len(there)), "done": float(there.sum()),
        **_powers("error", error), **_powers("square", error**2), **_powers("variance", squared),
        "intervals": float(has_ci.sum()), "below": float((high[has_ci] < truth).sum()),
        "above": float((low[has_ci] > truth).sum()), **_powers("width", _logs(width)),
        "tests": float(np.isfinite(p).sum()), "rejected": float((p < 1 - level).sum()),
    }  # fmt: skip
    predicted = ~(np.isnan(o.prediction_low) | np.isnan(o.prediction_high))
    ends = o.prediction_low[predicted], o.prediction_high[predicted]
    return out | _powers("inside", probability_inside(*ends, scenario)) | _powers("reach", _logs(ends[1] - ends[0]))


def _logs(width: Floats) -> Floats:
    """Return the logarithms of widths: their mean is not carried away by single intervals without end."""
    return np.log(width[(width > 0) & np.isfinite(width)])


def _powers(name: str, x: Floats) -> Sums:
    return {f"{name}_n": float(len(x)), f"{name}_1": float(x.sum()), f"{name}_2": float((x * x).sum())}


def probability_inside(low: Floats, high: Floats, scenario: Scenario) -> Floats:
    """Return the probability that the effect of a new trial lies between limits."""
    if scenario.tau == 0:
        return ((low <= scenario.mean) & (scenario.mean <= high)).astype(float)
    cdf = HETEROGENEITY[scenario.distribution].cdf
    return np.asarray(cdf((high - scenario.mean) / scenario.tau) - cdf((low - scenario.mean) / scenario.tau))


def added(parts: Iterable[Sums]) -> Sums:
    """Return the sums of all blocks, in their order: the same digits whoever made them."""
    total: Sums = {}
    for part in parts:
        total = {name: total.get(name, 0.0) + value for name, value in part.items()}
    return total


def measures(s: Sums, has_null: bool) -> Sums:
    """Return the measures of performance, each with its Monte Carlo standard error as ``_mcse``; NaN where none."""
    bias, empirical = _mean_sd(s, "error")
    n = s["done"]
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(np.float64(2 * (n - 1))) if n > 1 else np.nan
        mse, mse_sd = _mean_sd(s, "square")
        variance, variance_sd = _mean_sd(s, "variance")
        model = np.sqrt(variance)
        model_mcse = variance_sd / np.sqrt(s["variance_n"]) / (2 * model) if s["variance_n"] else np.nan
        error = 100 * (model / empirical - 1)
        error_mcse = 100 * model / empirical * np.hypot(model_mcse / model, 1 / root)
    inside, inside_sd = _mean_sd(s, "inside")
    tests = s["tests"] if has_null else 0.0
    outside = s["below"] + s["above"]
    return {
        "n": s["n"], "failed": (s["n"] - n) / s["n"],
        "bias": bias, "bias_mcse": _over_root(empirical, n),
        "empirical_se": empirical, "empirical_se_mcse": empirical / root,
        "mse": mse, "mse_mcse": _over_root(mse_sd, n),
        "model_se": float(model), "model_se_mcse": float(model_mcse),
        "se_error": float(error), "se_error_mcse": float(error_mcse),
        **_share("coverage", s["intervals"] - outside, s["intervals"]),
        "below": _ratio(s["below"], s["intervals"]), "above": _ratio(s["above"], s["intervals"]),
        **_geometric("width", s, "width"),
        **_share("rejection", s["rejected"], tests),
        "prediction_coverage": inside, "prediction_coverage_mcse": _over_root(inside_sd, s["inside_n"]),
        **_geometric("prediction_width", s, "reach"),
    }  # fmt: skip


def _mean_sd(s: Sums, name: str) -> tuple[float, float]:
    n, first, second = (s[f"{name}_{end}"] for end in ("n", "1", "2"))
    if not n:
        return np.nan, np.nan
    mean = first / n
    return mean, float(np.sqrt(max(second - n * mean * mean, 0.0) / (n - 1))) if n > 1 else np.nan


def _geometric(name: str, s: Sums, logs: str) -> Sums:
    mean, sd = _mean_sd(s, logs)
    return {name: float(np.exp(mean)), f"{name}_mcse": float(np.exp(mean)) * _over_root(sd, s[f"{logs}_n"])}


def _over_root(sd: float, n: float) -> float:
    return float(sd / np.sqrt(n)) if n else np.nan


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else np.nan


def _share(name: str, part: float, whole: float) -> Sums:
    share = _ratio(part, whole)
    return {name: share, f"{name}_mcse": float(np.sqrt(share * (1 - share) / whole)) if whole else np.nan}
