"""One table of trials that report in different ways: each row by the first route it has, the rest as checks."""

import itertools
import re
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.hazard_trials import ALL, PANITUMUMAB, PINNED, RECOURSE, ROUTES, RTOL, Z

import metaonc as mo
from metaonc.analysis.effects.agreement import ROUTES_SHARE, ROUTES_SLACK, SPREAD_SLACK
from metaonc.analysis.effects.routes import HR_ROUTES
from metaonc.errors import ColumnError, DataError, DataWarning, OptionError

INTERVAL = {"hr": 0.5, "ci_low": 0.36, "ci_high": 0.69}
LOGRANK = {"o_minus_e": -7.6, "v": 30.1}
ARMS = {"p": 0.02, "sign": -1, "events_t": 70, "events_c": 80}


def mixed(*rows, columns=(), **options):
    """Return the effects of trials, each a dict of its numbers; other columns named are there and empty."""
    roles = dict.fromkeys(itertools.chain(*rows, columns))
    table = {role: [row.get(role) for row in rows] for role in roles} | {"trial": list("ABCDEFGHIJKL"[: len(rows)])}
    return mo.effect_sizes(table, measure="HR", study="trial", **{role: role for role in roles}, **options)


def test_each_trial_by_its_own_route_gives_the_numbers_of_r():
    """Panitumumab and RECOURSE in one table, once by each route, against the pinned numbers of R."""
    trials, names = zip(*itertools.product(PINNED.values(), ROUTES), strict=True)
    rows = [ROUTES[name][1](t) for t, name in zip(trials, names, strict=True)]
    # of a table with allocations no trial is taken as of equal arms: that route has a table of its own
    allocated = [i for i, name in enumerate(names) if name != "p_V_E4"]
    for chosen in (allocated, [i for i, name in enumerate(names) if name != "p_V_n"]):
        es = mixed(*(rows[i] for i in chosen), columns=("se",)) if len(chosen) <= 12 else None
        assert es is not None
        want = np.array([trials[i][names[i]] for i in chosen])
        np.testing.assert_allclose(np.column_stack([es["yi"], np.sqrt(es["vi"])]), want, rtol=RTOL)
        assert es["route"].tolist() == [HR_ROUTES[ROUTES[names[i]][0]].label.format(level=95) for i in chosen]


@pytest.mark.parametrize(("first", "second"), [*itertools.combinations(HR_ROUTES, 2)])
def test_the_earlier_route_is_preferred_and_the_later_stands_in(first, second):
    """A trial that reports for both routes goes by the earlier; without its numbers, by the later."""
    y, v = -0.3, 0.03
    at = np.exp(y)
    numbers = {
        "hr": at, "ci_low": np.exp(y - Z * v**0.5), "ci_high": np.exp(y + Z * v**0.5), "se": v**0.5, "v": 1 / v,
        "o_minus_e": y / v, "observed_t": at * 2 / v, "expected_t": 2 / v, "observed_c": 2 / v, "expected_c": 2 / v,
        "p": 0.0832645, "sign": -1, "events": 134, "events_t": 67, "events_c": 66, "n_t": 100, "n_c": 100,
        "median_t": 10 / at, "median_c": 10, "ci_low_t": 10 / at / 1.25, "ci_high_t": 10 / at * 1.25,
        "ci_low_c": 8, "ci_high_c": 12.5, "surv_t": 0.5**at, "se_surv_t": 0.04, "surv_c": 0.5, "se_surv_c": 0.04,
    }  # fmt: skip
    one, two = HR_ROUTES[first], HR_ROUTES[second]
    both = {role: numbers[role] for role in (*one.roles, *two.roles)}
    only_two = {role: numbers[role] for role in two.roles}
    es = mixed(both, only_two, columns=both)
    earliest = next(r for r in HR_ROUTES.values() if both.keys() >= set(r.roles))  # two may open a third before them
    assert es["route"][0].split("; ")[0] == earliest.label.format(level=95)
    assert all(clause.startswith("as by ") for clause in es["route"][0].split("; ")[1:])
    if any(set(two.roles) < set(r.roles) <= both.keys() for r in HR_ROUTES.values()):
        # arms of one size are not assumed where a table has their sizes
        assert es["route"][1].startswith("missing: n_t")
        return
    alone = mixed(only_two)
    assert (es["yi"][1], es["vi"][1], es["route"][1]) == (alone["yi"][0], alone["vi"][0], alone["route"][0])


