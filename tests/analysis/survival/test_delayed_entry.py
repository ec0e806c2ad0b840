"""Delayed entry and quantiles of survival against R's survfit and coxph (tests/reference/delayed_entry.R)."""

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo
from metaonc.errors import ColumnError, DataError, OptionError

R = pinned.load("delayed_entry")
RTOL = 1e-10  # as test_estimate.py
TYPES = ("log-log", "log", "plain")
ENTRY = [("entry", name, ci) for name in R["entry"] for ci in TYPES]
PLAIN = [("plain", name, ci) for name in R["plain"] for ci in TYPES]
STEPS = ("time", "n_risk", "n_event", "n_censor", "survival", "se", "ci_low", "ci_high")


def km(name, **options):
    return mo.survival.kaplan_meier(R["entry"][name]["data"], entry="entry", **options)


def array(values):
    return np.array(np.atleast_1d(values), dtype=float)


@pytest.mark.parametrize(("kind", "name", "ci"), ENTRY)
def test_steps_and_medians_are_those_of_survfit(kind, name, ci):
    result, theirs = km(name, ci=ci), R[kind][name][ci]
    for field in STEPS:
        np.testing.assert_allclose(getattr(result.curves["all"], field)[1:], array(theirs["steps"][field]), rtol=RTOL)
    np.testing.assert_allclose(result.medians[["median", "ci_low", "ci_high"]].iloc[0], array(theirs["median"]))
    assert result.medians["n"].tolist() == [len(R[kind][name]["data"]["time"])]


@pytest.mark.parametrize(("kind", "name", "ci"), [*ENTRY, *PLAIN])
def test_quantiles_are_those_of_survfit(kind, name, ci):
    case = R[kind][name]
    late = {"entry": "entry"} if kind == "entry" else {}
    found = mo.survival.kaplan_meier(case["data"], ci=ci, **late).quantiles(R["probs"])
    assert found["q"].tolist() == R["probs"]
    for field in ("quantile", "ci_low", "ci_high"):
        np.testing.assert_allclose(found[field], array(case[ci][field]), rtol=RTOL, err_msg=field)


@pytest.mark.parametrize("name", R["cox"])
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_hazard_ratio_is_that_of_coxph(name, ties):
    r = mo.survival.hazard_ratio(R["entry"][name]["data"], control="old", entry="entry", ties=ties)
    assert [r.estimate, r.se] == pytest.approx([R["cox"][name][ties][x] for x in ("estimate", "se")], rel=1e-9)
    assert r.logrank_chi2 == pytest.approx(R["cox"][name]["logrank_chi2"], rel=1e-9)
    assert 'ties = "exact")$score' in r.r_code()
    assert "left truncation" in str(mo.methods_text(r))
    assert mo.results.from_dict(r.to_dict()).r_code() == r.r_code()


@pytest.mark.parametrize("name", R["rmst"])
def test_restricted_means_are_those_of_survfit(name):
    assert km(name).rmst(9)[["rmst", "se"]].iloc[0].tolist() == pytest.approx(R["rmst"][name], rel=1e-9)


def test_entry_at_zero_changes_nothing():
    data = pd.DataFrame(R["entry"]["none"]["data"])
    with_entry, without = km("none", by="arm"), mo.survival.kaplan_meier(data, by="arm")
    pd.testing.assert_frame_equal(with_entry.tidy(), without.tidy())
    pd.testing.assert_frame_equal(with_entry.at([0, 1, 5]), without.at([0, 1, 5]))
    one, other = (mo.survival.hazard_ratio(data, control="old", entry=e) for e in ("entry", None))
    assert (one.estimate, one.se, one.o_minus_e, one.v) == (other.estimate, other.se, other.o_minus_e, other.v)


