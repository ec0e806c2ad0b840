"""Studies: what is known of intervals comes out, whoever works, and a study that stopped goes on."""

import json

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.analysis.simulation import blocks

S = mo.simulation
FIVE = 5.0  # Monte Carlo standard errors


def small(seed=1, **options):
    trials = S.grid(S.EffectTrials, k=[3, 6], tau=[0.2])
    return S.study(trials, [S.Pool(), S.Pool(ci="wald", prediction="t")], n=60, block=20, seed=seed, **options)


@pytest.fixture(scope="module")
def whole():
    return small()


def test_exact_intervals_cover_what_they_say():
    """With known variances and tau² 0 Wald's interval of a common effect is exact; so is t with equal variances."""
    exact = S.study(S.EffectTrials(k=4, mu=0.1), S.Pool(method="CE", ci="wald"), n=20_000, seed=2).table.iloc[0]
    assert exact["coverage"] == pytest.approx(0.95, abs=FIVE * exact["coverage_mcse"])
    assert exact["se_error"] == pytest.approx(0, abs=FIVE * exact["se_error_mcse"])
    assert exact["bias"] == pytest.approx(0, abs=FIVE * exact["bias_mcse"])
    even = S.study(S.EffectTrials(k=4, tau=0.3, variances=0.05), S.Pool(), n=20_000, seed=3).table.iloc[0]
    assert even["coverage"] == pytest.approx(0.95, abs=FIVE * even["coverage_mcse"])
    assert even["rejection"] == pytest.approx(0.05, abs=FIVE * even["rejection_mcse"])


@pytest.mark.parametrize(("ci", "prediction"), [("wald", "wald"), ("HKSJ", "t"), ("KR", "KR-PR"), ("HKSJ-adhoc", "HTS"),
                                                ("t", "HK-PR"), ("HKSJ", "NNF")])  # fmt: skip
def test_each_simulated_pool_is_the_pool_of_the_verb(ci, prediction):
    s = mo.simulate(S.EffectTrials(k=4, mu=0.2, tau=0.3), n=6, seed=4)
    o = S.Pool(ci=ci, prediction=prediction).run(s, 0.9)
    for i in range(len(s)):
        r = mo.pool(s.table(i), ci=ci, prediction=prediction, level=0.9)
        got = [x[i] for x in o]
        want = [r.estimate, r.se, r.ci_low, r.ci_high, r.p_value, r.prediction_low, r.prediction_high]
        np.testing.assert_allclose(got, want, rtol=1e-9)


def test_intervals_by_their_own_rule_models_of_counts_and_bayes_are_those_of_the_verbs():
    s = mo.simulate(S.ResponseTrials(k=5, rate=0.2, tau=0.4), n=2, seed=5)
    for i in range(2):
        t = s.table(i)
        hc = mo.pool(t[["yi", "vi"]], method="DL", ci="HC")
        got = S.Pool(method="DL", ci="HC").run(s, 0.95)
        np.testing.assert_allclose([got.low[i], got.high[i]], [hc.ci_low, hc.ci_high], rtol=1e-9)
        glmm = mo.pool_glmm(t, events="events", n="n", ci="t")
        got = S.PoolGlmm(ci="t").run(s, 0.95)
        np.testing.assert_allclose([got.estimate[i], got.low[i]], [glmm.estimate, glmm.ci_low], rtol=1e-9)
        bayes = mo.pool_bayes(t[["yi", "vi"]])
        got = S.PoolBayes().run(s, 0.95)
        np.testing.assert_allclose(
            [got.low[i], got.prediction_high[i]], [bayes.ci_low, bayes.prediction_high], rtol=1e-9
        )


def test_models_without_a_maximum_are_failures():
    s = mo.simulate(S.ResponseTrials(k=2, rate=0.5, n=1), n=8, seed=1)
    assert np.isnan(S.PoolGlmm().run(s, 0.95).estimate).all()


def test_tests_between_subgroups_are_those_of_the_verb():
    s = mo.simulate(S.EffectTrials(k=7, tau=0.2, split="between", interaction=0.4), n=4, seed=6)
    tests = {"F": S.BetweenSubgroups(), "floor": S.BetweenSubgroups(test="F-floor"),
             "chi": S.BetweenSubgroups(test="chi-square", ci="wald")}  # fmt: skip
    found = {name: test.run(s, 0.95).p for name, test in tests.items()}
    for i in range(len(s)):
        r = mo.pool_subgroups(s.table(i), by="subgroup", study="trial", ci="wald")
        want = [r.f_between_p, r.f_floor_p, r.q_between_p]
        np.testing.assert_allclose([found[name][i] for name in tests], want, rtol=1e-8)


def test_interactions_within_trials_are_those_of_the_verb():
    s = mo.simulate(S.SurvivalTrials(k=5, split="within", interaction=0.3, tau=0.2), n=3, seed=7)
    o = S.WithinTrials().run(s, 0.95)
    for i in range(len(s)):
        r = mo.interaction(
            s.table(i), study="trial", by="subgroup", contrast=("mutant", "wild type"), method="REML", ci="HKSJ"
        )
        np.testing.assert_allclose(o.estimate[i], r.estimate, rtol=1e-9)


