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
    assert rates()["inputs"].tolist() == ["events='x', n='n', study='trial'"] * 6
    assert ratios()["inputs"][0] == "hr='hr', ci_low='lo', ci_high='hi', level=0.95, study='trial'"
    varied = ratios(level="coverage")["inputs"][0]
    assert varied == "hr='hr', ci_low='lo', ci_high='hi', level='coverage', study='trial'"
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
    "the table has lost the column 'inputs' of": lambda es: es.drop(columns="inputs"),
    "the table has lost the column 'inputs'": lambda es: es.assign(inputs=None),
    "the column 'x' that 'inputs' names is not in the table": lambda es: es.rename(columns={"x": "responders"}),
    "'events: x' in the column 'inputs' is not as it was written": lambda es: es.assign(inputs="events: x"),
    "\"events=['x'], n='n'\" in the column 'inputs' is not": lambda es: es.assign(inputs="events=['x'], n='n'"),
    "'1=x' in the column 'inputs' is not": lambda es: es.assign(inputs="1=x"),
    "\"f('x')\" in the column 'inputs' is not": lambda es: es.assign(inputs="f('x')"),
    "rows differ in the column 'inputs' over 'events'": lambda es: pd.concat([
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


def test_rows_of_several_routes_are_one_table():
    other = mo.effect_sizes(pd.DataFrame({"trial": list("de"), "oe": [-7.6, 2.0], "var": [30.1, 20.0]}), measure="HR",
                            o_minus_e="oe", v="var", study="trial")  # fmt: skip
    both = pd.concat([ratios(), other])
    r = mo.pool(both, study="trial")
    assert r.studies.roles == {**LIMITS, "o_minus_e": "oe", "v": "var"}
    assert r.study_table(transform=True)["interval"].tolist() == ["reported"] * 3 + ["wald"] * 2
    assert said(both) == []


def test_one_column_may_hold_two_roles():
    table = {"e": [5, 6], "c": [7, 9], "n": [20, 21]}
    es = mo.effect_sizes(table, measure="OR", events_t="e", n_t="n", events_c="c", n_c="n")
    assert mo.pool(es).studies.roles == {"events_t": "e", "n_t": "n", "events_c": "c", "n_c": "n"}


def test_of_a_column_that_changes_its_role_nothing_is_taken():
    frame = pd.DataFrame({"inputs": ["events='a', n='b'", "events='a', n='c'", "n='b', time='d'"]})
    found = read(frame.assign(a=1, b=2, c=3, d=4), MEASURES["PLO"])
    assert found.roles == {"events": "a", "time": "d"}
    assert "over 'n'" in found.notes[0]


@pytest.mark.parametrize("blank", [None, np.nan, "", " ", pd.NA])
def test_a_row_without_counts_of_its_own_has_walds_interval_beside_the_exact_ones(blank):
    es = rates()
    own = pd.DataFrame({"trial": ["own"], "yi": [-0.4], "vi": [0.1], "measure": ["PLO"], "inputs": [blank]})
    r = mo.pool(pd.concat([es, own]), study="trial")
    table = r.study_table(transform=True)
    assert table["interval"].tolist() == ["exact"] * 6 + ["wald"]
    pd.testing.assert_frame_equal(
        table.loc[:5, ["estimate", "ci_low", "ci_high"]],
        mo.pool(es).study_table(transform=True)[["estimate", "ci_low", "ci_high"]],
    )
    half = 1.959963984540054 * np.sqrt(0.1)
    want = [1 / (1 + np.exp(-x)) for x in (-0.4, -0.4 - half, -0.4 + half)]
    np.testing.assert_allclose(table.loc[6, ["estimate", "ci_low", "ci_high"]].to_numpy(float), want, rtol=1e-12)
    assert not any("not fully known" in note for note in r.provenance.notes)


def test_a_transform_that_needs_sizes_has_none_where_a_trial_lacks_its_own():
    es = mo.effect_sizes(pd.DataFrame(COUNTS), measure="PFT", events="x", n="n", study="trial")
    own = pd.DataFrame({"trial": ["own"], "yi": [0.6], "vi": [0.01], "measure": ["PFT"]})
    r = mo.pool(pd.concat([es, own]), study="trial")
    with pytest.raises(mo.errors.DataError, match="no back-transform without sample sizes"):
        r.natural(r.estimate)


def test_the_column_is_not_written_over():
    with pytest.raises(mo.errors.DataError, match="the table already has a column 'inputs'"):
        mo.effect_sizes({**COUNTS, "inputs": 1}, measure="PLO", events="x", n="n")


VERBS = {
    "pool": mo.pool,
    "pool_bayes": mo.pool_bayes,
    "pool_subgroups": lambda es: mo.pool_subgroups(es, by="half"),
    "regress": lambda es: mo.regress(es, "~ year"),
    "pool_glmm": lambda es: mo.pool_glmm(es, events="x", n="n"),
    "pool_beta_binomial": lambda es: mo.pool_beta_binomial(es, events="x", n="n"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("verb", VERBS)
def test_the_names_of_trials_travel_with_the_effects(verb, way):
    table = way(mo.effect_sizes(pd.DataFrame(COUNTS).assign(half=list("uuuvvv"), year=range(6)), measure="PLO",
                                events="x", n="n", study="trial"))  # fmt: skip
    r = VERBS[verb](table)
    labels = r.overall.studies.labels if verb == "pool_subgroups" else r.studies.labels
    assert list(labels) == COUNTS["trial"]
    if verb != "regress":
        shown = mo.plot.forest_rows(r).rows
        assert shown.loc[shown["kind"] == "study", "label"].tolist() == COUNTS["trial"]


def test_another_column_may_name_the_trials_and_levels_do_not():
    es = rates().assign(code=list("uvwxyz"), arm=list("aabbcc"))
    assert mo.pool(es, study="code").studies.labels == tuple("uvwxyz")
    assert mo.pool_multilevel(es, levels=["arm", "code"]).studies.labels == mo.pool(es).studies.labels


def test_rows_of_one_trial_are_known_as_such_without_study():
    es = pd.concat([rates(), rates().iloc[[0]]])
    assert any("a was entered twice" in caution for caution in mo.pool(es).provenance.cautions)


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (rates().drop(columns="trial"), "the column 'trial' of their names is not in the table"),
        (pd.concat([rates(), mo.effect_sizes(pd.DataFrame(COUNTS).rename(columns={"trial": "id"}), measure="PLO",
                                             events="x", n="n", study="id")]),
         "rows differ over the column of their names, 'trial' and 'id'"),
    ],
)  # fmt: skip
def test_names_that_are_lost_are_said_to_be(table, why):
    r = mo.pool(table.reset_index(drop=True))
    assert r.studies.labels[0] == "1"
    (note,) = (note for note in r.provenance.notes if "numbered" in note)
    assert note == f"trials are numbered by their rows, since {why}: name it by study='trial'."
    assert "events" in r.studies.roles  # the counts are known as before


def test_rows_added_by_hand_are_numbered_beside_named_ones():
    own = pd.DataFrame({"yi": [0.1], "vi": [0.2], "measure": ["PLO"]})
    r = mo.pool(pd.concat([rates(), own], ignore_index=True))
    assert r.studies.labels == (*COUNTS["trial"], "7")
