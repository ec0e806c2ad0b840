"""Numbers of greenwood (MIT), survival analysis in Python by other hands, on the trials of survrm2.json.

greenwood is no dependency, not even of the tests: they read the numbers. To make them again, in an environment of its
own: ``pip install greenwood==0.8.0 pandas``, then ``python tests/reference/greenwood_numbers.py``.
"""

import json
from pathlib import Path

import greenwood
import numpy as np
import pandas as pd

HERE = Path(__file__).parent
DATA = {name: np.array(column) for name, column in json.loads((HERE / "survrm2.json").read_text())["trials"].items()}


def _numbers(values):
    return [float(x) for x in np.ravel(values)]


def _of(rows):
    time, event, arm = (DATA[name][rows] for name in ("time", "event", "arm"))
    surv = greenwood.Surv(time, event=event)
    cox = greenwood.CoxPH(ties="efron").fit(surv, pd.DataFrame({"arm": arm.astype(float)}))
    means = greenwood.rmst_test(surv, 9.0, arm)
    combo = greenwood.maxcombo_test(surv, arm)
    spline = greenwood.RoystonParmar(df=2).fit(surv, pd.DataFrame({"arm": arm.astype(float)}))
    return {
        "cox": _numbers([cox.coef_, cox.std_error_]),
        "rmst": {name: float(getattr(means, name)) for name in ("estimate", "se", "rmst1", "se1", "rmst2", "se2")},
        "combo": {name: _numbers(getattr(combo, name)) for name in ("statistic", "p_value")},
        "royston_parmar": {"loglik": float(spline.loglik_)},
    }


def main():
    everyone = np.ones(len(DATA["time"]), dtype=bool)
    surv = greenwood.Surv(DATA["time"], event=DATA["event"])
    cox = greenwood.CoxPH(ties="efron").fit(
        surv, pd.DataFrame({"arm": DATA["arm"].astype(float)}), strata=DATA["trial"]
    )
    late = DATA["time"] > 2
    entry = np.where(np.arange(len(late)) % 2, 1.5, 0.0)
    delayed = greenwood.Surv(entry[late], DATA["time"][late], DATA["event"][late])
    truncated = greenwood.CoxPH(ties="efron").fit(delayed, pd.DataFrame({"arm": DATA["arm"][late].astype(float)}))
    found = {
        "versions": {"greenwood": greenwood.__version__},
        "trials": {name: _of(everyone & (DATA["trial"] == name)) for name in "ABCD"},
        "stratified": _numbers([cox.coef_, cox.std_error_]),
        "late": {"entry": _numbers(entry[late]), "cox": _numbers([truncated.coef_, truncated.std_error_])},
    }
    (HERE / "greenwood_numbers.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
