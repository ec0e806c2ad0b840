"""Run the R scripts of pools with correlated sampling errors: (cd tests; python -m reference.correlated_scripts)

As r_scripts.py does; script and R's numbers go to correlated_scripts.json. Data are those of correlated.json.
"""

import json
import tempfile
from pathlib import Path

import pandas as pd
from reference import pinned
from reference.r_scripts import LIMITS, run

import metaonc as mo

FIELDS = LIMITS + "se = {0}$se, tau2 = tau2, q = res$QE"


def effects(measure="OR"):
    """Return the effects of the made-up trials but for the row with an empty cell, and the column of control arms."""
    table = pd.DataFrame(pinned.load("correlated")["data"]).iloc[:8]
    table = table.assign(control="placebo of " + table["trial"])
    return mo.effect_sizes(table, measure=measure, events_t="ai", n_t="n1i", events_c="ci", n_c="n2i", study="trial")


def results():
    """Return results by name."""
    es = effects()

    def pooled(**options):
        return mo.pool(es, study="trial", shared="control", **options)

    return {
        "REML": pooled(),
        "REML t": pooled(ci="t", prediction="HTS", level=0.9),
        "REML predicted HK": pooled(ci="t", prediction="HK-PR"),
        "ML": pooled(method="ML", ci="wald", prediction="wald"),
        "ad hoc": pooled(method="DL", ci="HKSJ-adhoc"),
        "PM": pooled(method="PM"),
        "CE": pooled(method="CE", ci="wald"),
        "given": pooled(tau2=0.1),
        "RD": mo.pool(effects("RD"), study="trial", shared="control"),
    }


def main():
    """Write correlated_scripts.json."""
    out = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, result in results().items():
            script = str(result.r_code())
            fields = FIELDS.format("own" if result.ci.startswith("HKSJ") else "res")
            out[name] = {"script": script, "r": run(script, fields, folder)}
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
