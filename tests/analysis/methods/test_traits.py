"""A method is one record: an estimator of tau², an interval, a measure, each added here, work wherever they should."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.analysis.effects.formulas import responses, two_arms
from metaonc.analysis.effects.measures import MEASURES, TWO_ARMS, Measure
from metaonc.analysis.methods.intervals import CI_METHODS, PREDICTION_METHODS, IntervalMethod, Limits, PredictionMethod
from metaonc.analysis.methods.tau2 import TAU2_METHODS, Tau2Method
from metaonc.analysis.sensitivity.diagnostics import expected_response, p_value_function
from metaonc.errors import OptionError
from metaonc.report.forest.rows import forest_rows

TRIALS = pd.DataFrame({
    "trial": list("ABCDEF"),
    "yi": [-0.42, -0.24, 0.1, -0.66, -0.05, -0.31],
    "vi": [0.0144, 0.0081, 0.04, 0.02, 0.03, 0.05],
    "line": [1, 2, 2, 3, 1, 3],
    "kras": ["mut", "wt"] * 3,
})  # fmt: skip
PAIRS = pd.concat([TRIALS.assign(kras="wt"), TRIALS.assign(kras="mut", yi=TRIALS["yi"] + [0.1, 0.6, 0, 0.3, 0.2, 0.5])])
ARMS = {"trial": list("ABCD"), "a": [3, 5, 1, 9], "na": [30, 31, 28, 40], "c": [6, 7, 4, 10], "nc": [30, 29, 30, 41]}


def half_dl(y, v, x):
    return 0.5 * TAU2_METHODS["DL"].estimate(y, v, x)


def wider(f, df):
    cov, free = CI_METHODS["wald"].adjust(f, df)
    return 4 * cov, free


def around_median(y, v, tau2, level):
    return Limits(float(np.median(y)), 1.0, float(np.median(y)) - level, float(np.median(y)) + level)


@pytest.fixture
def toys(monkeypatch):
    """Add one record of each family."""
    for table, record in (
        (TAU2_METHODS, Tau2Method("TOY", "half of DerSimonian-Laird", "Nobody 2020", half_dl, None)),
        (CI_METHODS, IntervalMethod("TWICE", "twice as wide", "twice Wald", "Nobody 2021", wider, is_normal=True)),
        (CI_METHODS, IntervalMethod("MEDIAN", "median", "around the median", "Nobody 2022", wider,
                                    own_limits=around_median, common_weights=True, for_methods=("TOY", "DL"))),
        (PREDICTION_METHODS, PredictionMethod("RANGE", "range of effects",
                                              own_limits=lambda y, v, level: (float(y.min()), float(y.max())))),
        (MEASURES, Measure("TOY", "log toy ratio", "toy ratio", TWO_ARMS, two_arms.log_odds_ratio, np.exp, 0.0, "log",
                           True, response=responses.by_odds, r_inverse="exp")),
    ):  # fmt: skip
        monkeypatch.setitem(table, record.code, record)


def texts(r):
    return str(mo.methods_text(r)) + str(mo.results_text(r))


def words_of(r):
    return " ".join(str(note) for note in forest_rows(r).footnotes)


@pytest.mark.usefixtures("toys")
class TestEstimator:
    def test_pools(self):
        r, dl = (mo.pool(TRIALS, study="trial", measure="HR", method=m) for m in ("TOY", "DL"))
        assert r.tau2 == pytest.approx(dl.tau2 / 2, rel=1e-14)
        assert np.isnan(r.se_tau2)
        assert r.confidence_interval(0.5) == pytest.approx(
            mo.pool(TRIALS, method="TOY", level=0.5).confidence_interval()
        )
        assert r.tau2_ci() == dl.tau2_ci()
        with pytest.raises(OptionError, match="'TOY' is not an option; choose from 'REML', 'ML'"):
            r.tau2_ci("PL")
        assert "half of DerSimonian-Laird" in texts(r)
        assert "Nobody 2020" in texts(r)
        assert "Random effects (TOY)" in words_of(r)
        assert "TOY" in str(mo.table(r))

    def test_regresses_and_compares_subgroups(self):
        fit = mo.regress(TRIALS, "~ line", method="TOY", measure="HR", study="trial")
        assert fit.tau2 == pytest.approx(mo.regress(TRIALS, "~ line", method="DL").tau2 / 2, rel=1e-12)
        assert "half of DerSimonian-Laird" in texts(fit)
        groups = mo.pool_subgroups(TRIALS, by="kras", method="TOY", common_tau2=True, measure="HR", study="trial")
        assert groups.groups["mut"].tau2 == groups.groups["wt"].tau2 > 0
        assert np.isfinite(groups.f_between)
        assert "half of DerSimonian-Laird" in texts(groups)
        both = mo.interaction(PAIRS, study="trial", by="kras", contrast=("mut", "wt"), method="TOY")
        assert both.method == "TOY"
        assert np.isfinite(both.floating["se"]).all()

    def test_pools_subsets_and_permutes(self):
        r = mo.pool(TRIALS, study="trial", method="TOY", measure="HR")
        out = mo.sensitivity.leave_one_out(r)
        part = mo.pool(TRIALS.drop(index=2), method="TOY")
        assert out["tau2"][2] == pytest.approx(part.tau2, rel=1e-12)
        assert "half of DerSimonian-Laird" in texts(out)
        assert 0 < mo.sensitivity.permutation_test(r).p_value <= 1

    def test_is_among_the_options(self):
        with pytest.raises(OptionError, match="'PMM', 'TOY'"):
            mo.pool(TRIALS, method="nobody")
        assert "| `TOY` | half of DerSimonian-Laird | Nobody 2020 | not in metafor |" in page()


@pytest.mark.usefixtures("toys")
class TestInterval:
    def test_by_covariance_works_wherever_there_are_coefficients(self):
        r, wald = (mo.pool(TRIALS, study="trial", ci=ci, measure="HR") for ci in ("TWICE", "wald"))
        assert r.ci_high - r.ci_low == pytest.approx(2 * (wald.ci_high - wald.ci_low))
        assert r.confidence_interval(0.5) == pytest.approx(mo.pool(TRIALS, ci="TWICE", level=0.5).confidence_interval())
        fit, plain = (mo.regress(TRIALS, "~ line", ci=ci, measure="HR", study="trial") for ci in ("TWICE", "wald"))
        assert fit.coefficients["se"].tolist() == pytest.approx((2 * plain.coefficients["se"]).tolist())
        assert fit.q_model == pytest.approx(plain.q_model / 4)
        assert "Wald chi-square" in texts(fit)
        out = mo.sensitivity.leave_one_out(r)
        assert out["se"].tolist() == pytest.approx((2 * mo.sensitivity.leave_one_out(wald)["se"]).tolist())
        assert mo.sensitivity.permutation_test(r).p_value == mo.sensitivity.permutation_test(wald).p_value
        groups = mo.pool_subgroups(TRIALS, by="kras", ci="TWICE", study="trial", measure="HR")
        assert np.isfinite(groups.q_between)
        for result in (r, fit, out, groups):
            assert "twice as wide" in texts(result)
            assert "twice as wide" in words_of(result) or result is fit
        assert "twice as wide" in str(mo.table(r))

    def test_by_its_own_rule_works_wherever_one_effect_is_pooled(self):
        r = mo.pool(TRIALS, study="trial", method="TOY", ci="MEDIAN", measure="HR")
        median = float(TRIALS["yi"].median())
        assert (r.estimate, r.ci_low, r.ci_high) == (median, median - 0.95, median + 0.95)
        assert r.confidence_interval(0.5) == (median - 0.5, median + 0.5)
        np.testing.assert_allclose(r.weights, 100 / r.studies.vi / (1 / r.studies.vi).sum())
        assert r.prediction is None
        assert np.isnan(r.p_value)
        assert "median intervals" in texts(r)
        assert "median 95% confidence interval" in words_of(r)
        groups = mo.pool_subgroups(TRIALS, by="kras", method="DL", ci="MEDIAN")
        assert np.isfinite(groups.q_between)
        both = mo.interaction(PAIRS, study="trial", by="kras", contrast=("mut", "wt"), method="TOY", ci="MEDIAN")
        assert both.ci_high - both.ci_low == pytest.approx(1.9)

    def test_by_its_own_rule_is_refused_where_it_has_no_meaning(self):
        r = mo.pool(TRIALS, study="trial", method="TOY", ci="MEDIAN", measure="HR")
        others = "'wald', 't', 'HKSJ', 'HKSJ-adhoc', 'KR', 'TWICE'"
        for refused in (
            lambda: mo.regress(TRIALS, "~ line", method="TOY", ci="MEDIAN"),
            lambda: mo.sensitivity.leave_one_out(r),
            lambda: mo.sensitivity.permutation_test(r),
        ):
            with pytest.raises(OptionError, match=others):
                refused()
        with pytest.raises(OptionError, match="'MEDIAN' intervals has no p-value function"):
            p_value_function(r, [0.0])
        with pytest.raises(OptionError, match="around the median is made for method='TOY' or 'DL', not 'REML'"):
            mo.pool(TRIALS, ci="MEDIAN")

    def test_of_prediction(self):
        r = mo.pool(TRIALS, study="trial", prediction="RANGE", measure="HR")
        assert (r.prediction_low, r.prediction_high) == (-0.66, 0.1)
        assert "range of effects" in texts(r)
        assert "range of effects" in words_of(r)

    def test_is_among_the_options(self):
        with pytest.raises(OptionError, match="'TWICE', 'MEDIAN'"):
            mo.pool(TRIALS, ci="nobody")
        with pytest.raises(OptionError, match="'RANGE'"):
            mo.pool(TRIALS, prediction="nobody")
        assert (
            "| `MEDIAN` | around the median | Nobody 2022 | `TOY`, `DL`, in `pool` alone | not in metafor |" in page()
        )
        assert "| `RANGE` | range of effects | not in the script |" in page()


@pytest.mark.usefixtures("toys")
class TestMeasure:
    def sizes(self):
        return mo.effect_sizes(ARMS, measure="TOY", events_t="a", n_t="na", events_c="c", n_c="nc", study="trial")

    def test_works_from_counts_to_figure(self):
        es = self.sizes()
        r = mo.pool(es, study="trial")
        assert r.measure == "TOY"
        assert r.natural(r.estimate) == pytest.approx(np.exp(r.estimate))
        assert "toy ratio" in texts(r)
        assert "toy ratio" in str(r).lower()
        assert "toy ratio" in forest_rows(r).headers["effect"].lower()
        assert expected_response(r, [0.5], 0.0)[0] == pytest.approx(0.5)
        assert "print(exp(limits), digits = 8)" in r.r_code()
        groups = mo.pool_subgroups(es.assign(by=list("xxyy")), by="by", study="trial")
        assert "toy ratio" in texts(groups)
        assert "toy ratio" in texts(mo.regress(es.assign(line=[1, 2, 1, 3]), "~ line", study="trial"))
        assert "toy ratio" in texts(mo.sensitivity.leave_one_out(r))
        pairs = pd.concat([es.assign(by="x"), es.assign(by="y", yi=es["yi"] + [0.2, 0.1, 0.4, 0.3])])
        both = mo.interaction(pairs, study="trial", by="by", contrast=("y", "x"))
        assert both.record.natural == "ratio of toy ratios"

    def test_is_among_the_options(self):
        with pytest.raises(OptionError, match="'GEN', 'TOY'"):
            mo.pool(TRIALS, measure="nobody")
        assert "| `TOY` | log toy ratio | toy ratio | `events_t`, `n_t`, `events_c`, `n_c` |" in page()


@pytest.fixture
def in_r(toys):
    """Return results whose methods R does not have, by what their script must say."""
    one = {"study": "trial", "measure": "HR"}
    lacking = "is not in metafor: tau² is given as a number"
    differs = "is not in metafor: the interval here is Wald's, and differs"
    pool = mo.pool(TRIALS, method="TOY", **one)
    return {
        "estimator": (pool, lacking),
        "interval": (mo.pool(TRIALS, ci="TWICE", **one), differs),
        "own rule": (mo.pool(TRIALS, method="TOY", ci="MEDIAN", **one), differs),
        "prediction": (mo.pool(TRIALS, prediction="RANGE", **one), "prediction interval: range of effects (RANGE)"),
        "regression": (mo.regress(TRIALS, "~ line", method="TOY", **one), lacking),
        "regression interval": (mo.regress(TRIALS, "~ line", ci="TWICE", **one), differs),
        "subgroups": (mo.pool_subgroups(TRIALS, by="kras", method="TOY", **one), lacking),
        "subgroups interval": (mo.pool_subgroups(TRIALS, by="kras", ci="TWICE", **one), differs),
        "leave one out": (mo.sensitivity.leave_one_out(pool), lacking),
        "permutation": (mo.sensitivity.permutation_test(pool), "no permutation test in metafor with TOY and HKSJ"),
        "interaction": (
            mo.interaction(PAIRS, study="trial", by="kras", contrast=("mut", "wt"), method="TOY", ci="MEDIAN"),
            differs,
        ),
    }


def test_the_script_says_what_r_lacks(in_r):
    for name, (result, says) in in_r.items():
        lines = str(result.r_code()).splitlines()
        assert any(line.startswith("#") and says in line for line in lines), name
        assert not any('"TOY"' in line or '"TWICE"' in line for line in lines), name


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is no dependency of the tests")
def test_r_runs_what_it_can(in_r, tmp_path):
    """All scripts in one run; of the estimator R arrives at the estimate, its interval and its prediction interval."""
    parts = [f"cat('\\n== {name}\\n')\n{result.r_code()}" for name, (result, _) in in_r.items()]
    file = tmp_path / "toys.R"
    file.write_text("options(digits = 15)\n" + "\n".join(parts), encoding="utf-8")
    ran = subprocess.run(["Rscript", str(file)], capture_output=True, text=True, check=False)
    if "there is no package called" in ran.stderr:
        pytest.skip("metafor is not installed")
    assert ran.returncode == 0, ran.stderr
    said = ran.stdout.split("== estimator\n")[1].split("\n== ")[0]
    numbers = [float(x) for x in said.splitlines()[-3].split()]
    r = in_r["estimator"][0]
    want = (r.estimate, r.ci_low, r.ci_high, r.prediction_low, r.prediction_high)
    np.testing.assert_allclose(numbers, want, rtol=1e-6)


def page():
    """Return the page of the documentation that lists measures and methods."""
    file = Path(__file__).parents[3] / "docs" / "make_methods.py"
    spec = importlib.util.spec_from_file_location("make_methods", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.page()
