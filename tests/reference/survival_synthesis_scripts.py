"""Run the R scripts of survival over trials: (cd tests; python -m reference.survival_synthesis_scripts)

As survival_scripts.py does; data are those of two_arms.json, survival_models.json and survrm2.json. Scripts for
flexsurv and flexsurvcure are not among them; R_LIBS names where survRM2 is.
"""

import json
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from reference import pinned
from reference.r_scripts import run

import metaonc as mo

HERE = Path(__file__).parent
ARMS = pd.DataFrame(pinned.load("two_arms")["ties"]["data"])
LABELS = {0: 'old \\ "drug"; q()', 1: "new\n#drug"}
TRIALS = pd.DataFrame(pinned.load("survival_models")["trials"])
COMPARED = "difference = difference, se = se, ratio = ratio, ratio_se = ratio_se"
CURVE = "value = value, se = se"
MEANS = pd.DataFrame(pinned.load("survrm2")["trials"])
PAIRS = (
    "estimate = of(fits, 'coefficients', 1), se = of(fits, 'coefficients', 3), "
    "p_value = of(fits, 'coefficients', 5), ci_low = log(of(fits, 'conf.int', 3)), "
    "ci_high = log(of(fits, 'conf.int', 4)), hr = of(fits, 'conf.int', 1), logrank_p = LOGRANK"
)
OF = "\nof <- function(x, part, column, row = 1) unname(sapply(x, function(one) one[[part]][row, column]))\n"
BY_SURVDIFF = "unname(sapply(tests, function(x) pchisq(x$chisq, 1, lower.tail = FALSE)))"
MEAN = "unname(sapply(found, function(x) x$RMST.arm{}$rmst[{}]))"
BY_TRIAL = ", ".join(
    [f"rmst_{arm}{what} = {MEAN.format(number, place)}" for arm, number in (("t", 1), ("c", 0))
     for what, place in (("", 1), ("_se", 2))]
    + [f"{name} = of(found, 'unadjusted.result', {column}, {row})" for row, names in
       ((1, ("estimate", "ci_low", "ci_high", "p_value")), (2, ("ratio",)), (3, ("lost_ratio",)))
       for column, name in enumerate(names, 1)]
)  # fmt: skip


