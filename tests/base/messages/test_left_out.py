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


def test_corrections_of_many_rows_are_counted_too_and_no_note_repeats_a_name():
    own = {"t": [f"T{i // 2}" for i in range(24)], "a": [0] * 24, "n": [20 + i for i in range(24)], "b": [2] * 24}
    table = {name: [*column, *more] for (name, column), more in zip(own.items(), (["Z"], [4], [30], [6]), strict=True)}
    cells = {"events_t": "a", "n_t": "n", "events_c": "b", "n_c": "n", "study": "t"}
    pooled = mo.pool(mo.effect_sizes(table, measure="OR", **cells), study="t")
    assert len(pooled.provenance.corrected) == 24
    said = [line for line in str(pooled).splitlines() if line.startswith("Corrected: ")]
    assert said == [
        "Corrected: 24 rows, events_t/n_t and events_c/n_c, 0.5 added to each cell (T0, T1, T2, T3, T4 and 7 more)"
    ]
    both = mo.pool_mantel_haenszel(table, measure="OR", **cells)
    assert "the effect shown of T0, T1, T2, T3, T4 and 7 more has 1/2 added" in str(both)
