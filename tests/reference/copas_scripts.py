"""Run the R scripts of Copas and Shi's model: (cd tests; python -m reference.copas_scripts)

As r_scripts.py does; script and R's numbers go to copas_scripts.json. R needs no package.
"""

import json
import tempfile
from pathlib import Path

from reference.r_scripts import run

import metaonc as mo

TRIALS = {
    "trial": ["A", 'B "two"', *"CDEFGHIJKL"],
    "yi": [-1.1, 0.15, -0.9, -0.2, -0.75, -0.7, -0.1, -0.33, -0.48, 0.06, 0.05, -0.31],
    "vi": [0.42, 0.25, 0.16, 0.12, 0.09, 0.08, 0.05, 0.04, 0.03, 0.02, 0.015, 0.01],
}
FIELDS = ", ".join(f"{x} = unname(curve['{x}', ])" for x in ("estimate", "se", "rho", "unpublished", "loglik"))
FIELDS += ", p_residual = unname(p_residual)"


def results():
    """Return results by name."""
    random, common = (mo.pool(TRIALS, study="trial", measure="HR", method=m, ci="wald") for m in ("REML", "CE"))
    turned = mo.pool(TRIALS | {"yi": [-y for y in TRIALS["yi"]]}, study="trial", measure="HR", tau2=0.03)
    options = {"publication": [0.9, 0.6, 0.3], "points": 2}
    return {
        "random": mo.bias.copas(random, **options),
        "two-sided": mo.bias.copas(random, alternative="two-sided", most_precise=0.95, **options),
        "common": mo.bias.copas(common, **options),
        "tau² given": mo.bias.copas(turned, **options),
    }


def main():
    """Write copas_scripts.json."""
    pinned = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, result in results().items():
            script = str(result.r_code())
            pinned[name] = {"script": script, "r": run(script, FIELDS, folder)}
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(pinned, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
