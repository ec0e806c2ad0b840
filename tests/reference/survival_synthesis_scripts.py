"""Run the R scripts of survival over trials: (cd tests; python -m reference.survival_synthesis_scripts)

As survival_scripts.py does; data are those of two_arms.json and survival_models.json. Scripts for flexsurv and
flexsurvcure are not among them.
"""

import json
import tempfile
from pathlib import Path

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
    }  # fmt: skip


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
            out[name] = {"script": script, "r": run(script, fields, folder)}
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
