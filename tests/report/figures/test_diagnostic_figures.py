"""Figures beside forest and KM plots: their data against metafor (reference/diagnostics.R), then what is drawn."""

import numpy as np
import pandas as pd
import pytest
from figure_checks import assert_readable, clipped, overlaps, visible_texts
from reference import pinned
from result_kinds import MADE

import metaonc as mo
from metaonc.analysis.sensitivity.diagnostics import expected_response
from metaonc.errors import ColumnError, DataError, OptionError
from metaonc.report.style import COLUMN, PAGE

R = pinned.load("diagnostics")
plot = mo.plot
EQUAL = {"rtol": 1e-8, "atol": 1e-10}
COUNTS = {"events_t": "tpos", "n_t": "nt", "events_c": "cpos", "n_c": "nc"}
METHODS = {"EE": "CE", "DL": "DL", "REML": "REML"}
LONG = ["A trial of a name that is far too long to stand beside its point, 2024", *(f"Trial-{i}" for i in range(2, 14))]


def table(measure="RR", names=None):
    counts = pd.DataFrame(R["counts"])
    counts["trial"] = names or [f"Trial {i}" for i in range(1, len(counts) + 1)]
    counts["kind"] = np.where(counts["ablat"] > 35, "north", "south")
    return mo.effect_sizes(counts, measure=measure, study="trial", **COUNTS)


def pool(measure="RR", method="REML", names=None):
    return mo.pool(table(measure, names), study="trial", method=method, ci="wald")


def regression(names=None):
    return mo.regress(table(names=names), "~ ablat", study="trial", ci="wald")


def bayes(**options):
    return mo.pool_bayes(table(), study="trial", **options)


def rates(by="kras"):
    trials = {"trial": list("ABCDEFG"), "kras": ["mutant"] * 4 + ["wild-type"] * 3,
              "x": [25, 7, 12, 9, 9, 4, 0], "n": [57, 10, 30, 40, 52, 9, 12]}  # fmt: skip
    return mo.pool_subgroups(trials, by=by, using=mo.pool_glmm, events="x", n="n", study="trial")


def within():
    rng = np.random.default_rng(3)
    trials = [f"Trial {i}" for i in range(7)]
    levels = {"mutant": trials, "wild-type": trials[:5]}
    rows = [(t, level) for level, names in levels.items() for t in names]
    effects = {"yi": rng.normal(-0.2, 0.4, 12), "vi": rng.uniform(0.02, 0.2, 12), "measure": "HR"}
    table = pd.DataFrame(rows, columns=["trial", "KRAS"]).assign(**effects)
    return mo.interaction(table, study="trial", by="KRAS", contrast=("mutant", "wild-type"))


FIGURES = {
    "funnel": lambda names, **o: plot.funnel(pool(names=names), contours=(0.1, 0.05, 0.01), **o),
    "funnel, groups": lambda names, **o: plot.funnel(
        mo.pool_subgroups(table(names=names), by="kind", study="trial"), **o
    ),
    "radial": lambda names, **o: plot.radial(pool(names=names), **o),
    "baujat": lambda names, **o: plot.baujat(pool(names=names), **o),
    "influence": lambda names, **o: plot.influence(mo.sensitivity.influence(pool(names=names)), **o),
    "bubble": lambda names, **o: plot.bubble(regression(names), prediction=True, **o),
    "labbe": lambda names, **o: plot.labbe(pool("OR", names=names), **o),
}
PLAIN = {
    "doi": lambda **o: plot.doi(pool(), **o),
    "tipping point": lambda **o: plot.tipping_point(mo.sensitivity.tipping_point(pool()), **o),
    "monitoring": lambda **o: plot.monitoring(
        mo.sensitivity.monitor(mo.sensitivity.cumulative(pool()), minimal=0.8), **o
    ),
    "specification": lambda **o: plot.specification(
        mo.sensitivity.multiverse(pool(), exclude={"some": {"kind": "north"}}, intervals=["wald"]), **o
    ),
    "specification, many": lambda **o: plot.specification(
        mo.sensitivity.multiverse(pool(), estimators="all", intervals="all", measures=["OR"], exclude={"up to two": 2}),
        **o,
    ),
    "gosh": lambda **o: plot.gosh(mo.sensitivity.gosh(pool()), **o),
    "influence, several outcomes": lambda **o: plot.influence(
        mo.sensitivity.influence(MADE["MultivariateResult"][0](), reestimate=False), **o
    ),
    "drapery": lambda **o: plot.drapery(pool(), **o),
    "posterior": lambda **o: plot.posterior(bayes(mu_prior=mo.Normal(0, 2)), **o),
    "posterior, tau": lambda **o: plot.posterior(bayes(), parameter="tau", **o),
    "orchard": lambda **o: plot.orchard(rates(), effect="ORR", **o),
    "orchard, one": lambda **o: plot.orchard(pool(), **o),
    "interaction": lambda **o: plot.interaction(within(), **o),
    "timeline": lambda **o: plot.timeline(mo.load("lgsoc"), **o),
}


