"""Which column names the trial, the same in every verb of several trials."""

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import ColumnError, DataError

rng = np.random.default_rng(3)
ARM = np.tile(["new", "old"], 120)
DIED = rng.weibull(1.2, 240) * np.where(ARM == "new", 14.0, 10.0) + 0.05
NAMED = np.repeat(["A", "B", "C", "D"], 60)
PATIENTS = pd.DataFrame({"arm": ARM, "time": np.minimum(DIED, 20).round(2), "event": (DIED < 20).astype(int),
                         "sex": rng.integers(0, 2, 240)})  # fmt: skip
MEDIANS = pd.DataFrame({"m": [8.1, 10.5, 13.0], "lo": [6.9, 8.0, 9.1], "hi": [9.9, 13.6, 16.0]})
RATES = pd.DataFrame({"s": [0.5, 0.6, 0.4], "n": [40, 50, 30]})
COUNTS = pd.DataFrame({"events_t": [9, 8, 7], "n_t": [20] * 3, "events_c": [12, 12, 11], "n_c": [20] * 3})
S = mo.survival
VERBS = {
    "pool_rmst": (PATIENTS, lambda d, **o: S.pool_rmst(d, horizons=10, control="old", **o).pooled),
    "pool_time_varying": (PATIENTS, lambda d, **o: S.pool_time_varying(d, control="old", **o).tidy()),
    "pool_flexible": (PATIENTS, lambda d, **o: S.pool_flexible(d, control="old", power=0, **o).tidy()),
    "pool_ipd": (PATIENTS, lambda d, **o: S.pool_ipd(d, control="old", treatment="common", **o).tidy()),
    "pool_frailty": (PATIENTS, lambda d, **o: S.pool_frailty(d, control="old", frailty="gamma", **o).tidy()),
    "ipd_interaction": (PATIENTS, lambda d, **o: S.ipd_interaction(d, control="old", by="sex", **o).tidy()),
    "pool_curves": (PATIENTS, lambda d, **o: S.pool_curves(d, event="event", times=[5, 10], draws=1000, **o).tidy()),
    "pool_mixed": (PATIENTS, lambda d, **o: S.pool_mixed(patients=d, control="old", **o).tidy()),
    "pool_mixed counts": (COUNTS, lambda d, **o: S.pool_mixed(counts=d, **o).tidy()),
    "pool_medians": (MEDIANS, lambda d, **o: S.pool_medians(d, median="m", ci_low="lo", ci_high="hi", **o).tidy()),
    "pool_landmark": (RATES, lambda d, **o: S.pool_landmark(d, survival="s", n_risk="n", **o).tidy()),
}  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_a_standard_name_is_found_and_another_is_asked_for(verb):
    table, run = VERBS[verb]
    names = NAMED[:: len(NAMED) // 3][: len(table)] if len(table) < 9 else NAMED
    told = run(table.assign(code=names), study="code")
    for name in ("trial", "study"):
        pd.testing.assert_frame_equal(run(table.assign(**{name: names})), told)
    with pytest.raises(ColumnError, match=r"neither 'trial' nor 'study'.*'code'\].*study='name'"):
        run(table.assign(code=names))
    with pytest.raises(ColumnError, match=r"The table has 'trial' and 'study'.*study='trial'"):
        run(table.assign(trial=names, study=names))


def test_effects_that_say_their_own_column_are_taken_by_it():
    es = mo.effect_sizes({"code": ["A", "B"], "trial": ["x", "x"], "h": [0.7, 0.8], "se": [0.1, 0.2]}, measure="HR",
                         study="code", hr="h", se="se")  # fmt: skip
    assert S.pool_mixed(reported=es).evidence["study"].tolist() == ["A", "B"]
    with pytest.raises(DataError, match="stands twice in reported="):
        S.pool_mixed(reported=es, study="trial")
