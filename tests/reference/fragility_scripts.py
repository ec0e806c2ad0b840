"""Run the R scripts of fragility: (cd tests; python -m reference.fragility_scripts)

As r_scripts.py does; script and R's numbers go to fragility_scripts.json.
"""

import json
import tempfile
from pathlib import Path

from reference.r_scripts import run

import metaonc as mo

COLUMNS = {"events_t": "a", "n_t": "n", "events_c": "b", "n_c": "m", "study": "trial"}
CLEAR = {"trial": list("ABCD"), "a": [8, 5, 9, 2], "n": [60, 45, 70, 30], "b": [17, 13, 17, 7], "m": [60, 44, 70, 31]}
UNCLEAR = {"trial": list("ABC"), "a": [8, 0, 9], "n": [60, 30, 70], "b": [11, 3, 12], "m": [58, 31, 72]}
HARM = {"trial": list("ABC"), "a": [20, 14, 22], "n": [60, 40, 70], "b": [11, 6, 9], "m": [58, 41, 72]}
POOLS = {
    "OR DL": (CLEAR, "OR", {"method": "DL", "ci": "wald"}),
    "RR HKSJ": (CLEAR, "RR", {}),
    "RD zero": (UNCLEAR, "RD", {"method": "DL", "ci": "t", "level": 0.9}),
    "OR zero": (UNCLEAR, "OR", {"method": "CE", "ci": "wald"}),
    "RR harm": (HARM, "RR", {"ci": "wald"}),
}
TESTS = ("fisher", "chisq", "OR", "RR", "RD")


def pooled(name):
    """Return the fragility of a pool."""
    table, measure, options = POOLS[name]
    return mo.sensitivity.fragility(
        mo.pool(mo.effect_sizes(table, measure=measure, **COLUMNS), study="trial", **options)
    )


def trials(test):
    """Return the fragility of trials, some of which have a zero cell."""
    table = {column: [*CLEAR[column], *UNCLEAR[column], *HARM[column]] for column in CLEAR}
    return mo.sensitivity.fragility_of_trials(table, test=test, **COLUMNS)


def main():
    """Write fragility_scripts.json."""
    pinned = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in POOLS:
            script = str(pooled(name).r_code())
            fields = "index = found$index, ends = unname(found$pool), whole = unname(whole)"
            pinned[name] = {"script": script, "r": run(script, fields, folder)}
        for test in TESTS:
            script = str(trials(test).r_code())
            pinned[test] = {"script": script, "r": run(script, "p_value = dat$p_value, index = dat$index", folder)}
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(pinned, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
