"""What cannot be, or is hardly so, in tables of patients: asked of each verb that takes them."""

import numpy as np
import pandas as pd
import pytest
import result_kinds
from matplotlib.text import Text

import metaonc as mo
from metaonc.errors import DataError, DataWarning, MetaoncError

S = mo.survival
rng = np.random.default_rng(3)
ARM = np.tile(["new", "old"], 120)
DIED = rng.weibull(1.2, 240) * np.where(ARM == "new", 14.0, 10.0) + 0.05
GOOD = pd.DataFrame({"trial": np.repeat(list("ABCD"), 60), "arm": ARM, "time": np.minimum(DIED, 20).round(2),
                     "event": (DIED < 20).astype(int), "sex": rng.integers(0, 2, 240)})  # fmt: skip


def first(d):
    return d[d["trial"] == "A"]


ONE = {
    "kaplan_meier": lambda d: S.kaplan_meier(first(d), by="arm"),
    "hazard_ratio": lambda d: S.hazard_ratio(first(d), control="old"),
    "cox_model": lambda d: S.cox_model(first(d).assign(new=(first(d)["arm"] == "new") * 1), covariates=["new"]),
    "rmst": lambda d: S.rmst(first(d), control="old", horizons=10),
    "milestone": lambda d: S.milestone(first(d), control="old", times=10),
    "weighted_log_rank": lambda d: S.weighted_log_rank(first(d), control="old"),
    "max_combo": lambda d: S.max_combo(first(d), control="old"),
    "ph_test": lambda d: S.ph_test(first(d), control="old"),
    "parametric": lambda d: S.parametric(first(d), distribution="weibull", control="old"),
    "follow_up": lambda d: S.follow_up(first(d)),
    "royston_parmar": lambda d: S.royston_parmar(first(d), control="old", knots=1),
    "log_rank": lambda d: S.log_rank(S.kaplan_meier(first(d), by="arm")),
    "pairwise_hazard_ratios": lambda d: S.pairwise_hazard_ratios(S.kaplan_meier(first(d), by="arm"), reference="old"),
}
SEVERAL = {
    "pool_rmst": lambda d: S.pool_rmst(d, control="old", horizons=10),
    "rmst_by_trial": lambda d: S.rmst_by_trial(d, control="old", horizons=10),
    "pool_time_varying": lambda d: S.pool_time_varying(d, control="old"),
    "pool_flexible": lambda d: S.pool_flexible(d, control="old", power=0),
    "pool_ipd": lambda d: S.pool_ipd(d, control="old", method="laplace"),
    "pool_ipd cuts": lambda d: S.pool_ipd(d, control="old", method="laplace", cuts=[5]),
    "pool_frailty": lambda d: S.pool_frailty(d, control="old"),
    "ipd_interaction": lambda d: S.ipd_interaction(d, control="old", by="sex"),
    "pool_curves": lambda d: S.pool_curves(d, event="event", times=[5, 10], draws=1000),
    "pool_mixed": lambda d: S.pool_mixed(patients=d, control="old"),
    "compare_models": lambda d: S.compare_models(d, study="trial", control="old", distributions=["exp"], knots=[]),
}
VERBS = ONE | SEVERAL


def with_cell(column, value):
    changed = GOOD.astype({column: object})
    changed.loc[5, column] = value
    return changed


REFUSED = {
    "time missing": (with_cell("time", None), "row 5: time is missing"),
    "time negative": (with_cell("time", -1), "row 5: time=-1 is negative"),
    "time infinite": (with_cell("time", np.inf), "row 5: time=inf is not finite"),
    "time in words": (with_cell("time", "soon"), "row 5: time='soon' is not a number"),
    "event 2": (with_cell("event", 2), r"row 5: event=2 is neither 0 \(censored\) nor 1"),
    "event missing": (with_cell("event", None), "row 5: event is missing"),
    "events 1 and 2": (GOOD.assign(event=GOOD["event"] + 1), "coded 1 and 2.*subtract 1"),
}


@pytest.mark.parametrize("bad", REFUSED)
@pytest.mark.parametrize("verb", VERBS)
def test_patients_that_cannot_be_are_refused_by_row(verb, bad):
    table, message = REFUSED[bad]
    with pytest.raises(DataError, match=message):
        VERBS[verb](table)


