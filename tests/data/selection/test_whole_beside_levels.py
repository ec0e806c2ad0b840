"""A row on all patients is no level beside the levels of its arm."""

import pandas as pd
import pytest

import metaonc as mo

ROWS = pd.DataFrame(
    {"trial": list("AAABCC"), "KRAS": ["all", "mutant", "wild-type", "all", "mutant", "wild-type"], "outcome": "orr",
     "events": [9, 3, 6, 8, 3, 5], "n": [40, 20, 20, 30, 12, 18]}
)  # fmt: skip


@pytest.mark.parametrize("word", ["all", "Overall", "ITT"])
def test_all_patients_are_left_out_where_their_levels_stand(word):
    rows = ROWS.replace({"KRAS": {"all": word}})
    found = mo.select(rows, outcome="orr", by="KRAS")
    assert found.used["KRAS"].tolist() == ["mutant", "wild-type"] * 2
    reasons = dict(zip(found.left_out.index, found.left_out["reason"], strict=True))
    assert reasons[0] == f"KRAS is {word!r}: all patients, no subgroup"


def test_trials_of_all_comers_beside_trials_of_one_level_stay():
    rows = ROWS.iloc[[1, 3, 4]].assign(enrolled=["mutant", "unselected", "mutant"])
    assert len(mo.select(rows, outcome="orr", by="enrolled").used) == 3
