"""What holds of every verb: what is a number to one is to all, and labels are one by one rule. The verbs: `verbs`."""

from __future__ import annotations

import datetime
import warnings
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from verbs import VERBS, Columns, Verb, shown

import metaonc as mo

NO_NUMBERS: dict[str, Any] = {
    "date": datetime.date(2020, 1, 1), "timestamp": pd.Timestamp("2020-01-01"),
    "datetime64": np.datetime64("2020-01-01"), "duration": datetime.timedelta(3),
    "timedelta": pd.Timedelta(days=3), "timedelta64": np.timedelta64(3, "D"),
    "complex": 3j, "bytes": b"3", "underscore": "1_0", "another script": "٣", "hexadecimal": "0x10", "infinity": "inf",
    "not a number": "nan", "two marks": "1,234.5", "word": "many", "list": [3], "too large": 10**400,
}  # fmt: skip
TRUTHS: dict[str, Any] = {"true": True, "numpy's true": np.True_}
NO_COUNTS: dict[str, Any] = {"power": "1e1", "thousand": "1.234", "part": 2.5, "below 0": -1, "infinite": np.inf}
COLUMNS = {
    "dates": lambda k: pd.date_range("2020-01-01", periods=k),
    "durations": lambda k: pd.timedelta_range("1D", periods=k),
    "complex": lambda k: np.arange(k) + 1j,
    "numpy's durations": lambda k: np.arange(1, k + 1).astype("m8[D]"),
}  # fmt: skip
SAME = {
    "decimals": lambda x: [Decimal(str(v)) for v in x], "fractions": lambda x: [Fraction(str(v)) for v in x],
    "numpy's": lambda x: [np.float64(v) for v in x], "texts": lambda x: [str(v) for v in x],
    "Float64": lambda x: pd.array(x, dtype="Float64"), "objects": lambda x: pd.Series(x, dtype=object),
    "padded texts": lambda x: [f" {v}\u00a0" for v in x],
}  # fmt: skip
TWINS = {
    "blank at the end": lambda s: s + " ", "two blanks": lambda s: f" {s}".replace(" ", "  "),
    "no-break blank": lambda s: s + "\u00a0", "without width": lambda s: s[0] + "\u200b" + s[1:],
    "full width": lambda s: chr(ord(s[0]) + 0xFEE0) + s[1:], "hyphen": lambda s: s.replace("-", "\u2010") + "\ufeff",
    "dash": lambda s: s.replace("-", "\u2013") + "\t", "minus": lambda s: s.replace("-", "\u2212") + "\u2060",
}  # fmt: skip


def test_every_pool_has_a_row_in_the_table():
    here = {verb.name.split()[0] for verb in VERBS}
    assert {name for name in dir(mo) if name.startswith(("pool", "regress", "interaction", "effect_sizes"))} <= here


def spoiled(verb: Verb, column: str, value: Any, row: int = 1) -> Columns:
    columns = {name: list(values) for name, values in verb.columns.items()}
    columns[column][row] = value
    return columns


def quiet(verb: Verb, table: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.errors.MetaoncWarning)
        return shown(verb.call(table))


def refused(verb: Verb, column: str, table: Any, value: Any) -> None:
    with pytest.raises(mo.MetaoncError) as caught:
        quiet(verb, table)
    said = str(caught.value)
    assert column in said or repr(value) in said or str(value) in said or "number" in said, said


@pytest.mark.parametrize("verb", VERBS, ids=lambda v: v.name)
def test_what_is_no_number_is_refused(verb):
    for column in (*verb.numbers, *verb.counts, *verb.truths):
        for value in NO_NUMBERS.values():
            refused(verb, column, spoiled(verb, column, value), value)
        for value in TRUTHS.values():
            if column not in (*verb.truths, *verb.factors):
                refused(verb, column, spoiled(verb, column, value), value)
        for make in COLUMNS.values():
            refused(verb, column, verb.columns | {column: make(len(verb.columns[column]))}, "")


@pytest.mark.parametrize("verb", [v for v in VERBS if v.counts], ids=lambda v: v.name)
def test_what_is_no_count_is_refused(verb):
    for column in verb.counts:
        for value in NO_COUNTS.values():
            refused(verb, column, spoiled(verb, column, value), value)


@pytest.mark.parametrize("verb", [v for v in VERBS if {"x", "ai", "events"} & set(v.counts)], ids=lambda v: v.name)
def test_more_events_than_patients_are_refused(verb):
    events = next(c for c in ("x", "ai", "events") if c in verb.counts)
    refused(verb, events, spoiled(verb, events, 200), 200)