def texts(ax):
    return [text.get_text() for text, _ in visible_texts(ax.figure)]


@pytest.mark.parametrize("width", [COLUMN, 130.0, PAGE])
@pytest.mark.parametrize("names", [None, LONG], ids=["short", "long"])
@pytest.mark.parametrize("name", FIGURES)
def test_texts_stand_apart_at_every_width(name, names, width):
    assert_readable(FIGURES[name](names, width=width).figure)


@pytest.mark.parametrize("width", [COLUMN, PAGE])
@pytest.mark.parametrize("name", PLAIN)
def test_texts_of_figures_without_names_stand_apart(name, width):
    assert_readable(PLAIN[name](width=width).figure)


@pytest.mark.parametrize("name", [*FIGURES, *PLAIN])
def test_a_second_run_gives_the_same_bytes(name, tmp_path):
    draw = PLAIN.get(name) or (lambda: FIGURES[name](None))
    first, second = (mo.save(draw(), tmp_path / f"{i}.svg").read_bytes() for i in (1, 2))
    assert first == second


# --- the data ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", R["pools"], ids=lambda c: c["method"])
def test_baujat_and_radial_coordinates_are_metafors(case):
    result = pool(method=METHODS[case["method"]])
    baujat, radial = plot.baujat_data(result), plot.radial_data(result)
    np.testing.assert_allclose(baujat["contribution"], case["baujat_x"], **EQUAL)
    np.testing.assert_allclose(baujat["influence"], case["baujat_y"], **EQUAL)
    np.testing.assert_allclose(radial["precision"], case["radial_x"], **EQUAL)
    np.testing.assert_allclose(radial["z"], case["radial_y"], **EQUAL)


def test_rows_of_one_trial_are_one_point_of_baujat():
    rows = {
        "trial": list("AABCDD"),
        "yi": [-0.5, -0.2, 0.1, 0.4, -0.1, 0.6],
        "vi": [0.04, 0.03, 0.05, 0.02, 0.06, 0.03],
    }
    whole = mo.pool(rows, study="trial", method="CE", ci="wald")
    data = plot.baujat_data(whole)
    assert list(data["study"]) == list("ABCD")
    assert data["contribution"].sum() == pytest.approx(whole.q, rel=1e-12)
    rest = mo.pool({name: values[:4] for name, values in rows.items()}, study="trial", method="CE", ci="wald")
    assert data["influence"].iloc[-1] == pytest.approx((whole.estimate - rest.estimate) ** 2 / rest.se**2, rel=1e-12)
    assert plot.baujat(whole, labels=["D"]).get_xlim()[0] == 0


@pytest.mark.parametrize("case", R["measures"], ids=lambda c: c["measure"])
def test_labbe_line_is_metafors_effect_at_each_response(case):
    result = pool(case["measure"])
    got = expected_response(result, case["control"], result.estimate)
    np.testing.assert_allclose(got, case["treated"], rtol=1e-8)
    data = plot.labbe_data(result)
    np.testing.assert_allclose(data["control"], case["x"], **EQUAL)
    np.testing.assert_allclose(data["treated"], case["y"], **EQUAL)


