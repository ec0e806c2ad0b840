"""pool_mantel_haenszel against R's rma.mh and mantelhaen.test, and against identities."""

import warnings
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.pinned import load

import metaonc as mo
from metaonc.analysis.effects.formulas.mantel_haenszel import (
    METHODS,
    association,
    cochran_mantel_haenszel,
    expected_events,
)
from metaonc.errors import ColumnError, DataError, DataWarning, OptionError

REFERENCE = load("mantel_haenszel")
RTOL = 1e-10  # sums over strata on both sides; differences of the sums and tails of the normal lose some of 16 digits
PATIENTS = {"events_t": "events_t", "n_t": "n_t", "events_c": "events_c", "n_c": "n_c"}
TIMES = {"events_t": "events_t", "time_t": "time_t", "events_c": "events_c", "time_c": "time_c"}
NUMBERS = ("estimate", "se", "ci_low", "ci_high", "statistic", "p_value", "q", "q_p", "association", "association_p")
TARONE = ("tarone", "tarone_p")
ZEROS = REFERENCE["tables"]["zeros"]


def mh(table, measure="OR", **change):
    """Pool; that trials which say nothing of a ratio are left out has tests of its own."""
    columns = TIMES if measure in ("IRR", "IRD") else PATIENTS
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*says nothing of the ratio", DataWarning)
        return mo.pool_mantel_haenszel(table, **{"measure": measure, **columns} | change)


def silent(table, measure):
    """Return which trials say nothing of a ratio: no events in both arms, of odds also events only."""
    a, c = (np.atleast_1d(table[name]) for name in ("events_t", "events_c"))
    none, every = a + c == 0, np.zeros(len(a), bool)
    if measure == "OR":
        every = (a == table["n_t"]) & (c == table["n_c"])
    return none | every if measure in ("OR", "RR", "IRR") else every


def data_of(case):
    return REFERENCE["rates" if case["measure"].startswith("IR") else "tables"][case["table"]]


@pytest.mark.parametrize("case", REFERENCE["pools"], ids=lambda c: f"{c['measure']}-{c['table']}")
def test_pools_are_those_of_rma_mh(case):
    r = mh(data_of(case), case["measure"])
    single = case["k"] == 1
    for name in NUMBERS + (() if single else (*TARONE, "i2", "h2")):
        np.testing.assert_allclose(getattr(r, name), case[name], rtol=RTOL, atol=1e-12, err_msg=name)
    entered = ~silent(data_of(case), case["measure"])  # R counts the others too, with weight 0 and without an effect
    assert r.k == entered.sum() == case["k"] - (~entered).sum()
    assert len(r.provenance.dropped) == (~entered).sum()
    assert (r.tau2, r.df, r.prediction) == (0.0, np.inf, None)
    if single:  # metafor prints I² 0 and H² 1; nothing can be said of one trial
        assert np.isnan([r.i2, r.h2]).all()
        assert (r.q, r.q_df, r.tarone_df) == (0, 0, 0)
    if case.get("yi"):
        np.testing.assert_allclose(r.weights, np.atleast_1d(case["weights"])[entered], rtol=RTOL, atol=1e-12)
        np.testing.assert_allclose(np.atleast_1d(case["weights"])[~entered], 0, atol=1e-12)
        np.testing.assert_allclose(r.studies.yi, np.atleast_1d(np.array(case["yi"], float))[entered], rtol=RTOL)
        np.testing.assert_allclose(r.studies.vi, np.atleast_1d(np.array(case["vi"], float))[entered], rtol=RTOL)


def test_every_measure_has_a_reference():
    assert {c["measure"] for c in REFERENCE["pools"]} == set(METHODS)


@pytest.mark.parametrize("name", REFERENCE["cmh"])
def test_association_is_that_of_mantelhaen_test(name):
    """No correction is made that exceeds the deviation itself: of balanced tables the statistic is 0."""
    case = REFERENCE["cmh"][name]
    r = mh(case["data"])
    np.testing.assert_allclose((r.association, r.association_p), (case["statistic"], case["p_value"]), rtol=1e-12)


def test_association_of_nothing_is_no_number():
    assert np.isnan(association(0.0, 0.0)).all()


@pytest.mark.parametrize("odds", [1e-12, 1e-3, 0.999999999, 1.0, 1.000000001, 7.0, 1e12])
def test_expected_events_have_the_odds_ratio(odds):
    """Where 1 - r nearly vanishes, and where cells nearly do, the root keeps its digits."""
    n1, n2, m = (
        np.array([20.0, 7.0, 500.0, 3.0]),
        np.array([20.0, 90.0, 5000.0, 3.0]),
        np.array([20.0, 7.0, 505.0, 5.0]),
    )
    x = expected_events(n1, n2, m, odds)
    assert (x > np.maximum(0, m - n2)).all()
    assert (x <= np.minimum(n1, m)).all()
    residual = (1 - odds) * x**2 + (odds * (n1 + m) + n2 - m) * x - odds * n1 * m
    scale = np.abs(1 - odds) * x**2 + np.abs(odds * (n1 + m) + n2 - m) * x + odds * n1 * m
    assert (np.abs(residual) <= 1e-14 * scale).all()


