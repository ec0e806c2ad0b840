import dataclasses
import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from metaonc.analysis.survival.curve.estimate import kaplan_meier
from metaonc.analysis.survival.curve.intervals import CI_TYPES
from metaonc.errors import ColumnError, DataError, OptionError

# Both sides are double precision, R's file has 15 digits; a product over 200 steps loses the rest.
RTOL = 1e-10

REFERENCE = json.loads((Path(__file__).parents[3] / "reference" / "survfit.json").read_text())["cases"]
BANDS = [
    pytest.param(case, band, id=f"{name}-{band['type']}-{band['level']:g}")
    for name, case in REFERENCE.items()
    for band in case["bands"]
]


def array(values):
    return np.array(np.atleast_1d(values), dtype=float)


def fit(case, **options):
    return kaplan_meier(pd.DataFrame(case["data"]), event="status", by="group", **options)


def steps(result, name):
    """Return an attribute of all curves one after the other, without the start that survfit does not have."""
    return np.concatenate([getattr(curve, name)[1:] for curve in result.curves.values()])


@pytest.mark.parametrize("name", REFERENCE)
def test_steps_are_those_of_survfit(name):
    case = REFERENCE[name]
    result = fit(case)
    assert list(result.curves) == list(np.atleast_1d(case["groups"]))
    for ours, theirs in [("n_risk", "n_risk"), ("n_event", "n_event"), ("n_censor", "n_censor")]:
        np.testing.assert_array_equal(steps(result, ours), case["steps"][theirs])
    for ours, theirs in [("time", "time"), ("survival", "survival"), ("se", "std_err")]:
        np.testing.assert_allclose(steps(result, ours), array(case["steps"][theirs]), rtol=RTOL)


@pytest.mark.parametrize(("case", "band"), BANDS)
def test_bands_and_medians_are_those_of_survfit(case, band):
    result = fit(case, ci=band["type"], level=band["level"])
    np.testing.assert_allclose(steps(result, "ci_low"), array(band["lower"]), rtol=RTOL)
    np.testing.assert_allclose(steps(result, "ci_high"), array(band["upper"]), rtol=RTOL)
    for ours, theirs in [("median", "median"), ("ci_low", "median_lower"), ("ci_high", "median_upper")]:
        np.testing.assert_allclose(result.medians[ours], array(band[theirs]), rtol=RTOL)
    np.testing.assert_array_equal(result.medians["n"], array(case["n"]))


@pytest.mark.parametrize("name", REFERENCE)
def test_at_is_summary_of_survfit_at_times(name):
    expected = pd.DataFrame(REFERENCE[name]["at"])
    got = fit(REFERENCE[name]).at(np.unique(expected["time"]))
    both = expected.merge(got, on=["group", "time"], suffixes=("_r", ""), validate="one_to_one")
    assert len(both) == len(expected)
    np.testing.assert_array_equal(both["n_risk"], both["n_risk_r"])
    for ours, theirs in [("survival", "survival_r"), ("ci_low", "lower"), ("ci_high", "upper")]:
        np.testing.assert_allclose(both[ours].astype(float), both[theirs].astype(float), rtol=RTOL)


@pytest.mark.parametrize("name", [name for name in REFERENCE if name != "ties"])
def test_at_counts_who_left_before_the_time(name):
    data = pd.DataFrame(REFERENCE[name]["data"])
    times = np.concatenate([np.unique(data["time"]), [0, 2.25, data["time"].max() + 1]])
    for row in fit(REFERENCE[name]).at(times).itertuples():
        group = data[data["group"].astype(str) == row.group]
        left = group["time"] < row.time
        assert row.cum_event == (left & (group["status"] == 1)).sum()
        assert row.cum_censor == (left & (group["status"] == 0)).sum()
        assert row.n_risk + row.cum_event + row.cum_censor == len(group)


def test_after_the_end_of_follow_up_nothing_is_claimed():
    result = fit(REFERENCE["edges"])
    late = result.at(7).set_index("group")
    assert (late.loc[["zero", "half"], "survival"] == 0).all()
    assert late.loc[["early", "tail", "single"], "survival"].isna().all()
    assert (late["n_risk"] == 0).all()


def test_curves_start_at_one_and_cannot_be_written_to():
    curve = fit(REFERENCE["lung_sex"]).curves["1"]
    for field in dataclasses.fields(curve):
        values = getattr(curve, field.name)
        assert values[0] == {"survival": 1, "ci_low": 1, "ci_high": 1, "n_risk": 138}.get(field.name, 0)
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0


def test_one_curve_without_by_equals_its_only_group():
    data = pd.DataFrame(REFERENCE["not_reached"]["data"])
    alone, split = kaplan_meier(data, event="status"), kaplan_meier(data, event="status", by="group")
    assert list(alone.curves) == ["all"]
    pd.testing.assert_frame_equal(alone.tidy().drop(columns="term"), split.tidy().drop(columns="term"))


@pytest.mark.parametrize(
    "convert",
    [
        lambda d: d.to_dict("list"),
        lambda d: d.sample(frac=1, random_state=1),
        lambda d: d.astype({"status": bool}),
        lambda d: d.astype({"status": "Int64", "time": "Float64"}),
    ],
    ids=["mapping", "shuffled", "boolean", "nullable"],
)
def test_same_numbers_from_any_table(convert):
    data = pd.DataFrame(REFERENCE["lung_sex"]["data"])
    got = kaplan_meier(convert(data), event="status", by="group")
    pd.testing.assert_frame_equal(got.tidy(), fit(REFERENCE["lung_sex"]).tidy())