def test_bubble_line_and_bands_are_metafors():
    want, result = R["bubble"], regression()
    with pytest.warns(mo.MethodWarning, match="this extrapolates"):
        line = plot.bubble_line(result, want["ablat"][0], want["ablat"][-1])
    at = [np.interp(want["ablat"], line["ablat"], line[c]) for c in ("estimate",)]
    np.testing.assert_allclose(at[0], want["pred"], rtol=1e-7)
    ends = line.iloc[[0, -1]]
    for ours, theirs in (
        ("ci_low", "ci_low"),
        ("ci_high", "ci_high"),
        ("prediction_low", "pi_low"),
        ("prediction_high", "pi_high"),
    ):
        np.testing.assert_allclose(ends[ours], np.array(want[theirs])[[0, -1]], rtol=1e-7)


def test_funnel_edges_are_wald_tests_and_limits():
    result = pool()
    data = plot.funnel_data(result, contours=(0.05,))
    edge = data.contours.iloc[-1]
    assert edge["high"] / edge["se"] == pytest.approx(1.959963984540054)  # a trial there has p = 0.05
    assert (data.limits["high"] - data.centre).iloc[-1] == pytest.approx(1.959963984540054 * data.limits["se"].iloc[-1])
    assert data.limits[["low", "high"]].iloc[0].tolist() == [result.estimate] * 2
    common = plot.funnel_data(result, centre="common")
    assert common.centre == pytest.approx(pool(method="CE").estimate, rel=1e-12)


def test_drapery_crosses_p_005_at_the_ends_of_the_interval():
    result = pool()
    data = plot.drapery_data(result, [result.ci_low, result.estimate, result.ci_high])
    np.testing.assert_allclose(data.loc[data["row"] == -1, "p"], [0.05, 1, 0.05], rtol=1e-9)


@pytest.mark.parametrize("parameter", ["mu", "tau"])
def test_densities_have_area_one(parameter):
    data = plot.posterior_data(bayes(mu_prior=mo.Normal(0, 0.5)), parameter)
    for column, left_out in (("posterior", 2e-3), ("predictive", 2e-2)):
        if column in data:
            assert np.trapezoid(data[column], data["x"]) == pytest.approx(1, abs=left_out)


def test_a_flat_prior_is_not_drawn():
    assert "prior" not in texts(plot.posterior(bayes()))
    assert "prior" in texts(plot.posterior(bayes(mu_prior=mo.Normal(0, 1))))


def test_orchard_rows_are_the_subgroups_pools():
    result = rates()
    fruits, trunks = plot.orchard_data(result)
    assert trunks["group"].tolist() == ["mutant", "wild-type"]
    assert trunks["estimate"].tolist() == [part.estimate for part in result.groups.values()]
    assert fruits["size"].tolist() == [57, 10, 30, 40, 52, 9, 12]


def test_interaction_shows_each_trial_and_both_ways_to_pool():
    result = within()
    data = plot.interaction_data(result)
    assert data["kind"].tolist() == ["trial"] * 5 + ["within", "across"]
    pools = data.set_index("kind").loc[["within", "across"], "estimate"].tolist()
    assert pools == [result.estimate, result.across_estimate]
    regression = mo.regress(result.reports.frame, "~ KRAS").coefficients  # one tau² for both
    assert pools[1] == pytest.approx(-regression["estimate"]["KRAS[T.wild-type]"], rel=1e-9)
    assert "Ratio of hazard ratios, KRAS: mutant v wild-type" in texts(plot.interaction(result))
    assert any("5 of 7 trials report both subgroups." in t for t in texts(plot.interaction(result)))


