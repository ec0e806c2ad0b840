"""Hazard ratios by every route that reports leave: R's numbers of the same trials, identities, and what is refused."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.hazard_trials import ALL, PINNED, RECOURSE, ROUTES, RTOL, Z

import metaonc as mo
from metaonc.analysis.effects.agreement import Z_SLACK, half_unit
from metaonc.analysis.effects.formulas.hazard import z_of
from metaonc.analysis.effects.routes import HR_ROUTES
from metaonc.errors import ColumnError, DataError, DataWarning, OptionError


def hazard(row, study=None, **options):
    """Return the effects of one trial, each number being a column of the name of its role."""
    table = {role: value if isinstance(value, list) else [value] for role, value in row.items()}
    return mo.effect_sizes(table, measure="HR", **{role: role for role in row if role != "study"}, **options)


@pytest.mark.parametrize("trial", [*PINNED, *ALL])
@pytest.mark.parametrize("name", ROUTES)
def test_routes_are_those_of_r(trial, name):
    t = (PINNED | ALL)[trial]
    code, columns = ROUTES[name]
    es = hazard(columns(t))
    np.testing.assert_allclose((es["yi"][0], np.sqrt(es["vi"][0])), t[name], rtol=RTOL)
    assert es["route"][0] == HR_ROUTES[code].label.format(level=95)


@pytest.mark.skipif(not ALL, reason="the reference trials are not here")
def test_log_rank_and_cox_z_of_a_trial_differ_by_hundredths():
    """What Z_SLACK rests on: such trials get no remark, whichever numbers check each other."""
    gaps = [
        abs(abs(t["cox"][0]) / t["cox"][1] - abs(t["logrank"]["OE"]) / np.sqrt(t["logrank"]["V"])) for t in ALL.values()
    ]
    assert max(gaps) < Z_SLACK / 3
    for t in ALL.values():
        interval = ROUTES["cox"][1](t)
        assert "disagree" not in hazard(interval | {"p": t["logrank"]["p"]})["route"][0]
        hazard({"hr": interval["hr"], "p": t["logrank"]["p"], "events_t": t["e1"], "events_c": t["e0"]})


def test_unequal_arms_need_their_sizes():
    """RECOURSE: 4/E gives a standard error 4 % below that of the Cox model, the allocation one 2 % above."""
    se = {name: np.sqrt(hazard(ROUTES[name][1](RECOURSE))["vi"][0]) for name in ("cox", "p_V_E4", "p_V_n")}
    assert se["p_V_E4"] < 0.97 * se["cox"] < se["cox"] < se["p_V_n"]


@given(st.floats(0.05, 20), st.floats(0.02, 2))
def test_routes_agree_where_the_numbers_do(hr, se):
    """One truth told by interval, standard error, V, O - E and V, and p: the same effect from each."""
    y, v = np.log(hr), 1 / se**2
    told = [
        {"hr": hr, "ci_low": np.exp(y - Z * se), "ci_high": np.exp(y + Z * se)},
        {"hr": hr, "se": se},
        {"hr": hr, "v": v},
        {"o_minus_e": y * v, "v": v},
    ]
    got = np.array([hazard(row)[["yi", "vi"]].to_numpy()[0] for row in told])
    np.testing.assert_allclose(got, np.broadcast_to((y, se**2), (4, 2)), rtol=1e-8, atol=1e-12)


@given(st.floats(1e-12, 0.9), st.integers(10, 500))
def test_p_and_events_give_back_p(p, events):
    es = hazard({"p": p, "sign": -1, "events": events})
    z = es["yi"][0] / np.sqrt(es["vi"][0])
    assert z < 0
    assert z_of(p, 2) == pytest.approx(-z, rel=1e-12)
    other = hazard({"p": p, "sign": 1, "events_t": events / 2 if events % 2 == 0 else events, "events_c": events})
    assert other["yi"][0] > 0


def test_hazard_ratio_and_p():
    # R: print(qnorm(0.977), digits = 16)
    es = hazard({"hr": 0.5, "p": 0.046})
    np.testing.assert_allclose(es["vi"], [(np.log(0.5) / 1.995393310167824) ** 2], rtol=1e-13)
    one = hazard({"hr": 0.5, "p": 0.023}, p_sides=1)
    np.testing.assert_allclose(one["vi"], es["vi"], rtol=1e-13)


def test_p_of_one_is_no_effect():
    es = hazard({"p": 1.0, "sign": 1, "events": 80})
    assert (es["yi"][0], es["vi"][0]) == (0.0, 0.05)


def test_medians_with_intervals():
    """Exponential survival: the hazards are as the medians' inverses, and the logs' errors add up."""
    row = {"median_t": 12.0, "ci_low_t": 9.0, "ci_high_t": 16.0, "median_c": 6.0, "ci_low_c": 5.0, "ci_high_c": 8.0}
    v = (np.log(16 / 9) ** 2 + np.log(8 / 5) ** 2) / (2 * Z) ** 2
    es = hazard(row)
    np.testing.assert_allclose((es["yi"][0], es["vi"][0]), (np.log(0.5), v), rtol=1e-13)
    ratio = mo.effect_sizes({k: [x] for k, x in row.items()}, measure="MEDR", **{k: k for k in row})
    np.testing.assert_allclose((ratio["yi"][0], ratio["vi"][0]), (np.log(2), v), rtol=1e-13)
    assert ratio["route"][0] == "medians and their 95 % intervals"


def test_an_upper_limit_that_was_not_reached():
    row = {"median_t": 12.0, "ci_low_t": 9.0, "ci_high_t": None, "median_c": 6.0, "ci_low_c": 5.0, "ci_high_c": 8.0}
    es = hazard(row)
    v = np.log(12 / 9) ** 2 / Z**2 + np.log(8 / 5) ** 2 / (2 * Z) ** 2
    np.testing.assert_allclose(es["vi"], [v], rtol=1e-13)
    assert "limits of their 95 % intervals that were reached" in es["route"][0]


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_landmark_survival_by_the_delta_method(s1, s0):
    """The variance is that of the derivatives, taken numerically."""
    se1, se0, h = 0.03, 0.05, 1e-6
    es = hazard({"surv_t": s1, "se_surv_t": se1, "surv_c": s0, "se_surv_c": se0})

    def y(a, b):
        return np.log(np.log(a) / np.log(b))

    slopes = (y(s1 + h, s0) - y(s1 - h, s0)) / (2 * h), (y(s1, s0 + h) - y(s1, s0 - h)) / (2 * h)
    np.testing.assert_allclose(es["yi"], [y(s1, s0)], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(es["vi"], [(slopes[0] * se1) ** 2 + (slopes[1] * se0) ** 2], rtol=1e-6)


def test_proportional_hazards_at_a_landmark():
    es = hazard({"surv_t": 0.3**0.7, "se_surv_t": 0.04, "surv_c": 0.3, "se_surv_c": 0.04})
    assert es["yi"][0] == pytest.approx(np.log(0.7), rel=1e-13)


@pytest.mark.parametrize(
    ("row", "match"),
    [
        ({"hr": 0.5, "ci_low": 0.36, "ci_high": 0.69, "p": 0.2}, "p and its interval disagree"),
        ({"hr": 0.5, "se": 0.166, "p": 0.2}, "p and its standard error disagree"),
        ({"hr": 0.5, "p": 0.2, "events_t": 70, "events_c": 80}, "p and the events disagree"),
        ({"hr": 0.98, "p": 0.8}, "standard error uncertain by rounding"),
        ({"hr": 0.51, "ci_low": 0.31, "ci_high": 0.72}, "hr not at the centre of its interval"),
    ],
)
def test_numbers_that_do_not_agree_are_told(row, match):
    with pytest.warns(DataWarning, match=r"trial '1' \(row 0\)") as caught:
        es = hazard(row)
    assert es["route"][0].endswith(f"; {match}")
    assert np.isfinite(es["yi"][0])
    assert len(caught) == 1


@pytest.mark.parametrize(
    "row",
    [
        {"hr": 0.5, "ci_low": 0.36, "ci_high": 0.69, "p": 0.00003},
        {"hr": 0.5, "ci_low": 0.36, "ci_high": 0.69, "p": None},
        {"hr": 0.5, "se": 0.166, "p": 0.00003},
        {"hr": 0.8, "ci_low": 0.6, "ci_high": 1.1, "p": 0.2},  # rounding explains it
        {"hr": 0.5, "p": 0.00002, "events_t": 70, "events_c": 80},
    ],
)
def test_numbers_that_agree_are_not_remarked(row):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        hazard(row)


@pytest.mark.parametrize(
    ("row", "error", "match"),
    [
        (
            {"hr": 0.5, "p": "<0.05"},
            DataError,
            r"\(row 0\): p='<0.05' is a bound, not a number: write the bound itself",
        ),
        ({"hr": 0.5, "p": "n.s."}, DataError, r"p='n.s.' is not a number"),
        ({"hr": 0.5, "p": 0.0}, DataError, r"p=0 is rounded: give the bound"),
        ({"hr": 0.5, "p": 1.2}, DataError, r"p=1.2 is not a probability"),
        ({"hr": 0.5, "p": 1.0}, DataError, r"p=1 with hr=0.5 has no standard error"),
        ({"hr": 1.0, "p": 0.9}, DataError, r"hr=1 with p=0.9 has no standard error"),
        ({"p": 0.1, "sign": 0, "events": 10}, DataError, r"sign=0 must be -1 where treatment has the lower hazard"),
        ({"p": 0.1, "sign": 1, "events": 0}, DataError, r"events=0: the variance needs some"),
        ({"p": 0.1, "sign": 1, "events": 30, "n_t": 10, "n_c": 10}, DataError, r"events=30 exceeds n_t \+ n_c=20"),
        ({"o_minus_e": -3.0, "v": 0.0}, DataError, r"v=0: it must be above 0"),
        ({"o_minus_e": np.inf, "v": 2.0}, DataError, r"o_minus_e is infinite"),
        ({"hr": 0.5, "v": -2.0}, DataError, r"v=-2: it must be above 0"),
        ({"hr": 0.5, "se": 0.0}, DataError, r"se=0: it must be above 0"),
        ({"observed_t": 0, "expected_t": 3.0, "observed_c": 5, "expected_c": 4.0}, DataError, r"observed_t=0: it must"),
        ({"median_t": 0, "median_c": 3, "events_t": 4, "events_c": 4}, DataError, r"median_t=0: it must be above 0"),
        ({"surv_t": 62, "se_surv_t": 0.1, "surv_c": 0.5, "se_surv_c": 0.1}, DataError, r"surv_t=62: .* 0.62 for 62 %"),
        ({"surv_t": 0.6, "se_surv_t": 3, "surv_c": 0.5, "se_surv_c": 0.1}, DataError, r"se_surv_t=3 is too large"),
        (
            {"hr": 0.5},
            ColumnError,
            r"'HR' needs hr=..., ci_low=..., ci_high=...; ci_low is not given. Other routes: hr",
        ),
        ({"median_t": 5, "median_c": 4}, ColumnError, r"needs median_t=..., events_t=.*events_t is not given"),
        ({"hr": 0.5, "se": 0.2, "n_t": 30}, OptionError, r"it has no use for n_t='n_t'"),
        ({"hr": 0.5, "p": 0.1, "events_t": 30}, ColumnError, r"has a use for events_t='events_t' only with events_c="),
    ],
)
def test_what_cannot_be_or_is_ambiguous_is_refused(row, error, match):
    with pytest.raises(error, match=match):
        hazard(row)


@pytest.mark.parametrize("sides", [0, 3])
def test_sides_of_a_test(sides):
    with pytest.raises(OptionError, match=r"p_sides=.* is not an option; choose 2 or 1"):
        hazard({"hr": 0.5, "p": 0.1}, p_sides=sides)


def test_one_sided_half_is_no_effect():
    with pytest.raises(DataError, match=r"p=0.5 with hr=0.7 has no standard error"):
        hazard({"hr": 0.7, "p": 0.5}, p_sides=1)
    with pytest.raises(DataError, match="p=1 of one side is no test"):
        hazard({"p": 1.0, "sign": 1, "events": 10}, p_sides=1)


@pytest.mark.parametrize("route", HR_ROUTES.values(), ids=lambda r: r.id)
def test_rows_that_lack_a_number_are_missing_and_the_route_says_what(route):
    for role in route.needed:
        row = dict.fromkeys(route.roles, 0.4) | {role: None}
        for counted in ("events", "events_t", "events_c", "n_t", "n_c"):
            if row.get(counted) is not None:
                row[counted] = 40
        row |= {k: v for k, v in (("sign", 1), ("ci_low", 0.3), ("ci_high", 0.6)) if row.get(k) is not None}
        row |= {f"ci_{end}{arm}": x for arm in ("_t", "_c") for end, x in (("low", 0.3), ("high", 0.6))
                if row.get(f"ci_{end}{arm}") is not None}  # fmt: skip
        es = hazard(row)
        assert np.isnan(es["yi"][0])
        assert es["route"][0] == f"missing: {'an interval' if role.startswith('ci_') else role}"


def test_pooled_routes_show_their_sources():
    assert all(r.source and r.label for r in HR_ROUTES.values())
    es = hazard({"o_minus_e": [-7.6, -3.0, 1.2], "v": [30.1, 11.0, 8.5]})
    r = mo.pool(es, method="CE", ci="wald")
    assert r.estimate == pytest.approx((-7.6 - 3.0 + 1.2) / (30.1 + 11.0 + 8.5))
    assert r.se == pytest.approx((30.1 + 11.0 + 8.5) ** -0.5)


@pytest.mark.parametrize(
    ("value", "half"), [(0.5, 0.005), (0.05, 0.005), (0.004, 0.0005), (1e-05, 5e-06), (8.2e-06, 5e-08), (np.nan, 0.005)]
)
def test_rounding_of_a_printed_number(value, half):
    np.testing.assert_allclose(half_unit(np.array([value])), [half], rtol=1e-12)


@pytest.mark.parametrize("trial", [*PINNED, *ALL])
@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("p_V_from_e1e0", lambda t: {"events_t": t["e1"], "events_c": t["e0"]}),
        ("p_V_E4", lambda t: {"events": t["e1"] + t["e0"]}),
        ("p_V_n", lambda t: {"events": t["e1"] + t["e0"], "n_t": t["n1"], "n_c": t["n0"]}),
    ],
)
def test_a_hazard_ratio_with_events_has_the_variance_of_the_events(trial, name, columns):
    t = (PINNED | ALL)[trial]
    es = hazard({"hr": np.exp(t["cox"][0])} | columns(t))
    np.testing.assert_allclose((es["yi"][0], np.sqrt(es["vi"][0])), (t["cox"][0], t[name][1]), rtol=RTOL)


# Tierney 2007, table 1 and sections 3 to 9: a bladder cancer trial, hr 0.85 (0.71 to 1.02), log-rank p 0.075
HR, ARMS, ALL_EVENTS = {"hr": 0.85}, {"events_t": 229, "events_c": 256}, {"events": 485}
P, PATIENTS = {"p": 0.075, "sign": -1}, {"n_t": 491, "n_c": 485}


@pytest.mark.parametrize(
    ("row", "o_minus_e", "v"),
    [
        (HR | {"ci_low": 0.71, "ci_high": 1.02}, -19.03, 117.07),
        (HR | ARMS, -19.64, 120.87),
        (HR | ALL_EVENTS, -19.70, 121.25),
        (HR | ALL_EVENTS | PATIENTS, -19.70, 121.25),
        (P | ARMS, -19.57, 120.87),
        (P | ALL_EVENTS, -19.60, 121.25),
        (P | ALL_EVENTS | PATIENTS, -19.60, 121.25),
    ],
)
def test_the_routes_of_tierney_give_what_it_prints(row, o_minus_e, v):
    """Printed from rounded steps, z = 1.78 of 1.7805 and 1.96 among them."""
    es = hazard(row)
    np.testing.assert_allclose((es["yi"][0] / es["vi"][0], 1 / es["vi"][0]), (o_minus_e, v), atol=0.0101)
    assert round(float(np.exp(es["yi"][0])), 2) == 0.85


def test_each_trial_may_have_a_test_of_other_sides():
    rows = {"hr": [0.512, 0.512, 0.7], "p": [0.0051, 0.0102, None], "sides": [1, 2, None]}
    es = mo.effect_sizes(rows, measure="HR", hr="hr", p="p", p_sides="sides")
    assert es["vi"][0] == es["vi"][1]
    assert es["route"].tolist() == ["hr and p", "hr and p", "missing: p"]
    for bad in ([1, 3, None], [1, None, None], [1, 2, 0]):
        with pytest.raises(DataError, match=r"p_sides=(3|nan|0) must be 2 or 1"):
            mo.effect_sizes(rows | {"sides": bad}, measure="HR", hr="hr", p="p", p_sides="sides")
    with pytest.raises(ColumnError, match="p_sides='side' is not a column of the table"):
        mo.effect_sizes(rows, measure="HR", hr="hr", p="p", p_sides="side")
