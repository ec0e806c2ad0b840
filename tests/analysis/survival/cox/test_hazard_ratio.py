import dataclasses
import json
import pickle
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import metaonc as mo
from metaonc.analysis.numeric.product_limit import by_time
from metaonc.analysis.survival.cox.hazard_ratio import hazard_ratio
from metaonc.analysis.survival.cox.partial_likelihood import event_times, has_maximum, maximise, partial_likelihood
from metaonc.analysis.survival.curve.estimate import kaplan_meier
from metaonc.analysis.survival.from_curves.hazard_ratio import hazard_ratio_from_curves
from metaonc.errors import ColumnError, DataError, DataWarning, MethodWarning, OptionError

# Both sides are double precision and converged; R's sums over hundreds of events differ in the last digits.
RTOL = 1e-10
ATOL = 1e-12  # of an O - E near 0

REFERENCE = json.loads((Path(__file__).parents[3] / "reference" / "cox.json").read_text())
CASES, CURVES = REFERENCE["cases"], REFERENCE["curves"]
FINITE = [name for name in CASES if name != "separated"]

SHARED = Path(__file__).parents[4].parent / "shared" / "survival_refs"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared reference files are not here")


def shared(name):
    return json.loads((SHARED / f"{name}_expected.json").read_text())


def fit(name, **options):
    return hazard_ratio(pd.DataFrame(CASES[name]["data"]), control=0, **options)


def kras(figure):
    trials = pd.read_csv(SHARED / "E3_20050181_kras_ipd_input.csv")
    return trials[trials["fig"] == figure]


def by_numbers_at_risk(case, **changes):
    names = ("time", "survival_t", "survival_c", "at_risk_t", "at_risk_c")
    return hazard_ratio_from_curves(**{name: case[name] for name in names} | changes)


def by_follow_up(case, **changes):
    names = ("time", "survival_t", "survival_c", "follow_up")
    counts = {"n_t": case["at_risk_t"][0], "n_c": case["at_risk_c"][0]}
    return hazard_ratio_from_curves(**{name: case[name] for name in names} | counts | changes)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("name", FINITE)
def test_log_hr_is_that_of_coxph(name, ties):
    result = fit(name, ties=ties)
    np.testing.assert_allclose([result.estimate, result.se], CASES[name][ties], rtol=RTOL)
    assert result.hr == np.exp(result.estimate)


@pytest.mark.parametrize("name", FINITE)
def test_interval_and_tests_are_those_of_r(name):
    case, result = CASES[name], fit(name, level=0.9)
    np.testing.assert_allclose([result.ci_low, result.ci_high], case["ci"], rtol=RTOL)
    np.testing.assert_allclose(result.p_value, case["p"], rtol=RTOL)
    np.testing.assert_allclose([result.o_minus_e, result.v], [case["o_minus_e"], case["v"]], rtol=RTOL, atol=ATOL)
    np.testing.assert_allclose(
        [result.logrank_chi2, result.logrank_p], [case["chi2"], case["logrank_p"]], rtol=RTOL, atol=ATOL
    )
    assert [result.n_c, result.n_t] == case["n"]
    assert [result.events_c, result.events_t] == case["events"]


def test_lung_by_sex_is_the_published_hazard_ratio():
    """Therneau and Grambsch's lung data: hazard of women 0.588 (0.424 to 0.816), log-rank 10.3."""
    result = fit("lung_sex")
    assert np.round(np.exp([result.estimate, result.ci_low, result.ci_high]), 3).tolist() == [0.588, 0.424, 0.816]
    assert round(result.logrank_chi2, 1) == 10.3


@needs_shared
@pytest.mark.parametrize("figure", ["20050181_1A", "20050181_1B", "20050181_2A", "20050181_2B"])
def test_reconstructed_trials_have_the_cox_and_log_rank_of_r(figure):
    expected = shared("A1_loghr_extraction")["results"][figure]
    result = hazard_ratio(kras(figure), control=expected["arm0"])
    np.testing.assert_allclose([result.estimate, result.se], expected["cox"], rtol=1e-8)
    np.testing.assert_allclose([result.o_minus_e, result.v], [expected["logrank"][k] for k in ("OE", "V")], rtol=RTOL)
    assert [result.n_t, result.n_c, result.events_t, result.events_c] == [expected[k] for k in ("n1", "n0", "e1", "e0")]