LETTERS = [name for name in VERBS if name not in ("cox_model", "follow_up", "pool_curves")]  # these take no arms


@pytest.mark.parametrize("verb", LETTERS)
def test_arms_written_in_two_ways_are_joined_or_refused(verb):
    for spelling in ("new ", "NEW"):
        table = GOOD.astype({"arm": object})
        table.loc[0:20:2, "arm"] = spelling
        if spelling == "NEW":
            with pytest.raises(DataError, match=r"'NEW' .* and 'new' .* differ only by case"):
                VERBS[verb](table)
        else:
            with pytest.warns(DataWarning, match="the same but for blanks"):
                VERBS[verb](table)


@pytest.mark.filterwarnings("ignore::metaonc.errors.DataWarning")
@pytest.mark.parametrize("verb", LETTERS)
def test_an_arm_without_events_is_said(verb):
    silent = GOOD.assign(event=GOOD["event"].where((GOOD["trial"] != "A") | (GOOD["arm"] == "old"), 0))
    finite = ("weighted_log_rank", "pool_rmst", "pool_frailty", "ipd_interaction", "max_combo", "kaplan_meier",
              "log_rank")  # fmt: skip
    words = ("0 or infinite|hazard ratio is 0|all events are of one arm|without events|no event|no time of an event|"
             "no error")  # fmt: skip
    try:
        said = str(VERBS[verb](silent).summary())
    except MetaoncError as problem:
        said = str(problem)
    if verb in finite:  # whose estimate is finite, with a variance
        assert "nan" not in said.lower()
    else:
        assert pd.Series([said]).str.contains(words).all(), said


WITHOUT_EVENTS = ("kaplan_meier", "follow_up", "rmst", "rmst_by_trial", "milestone", "pool_curves")


@pytest.mark.parametrize("verb", [name for name in VERBS if name not in WITHOUT_EVENTS])
def test_no_event_at_all_is_refused(verb):
    with pytest.raises(DataError, match=r"no patient ha[sd] the event|no trial|trials that tell|trials with two times|"
                       "no event"):  # fmt: skip
        VERBS[verb](GOOD.assign(event=0))


def test_horizons_beyond_follow_up_are_named():
    short = GOOD[(GOOD["trial"] != "B") | (GOOD["time"] < 6)]
    with pytest.raises(DataError, match="beyond the follow-up of"):
        S.rmst(first(GOOD), control="old", horizons=40)
    with pytest.raises(DataError, match="beyond the follow-up of"):
        S.milestone(first(GOOD), control="old", times=40)
    with pytest.raises(DataError, match="beyond the follow-up of every trial"):
        S.pool_rmst(GOOD, control="old", horizons=40)
    censored = short.assign(event=short["event"].where(short["trial"] != "B", (short["time"] < 4).astype(int)))
    assert "not followed to 10: B (" in str(S.pool_rmst(censored, control="old", horizons=[3, 10]))


COMPARES_TIMES = ("pool_rmst", "pool_time_varying", "pool_flexible", "pool_ipd cuts", "pool_frailty", "pool_curves")


@pytest.mark.filterwarnings("ignore::metaonc.errors.DataWarning")
@pytest.mark.parametrize("verb", COMPARES_TIMES)
def test_times_in_another_unit_are_doubted_where_trials_are_compared_by_time(verb):
    days = GOOD.assign(time=GOOD["time"].where(GOOD["trial"] != "A", GOOD["time"] * 30.4))
    assert any("follow-up of A is of another order" in c.text for c in SEVERAL[verb](days).cautions)
    assert not any("another order" in c.text for c in SEVERAL[verb](GOOD).cautions)


def test_a_model_stratified_by_trial_does_not_mind_units():
    days = GOOD.assign(time=GOOD["time"].where(GOOD["trial"] != "A", GOOD["time"] * 30.4))
    assert SEVERAL["pool_ipd"](days).estimate == pytest.approx(SEVERAL["pool_ipd"](GOOD).estimate, abs=1e-12)


