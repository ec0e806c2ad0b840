"""One over a printed number is as exact as that number, not as its own digits."""

import numpy as np
import pytest

import metaonc as mo
from metaonc.data.schema.reciprocal import ends, printed_places

RATIOS = {"trial": ["Ash", "Birch", "Cedar"], "hr": [0.62, 0.71, 0.55], "low": [0.45, 0.56, 0.37],
          "high": [0.85, 0.9, 0.82]}  # fmt: skip


@pytest.mark.parametrize(("value", "decimals", "places"), [
    (1 / 0.55, 16, 2), (1.818182, 6, 2), (1 / 0.5, 1, None), (np.exp(0.3), 16, None), (1.82, 2, None),
    (1 / 0.123, 16, 3),
])  # fmt: skip
def test_places_of_the_number_it_is_one_over(value, decimals, places):
    assert printed_places(value, decimals) == places


def test_ends_are_those_of_the_printed_number():
    np.testing.assert_allclose(ends(1 / 0.55, 2), (1 / 0.555, 1 / 0.545), rtol=1e-12)


@pytest.mark.parametrize("rounded", [False, True])
def test_arms_exchanged_raise_no_alarm(rounded):
    low, high = 1 / np.array(RATIOS["high"]), 1 / np.array(RATIOS["low"])
    table = {"trial": RATIOS["trial"], "hr": 1 / np.array(RATIOS["hr"]), "hr_low": low.round(2) if rounded else low,
             "hr_high": high.round(2) if rounded else high, "hr_level": 0.95, "outcome": "os"}  # fmt: skip
    es = mo.effect_sizes(table, measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high")
    assert es["route"].tolist() == ["hr and 95 % interval"] * 3
    assert mo.audit(table).empty


def test_an_estimate_that_was_mistyped_is_still_found():
    table = {
        "hr": [1 / 0.65],
        "hr_low": [1 / 0.82],
        "hr_high": [1 / 0.37],
        "hr_level": 0.95,
        "outcome": "os",
        "trial": "Ash",
    }
    with pytest.warns(mo.errors.DataWarning, match="not at the centre"):
        mo.effect_sizes(table, measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high")
    assert mo.audit(table)["rule"].tolist() == ["ratio_off_centre"]
