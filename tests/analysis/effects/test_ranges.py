"""Effects outside the range of the scale on which they are said to be are refused at every door."""

import numpy as np
import pytest

import metaonc as mo
from metaonc.errors import DataError

PERCENTAGES = {"trial": ["A", "B", "C", "D"], "yi": [36.8, 33.3, 36.1, 40.0], "vi": [60.0, 80.0, 40.0, 50.0],
               "group": ["x", "x", "y", "y"], "age": [50.0, 60.0, 55.0, 70.0]}  # fmt: skip
DOORS = {
    "pool": lambda t, m: mo.pool(t, study="trial", measure=m),
    "pool_bayes": lambda t, m: mo.pool_bayes(t, study="trial", measure=m),
    "pool_subgroups": lambda t, m: mo.pool_subgroups(t, by="group", study="trial", measure=m),
    "pool_multilevel": lambda t, m: mo.pool_multilevel(t, levels=["trial"], measure=m),
    "regress": lambda t, m: mo.regress(t, "~ age", study="trial", measure=m),
    "pool_multivariate": lambda t, m: mo.pool_multivariate(
        t | {"y": t["yi"], "c": [0.0] * 4}, yi=["yi", "y"], cov=[["vi", "c"], ["c", "vi"]], study="trial",
        measure=m),
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("measure", ["PR", "RD"])
def test_percentages_are_refused_with_what_they_are_as_shares(door, measure):
    want = (rf"trial 'A' \(row 0\): yi=36.8 is no .* \({measure}\), which lies between -?[01] and 1: if it is "
            r"in percent, divide it by 100 \(0.368\), and its variance by 10000. \([13] more rows? like")  # fmt: skip
    with pytest.raises(DataError, match=want):
        DOORS[door](PERCENTAGES, measure)


@pytest.mark.parametrize(
    ("measure", "good", "bad", "said"),
    [
        ("PR", 1.0, -0.1, "which lies between 0 and 1: look it up; effect_sizes works it out of counts"),
        ("PLN", 0.0, 0.2, "which is 0 or less: look it up, and whether it is the proportion itself"),
        ("PAS", 1.571, 1.6, "which lies between 0 and 1.571: look it up, and whether it is the proportion itself"),
        ("PFT", 0.7, 36.8, "which lies between 0 and 1.571"),
        ("IR", 7.0, -0.1, "which is 0 or more"),
        ("IRS", 7.0, -0.1, "which is 0 or more: look it up, and whether it is the incidence rate itself"),
        ("IRFT", 7.0, -0.1, "which is 0 or more"),
        ("RD", -1.0, -3.0, "which lies between -1 and 1"),
        ("AS", -1.571, 2.0, "which lies between -1.571 and 1.571: look it up; effect_sizes"),
    ],
)
def test_only_what_no_trial_can_have_is_refused(measure, good, bad, said):
    mo.pool({"yi": [good, good], "vi": [0.1, 0.2]}, measure=measure, method="CE")
    with pytest.raises(DataError, match=rf"trial '2' \(row 1\): yi={bad:g} is no .*{said}"):
        mo.pool({"yi": [good, bad], "vi": [0.1, 0.2]}, measure=measure)


def test_effects_of_all_and_none_are_within_it_after_arithmetic():
    counts = {"x": [0, 30, 7], "n": [30, 30, 7]}
    for measure in ("PR", "PLN", "PAS", "PFT"):
        es = mo.effect_sizes(counts, measure=measure, events="x", n="n")
        assert mo.pool(es, method="CE").k == 3
    assert mo.pool({"yi": [np.nextafter(1, 2), 0.5], "vi": [0.1, 0.1]}, measure="PR", method="CE").k == 2
