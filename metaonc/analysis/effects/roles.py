"""What the columns of a table of reports can hold: the column keywords of ``effect_sizes``."""

from __future__ import annotations

from typing import TypedDict


class Roles(TypedDict, total=False):
    """Keyword -> the column that holds it; ``_t`` is treatment, ``_c`` control."""

    events: str | None
    n: str | None
    time: str | None
    events_t: str | None
    n_t: str | None
    time_t: str | None
    events_c: str | None
    n_c: str | None
    time_c: str | None
    mean_t: str | None
    sd_t: str | None
    mean_c: str | None
    sd_c: str | None
    hr: str | None
    median: str | None
    ci_low: str | None
    ci_high: str | None
    se: str | None
    p: str | None
    sign: str | None
    o_minus_e: str | None
    v: str | None
    observed_t: str | None
    expected_t: str | None
    observed_c: str | None
    expected_c: str | None
    median_t: str | None
    ci_low_t: str | None
    ci_high_t: str | None
    median_c: str | None
    ci_low_c: str | None
    ci_high_c: str | None
    surv_t: str | None
    se_surv_t: str | None
    surv_c: str | None
    se_surv_c: str | None


ONE_ARM = ("events", "n")
TWO_ARMS = ("events_t", "n_t", "events_c", "n_c")
ONE_RATE = ("events", "time")
TWO_RATES = ("events_t", "time_t", "events_c", "time_c")
TWO_MEANS = ("mean_t", "sd_t", "n_t", "mean_c", "sd_c", "n_c")
TWO_MEDIANS = ("median_t", "ci_low_t", "ci_high_t", "median_c", "ci_low_c", "ci_high_c")
LIMITS = ("ci_low", "ci_high")  # with _t and _c: may be printed as not reached
COUNTS = frozenset(("events", "n", *TWO_ARMS))
COUNTED = (ONE_ARM, TWO_ARMS, ONE_RATE, TWO_RATES)  # events over patients or time, arm by arm
