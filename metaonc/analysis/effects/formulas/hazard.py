"""The log hazard ratio and its variance from what reports print. Arrays in, arrays out.

O - E and V are the log-rank test's observed minus expected events of the treatment arm and their variance; every route
gives them back as O - E = y/v and V = 1/v.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import special

from . import reported

Numbers = Mapping[str, Any]
Effect = tuple[Any, Any]


def z_of(p: Any, sides: int) -> Any:
    """Return the size of the normal statistic that has this p-value."""
    return np.abs(special.ndtri(np.asarray(p, float) / sides))


def interval(c: Numbers) -> Effect:
    """Return log HR and the variance from its confidence interval."""
    return reported.log_from_interval({**c, "estimate": c["hr"]})


def standard_error(c: Numbers) -> Effect:
    """Return log HR and the square of its standard error."""
    return np.log(c["hr"]), c["se"] ** 2


def p_value(c: Numbers) -> Effect:
    """Return log HR and (log HR / z)²."""
    y = np.log(c["hr"])
    return y, (y / z_of(c["p"], c["p_sides"])) ** 2


def information(c: Numbers) -> Effect:
    """Return log HR and 1/V."""
    return np.log(c["hr"]), 1 / c["v"]


def logrank(c: Numbers) -> Effect:
    """Return Peto's one-step (O - E)/V and 1/V."""
    return c["o_minus_e"] / c["v"], 1 / c["v"]


def observed_expected(c: Numbers) -> Effect:
    """Return log((O1/E1)/(O0/E0)) and 1/E1 + 1/E0."""
    ratio = c["observed_t"] / c["expected_t"] / (c["observed_c"] / c["expected_c"])
    return np.log(ratio), 1 / c["expected_t"] + 1 / c["expected_c"]


def v_from_arms(c: Numbers) -> Any:
    """Return V = e1 e0/(e1 + e0), from the events of each arm."""
    return c["events_t"] * c["events_c"] / (c["events_t"] + c["events_c"])


def v_from_allocation(c: Numbers) -> Any:
    """Return V = E n1 n0/(n1 + n0)², from all events and the patients of each arm."""
    return c["events"] * c["n_t"] * c["n_c"] / (c["n_t"] + c["n_c"]) ** 2


def v_from_events(c: Numbers) -> Any:
    """Return V = E/4, from all events of two arms of one size."""
    return c["events"] / 4


def ratio_and_events_by_arm(c: Numbers) -> Effect:
    """Return log HR and 1/V, V from the events of each arm."""
    return np.log(c["hr"]), 1 / v_from_arms(c)


def ratio_and_events(c: Numbers) -> Effect:
    """Return log HR and 1/V, V from all events of two arms of one size."""
    return np.log(c["hr"]), 1 / v_from_events(c)


def ratio_events_and_allocation(c: Numbers) -> Effect:
    """Return log HR and 1/V, V from all events and the patients of each arm."""
    return np.log(c["hr"]), 1 / v_from_allocation(c)


def _from_p_and_v(c: Numbers, v: Any) -> Effect:
    return c["sign"] * z_of(c["p"], c["p_sides"]) / np.sqrt(v), 1 / v


def p_and_events_by_arm(c: Numbers) -> Effect:
    """Return sign z/sqrt(V) and 1/V, V from the events of each arm."""
    return _from_p_and_v(c, v_from_arms(c))


def p_and_events(c: Numbers) -> Effect:
    """Return sign z/sqrt(V) and 1/V, V = E/4 from all events of two arms of one size."""
    return _from_p_and_v(c, v_from_events(c))


def p_events_and_allocation(c: Numbers) -> Effect:
    """Return sign z/sqrt(V) and 1/V, V from all events and the patients of each arm."""
    return _from_p_and_v(c, v_from_allocation(c))


def medians(c: Numbers) -> Effect:
    """Return log(M0/M1) and 1/e1 + 1/e0: the ratio of two constant hazards."""
    return np.log(c["median_c"] / c["median_t"]), 1 / c["events_t"] + 1 / c["events_c"]


def median_intervals(c: Numbers) -> Effect:
    """Return log(M0/M1) and the sum of the variances of both logs, from their intervals."""
    ratio, v = ratio_of_medians(c)
    return -ratio, v


def ratio_of_medians(c: Numbers) -> Effect:
    """Return log(M1/M0) and the sum of the variances of both logs, from their intervals."""
    (treatment, v_t), (control, v_c) = (
        reported.log_from_interval(
            {
                "estimate": c["median" + arm],
                "ci_low": c["ci_low" + arm],
                "ci_high": c["ci_high" + arm],
                "level": c["level"],
            }
        )
        for arm in ("_t", "_c")
    )
    return treatment - control, v_t + v_c


def landmark(c: Numbers) -> Effect:
    r"""Return log(log S1 / log S0) at one time, and the sum of (SE / (S log S))² over both arms."""
    cumulative = {arm: np.log(c["surv" + arm]) for arm in ("_t", "_c")}
    parts = [(c["se_surv" + arm] / (c["surv" + arm] * cumulative[arm])) ** 2 for arm in ("_t", "_c")]
    return np.log(cumulative["_t"] / cumulative["_c"]), parts[0] + parts[1]
