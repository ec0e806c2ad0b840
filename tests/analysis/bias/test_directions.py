"""Effects turned about none, as hazard ratios and their inverses: every verb of mo.bias turns with them."""

import numpy as np
import pytest

import metaonc as mo

YI = [-1.4, -0.95, -0.9, -0.2, -0.75, -0.7, -0.1, -0.33, -0.48, 0.06, 0.05, -0.31]
VI = [0.42, 0.25, 0.16, 0.12, 0.09, 0.08, 0.05, 0.04, 0.03, 0.02, 0.015, 0.01]
LOW, HIGH = (mo.pool({"yi": [s * y for y in YI], "vi": VI}, measure="HR", ci="wald") for s in (1, -1))
VERBS = {
    "egger": (mo.bias.egger, {}, ["slope", "limit"], ["p_value"]),
    "egger mixed": (mo.bias.egger, {"model": "random"}, ["slope", "limit"], ["p_value", "tau2"]),
    "begg": (mo.bias.begg, {}, ["statistic"], ["p_value"]),
    "trim and fill": (mo.bias.trim_fill, {}, ["estimate"], ["k0"]),
    "PET-PEESE": (mo.bias.pet_peese, {}, ["estimate", "slope"], ["p_value"]),
    "limit": (mo.bias.limit_meta_analysis, {}, ["estimate"], ["p_value", "g2"]),
    "excess": (mo.bias.excess_significance, {}, ["theta"], ["p_value", "observed"]),
    "Rosenthal": (mo.bias.fail_safe_n, {}, [], ["n", "p_value"]),
    "Orwin": (mo.bias.fail_safe_n, {"method": "Orwin", "target": 0.1}, ["target"], ["n"]),
    "General": (mo.bias.fail_safe_n, {"method": "General"}, [], ["n", "p_value"]),
    "General, target": (mo.bias.fail_safe_n, {"method": "General", "target": 0.1}, ["target"], ["n"]),
    "steps": (mo.bias.selection_model, {"steps": [0.025]}, ["estimate"], ["loglik", "lr_statistic", "tau2"]),
    "negexp": (mo.bias.selection_model, {"function": "negexp"}, ["estimate"], ["loglik", "weights"]),
    "p-uniform*": (mo.bias.p_uniform, {}, ["estimate"], ["p_value", "significant"]),
}
SAME = 1e-7


@pytest.mark.parametrize("name", VERBS)
def test_turned_effects_turn_the_result(name):
    verb, options, turned, same = VERBS[name]
    low, high = verb(LOW, **options), verb(HIGH, **options)
    for field in turned:
        assert getattr(low, field) == pytest.approx(-getattr(high, field), rel=SAME), field
    for field in same:
        np.testing.assert_allclose(getattr(low, field), getattr(high, field), rtol=SAME, err_msg=field)


def test_sides_are_told_where_they_were_not_given():
    for verb in (mo.bias.selection_model, mo.bias.p_uniform, mo.bias.copas):
        low, high = verb(LOW), verb(HIGH)
        assert (low.alternative, high.alternative) == ("less", "greater")
        assert "hazard ratio below 1" in low.provenance.notes[0]
        assert "hazard ratio above 1" in high.provenance.notes[0]


def test_trials_are_missing_where_small_ones_show_no_benefit():
    assert (mo.bias.trim_fill(LOW).side, mo.bias.trim_fill(HIGH).side) == ("right", "left")


def test_significance_of_a_side_is_asked_on_the_scale_of_analysis():
    low = mo.bias.excess_significance(LOW, alternative="less")
    high = mo.bias.excess_significance(HIGH, alternative="greater")
    assert low.observed == high.observed > 0
    assert low.p_value == pytest.approx(high.p_value, rel=SAME)
    assert mo.bias.excess_significance(LOW, alternative="greater").observed == 0


def test_the_funnel_tells_the_test():
    for verb, said in ((mo.bias.egger, "Egger's test: p"), (mo.bias.begg, "Begg and Mazumdar's test: p")):
        ax = mo.plot.funnel(verb(LOW))
        assert any(said in text.get_text() for text in ax.figure.findobj(lambda x: hasattr(x, "get_text")))
