"""Differences of means against R's escalc, and what is refused."""

import numpy as np
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.errors import DataError

REFERENCE = load("rates_means")
COLUMNS = {"mean_t": "m1", "sd_t": "s1", "n_t": "n1", "mean_c": "m2", "sd_c": "s2", "n_c": "n2"}
ONE = {"m1": [1.0], "s1": [2.0], "n1": [10], "m2": [0.5], "s2": [1.0], "n2": [12]}


@pytest.mark.parametrize("case", REFERENCE["means"], ids=lambda c: c["measure"])
def test_differences_are_those_of_escalc(case):
    es = mo.effect_sizes(case["data"], measure=case["measure"], **COLUMNS)
    np.testing.assert_allclose(es["yi"], case["yi"], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(es["vi"], case["vi"], rtol=1e-12)
    assert set(es["route"]) == {"means, standard deviations and patients"}


def test_the_correction_for_bias_tends_to_one():
    """J(m) is about 1 - 3/(4m - 1), and must not overflow where gamma functions do."""
    data = {**ONE, "n1": [100_000], "n2": [100_000]}
    pooled = np.sqrt((2.0**2 + 1.0**2) / 2)
    g = mo.effect_sizes(data, measure="SMD", **COLUMNS)["yi"][0]
    assert g == pytest.approx(0.5 / pooled * (1 - 3 / (4 * 199_998 - 1)), rel=1e-9)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"s1": [-1.0]}, r"sd_t=-1 is no standard deviation; column sd_t='s1'"),
        ({"n2": [1]}, r"n_c=1: a standard deviation needs two patients"),
        ({"n2": [2.5]}, r"n_c=2.5 is not a count"),
        ({"m1": [np.inf]}, r"mean_t is infinite"),
        ({"s1": [0.0], "s2": [0.0]}, r"\(row 0\): no effect with a variance follows from mean_t=1, sd_t=0"),
    ],
)
@pytest.mark.parametrize("measure", ["MD", "SMD"])
def test_means_that_cannot_be_are_refused(measure, change, match):
    with pytest.raises(DataError, match=match):
        mo.effect_sizes({**ONE, **change}, measure=measure, **COLUMNS)


def test_a_missing_mean_is_named():
    es = mo.effect_sizes({**ONE, "s2": [None]}, measure="MD", **COLUMNS)
    assert es["route"][0] == "missing: s2"
    assert np.isnan(es["yi"][0])
