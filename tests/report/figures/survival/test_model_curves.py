"""Curves of models over Kaplan-Meier estimates: their data are those of the results, and what is beyond is marked."""

import numpy as np
import pandas as pd
import pytest
from figure_checks import assert_readable
from result_kinds import CURED, PATIENTS, TRIALS

import metaonc as mo
from metaonc.errors import DataError, OptionError

SOME = {"distributions": ["exp", "weibull", "lnorm"], "knots": []}


@pytest.fixture(scope="module")
def fits():
    one = TRIALS[TRIALS["trial"] == "A"]
    return [mo.survival.parametric(one, control="old", unit="months"), mo.survival.royston_parmar(one, control="old")]


@pytest.fixture(scope="module")
def comparison():
    return mo.survival.compare_models(TRIALS, study="trial", control="old", unit="months", **SOME)


def test_data_are_those_of_model_and_estimate(fits):
    data = mo.plot.model_curves_data(fits[0], until=60)
    model, km = (data[data["type"] == kind] for kind in ("model", "kaplan-meier"))
    for group in ("new", "old"):
        own = model[(model["group"] == group) & (model["time"] > 0)]
        want = fits[0].survival_at(own["time"]).query("group == @group")
        for name in ("survival", "ci_low", "ci_high"):
            np.testing.assert_allclose(own[name], want[name], rtol=1e-12)
        assert own["extrapolated"].tolist() == want["extrapolated"].tolist()
        curve = mo.survival.kaplan_meier(fits[0].patients, by="arm").curves[group]
        np.testing.assert_array_equal(km.loc[km["group"] == group, "survival"], curve.survival)
    assert model["time"].max() == 60
    assert mo.plot.model_curves_data(fits[0])["time"].max() == max(fits[0].ends)


def test_lines_are_dashed_beyond_the_follow_up_of_their_arm(fits):
    ax = mo.plot.model_curves(fits[0], until=60)
    smooth = [x for x in ax.lines if x.get_linewidth() == 1.4 and len(x.get_xdata()) > 3]
    solid, dashed = ([x for x in smooth if (x.get_linestyle() == "-") == whole] for whole in (True, False))
    assert [x.get_xdata()[-1] for x in solid] == list(fits[0].ends)
    assert [x.get_xdata()[0] for x in dashed] == list(fits[0].ends)
    assert all(x.get_xdata()[-1] == 60 for x in dashed)
    assert "extrapolated" in said(ax.figure)
    assert "extrapolated" not in said(mo.plot.model_curves(fits[0], until=min(fits[0].ends)).figure)


