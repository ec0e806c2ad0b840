"""Counts beside effects that are not theirs any more."""

import numpy as np
import pytest

import metaonc as mo
from metaonc.report.forest.rows import forest_rows

ARMS = {"trial": list("ABCD"), "a": [30, 0, 15, 14], "na": [40, 30, 40, 30], "b": [20, 5, 8, 6], "nb": [41, 31, 40, 30]}
OR = {"measure": "OR", "events_t": "a", "n_t": "na", "events_c": "b", "n_c": "nb", "study": "trial"}
LEFT_OUT = "the counts of the table are left out: those of {} do not give the effect"


def effects(**options):
    return mo.effect_sizes(ARMS, **{**OR, **options})


@pytest.mark.parametrize(
    ("changed", "whose"),
    [
        (lambda e: e.assign(a=[1, 0, 15, 14]), "A"),
        (lambda e: e.assign(yi=-e["yi"]), "A, B, C, D"),
        (lambda e: e.assign(a=e["a"] * 10, na=e["na"] * 10, b=e["b"] * 10, nb=e["nb"] * 10), "A, B, C, D"),
    ],
)
def test_counts_that_do_not_give_the_effects_are_shown_and_tested_nowhere(changed, whose):
    r = mo.pool(changed(effects()))
    assert LEFT_OUT.format(whose) in str(r)
    assert (forest_rows(r).rows["counts"] == "").all()
    assert r.studies.roles == {}
    for asks in (mo.bias.harbord, mo.bias.peters, mo.plot.labbe_data, mo.sensitivity.fragility):
        with pytest.raises(mo.errors.MetaoncError):
            asks(r)


@pytest.mark.parametrize("options", [{}, {"add": 0.25}, {"to": "all"}, {"to": "if0all", "add": 0.1}])
@pytest.mark.parametrize("digits", [12, 2])
def test_counts_of_the_effects_are_kept_whatever_was_added_or_rounded(options, digits):
    r = mo.pool(effects(**options).round({"yi": digits, "vi": digits}))
    assert "left out" not in str(r)
    assert r.studies.roles["events_t"] == "a"


@pytest.mark.parametrize("measure", ["PLO", "PR", "PAS", "PFT", "PLN", "IR", "IRLN", "IRS", "IRFT"])
def test_counts_of_one_arm_are_kept(measure):
    size = "time" if measure.startswith("IR") else "n"
    e = mo.effect_sizes(ARMS, measure=measure, events="a", study="trial", **{size: "na"})
    assert mo.pool(e).studies.roles["events"] == "a"
    assert mo.pool(e.assign(na=np.array(ARMS["na"]) * 5)).studies.roles == {}