@needs_shared
def test_aortic_stenosis_trials_have_the_cox_and_log_rank_of_r():
    table = pd.read_csv(SHARED / "C1_rmst_aortic_ipd_input.csv")
    for trial, expected in shared("C2_per_trial_survRM2_cox_zph_logrank").items():
        rows = table[table["trialID"] == int(trial)]
        result = hazard_ratio(rows, time="Time", event="Event", arm="Arm", control=0)
        np.testing.assert_allclose([result.estimate, result.se], [expected["coxb"], expected["coxse"]], rtol=1e-6)
        np.testing.assert_allclose(result.o_minus_e, expected["logrank_OE"][1], rtol=RTOL)
        np.testing.assert_allclose(
            [result.v, result.logrank_chi2], [expected["logrank_V"], expected["logrank_chisq"]], rtol=RTOL
        )


@given(
    rows=st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.booleans()), min_size=4, max_size=40),
    ties=st.sampled_from(["efron", "breslow"]),
)
@settings(deadline=None, max_examples=200, derandomize=True)
def test_the_estimate_is_the_maximum_of_the_likelihood_summed_event_by_event(rows, ties):
    time, event, treated = (np.array(column) for column in zip(*rows, strict=True))

    def log_likelihood(beta):
        total = 0.0
        for t in np.unique(time[event]):
            dead, risk = (time == t) & event, np.exp(beta * treated) * (time >= t)
            for place in range(dead.sum()):
                left = place / dead.sum() if ties == "efron" else 0
                total -= np.log(risk.sum() - left * (risk * dead).sum())
            total += beta * (dead & treated).sum()
        return total

    arms = [by_time(time[arm].astype(float), event[arm]) for arm in (treated, ~treated)]
    terms = partial_likelihood(event_times(*arms), ties)
    if has_maximum(terms):
        beta, se = maximise(terms)
        top, h = log_likelihood(beta), 1e-4
        around = [log_likelihood(beta + step) for step in (-h, h)]
        assert max(around) < top + 1e-12
        np.testing.assert_allclose((2 * top - sum(around)) / h**2, 1 / se**2, rtol=1e-3, atol=1e-4)
    else:  # monotone: the further, the higher or the same, on one side at least
        assert max(log_likelihood(20), log_likelihood(-20)) >= log_likelihood(0) - 1e-9


@pytest.mark.parametrize("name", ["lung_sex", "heavy_ties", "edges"])
def test_swapped_arms_and_another_unit_of_time_change_the_sign_and_nothing(name):
    data = pd.DataFrame(CASES[name]["data"])
    one, other = fit(name), hazard_ratio(data.assign(time=data["time"] * 1000), control=1)
    np.testing.assert_allclose([other.estimate, other.o_minus_e], [-one.estimate, -one.o_minus_e], rtol=RTOL)
    np.testing.assert_allclose([other.se, other.v, other.p_value], [one.se, one.v, one.p_value], rtol=RTOL)
    assert (other.treatment, other.control) == ("0", "1")


def test_two_patients_who_die_together_have_no_log_rank_variance():
    result = hazard_ratio({"time": [1, 1], "event": [1, 1], "arm": ["a", "b"]}, control="a")
    assert result.estimate == 0
    assert result.v == 0
    assert np.isnan([result.logrank_chi2, result.logrank_p]).all()


def test_times_that_rounding_parted_are_one_and_said_so():
    assert "times of 1 patients" in str(fit("edges"))


PATIENTS = {"time": [1.0, 2, 3, 4, 5], "event": [1, 1, 0, 1, 1], "arm": ["a", "b", "a", "b", "a"]}