def test_at_risk_are_those_who_entered_before_and_are_still_followed():
    data, result = pd.DataFrame(R["entry"]["ties"]["data"]), km("ties")
    for t, row in zip((0.5, 3, 7.5, 12), result.at([0.5, 3, 7.5, 12]).itertuples(), strict=True):
        assert row.n_risk == ((data["entry"] < t) & (data["time"] >= t)).sum()
    assert result.at(0)["n_risk"][0] == (data["entry"] == 0).sum()


def test_a_risk_set_that_is_emptied_early_is_said_wherever_the_curve_is():
    result = km("early_zero")
    said = "t 2 all patients at risk had the event and the curve falls to 0 for good, though 3 enter later"
    figure = mo.plot.km(result).figure
    drawn = " ".join(" ".join(t.get_text() for t in figure.findobj(lambda a: hasattr(a, "get_text"))).split())
    for text in (result.provenance.notes[0], str(result), str(mo.results_text(result)), drawn):
        assert said in text
    notes = [note.split(":")[0] for note in km("gaps").provenance.notes]
    assert notes == [f"nobody is at risk between {a} and {b}" for a, b in ((0, 1), (3, 5))]
    assert km("ties").provenance.notes == km("none").provenance.notes == ()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ([0, 3, 1], "patient in row 1: from=3 is not before time=3: patients are at risk from 'from' to 'time'"),
        ([0, 4, 9], r"row 1: from=4 is not before time=3: .* \(1 more row like it.\)"),
        ([0, None, 1], "row 1: from is missing"),
        ([0, -1, 1], "row 1: from=-1 is negative; entry is counted from 0"),
        ([0, np.inf, 1], "row 1: from=inf is not finite"),
        (["a", 1, 1], "row 0: from='a' is not a number"),
    ],
)
def test_entries_that_cannot_be_are_refused_with_the_row(entry, message):
    data = {"from": entry, "time": [2, 3, 5], "event": [1, 0, 1], "arm": ["a", "b", "a"]}
    with pytest.raises(DataError, match=message):
        mo.survival.kaplan_meier(data, entry="from")
    with pytest.raises(DataError, match=message):
        mo.survival.hazard_ratio(data, control="a", entry="from")


def test_other_bad_input():
    data = {"time": [0.3, 3], "event": [1, 0]}
    with pytest.raises(ColumnError, match="entry='start' is not a column"):
        mo.survival.kaplan_meier(data, entry="start")
    with pytest.raises(DataError, match="differ by rounding only"):
        mo.survival.kaplan_meier({"s": [0.3 - 1e-12, 0], **data}, entry="s")
    for q in (0, 1.5, -0.2, np.nan, 25):
        with pytest.raises(OptionError, match="is no share of patients above 0 and at most 1"):
            mo.survival.kaplan_meier(data).quantiles(q)
        with pytest.raises(OptionError, match="is no share of patients"):
            mo.survival.kaplan_meier(data, quantiles=[q])


def test_quantiles_asked_for_are_in_table_texts_and_script():
    result = km("ties", by="arm", quantiles=(0.25, 0.75), unit="months")
    rows = result.tidy()[result.tidy()["type"] == "quantile"]
    found = result.quantiles((0.25, 0.75))
    assert rows["term"].tolist() == found["group"].tolist() == ["new", "new", "old", "old"]
    np.testing.assert_array_equal(rows[["estimate", "ci_low", "ci_high"]], found[["quantile", "ci_low", "ci_high"]])
    assert "arm old: 75% had the event by " in str(mo.results_text(result))
    assert "quantile(fit, c(0.25, 0.75))" in result.r_code()
    assert "Surv(entry, time, event)" in result.r_code()
    again = mo.results.from_dict(result.to_dict())
    assert str(again) == str(result)
    assert again.r_code() == result.r_code()
    pd.testing.assert_frame_equal(again.at([1, 4]), result.at([1, 4]))
    narrow = result.quantiles(0.25, level=0.5)
    assert (narrow["ci_low"] >= found["ci_low"][[0, 2]].to_numpy()).all()
