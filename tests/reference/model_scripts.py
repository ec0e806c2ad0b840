"""Run the R scripts of Bayesian, multilevel and multivariate results: (cd tests; python -m reference.model_scripts)

As r_scripts.py does; script and R's numbers go to model_scripts.json.
"""

import json
import tempfile
from pathlib import Path

from reference.r_scripts import run

import metaonc as mo

TRIALS = {"trial": ["A", 'B "two"', "C"], "yi": [-0.42, -0.24, 0.1], "vi": [0.0144, 0.0081, 0.04]}
NESTED = {
    "yi": [0.1, 0.42, 0.63, 0.5, 0.91, 0.2, -0.05, 0.33, 0.7, 0.6],
    "vi": [0.02, 0.03, 0.02, 0.05, 0.01, 0.02, 0.04, 0.03, 0.02, 0.06],
    "trial": ["a", "a", "b", "b", "c", "d", "d", "e", "e", "e"],
    "arm": [1, 2, 1, 2, 1, 1, 2, 1, 2, 3],
}
OUTCOMES = {
    "trial": ["A", "B", "C", "D", "E"],
    "pfs": [-1.1, -0.3, 0.4, -0.4, None], "os": [-0.6, -0.5, 0.5, None, -0.25],
    "v_pfs": [0.04, 0.03, 0.05, 0.02, None], "v_os": [0.05, 0.04, 0.06, None, 0.03],
    "c": [0.02, 0.02, 0.03, None, None],
}  # fmt: skip
COV = [["v_pfs", "c"], ["c", "v_os"]]
POSTERIOR = "mu = mu, tau = tau, predictive = new"
PREDICTED = {
    "multilevel": ", prediction_low = predict(res)$pi.lb, prediction_high = predict(res)$pi.ub",
    "regression": "",
    "multivariate": ", prediction_low = limits$prediction_low, prediction_high = limits$prediction_high",
}
MODEL = "estimate = c(res$beta), se = c(res$se), ci_low = c(res$ci.lb), ci_high = c(res$ci.ub), p_value = c(res$pval)"


def results():
    """Return a result of each kind, by name."""
    three = mo.pool_multilevel(NESTED, levels=["trial", "arm"])
    slope = mo.regress_multilevel(NESTED, "~ arm", levels=["trial", "arm"])
    both = {"yi": ["pfs", "os"], "cov": COV, "study": "trial"}
    return {
        "bayes": mo.pool_bayes(TRIALS, study="trial"),
        "bayes heavy": mo.pool_bayes(TRIALS, tau_prior=mo.HalfCauchy(0.5), level=0.9),
        "bayes t": mo.pool_bayes(TRIALS, tau_prior=mo.HalfT(4, 0.3)),
        "bayes empirical": mo.pool_bayes(TRIALS, tau_prior=mo.LogNormal(-2.56, 1.74), mu_prior=mo.Normal(-0.1, 2)),
        "multilevel": three,
        "multilevel t": mo.pool_multilevel(NESTED, levels=["trial"], method="ML", ci="t", level=0.9),
        "multilevel CR1": three.robust(cluster="trial", kind="CR1"),
        "multilevel CR2": three.robust(cluster="trial"),
        "multilevel one unit": mo.pool_multilevel(NESTED | {"region": ["EU"] * 10}, levels=["region", "trial"]),
        "regression": slope,
        "regression by units": mo.regress_multilevel(
            NESTED | {"region": list("EEEEUUUUUU")}, "~ region", levels=["region", "trial"]
        ),
        "regression t": mo.regress_multilevel(NESTED, "~ C(arm)", levels=["trial"], method="ML", ci="t", level=0.9),
        "regression CR1": slope.robust(cluster="trial", kind="CR1"),
        "regression CR2": slope.robust(cluster="trial"),
        "multivariate": mo.pool_multivariate(OUTCOMES, **both),
        "multivariate diagonal": mo.pool_multivariate(OUTCOMES, **both, structure="diagonal", method="ML", level=0.9),
    }


def main():
    """Write model_scripts.json."""
    pinned = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, result in results().items():
            script = str(result.r_code())
            fields = POSTERIOR if name.startswith("bayes") else MODEL + PREDICTED[name.split()[0]]
            pinned[name] = {"script": script, "r": run(script, fields, folder)}
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(pinned, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
