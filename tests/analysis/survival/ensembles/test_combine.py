"""Rubin's rules, against pool.scalar of R's mice."""

import json
from pathlib import Path

import pandas as pd
import pytest

import metaonc as mo

CASES = json.loads((Path(__file__).parents[3] / "reference" / "rubin.json").read_text(encoding="utf-8"))
SAME = 1e-12  # of double precision arithmetic


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_the_numbers_of_mice(case):
    got = mo.survival.combine(case["estimates"], case["variances"], df=float(case["df_complete"]))
    for name in ("estimate", "within", "between", "df", "missing", "ci_low", "ci_high"):
        assert getattr(got, name) == pytest.approx(case[name], rel=SAME), name
    assert got.se**2 == pytest.approx(case["total"], rel=SAME)


def test_by_hand():
    got = mo.survival.combine([1.0, 2.0, 3.0], [0.5, 0.5, 0.5])
    assert got.se**2 == pytest.approx(0.5 + 4 / 3, rel=1e-15)
    assert got.df == pytest.approx(2 * (1 + 0.5 / (4 / 3)) ** 2, rel=1e-15)


def test_equal_estimates_keep_the_variance_within_and_a_normal_interval():
    got = mo.survival.combine([0.3, 0.3], [0.04, 0.06])
    assert (got.se**2, got.df, got.missing) == (pytest.approx(0.05), float("inf"), 0.0)
    assert got.ci_high == pytest.approx(0.3 + 1.959963984540054 * 0.05**0.5, rel=SAME)


def test_a_row_goes_into_a_pool():
    one = mo.survival.combine([-0.3, -0.2], [0.04, 0.04]).row(study="x", measure="HR")
    two = mo.survival.combine([-0.5, -0.4], [0.05, 0.05]).row(study="y", measure="HR")
    assert one["vi"] == pytest.approx(0.04 + 1.5 * 0.005)
    assert mo.pool(pd.DataFrame([one, two]), study="study").k == 2


@pytest.mark.parametrize(
    ("estimates", "variances", "said"),
    [([1.0], [1.0], "at least 2"), ([1.0, 2.0], [1.0], "1 variances"), ([1.0, 2.0], [1.0, 0.0], r"variances\[1\]=0")],
)
def test_what_cannot_be_combined(estimates, variances, said):
    with pytest.raises(mo.errors.DataError, match=said):
        mo.survival.combine(estimates, variances)


def test_degrees_of_freedom_are_positive():
    with pytest.raises(mo.errors.OptionError, match="df=0"):
        mo.survival.combine([1.0, 2.0], [1.0, 1.0], df=0)
