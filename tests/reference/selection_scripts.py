"""Run the R scripts of selection models and of p-uniform*: (cd tests; python -m reference.selection_scripts)

As r_scripts.py does; script and R's numbers go to selection_scripts.json. R needs metafor with numDeriv.
"""

import json
import tempfile
from pathlib import Path

from reference.r_scripts import run

import metaonc as mo

TRIALS = {
    "trial": ["A", 'B "two"', *"CDEFGHIJ"],
    "yi": [-0.62, -0.31, -0.18, -0.75, -0.05, -0.41, -0.9, 0.1, -0.33, -0.5],
    "vi": [0.03, 0.02, 0.04, 0.09, 0.01, 0.05, 0.16, 0.06, 0.015, 0.12],
}
COUNTS = {"trial": list("ABCDEFGH"), "a": [5, 9, 12, 7, 20, 8, 14, 9], "c": [12, 13, 20, 15, 29, 15, 31, 10],
          "n": [40, 52, 77, 38, 90, 44, 131, 40]}  # fmt: skip
MODEL = "estimate = c(sel$beta), se = sel$se, ci_low = sel$ci.lb, ci_high = sel$ci.ub, tau2 = sel$tau2, "
MODEL += "weights = sel$delta, lr_statistic = sel$LRT, loglik = c(logLik(sel))"
TRUNCATED = "estimate = found[['estimate']], se = found[['se']], tau2 = found[['tau2']], weight = found[['weight']]"
UNIFORM = "estimate = found[['estimate']], ci_low = found[['ci_low']], ci_high = found[['ci_high']], "
UNIFORM += "tau2 = found[['tau2']], lr_statistic = found[['lr']], p_value = found[['p']]"


def results():
    """Return results by name, each with what R calls its fields."""
    random, common = (mo.pool(TRIALS, study="trial", measure="HR", method=m, ci="wald") for m in ("REML", "CE"))
    given = mo.pool(TRIALS, study="trial", measure="HR", tau2=0.02)
    es = mo.effect_sizes(COUNTS, measure="OR", events_t="a", n_t="n", events_c="c", n_c="n", study="trial")
    odds = mo.pool(es, study="trial")
    select, uniform = mo.bias.selection_model, mo.bias.p_uniform
    return {
        "steps": (select(random, steps=[0.025], level=0.9), MODEL),
        "steps given": (select(random, steps=[0.025, 0.5], delta=[1, 0.8, 0.5]), MODEL),
        "steps two-sided": (select(common, steps=[0.05], alternative="two-sided"), MODEL),
        "steps tau² given": (select(given, steps=[0.025], delta=[1, 0.6]), MODEL),
        "negexp given": (select(random, function="negexp", delta=[2]), MODEL),
        "halfnorm by n": (select(odds, function="halfnorm", precision="ninv", delta=[3]), MODEL),
        "beta": (select(common, function="beta", p_min=1e-3, delta=[0.9, 1.5]), MODEL),
        "power": (select(random, function="power", delta=[1.5], level=0.99), MODEL),
        "trunc": (select(random, function="trunc"), TRUNCATED),
        "trunc given": (select(common, function="trunc", delta=[1, 0.3]), TRUNCATED),
        "p-uniform*": (uniform(random), UNIFORM),
        "p-uniform* common": (uniform(common, level=0.9), UNIFORM),
        "p-uniform* alpha": (uniform(odds, alpha=0.1), UNIFORM),
    }


def main():
    """Write selection_scripts.json."""
    pinned = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, (result, fields) in results().items():
            script = str(result.r_code())
            pinned[name] = {"script": script, "r": run(script, fields, folder)}
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(pinned, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