@pytest.mark.parametrize(
    ("groups", "labels"),
    [
        (["b", "a", "b"], ["a", "b"]),
        ([10, 9, 9], ["9", "10"]),
        ([2.0, 1.5, 1.5], ["1.5", "2"]),
        ([True, False, True], ["False", "True"]),
        (["b", 1, 1], ["1", "b"]),
        (pd.Categorical(["low", "high", "low"], ["unknown", "low", "high"]), ["low", "high"]),
    ],
)
def test_groups_are_sorted_unless_categories_order_them(groups, labels):
    result = kaplan_meier({"time": [1, 2, 3], "event": [1, 1, 0], "arm": groups}, by="arm")
    assert list(result.curves) == labels
    assert result.medians["n"].sum() == 3


def test_times_that_rounding_parted_are_one_and_said_so():
    table = {"time": [0.3, 0.1 + 0.2, 1, 1 + 1e-7], "event": [1, 1, 1, 0]}
    result = kaplan_meier(table)
    np.testing.assert_array_equal(result.curves["all"].n_event, [0, 2, 1, 0])
    assert "times of 1 patients" in str(result)
    assert table["time"][1] == 0.1 + 0.2


GOOD = {"time": [1.0, 2.0, 3.0], "event": [1, 0, 1], "arm": ["a", "b", "a"]}


@pytest.mark.parametrize(
    ("change", "options", "error", "message"),
    [
        ({}, {"time": "tme"}, ColumnError, r"time='tme' is not a column .* Did you mean time='time'\?"),
        ({}, {"by": "group"}, ColumnError, "by='group'"),
        ({"event": [1, 2, 1]}, {}, DataError, r"coded 1 and 2.*subtract 1"),
        ({"event": [2, 2, 2]}, {}, DataError, "coded 1 and 2"),
        ({"event": [0, 1, 3]}, {}, DataError, r"row 2: event=3 is neither 0 \(censored\) nor 1"),
        ({"event": [1, None, 1]}, {}, DataError, r"row 1: event is missing"),
        ({"event": ["dead", "alive", "dead"]}, {}, DataError, r"row 0: event='dead' is a word: write 1 .*'alive': 0"),
        ({"time": [1, -2, 3]}, {}, DataError, r"row 1: time=-2 is negative"),
        ({"time": [1, np.nan, 3]}, {}, DataError, r"row 1: time is missing"),
        ({"time": [1, np.inf, 3]}, {}, DataError, r"row 1: time=inf is not finite"),
        (
            {"time": pd.to_timedelta([1, 2, 3], unit="D")},
            {},
            DataError,
            "row 0: time=.* is not a number: it is a duration; divide it by its unit",
        ),
        ({"arm": ["a", None, "b"]}, {"by": "arm"}, DataError, r"row 1: arm is missing"),
        ({"arm": ["1", 1, 1]}, {"by": "arm"}, DataError, "read the same"),
        ({"time": [], "event": [], "arm": []}, {}, DataError, "no rows"),
        ({}, {"ci": "loglog"}, OptionError, r"ci='loglog'.*'log-log', 'log', 'plain'.*Did you mean 'log-log'"),
        ({}, {"level": 95}, OptionError, r"write level=0.95"),
        ({}, {"unit": "month"}, OptionError, r"unit='month'.*'months'"),
    ],
)
def test_bad_input_is_refused_with_its_place(change, options, error, message):
    with pytest.raises(error, match=message):
        kaplan_meier(GOOD | change, **options)


@pytest.mark.parametrize("times", [[-1, 2], [np.nan], np.inf])
def test_at_refuses_times_that_are_none(times):
    with pytest.raises(DataError, match="times="):
        kaplan_meier(GOOD).at(times)


@pytest.mark.parametrize("event", [0, 1])
def test_one_patient_is_a_curve(event):
    result = kaplan_meier({"time": [4], "event": [event]})
    np.testing.assert_array_equal(result.curves["all"].survival, [1, 1 - event])
    np.testing.assert_array_equal(result.medians["median"], [4 if event else np.nan])


def test_the_result_reads_as_all_results_do():
    result = fit(REFERENCE["lung_sex"], unit="days")
    tidy = result.tidy()
    assert list(tidy.dropna(axis="columns", how="all").columns) == [
        *("term", "type", "estimate", "se", "ci_low", "ci_high", "interval", "time", "n_risk", "n_event", "n_censor")
    ]
    assert len(tidy) == sum(len(curve.time) for curve in result.curves.values())
    assert result.glance().iloc[0][["n", "events", "groups", "last_time"]].tolist() == [228, 165, 2, 1022]
    assert "median survival, days, 95% confidence interval (log-log)" in str(result)
    assert result.provenance.settings["ci"] == "log-log"
    assert "lifelines" not in result.provenance.versions
    json.dumps(result.to_dict(), allow_nan=False)
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(result)).tidy(), tidy)


@pytest.mark.parametrize("ci", CI_TYPES)
def test_every_interval_has_a_reference(ci):
    assert any(band["type"] == ci for case in REFERENCE.values() for band in case["bands"])
