"""Rows that name no trial are pooled as trials of their own, and it is said."""

import pytest

import metaonc as mo

ROWS = {"trial": ["A", "", "B", None], "yi": [0.1, 0.3, 0.2, 0.4], "vi": [0.02] * 4, "x": [3, 4, 5, 6], "n": [20] * 4,
        "y": [4, 4, 6, 5], "m": [20] * 4, "age": [50.0, 60.0, 55.0, 70.0], "group": list("ggkk"),
        "c": [0.0] * 4}  # fmt: skip
ARMS = {"events_t": "x", "n_t": "n", "events_c": "y", "n_c": "m"}
DOORS = {
    "pool": lambda t: mo.pool(t, study="trial"),
    "pool_bayes": lambda t: mo.pool_bayes(t, study="trial"),
    "pool_subgroups": lambda t: mo.pool_subgroups(t, by="group", study="trial"),
    "regress": lambda t: mo.regress(t, "~ age", study="trial"),
    "pool_glmm": lambda t: mo.pool_glmm(t, measure="PLO", events="x", n="n", study="trial"),
    "pool_mantel_haenszel": lambda t: mo.pool_mantel_haenszel(t, measure="OR", study="trial", **ARMS),
    "pool_multivariate": lambda t: mo.pool_multivariate(
        {**t, "y2": t["yi"]}, yi=["yi", "y2"], cov=[["vi", "c"], ["c", "vi"]], study="trial", method="CE"),
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_each_pool_says_so(door):
    want = "rows 1, 3 (from 0) name no trial: each stands as a trial of its own, 2, 4."
    assert want in str(DOORS[door](ROWS))
    assert "no trial" not in str(DOORS[door](ROWS | {"trial": list("ABCD")}))


def test_one_row_is_said_in_the_singular():
    said = str(mo.pool(ROWS | {"trial": ["A", "", "B", "C"]}, study="trial"))
    assert "row 1 (from 0) names no trial: it stands as a trial of its own, 2." in said
