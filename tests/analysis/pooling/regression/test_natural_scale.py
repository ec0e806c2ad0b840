"""Coefficients on the natural scale: means as the pool of the same trials, differences as ratios or as they are."""

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.analysis.effects.measures import MEASURES
from metaonc.report.kinds.terms import terms_of

LIMITS = ["estimate", "ci_low", "ci_high"]
ROWS = pd.DataFrame({"trial": list("abcdef"), "kras": list("mmmwww"), "yi": [0.2, 0.31, 0.26, 0.42, 0.5, 0.37],
                     "vi": [0.01, 0.02, 0.03, 0.01, 0.04, 0.02]})  # fmt: skip
COMMON = {"method": "CE", "ci": "wald"}  # of a common effect a level's coefficient is the pool of its trials
SIZED = [code for code, m in MEASURES.items() if m.inverse_needs]
FREE = [code for code in MEASURES if code not in SIZED]


def within(measure, table):
    """Return the rows with effects that a trial can have: logarithms of proportions are not above 0."""
    return table.assign(yi=-table["yi"]) if MEASURES[measure].bounds[1] == 0 else table


def regressed(formula, measure, table=ROWS, **options):
    return mo.regress(within(measure, table), formula, study="trial", measure=measure, **COMMON | options)


def pooled(measure, table=ROWS, **options):
    r = mo.pool(within(measure, table), study="trial", measure=measure, **COMMON | options)
    return r.tidy(transform=True).iloc[-1][LIMITS].to_numpy(dtype=float)


@pytest.mark.parametrize("measure", FREE)
@pytest.mark.parametrize("ci", ["wald", "HKSJ"])
def test_an_intercept_alone_is_the_pool_on_its_natural_scale(measure, ci):
    one = regressed("~ 1", measure, method="REML", ci=ci).tidy(transform=True)
    np.testing.assert_allclose(one.loc[0, LIMITS].to_numpy(float), pooled(measure, method="REML", ci=ci), rtol=1e-10)


@pytest.mark.parametrize("measure", FREE)
def test_levels_without_an_intercept_are_the_pools_of_their_trials(measure):
    found = regressed("~ 0 + kras", measure).tidy(transform=True)
    for row, level in enumerate("mw"):
        want = pooled(measure, ROWS[ROWS["kras"] == level])
        np.testing.assert_allclose(found.loc[row, LIMITS].to_numpy(float), want, rtol=1e-10)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_difference_is_a_ratio_of_logarithms_and_else_stays(measure):
    r = regressed("~ kras", measure)
    want = r.coefficients.iloc[1][LIMITS].to_numpy(dtype=float)
    found = r.tidy(transform=True).loc[1, LIMITS].to_numpy(dtype=float)
    np.testing.assert_allclose(found, np.exp(want) if MEASURES[measure].scale == "log" else want, rtol=1e-14)


@pytest.mark.parametrize("measure", MEASURES)
def test_texts_and_tables_show_the_same_numbers(measure):
    for formula in ("~ kras", "~ 0 + kras"):
        r = regressed(formula, measure)
        for term, (_, row) in zip(terms_of(r), r.tidy(transform=True).iterrows(), strict=True):
            unit = 100 if term.unit == "%" else 1
            np.testing.assert_allclose(term.values, unit * row[LIMITS].to_numpy(dtype=float), rtol=1e-14)


@pytest.mark.parametrize("measure", SIZED)
def test_what_needs_sample_sizes_stays_on_the_scale_of_analysis(measure):
    r = regressed("~ kras", measure)
    pd.testing.assert_frame_equal(r.tidy(transform=True), r.tidy().assign(se=np.nan))
    new = {"kras": ["m", "w"]}
    pd.testing.assert_frame_equal(r.predict(new, transform=True), r.predict(new))


def test_standard_errors_are_those_of_the_scale_of_analysis_and_not_shown_on_another():
    r = regressed("~ kras", "PLO")
    assert r.tidy()["se"].notna().all()
    assert r.tidy(transform=True)["se"].isna().all()
    assert r.tidy(transform=True)["p_value"].tolist() == r.tidy()["p_value"].tolist()
