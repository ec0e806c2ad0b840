"""Run the R scripts that results of counts write, and pin what R says: python tests/reference/glmm_scripts.py

Each script is run as it stands, with a line added that writes its numbers; script and numbers go to glmm_scripts.json.
"""

import json
import tempfile
from pathlib import Path

from r_scripts import LIMITS, run

import metaonc as mo

TRIALS = {
    "trial": ["A", "B", "C", "D", "E", "F"],
    "a": [0, 4, 6, 1, 9, 3],
    "n1": [20, 31, 40, 25, 33, 28],
    "c": [3, 2, 2, 0, 14, 1],
    "n2": [22, 30, 38, 24, 35, 30],
}
ODDS = {"events_t": "a", "n_t": "n1", "events_c": "c", "n_c": "n2", "study": "trial", "measure": "OR"}
RATES = {"events_t": "a", "time_t": "n1", "events_c": "c", "time_c": "n2", "study": "trial", "measure": "IRR"}
ARM = {"events": "a", "n": "n1", "study": "trial"}
GLMM = f"{LIMITS}se = res$se, tau2 = res$tau2, q_lrt = res$QE.LRT"
ONE = f"{LIMITS}se = res$se"
EXACT = "ci_low = log(.Last.test$conf.int[1]), ci_high = log(.Last.test$conf.int[2])"
BETA = "estimate = est, se = se, ci_low = ci[1], ci_high = ci[2], rho = rho, loglik = loglik"


def results():
    """Return results by name, each with the R fields that its script makes."""
    two = {
        f"OR {model}": (mo.pool_glmm(TRIALS, model=model, **ODDS), GLMM)
        for model in ("UM.FS", "UM.RS", "CM.EL", "CM.AL")
    }
    two |= {f"IRR {model}": (mo.pool_glmm(TRIALS, model=model, **RATES), GLMM) for model in ("UM.FS", "UM.RS", "CM.EL")}
    rate = {"events": "a", "time": "n1", "study": "trial", "measure": "IRLN"}
    one = {role: values[4:5] for role, values in TRIALS.items()}
    alone = {role: values[4:5] for role, values in TRIALS.items()}
    lone = {
        f"one trial {keywords['measure']} {model}": (mo.pool_glmm(alone, model=model, level=0.9, **keywords), ONE)
        for keywords, models in ((ODDS, ("UM.FS", "UM.RS", "CM.EL", "CM.AL")), (RATES, ("UM.FS", "UM.RS", "CM.EL")))
        for model in models
    }
    return {
        **two,
        **lone,
        "IRLN": (mo.pool_glmm(TRIALS, ci="t", level=0.9, **rate), GLMM),
        "IRLN exact": (mo.pool_glmm(one, **rate), EXACT),
        "PLO profile": (mo.pool_glmm(TRIALS, ci="profile", **ARM), GLMM),
        "OR CM.AL profile": (mo.pool_glmm(TRIALS, model="CM.AL", ci="profile", level=0.8, **ODDS), GLMM),
        "OR CM.EL profile": (mo.pool_glmm(TRIALS, model="CM.EL", ci="profile", **ODDS), GLMM),
        "beta-binomial": (mo.pool_beta_binomial(TRIALS, **ARM), BETA),
        "beta-binomial profile": (mo.pool_beta_binomial(TRIALS, ci="profile", level=0.9, **ARM), BETA),
        "beta-binomial rho 0": (mo.pool_beta_binomial({"x": [3, 4, 5], "n": [9, 12, 16]}, events="x", n="n"), BETA),
    }


def main():
    """Write glmm_scripts.json."""
    pinned = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, (result, fields) in results().items():
            script = str(result.r_code())
            runnable = script.replace("\npoisson.test(", "\n.Last.test <- poisson.test(")
            pinned[name] = {"script": script, "r": run(runnable, fields, folder)}
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(pinned, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
