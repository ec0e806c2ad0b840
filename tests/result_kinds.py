"""Every kind of result that the public functions return, small and made up; by class, with the words to expect."""

import sys
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import MethodWarning

rng = np.random.default_rng(5)
TABLE = pd.DataFrame(
    {
        "trial": list("ABCDEFGH"),
        "yi": rng.normal(-0.3, 0.3, 8),
        "vi": rng.uniform(0.02, 0.2, 8),
        "kras": list("mmmmwwww"),
        "line": [1, 2, 3, 1, 2, 3, 1, 2],
    }
)
COUNTS = pd.DataFrame(
    {"trial": list("ABCD"), "x": [5, 9, 0, 12], "n": [20, 30, 15, 40], "y": [9, 8, 4, 15], "m": [21, 31, 15, 40]}
)
ARMS = {"events_t": "x", "n_t": "n", "events_c": "y", "n_c": "m", "study": "trial"}
ONE = {"events": "x", "n": "n", "study": "trial"}
TWICE = TABLE.assign(trial=list("ABCDABCD"), measure="HR")
LEVELS = pd.DataFrame({"trial": list("AABBCCCDD"), "yi": rng.normal(0, 0.4, 9), "vi": [0.05] * 9}).assign(
    line=["a", "b", "a", "b", "a", "b", "c", "b", "c"]
)
OUTCOMES = pd.DataFrame(
    {
        "trial": list("ABCD"),
        "os": [-0.5, -0.3, 0.4, -0.4],
        "pfs": [-0.6, -0.2, 0.5, np.nan],
        "v1": [0.04, 0.03, 0.05, 0.02],
        "v2": [0.05, 0.04, 0.06, np.nan],
        "c": [0.02, 0.02, 0.03, np.nan],
    }
)
PATIENTS = {"time": np.arange(1.0, 13.0), "event": [1, 1, 0, 1] * 3, "arm": ["new", "old"] * 6}
times = rng.weibull(1.1, 240) * np.tile([12.0, 9.0], 120)
ends = np.repeat([24.0, 16.0, 24.0, 30.0], 60) * rng.uniform(0.6, 1, 240)
TRIALS = pd.DataFrame({"trial": np.repeat(list("ABCD"), 60), "arm": ["new", "old"] * 120,
                       "time": np.minimum(times, ends).round(2) + 0.01,
                       "event": (times < ends).astype(int)})  # fmt: skip
healed = np.where(rng.random(200) < 0.4, 99, rng.exponential(4, 200)).round(2) + 0.01
CURED = {"time": np.minimum(healed, 30), "event": healed < 30, "arm": ["new", "old"] * 100}
FILES = Path(__file__).parent / "data" / "files"


def pool(rows=8, **options):
    return mo.pool(TABLE.head(rows), study="trial", **{"measure": "HR"} | options)


def skewed():
    table = {"trial": list("ABCDEF"), "yi": [-1.4, -1.1, -0.8, -0.5, -0.4, -0.3],
             "vi": [0.3, 0.2, 0.12, 0.05, 0.03, 0.02]}  # fmt: skip
    return mo.pool(table, study="trial", measure="HR")


def believed(**options):
    biases = {"bias": [0.1, -0.2, 0, 0, 0.1, 0, 0, 0], "sd": [0.2, 0.3, 0, 0.1, 0.1, 0, 0, 0], "factor": [1.2] * 8}
    return mo.pool(TABLE.assign(**biases), study="trial", measure="HR", **options)


def odds_ratios():
    return mo.pool(mo.effect_sizes(COUNTS.assign(x=[5, 9, 3, 12]), measure="OR", **ARMS), study="trial")


def several(**options):
    return mo.interaction(LEVELS, study="trial", by="line", levels=("a", "b", "c"), measure="HR", **options)


def odds():
    return mo.pool(mo.effect_sizes(COUNTS[COUNTS["x"] > 0], measure="OR", **ARMS), study="trial")


def rates():
    return mo.pool(mo.effect_sizes(COUNTS[COUNTS["x"] > 0], measure="PLO", **ONE), study="trial")


