"""Run the R scripts of case deletion diagnostics and BLUPs: (cd tests; python -m reference.case_deletion_scripts)

As r_scripts.py does; script and R's numbers go to case_deletion_scripts.json.
"""

import json
import tempfile
from pathlib import Path

from reference.r_scripts import run

import metaonc as mo

TRIALS = {
    "trial": ["A", 'B "two"', "C", "D", "E", "F", "G"],
    "yi": [-0.42, -0.24, 0.1, -0.66, -0.05, -0.31, 1.4],
    "vi": [0.0144, 0.0081, 0.04, 0.02, 0.03, 0.05, 0.09],
    "dose": [1, 2, 2, 3, 1, 3, 2],
}
NESTED = {
    "trial": list("AABBBCDDEEEF"), "arm": [1, 2, 1, 2, 3, 1, 1, 2, 1, 2, 3, 1],
    "yi": [0.1, 0.35, -0.2, 0.05, 0.3, 0.8, -0.6, -0.3, 0.5, 0.9, 0.2, -0.1],
    "vi": [0.02, 0.03, 0.015, 0.04, 0.02, 0.05, 0.03, 0.03, 0.02, 0.06, 0.04, 0.02],
}  # fmt: skip
OUTCOMES = {
    "trial": list("ABCDEF"), "os": [0.1, 0.35, -0.2, None, 0.3, 0.75], "pfs": [-0.2, 0.2, -0.45, 0.3, None, 0.4],
    "v1": [0.02, 0.03, 0.015, None, 0.02, 0.04], "c": [0.008, 0.01, 0.006, None, None, 0.012],
    "v2": [0.03, 0.02, 0.02, 0.04, None, 0.03],
}  # fmt: skip
COMPLETE = {
    "trial": list("ABCDEFGH"), "os": [0.1, 0.35, -0.2, -0.5, 0.3, 0.75, 0.2, -0.1],
    "pfs": [-0.2, 0.4, 0.25, -0.3, -0.1, 0.4, 0.7, -0.6], "v1": [0.02, 0.03, 0.015, 0.02, 0.02, 0.04, 0.01, 0.03],
    "c": [0.008, 0.01, 0.006, 0.01, 0.005, 0.012, 0.004, 0.01], "v2": [0.03, 0.02, 0.02, 0.04, 0.02, 0.03, 0.02, 0.02],
}  # fmt: skip
ROWS = {
    "rstudent": "as.numeric(i$inf$rstudent)", "dffits": "as.numeric(i$inf$dffits)", "cook_d": "i$inf$cook.d",
    "cov_ratio": "i$inf$cov.r", "hat": "i$inf$hat", "weight": "i$inf$weight", "tau2": "i$inf$tau2.del",
}  # fmt: skip
BLOCKS = {"x2": "x2$X2", "cook_d": "as.numeric(d)", "dfbetas": "c(as.matrix(b))", "row_hat": "as.numeric(h)"}
BLUPS = {"estimate": "b$pred", "se": "b$se", "ci_low": "b$pi.lb", "ci_high": "b$pi.ub"}


def outcomes(table):
    """Return the pool of two outcomes."""
    return mo.pool_multivariate(table, yi=["os", "pfs"], cov=[["v1", "c"], ["c", "v2"]], study="trial")


def results():
    """Return (result, R's expressions by column) by name."""
    one = {"study": "trial"}
    nested = mo.pool_multilevel(NESTED, levels=["trial", "arm"])
    s = mo.sensitivity
    return {
        "pool REML HKSJ": (s.influence(mo.pool(TRIALS, **one)), ROWS),
        "pool DL wald": (s.influence(mo.pool(TRIALS, method="DL", ci="wald", **one)), ROWS),
        "pool REML KR": (s.influence(mo.pool(TRIALS, ci="KR", **one)), ROWS),
        "pool given": (s.influence(mo.pool(TRIALS, tau2=0.03, ci="t", **one)), ROWS),
        "regression": (s.influence(mo.regress(TRIALS, "~ dose", **one)), ROWS),
        "multilevel": (s.influence(nested), BLOCKS),
        "multilevel kept": (s.influence(nested, reestimate=False), BLOCKS),
        "multivariate": (s.influence(outcomes(COMPLETE)), BLOCKS),
        "multivariate kept": (s.influence(outcomes(OUTCOMES), reestimate=False), BLOCKS),
        "blup REML HKSJ": (s.blup(mo.pool(TRIALS, **one)), BLUPS),
        "blup regression wald": (s.blup(mo.regress(TRIALS, "~ dose", ci="wald", **one)), BLUPS),
    }


def kept(script):
    """Return a script that keeps what it prints."""
    for call, name in (("influence(res)", "i"), ("blup(res)", "b"), ("cooks.distance(res", "d"), ("dfbetas(res", "b"),
                       ("hatvalues(res)", "h")):  # fmt: skip
        script = script.replace(f"print({call}", f"print({name} <- {call}")
    return script


def main():
    """Write case_deletion_scripts.json."""
    pinned = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, (result, columns) in results().items():
            fields = ", ".join(f"{field} = {expression}" for field, expression in columns.items())
            script = str(result.r_code())
            pinned[name] = {"script": script, "r": run(kept(script), fields, folder)}
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(pinned, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