def test_timeline_tells_current_from_replaced_cuts():
    evidence = pd.DataFrame({
        "row_id": ["a", "b", "c", "d"], "trial": ["T"] * 4, "outcome": ["orr", "orr", "pfs", "os"],
        "data_cut": ["2020", "2021-07", "2021-07-01", None], "supersedes": [None, "a", None, None],
        "nested_in": [None] * 4,
    })  # fmt: skip
    data = plot.timeline_data(evidence).set_index(["outcome", "data_cut"])
    assert data.loc[("orr", "2020"), "state"] == "replaced"
    assert data.loc[("orr", "2021-07"), "state"] == "current"
    assert data.loc[("orr", "2020"), "year"] == 2020.5
    assert data.loc[("pfs", "2021-07-01"), "year"] == pytest.approx(2021.5, abs=0.01)
    ax = plot.timeline(evidence)
    assert "Without a reported date: T, OS." in texts(ax)


# --- what is drawn ----------------------------------------------------------------------------------------------------


def test_points_lie_where_the_data_say():
    ax = plot.funnel(pool())
    drawn = next(line for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata()) == 13)
    data = plot.funnel_data(pool())
    np.testing.assert_array_equal(drawn.get_xdata(), data.points["estimate"])
    np.testing.assert_array_equal(drawn.get_ydata(), data.points["se"])
    low, high = ax.get_ylim()
    assert low > high == 0  # precise trials at the top


def test_names_are_those_asked_for():
    named = plot.baujat(pool(), labels=["Trial 3", "Trial 8"])
    assert {t for t in texts(named) if t.startswith("Trial")} == {"Trial 3", "Trial 8"}
    assert not [t for t in texts(plot.baujat(pool(), labels="none")) if t.startswith("Trial")]


def test_few_trials_are_said_to_show_no_asymmetry():
    few = mo.pool({"yi": [0.1, 0.3, 0.2], "vi": [0.1, 0.2, 0.05]})
    assert any("cannot be told from chance" in t for t in texts(plot.funnel(few)))


def test_figures_fit_into_given_axes():
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 6))
    axes = figure.subplots(2, 2)
    plot.funnel(pool(), ax=axes[0, 0])
    plot.radial(pool(), ax=axes[0, 1])
    plot.baujat(pool(), ax=axes[1, 0], labels="none")
    plot.bubble(regression(), ax=axes[1, 1])
    assert overlaps(figure) == []
    assert clipped(figure) == []


@pytest.mark.parametrize(
    ("draw", "error", "words"),
    [
        (lambda: plot.funnel(3), DataError, "a pooled result is wanted, not int"),
        (lambda: plot.funnel(rates(), contours=(0.05,)), OptionError, "tests of no effect, which a proportion has not"),
        (lambda: plot.funnel(pool(), contours=(5,)), OptionError, "contours=5 is no p-value"),
        (lambda: plot.funnel(pool(), centre="mean"), OptionError, "centre"),
        (lambda: plot.funnel(pool(), width=20), OptionError, "too small for this figure: make it"),
        (lambda: plot.baujat(pool(), labels=["Trail 3"]), OptionError, "Trail 3"),
        (lambda: plot.bubble(pool()), DataError, "a result of regress is wanted"),
        (
            lambda: plot.bubble(mo.regress(table(), "~ C(kind)", study="trial")),
            DataError,
            "a bubble plot needs a number",
        ),
        (
            lambda: plot.bubble(mo.regress(table(), "~ 1", study="trial")),
            DataError,
            r"one moderator is wanted; .* has none: give regress\(\.\.\., '~ moderator'\)",
        ),
        (
            lambda: plot.labbe(mo.pool({"yi": [0.1, 0.3], "vi": [0.1, 0.2]})),
            DataError,
            "counts of both arms are wanted",
        ),
        (lambda: plot.interaction(pool()), DataError, "a contrast of two levels is wanted, not MetaResult"),
        (lambda: plot.posterior(pool()), DataError, "a result of pool_bayes is wanted"),
        (lambda: plot.posterior(bayes(), parameter="sigma"), OptionError, "parameter"),
        (lambda: plot.drapery(mo.pool(table(), ci="HC", method="DL")), OptionError, "no p-value function"),
        (lambda: plot.funnel(nobody()), DataError, "no trial has a finite effect of its own; plot.forest"),
        (lambda: plot.funnel(nobody(), centre="common"), DataError, "no trial has a finite effect of its own"),
        (lambda: plot.drapery(nobody()), DataError, "no trial has a finite effect of its own"),
        (lambda: plot.timeline(pd.DataFrame({"trial": ["A"]})), ColumnError, "row_id, outcome, data_cut"),
        (lambda: plot.orchard("x"), DataError, "a pooled result is wanted, not str"),
    ],
)
def test_errors_say_what_is_wrong(draw, error, words):
    with pytest.raises(error, match=words):
        draw()


