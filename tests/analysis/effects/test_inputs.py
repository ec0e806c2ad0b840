"""A table of effects says which columns they came from, and says it after a merge, a CSV file and another dataframe."""

import io

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import metaonc as mo
from metaonc.analysis.effects.inputs import read, written
from metaonc.analysis.effects.measures import MEASURES

COUNTS = {"trial": list("abcdef"), "x": [25, 7, 9, 4, 12, 3], "n": [57, 10, 52, 9, 40, 30]}
RATIOS = {"trial": list("abc"), "hr": [0.5, 0.8, 0.9], "lo": [0.36, 0.6, 0.7], "hi": [0.69, 1.07, 1.16],
          "coverage": [0.95, 0.95, 0.9]}  # fmt: skip
LIMITS = {"hr": "hr", "ci_low": "lo", "ci_high": "hi"}


def rates(kind=pd.DataFrame):
    return mo.effect_sizes(kind(COUNTS), measure="PLO", events="x", n="n", study="trial")


def ratios(**options):
    return mo.effect_sizes(pd.DataFrame(RATIOS), measure="HR", **LIMITS, study="trial", **options)


def merged(table):
    return table.merge(pd.DataFrame({"trial": table["trial"], "year": range(len(table))}))


def through_csv(table):
    return pd.read_csv(io.StringIO(table.to_csv(index=False)), float_precision="round_trip")


def through_records(table):
    return pd.DataFrame(table.to_dict("records"))


WAYS = [merged, through_csv, through_records, pl.from_pandas, pa.Table.from_pandas]


def test_each_row_says_which_columns_it_came_from():
    assert rates()["inputs"].tolist() == ["events='x', n='n'"] * 6
    assert ratios()["inputs"][0] == "hr='hr', ci_low='lo', ci_high='hi', level=0.95"
    assert ratios(level="coverage")["inputs"][0] == "hr='hr', ci_low='lo', ci_high='hi', level='coverage'"
    assert rates(pl.DataFrame)["inputs"].to_list() == rates()["inputs"].tolist()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("table", [rates(), ratios(), ratios(level="coverage")])
def test_the_trials_are_the_same_whatever_a_table_went_through(table, way):
    want, got = mo.pool(table, study="trial"), mo.pool(way(table), study="trial")
    pd.testing.assert_frame_equal(got.tidy(transform=True), want.tidy(transform=True), check_exact=True)
    assert set(want.tidy(transform=True)["interval"]) - {"wald", "HKSJ"}
    assert got.studies.roles == want.studies.roles
    assert got.provenance.notes == want.provenance.notes
    shown = (mo.plot.forest_rows(r).rows.drop(columns="year", errors="ignore") for r in (got, want))
    pd.testing.assert_frame_equal(*shown)


def test_a_reported_interval_is_kept_only_where_it_is_of_the_results_level():
    assert mo.pool(ratios(level="coverage"), study="trial").tidy(transform=True)["interval"].tolist() == [
        "reported", "reported", "wald", "HKSJ",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["a b", "it's", 'say "n"', "n=1, m", "naïve (Ärzte)", "line\nbreak", "\\", "**x"])
def test_any_name_of_a_column_is_read_back(name):
    table = pd.DataFrame({name: [5.0, 6.0], "n": [20.0, 30.0]})
    es = mo.effect_sizes(table, measure="PLO", events=name, n="n")
    assert read(through_csv(es), MEASURES["PLO"]) == ({"events": name, "n": "n"}, None, ())


def test_what_is_written_is_what_is_read():
    frame = pd.DataFrame({"inputs": [written({"hr": "hr", "se": "s"}, 0.9)] * 2, "hr": 0.5, "s": 0.1})
    assert read(frame, MEASURES["HR"]) == ({"hr": "hr", "se": "s"}, 0.9, ())


def said(table, verb=mo.pool, **options):
    with_notes = verb(table, study="trial", **options)
    return [note for note in with_notes.provenance.notes if "not fully known" in note]


LOSSES = {
    "the table has lost the column 'inputs'": lambda es: es.drop(columns="inputs"),
    "the column 'x' that 'inputs' names is not in the table": lambda es: es.rename(columns={"x": "responders"}),
    "the column 'inputs' is not as effect_sizes wrote it in every row": lambda es: es.assign(inputs="events: x"),
    "not as effect_sizes wrote it in every row": lambda es: es.assign(inputs=[None, *es["inputs"][1:]]),
    "rows differ in the column 'inputs'": lambda es: pd.concat([
        es, mo.effect_sizes(pd.DataFrame({"trial": list("gh"), "r": [4, 5], "n": [20, 21]}), measure="PLO", events="r",
                            n="n")]),
}  # fmt: skip


@pytest.mark.parametrize("why", LOSSES)
def test_what_is_lost_is_said(why):
    table = LOSSES[why](rates())
    (note,) = said(table)
    assert why in note
    assert "single trials then have Wald's intervals" in note
    assert mo.pool(table, study="trial").study_table(transform=True)["interval"].eq("wald").all()


@pytest.mark.parametrize(
    ("verb", "options"), [(mo.pool_bayes, {}), (mo.pool_multilevel, {"levels": ["trial", "arm"]}),
                          (mo.regress, {"formula": "~ year"})]
)  # fmt: skip
def test_every_verb_that_takes_effects_says_it(verb, options):
    table = rates().assign(year=range(6), arm=list("aabbcc")).drop(columns="inputs")
    if verb is mo.regress:
        found = mo.regress(table, options["formula"], study="trial").provenance.notes
    else:
        found = verb(table, study="trial", **options).provenance.notes
    assert any("lost the column 'inputs'" in note for note in found)


def test_nothing_is_said_of_effects_that_never_came_from_columns():
    own = {"trial": list("abc"), "yi": [0.1, 0.2, 0.4], "vi": [0.1, 0.2, 0.1], "route": "Cox"}
    assert said(own, measure="HR") == []
    assert said({**own, "measure": "PLO"}) == []


def test_where_rows_differ_what_they_agree_on_holds():
    one, other = ratios(), ratios()
    one["inputs"] = written({**LIMITS, "p": "p"}, 0.95)
    one["p"], other["p"] = 0.01, np.nan
    r = mo.pool(pd.concat([one, other.assign(trial=list("def"))]), study="trial")
    assert r.studies.roles == LIMITS
    assert r.study_table(transform=True)["interval"].eq("reported").all()
    assert any("rows differ" in note for note in r.provenance.notes)


def test_the_column_is_not_written_over():
    with pytest.raises(mo.errors.DataError, match="the table already has a column 'inputs'"):
        mo.effect_sizes({**COUNTS, "inputs": 1}, measure="PLO", events="x", n="n")