@pytest.mark.parametrize(
    ("change", "options", "error", "message"),
    [
        ({"arm": ["a", "b", "c", "b", "a"]}, {}, DataError, r"'arm' has 3 values, \['a', 'b', 'c'\]; two arms"),
        ({"arm": ["a"] * 5}, {}, DataError, r"'arm' has 1 values, \['a'\]"),
        ({}, {"control": "placebo"}, DataError, r"control='placebo' is no value of 'arm', which has \['a', 'b'\]"),
        ({"event": [0] * 5}, {}, DataError, r"no patient has the event: 'event' is 0 in all 5 rows"),
        ({"event": [1, 2, 1, 1, 1]}, {}, DataError, "coded 1 and 2"),
        ({"event": [1, 0, 5, 1, 1]}, {}, DataError, r"row 2: event=5 is neither 0 \(censored\) nor 1"),
        ({"time": [1, -2, 3, 4, 5]}, {}, DataError, "row 1: time=-2 is negative"),
        ({"arm": ["a", None, "a", "b", "a"]}, {}, DataError, "row 1: arm is missing"),
        ({"event": [0, 0, 0, 0, 1]}, {}, DataError, "no event happened while patients of both"),
        ({}, {"arm": "group"}, ColumnError, "arm"),
        ({}, {"ties": "exact"}, OptionError, "ties='exact' is not an option; choose from 'efron', 'breslow'"),
        ({}, {"level": 95}, OptionError, "write level=0.95"),
    ],
)
def test_bad_patients_are_refused(change, options, error, message):
    with pytest.raises(error, match=message):
        hazard_ratio(PATIENTS | change, **{"control": "a"} | options)


def test_r_takes_separated_arms_to_the_end_of_its_iterations():
    assert CASES["separated"]["efron"][0] > 20  # what coxph prints, with a warning
    case = CASES["separated"]
    r = fit("separated")
    assert np.isinf(r.estimate)
    np.testing.assert_allclose([r.o_minus_e, r.v], [case["o_minus_e"], case["v"]], rtol=RTOL)


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize(
    ("route", "key"), [(by_numbers_at_risk, "numbers_at_risk"), (by_follow_up, "by_follow_up")], ids=["risk", "follow"]
)
@pytest.mark.filterwarnings("ignore::metaonc.errors.MethodWarning")
def test_curves_give_what_the_formulas_give_interval_by_interval(name, route, key):
    case = CURVES[name]
    result = route(case)
    np.testing.assert_allclose([result.estimate, result.se], case[key], rtol=RTOL)
    np.testing.assert_allclose([result.o_minus_e * result.se**2, result.v * result.se**2], [result.estimate, 1])
    table = result.intervals[["weight", "events_t"]].sum()
    np.testing.assert_allclose(table, [1, result.events_t])


@needs_shared
@pytest.mark.filterwarnings("ignore::metaonc.errors.MethodWarning")
@pytest.mark.parametrize("figure", ["20050181_1A", "20050181_1B", "20050181_2A", "20050181_2B"])
def test_curves_of_four_trials_give_the_reference(figure):
    case = shared("A2_km_interval_method")["results"][figure]
    curves = {"time": case["grid"], "survival_t": case["S1"], "survival_c": case["S0"]}
    risk = hazard_ratio_from_curves(**curves, at_risk_t=case["N1"], at_risk_c=case["N0"])
    span = hazard_ratio_from_curves(
        **curves, n_t=case["N1"][0], n_c=case["N0"][0], follow_up=(case["fmin"], case["fmax"])
    )
    np.testing.assert_allclose([risk.estimate, risk.se], case["williamson"], rtol=RTOL)
    np.testing.assert_allclose([span.estimate, span.se], case["parmar_fullcensor"], rtol=RTOL)
    assert 0.93 < risk.se / case["cox"][1] < 0.961  # the log risk ratio's standard error, 4 to 7 % too small


def test_without_censoring_both_routes_are_one():
    curves = {name: CURVE[name] for name in ("time", "survival_t", "survival_c")}
    counts = [np.round(100 * np.array(CURVE[name])) for name in ("survival_t", "survival_c")]
    risk = hazard_ratio_from_curves(**curves, at_risk_t=counts[0], at_risk_c=counts[1])
    span = hazard_ratio_from_curves(**curves, n_t=100, n_c=100, follow_up=(8, 9))
    np.testing.assert_allclose([risk.estimate, risk.se], [span.estimate, span.se], rtol=RTOL)
    np.testing.assert_allclose([span.events_t, span.events_c], [26, 33])