def nobody():
    return mo.pool_glmm({"x": [0, 0], "n": [9, 14]}, events="x", n="n")


@pytest.mark.parametrize(("k", "words"), [(1, "1 trial: asymmetry"), (2, "2 trials: asymmetry")])
def test_the_note_of_a_funnel_counts_its_trials(k, words):
    figure = plot.funnel(mo.pool({"yi": [-0.2, 0.1][:k], "vi": [0.1, 0.2][:k]}, measure="HR")).get_figure()
    assert any(words in text.get_text() for text, _ in visible_texts(figure))


SKEWED = {"yi": [-1.4, -1.1, -0.8, -0.5, -0.4, -0.3], "vi": [0.3, 0.2, 0.12, 0.05, 0.03, 0.02]}


def test_a_funnel_shows_the_trials_that_were_filled_in():
    t = mo.bias.trim_fill(mo.pool(SKEWED, measure="HR"))
    data = mo.plot.funnel_data(t)
    assert data.filled["estimate"].tolist() == t.filled["yi"].tolist()
    assert len(data.points) == 6
    assert data.centre == t.adjusted.estimate
    ax = mo.plot.funnel(t)
    drawn = [list(line.get_xdata()) for line in ax.lines if line.get_markerfacecolor() == "white"]
    assert t.filled["yi"].tolist() in drawn
    assert {"adjusted effect", "filled in"} <= {text.get_text() for text, _ in visible_texts(ax.figure)}


def test_a_funnel_shows_the_line_of_a_test():
    r = mo.pool(SKEWED, measure="HR")
    for found, name, at_0 in (
        (mo.bias.egger(r), "Egger's test", mo.bias.egger(r).limit),
        (mo.bias.pet_peese(r, method="PEESE"), "PEESE", mo.bias.pet_peese(r, method="PEESE").estimate),
        (mo.bias.limit_meta_analysis(r), "limit meta-analysis", mo.bias.limit_meta_analysis(r).estimate),
    ):
        line = mo.plot.funnel_data(found).line
        assert (line["se"].iloc[0], line["estimate"].iloc[0]) == (0.0, pytest.approx(at_0, rel=1e-12))
        assert name in [text.get_text() for text, _ in visible_texts(mo.plot.funnel(found).figure)]
    sized = mo.pool({**SKEWED, "n": [9, 12, 20, 40, 70, 90]}, measure="HR")
    assert mo.plot.funnel_data(mo.bias.egger(sized, predictor="ninv", n="n")).line.empty


def test_effects_that_are_all_alike_contribute_nothing():
    same = mo.pool({"yi": [-0.3] * 4, "vi": [0.01, 0.04, 0.05, 0.1]}, measure="HR", ci="wald")
    assert mo.plot.baujat(same).get_xlim() == mo.plot.baujat(same).get_ylim() == (0, 1.08)


def test_an_infinite_logit_has_no_point():
    counts = mo.pool_glmm({"x": [0, 30, 5], "n": [20, 30, 40]}, events="x", n="n", measure="PLO")
    assert mo.plot.radial_data(counts)["z"].isna().tolist() == [True, True, False]


def test_curves_of_equal_effects_are_one_line_without_a_warning():
    r = mo.pool({"yi": [0.1] * 4, "vi": [0.05] * 4})
    assert r.se == 0
    pooled = plot.drapery_data(r, at=[0.0, 0.1, 0.2]).query("row == -1")["p"].tolist()
    assert pooled == [0.0, 1.0, 0.0]
    assert mo.plot.drapery(r) is not None
