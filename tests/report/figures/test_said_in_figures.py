"""What stands below figures: no interval for a new trial where none is estimable, cautions, trials without a point."""

import re
import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import metaonc as mo
from metaonc.base.caution import first_clause
from metaonc.errors import DataError
from metaonc.report.figures.panel import SMALL

EQUAL = {"trial": list("ABCD"), "yi": [-0.3] * 4, "vi": [0.02, 0.03, 0.04, 0.05], "dose": [1, 2, 3, 4]}
ALIKE = EQUAL | {"yi": [-0.3, -0.1, -0.4, -0.2]}
NONE = "Prediction interval not estimable (equal effects)"


def said(ax):
    """Return all that the figure says, on one line."""
    texts = [t for part in ax.figure.findobj(lambda o: hasattr(o, "get_text")) if (t := part.get_text())]
    return re.sub(r"\s+", " ", " ".join(map(str, texts)))


def names(ax):
    return [" ".join(t.get_text().split()) for t in ax.get_yticklabels()]


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


def subgroups():
    rows = [(trial, level) for trial in "ABCD" for level in ("mutant", "wild type")]
    table = pd.DataFrame(rows, columns=["trial", "KRAS"]).assign(x=[6, 5, 7, 6, 8, 5, 6, 4], n=[20, 21] * 4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return mo.pool_subgroups(table, by="KRAS", using=mo.pool_glmm, events="x", n="n", study="trial")


def test_an_orchard_has_its_model_sizes_and_cautions_by_their_first_clauses():
    r = subgroups()
    ax = mo.plot.orchard(r)
    text = said(ax)
    assert names(ax) == ["mutant (k = 4, n = 80)", "wild type (k = 4, n = 84)"]
    assert "Binomial-normal model" in text
    assert "Wald 95% confidence interval" in text
    drawn = [c for c in r.cautions if not c.of.startswith("overall")]
    for caution in drawn:  # none is lost
        assert re.sub(r"\s+", " ", first_clause(caution.text)[1:]) in text
    assert len(drawn) < len(r.cautions)
    assert "overall" not in text  # which is not drawn
    for caution in drawn:
        assert not caution.more or caution.more not in text
    lines = [t.get_text() for t in ax.figure.findobj(Text) if t.get_text() and t.get_fontsize() == SMALL]
    assert 3 < len(lines) < 10


def test_cautions_below_figures_are_in_short():
    r = mo.pool_glmm({"t": list("ABCD"), "x": [6, 7, 8, 6], "n": [20] * 4}, events="x", n="n", study="t")
    longer = [c for c in r.cautions if c.more and not c.of_prediction]
    assert longer
    for draw in (mo.plot.orchard, mo.plot.drapery):
        text = said(draw(r))
        for caution in longer:
            assert first_clause(caution.text)[1:] in text
            assert caution.more[1:] not in text


def test_an_orchard_of_rows_of_unknown_size_says_the_number_of_trials_alone():
    assert names(mo.plot.orchard(mo.pool(ALIKE, study="trial", measure="HR"))) == ["All trials (k = 4)"]
