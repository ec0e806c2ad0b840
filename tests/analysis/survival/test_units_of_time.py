"""unit= of every verb of times: one of four words, the same rule everywhere."""

from __future__ import annotations

import inspect

import pandas as pd
import pytest

import metaonc as mo

VERBS = {
    name: verb for name in mo.survival.__all__
    if inspect.isfunction(verb := getattr(mo.survival, name)) and "unit" in inspect.signature(verb).parameters
}  # fmt: skip
TABLE = pd.DataFrame({"trial": ["A", "B"], "x": [1.0, 2.0], "u": ["months", "weeks"]})


def asked(verb, unit):
    """Call a verb with a unit, and with anything for what it needs."""
    needed = [p for p in list(inspect.signature(verb).parameters.values())[1:] if p.default is p.empty]
    return verb(TABLE, unit=unit, **{p.name: "x" for p in needed})


def test_the_verbs_of_times_are_found():
    assert {"kaplan_meier", "pool_medians", "pool_curves", "pool_rmst", "rmst", "milestone", "follow_up"} <= set(VERBS)


@pytest.mark.parametrize("name", VERBS)
def test_a_slip_of_the_pen_is_told(name):
    with pytest.raises(mo.OptionError, match=r"unit='month' is not an option; choose from 'days'.*mean 'months'\?"):
        asked(VERBS[name], "month")


@pytest.mark.parametrize("name", VERBS)
def test_a_column_is_no_unit(name):
    with pytest.raises(mo.OptionError, match=r"unit='u' is a column of the table; unit= is the one unit of all"):
        asked(VERBS[name], "u")


def test_medians_of_two_units_are_pooled_after_the_conversion_that_is_advised():
    weeks = {"trial": list("AB"), "m": [8.0, 43.48], "lo": [6.0, 34.784], "hi": [11.0, 52.176]}
    months = {"trial": list("AB"), "m": [8.0, 10.0], "lo": [6.0, 8.0], "hi": [11.0, 12.0]}
    rows = pd.DataFrame(weeks)
    rows.loc[1, ["m", "lo", "hi"]] /= 4.348
    asked = {"median": "m", "ci_low": "lo", "ci_high": "hi", "unit": "months"}
    a, b = (mo.survival.pool_medians(t, **asked).pool.estimate for t in (rows, months))
    assert a == pytest.approx(b, rel=1e-12)