def said(figure):
    return [text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text"))]


def test_patients_at_risk_stand_below(fits):
    ax = mo.plot.model_curves(fits[0])
    km = mo.survival.kaplan_meier(fits[0].patients, by="arm")
    ticks = [t for t in ax.get_xticks() if 0 <= t <= ax.get_xlim()[1]]
    texts = said(ax.figure)
    for name, end in zip(("new", "old"), fits[0].ends, strict=True):
        table = km.at([t for t in ticks if t <= end])
        assert set(table.loc[table["group"] == name, "n_risk"].map(str)) <= set(texts)


def test_several_models_have_a_colour_each_and_cautions_are_told(fits):
    ax = mo.plot.model_curves(fits)
    assert len({x.get_color() for x in ax.lines if x.get_linewidth() == 1.0 and len(x.get_xdata()) > 3}) == 2
    cured = mo.plot.model_curves(mo.survival.cure_model(CURED, control="old"))
    assert any("takes for granted that some patients never" in text.replace("\n", " ") for text in said(cured.figure))


@pytest.mark.parametrize("models", [1, 3])
def test_a_grid_has_a_panel_a_trial(comparison, models):
    figure = mo.plot.model_grid(comparison, models=models, until=40)
    assert len(figure.axes) == 4
    assert set("ABCD") <= set(said(figure))
    data = mo.plot.model_curves_data(comparison, models=models, until=40)
    assert data.loc[data["type"] == "model", "model"].nunique() == models
    for name, ax in zip("ABCD", figure.axes, strict=True):
        own = data[(data["panel"] == name) & (data["type"] == "model") & (data["group"] == "old")]
        drawn = np.concatenate([x.get_ydata() for x in ax.lines])
        assert np.isin(own["survival"], drawn).all()
    assert_readable(figure)


def test_panels_have_one_axis_of_time(comparison):
    table = comparison.patients.rename(columns={"study": "trial"})
    short = table[(table["trial"] != "C") | (table["time"] < 4)]
    fits = mo.survival.compare_models(short, study="trial", control=comparison.control, distributions=["exp"], knots=[])
    last = short["time"].max()
    assert {tuple(ax.get_xlim()) for ax in mo.plot.model_grid(fits).axes} == {(0.0, last)}
    data = mo.plot.model_curves_data(fits, models=1)
    drawn = data[data["type"] == "model"].groupby("panel")["time"].max()
    assert drawn["A"] == pytest.approx(last)
    beyond = data[(data["panel"] == "C") & (data["type"] == "model") & (data["time"] > 4)]
    assert len(beyond)
    assert beyond["extrapolated"].all()


def test_grids_of_other_shapes_can_be_read(comparison):
    fits = {f"Trial with a long name {name}": comparison.fits(name, ["Weibull"]) for name in "ABCDA"}
    assert_readable(mo.plot.model_grid({**fits, "E": comparison.fit("log-normal", study="B")}, width="page"))
    assert_readable(mo.plot.model_grid({"A": comparison.fits("A", ["Weibull"])}, width="column"))


@pytest.fixture(scope="module")
def of_lifelines(fits):
    from lifelines import LogNormalFitter, WeibullFitter

    found = {}
    for cls in (WeibullFitter, LogNormalFitter):
        own = fits[0].patients.groupby("arm")
        found[cls] = {name: cls().fit(d["time"], d["event"]) for name, d in own}
    return {cls: {name: by[name] for name in ("new", "old")} for cls, by in found.items()}


def test_what_lifelines_has_fitted_is_drawn_beside(of_lifelines, fits):
    weibull, lognormal = of_lifelines.values()
    data = mo.plot.model_curves_data(weibull, until=30)
    model = data[(data["type"] == "model") & (data["group"] == "old")]
    want = weibull["old"].survival_function_at_times(model["time"].to_numpy())
    np.testing.assert_allclose(model["survival"], want, rtol=1e-12)
    assert model.loc[model["time"] > 0, "ci_low"].isna().all()
    # a shape and a scale of its own in each arm is the model of both with an effect on the shape
    ours = mo.survival.parametric(fits[0].patients, control="old", shape_effect=True)
    own = ours.survival_at(model["time"].iloc[1:]).query("group == 'old'")["survival"]
    np.testing.assert_allclose(own, model["survival"].iloc[1:], atol=1e-4)
    assert "95% confidence" not in said(mo.plot.model_curves(weibull).figure)
    ax = mo.plot.model_curves([fits[0], weibull, lognormal])
    assert {"Weibull", "Weibull (lifelines)", "LogNormal (lifelines)"} <= set(said(ax.figure))
    assert len(mo.plot.model_grid({"A": weibull, "B": lognormal}).axes) == 2


def test_what_of_lifelines_is_not_taken_is_named(of_lifelines):
    from lifelines import KaplanMeierFitter, WeibullFitter

    weibull, lognormal = of_lifelines.values()
    with pytest.raises(DataError, match="arms given: 1; give two"):
        mo.plot.model_curves({"new": weibull["new"]})
    with pytest.raises(DataError, match="the arms have different models"):
        mo.plot.model_curves({"new": weibull["new"], "old": lognormal["old"]})
    with pytest.raises(DataError, match="WeibullFitter is not fitted"):
        mo.plot.model_curves({"new": WeibullFitter(), "old": WeibullFitter()})
    with pytest.raises(DataError, match="such as WeibullFitter, is taken, not KaplanMeierFitter"):
        mo.plot.model_curves(dict.fromkeys(("new", "old"), KaplanMeierFitter().fit([1, 2], [1, 1])))


def test_what_cannot_be_drawn_is_named(fits, comparison):
    with pytest.raises(DataError, match=r"is wanted, .* not PhTestResult"):
        mo.plot.model_curves(mo.survival.ph_test(PATIENTS, control="old"))
    with pytest.raises(DataError, match="are of different patients"):
        mo.plot.model_curves([fits[0], mo.survival.parametric(PATIENTS, control="old")])
    with pytest.raises(OptionError, match=r"draw them by plot\.model_grid"):
        mo.plot.model_curves(comparison)
    with pytest.raises(OptionError, match="models=5 is not from 1 to 4"):
        mo.plot.model_grid(comparison, models=5)
    with pytest.raises(OptionError, match="until=-1 is no time above 0"):
        mo.plot.model_curves_data(fits[0], until=-1)
    with pytest.raises(OptionError, match="more than a page"):
        mo.plot.model_grid(comparison, width="column")
    with pytest.raises(OptionError, match="have room for 1 to 3"):
        mo.plot.model_grid(comparison, columns=5)
    with pytest.raises(OptionError, match="name them alike"):
        mo.plot.model_grid({"A": fits[0], "B": mo.survival.parametric(pd.DataFrame(PATIENTS).replace("old", "past"),
                                                                      control="past")})  # fmt: skip
    with pytest.raises(DataError, match="no model to draw"):
        mo.plot.model_grid({})