def test_a_hazard_ratio_with_p_where_the_interval_lacks():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        es = mixed({**INTERVAL, "p": 0.00003}, {"hr": 0.5, "p": 0.046}, INTERVAL)
    assert es["route"].tolist() == ["hr and 95 % interval; as by p", "hr and p", "hr and 95 % interval"]
    # R: (log(0.5) / qnorm(0.977))^2
    assert es["vi"][1] == pytest.approx((np.log(0.5) / 1.995393310167824) ** 2, rel=1e-13)


def test_a_route_without_a_variance_gives_way_to_the_next():
    """A hazard ratio of 1 with its p has no standard error; the events give one."""
    es = mixed({**ARMS, "hr": 1.0, "p": 0.9}, {"hr": 0.8, "p": 0.04})
    assert es["route"].tolist() == ["hr and events of each arm; as by p and events of each arm; as by p", "hr and p"]
    assert es["vi"][0] == pytest.approx(1 / 70 + 1 / 80)
    with pytest.raises(DataError, match=r"trial 'B' \(row 1\): hr=1 with p=0.9 has no standard error"):
        mixed(ARMS, {"hr": 1.0, "p": 0.9})


def test_p_with_events_lacks_a_sign_where_no_column_has_it():
    """Two trials with p and events alone: what opens their route is said, and then it opens."""
    row = {"p": 0.04, "events_t": 180, "events_c": 195}
    es = mixed(row, INTERVAL, {"hr": 0.8})
    assert es["route"][0] == "missing: hr, for hr and events of each arm; or sign (-1 or 1), for p and events"
    assert "sign" not in es["route"][2]
    told = mixed({**row, "sign": -1}, INTERVAL)
    # R: qnorm(0.02) * sqrt(1 / 180 + 1 / 195)
    assert told["yi"][0] == pytest.approx(-2.0537489106318225 * np.sqrt(1 / 180 + 1 / 195), rel=1e-12)


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({}, "missing: the numbers of every route"),
        ({"hr": 0.5}, "missing: an interval, for hr and 95 % interval"),
        ({"hr": 0.5, "ci_low": 0.4}, "missing: an interval, for hr and 95 % interval"),
        ({"o_minus_e": -3.0}, "missing: v, for O - E and V"),
        ({"p": 0.1, "sign": 1, "events_t": 30}, "missing: events_c, for p and events of each arm"),
    ],
)
def test_a_row_that_fits_no_route_says_what_lacks_of_the_nearest(row, text):
    es = mixed(row, INTERVAL, LOGRANK, ARMS)
    assert np.isnan([es["yi"][0], es["vi"][0]]).all()
    assert es["route"][0] == text
    with pytest.warns(DataWarning, match="1 of 4 rows left out"):
        r = mo.pool(es, study="trial")
    assert r.provenance.dropped == (f"trial 'A' (row 0): {text}",)