@pytest.fixture(scope="module")
def censored_uniformly():
    rng = np.random.default_rng(5)
    time = np.concatenate([rng.exponential(10, 1500), rng.exponential(7, 1500)])
    cut = rng.uniform(5, 20, 3000)
    return {"time": np.minimum(time, cut), "event": time <= cut, "arm": np.repeat([1, 0], 1500)}


def on_grid(data, grid):
    points = kaplan_meier(data, by="arm").at(grid).set_index("group")
    names = {"survival_t": ("survival", "1"), "survival_c": ("survival", "0"), "at_risk_t": ("n_risk", "1"),
             "at_risk_c": ("n_risk", "0")}  # fmt: skip
    values = {name: points.loc[arm, column].to_numpy() for name, (column, arm) in names.items()}
    return {"time": grid, "follow_up": (5, 20)} | values


@pytest.mark.parametrize("route", [by_numbers_at_risk, by_follow_up])
def test_of_uniform_censoring_both_routes_come_near_cox(censored_uniformly, route):
    cox = hazard_ratio(censored_uniformly, control=0)
    result = route(on_grid(censored_uniformly, np.linspace(0, 18, 37)))
    assert abs(result.estimate - cox.estimate) < 0.5 * cox.se
    assert 0.93 < result.se / cox.se < 1


def test_of_uniform_censoring_the_risk_sets_of_the_follow_up_are_those_of_the_table(censored_uniformly):
    points = on_grid(censored_uniformly, np.linspace(0, 15, 31))
    table, span = (route(points).intervals for route in (by_numbers_at_risk, by_follow_up))
    for arm in ("n_risk_t", "n_risk_c"):
        assert (abs(span[arm] - table[arm]) <= 3 * np.sqrt(table[arm])).all()


CURVE = {
    "time": [0.0, 1, 2, 3, 4, 5, 6, 7, 8],
    "survival_t": [1, 0.97, 0.93, 0.90, 0.86, 0.83, 0.80, 0.77, 0.74],
    "survival_c": [1, 0.95, 0.91, 0.86, 0.82, 0.78, 0.74, 0.70, 0.67],
    "at_risk_t": [100, 97, 93, 89, 84, 79, 74, 68, 60],
    "at_risk_c": [100, 95, 91, 85, 80, 74, 69, 62, 50],
    "follow_up": (4, 20),
}


def test_arms_without_patients_are_left_out_and_said_so():
    with pytest.warns(MethodWarning):
        result = by_numbers_at_risk(CURVE, at_risk_c=[100, 95, 91, 85, 0, 0, 0, 0, 0])
    assert result.provenance.rows_used == 4
    assert "Left out: interval from 4 to 5: an arm has nobody at risk." in str(result)
    assert result.intervals["yi"].isna().tolist() == [False] * 4 + [True] * 4
    assert result.intervals["weight"].iloc[-1] == 0


@pytest.mark.filterwarnings("ignore::metaonc.errors.MethodWarning")
def test_an_interval_without_events_has_next_to_no_weight():
    with_empty = by_numbers_at_risk(CURVE, survival_t=[1, 0.97, 0.97, 0.92, 0.88, 0.85, 0.82, 0.79, 0.76])
    assert with_empty.intervals["weight"][1] < 1e-4
    assert with_empty.intervals["vi"][1] > 1e5


@pytest.mark.parametrize("route", [by_numbers_at_risk, by_follow_up])
def test_coarse_intervals_are_warned_of(route):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        route(CURVE)  # eight intervals of like numbers of events are fine
    coarse = {name: [CURVE[name][i] for i in (0, 4, 8)] for name in CURVE if name != "follow_up"}
    with pytest.warns(MethodWarning, match=r"log ratio of risks, and the standard error too small"):
        result = route(coarse | {"follow_up": CURVE["follow_up"]})
    assert "Note: the intervals are coarse" in str(result)


@pytest.mark.filterwarnings("ignore::metaonc.errors.MethodWarning")
def test_numbers_at_risk_that_the_curve_contradicts_are_warned_of():
    with pytest.warns(
        DataWarning, match="at risk of the treatment arm fall by less than the curve's events from 1 to 2"
    ):
        by_numbers_at_risk(CURVE, survival_t=[1, 0.97, 0.84, 0.81, 0.78, 0.75, 0.72, 0.69, 0.66])


