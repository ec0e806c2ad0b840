"""Run the R scripts that results of survival across trials write: (cd tests; python -m reference.synthesis_scripts)

As r_scripts.py does; script and R's numbers go to synthesis_scripts.json. Log-normal frailty and Laplace's
approximation have scripts of coxme, which is not run here: its numbers stand in tests of their own.
"""

import json
import tempfile
from pathlib import Path

import pandas as pd
from reference import pinned
from reference.r_scripts import run

import metaonc as mo

HERE = Path(__file__).parent
CURVES = pd.DataFrame(pinned.load("pooled_curves")["twelve"]["data"])
PATIENTS = pd.DataFrame(pinned.load("one_stage")["data"])
LATE = PATIENTS.assign(**{"from": [min(i % 5, t - 1) for i, t in enumerate(PATIENTS["time"])]})
HOSTILE = 'new"\nstop("out of the string")\u2028'
FIELDS = {
    "curves": "time = res$time, survival = res$survival, ci_low = res$ci_low, ci_high = res$ci_high, "
    "median = unname(medians)",
    "common": "estimate = estimate, se = se, loglik = fit$loglik[2]",
    "poisson": "estimate = estimate, tau2 = tau2",
    "rates": "estimate = estimate, se = se",
    "bounded": "limit = limit, p = pchisq(2 * fall(0), 1, lower.tail = FALSE)",
    "exact": "estimate = estimate, tau2 = tau2, loglik = -fit$value, se = se, ci_low = ci_low, ci_high = ci_high, "
    "p_value = p_value, prediction = prediction",
    "interaction": "estimate = unname(coef(fit)[2]), se = sqrt(vcov(fit)[2, 2]), naive = coef(naive)[['arm:by']]",
    "gamma": "estimate = coef(fit)[[1]], se = sqrt(fit$var[1, 1]), theta = theta, loglik = value(theta)",
}


def results():
    """Return name -> result, of each kind whose script R can run here."""
    options = {"survival": "survival", "n_risk": "n_risk", "draws": 1000}
    of = {"study": "trial", "control": 0}
    labelled = PATIENTS.assign(arm=PATIENTS["arm"].map({0: "old", 1: HOSTILE}))
    return {
        "curves random": mo.survival.pool_curves(CURVES, **options),
        "curves common": mo.survival.pool_curves(CURVES, method="CE", level=0.9, **options),
        "curves by group": mo.survival.pool_curves(CURVES, by="group", **options),
        "common efron": mo.survival.pool_ipd(PATIENTS, **of, treatment="common"),
        "common labels": mo.survival.pool_ipd(
            labelled, study="trial", control="old", treatment="common", ties="breslow"
        ),
        "exact": mo.survival.pool_ipd(PATIENTS, **of),
        "exact wald": mo.survival.pool_ipd(PATIENTS, **of, ci="wald", level=0.9),
        "common entry": mo.survival.pool_ipd(LATE, **of, entry="from", treatment="common"),
        "exact entry": mo.survival.pool_ipd(LATE, **of, entry="from"),
        "poisson entry": mo.survival.pool_ipd(LATE, **of, entry="from", cuts=[4, 10]),
        "poisson exact": mo.survival.pool_ipd(PATIENTS, **of, cuts=[4, 10]),
        "poisson laplace": mo.survival.pool_ipd(PATIENTS, **of, cuts=[4, 10], method="laplace"),
        "rates common": mo.survival.pool_ipd(labelled, study="trial", control="old", treatment="common", cuts=[4, 10]),
        "bounded": mo.survival.hazard_ratio(
            PATIENTS.assign(event=PATIENTS["event"].where(PATIENTS["arm"] == 0, 0)), control=0, level=0.9
        ),
        "interaction": mo.survival.ipd_interaction(PATIENTS, by="z", **of),
        "gamma": mo.survival.pool_frailty(PATIENTS, **of, frailty="gamma"),
    }


def main():
    """Write synthesis_scripts.json."""
    out = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, result in results().items():
            text = str(result.r_code())
            out[name] = {"script": text, "r": run(text, FIELDS[name.split()[0]], folder)}
    Path(__file__).with_suffix(".json").write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