@pytest.mark.parametrize(
    ("row", "brief", "message"),
    [
        (INTERVAL | LOGRANK, "not as by O - E and V",
         "hazard ratio 0.5 (standard error of its logarithm 0.166) by hr and 95 % interval, but 0.777 (standard error "
         "of its logarithm 0.182) by O - E and V"),
        (INTERVAL | {"o_minus_e": 25.1, "v": 36.3}, "not as by O - E and V", "by O - E and V: .*arms exchanged"),
        (INTERVAL | {"se": 0.218}, "not as by hr and standard error of its logarithm", "hazard ratio 0.5 by both, "
         "but the standard error of its logarithm is 0.166 by hr and 95 % interval and 0.218 by hr and standard error "
         "of its logarithm: a typing error, another level, or different analyses"),
        (INTERVAL | {"v": 10.0}, "not as by hr and V", r"0.5 by both, .* 0.316 by hr and V"),
        (LOGRANK | {"hr": 0.5}, "not as by hr", "0.777 .*by O - E and V, but 0.5 by hr:"),
        (LOGRANK | {"p": 1e-6}, "p and the other numbers disagree", "p=1e-06 is z = 4.89, but O - E and V is z = 1.39"),
        (INTERVAL | ARMS | {"p": 3e-5, "sign": 1}, "not as by p and events of each arm", "by p and events of each arm"),
        (INTERVAL | {"median_t": 10, "median_c": 20, "events_t": 70, "events_c": 80},
         "not as by medians and events, constant hazards", "but 2 .* by medians and events"),
    ],
)  # fmt: skip
def test_numbers_of_two_routes_that_disagree_are_told(row, brief, message):
    with pytest.warns(DataWarning) as caught:
        es = mixed(INTERVAL, LOGRANK, row, columns=("p", "sign", "events_t", "events_c"))
    (warning,) = caught
    said = str(warning.message)
    assert said.startswith("trial 'C' (row 2): ")
    assert message in said or re.search(message, said)
    assert es["route"][2].endswith(f"; {brief}")
    assert es["route"][:2].tolist() == ["hr and 95 % interval", "O - E and V"]


def everything(t, *names):
    row = {}
    for name in names:
        row |= ROUTES[name][1](t)
    return row


@pytest.mark.parametrize("trial", [*PINNED, *ALL])
def test_real_trials_get_no_remark(trial):
    """Cox model, log-rank test and medians of one trial differ, but not as a typing error would make them."""
    t = (PINNED | ALL)[trial]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        es = mixed(everything(t, *(name for name in ROUTES if name != "p_V_E4")))
    assert es["route"][0] == (
        "hr and 95 % interval; as by p; as by O - E and V; as by observed and expected events of each arm; "
        "as by hr and V; as by hr and events of each arm; as by hr, all events and patients of each arm; "
        "as by p and events of each arm; as by p, all events and patients of each arm; "
        "as by medians and events, constant hazards"
    )
    np.testing.assert_allclose((es["yi"][0], np.sqrt(es["vi"][0])), t["cox"], rtol=RTOL)


@pytest.mark.skipif(not ALL, reason="the reference trials are not here")
def test_how_far_routes_of_one_trial_are_apart():
    """What the slacks rest on."""
    apart, spread = [], []
    for t in ALL.values():
        for a, b in itertools.combinations([t[name] for name in ROUTES if name != "median_exp"], 2):
            apart.append((abs(a[0] - b[0]) - ROUTES_SHARE * abs(a[0])) / max(a[1], b[1]))
            spread.append(abs(np.log(a[1] / b[1])))
    assert max(apart) < ROUTES_SLACK
    assert max(spread) < SPREAD_SLACK


@given(st.floats(-1.2, 1.2), st.floats(0.05, 0.5))
def test_one_truth_rounded_as_reports_print_it_gets_no_remark(y, se):
    """Interval to two decimals, O - E and V to two, standard error to two: whatever rounding takes is allowed for."""
    hr, low, high = (round(float(np.exp(x)), 2) for x in (y, y - Z * se, y + Z * se))
    if not low < hr < high:
        return
    row = {"hr": hr, "ci_low": low, "ci_high": high, "o_minus_e": round(y / se**2, 2), "v": round(se**-2, 2)}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mixed(row | {"se": max(round(se, 2), 0.05)})


