"""What becomes of empty cells, against R's escalc, and what the result says of it."""

import numpy as np
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.analysis.effects.measures import MEASURES, TWO_ARMS
from metaonc.analysis.effects.roles import TWO_RATES
from metaonc.errors import DataWarning, OptionError

CASES = load("zero_cells")["drop00"]
RTOL = 1e-12  # closed forms on both sides
COLUMNS = {
    TWO_ARMS: {"events_t": "ai", "n_t": "n1i", "events_c": "ci", "n_c": "n2i"},
    TWO_RATES: {"events_t": "x1i", "time_t": "t1i", "events_c": "x2i", "time_c": "t2i"},
}
TRIALS = {"trial": ["A", "B", "C"], "a": [5, 0, 0], "n1": [30, 20, 15], "c": [3, 0, 4], "n2": [28, 21, 16]}
NAMED = {"study": "trial", "events_t": "a", "n_t": "n1", "events_c": "c", "n_c": "n2"}


def test_every_measure_of_two_arms_has_a_reference():
    assert {c["measure"] for c in CASES} == {code for code, m in MEASURES.items() if m.roles in COLUMNS}


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['measure']}-{c['to']}-{len(c['yi'])}")
def test_trials_that_say_nothing_of_a_ratio_are_left_out_as_in_r(case):
    record = MEASURES[case["measure"]]
    es = mo.effect_sizes(
        case["data"], measure=case["measure"], to=case["to"], add=case["add"], drop00=True, **COLUMNS[record.roles]
    )
    y = np.array(case["yi"], float)
    np.testing.assert_allclose(es["yi"], y, rtol=RTOL, atol=1e-15)
    known = ~np.isnan(y)  # of a row without events R's variance of the arcsine stays, as it depends on n alone
    np.testing.assert_allclose(es["vi"][known], np.array(case["vi"], float)[known], rtol=RTOL)


def test_what_was_added_and_left_out_is_told_by_the_table_and_by_the_pool():
    es = mo.effect_sizes(TRIALS, measure="OR", drop00=True, **NAMED)
    assert es["route"].tolist() == [
        "events_t/n_t and events_c/n_c",
        "left out: no events in either arm",
        "events_t/n_t and events_c/n_c, 0.5 added to each cell",
    ]
    with pytest.warns(DataWarning, match="1 of 3 rows left out"):
        r = mo.pool(es, study="trial")
    assert r.provenance.dropped == ("trial 'B' (row 1): left out: no events in either arm",)
    assert r.provenance.corrected == ("trial 'C': events_t/n_t and events_c/n_c, 0.5 added to each cell",)
    assert "0.5 added to each cell" in r.summary()
    assert "no events in either arm" in r.summary()


def test_events_only_in_both_arms_are_told():
    es = mo.effect_sizes(TRIALS | {"a": [5, 20, 0], "c": [3, 21, 4]}, measure="RR", drop00=True, **NAMED)
    assert es["route"][1] == "left out: only events in both arms"


def test_drop00_of_one_arm_is_no_option():
    with pytest.raises(OptionError, match="drop00=True is for events of two arms; measure 'PLO'"):
        mo.effect_sizes({"x": [0], "n": [9]}, measure="PLO", drop00=True, events="x", n="n")