def outcomes(**options):
    both = [["v1", "c"], ["c", "v2"]]
    return mo.pool_multivariate(OUTCOMES, yi=["os", "pfs"], cov=both, study="trial", measure="HR", **options)


def regress(formula="~ line + kras", **options):
    return mo.regress(TABLE, formula, study="trial", measure="HR", **options)


def judged(tool="RoB 2", trials="ABCDEFG"):
    record = mo.ROB_TOOLS[tool]
    worst = np.resize([one.word for one in record.judgements[:3]], len(trials))
    columns = {code: worst if code == "D2" else ["Low"] * len(trials) for code in record.domains}
    return mo.read_risk_of_bias({"Study": list(trials), **columns, "Overall": worst}, tool=tool)


def curves():
    return mo.survival.hazard_ratio_from_curves(
        [0, 3, 6, 9, 12], [1, 0.9, 0.8, 0.7, 0.6], [1, 0.85, 0.7, 0.55, 0.4], n_t=100, n_c=100, follow_up=(6, 24)
    )


def fitted():
    from lifelines import CoxPHFitter

    table = pd.DataFrame(PATIENTS).assign(arm=[1, 0] * 6, age=[5, 3, 9, 4, 6, 8, 2, 7, 1, 3, 5, 4])
    return mo.survival.hazard_ratio(CoxPHFitter().fit(table, "time", "event", robust=True), arm="arm")


def arms():
    points = {"arm": ["A"] * 6 + ["B"] * 6, "time": [0, 2, 4, 6, 8, 10] * 2,
              "survival": [1, 0.8, 0.7, 0.55, 0.5, 0.42, 1, 0.7, 0.52, 0.4, 0.3, 0.21]}  # fmt: skip
    return mo.curves.reconstruct_arms(points, points="clicks", n={"A": 60, "B": 60}, events={"A": 30, "B": 44})


def ensemble():
    return mo.survival.hazard_ratio_of_ensemble(arms().ensemble(20, seed=1), control="B")


def survival_curves():
    return pd.DataFrame({"trial": list("AAABBBCCCDDD"), "time": [6.0, 12, 18] * 4, "kras": list("mmmmmmwwwwww"),
                         "s": [0.8, 0.5, 0.3, 0.7, 0.4, 0.2, 0.9, 0.7, 0.5, 0.85, 0.6, 0.55],
                         "n": [50, 40, 22, 80, 55, 30, 60, 50, 41, 33, 27, 20]})  # fmt: skip


def pooled_curves(rows=12, **options):
    return mo.survival.pool_curves(survival_curves().head(rows), study="trial", survival="s", n_risk="n", **options)


MEDIANS = pd.DataFrame(
    {"trial": list("ABCDE"), "m": [8.1, 10.5, 13.0, 7.2, 9.9], "lo": [6.9, 8.0, 9.1, 6.0, 8.8],
     "hi": [9.9, 13.6, np.nan, 9.0, 11.2], "m2": [6.1, 9.5, 10.0, 7.0, 8.0], "lo2": [5.0, 8.1, 8.8, 5.5, 7.1],
     "hi2": [7.5, 11.6, 13.0, 9.1, 9.6], "n": [50, 60, 30, 44, 90], "kras": ["mut", "wt", "wt", "mut", "mut"],
     "end": [30.0] * 5}
)  # fmt: skip


def pooled_medians(**options):
    table = MEDIANS.astype({"m": object})
    table.loc[2, "m"] = "NR"
    return mo.survival.pool_medians(table, study="trial", median="m", ci_low="lo", ci_high="hi", at_least="end",
                                    **options)  # fmt: skip


def mixed():
    reports = {"study": ["C", "G"], "hr": [0.7, 0.8], "lo": [0.55, 0.6], "hi": [0.89, 1.07]}
    es = mo.effect_sizes(reports, measure="HR", study="study", hr="hr", ci_low="lo", ci_high="hi")
    events = {"study": ["G", "H"], "events_t": [60, 0], "n_t": [120, 90], "events_c": [90, 50], "n_c": [118, 92]}
    return mo.survival.pool_mixed(patients=trials(3).rename(columns={"trial": "study"}), control="old",
                                  figures={"F": curves()}, reported=es, counts=events)  # fmt: skip