@pytest.mark.parametrize("verb", VERBS, ids=lambda v: v.name)
def test_numbers_of_any_type_are_the_same_numbers(verb):
    """Each column is of each type once: of the next one in each table, so that a table has columns of several types."""
    plain, columns = quiet(verb, verb.columns), (*verb.numbers, *verb.counts, *verb.truths)
    together = [columns] if not isinstance(plain, dict) else [(column,) for column in columns]
    for several in together:
        for turn in range(len(SAME)):
            types = {column: list(SAME)[(turn + i) % len(SAME)] for i, column in enumerate(several)}
            types = {c: name for c, name in types.items() if not (c in verb.factors and "texts" in name)}
            found = quiet(verb, verb.columns | {c: SAME[name](verb.columns[c]) for c, name in types.items()})
            for column in several:
                without = [shown_without(x, column) for x in (found, plain)]
                assert without[0] == without[1], types


def shown_without(result: Any, column: str) -> Any:
    """Return a table that was handed on without the column that was written otherwise."""
    return {k: v for k, v in result.items() if k != column} if isinstance(result, dict) else result


@pytest.mark.parametrize("verb", VERBS, ids=lambda v: v.name)
def test_a_masked_value_is_a_missing_one(verb):
    for column in (*verb.numbers, *verb.counts, *verb.truths):
        values = [float(v) for v in verb.columns[column]]
        mask = [i == 1 for i in range(len(values))]
        hidden = np.ma.array([values[0] if m else v for v, m in zip(values, mask, strict=True)], mask=mask)
        ends = []
        for missing in (hidden, [None if m else v for v, m in zip(values, mask, strict=True)]):
            try:
                ends.append(shown_without(quiet(verb, verb.columns | {column: missing}), column))
            except mo.MetaoncError as problem:
                ends.append(type(problem))
        assert repr(ends[0]) == repr(ends[1]), column


@pytest.mark.parametrize("verb", [v for v in VERBS if v.frames], ids=lambda v: v.name)
def test_any_dataframe_gives_the_same(verb):
    pl, pa = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    plain = quiet(verb, verb.columns)
    frame = pd.DataFrame(verb.columns)
    texts = dict.fromkeys(verb.labels, "string[pyarrow]")
    for table in (frame, frame.convert_dtypes(), frame.astype(texts), pl.DataFrame(verb.columns, strict=False),
                  pa.table({c: pa.array(frame[c]) for c in frame})):  # fmt: skip
        assert repr(quiet(verb, table)) == repr(plain), type(table)


LABELLED = [pytest.param(v, c, id=f"{v.name}, {c}") for v in VERBS for c in v.labels]


@pytest.mark.parametrize(("verb", "column"), LABELLED)
def test_a_category_that_no_row_has_is_none(verb, column):
    """A column of R's factors, after rows were taken out: levels that are not there change nothing."""
    table = pd.DataFrame(verb.columns)
    levels = [*sorted(set(table[column])), "taken out"]
    assert quiet(verb, table.assign(**{column: pd.Categorical(table[column], levels)})) == quiet(verb, table)


@pytest.mark.parametrize(("verb", "column"), LABELLED)
def test_labels_of_one_spelling_are_one(verb, column):
    """The result is that of the label as first written, and a warning says which was taken as which."""
    values = verb.columns[column]
    row = next((i for i in range(len(values)) if values[i] in values[:i]), None)
    once = {name: list(x) for name, x in verb.columns.items()}
    if row is None:  # all differ: two rows of one label
        once[column][1] = once[column][0]
    at = 1 if row is None else row
    plain = quiet(verb, once)
    for twin in TWINS.values():
        columns = {name: list(x) for name, x in once.items()}
        columns[column][at] = twin(columns[column][at])
        with pytest.warns(mo.errors.DataWarning, match="is taken as"), warnings.catch_warnings(record=False):
            result = verb.call(columns)
        assert repr(shown(result)) == repr(plain)
        if hasattr(result, "provenance"):
            told = (*result.provenance.notes, *result.provenance.corrected)
            assert any("is taken as" in sentence for sentence in told)


@pytest.mark.parametrize(("verb", "column"), LABELLED)
def test_labels_that_differ_by_case_are_refused(verb, column):
    columns = spoiled(verb, column, verb.columns[column][0].swapcase())
    with pytest.raises(mo.DataError, match="differ only by case") as caught:
        verb.call(columns)
    assert repr(verb.columns[column][0]) in str(caught.value)


@pytest.mark.parametrize(("verb", "column"), LABELLED)
def test_labels_that_differ_stay_as_written(verb, column):
    """A raised 2 may be the mark of a footnote, and a blank between words is seen."""
    values = list(dict.fromkeys(verb.columns[column]))
    written = {old: f"{old[:2]}\u00a0{old[2:]}" for old in values[:1]}
    columns = verb.columns | {column: [written.get(v, v) for v in verb.columns[column]]}
    if any(v in ("ctl-1", "mut-ant", "wild", "a b") for v in values) and verb.name in (
        "interaction", "reconstruct_arms"):  # fmt: skip
        return  # these name the label in their call
    with warnings.catch_warnings():
        warnings.simplefilter("error", mo.errors.DataWarning)
        verb.call(columns)
