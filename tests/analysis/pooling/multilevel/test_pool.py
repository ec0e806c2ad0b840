"""pool_multilevel against R's rma.mv, against a dense likelihood written out here, and against pool."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import model_scripts
from reference.pinned import Results, assert_same_script, load

import metaonc as mo
from metaonc.errors import ColumnError, DataError, DataWarning, OptionError
from metaonc.report.forest.rows import forest_rows

REFERENCE = load("mixed")
SCRIPTS = load("model_scripts")
RESULTS = Results(SCRIPTS, model_scripts.results)
NESTED = REFERENCE["nested"]
CONTAINED = load("contained")
FITS = [(name, method) for name in NESTED for method in ("REML", "ML")]
# R's optimisers stop where the likelihood no longer changes, which leaves about half the digits of its arguments
RTOL = 1e-6
TIGHT = 1e-11  # what does not depend on the optimum to first order
LEVELS = ["outer", "inner"]


def fit(name, method="REML", **change):
    return mo.pool_multilevel(NESTED[name]["data"], **{"levels": LEVELS, "method": method} | change)


def units_of(data, levels):
    codes = [pd.Series(list(zip(*(data[c] for c in levels[: i + 1]), strict=True))) for i in range(len(levels))]
    return [(c.to_numpy()[:, None] == c.to_numpy()[None, :]).astype(float) for c in codes]


def dense(data, levels, sigma2, method):
    """The likelihood with V written out in full."""
    y, v = np.array(data["yi"]), np.array(data["vi"])
    cov = np.diag(v) + sum(s * k for s, k in zip(sigma2, units_of(data, levels), strict=True))
    w = np.linalg.inv(cov)
    mu = (w @ y).sum() / w.sum()
    r, n = y - mu, len(y)
    ll = -0.5 * (n * np.log(2 * np.pi) + np.linalg.slogdet(cov)[1] + r @ w @ r)
    return ll + (0.5 * (np.log(2 * np.pi) + np.log(n) - np.log(w.sum())) if method == "REML" else 0.0)


@pytest.mark.parametrize(("name", "method"), FITS)
def test_fits_are_those_of_rma_mv(name, method):
    r, want = fit(name, method), NESTED[name]["fits"][method]["fit"]
    assert r.loglik >= want["loglik"] - 1e-11
    scale = max(max(want["sigma2"]), min(NESTED[name]["data"]["vi"]))
    np.testing.assert_allclose(r.sigma2, want["sigma2"], rtol=1e-5, atol=RTOL * scale)
    for field, key in (
        ("loglik", "loglik"),
        ("aic", "aic"),
        ("bic", "bic"),
        ("q", "q"),
        ("q_df", "q_df"),
        ("q_p", "q_p"),
    ):
        np.testing.assert_allclose(getattr(r, field), want[key], rtol=TIGHT, atol=1e-12, err_msg=field)
    fields = ("estimate", "se", "ci_low", "ci_high", "p_value", "statistic", "weights")
    for field in fields:
        np.testing.assert_allclose(getattr(r, field), want[field], rtol=RTOL, atol=1e-13, err_msg=field)
    np.testing.assert_allclose([r.prediction_low, r.prediction_high], [want["pi_low"], want["pi_high"]], rtol=RTOL)


@pytest.mark.parametrize("name", ["schools", "two"])
def test_t_has_one_degree_of_freedom_a_row_less_one(name):
    r, want = fit(name, ci="t"), NESTED[name]["fits"]["REML"]["t"]
    got = [r.ci_low, r.ci_high, r.p_value, r.prediction_low, r.prediction_high]
    np.testing.assert_allclose(got, [want[c] for c in ("ci_low", "ci_high", "p_value", "pi_low", "pi_high")], rtol=RTOL)


@pytest.mark.parametrize(("name", "method"), FITS)
def test_the_maximum_is_exact(name, method):
    """Around the estimate a likelihood written out in full falls on all sides; at 0 it falls inwards."""
    r, data = fit(name, method), NESTED[name]["data"]
    top = dense(data, LEVELS, r.sigma2, method)
    np.testing.assert_allclose(r.loglik, top, rtol=1e-10)
    unit = max(r.sigma2.max(), min(data["vi"]))
    for i in range(2):
        step = 1e-3 * unit * np.eye(2)[i]
        up = dense(data, LEVELS, r.sigma2 + step, method)
        assert up < top
        if r.sigma2[i] > 1e-3 * unit:
            down = dense(data, LEVELS, r.sigma2 - step, method)
            # the central difference vanishes with the square of the step, relative to the curvature
            assert abs(up - down) < 0.05 * (2 * top - up - down)


def test_more_levels_and_fewer():
    four = REFERENCE["four"]
    r = mo.pool_multilevel(four["data"], levels=["country", "trial", "arm"])
    np.testing.assert_allclose(r.sigma2, four["fit"]["sigma2"], rtol=1e-6)
    np.testing.assert_allclose([r.loglik, r.aic], [four["fit"]["loglik"], four["fit"]["aic"]], rtol=TIGHT)
    assert r.units == (5, 15, 30)
    one = fit("unequal", levels=["outer"])
    np.testing.assert_allclose(one.sigma2, [REFERENCE["one_level"]["sigma2"]], rtol=1e-6)


@pytest.mark.parametrize("method", ["REML", "ML"])
def test_one_level_of_rows_is_an_ordinary_pool(method):
    data = {**NESTED["unequal"]["data"], "row": range(36)}
    r = mo.pool_multilevel(data, levels=["row"], method=method)
    plain = mo.pool(data, method=method, ci="wald", prediction="wald")
    got = [r.estimate, r.se, r.tau2, r.ci_low, r.p_value, r.loglik, r.aic, r.bic, r.q, r.i2_total(), r.prediction_low]
    want = [plain.estimate, plain.se, plain.tau2, plain.ci_low, plain.p_value, plain.loglik, plain.aic, plain.bic,
            plain.q, plain.i2, plain.prediction_low]  # fmt: skip
    np.testing.assert_allclose(got, want, rtol=1e-9)
    np.testing.assert_allclose(r.sigma2_ci("row"), plain.tau2_ci("PL"), rtol=1e-6)
    np.testing.assert_allclose(r.weights, plain.weights, rtol=1e-9)


@pytest.mark.parametrize("name", ["schools", "unequal", "no_outer", "two"])
def test_profile_intervals(name):
    r = fit(name)
    for i, want in enumerate(NESTED[name]["fits"]["REML"]["profile"]):
        low, high = r.sigma2_ci(LEVELS[i])
        assert (low, high) == r.sigma2_ci(i)
        if not np.isnan(want[0]):  # where metafor's search fails
            np.testing.assert_allclose(low, want[0], rtol=1e-5)
        np.testing.assert_allclose(high, want[1], rtol=1e-5)
        # the profile at the limits is lower by half the quantile of chi-square, whatever R says
        for limit in (low, high) if low > 0 else (high,):
            others = np.linspace(0, 3 * r.sigma2.max(), 400)
            line = [dense(NESTED[name]["data"], LEVELS, np.where(np.arange(2) == i, limit, o), "REML") for o in others]
            np.testing.assert_allclose(r.loglik - max(line), 3.8414588206941254 / 2, atol=0.01)


def test_components_on_the_boundary_are_zero_and_said():
    assert fit("no_outer").sigma2[0] == 0
    assert fit("no_inner").sigma2[1] == 0
    none = fit("none")
    assert none.tau2 == 0
    assert "between units of outer is estimated as 0" in none.summary()
    common = mo.pool(NESTED["none"]["data"], method="CE", ci="wald")
    np.testing.assert_allclose([none.estimate, none.se], [common.estimate, common.se], rtol=1e-12)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.floats(-2, 2), st.floats(0.01, 1)), min_size=4, max_size=12),
    st.floats(-6, 6),
)
def test_units_of_measurement_order_of_rows_and_names_of_units_do_not_matter(rows, power):
    outer, y, v = (np.array(x) for x in zip(*rows, strict=True))
    scale = 10.0**power
    data = {"yi": y, "vi": v, "outer": outer, "inner": range(len(y))}
    r = mo.pool_multilevel(data, levels=LEVELS)
    other = pd.DataFrame(
        {"yi": y * scale, "vi": v * scale**2, "outer": [f"u{o}" for o in outer], "inner": range(len(y))}
    )
    s = mo.pool_multilevel(other.iloc[::-1], levels=LEVELS)
    np.testing.assert_allclose(s.loglik + len(y) * np.log(scale) - np.log(scale), r.loglik, rtol=1e-8, atol=1e-8)
    assert abs(s.estimate / scale - r.estimate) <= 1e-4 * max(r.se, abs(r.estimate))  # a flat ridge has many maxima


def test_result_protocol():
    r = fit("unequal", study="outer")
    assert r.glance()["units_outer"][0] == 9
    assert set(r.tidy()["type"]) == {"study", "summary"}
    assert r.to_dict()["levels"] == LEVELS
    assert r.confidence_interval() == pytest.approx((r.ci_low, r.ci_high), rel=1e-14)
    assert r.confidence_interval(0.5)[1] < r.ci_high
    assert "outer: 9 units" in r.summary()
    np.testing.assert_allclose(r.weights.sum(), 100)
    np.testing.assert_allclose(r.i2.sum(), r.i2_total())
    assert r.provenance.settings["levels"] == LEVELS


def test_forest_plots_name_the_components_and_the_robust_interval():
    r = fit("unequal")
    for result, interval in ((r, "Wald 95%"), (r.robust(cluster="outer"), "cluster-robust (CR2, Satterthwaite) 95%")):
        drawn = forest_rows(result)
        assert drawn.rows["label"].iloc[-1].startswith("σ² of outer")
        assert interval in drawn.footnotes[0]


@pytest.mark.parametrize("name", [n for n in SCRIPTS if n.startswith("multilevel")])
def test_r_scripts_run_to_the_same_numbers(name):
    r, pinned = RESULTS[name], SCRIPTS[name]
    assert_same_script(r.r_code(), pinned["script"])
    for field, want in pinned["r"].items():
        np.testing.assert_allclose(getattr(r, field), want, rtol=RTOL, err_msg=field)


def table(**change):
    return {"yi": [0.1, 0.3, 0.2], "vi": [0.02, 0.03, 0.05], "outer": ["a", "a", "b"], "inner": [1, 2, 1]} | change


@pytest.mark.parametrize(
    ("data", "options", "error", "says"),
    [
        (table(), {"levels": ["outer", "iner"]}, ColumnError, "'iner' is not a column"),
        (table(), {"levels": "outer"}, OptionError, "must be a list of columns"),
        (table(), {"levels": []}, OptionError, "must be a list of columns"),
        (table(), {"levels": LEVELS, "method": "DL"}, OptionError, "method='DL'"),
        (table(), {"levels": LEVELS, "ci": "HKSJ"}, OptionError, "ci='HKSJ'"),
        (table(), {"levels": LEVELS, "level": 95}, OptionError, "level=0.95"),
        (table(outer=["a", None, "b"]), {"levels": LEVELS}, DataError, r"\(row 1\): outer is missing"),
        (table(vi=[0.02, 0, 0.05]), {"levels": LEVELS}, DataError, "not above 0"),
        ({k: v[:1] for k, v in table().items()}, {"levels": LEVELS}, DataError, "one row"),
    ],
)
def test_bad_input_is_refused(data, options, error, says):
    with pytest.raises(error, match=says):
        mo.pool_multilevel(data, **options)


def test_incomplete_rows_are_left_out_and_said():
    with pytest.warns(DataWarning, match="1 of 3 rows left out"):
        r = mo.pool_multilevel(table(yi=[0.1, None, 0.2]), levels=LEVELS)
    assert r.k == 2
    assert len(r.provenance.dropped) == 1
    assert "cannot be told apart" in r.summary()


def test_a_component_that_is_not_there_is_refused():
    r = fit("two")
    with pytest.raises(OptionError, match="component='iner'"):
        r.sigma2_ci("iner")
    with pytest.raises(OptionError, match="component=2"):
        r.sigma2_ci(2)


COHORTS = {
    "name": ["ALPHA", "ALPHA", "BRAVO", "BRAVO", "CHARLIE", "DELTA"], "cohort": ["2L", "3L", "2L", "3L", "2L", "2L"],
    "hr": [0.62, 0.70, 0.71, 0.80, 0.55, 0.83], "lo": [0.45, 0.49, 0.56, 0.58, 0.37, 0.68],
    "hi": [0.85, 1.0, 0.90, 1.10, 0.82, 1.01],
}  # fmt: skip


def cohorts():
    return mo.effect_sizes(COHORTS, measure="HR", hr="hr", ci_low="lo", ci_high="hi", study="name")


def test_levels_in_the_wrong_order_are_refused_with_the_right_one():
    with pytest.raises(mo.DataError, match=r"'ALPHA' has rows of 2L and 3L.*levels=\['name', 'cohort'\]"):
        mo.pool_multilevel(cohorts(), levels=["cohort", "name"])
    own = mo.pool_multilevel(cohorts(), levels=["name", "cohort"])
    assert own.units == (4, 6)
    numbers = cohorts().assign(name=[1, 2, 1, 2, 3, 4], country=list("aabbab")).drop(columns="inputs")
    assert mo.pool_multilevel(numbers, levels=["country", "name"]).units == (2, 6)  # each country counts its own


def test_trials_are_counted_by_the_column_that_names_them():
    r = mo.pool_multilevel(cohorts(), levels=["cohort"])
    assert (r.trials, r.units) == (4, (2,))
    assert "4 trials (6 rows)" in str(r)


def test_a_normal_interval_of_few_units_is_a_caution_where_it_is_printed():
    many = {"yi": [0.1, 0.2, 0.35, 0.3] * 6, "vi": [0.02] * 24, "trial": [f"T{i // 2}" for i in range(24)]}
    r = mo.pool_multilevel(many, levels=["trial"])
    words = "the normal interval of 12 units of trial takes the variances as known"
    for text in (str(r), str(mo.results_text(r)), str(mo.table(r))):
        assert words in text.replace("The normal", "the normal")
    assert "Advice: ci='contain' takes t with 11 degrees of freedom (ci='t' 23); robust(cluster='trial') rests" in str(
        r
    )
    t = mo.pool_multilevel(many, levels=["trial"], ci="t")
    assert t.ci_high - t.ci_low > r.ci_high - r.ci_low
    for other in (t, r.robust(cluster="trial")):
        assert "normal interval" not in str(other)
    apart = {**many, "trial": [f"T{i}" for i in range(24)]}
    assert "normal interval" not in str(mo.pool_multilevel(apart, levels=["trial"]))


@pytest.mark.parametrize("name", list(CONTAINED))
def test_contained_degrees_of_freedom_are_those_of_the_outermost_units(name):
    want = CONTAINED[name]
    r = mo.pool_multilevel(want["data"], levels=want["levels"], crossed=want["crossed"] or (), ci="contain")
    got = (r.estimate, r.se, r.df, r.ci_low, r.ci_high, r.p_value, r.prediction_low, r.prediction_high)
    keys = ("estimate", "se", "df", "ci_low", "ci_high", "p_value", "pi_low", "pi_high")
    # a limit near 0 is as exact as its error
    np.testing.assert_allclose(got, [want[key] for key in keys], rtol=RTOL, atol=RTOL * want["se"])
    assert f"intervals by t with {want['df']} degrees of freedom" in str(r)
    assert 'dfs = "contain"' in r.r_code()
    assert "containment t" in str(mo.methods_text(r))
    assert mo.results.from_json(r.to_json()).confidence_interval(0.9) == r.confidence_interval(0.9)


def test_one_unit_contains_no_degree_of_freedom():
    with pytest.raises(mo.DataError, match="one unit of 'trial' leaves ci='contain' no degree of freedom"):
        mo.pool_multilevel({"yi": [0.1, 0.3], "vi": [0.02, 0.03], "trial": ["a", "a"], "arm": [1, 2]},
                           levels=["trial", "arm"], ci="contain")  # fmt: skip