@pytest.mark.parametrize("route", [by_numbers_at_risk, by_follow_up])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"survival_c": [1, 0.9]}, "survival_c has 2 values but time has 9"),
        ({"survival_t": [1, 0.9, 0.8, 0.85, 0.7, 0.6, 0.5, 0.4, 0.3]}, "survival_t rises from 0.8 to 0.85 at time 3"),
        ({"survival_t": [100, 90, 80, 70, 60, 50, 40, 30, 20]}, "survival_t goes up to 100; give proportions"),
        ({"survival_t": [0.98, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]}, r"survival_t\[0\]=0.98 must be 1"),
        ({"survival_t": [1, 0.9, 0.8, 0.7, 0.6, 0.5, -0.1, -0.2, -0.3]}, r"survival_t\[6\]=-0.1 is negative"),
        (
            {"survival_t": [1, 0.9, np.nan, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]},
            r"survival_t\[2\]=nan is not a finite number",
        ),
        ({"survival_t": [1, "x", 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]}, r"survival_t\[1\]='x' is not a number"),
        ({"survival_t": np.ones((9, 1))}, "survival_t has 2 dimensions"),
        ({"survival_c": [1] * 9}, "survival_c never falls"),
        ({"time": [0, 1, 2, 2, 4, 5, 6, 7, 8]}, r"time must rise: time\[2\]=2 is followed by 2"),
        ({"time": [1, 2, 3, 4, 5, 6, 7, 8, 9]}, "time begins at 1; it must begin at 0"),
        ({"time": [0]}, "time has 1 values; two or more"),
    ],
)
def test_bad_curves_are_refused(route, change, message):
    with pytest.raises(DataError, match=message):
        route(CURVE | change)


@pytest.mark.parametrize(
    ("route", "change", "error", "message"),
    [
        (
            by_numbers_at_risk,
            {"at_risk_t": [100, 97, 92, 93, 80, 70, 60, 50, 40]},
            DataError,
            "rises from 92 to 93 at time 3",
        ),
        (by_numbers_at_risk, {"at_risk_t": [100, 97, 92]}, DataError, "at_risk_t has 3 values but time has 9"),
        (
            by_numbers_at_risk,
            {"at_risk_c": [100, 97.5, 92, 80, 70, 60, 50, 40, 30]},
            DataError,
            r"\[1\]=97.5 is not a count",
        ),
        (by_numbers_at_risk, {"at_risk_c": [0] * 9}, DataError, r"at_risk_c\[0\] is 0"),
        (by_numbers_at_risk, {"at_risk_c": None}, OptionError, "give either .* given: at_risk_t"),
        (by_numbers_at_risk, {"n_t": 100}, OptionError, "given: at_risk_t, at_risk_c, n_t"),
        (by_follow_up, {"follow_up": None}, OptionError, "given: n_t, n_c"),
        (by_follow_up, {"n_t": None, "n_c": None, "follow_up": None}, OptionError, "given: neither"),
        (by_follow_up, {"n_t": 0}, DataError, "n_t=0 is not a number of patients"),
        (by_follow_up, {"n_t": 10.5}, DataError, "n_t=10.5 is not a number of patients"),
        (by_follow_up, {"follow_up": (2, 5)}, DataError, "follow_up ends at 5, before the last time 8"),
        (by_follow_up, {"follow_up": (9, 2)}, DataError, "is not .shortest, longest."),
        (by_follow_up, {"follow_up": 9}, DataError, "follow_up has 0 dimensions"),
        (by_follow_up, {"level": 95}, OptionError, "write level=0.95"),
    ],
)
def test_what_is_known_of_patients_is_checked(route, change, error, message):
    with pytest.raises(error, match=message):
        route(CURVE, **change)


def test_curves_that_both_end_at_zero_in_one_interval_have_no_variance():
    with pytest.raises(DataError, match="from 1 to 2 all patients at risk of both arms have the event"):
        hazard_ratio_from_curves([0, 1, 2], [1, 0.5, 0], [1, 0.4, 0], n_t=20, n_c=20, follow_up=(2, 3))


