"""What the control arm has in the variance of an effect between two arms: the covariance of effects that share it.

Gleser and Olkin 2009 (not read; checked on data of their table 19.1, tests/reference/correlated.R). Of hazard ratios it
is the variance of the control arm's log hazard (Woods, Hawkins and Scott 2010, doi:10.1186/1471-2288-10-54, eq. 7,
read as others quote it), here as the variance of the log-rank statistic has it, 1/V = 1/events + 1/events.
Arrays in, arrays out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Numbers = Mapping[str, Any]


def log_risk(c: Numbers) -> Any:
    """Return 1/b - 1/n, of log risk ratios."""
    return 1 / c["events_c"] - 1 / c["n_c"]


def log_odds(c: Numbers) -> Any:
    """Return 1/b + 1/(n - b), of log odds ratios."""
    return 1 / c["events_c"] + 1 / (c["n_c"] - c["events_c"])


def risk(c: Numbers) -> Any:
    """Return p(1 - p)/n, of risk differences."""
    p = c["events_c"] / c["n_c"]
    return p * (1 - p) / c["n_c"]


def arcsine(c: Numbers) -> Any:
    """Return 1/(4n), of arcsine differences."""
    return 1 / (4 * c["n_c"])


def log_rate(c: Numbers) -> Any:
    """Return 1/b, of log ratios of rates and of hazards."""
    return 1 / c["events_c"]


def rate(c: Numbers) -> Any:
    """Return b/t², of differences of rates."""
    return c["events_c"] / c["time_c"] ** 2


def square_root_rate(c: Numbers) -> Any:
    """Return 1/(4t), of differences of square roots of rates."""
    return 1 / (4 * c["time_c"])


def mean(c: Numbers) -> Any:
    """Return sd²/n, of mean differences."""
    return c["sd_c"] ** 2 / c["n_c"]
