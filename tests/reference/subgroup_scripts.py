"""Run the R scripts of interaction and of subgroups: (cd tests; python -m reference.subgroup_scripts)

As r_scripts.py does; script and R's numbers go to subgroup_scripts.json. Data are those of interaction.json.
"""

import json
import tempfile
import warnings
from pathlib import Path

import pandas as pd
from reference import pinned
from reference.r_scripts import LIMITS, run

import metaonc as mo

FLOATING = "floating = floating, floating_cov = floating_cov, floating_tau2 = sigma"
POOL = LIMITS + "se = {0}$se, "
FIELDS = {
    "two": POOL.format("res") + "p_value = res$pval, q = res$QE, " + FLOATING,
    "two HC": POOL.format("own") + "q = res$QE, " + FLOATING,
    "several": "interactions = c(D[-1, , drop = FALSE] %*% gamma), cov = D[-1, , drop = FALSE] %*% gamma_cov %*% "
    "t(D[-1, , drop = FALSE]), loglik = c(logLik(res)), q = res$QE, " + FLOATING,
}
FIELDS["trend"] = FIELDS["several"]
FIELDS["subgroups"] = "q_between = q, q_between_p = pchisq(q, df, lower.tail = FALSE)"
F_TEST = "f_between = res$QM, f_between_df = res$QMdf[2], f_between_p = res$QMp, f_between_scale = res$s2w, "
F_TEST += "f_floor = floor$QM, f_floor_p = floor$QMp"
TABLES = {"trial": list("ABCDEF"), "by": list("xyxyxx"), "a": [3, 5, 1, 9, 7, 8], "na": [30, 31, 28, 40, 33, 29],
          "c": [6, 7, 4, 10, 8, 5], "nc": [30, 29, 30, 41, 30, 31]}  # fmt: skip
COUNTS = {"events_t": "a", "n_t": "na", "events_c": "c", "n_c": "nc", "study": "trial"}
ONE_ARM = {"events": "a", "n": "na", "study": "trial"}


def two(method, ci, structure="unstructured", name="three", **options):
    table = pd.DataFrame(pinned.load("interaction")[name]["data"])
    return mo.interaction(table, study="trial", by="level", contrast=("c", "a"), method=method, ci=ci,
                          structure=structure, **options)  # fmt: skip


def several(name, **options):
    data = pinned.load("interaction")[name]
    if options.get("trend"):
        options["trend"] = data["scores"]
    levels = sorted(set(data["data"]["level"]))
    return mo.interaction(pd.DataFrame(data["data"]), study="trial", by="level", levels=levels, **options)


def subgroups(table=None, **options):
    if table is None:
        table = pd.DataFrame(pinned.load("interaction")["three"]["data"])
        return mo.pool_subgroups(table, by="level", **options)
    return mo.pool_subgroups(table, by="by", **options)


def results():
    """Return a result of each kind, by name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.MetaoncWarning)
        return {
            "two CE": two("CE", "wald"),
            "two REML": two("REML", "HKSJ", level=0.9),
            "two DL": two("DL", "wald", "exchangeable", name="four"),
            "two ML": two("ML", "t"),
            "two HC": two("DL", "HC"),
            "several CE": several("four", method="CE"),
            "several REML": several("three"),
            "several ML": several("three", method="ML"),
            "several exchangeable": several("four", structure="exchangeable", level=0.9),
            "trend CE": several("none", method="CE", trend=True),
            "trend REML": several("three", trend=True),
            "subgroups wald": subgroups(method="DL", ci="wald"),
            "subgroups HC": subgroups(method="DL", ci="HC"),
            "subgroups F": subgroups(),
            "subgroups F common": subgroups(common_tau2=True),
            "subgroups MH": subgroups(TABLES, using=mo.pool_mantel_haenszel, **COUNTS),
            "subgroups Peto": subgroups(TABLES, using=mo.pool_peto, **COUNTS),
            "subgroups GLMM": subgroups(TABLES, using=mo.pool_glmm, **ONE_ARM),
            "subgroups BB": subgroups(TABLES, using=mo.pool_beta_binomial, **ONE_ARM),
        }


def main():
    """Write subgroup_scripts.json."""
    pins = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, result in results().items():
            script = str(result.r_code())
            fields = FIELDS.get(name, FIELDS[name.split()[0]])
            if "floor <- rma" in script:
                fields = f"{fields}, {F_TEST}"
            pins[name] = {
                "script": script,
                "r": run(script, fields, folder),
            }
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(pins, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