RESULTS = [lambda: fit("lung_sex"), lambda: by_numbers_at_risk(CURVE), lambda: by_follow_up(CURVE)]


@pytest.mark.parametrize("make", RESULTS, ids=["cox", "risk", "follow"])
def test_the_result_reads_as_all_results_do(make):
    result = make()
    row, natural = result.tidy().iloc[0], result.tidy(transform=True).iloc[0]
    names = ["estimate", "se", "ci_low", "ci_high", "p_value"]
    assert row[names].tolist() == [getattr(result, name) for name in names]
    assert row["statistic"] == result.estimate / result.se
    assert row[["term", "type", "interval"]].tolist() == ["overall", "summary", "wald"]
    np.testing.assert_allclose(natural[["estimate", "ci_low"]].astype(float), np.exp([result.estimate, result.ci_low]))
    assert np.isnan(natural["se"])
    assert result.confidence_interval() == (result.ci_low, result.ci_high)
    assert result.confidence_interval(0.5)[0] > result.ci_low
    assert result.glance().iloc[0]["n_t"] == result.n_t
    assert f"Hazard ratio {result.hr:.4g} (95 % interval" in str(result)
    assert json.loads(json.dumps(result.to_dict()))["estimate"] == result.estimate
    assert pickle.loads(pickle.dumps(result)).estimate == result.estimate
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.estimate = 0


def test_rows_of_trials_can_be_pooled():
    results = [make() for make in RESULTS]
    table = pd.DataFrame([result.row(study=f"trial {i}") for i, result in enumerate(results)])
    routes = ["patients: Cox, efron ties", "curves and numbers at risk", "curves and follow-up"]
    assert table["route"].tolist() == routes
    pooled = mo.pool(table, study="study", method="CE")
    weights = 1 / np.array([result.se**2 for result in results])
    np.testing.assert_allclose(pooled.estimate, weights @ [r.estimate for r in results] / weights.sum())
    assert pooled.measure == "HR"


# Tierney 2007, figure 1 and section 10: a bladder cancer trial, 491 and 485 patients, followed for 14 to 82 months
BLADDER = {
    "time": [0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 42, 48, 54, 60],
    "survival_t": np.array([100, 97, 92, 86, 78, 73, 68, 65, 62, 60, 58, 56, 54, 52, 51, 49, 49]) / 100,
    "survival_c": np.array([100, 97, 92, 84, 75, 70, 63, 60, 58, 56, 54, 52, 51, 49, 46, 44, 43]) / 100,
}
BLADDER_PATIENTS = {"n_t": 491, "n_c": 485, "follow_up": (14, 82)}


def test_the_worked_example_of_tierney_comes_out_as_printed():
    r = hazard_ratio_from_curves(**BLADDER, **BLADDER_PATIENTS, censoring="tierney")
    assert [round(x, 2) for x in (r.hr, r.v, *np.exp([r.ci_low, r.ci_high]))] == [0.88, 128.81, 0.74, 1.05]
    row = r.intervals.loc[r.intervals["start"] == 15].iloc[0]  # 15 to 18 months, step by step
    shown = [round(row[name], 2) for name in ("n_risk_t", "n_risk_c", "events_t", "events_c")]
    # 350.41 is printed, of rounded steps: 358.43 - 8.02
    np.testing.assert_allclose(shown, [350.41, 331.90, 24.00, 33.19], atol=0.0101)
    assert [round(x, 2) for x in (np.exp(row["yi"]), 1 / row["vi"])] == [0.68, 15.17]
    assert r.provenance.settings["censoring"] == "tierney"


def test_without_censoring_the_worked_example_of_tierney_comes_out_as_printed():
    """Its V without the censoring model is 136.23; here nobody is censored before the last time."""
    for censoring in ("uniform", "tierney"):
        r = hazard_ratio_from_curves(**BLADDER, **BLADDER_PATIENTS | {"follow_up": (60, 82)}, censoring=censoring)
        assert [round(r.hr, 2), round(r.v, 2)] == [0.88, 136.23]


