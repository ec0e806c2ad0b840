"""Run the R scripts that survival results write: (cd tests; python -m reference.survival_scripts)

As r_scripts.py does; script and R's numbers go to survival_scripts.json. Data are those of survfit.json and cox.json.
"""

import json
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from reference import pinned
from reference.r_scripts import run

import metaonc as mo
from metaonc.errors import MethodWarning

HERE = Path(__file__).parent
CURVES = {name: case["data"] for name, case in pinned.load("survfit")["cases"].items()}
ARMS = {name: case["data"] for name, case in pinned.load("cox")["cases"].items()}
POINTS = pinned.load("cox")["curves"]
# (case of survfit.json, type of the intervals, level, end of the restricted means)
KAPLAN_MEIER = [
    ("lung_sex", "log-log", 0.95, 365.0),
    ("veteran_trt", "log", 0.9, 100.0),
    ("leukemia_x", "plain", 0.95, 20.5),
    ("edges", "log-log", 0.95, 3.5),
    ("ties", "log", 0.95, 2.0),
    ("no_event", "log", 0.95, None),
]
LABELS = {"a": 'new "drug"; system("false")', "b": "old \\ drug"}
FIELDS = {
    "curves": "time = fit$time, n_risk = fit$n.risk, survival = fit$surv, ci_low = fit$lower, ci_high = fit$upper, "
    "medians = {m <- summary(fit)$table; m <- if (is.matrix(m)) m else t(m); m[, (ncol(m) - 2):ncol(m)]}",
    "means": "rmst = unname(rmst), rmst_se = unname(se), rmst_low = unname(rmst - half), "
    "rmst_high = unname(rmst + half)",
    "tested": "logrank_chi2 = test$chisq, logrank_p = pchisq(test$chisq, length(test$n) - 1, lower.tail = FALSE)",
    "cox": "estimate = unname(coef(fit)), se = sqrt(vcov(fit)[1, 1]), p_value = summary(fit)$coefficients[, 5], "
    "ci_low = unname(confint(fit, level = LEVEL)[1]), ci_high = unname(confint(fit, level = LEVEL)[2]), "
    "o_minus_e = test$obs[2] - test$exp[2], v = test$var[2, 2], logrank_chi2 = test$chisq, "
    "n_c = test$n[[1]], n_t = test$n[[2]], events_c = test$obs[1], events_t = test$obs[2]",
    "wald": "estimate = estimate, se = se, ci_low = ci[1], ci_high = ci[2], p_value = p",
    "rubin": "estimate = estimate, se = se, ci_low = ci[1], ci_high = ci[2], df = df, missing = missing, p_value = p",
}


def results():
    """Return name -> result, of each kind whose script R can run here."""
    out = {}
    for name, ci, level, _ in KAPLAN_MEIER:
        by = "group" if len(set(CURVES[name]["group"])) > 1 else None
        out[f"curves {name}"] = mo.survival.kaplan_meier(CURVES[name], event="status", by=by, ci=ci, level=level)
    for name in ("lung_sex", "heavy_ties", "edges"):
        for ties, level in (("efron", 0.95), ("breslow", 0.9)):
            out[f"cox {name} {ties}"] = mo.survival.hazard_ratio(ARMS[name], control=0, ties=ties, level=level)
    labelled = pd.DataFrame(ARMS["leukemia"]).replace({"arm": {0: LABELS["a"], 1: LABELS["b"]}})
    out["cox labels"] = mo.survival.hazard_ratio(labelled, control=LABELS["a"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MethodWarning)  # the intervals of one case are coarse
        out |= from_curves()
    out["wald fitted"] = fitted()
    lung = pd.DataFrame(ARMS["lung_sex"])
    rng = np.random.default_rng(4)
    sets = pd.concat([lung.sample(frac=0.9, random_state=rng).assign(draw=i) for i in range(6)])
    out["rubin ensemble"] = mo.survival.hazard_ratio_of_ensemble(sets, control=0, level=0.9)
    out["rubin few"] = mo.survival.combine([0.1, 0.9, -0.4, 0.5], [0.05, 0.08, 0.06, 0.07], df=40)
    out["rubin alike"] = mo.survival.combine([0.3, 0.3, 0.3], [0.05, 0.05, 0.05])
    return out


def from_curves():
    """Return hazard ratios from points on curves, by each route and pooling."""
    out = {}
    for name, case in POINTS.items():
        points = [case[key] for key in ("time", "survival_t", "survival_c")]
        table = {"at_risk_t": case["at_risk_t"], "at_risk_c": case["at_risk_c"]}
        for pooling in ("ratio", "log-rank"):
            out[f"wald {name} {pooling}"] = mo.survival.hazard_ratio_from_curves(*points, **table, pooling=pooling)
        span = {"n_t": table["at_risk_t"][0], "n_c": table["at_risk_c"][0], "follow_up": tuple(case["follow_up"])}
        out[f"wald {name} follow-up"] = mo.survival.hazard_ratio_from_curves(*points, **span, level=0.9)
    return out


def fitted():
    """Return a hazard ratio of a model that lifelines has fitted, its covariate with a name that is code."""
    from lifelines import CoxPHFitter
    from lifelines.datasets import load_rossi

    fit = CoxPHFitter().fit(load_rossi().rename(columns={"fin": "aid\nq()"}), "week", "arrest")
    return mo.survival.hazard_ratio(fit, arm="aid\nq()", level=0.9)


def script(name, result):
    """Return the script of a result, of curves with the restricted mean."""
    until = {f"curves {case}": end for case, _, _, end in KAPLAN_MEIER}.get(name)
    return str(result.r_code(rmst=until) if until else result.r_code())


def fields(name, result):
    """Return what is asked of R."""
    kind = name.split()[0]
    asked = FIELDS[kind].replace("LEVEL", repr(result.level))
    if kind == "curves":
        more = (("rmst", "means"), ("survdiff(", "tested"))
        return ", ".join([asked, *(FIELDS[part] for word, part in more if word in script(name, result))])
    return asked


def main():
    """Write survival_scripts.json."""
    pinned_numbers = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, result in results().items():
            text = script(name, result)
            pinned_numbers[name] = {"script": text, "r": run(text, fields(name, result), folder)}
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(pinned_numbers, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