def results():
    """Return name -> result, what is asked of R, and the same numbers of the result."""
    named = ARMS.assign(arm=ARMS["arm"].map(LABELS))
    rmst = mo.survival.rmst(named, control=LABELS[0], horizons=[4, 9, 15])
    at = mo.survival.milestone(named, control=LABELS[0], times=[4, 9], level=0.9)
    combo = mo.survival.max_combo(named, control=LABELS[0])
    ph = mo.survival.ph_test(named, control=LABELS[0], transform="rank")
    cox = mo.survival.cox_model(ARMS, covariates=["arm", "age"], strata="site", ties="breslow")
    follow = mo.survival.follow_up(ARMS, by="arm")
    means = mo.survival.pool_rmst(TRIALS, control=0, horizons=[12, 20])
    varying = mo.survival.pool_time_varying(TRIALS, control=0)
    pieces = mo.survival.pool_time_varying(TRIALS, control=0, cuts=6, method="ML")
    power = mo.survival.pool_flexible(TRIALS, control=0, power=-0.5, method="CE")
    spline = mo.survival.pool_flexible(TRIALS, control=0, model="royston-parmar", knots=1, method="MM")
    groups = ARMS.assign(group=ARMS["site"].astype(str) + ARMS["arm"].map(LABELS))
    pairs, late = (_pairs(groups.assign(entry=groups["time"] / 3), entry) for entry in (None, "entry"))
    trials = MEANS.assign(arm=MEANS["arm"].map(LABELS), trial=MEANS["trial"] + ' "\\x"')
    by_trial = mo.survival.rmst_by_trial(trials, control=LABELS[0], horizons=[3, 9, 12], level=0.9)
    return {
        "rmst": (rmst, f"{COMPARED}, lost = lost, lost_se = lost_se", _compared(rmst, "rmst_ratio")
                 | dict(zip(("lost", "lost_se"), _rows(rmst, "rmtl_ratio"), strict=True))),
        "milestone": (at, f"{COMPARED}, hazards = hazards, hazards_se = hazards_se", _compared(at, "survival_ratio")
                      | dict(zip(("hazards", "hazards_se"), _rows(at, "cumulative_hazard_ratio"), strict=True))),
        "max combo": (combo, "u = u, z = z, v = diag(v), correlation = c(correlation)",
                      {"u": combo.tests["u"], "z": combo.tests["statistic"], "v": combo.tests["v"],
                       "correlation": combo.correlation.ravel()}),
        "ph test": (ph, "chi2 = test$table[1, 1], p = test$table[1, 3]", {"chi2": ph.statistic, "p": ph.p_value}),
        "cox model": (cox, "estimate = unname(coef(fit)), cov = c(vcov(fit)), ll = fit$loglik",
                      {"estimate": cox.estimate, "cov": cox.cov.ravel(), "ll": [cox.loglik_null, cox.loglik]}),
        "follow-up": (follow, 'medians = unname(summary(fit)$table[, c("median", "0.95LCL", "0.95UCL")])',
                      {"medians": follow.medians[["median", "ci_low", "ci_high"]].to_numpy()}),
        "pooled rmst": (means, "estimate = c(res$beta), cov = c(res$vb)",
                        {"estimate": means.multivariate["MM"].estimate, "cov": means.multivariate["MM"].cov.ravel()}),
        "time varying": (varying, CURVE, _curve(varying)),
        "piecewise": (pieces, CURVE, _curve(pieces)),
        "fractional": (power, CURVE, _curve(power)),
        "spline": (spline, CURVE, _curve(spline)),
        "pairs": (pairs, PAIRS.replace("LOGRANK", BY_SURVDIFF), _told(pairs)),
        "pairs entry": (late, PAIRS.replace("LOGRANK", "unname(sapply(tests, function(x) x[['p']]))"), _told(late)),
        "rmst by trial": (by_trial, BY_TRIAL, _means(by_trial)),
    }  # fmt: skip


def _pairs(groups, entry):
    curves = mo.survival.kaplan_meier(groups, by="group", level=0.9, entry=entry)
    return mo.survival.pairwise_hazard_ratios(curves, reference=curves.medians["group"][1], ties="breslow")


def _told(pairs):
    names = ("estimate", "se", "p_value", "ci_low", "ci_high", "hr", "logrank_p")
    return {name: pairs[name].to_numpy() for name in names}


def _means(by_trial):
    """Return the numbers at horizons up to the last time of both arms: R's script goes no further."""
    own = by_trial.patients
    last = own.groupby(["study", "arm"])["time"].max().groupby("study").min()
    rows = by_trial.table[by_trial["horizon"] <= by_trial["study"].map(last)]
    names = ("rmst_t", "rmst_t_se", "rmst_c", "rmst_c_se", "estimate", "ci_low", "ci_high", "p_value")
    ratios = {"ratio": np.exp(rows["log_ratio"]), "lost_ratio": np.exp(rows["log_rmtl_ratio"])}
    return {name: x.to_numpy() for name, x in ({name: rows[name] for name in names} | ratios).items()}


def _rows(result, quantity):
    rows = result.of(quantity)
    return rows["estimate"].to_numpy(), rows["se"].to_numpy()


def _compared(result, ratio):
    (difference, se), (top, top_se) = _rows(result, "difference"), _rows(result, ratio)
    return {"difference": difference, "se": se, "ratio": top, "ratio_se": top_se}


def _curve(result):
    at = result.hr_at(result.grid())
    return {"value": at["log_hr"].to_numpy(), "se": at["se"].to_numpy()}


def main():
    """Write survival_synthesis_scripts.json."""
    out = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, (result, fields, _) in results().items():
            script = str(result.r_code())
            out[name] = {"script": script, "r": run(script + (OF if "of(" in fields else ""), fields, folder)}
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