@pytest.mark.parametrize("verb", SEVERAL)
def test_an_arm_that_stands_there_twice_is_doubted(verb):
    copied = GOOD.copy()
    rows = [(copied["trial"] == name) & (copied["arm"] == "old") for name in "AB"]
    copied.loc[rows[1], ["time", "event"]] = copied.loc[rows[0], ["time", "event"]].to_numpy()
    copied = copied.astype({"event": int})
    if verb == "pool_curves":
        copied = copied[copied["arm"] == "old"]
    who = "B has the same times and events as A" if verb == "pool_curves" else "old of B has the same times and events"
    assert any(who in c.text for c in SEVERAL[verb](copied).cautions)


OF_ARMS = [name for name in VERBS if name not in ("cox_model", "follow_up", "pool_curves")]  # these take no arms


def cautions(verb, table):
    return [c.text for c in VERBS[verb](table).cautions]


@pytest.mark.filterwarnings("ignore::metaonc.errors.DataWarning")
@pytest.mark.parametrize("verb", OF_ARMS)
def test_arms_in_different_units_and_arms_that_are_one_are_doubted(verb):
    days = GOOD.assign(time=GOOD["time"].where(GOOD["arm"] == "old", GOOD["time"] * 30.4))
    assert any("follow-up of new" in c and "of another order than that of old" in c for c in cautions(verb, days))
    copied = GOOD.copy()
    copied.loc[copied["arm"] == "new", ["time", "event"]] = GOOD.loc[GOOD["arm"] == "old", ["time", "event"]].to_numpy()
    assert any("has the same times and events as new" in c for c in cautions(verb, copied.astype({"event": int})))
    assert not any("another order" in c or "the same times" in c for c in cautions(verb, GOOD))


@pytest.mark.parametrize("verb", VERBS)
def test_rows_that_stand_there_twice_are_doubted(verb):
    assert any("stands there at least twice" in c for c in cautions(verb, pd.concat([GOOD, GOOD], ignore_index=True)))


def test_how_many_arms_stand_there_twice_is_said():
    d = result_kinds.trials(3, 40)
    twice = mo.survival.pool_ipd(pd.concat([d, d]), control="old")
    assert "every patient of new of A and 5 more arms stands there at least twice" in str(twice)


def test_patients_of_several_trials_in_one_curve_are_said_wherever_it_stands():
    km = S.kaplan_meier(GOOD, by="arm", unit="months")
    said = "patients of 4 trials are merged"
    assert said in str(km)
    assert "pool_curves" in str(km)
    for text in (S.log_rank(km), mo.results_text(km), mo.results_text(S.log_rank(km)), S.follow_up(GOOD)):
        assert said in str(text).replace("Patients", "patients")
    figure = " ".join(" ".join(t.get_text().split()) for t in mo.plot.km(km).figure.findobj(Text))
    assert said in figure.replace("Patients", "patients")
    assert not S.kaplan_meier(GOOD, by="trial").cautions
    assert not S.kaplan_meier(first(GOOD), by="arm").cautions


@pytest.mark.filterwarnings("ignore::metaonc.errors.DataWarning")
def test_a_difference_without_error_is_left_out_and_named():
    one = GOOD.groupby(["trial", "arm"]).head(1).assign(event=1, time=3.0)
    with pytest.raises(DataError, match="its difference has no sampling error"):
        S.pool_rmst(one, control="old", horizons=10)
    mixed = pd.concat([GOOD[GOOD["trial"] != "A"], one[one["trial"] == "A"]])
    assert S.pool_rmst(mixed, control="old", horizons=10).labels == ("B", "C", "D")


@pytest.mark.parametrize("verb", ["rmst", "pool_ipd", "rmst_by_trial"])
def test_arms_that_are_no_labels_are_refused(verb):
    with pytest.raises(DataError, match="'arm' holds values of type list, which name no group"):
        VERBS[verb](GOOD.assign(arm=[[x] for x in GOOD["arm"]]))


@pytest.mark.parametrize("verb", ["rmst", "pool_ipd", "rmst_by_trial"])
def test_what_is_worked_out_later_is_of_the_table_as_it_was(verb):
    table, want = GOOD.copy(), VERBS[verb](GOOD)
    late = VERBS[verb](table)
    table[["time", "event"]] = 0
    pd.testing.assert_frame_equal(late.patients, want.patients)
    assert str(late) == str(want)
