"""Every verb that takes numbers of a user: a call, and where the numbers stand. A new verb is one row.

``call(columns)`` runs the verb on a mapping of columns, or on any dataframe made of it; ``columns`` are good ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

import metaonc as mo

Columns = dict[str, list[Any]]


@dataclass(frozen=True)
class Verb:
    """A verb: its call, good columns, those of numbers, of counts and of truth values, and those of labels.

    Of `factors`, columns of numbers that may be labels too, texts are levels.
    """

    name: str
    call: Callable[[Any], Any]
    columns: Columns
    numbers: Sequence[str] = ()
    counts: Sequence[str] = ()
    truths: Sequence[str] = ()
    labels: Sequence[str] = ()
    factors: Sequence[str] = ()
    frames: bool = True  # whether any dataframe will do


EFFECTS: Columns = {
    "trial": ["Ohm", "Rho", "Tau", "Phi", "Chi", "Psi"],
    "kras": ["mut-ant", "wild", "mut-ant", "wild", "mut-ant", "wild"],
    "yi": [-0.5, -0.1, -0.9, -0.2, 0.3, 0.1], "vi": [0.04, 0.02, 0.03, 0.04, 0.02, 0.05],
    "y2": [-0.3, -0.2, -0.7, -0.1, 0.2, 0.2], "v2": [0.05, 0.03, 0.03, 0.05, 0.04, 0.06],
    "c": [0.01, 0.01, 0.01, 0.01, 0.01, 0.01],
    "dose": [1.0, 2.0, 4.0, 3.0, 2.5, 1.5],
}  # fmt: skip
WITHIN: Columns = {
    "trial": ["Ohm x", "Ohm x", "Rho", "Rho", "Tau", "Tau"],
    **{k: EFFECTS[k] for k in ("kras", "yi", "vi")},
}
COUNTS: Columns = {
    "trial": ["Ohm", "Rho", "Tau", "Phi"], "kras": ["mut-ant", "wild", "mut-ant", "wild"],
    "x": [5, 9, 4, 7], "n": [20, 30, 25, 28], "xc": [8, 11, 9, 10], "nc": [21, 29, 26, 27],
}  # fmt: skip
RATIOS: Columns = {
    "trial": ["Ohm", "Rho", "Tau"], "hr": [0.5, 0.8, 1.1], "lo": [0.36, 0.55, 0.8],
    "hi": [0.6944444, 1.1636364, 1.5125], "p": [0.0209, 0.392, 0.738], "d": [20, 31, 28], "dc": [25, 28, 22],
}  # fmt: skip
PATIENTS: Columns = {
    "time": [3.0, 5.0, 7.0, 9.0, 2.0, 4.0, 5.5, 6.0], "event": [1, 1, 0, 1, 1, 1, 1, 0],
    "arm": ["a b", "a b", "a b", "a b", "ctl-1", "ctl-1", "ctl-1", "ctl-1"],
}  # fmt: skip
SEVERAL: Columns = {
    "trial": ["Ohm x"] * 8 + ["Rho"] * 8, "arm": ["a b", "ctl-1"] * 8,
    "time": [3.0, 2.0, 5.0, 4.0, 7.0, 5.5, 9.0, 6.0, 2.5, 1.5, 4.5, 3.5, 6.5, 5.0, 8.5, 9.5],
    "event": [1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1],
}  # fmt: skip
POINTS: Columns = {
    "arm": ["a b"] * 4 + ["ctl-1"] * 4, "time": [0, 2, 2, 6, 0, 3, 3, 6],
    "survival": [1, 1, 0.75, 0.75, 1, 1, 0.5, 0.5],
}  # fmt: skip
CURVES: Columns = {
    "trial": ["Ohm x", "Ohm x", "Rho", "Rho", "Tau", "Tau", "Phi", "Phi"],
    "kras": ["mut-ant"] * 4 + ["wild"] * 4, "time": [6.0, 12.0] * 4,
    "s": [0.8, 0.5, 0.7, 0.4, 0.9, 0.6, 0.8, 0.6], "n": [50.0, 40.0, 80.0, 55.0, 60.0, 50.0, 33.0, 27.0],
}  # fmt: skip
MEDIANS: Columns = {
    "trial": ["Ohm x", "Rho", "Tau"], "m": [8.1, 10.5, 13.0], "lo": [6.9, 8.0, 9.1], "hi": [9.9, 13.6, 18.0],
    "n": [40, 55, 38], "s": [0.4, 0.5, 0.6], "se": [0.05, 0.06, 0.07],
}  # fmt: skip
TRIALS_IPD: Columns = {
    "trial": ["Ohm x"] * 10 + ["Rho"] * 10, "arm": ["a b", "ctl-1"] * 10,
    "time": [3.0, 5.0, 7.0, 9.0, 2.0, 4.0, 5.5, 6.0, 8.0, 1.0, 2.5, 3.5, 9.5, 6.5, 4.5, 7.5, 8.5, 1.5, 5.25, 2.25],
    "event": [1, 1, 0, 1, 1, 1, 1, 0, 1, 1] * 2, "age": [5.0, 3.0, 6.0, 4.0, 2.0, 7.0, 5.5, 4.5, 3.5, 6.5] * 2,
}  # fmt: skip
ADTTE: Columns = {
    "USUBJID": ["p-1", "p-2", "p-3", "p-4"], "STUDYID": ["S 1"] * 4, "TRTP": ["a b", "a b", "ctl-1", "ctl-1"],
    "AVAL": [8.0, 12.0, 9.0, 3.0], "CNSR": [0, 1, 0, 2],
}  # fmt: skip
TRIALS: Columns = {
    "trial": ["Ohm", "Rho", "Tau"], "outcome": ["orr", "orr", "orr"], "n": [20, 40, 25], "events": [5, 10, 4],
    "estimate": [25.0, 25.0, 16.0], "ci_low": [8.7, 12.7, 4.5], "ci_high": [49.1, 41.2, 36.1],
    "ci_level": [0.95, 0.95, 0.95], "unit": ["percent"] * 3,
}  # fmt: skip
ESCALC: Columns = {
    "slab": ["Ohm", "Rho", "Tau"], "ai": [5, 9, 4], "n1i": [20, 30, 25], "ci": [8, 11, 9], "n2i": [21, 29, 26],
    "yi": [-0.5, -0.2, -0.6], "sei": [0.4, 0.3, 0.5],
}  # fmt: skip
LEVELS: Columns = {
    "trial": ["Ohm", "Ohm", "Rho", "Rho"], "outcome": ["orr"] * 4, "subgroup_variable": ["KRAS"] * 4,
    "subgroup_level": ["mut-ant", "wild", "mut-ant", "wild"], "n": [20, 30, 25, 31], "events": [5, 9, 4, 8],
}  # fmt: skip
TWO = {"events_t": "x", "n_t": "n", "events_c": "xc", "n_c": "nc", "study": "trial"}
BOTH, ONE = ("x", "n", "xc", "nc"), ("x", "n")


def _drawn(table: Any) -> Any:
    sets = pd.concat([pd.DataFrame(table, dtype=object).assign(draw=i) for i in (0, 1)])
    return mo.survival.hazard_ratio_of_ensemble(sets, control="ctl-1")


def _arms(table: Any) -> Any:
    return mo.curves.reconstruct_arms(table, n={"a b": 4, "ctl-1": 4}, events={"a b": 1, "ctl-1": 2}).ipd


def _one_curve(table: Any) -> Any:
    risk = {"time": [0, 3, 5], "n_risk": [40, 31, 20]}
    return mo.curves.reconstruct_ipd(table["time"], table["survival"], points="clicks", at_risk=risk).ipd


DATED: Columns = {
    "trial": ["Ohm x", "Rho", "Tau-1"], "outcome": ["pfs"] * 3, "hr": [0.5, 0.7, 0.9], "hr_low": [0.3, 0.5, 0.6],
    "hr_high": [0.8333333, 0.98, 1.35], "published": ["2018", "2019", "2020"],
}  # fmt: skip
JUDGED: Columns = {
    "trial": EFFECTS["trial"], **{f"D{i}": ["Low", "High"] * 3 for i in range(1, 6)}, "overall": ["Low", "High"] * 3,
    "weight": [1.0, 2.0, 1.5, 1.0, 2.0, 3.0],
}  # fmt: skip


def _risk(table: Any) -> Any:
    return mo.curves.reconstruct_ipd([0, 2, 2, 5, 5, 8], [1, 1, 0.75, 0.75, 0.375, 0.375], at_risk=table).ipd


def _from_curves(table: Mapping[str, Any]) -> Any:
    return mo.survival.hazard_ratio_from_curves(**{str(name): table[name] for name in table})


VERBS = (
    Verb("effect_sizes PLO", lambda t: mo.effect_sizes(t, measure="PLO", events="x", n="n", study="trial"), COUNTS,
         counts=ONE, labels=("trial",)),
    Verb("effect_sizes OR", lambda t: mo.effect_sizes(t, measure="OR", **TWO), COUNTS, counts=BOTH, labels=("trial",)),
    Verb("effect_sizes HR", lambda t: mo.effect_sizes(t, measure="HR", hr="hr", ci_low="lo", ci_high="hi",
                                                      study="trial"), RATIOS, ("hr", "lo", "hi"), labels=("trial",)),
    Verb("effect_sizes HR by p", lambda t: mo.effect_sizes(t, measure="HR", hr="hr", p="p", events_t="d", events_c="dc",
                                                           study="trial"),
         RATIOS, ("hr", "p"), ("d", "dc"), labels=("trial",)),
    Verb("pool", lambda t: mo.pool(t, study="trial"), EFFECTS, ("yi", "vi"), labels=("trial",)),
    Verb("pool GENQ", lambda t: mo.pool(t, study="trial", method="GENQ", weights="dose", ci="wald"), EFFECTS,
         ("yi", "vi", "dose"), labels=("trial",)),
    Verb("multiverse", lambda t: mo.sensitivity.multiverse(t, study="trial"), EFFECTS, ("yi", "vi"), labels=("trial",)),
    Verb("pool_bayes", lambda t: mo.pool_bayes(t, study="trial"), EFFECTS, ("yi", "vi"), labels=("trial",)),
    Verb("pool_multilevel", lambda t: mo.pool_multilevel(t, levels=["trial", "kras"], method="ML"), EFFECTS,
         ("yi", "vi"), labels=("kras", "trial")),
    Verb("robust", lambda t: mo.pool_multilevel(t, levels=["trial"]).robust(cluster="kras"),
         EFFECTS | {"kras": ["mut-ant", "mut-ant", "wild", "late", "mut-ant", "wild"]}, ("yi", "vi"),
         labels=("trial", "kras")),
    Verb("pool_multivariate", lambda t: mo.pool_multivariate(t, yi=["yi", "y2"], cov=[["vi", "c"], ["c", "v2"]],
                                                             study="trial"),
         EFFECTS, ("yi", "vi", "y2", "v2", "c"), labels=("trial",)),
    Verb("pool_subgroups", lambda t: mo.pool_subgroups(t, by="kras", study="trial"), EFFECTS, ("yi", "vi"),
         labels=("kras", "trial")),
    Verb("interaction", lambda t: mo.interaction(t, study="trial", by="kras", contrast=("mut-ant", "wild")), WITHIN,
         ("yi", "vi"), labels=("kras", "trial")),
    Verb("regress", lambda t: mo.regress(t, "~ dose", study="trial"), EFFECTS, ("yi", "vi", "dose"),
         labels=("trial",), factors=("dose",)),
    Verb("regress_multilevel", lambda t: mo.regress_multilevel(t, "~ dose", levels=["trial"], method="ML"), EFFECTS,
         ("yi", "vi", "dose"), labels=("trial",), factors=("dose",)),
    Verb("regress by a factor", lambda t: mo.regress(t, "~ kras", study="trial"), EFFECTS, ("yi", "vi"),
         labels=("kras", "trial")),
    Verb("pool_mantel_haenszel", lambda t: mo.pool_mantel_haenszel(t, measure="OR", **TWO), COUNTS, counts=BOTH,
         labels=("trial",)),
    Verb("pool_peto", lambda t: mo.pool_peto(t, **TWO), COUNTS, counts=BOTH, labels=("trial",)),
    Verb("pool_glmm", lambda t: mo.pool_glmm(t, events="x", n="n", study="trial"), COUNTS, counts=ONE,
         labels=("trial",)),
    Verb("pool_beta_binomial", lambda t: mo.pool_beta_binomial(t, events="x", n="n", study="trial"), COUNTS,
         counts=ONE, labels=("trial",)),
    Verb("proportion_interval", lambda t: mo.proportion_interval(t["x"], t["n"]), COUNTS, counts=ONE, frames=False),
    Verb("kaplan_meier", lambda t: mo.survival.kaplan_meier(t, by="arm"), PATIENTS, ("time",), truths=("event",),
         labels=("arm",)),
    Verb("hazard_ratio", lambda t: mo.survival.hazard_ratio(t, control="ctl-1"), PATIENTS, ("time",),
         truths=("event",), labels=("arm",)),
    Verb("rmst", lambda t: mo.survival.rmst(t, control="ctl-1", horizons=[3, 5]), PATIENTS, ("time",),
         truths=("event",), labels=("arm",)),
    Verb("milestone", lambda t: mo.survival.milestone(t, control="ctl-1", times=[3, 5]), PATIENTS, ("time",),
         truths=("event",), labels=("arm",)),
    Verb("max_combo", lambda t: mo.survival.max_combo(t, control="ctl-1"), PATIENTS, ("time",), truths=("event",),
         labels=("arm",)),
    Verb("ph_test", lambda t: mo.survival.ph_test(t, control="ctl-1"), PATIENTS, ("time",), truths=("event",),
         labels=("arm",)),
    Verb("follow_up", lambda t: mo.survival.follow_up(t, by="arm"), PATIENTS, ("time",), truths=("event",),
         labels=("arm",)),
    Verb("cox_model", lambda t: mo.survival.cox_model(t, covariates=["age"], strata="arm"),
         PATIENTS | {"age": [50.0, 61.0, 44.0, 70.0, 52.0, 66.0, 58.0, 47.0]}, ("time", "age"), truths=("event",),
         labels=("arm",)),
    Verb("parametric", lambda t: mo.survival.parametric(t, control="ctl-1", distribution="exp"), PATIENTS, ("time",),
         truths=("event",), labels=("arm",)),
    Verb("royston_parmar", lambda t: mo.survival.royston_parmar(t, control="ctl-1", knots=0), PATIENTS, ("time",),
         truths=("event",), labels=("arm",)),
    Verb("compare_models", lambda t: mo.survival.compare_models(
        t, study="trial", control="ctl-1", distributions=["exp", "lnorm"], knots=[]), SEVERAL, ("time",),
        truths=("event",), labels=("arm", "trial")),
    Verb("pool_flexible", lambda t: mo.survival.pool_flexible(t, control="ctl-1", model="weibull", method="CE"),
         SEVERAL, ("time",), truths=("event",), labels=("arm", "trial")),
    Verb("rmst_by_trial", lambda t: mo.survival.rmst_by_trial(t, control="ctl-1", horizons=[3, 5]), SEVERAL, ("time",),
         truths=("event",), labels=("trial", "arm")),
    Verb("pool_rmst", lambda t: mo.survival.pool_rmst(t, control="ctl-1", horizons=[3, 5]), SEVERAL, ("time",),
         truths=("event",), labels=("arm", "trial")),
    Verb("pool_time_varying", lambda t: mo.survival.pool_time_varying(t, control="ctl-1", cuts=4), SEVERAL, ("time",),
         truths=("event",), labels=("arm", "trial")),
    Verb("pool_many", lambda t: mo.pool_many(t, by="kras"), EFFECTS, ("yi", "vi"), labels=("kras",)),
    Verb("fragility_of_trials", lambda t: mo.sensitivity.fragility_of_trials(
        t, events_t="x", n_t="n", events_c="xc", n_c="nc", study="trial"), COUNTS, counts=("x", "n", "xc", "nc"),
        labels=("trial",)),
    Verb("hazard_ratio_of_ensemble", _drawn, PATIENTS, ("time",), truths=("event",), labels=("arm",), frames=False),
    Verb("hazard_ratio_from_curves", _from_curves,
         {"time": [0, 2, 4, 6], "survival_t": [1, 0.9, 0.7, 0.6], "survival_c": [1, 0.8, 0.6, 0.4],
          "at_risk_t": [50, 44, 30, 20], "at_risk_c": [50, 38, 25, 12]},
         ("time", "survival_t", "survival_c"), ("at_risk_t", "at_risk_c"), frames=False),
    Verb("pool_curves", lambda t: mo.survival.pool_curves(t, study="trial", survival="s", n_risk="n", by="kras",
                                                          draws=1000), CURVES, ("time", "s", "n"),
         labels=("trial", "kras")),
    Verb("pool_curves of patients", lambda t: mo.survival.pool_curves(t, study="arm", event="event", times=[2.5, 4.5],
                                                                      draws=1000), PATIENTS, ("time",),
         truths=("event",), labels=("arm",)),
    Verb("pool_ipd", lambda t: mo.survival.pool_ipd(t, study="trial", control="ctl-1", treatment="common"), TRIALS_IPD,
         ("time",), truths=("event",), labels=("arm", "trial")),
    Verb("pool_frailty", lambda t: mo.survival.pool_frailty(t, study="trial", control="ctl-1", frailty="gamma"),
         TRIALS_IPD, ("time",), truths=("event",), labels=("arm", "trial")),
    Verb("ipd_interaction", lambda t: mo.survival.ipd_interaction(t, by="age", study="trial", control="ctl-1"),
         TRIALS_IPD, ("time", "age"), truths=("event",), labels=("arm", "trial")),
    Verb("pool_medians", lambda t: mo.survival.pool_medians(t, study="trial", median="m", ci_low="lo", ci_high="hi",
                                                            n="n"), MEDIANS, ("m", "lo", "hi"), ("n",),
         labels=("trial",)),
    Verb("pool_landmark", lambda t: mo.survival.pool_landmark(t, study="trial", survival="s", se="se"), MEDIANS,
         ("s", "se"), labels=("trial",)),
    Verb("combine", lambda t: mo.survival.combine(t["q"], t["u"]),
         {"q": [0.1, 0.2, 0.3], "u": [0.01, 0.02, 0.01]}, ("q", "u"), frames=False),
    Verb("reconstruct_ipd", _one_curve, {"time": [0, 1, 2, 3, 4, 6], "survival": [1, 0.95, 0.9, 0.8, 0.7, 0.5]},
         ("time", "survival"), frames=False),
    Verb("at_risk of reconstruct_ipd", _risk, {"time": [0, 4], "n_risk": [4, 2]}, ("time",), ("n_risk",)),
    Verb("reconstruct_arms", _arms, POINTS, ("time", "survival"), labels=("arm",)),
    Verb("read_adtte", lambda t: mo.read_adtte(t, unit="days"), ADTTE, ("AVAL",), ("CNSR",),
         labels=("TRTP", "STUDYID")),
    Verb("read_escalc", mo.read_escalc, ESCALC, ("yi", "sei"), ("ai", "n1i", "ci", "n2i")),
    Verb("select", lambda t: mo.select(t, outcome="orr", by="kras").used, LEVELS, labels=("trial", "subgroup_level"),
         frames=False),
    Verb("read_trials", lambda t: mo.read_trials(t, strict=True), TRIALS, ("estimate", "ci_low", "ci_high"),
         ("n", "events")),
    Verb("over_cuts", lambda t: mo.over_cuts(t, outcome="pfs"), DATED, ("hr", "hr_low", "hr_high")),
    Verb("compare", lambda t: mo.compare(pd.DataFrame(DATED), t), DATED, labels=("trial",)),
    Verb("read_risk_of_bias", lambda t: mo.read_risk_of_bias(t, tool="RoB 2").table, JUDGED, ("weight",)),
    Verb("sensitivity.risk_of_bias", lambda t: mo.sensitivity.risk_of_bias(
        mo.pool(EFFECTS, study="trial"), mo.read_risk_of_bias(t, tool="RoB 2")), JUDGED, ("weight",)),
    Verb("monitor", lambda t: mo.sensitivity.monitor(mo.sensitivity.cumulative(mo.pool(t, study="trial", measure="HR")),
                                                     minimal=0.8), EFFECTS, ("yi", "vi")),
    Verb("certainty", lambda t: mo.certainty(mo.pool(t, study="trial", measure="HR"), design="randomised"), EFFECTS,
         ("yi", "vi")),
)  # fmt: skip


def shown(result: Any) -> Any:
    """Return what a verb gave, as numbers and texts that can be compared."""
    if isinstance(result, pd.DataFrame):
        return result.astype(object).where(result.notna(), None).to_dict("list")
    if isinstance(result, tuple) and all(isinstance(part, np.ndarray) for part in result):
        return [part.tolist() for part in result]
    if hasattr(result, "tidy"):
        script = result.r_code() if hasattr(result, "r_code") else ""
        return [shown(result.tidy()), shown(result.tidy(transform=True)), script]
    return shown(result.to_pandas()) if hasattr(result, "to_pandas") else result
