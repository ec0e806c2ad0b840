"""A measure that the caller gives and one that the table holds."""

import pandas as pd
import pytest

import metaonc as mo

ARMS = {
    "trial": list("ABCD"),
    "a": [30, 13, 15, 14],
    "na": [40, 30, 40, 30],
    "b": [20, 5, 8, 6],
    "nb": [41, 31, 40, 30],
}
EFFECTS = mo.effect_sizes(
    ARMS | {"dose": [1, 2, 3, 5], "row": range(4), "kras": list("mmww")}, measure="OR", events_t="a", n_t="na",
    events_c="b", n_c="nb", study="trial",
)  # fmt: skip
CALLS = {
    "pool": lambda **o: mo.pool(EFFECTS, **o),
    "regress": lambda **o: mo.regress(EFFECTS, "~ dose", **o),
    "bayes": lambda **o: mo.pool_bayes(EFFECTS, **o),
    "subgroups": lambda **o: mo.pool_subgroups(EFFECTS, by="kras", **o).overall,
    "multilevel": lambda **o: mo.pool_multilevel(EFFECTS, levels=["trial", "row"], **o),
    "regress_multilevel": lambda **o: mo.regress_multilevel(EFFECTS, "~ dose", levels=["trial", "row"], **o),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_measure_that_the_table_contradicts_is_refused(name):
    says = "measure='RR', and the column measure says OR: .*Leave measure= out, or drop the column if it is wrong"
    with pytest.raises(mo.DataError, match=says):
        CALLS[name](measure="RR")
    assert CALLS[name]().measure == CALLS[name](measure="OR").measure == "OR"


def test_a_measure_that_says_nothing_contradicts_nothing():
    assert mo.pool(EFFECTS, measure="GEN").measure == "GEN"
    plain = pd.DataFrame({"yi": [0.1, 0.2], "vi": [0.1, 0.1]})
    for said in ("GEN", "log ratio", None):
        assert mo.pool(plain.assign(measure=said), measure="HR").measure == "HR"
    assert mo.pool(EFFECTS.drop(columns="measure"), measure="RR").measure == "RR"
