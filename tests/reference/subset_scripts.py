"""Run the R scripts of subsets of every kind of result: (cd tests; python -m reference.subset_scripts)

As r_scripts.py does; script and R's numbers go to subset_scripts.json.
"""

import json
import tempfile
import warnings
from pathlib import Path

from reference.r_scripts import run

import metaonc as mo

COUNTS = {
    "trial": ["A", 'B "two"', "C", "D", "E", "F"],
    "x": [7, 12, 3, 18, 9, 5], "n": [41, 60, 33, 72, 38, 50],
    "y": [11, 15, 6, 24, 10, 11], "m": [40, 61, 35, 70, 40, 47],
    "t": [120.5, 300.0, 88.0, 410.2, 95.0, 160.0], "u": [118.0, 290.0, 91.0, 380.0, 99.0, 150.0],
}  # fmt: skip
TWO = {"events_t": "x", "n_t": "n", "events_c": "y", "n_c": "m", "study": "trial"}
TIMES = {"events_t": "x", "time_t": "t", "events_c": "y", "time_c": "u", "study": "trial"}
ONE = {"events": "x", "n": "n", "study": "trial"}
NESTED = {
    "yi": [0.12, 0.42, 0.63, 0.5, 0.91, 0.2, -0.05, 0.33, 0.7, 0.6, 0.15],
    "vi": [0.02, 0.03, 0.02, 0.05, 0.01, 0.02, 0.04, 0.03, 0.02, 0.06, 0.03],
    "trial": ["a", "a", "b", "b", "c", "d", "d", "e", "e", "e", "c"],
    "arm": [1, 2, 1, 2, 1, 1, 2, 1, 2, 3, 2],
}
EFFECTS = {
    "trial": list("ABCDEFGH"), "yi": [-0.9, -0.42, -0.24, 0.1, -0.66, -0.05, -0.31, 0.2],
    "vi": [0.05, 0.0144, 0.0081, 0.04, 0.02, 0.03, 0.05, 0.02], "dose": [1, 2, 2, 3, 1, 3, 2, 4],
    "kras": ["mut", "wt"] * 4,
}  # fmt: skip
OUTCOMES = {
    "trial": ["A", "B", "C", "D", "E", "F"], "pfs": [-1.1, -0.3, 0.4, -0.4, None, -0.7],
    "os": [-0.6, -0.5, 0.5, None, -0.25, -0.1], "v_pfs": [0.04, 0.03, 0.05, 0.02, None, 0.05],
    "v_os": [0.05, 0.04, 0.06, None, 0.03, 0.04], "c": [0.02, 0.02, 0.03, None, None, 0.02],
}  # fmt: skip
COVARIANCE = [  # of the rows of NESTED, between some of one trial
    [v if i == j else 0.008 if (a == b and a in "abd") else 0.0 for j, b in enumerate(NESTED["trial"])]
    for i, (a, v) in enumerate(zip(NESTED["trial"], NESTED["vi"], strict=True))
]
VERBS = {"leave_one_out": mo.sensitivity.leave_one_out, "cumulative": mo.sensitivity.cumulative}
METAFOR = "estimate = pools$estimate, se = pools$se, ci_low = pools$ci.lb, ci_high = pools$ci.ub, q = pools$Q"
LOOP = "estimate = pools$estimate, se = pools$se, prediction_low = NULL"  # NULL: `run` adds no limits of its own
BETWEEN = "stated_p = pools$p, prediction_low = NULL"
FIELDS = {"mh": METAFOR, "peto": METAFOR, "subgroups": BETWEEN,
          "twice": "estimate = pools$estimate, se = pools$se, ci_low = pools$ci_low, tau2 = pools$tau2"}  # fmt: skip


def wholes():
    """Return a result of each kind, by name; the first word says the kind."""
    nested = mo.pool_multilevel(NESTED, levels=["trial", "arm"])
    both = {"yi": ["pfs", "os"], "cov": [["v_pfs", "c"], ["c", "v_os"]], "study": "trial"}
    effects = {"study": "trial", "measure": "HR"}
    return {
        "mh OR": mo.pool_mantel_haenszel(COUNTS, measure="OR", **TWO),
        "mh RR 90": mo.pool_mantel_haenszel(COUNTS, measure="RR", level=0.9, **TWO),
        "mh RD": mo.pool_mantel_haenszel(COUNTS, measure="RD", **TWO),
        "mh IRR": mo.pool_mantel_haenszel(COUNTS, measure="IRR", **TIMES),
        "peto": mo.pool_peto(COUNTS, **TWO),
        "glmm PLO": mo.pool_glmm(COUNTS, **ONE),
        "glmm IRLN": mo.pool_glmm(COUNTS, measure="IRLN", events="x", time="t", study="trial"),
        "glmm UM.FS": mo.pool_glmm(COUNTS, measure="OR", **TWO),
        "glmm UM.RS t": mo.pool_glmm(COUNTS, measure="OR", model="UM.RS", ci="t", **TWO),
        "glmm CM.AL": mo.pool_glmm(COUNTS, measure="OR", model="CM.AL", **TWO),
        "glmm IRR CM.EL": mo.pool_glmm(COUNTS, measure="IRR", model="CM.EL", **TIMES),
        "betabinomial": mo.pool_beta_binomial(COUNTS, **ONE),
        "bayes": mo.pool_bayes(EFFECTS, **effects),
        "multilevel": nested,
        "multilevel t": mo.pool_multilevel(NESTED, levels=["trial"], method="ML", ci="t", level=0.9),
        "multilevel CR1": nested.robust(cluster="trial", kind="CR1"),
        "multivariate": mo.pool_multivariate(OUTCOMES, **both),
        "regression": mo.regress(EFFECTS, "~ dose + C(kras)", **effects),
        "regression KR": mo.regress(EFFECTS, "~ dose", ci="KR", **effects),
        "subgroups": mo.pool_subgroups(EFFECTS, by="kras", **effects),
        "subgroups common": mo.pool_subgroups(EFFECTS, by="kras", common_tau2=True, ci="wald", **effects),
        "twice": mo.pool(NESTED, study="trial", ci="t"),
        "correlated": mo.pool(NESTED, study="trial", covariance=COVARIANCE),
        "correlated DL wald": mo.pool(NESTED, study="trial", covariance=COVARIANCE, method="DL", ci="wald"),
        "correlated ML t": mo.pool(NESTED, study="trial", covariance=COVARIANCE, method="ML", ci="t"),
    }


def results():
    """Return subsets of each, by name."""
    found = {f"{verb} {name}": (verb, whole) for name, whole in wholes().items() for verb in VERBS}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            name: VERBS[verb](whole) for name, (verb, whole) in found.items()
            if not (verb == "cumulative" and " regression" in name)
        }  # fmt: skip


def main():
    """Write subset_scripts.json."""
    pinned = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, result in results().items():
            script = str(result.r_code())
            fields = FIELDS.get(name.split()[1], LOOP)
            pinned[name] = {"script": script, "r": run(script, fields, folder)}
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(pinned, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