def trials(k=5, n=30):
    rng = np.random.default_rng(8)
    d = pd.DataFrame({"trial": np.repeat(list("ABCDEF")[:k], n), "arm": ["new", "old"] * (k * n // 2),
                      "kras": rng.choice(["mut", "wt"], k * n)})  # fmt: skip
    hazard = 0.1 * np.exp(rng.normal(0, 0.4, k).repeat(n) - 0.5 * (d["arm"] == "new") * (d["kras"] == "wt"))
    died, left = rng.exponential(1 / hazard), rng.uniform(5, 30, k * n)
    return d.assign(time=np.minimum(died, left).round(1), event=(died <= left).astype(int))


def trial_sets(k=5, m=3):
    """Return plausible sets of the patients of trials: events and times differ a little."""
    d, rng = trials(k), np.random.default_rng(4)
    return pd.concat(
        [d.assign(draw=i, event=np.where(rng.random(len(d)) < 0.05, 1 - d["event"], d["event"]),
                  time=(d["time"] * rng.uniform(0.95, 1.05, len(d))).round(2)) for i in range(m)],
        ignore_index=True,
    )  # fmt: skip


def read():
    P = mo.curves.AxisPoint
    axes = [P(100, 500, x=0), P(700, 500, x=60), P(100, 500, y=0), P(100, 100, y=1)]
    return mo.curves.from_pixels({"drug": [(100, 100), (220, 180), (400, 300)]}, axes)


def updated():
    """Return a table as it was updated: a trial changed, one added, one removed."""
    changed = TABLE.assign(yi=np.where(TABLE["trial"] == "B", TABLE["yi"] + 0.3, TABLE["yi"]))
    more = pd.DataFrame({"trial": ["Z"], "yi": [0.4], "vi": [0.05], "kras": ["m"], "line": [2]})
    return pd.concat([changed[changed["trial"] != "C"], more], ignore_index=True)


def evidence(newer):
    rows = {
        "trial": ["A", "B", "C", "D"], "outcome": ["os"] * 4, "arm": ["new"] * 4, "comparator": ["old"] * 4,
        "hr": [0.7, 0.8, 0.9, 0.6], "hr_low": [0.5, 0.6, 0.7, 0.4], "hr_high": [0.98, 1.07, 1.16, 0.9],
        "published": ["2019", "2020-05", "2020", "2021"],
    }  # fmt: skip
    table = pd.DataFrame(rows)
    if not newer:
        return table.head(3)
    newest = {"hr": [0.75, 0.8, 0.9, 0.6], "hr_low": [0.54, 0.6, 0.7, 0.4], "hr_high": [1.04, 1.07, 1.16, 0.9]}
    return table.assign(**newest, published=["2022", *rows["published"][1:]])


SEVERAL_GROUPS = {"time": [3, 5, 7, 2, 4, 6, 1, 2, 3, 8, 9], "event": [1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0],
                  "arm": list("aaabbbcccdd")}  # fmt: skip

MADE = {
    "UpdateResult": [
        lambda: mo.compare(pool(), mo.pool(updated(), study="trial", measure="HR")),
        lambda: mo.compare(pool(), mo.pool(updated(), study="trial", measure="HR", method="CE", ci="wald")),
        lambda: mo.compare(mo.pool_peto(COUNTS.head(3), **ARMS), mo.pool_peto(COUNTS, **ARMS)),
        lambda: mo.compare(mo.pool_subgroups(TABLE, by="kras", study="trial", measure="HR"),
                           mo.pool_subgroups(updated(), by="kras", study="trial", measure="HR")),
        lambda: mo.compare(evidence(newer=False), evidence(newer=True), outcome="os"),
    ],
    "EvidenceChanges": [lambda: mo.compare(evidence(newer=False), evidence(newer=True))],
    "MetaResult": [pool, lambda: pool(1), lambda: pool(2), lambda: pool(method="CE", ci="wald")],
    "MantelHaenszelResult": [lambda: mo.pool_mantel_haenszel(COUNTS, measure="OR", **ARMS)],
    "PetoResult": [lambda: mo.pool_peto(COUNTS, **ARMS), lambda: mo.pool_peto(COUNTS.head(1), **ARMS)],
    "GlmmResult": [
        lambda: mo.pool_glmm(COUNTS, **ONE),
        lambda: mo.pool_glmm(COUNTS.head(1), **ONE),
        lambda: mo.pool_glmm(COUNTS, measure="OR", **ARMS),
    ],
    "BetaBinomialResult": [lambda: mo.pool_beta_binomial(COUNTS, **ONE)],
    "BayesResult": [lambda: mo.pool_bayes(TABLE, study="trial", measure="HR")],
    "MultilevelResult": [
        lambda: mo.pool_multilevel(TWICE, levels=["trial", "kras"]),
        lambda: mo.pool_multilevel(TWICE, levels=["trial", "kras"]).robust(cluster="trial"),
    ],
    "SubgroupResult": [
        lambda: mo.pool_subgroups(TABLE, by="kras", study="trial", measure="HR"),
        lambda: mo.pool_subgroups(TABLE.head(5), by="kras", study="trial", measure="HR"),
        lambda: mo.pool_subgroups(TABLE.head(4), by="kras", study="trial", measure="HR"),
        lambda: mo.pool_subgroups(TABLE, by="line", study="trial", common_tau2=True),
    ],
    "InteractionResult": [
        lambda: mo.interaction(TWICE, study="trial", by="kras", contrast=("m", "w")),
        lambda: mo.interaction(
            TWICE.iloc[[0, 1, 4]], study="trial", by="kras", contrast=("m", "w"), method="CE", ci="wald"
        ),
    ],
    "InteractionLevelsResult": [lambda: several(structure="exchangeable"), lambda: several(method="CE"),
                                lambda: several(trend=True)],
    "RegressionResult": [regress, lambda: regress("~ line * kras"), lambda: regress("~ 0 + kras", ci="wald"),
                         lambda: regress("~ 1"), lambda: regress("~ line", method="CE", ci="wald"),
                         lambda: regress("~ 0 + C(kras) + line", method="DL")],
    "MultilevelRegressionResult": [
        lambda: mo.regress_multilevel(TWICE, "~ line", levels=["trial", "kras"]),
        lambda: mo.regress_multilevel(TWICE, "~ line + kras", levels=["trial"], ci="t").robust(cluster="trial"),
    ],
    "MultivariateResult": [outcomes, lambda: outcomes(structure="diagonal", method="ML")],
    "InfluenceResult": [
        lambda: mo.sensitivity.influence(mo.pool_peto(COUNTS, **ARMS)),
        lambda: mo.sensitivity.influence(mo.pool_beta_binomial(COUNTS, **ONE)),
        lambda: mo.sensitivity.influence(pool()),
        lambda: mo.sensitivity.influence(pool(ci="wald", method="CE")),
        lambda: mo.sensitivity.influence(regress("~ line")),
        lambda: mo.sensitivity.influence(outcomes(), reestimate=False),
        lambda: mo.sensitivity.influence(mo.pool_multilevel(TWICE, levels=["trial", "kras"])),
    ],
    "GoshResult": [
        lambda: mo.sensitivity.gosh(pool()),
        lambda: mo.sensitivity.gosh(pool(ci="wald"), subsets=50, seed=1),
    ],
    "MultiverseResult": [
        lambda: mo.sensitivity.multiverse(pool(), exclude={"one trial": 1, "wild type": {"kras": "w"}}),
        lambda: mo.sensitivity.multiverse(rates(), measures=["PAS"], benchmark=0.3, intervals=["wald"]),
        lambda: mo.sensitivity.multiverse(rates(), estimators=["REML"], intervals=["HKSJ"]),
        lambda: mo.sensitivity.multiverse(mo.pool_peto(COUNTS, **ARMS), exclude={"one trial": 1}, measures=["RR"]),
        lambda: mo.sensitivity.multiverse(mo.pool_beta_binomial(COUNTS, **ONE), benchmark=0.3, measures=["PAS"]),
    ],
    "BootstrapResult": [
        lambda: mo.sensitivity.bootstrap(pool(), n=200, seed=1),
        lambda: mo.sensitivity.bootstrap(pool(ci="wald", method="CE"), n=200, seed=1, kind="parametric"),
        lambda: mo.sensitivity.bootstrap(rates(), n=200, seed=1),
    ],
    "LeaveKOutResult": [
        lambda: mo.sensitivity.leave_k_out(pool()),
        lambda: mo.sensitivity.leave_k_out(pool(ci="wald", method="CE"), k=4, subsets=20, seed=1),
        lambda: mo.sensitivity.leave_k_out(rates()),
    ],
    "TippingPointResult": [
        lambda: mo.sensitivity.tipping_point(pool(), sizes=[50, 200]),
        lambda: mo.sensitivity.tipping_point(pool(method="CE", ci="wald")),
        lambda: mo.sensitivity.tipping_point(rates(), benchmark=0.15),
        lambda: mo.sensitivity.tipping_point(odds()),
    ],
    "OverCutsResult": [
        lambda: mo.over_cuts(evidence(newer=True), outcome="os"),
        lambda: mo.over_cuts(pd.concat([evidence(newer=True).assign(subgroup_variable="kras", subgroup_level=x)
                                        for x in ("m", "w")]), outcome="os", by="kras"),
    ],
    "MonitoringResult": [
        lambda: mo.sensitivity.monitor(mo.over_cuts(evidence(newer=True), outcome="os"), minimal=0.8),
        lambda: mo.sensitivity.monitor(mo.sensitivity.cumulative(pool()), minimal=0.8),
        lambda: mo.sensitivity.monitor(mo.sensitivity.cumulative(pool(method="CE", ci="wald")), minimal=0.5, power=0.8,
                                       spending="Pocock", heterogeneity="none"),
    ],
    "EValueResult": [
        lambda: mo.sensitivity.e_value(pool(method="CE", ci="wald"), rare=False),
        lambda: mo.sensitivity.e_value(odds_ratios(), rare=True),
    ],
    "RiskOfBiasResult": [
        lambda: mo.sensitivity.risk_of_bias(pool(), judged()),
        lambda: mo.sensitivity.risk_of_bias(rates(), judged("QUADAS-2", "ABD"), domain="D2"),
    ],
    "CertaintyResult": [
        lambda: mo.certainty(pool(), design="randomised", risk_of_bias=judged(trials="ABCDEFGH"),
                             minimal_difference=0.9, indirectness=("serious", "patients were younger")),
        lambda: mo.certainty(rates(), design="single-arm", threshold=0.2, precision=10),
        lambda: mo.certainty(odds_ratios(), design="non-randomised", minimal_difference=0.8, confounding="yes"),
    ],
    "AbsoluteEffect": [
        lambda: mo.absolute_effect(pool(), baseline={"low risk": 0.8, "high risk": 0.3}, at="12 months",
                                   event="unfavourable", name="death"),
        lambda: mo.absolute_effect(odds_ratios(), baseline=rates(), event="favourable", draws=1000),
    ],
    "RobustnessResult": [
        lambda: mo.robustness(pool()),
        lambda: mo.robustness(odds_ratios()),
        lambda: mo.robustness(rates(), benchmark=0.2),
        lambda: mo.robustness(rates()),
    ],
    "BlupResult": [lambda: mo.sensitivity.blup(pool()), lambda: mo.sensitivity.blup(regress("~ line"))],
    "FragilityResult": [
        lambda: mo.sensitivity.fragility(odds()),
    ],
    "TrialFragilityResult": [lambda: mo.sensitivity.fragility_of_trials(COUNTS, **ARMS)],
    "PermutationResult": [
        lambda: mo.sensitivity.permutation_test(pool()),
        lambda: mo.sensitivity.permutation_test(regress("~ line"), n=50, exact=False, seed=1),
        lambda: mo.sensitivity.permutation_test(mo.pool_subgroups(TABLE, by="kras", study="trial", measure="HR")),
    ],
    "SimulationResult": [
        lambda: mo.simulation.study(
            mo.simulation.grid(mo.simulation.EffectTrials, k=[3, 5]),
            [mo.simulation.Pool(), mo.simulation.Pool(ci="wald", prediction="t")], n=50, seed=1),
        lambda: mo.simulation.study(mo.simulation.EffectTrials(k=4, split="within"), mo.simulation.WithinTrials(), n=50,
                                    seed=1),
    ],
    "PlanResult": [
        lambda: mo.plan(ratio=0.7, k=6, events=300, share=0.4, tau=0.1),
        lambda: mo.plan("OR", ratio=2, k=5, power=0.8, rate=0.3, test="z"),
    ],
    "RegressionTestResult": [
        lambda: mo.bias.egger(pool()),
        lambda: mo.bias.egger(pool(3), model="random", predictor="vi"),
        lambda: mo.bias.harbord(odds_ratios()),
        lambda: mo.bias.regression_test(odds_ratios(), test="macaskill"),
    ],
    "RankTestResult": [lambda: mo.bias.begg(pool()), lambda: mo.bias.rank_test(odds_ratios(), test="schwarzer")],
    "TrimFillResult": [lambda: mo.bias.trim_fill(pool()), lambda: mo.bias.trim_fill(skewed(), estimator="R0")],
    "PetPeeseResult": [lambda: mo.bias.pet_peese(pool()), lambda: mo.bias.pet_peese(skewed(), method="PEESE")],
    "BiasAdjustedResult": [
        lambda: mo.bias.bias_adjusted(believed(), additive="bias", additive_sd="sd"),
        lambda: mo.bias.bias_adjusted(believed(ci="wald"), proportional="factor", proportional_sd="sd"),
    ],
    "LimitResult": [lambda: mo.bias.limit_meta_analysis(skewed())],
    "ExcessResult": [lambda: mo.bias.excess_significance(pool()),
                     lambda: mo.bias.excess_significance(skewed(), effect="pooled", alternative="less", test="chi2")],
    "FailSafeResult": [
        lambda: mo.bias.fail_safe_n(skewed(), method="Orwin"),
        lambda: mo.bias.fail_safe_n(pool(), method="General"),
    ],
    "SelectionResult": [
        lambda: mo.bias.selection_model(pool(), steps=[0.025]),
        lambda: mo.bias.selection_model(pool(), steps=[0.025, 0.5], delta=[1, 0.8, 0.5]),
        lambda: mo.bias.selection_model(pool(method="CE", ci="wald"), function="negexp", precision="sei"),
        lambda: mo.bias.selection_model(pool(), function="trunc"),
    ],
    "CopasResult": [
        lambda: mo.bias.copas(skewed(), publication=[0.9, 0.5], points=4),
        lambda: mo.bias.copas(pool(method="CE", ci="wald"), alternative="two-sided", publication=[0.6], points=3),
    ],
    "PUniformResult": [lambda: mo.bias.p_uniform(pool()), lambda: mo.bias.p_uniform(pool(method="CE", ci="wald"))],
    "KaplanMeier": [
        lambda: mo.survival.kaplan_meier(PATIENTS, by="arm", unit="months"),
        lambda: mo.survival.kaplan_meier(PATIENTS),
    ],
    "LogRankTest": [
        lambda: mo.survival.log_rank(mo.survival.kaplan_meier(PATIENTS, by="arm")),
        lambda: mo.survival.log_rank(mo.survival.kaplan_meier(pd.DataFrame(TRIALS), by="arm")),
    ],
    "PairwiseHazardRatios": [
        lambda: mo.survival.pairwise_hazard_ratios(mo.survival.kaplan_meier(PATIENTS, by="arm"), reference="old"),
        lambda: mo.survival.pairwise_hazard_ratios(
            mo.survival.kaplan_meier(SEVERAL_GROUPS, by="arm", level=0.9), reference="c", ties="breslow"
        ),
    ],
    "CoxHazardRatio": [lambda: mo.survival.hazard_ratio(PATIENTS, control="old")],
    "BoundedHazardRatio": [
        lambda: mo.survival.hazard_ratio(PATIENTS | {"event": [0, 1, 0, 1, 0, 1] * 2}, control="old"),
        lambda: mo.survival.hazard_ratio(PATIENTS | {"event": [0, 1, 0, 1, 0, 1] * 2}, control="new", level=0.9),
    ],
    "CoxModelResult": [
        lambda: mo.survival.cox_model(PATIENTS | {"old": [1, 0, 0] * 4, "new": [1, 0] * 6},
                                      covariates=["new", "old"]),
        lambda: mo.survival.cox_model(PATIENTS | {"new": [1, 0] * 6, "site": list("ab" * 3 + "ba" * 3)},
                                      covariates=["new"], strata="site", ties="breslow", level=0.9),
    ],
    "PhTestResult": [lambda: mo.survival.ph_test(PATIENTS, control="old")],
    "FollowUpResult": [
        lambda: mo.survival.follow_up(PATIENTS, by="arm", unit="months"), lambda: mo.survival.follow_up(PATIENTS)
    ],
    "RmstResult": [lambda: mo.survival.rmst(PATIENTS, control="old", horizons=[4, 8], unit="months"),
                   lambda: mo.survival.rmst(PATIENTS, control="old", horizons=1.5)],
    "RmstByTrial": [
        lambda: mo.survival.rmst_by_trial(TRIALS, control="old", horizons=[6, 12, 20]),
        lambda: mo.survival.rmst_by_trial(TRIALS, control="old", horizons=0.1, level=0.9),
    ],
    "MilestoneResult": [lambda: mo.survival.milestone(PATIENTS, control="old", times=[4, 8], unit="months"),
                        lambda: mo.survival.milestone(PATIENTS, control="old", times=1.5)],
    "WeightedLogRankResult": [lambda: mo.survival.max_combo(PATIENTS, control="old"),
                              lambda: mo.survival.weighted_log_rank(PATIENTS, control="old")],
    "SurvivalModelResult": [
        lambda: mo.survival.parametric(PATIENTS, control="old", unit="months"),
        lambda: mo.survival.royston_parmar(PATIENTS, control="old", time_varying=True, scale="odds"),
        lambda: mo.survival.cure_model(CURED, control="old"),
    ],
    "ModelComparison": [
        lambda: mo.survival.compare_models(PATIENTS, control="old", unit="months", knots=[1, 9], scales=["odds"]),
        lambda: mo.survival.compare_models(TRIALS, study="trial", control="old", distributions=["exp", "lnorm"],
                                           knots=[1], scales=["hazard"]),
    ],
    "FlexibleResult": [
        lambda: mo.survival.pool_flexible(TRIALS, control="old", unit="months"),
        lambda: mo.survival.pool_flexible(TRIALS, control="old", model="weibull", method="MM"),
        lambda: mo.survival.pool_flexible(TRIALS, control="old", model="royston-parmar", knots=1),
    ],
    "PooledRmstResult": [
        lambda: mo.survival.pool_rmst(TRIALS, control="old", horizons=[6, 12, 20], unit="months"),
        lambda: mo.survival.pool_rmst(TRIALS, control="old", horizons=6, method="DL", ci="wald"),
    ],
    "TimeVaryingResult": [
        lambda: mo.survival.pool_time_varying(TRIALS, control="old", unit="months"),
        lambda: mo.survival.pool_time_varying(TRIALS, control="old", cuts=[5]),
    ],
    "FittedHazardRatio": [fitted],
    "CurveHazardRatio": [curves],
    "EnsembleHazardRatio": [ensemble],
    "MixedPool": [mixed],
    "PooledMedians": [
        lambda: pooled_medians(unit="months"),
        lambda: pooled_medians(by="kras", n="n"),
        lambda: mo.survival.pool_medians(
            MEDIANS, study="trial", median_t="m", ci_low_t="lo", ci_high_t="hi", median_c="m2", ci_low_c="lo2",
            ci_high_c="hi2"),
    ],
    "IpdPool": [
        lambda: mo.survival.pool_ipd(trials(), study="trial", control="old"),
        lambda: mo.survival.pool_ipd(trials(), study="trial", control="old", method="laplace"),
        lambda: mo.survival.pool_ipd(trials(3), study="trial", control="old", treatment="common", ties="breslow"),
        lambda: mo.survival.pool_ipd(trials(3), study="trial", control="old", method="bayes",
                                     tau_prior=mo.HalfNormal(0.5), effect_prior=mo.Normal(0, 2)),
        lambda: mo.survival.pool_ipd(trials(1), study="trial", control="old", treatment="common"),
        lambda: mo.survival.pool_ipd(trials(3), control="old", cuts=[5, 12]),
        lambda: mo.survival.pool_ipd(trials(2), control="old", cuts=[], treatment="common"),
        lambda: mo.survival.pool_ipd(trials(1), control="old", method="bayes"),
        lambda: mo.survival.pool_ipd(trial_sets(), control="old", draw="draw"),
    ],
    "FrailtyPool": [
        lambda: mo.survival.pool_frailty(trials(), study="trial", control="old"),
        lambda: mo.survival.pool_frailty(trials(), study="trial", control="old", frailty="gamma"),
        lambda: mo.survival.pool_frailty(trials(), study="trial", control="old", treatment="correlated"),
        lambda: mo.survival.pool_frailty(trial_sets(), control="old", treatment="random", draw="draw"),
    ],
    "IpdInteraction": [
        lambda: mo.survival.ipd_interaction(trials(), study="trial", control="old", by="kras", contrast=("mut", "wt")),
        lambda: mo.survival.ipd_interaction(trial_sets(), control="old", by="kras", contrast=("mut", "wt"),
                                            draw="draw"),
    ],
    "PooledCurves": [
        pooled_curves,
        lambda: pooled_curves(by="kras", unit="months"),
        lambda: pooled_curves(3, method="CE", draws=1000),
    ],
    "SubsetsResult": [
        lambda: mo.sensitivity.leave_one_out(pool()),
        lambda: mo.sensitivity.leave_one_out(pool(2)),
        lambda: mo.sensitivity.cumulative(pool()),
        lambda: mo.sensitivity.cumulative(pool(1)),
        lambda: mo.sensitivity.leave_one_out(mo.interaction(TWICE, study="trial", by="kras", contrast=("m", "w"))),
        lambda: mo.sensitivity.leave_one_out(mo.pool_mantel_haenszel(COUNTS, measure="OR", **ARMS)),
        lambda: mo.sensitivity.cumulative(mo.pool_beta_binomial(COUNTS, **ONE)),
        lambda: mo.sensitivity.leave_one_out(mo.pool_subgroups(TABLE.head(5), by="kras", study="trial", measure="HR")),
        lambda: mo.sensitivity.cumulative(outcomes()),
        lambda: mo.sensitivity.leave_one_out(mo.regress(TABLE, "~ line", study="trial", measure="PLO")),
    ],
}  # fmt: skip
STEPS = {
    "Digitized": [read, lambda: mo.curves.digitize(FILES.parent / "digitize" / "figures" / "survminer.svg")],
    "Reconstruction": [lambda: arms().arms["A"]],
    "ReconstructedArms": [arms],
    "Ensemble": [lambda: arms().ensemble(20, seed=1)],
    "ModelledPatients": [lambda: mo.curves.ipd_from_summary(n=60, median=6.5, events=40)],
    "PublishedCheck": [
        lambda: mo.survival.check_published(arms(), control="B", hr=0.6, ci_low=0.4, ci_high=0.9, medians={"A": 9.0}),
        lambda: mo.survival.check_published(arms(), medians={"A": None}),
    ],
    "Combined": [lambda: mo.survival.combine([1.0, 2.0, 3.0], [0.5, 0.5, 0.5])],
    "LogHazardRatio": [],
    "TwoArmHazardRatio": [],
    "TimesResult": [],
}
# steps on the way to an effect: what they gave is told by the texts of the pool that takes it
WITHOUT = set(STEPS)


# what cases warn of when they are made; all others warn of nothing
WARNED = dict.fromkeys(["CurveHazardRatio 1", "MixedPool 1"], "^the intervals are coarse: ")


def once(make, said=None):
    """Return a function that makes the result the first time it is called: it is frozen, so that all tests share it."""

    @cache
    def made():
        with nullcontext() if said is None else pytest.warns(MethodWarning, match=said):
            return make()

    return made


CASES = {f"{kind} {i + 1}": make for kind, makes in MADE.items() for i, make in enumerate(makes)}
EVERY = [(name, once(make, WARNED.get(name))) for name, make in CASES.items()]


def is_of_the_package(cls):
    """Return whether a class is one of the package, and no toy of a test or of an example."""
    return cls.__module__.startswith("metaonc.") and hasattr(sys.modules[cls.__module__], cls.__name__)
