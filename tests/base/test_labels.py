"""Which labels are one, and what is said of those that are joined."""

import pandas as pd
import pytest

from metaonc.base.labels import blank, blanks, find, folded, join_labels, spelling
from metaonc.errors import DataError, DataWarning

ONE = {
    "blanks": ("wild type", " wild  type\t"),
    "no-break blank": ("wild type", "wild\u00a0type"),
    "thin blank": ("wild type", "wild\u2009type"),
    "hyphen": ("wild-type", "wild\u2010type"),
    "no-break hyphen": ("wild-type", "wild\u2011type"),
    "en dash": ("5-10", "5\u201310"),
    "minus": ("ER-", "ER\u2212"),
    "composed": ("Café", "Cafe\u0301"),
    "full width": ("G12C", "\uff27\uff11\uff12\uff23"),
    "ligature": ("first line", "\ufb01rst line"),
    "no width": ("mutant", "mu\u200btant\ufeff"),
    "soft hyphen": ("mutant", "mu\u00adtant"),
}
TWO = {
    "raised 2": ("CD2", "CD\u00b2"),
    "lowered 2": ("H2", "H\u2082"),
    "blank for a dash": ("wild-type", "wild type"),
    "no blank": ("wild type", "wildtype"),
    "plus": ("ER-", "ER+"),
    "accent": ("Cafe", "Café"),
}


@pytest.mark.parametrize("pair", ONE.values(), ids=ONE)
def test_labels_that_look_the_same_are_one(pair):
    assert spelling(pair[0]) == spelling(pair[1])
    with pytest.warns(DataWarning, match=r"\(row 2\) is taken as"):
        joined = join_labels(pd.DataFrame({"x": [pair[0], "other", pair[1]]}), ["x"])
    assert joined.frame["x"].tolist() == [pair[0], "other", pair[0]]
    assert len(joined.notes) == 1
    assert repr(pair[0]) in joined.notes[0]
    assert repr(pair[1]) in joined.notes[0]


@pytest.mark.parametrize("pair", TWO.values(), ids=TWO)
def test_labels_that_look_different_are_two(pair):
    frame = pd.DataFrame({"x": list(pair)})
    assert join_labels(frame, ["x"]) == (frame, ()) or not join_labels(frame, ["x"]).notes


def test_the_table_given_stays_as_it_is():
    frame = pd.DataFrame({"x": ["a", "a "]})
    with pytest.warns(DataWarning, match="taken as"):
        join_labels(frame, ["x", None, "not there"])
    assert frame["x"].tolist() == ["a", "a "]


def test_a_label_alone_is_never_changed():
    odd = " mu\u200btant\u00a0\u2013 "
    assert join_labels(pd.DataFrame({"x": [odd, "b", odd]}), ["x"]).frame["x"].tolist() == [odd, "b", odd]


def test_case_alone_is_refused_with_both_rows_and_a_way_out():
    frame = pd.DataFrame({"trial": ["Ohm", "Sato", "SATO", "SATO"]})
    with pytest.raises(DataError, match=r"'Sato' \(row 8\) and 'SATO' \(row 9\) differ only by case: write them alike"):
        join_labels(frame, ["trial"], [7, 8, 9, 11])
    apart = frame.assign(trial=["Ohm", "Sato", "SATO trial", "SATO trial"])
    assert not join_labels(apart, ["trial"]).notes


def test_a_bar_in_a_label_hides_nothing():
    with pytest.raises(DataError, match="differ only by case"):
        join_labels(pd.DataFrame({"x": ["a|b", "A|b"]}), ["x"])


def test_values_that_are_no_text_stay():
    values = [1, 1.0, None, "1", "1 ", ("a",)]
    with pytest.warns(DataWarning, match="'1 '"):
        joined = join_labels(pd.DataFrame({"x": pd.Series(values, dtype=object)}), ["x"])
    assert joined.frame["x"].tolist() == [1, 1.0, None, "1", "1", ("a",)]


def test_categories_keep_their_order():
    column = pd.Categorical(["lo", "hi", "lo "], categories=["hi", "lo", "lo ", "none"], ordered=True)
    with pytest.warns(DataWarning, match="'lo '"):
        got = join_labels(pd.DataFrame({"x": column}), ["x"]).frame["x"]
    assert got.tolist() == ["lo", "hi", "lo"]
    assert list(got.cat.categories) == ["hi", "lo", "none"]
    assert got.cat.ordered


def test_several_are_counted_in_the_warning_and_told_one_by_one():
    with pytest.warns(DataWarning, match=r"row 1 and 1 more.*\(1 more like it.\)"):
        joined = join_labels(pd.DataFrame({"x": ["a", "a ", "a ", "b", " b"]}), ["x"])
    assert len(joined.notes) == 2


def test_a_name_finds_its_label():
    assert find("wild\u2013type ", ["mut", "wild-type"]) == "wild-type"
    assert find("a ", ["a", "a "]) == "a "
    assert find(1, ["1"]) == "1"
    assert find("MUT", ["mut"]) is None
    assert folded("MUT ") == folded("mut")


def test_what_holds_nothing_to_see_is_blank():
    assert all(map(blank, (None, float("nan"), pd.NA, pd.NaT, "", " \u00a0", "\u200b")))
    assert not any(map(blank, ("-", 0, False, "0")))
    assert blanks(pd.Series(["a", None, " ", "\u200b"])).tolist() == [False, True, True, True]