tables = st.lists(
    st.tuples(st.integers(0, 20), st.integers(20, 40), st.integers(0, 20), st.integers(20, 40)), min_size=1, max_size=8
).map(lambda rows: pd.DataFrame([(1, 9, 2, 11), *rows], columns=list(PATIENTS)))
swapped = {"events_t": "events_c", "n_t": "n_c", "events_c": "events_t", "n_c": "n_t"}


@given(tables, st.sampled_from(["OR", "RR", "RD"]))
def test_arms_change_sides(table, measure):
    r, s = mh(table, measure), mh(table, measure, **swapped)
    np.testing.assert_allclose((r.estimate, r.se, r.q), (-s.estimate, s.se, s.q), rtol=1e-8, atol=1e-9)


@given(tables, st.integers(2, 5))
def test_identical_trials_keep_the_estimate_and_shrink_its_error(table, times):
    one, many = table.iloc[:1], pd.concat([table.iloc[:1]] * times)
    for measure in ("OR", "RR", "RD"):
        r, s = mh(one, measure), mh(many, measure)
        np.testing.assert_allclose((s.estimate, s.se), (r.estimate, r.se / np.sqrt(times)), rtol=1e-9)


def test_one_table_is_the_log_odds_ratio_of_woolf():
    """Robins, Breslow and Greenland's variance of one table is Woolf's."""
    table = {"events_t": [7], "n_t": [20], "events_c": [3], "n_c": [25]}
    es = mo.effect_sizes(table, measure="OR", **PATIENTS)
    r = mh(table)
    np.testing.assert_allclose((r.estimate, r.se**2), (es["yi"][0], es["vi"][0]), rtol=1e-13)


def test_double_zeros_carry_nothing_to_ratios_but_count_in_differences():
    without = {column: np.delete(np.array(x), [3]) for column, x in ZEROS.items()}
    a, b = mh(ZEROS), mh(without)
    assert (a.estimate, a.se, a.q) == pytest.approx((b.estimate, b.se, b.q), rel=1e-14)
    assert (a.k, b.k) == (6, 6)
    assert a.provenance.dropped == (
        "trial '4' (row 3): no events in either arm: it says nothing of the ratio",
        "trial '8' (row 7): only events in both arms: it says nothing of the ratio",
    )
    assert mh(ZEROS, "RR").k == 7  # events only in both arms: a ratio of 1
    assert (mh(ZEROS, "RD").k, mh(ZEROS, "RD").weights[3] > 0) == (8, True)


def test_mantel_haenszel_and_the_mixed_model_count_the_same_trials_and_patients():
    rows = {"a": [0, 3, 5, 0, 12], "n": [40, 50, 60, 70, 80], "c": [0, 1, 4, 2, 9], "m": [41, 51, 61, 71, None],
            "t": list("VWXYZ")}  # fmt: skip
    columns = {"events_t": "a", "n_t": "n", "events_c": "c", "n_c": "m", "study": "t"}
    for pool in (mo.pool_mantel_haenszel, mo.pool_glmm):
        with pytest.warns(DataWarning, match="2 of 5 rows left out"):
            r = pool(rows, measure="OR", **columns)
        assert (r.k, r.provenance.rows_in, r.studies.counts("n_t").sum()) == (3, 5, 180)
        assert (
            "2 of 5 trials were left out: V (no events in either arm: it says nothing of the ratio); Z (number of "
            "patients in the control arm not reported)."
        ) in str(mo.results_text(r))
        assert "3 trials (363 patients)" in str(mo.results_text(r))
        assert r.studies.left_out.labels == ("V", "Z")


def test_notes_say_which_trials_show_a_corrected_effect_or_none():
    assert mh({**ZEROS, "t": list("ABCDEFGH")}, study="t").provenance.cautions == (
        "the effect shown of A, B, F and G has 1/2 added to each cell; the pool takes the counts as they are",
    )
    assert mh({**ZEROS, "t": list("ABCDEFGH")}, "RD", study="t").provenance.cautions[1] == (
        "no effect is shown of D and H, both arms having no events or only events; the pool has them with their "
        "patients"
    )
    twice = mh({**REFERENCE["tables"]["two"], "t": ["A", "A"]}, study="t")
    assert not twice.provenance.notes
    (caution,) = twice.provenance.cautions
    assert caution.startswith("A gives more than one row, and nothing tells that these are of other patients")