def test_sizes_are_those_of_an_earlier_simulation():
    """Notes of 20,000 repeats by other code: F .050 and .056 (k = 3 + 3, tau² 0 and .04), chi-square .124 and .135."""
    trials = S.grid(S.EffectTrials, k=[6], split=["between"], tau=[0.0, 0.2])
    t = S.study(trials, [S.BetweenSubgroups(), S.BetweenSubgroups(test="chi-square")], n=4000, seed=8).table
    for got, error, want in zip(t["rejection"], t["rejection_mcse"], [0.050, 0.124, 0.056, 0.135], strict=True):
        assert got == pytest.approx(want, abs=FIVE * error)


def test_a_seed_that_was_drawn_makes_the_same_study():
    one = S.study(S.EffectTrials(k=3), S.Pool(), n=30)
    two = S.study(S.EffectTrials(k=3), S.Pool(), n=30, seed=one.seed)
    pd.testing.assert_frame_equal(one.table, two.table)


def test_workers_of_joblib_that_is_in_use_make_the_same_study(whole):
    joblib = pytest.importorskip("joblib")
    with joblib.parallel_config(backend="threading", n_jobs=2):
        pd.testing.assert_frame_equal(small().table, whole.table)


@pytest.mark.slow
def test_processes_make_the_same_study(whole):
    pd.testing.assert_frame_equal(small(n_jobs=2).table, whole.table)


@pytest.mark.slow
def test_a_cluster_of_two_workers_makes_the_same_study(whole):
    joblib = pytest.importorskip("joblib")
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        pd.testing.assert_frame_equal(small().table, whole.table)


def test_what_is_done_is_not_done_again(tmp_path, whole, monkeypatch):
    seen, real = [], blocks.done

    def stopped(block, *rest):
        if len(seen) == 4:
            raise KeyboardInterrupt
        seen.append(block.number)
        return real(block, *rest)

    monkeypatch.setattr(blocks, "done", stopped)
    with pytest.raises(KeyboardInterrupt):
        small(resume=tmp_path / "study")
    assert len(list((tmp_path / "study").glob("block-*.json"))) == 4
    monkeypatch.setattr(blocks, "done", lambda block, *rest: (seen.append(block.number), real(block, *rest))[1])
    pd.testing.assert_frame_equal(small(resume=tmp_path / "study").table, whole.table)
    assert seen == [0, 1, 2, 3, 4, 5]
    pd.testing.assert_frame_equal(small(resume=tmp_path / "study").table, whole.table)
    assert len(seen) == 6


def test_other_settings_are_refused(tmp_path):
    small(resume=tmp_path / "study")
    with pytest.raises(mo.OptionError, match="seed was 1 and is 2"):
        small(resume=tmp_path / "study", seed=2)


def test_damaged_and_foreign_files_are_refused(tmp_path):
    small(resume=tmp_path / "study")
    (tmp_path / "study" / "block-0000001.json").write_text("[1")
    with pytest.raises(mo.DataError, match=r"block-0000001.json.*remove it"):
        small(resume=tmp_path / "study")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(mo.DataError, match="holds other files"):
        small(resume=tmp_path / "mine")
    with pytest.raises(mo.DataError, match="cannot be used"):
        small(resume=tmp_path / "mine" / "notes.txt")
    (tmp_path / "study" / "study.json").write_text(json.dumps([1]))
    with pytest.raises(mo.DataError, match="remove it"):
        small(resume=tmp_path / "study")


def test_a_bar_of_progress(capsys):
    pytest.importorskip("tqdm")
    small(progress=True)
    assert "6/6" in capsys.readouterr().err


def test_the_result(whole):
    assert len(whole) == 4
    assert whole["coverage"].between(0, 1).all()
    assert whole.pivot("width").shape == (2, 2)
    assert "60 meta-analyses in each of 2 scenarios, 2 analyses of each, seed 1" in str(whole)
    again = mo.results.from_dict(whole.to_dict())
    pd.testing.assert_frame_equal(again.table, whole.table)
    with pytest.raises(mo.OptionError, match="measure='cover' is not an option"):
        whole.pivot("cover")


@pytest.mark.parametrize(("scenarios", "analyses", "said"), [
    ([], S.Pool(), "one scenario"),
    (S.EffectTrials(), [], "one analysis"),
    ("a", S.Pool(), "no scenario"),
    (S.EffectTrials(), "REML", "no analysis"),
    (S.EffectTrials(split="within"), S.Pool(), "WithinTrials"),
    (S.EffectTrials(), S.WithinTrials(), "split='within'"),
    (S.EffectTrials(), S.BetweenSubgroups(), "split='between'"),
    (S.EffectTrials(k=2, split="between"), S.BetweenSubgroups(), "three trials"),
    (S.EffectTrials(), S.PoolGlmm(), "ResponseTrials"),
    (S.ResponseTrials(), S.PoolGlmm(model="UM.FS"), "of two arms"),
    (S.EffectTrials(), [S.Pool(), S.Pool()], "more than once"),
    ([S.EffectTrials()] * 2, S.Pool(), "more than once"),
])  # fmt: skip
def test_studies_that_make_no_sense_are_refused(scenarios, analyses, said):
    with pytest.raises(mo.OptionError, match=said):
        S.study(scenarios, analyses, n=2, seed=1)


@pytest.mark.parametrize("make", [
    lambda: S.Pool(ci="HC"), lambda: S.Pool(method="X"), lambda: S.BetweenSubgroups(ci="HC"),
    lambda: S.PoolGlmm(ci="KR"), lambda: S.WithinTrials(method="DL", ci="KR"), lambda: S.Pool(prediction="HC"),
])  # fmt: skip
def test_methods_that_do_not_exist_or_do_not_go_together_are_refused(make):
    with pytest.raises(mo.OptionError):
        make()
