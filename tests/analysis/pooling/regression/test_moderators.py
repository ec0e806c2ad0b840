"""Moderators that are texts: labels, or numbers that were meant as such."""

import re

import pandas as pd
import pytest

import metaonc as mo
from metaonc.analysis.pooling.regression.moderators import read_moderators
from metaonc.errors import DataError

SHARES = ["33,5 %", "44%", None, "50 %"]


def test_percentages_that_are_texts_are_refused_with_what_makes_numbers_of_them():
    df = pd.DataFrame({"yi": [0.1, 0.2, 0.3, 0.5], "vi": [0.1] * 4, "share": SHARES})
    with pytest.raises(DataError, match=r"row 0: share='33,5 %' is a text") as told:
        mo.regress(df, "~ share")
    advised = re.search(r"as by (pd\.to_numeric\(.*'coerce'\))", str(told.value))
    numbers = eval(advised[1], {"pd": pd, "df": df})
    assert numbers.tolist()[:2] == [33.5, 44.0]
    assert numbers.isna().tolist() == [False, False, True, False]


def test_labels_beside_a_sign_of_percent_stay_labels():
    table = pd.DataFrame({"pdl1": ["<1%", "1-49 %", ">=50%"]})
    assert read_moderators(table, ["pdl1"], range(3)).frame["pdl1"].tolist() == table["pdl1"].tolist()