def test_result_reads_as_others_do():
    table = {**REFERENCE["tables"]["bcg"], "trial": [f"t{i}" for i in range(13)]}
    r = mh(table, "RR", study="trial", level=0.9)
    tidy = r.tidy(transform=True)
    assert tidy["estimate"].iloc[-1] == pytest.approx(np.exp(r.estimate))
    assert list(r.glance().dropna(axis="columns", how="all")) == [
        "k", "estimate", "ci_low", "ci_high", "p_value", "tau2", "i2", "q", "q_df", "q_p", "method", "ci", "level",
        "measure", "h2", "tarone_df",
    ]  # fmt: skip
    assert list(r.glance())[-6:] == ["h2", "association", "association_p", "tarone", "tarone_df", "tarone_p"]
    assert r.confidence_interval() == pytest.approx((r.ci_low, r.ci_high))
    low, high = r.confidence_interval(0.5, transform=True)
    assert np.exp(r.ci_low) < low < high < np.exp(r.ci_high)
    assert r.to_dict()["measure"] == "RR"
    assert "risk ratio: 13 trials" in r.summary()
    with pytest.raises(ValueError, match="read-only"):
        r.weights[0] = 1


@pytest.mark.parametrize("measure", METHODS)
def test_r_code_names_the_function_and_holds_the_data(measure):
    table = REFERENCE["rates"]["zeros"] if measure.startswith("IR") else ZEROS
    script = mh(table, measure).r_code()
    assert f'rma.mh(measure = "{measure}"' in script
    assert "x1 = c(0, " in script


def test_subgroups_and_the_test_between_them():
    table = pd.DataFrame(REFERENCE["tables"]["bcg"]).assign(half=["a"] * 7 + ["b"] * 6)
    r = mo.pool_subgroups(table, by="half", using=mo.pool_mantel_haenszel, measure="RR", **PATIENTS)
    for name, rows in (("a", slice(0, 7)), ("b", slice(7, 13))):
        alone = mh(table.iloc[rows], "RR")
        assert (r.groups[name].estimate, r.groups[name].se) == (alone.estimate, alone.se)
    a, b = r.groups["a"], r.groups["b"]
    assert r.q_between == pytest.approx((a.estimate - b.estimate) ** 2 / (a.se**2 + b.se**2))


def test_rows_that_lack_a_number_are_left_out_and_named():
    table = {**ZEROS, "n_c": [None, *ZEROS["n_c"][1:]]}
    with pytest.warns(DataWarning, match="3 of 8 rows left out") as caught:
        r = mo.pool_mantel_haenszel(table, **PATIENTS)
    assert r.provenance.dropped[0] == "trial '1' (row 0): missing: n_c"
    assert (r.k, r.provenance.rows_in) == (5, 8)
    assert caught[0].filename.endswith("test_mantel_haenszel.py")


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        (
            {"measure": "PETO"},
            OptionError,
            r"measure='PETO' is not an option; choose from 'OR', 'RR', 'RD', 'IRR', 'IRD'",
        ),
        ({"n_c": None}, ColumnError, r"'OR' needs events_t=.*; n_c is not given"),
        ({"time_t": "n_t"}, OptionError, r"it has no use for time_t='n_t'"),
        ({"n_c": "m_c"}, ColumnError, r"n_c='m_c' is not a column"),
        ({"level": 95}, OptionError, r"write level=0.95"),
        ({"events_t": "n_c", "n_t": "events_c"}, DataError, r"\(row 0\): events_t=43 exceeds n_t=1"),
    ],
)
def test_what_cannot_be_is_refused(change, error, match):
    table = {"events_t": [2], "n_t": [20], "events_c": [1], "n_c": [43]}
    with pytest.raises(error, match=match):
        mh(table, **change)


@pytest.mark.parametrize(
    ("events_t", "events_c", "measure"), [((0, 0), (1, 2), "OR"), ((0, 0), (1, 2), "RR"), ((0, 0), (0, 0), "RD")]
)
def test_an_arm_without_events_in_all_trials_is_refused(events_t, events_c, measure):
    """Where metafor gives NA, or a difference of 0 known for certain."""
    table = {"events_t": events_t, "n_t": [20, 30], "events_c": events_c, "n_c": [43, 20]}
    found = {"OR": "odds ratio is 0", "RR": "risk ratio is 0", "RD": "risk difference has no variance"}[measure]
    with pytest.raises(DataError, match=rf"over all 2 trials \(events_t 0, n_t 50, .* the {found};"):
        mh(table, measure)


def test_cmh_is_the_sum_of_hypergeometric_moments():
    """The moments of events under treatment, by enumeration of one table."""
    c = {"events_t": np.array([3.0]), "n_t": np.array([7.0]), "events_c": np.array([2.0]), "n_c": np.array([9.0])}
    x = np.arange(0, 6)
    p = np.array([comb(7, i) * comb(9, 5 - i) / comb(16, 5) for i in x])
    mean = (p * x).sum()
    np.testing.assert_allclose(cochran_mantel_haenszel(c), (3 - mean, (p * (x - mean) ** 2).sum()), rtol=1e-13)
