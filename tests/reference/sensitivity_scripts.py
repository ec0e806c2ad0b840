"""Run the R scripts of pools of subsets and of permutation tests: (cd tests; python -m reference.sensitivity_scripts)

As r_scripts.py does; script and R's numbers go to sensitivity_scripts.json.
"""

import json
import tempfile
from pathlib import Path

from reference.r_scripts import run

import metaonc as mo

TRIALS = {
    "trial": ["A", 'B "two"', "C", "D", "E", "F"],
    "yi": [-0.42, -0.24, 0.1, -0.66, -0.05, -0.31],
    "vi": [0.0144, 0.0081, 0.04, 0.02, 0.03, 0.05],
    "dose": [1, 2, 2, 3, 1, 3],
}
VERBS = {"leave_one_out": mo.sensitivity.leave_one_out, "cumulative": mo.sensitivity.cumulative}
POOLS = {
    "REML HKSJ": {},
    "DL wald": {"method": "DL", "ci": "wald", "level": 0.9},
    "CE t": {"method": "CE", "ci": "t"},
    "PM HKSJ-adhoc": {"method": "PM", "ci": "HKSJ-adhoc"},
    "REML KR": {"ci": "KR"},
    "given": {"tau2": 0.03, "ci": "wald"},
}
FIELDS = ("estimate", "se", "ci_low", "ci_high", "tau2", "q", "i2")


def subsets(verb, name):
    """Return the pools of subsets."""
    return VERBS[verb](mo.pool(TRIALS, study="trial", **POOLS[name]))


def permuted():
    """Return permutation tests by name."""
    one = {"study": "trial", "measure": "HR"}
    return {
        "pool DL wald": mo.sensitivity.permutation_test(mo.pool(TRIALS, method="DL", ci="wald", **one)),
        "pool REML HKSJ": mo.sensitivity.permutation_test(mo.pool(TRIALS, **one)),
        "pool given": mo.sensitivity.permutation_test(mo.pool(TRIALS, tau2=0.03, ci="t", **one)),
        "regression DL HKSJ": mo.sensitivity.permutation_test(mo.regress(TRIALS, "~ dose", method="DL", **one)),
    }


def main():
    """Write sensitivity_scripts.json."""
    pinned = {}
    with tempfile.TemporaryDirectory() as folder:
        for verb in VERBS:
            for name in POOLS:
                script = str(subsets(verb, name).r_code())
                fields = ", ".join(f"{field} = pools${field}" for field in FIELDS)
                pinned[f"{verb} {name}"] = {"script": script, "r": run(script, fields, folder)}
        for name, result in permuted().items():
            script = str(result.r_code())
            kept = script.replace("\npermutest(", "\n.Last.test <- permutest(")
            fields = "statistic = c(.Last.test$zval), p_value = .Last.test$pval"
            pinned[f"permutation {name}"] = {"script": script, "r": run(kept, fields, folder)}
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(pinned, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