@pytest.mark.parametrize(
    ("rows", "error", "match"),
    [
        ([INTERVAL | {"p": 0.1}, LOGRANK | {"n_t": 30}], OptionError,
         r"takes hr=..., ci_low=..., ci_high=..., p=...; o_minus_e=..., v=...; hr=..., v=.*no use for n_t"),
        ([INTERVAL, {"o_minus_e": -3.0}], OptionError, r"no use for o_minus_e='o_minus_e'. Other routes: .*o_minus_e"),
        ([INTERVAL, LOGRANK | {"v": 0}], DataError, r"trial 'B' \(row 1\): v=0: it must be above 0"),
        ([LOGRANK, INTERVAL | {"ci_low": 0.6}], DataError, r"'B' \(row 1\): hr=0.5 lies outside its interval"),
        ([LOGRANK | {"hr": -0.7}, INTERVAL], DataError, r"'A' \(row 0\): hr=-0.7: it must be above 0"),
        ([INTERVAL, ARMS | {"events_t": 0}], DataError, r"'B' \(row 1\): events_t=0: the variance needs some"),
        ([INTERVAL, ARMS | {"events_t": 3.5}], DataError, r"'B' \(row 1\): events_t=3.5 is not a count"),
        ([INTERVAL | {"n_t": 9}, {"p": 0.1, "sign": 1, "events": 30, "n_t": 10, "n_c": 10}], DataError,
         r"'B' \(row 1\): events=30 exceeds n_t \+ n_c=20"),
        ([{"hr": 0.5, "p": "<0.05"}, INTERVAL], DataError, r"'A' \(row 0\): p='<0.05' is a bound"),
        ([{"hr": 0.5}, {"ci_low": 0.4}], ColumnError, r"ci_high is not given"),
    ],
)  # fmt: skip
def test_checks_of_each_route_hold_in_a_mixed_table(rows, error, match):
    with pytest.raises(error, match=match):
        mixed(*rows)


def test_what_only_checks_may_have_no_variance():
    """No events in an arm, or all alive at the landmark, is no error in a trial that has its interval."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        es = mixed(
            INTERVAL | {"p": 0.00003, "sign": -1, "events_t": 0, "events_c": 8},
            INTERVAL | {"surv_t": 1.0, "se_surv_t": 0.0, "surv_c": 0.9, "se_surv_c": 0.02},
            ARMS,
        )
    assert es["route"][:2].tolist() == ["hr and 95 % interval; as by p", "hr and 95 % interval"]


def test_a_mixed_table_is_pooled_and_drawn_with_the_interval_of_each_trial():
    es = mixed(INTERVAL, LOGRANK, ROUTES["peto"][1](PANITUMUMAB), ROUTES["cox"][1](RECOURSE))
    table = mo.pool(es, study="trial").study_table(transform=True)
    assert table["interval"].tolist() == ["reported", "wald", "wald", "reported"]
    np.testing.assert_allclose(table.loc[0, ["ci_low", "ci_high"]].tolist(), [0.36, 0.69])
    half = Z / np.sqrt(30.1)
    np.testing.assert_allclose(
        table.loc[1, ["ci_low", "ci_high"]].astype(float), np.exp(-7.6 / 30.1 + half * np.array([-1, 1])), rtol=1e-12
    )


def test_order_of_columns_and_rows_does_not_matter():
    rows = [INTERVAL, LOGRANK, ARMS]
    forth, back = mixed(*rows), mixed(*rows[::-1])
    np.testing.assert_array_equal(forth[["yi", "vi"]], back[["yi", "vi"]].to_numpy()[::-1])
    assert forth["route"].tolist() == back["route"].tolist()[::-1]


def test_a_bound_of_p_is_not_used_where_the_row_needs_none():
    es = mixed(INTERVAL | {"p": "<0.001"}, INTERVAL | {"p": 0.00003}, LOGRANK | {"p": " > 0.1"})
    assert es["route"].tolist() == [
        "hr and 95 % interval; p <0.001 not used",
        "hr and 95 % interval; as by p",
        "O - E and V; p > 0.1 not used",
    ]
    assert es["vi"][0] == es["vi"][1]
    assert es["p"].tolist() == ["<0.001", 0.00003, " > 0.1"]  # the table stays as it was
