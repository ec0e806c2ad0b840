import warnings

import metaonc as mo
from metaonc.base.messages.left_out import summed_up


def sentences(why, count, kind="row"):
    return [f"trial 'T{i}' ({kind} {i if kind == 'row' else f'{i}-orr'}): {why(i)}" for i in range(count)]


def test_a_few_are_told_one_by_one():
    few = sentences(lambda i: "missing: n", 10)
    assert summed_up(few) == few


def test_many_are_counted_by_reason_the_most_first_without_names_twice():
    many = [*sentences(lambda i: "no counts", 4), *sentences(lambda i: "missing: n", 9)]
    many += ["trial 'T0' (row ramp-orr-2024): missing: n"] * 2
    assert summed_up(many) == [
        "11 rows, missing: n (T0, T1, T2, T3, T4, T5, T6, T7, T8)",
        "4 rows, no counts (T0, T1, T2, T3)",
    ]


def test_many_reasons_are_cut_with_a_word():
    lines = summed_up(sentences(lambda i: f"n={i} is odd", 31))
    assert len(lines) == 11
    assert lines[0] == "1 row, n=0 is odd (T0)"
    assert lines[-1] == "rows for 21 more reasons"


def test_a_result_of_a_sheet_with_gaps_is_short():
    table = {"study": [f"Trial {i}" for i in range(120)], "r": [4] * 20 + [None] * 100, "n": [25] * 60 + [None] * 60}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.DataWarning)
        result = mo.pool_glmm(table, events="r", n="n", study="study")
    text = str(result)
    assert len(text.splitlines()) < 30
    assert "100 rows, missing: r (Trial 20, Trial 21, Trial 22, Trial 23, Trial 24 and 95 more)" in text
    assert len(result.provenance.dropped) == 100
