"""What stands below figures: no interval for a new trial where none is estimable, cautions, trials without a point."""

import re
import warnings

import numpy as np
import pytest

import metaonc as mo
from metaonc.errors import DataError

EQUAL = {"trial": list("ABCD"), "yi": [-0.3] * 4, "vi": [0.02, 0.03, 0.04, 0.05], "dose": [1, 2, 3, 4]}
ALIKE = EQUAL | {"yi": [-0.3, -0.1, -0.4, -0.2]}
NONE = "Prediction interval not estimable (equal effects)"


def said(ax):
    """Return all that the figure says, on one line."""
    texts = [t for part in ax.figure.findobj(lambda o: hasattr(o, "get_text")) if (t := part.get_text())]
    return re.sub(r"\s+", " ", " ".join(map(str, texts)))


def test_an_orchard_has_no_prediction_interval_of_equal_effects():
    r = mo.pool(EQUAL, study="trial", measure="HR")
    ax = mo.plot.orchard(r)
    assert NONE in said(ax)
    assert "95% prediction interval" not in said(ax)
    _, trunks = mo.plot.orchard_data(r)
    assert np.isnan(trunks[["prediction_low", "prediction_high"]].to_numpy()).all()
    assert NONE in mo.plot.forest_rows(r).rows["label"].tolist()  # as the forest plot says it


def test_the_groups_of_an_orchard_without_one_are_named():
    table = {name: [*EQUAL[name], *ALIKE[name]] for name in ("yi", "vi")} | {"g": [*"uuuuvvvv"], "trial": [*"ABCDEFGH"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        r = mo.pool_subgroups(table, by="g", study="trial", measure="HR")
    text = said(mo.plot.orchard(r))
    assert f"{NONE}: u." in text
    assert "95% prediction interval" in text  # of the other


@pytest.mark.parametrize(
    ("options", "why"), [({}, NONE), ({"method": "CE"}, "the model has no variance between trials")]
)
def test_a_bubble_plot_has_none_either(options, why):
    ax = mo.plot.bubble(mo.regress(EQUAL, "~ dose", study="trial", measure="HR", **options), prediction=True)
    assert why in said(ax)
    assert "95% prediction interval" not in said(ax)


def test_a_bubble_plot_and_a_drapery_have_the_cautions_of_their_result():
    close = EQUAL | {"yi": [-0.3, -0.29, -0.32, -0.3]}
    line = mo.regress(close, "~ dose", study="trial", measure="HR")
    text = said(mo.plot.bubble(line, prediction=True))
    assert "estimated as 0, which is no proof that effects do not vary" in text
    assert "interval is narrower than the common-effect interval" in text
    assert "no proof" not in said(mo.plot.bubble(line))  # of the prediction interval, which is not drawn
    r = mo.pool(close, study="trial", measure="HR")
    assert "interval is narrower than the common-effect interval" in said(mo.plot.drapery(r))
    assert "prediction" not in said(mo.plot.drapery(r))  # none is drawn


def test_a_trial_without_which_there_is_no_fit_is_named_with_its_reason():
    arms = {"trial": list("ABCD"), "a": [3, 4, 5, 0], "n": [20, 30, 25, 22], "b": [0, 0, 0, 6], "m": [20, 30, 25, 22]}
    r = mo.pool_glmm(arms, measure="OR", events_t="a", n_t="n", events_c="b", n_c="m", study="trial", model="UM.RS")
    i = mo.sensitivity.influence(r)
    assert list(i.lacking) == ["D"]
    text = said(mo.plot.influence(i))
    assert "Not shown: D; without it there is no fit: every trial's events are as extreme as they can be." in text


def test_a_trial_of_infinite_influence_is_named():
    one = {"trial": list("ABCDEF"), "x": [0, 0, 0, 0, 0, 9], "n": [20, 30, 25, 22, 18, 40]}
    i = mo.sensitivity.influence(mo.pool_glmm(one, events="x", n="n", study="trial"))
    assert np.isinf(i.table.set_index("study").loc["F", "cook_d"])
    with pytest.raises(
        DataError, match="F: influence without bounds, as the fit without it lies at an end of its scale"
    ):
        mo.plot.influence(i)


def test_a_baujat_plot_names_the_trials_without_an_effect_of_their_own():
    table = {"trial": ["Ash", "Beech", "Cork", "Dogwood", "Elm"], "x": [0, 3, 9, 30, 4], "n": [30] * 5}
    r = mo.pool_glmm(table, events="x", n="n", study="trial")
    assert "Not shown, without an effect of their own: Ash, Dogwood." in said(mo.plot.baujat(r))
    assert "Not shown" not in said(mo.plot.baujat(mo.pool(ALIKE, study="trial", measure="HR")))