def test_the_numbers_at_risk_of_the_worked_example_of_tierney_come_out_as_printed():
    """Section 11: the same curves at the six times whose numbers at risk are printed, pooled as in step 4b."""
    at = [BLADDER["time"].index(t) for t in (0, 12, 24, 36, 48, 60)]
    curves = {name: np.array(values)[at] for name, values in BLADDER.items()}
    with pytest.warns(MethodWarning, match="coarse: the hazard ratio is drawn towards 1"):
        r = hazard_ratio_from_curves(
            **curves,
            at_risk_t=[491, 372, 283, 200, 139, 93],
            at_risk_c=[485, 355, 257, 187, 132, 80],
            pooling="log-rank",
        )
    assert [round(x, 2) for x in (r.hr, r.v, *np.exp([r.ci_low, r.ci_high]))] == [0.88, 119.80, 0.74, 1.05]
    first = r.intervals.loc[0, ["n_risk_t", "n_risk_c", "events_t", "events_c"]].astype(float)
    # 106.67 is printed for (491 + 372)(100 - 78)/(100 + 78) = 106.663
    np.testing.assert_allclose(first, [484.83, 480.00, 106.67, 120.00], atol=0.01)
    np.testing.assert_allclose(r.intervals["weight"].sum(), 1)
    assert r.provenance.settings["pooling"] == "log-rank"


@needs_shared
@pytest.mark.filterwarnings("ignore::metaonc.errors.MethodWarning")
@pytest.mark.parametrize("figure", ["20050181_1A", "20050181_1B", "20050181_2A", "20050181_2B"])
def test_pooled_as_the_log_rank_test_the_standard_error_is_that_of_cox(figure):
    case = shared("A2_km_interval_method")["results"][figure]
    r = hazard_ratio_from_curves(
        case["grid"], case["S1"], case["S0"], at_risk_t=case["N1"], at_risk_c=case["N0"], pooling="log-rank"
    )
    assert 0.995 < r.se / case["cox"][1] < 1.005
    assert abs(r.estimate - case["cox"][0]) < 0.3 * case["cox"][1]


def test_the_log_rank_test_of_whole_patients_is_that_of_r():
    """Without ties or censoring, read at every event, it is the log-rank test but for the hypergeometric variance."""
    time, arm = np.arange(1.0, 9), np.array([0, 1, 0, 0, 1, 0, 1, 1])
    at_risk = {a: np.array([4, *(4 - np.cumsum(arm == a))]) for a in (0, 1)}
    curves = {"survival_t": at_risk[1][:-1] / 4, "survival_c": at_risk[0][:-1] / 4}
    counts = {"at_risk_t": at_risk[1][:-1], "at_risk_c": at_risk[0][:-1]}
    with pytest.warns(MethodWarning):
        r = hazard_ratio_from_curves([0.0, *time[:-1]], **curves, **counts, pooling="log-rank")
    # R: survdiff(Surv(1:8, c(rep(1, 7), 0)) ~ arm), observed minus expected of arm 1
    assert r.o_minus_e == pytest.approx(3 - 4.588095238, abs=1e-9)


def test_uniform_censoring_leaves_fewer_at_risk_than_tierney():
    uniform, tierney = (
        hazard_ratio_from_curves(**BLADDER, **BLADDER_PATIENTS, censoring=name) for name in ("uniform", "tierney")
    )
    assert round(uniform.v, 1) == 123.4 < tierney.v
    assert (uniform.intervals["n_risk_t"] <= tierney.intervals["n_risk_t"]).all()


@pytest.mark.parametrize(
    ("options", "match"),
    [
        (BLADDER_PATIENTS | {"censoring": "parmar"}, "censoring='parmar' is not an option; choose from 'uniform'"),
        ({"at_risk_t": [9] * 17, "at_risk_c": [9] * 17, "censoring": "tierney"}, "no use with numbers at risk"),
        (BLADDER_PATIENTS | {"pooling": "peto"}, "pooling='peto' is not an option; choose from 'ratio', 'log-rank'"),
    ],
)
def test_what_is_no_option_for_curves_is_refused(options, match):
    with pytest.raises(OptionError, match=match):
        hazard_ratio_from_curves(**BLADDER, **options)
