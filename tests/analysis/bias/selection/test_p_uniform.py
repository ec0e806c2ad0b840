"""p-uniform*: its identities; R ran its likelihood in test_r_scripts.py."""

import numpy as np
import pytest

import metaonc as mo
from metaonc.errors import DataError, OptionError

TABLE = {
    "yi": [-0.62, -0.31, -0.18, -0.75, -0.05, -0.41, -0.9, 0.1, -0.33, -0.5],
    "vi": [0.03, 0.02, 0.04, 0.09, 0.01, 0.05, 0.16, 0.06, 0.015, 0.12],
}


def test_effects_turned_round_give_the_same_turned_round():
    a, b = (mo.bias.p_uniform(mo.pool(t)) for t in (TABLE, TABLE | {"yi": [-y for y in TABLE["yi"]]}))
    assert (a.alternative, b.alternative) == ("less", "greater")
    np.testing.assert_allclose([a.estimate, a.ci_low, a.ci_high], [-b.estimate, -b.ci_high, -b.ci_low], rtol=1e-8)
    assert (a.significant, a.lr_statistic) == (b.significant, pytest.approx(b.lr_statistic, rel=1e-9))


def test_the_interval_is_where_the_test_of_its_limits_is_at_its_level():
    """The likelihood ratio test of each limit, made by shifting the effects so that the limit is no effect."""
    r = mo.bias.p_uniform(mo.pool(TABLE))
    assert r.confidence_interval() == (r.ci_low, r.ci_high)
    low, high = r.confidence_interval(0.9)
    assert r.ci_low < low < r.estimate < high < r.ci_high
    p0 = mo.bias.p_uniform(mo.pool(TABLE), level=1 - r.p_value)
    assert p0.ci_high == pytest.approx(0, abs=1e-8)  # the level whose limit is no effect is that of the test


def test_without_significant_trials_to_tell_apart_it_says_so():
    r = mo.bias.p_uniform(mo.pool({"yi": [0.1, 0.2, 0.15, 0.05], "vi": [0.04, 0.05, 0.02, 0.03]}))
    assert r.significant == 0
    assert "few trials are on one side of significance (0 significant of 4)" in str(r)


def test_a_common_effect_has_no_variance():
    r = mo.bias.p_uniform(mo.pool(TABLE, method="CE", ci="wald"))
    assert r.tau2 == 0
    assert np.isnan([r.tau2_low, r.tau2_high]).all()
    assert "tau²" not in str(r)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"alternative": "two-sided"}, OptionError, "takes one side"),
        ({"alternative": "left"}, OptionError, "alternative='left' is not an option"),
        ({"alpha": 5}, OptionError, "alpha=5 is not a proportion"),
        ({"alpha": 0.9}, OptionError, "a level of significance, such as 0.05"),
        ({"level": 95}, OptionError, "level=95 is not a proportion"),
    ],
)
def test_what_cannot_be_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        mo.bias.p_uniform(mo.pool(TABLE), **options)


def test_too_few_trials_are_refused():
    with pytest.raises(DataError, match="2 trials cannot tell mean"):
        mo.bias.p_uniform(mo.pool({"yi": [0.4, 0.2], "vi": [0.04, 0.05]}))
