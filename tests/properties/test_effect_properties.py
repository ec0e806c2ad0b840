"""What must hold of every effect, whatever the report."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import metaonc as mo
from metaonc.analysis.effects.formulas.proportions import exact_interval
from metaonc.analysis.effects.measures import MEASURES, ONE_ARM

settings.register_profile("metaonc", deadline=None, max_examples=25, derandomize=True)
settings.load_profile("metaonc")

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
inner = st.integers(2, 400).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n)))
LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])
Z = {0.5: 0.6744897501960817, 0.8: 1.2815515655446004, 0.9: 1.6448536269514722, 0.95: 1.959963984540054,
     0.99: 2.5758293035489004}  # fmt: skip


def binomial_tail(x, n, p):
    """Return P(X >= x), summed term by term from logarithms of factorials."""
    i = np.arange(n + 1)
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = (
            logs[n]
            - logs[i]
            - logs[n - i]
            + np.where(i > 0, i * np.log(p), 0)
            + np.where(i < n, (n - i) * np.log1p(-p), 0)
        )
    return np.exp(terms[x:]).sum()


@given(arm=counts, level=LEVELS)
def test_exact_interval_meets_its_definition(arm, level):
    """At the lower limit x or more have the tail's probability, at the upper limit x or fewer."""
    (x, n), tail = arm, (1 - level) / 2
    low, high = (float(limit) for limit in exact_interval(x, n, level))
    assert 0 <= low <= x / n <= high <= 1
    assert low == 0 if x == 0 else binomial_tail(x, n, low) == pytest.approx(tail, rel=1e-8)
    assert high == 1 if x == n else 1 - binomial_tail(x + 1, n, high) == pytest.approx(tail, rel=1e-8)


@given(arm=counts)
def test_exact_interval_mirrors(arm):
    x, n = arm
    low, high = exact_interval(x, n, 0.95)
    other_low, other_high = exact_interval(n - x, n, 0.95)
    np.testing.assert_allclose([low, high], [1 - other_high, 1 - other_low], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("code", [code for code, m in MEASURES.items() if m.roles == ONE_ARM])
@given(arm=inner)
def test_back_transform_of_a_proportion_is_the_proportion(code, arm):
    x, n = arm
    record = MEASURES[code]
    y, _ = record.compute({"events": np.array([float(x)]), "n": np.array([float(n)])})
    p = record.inverse(y, n) if code == "PFT" else record.inverse(y)
    assert float(p[0]) == pytest.approx(x / n, rel=1e-9)


@pytest.mark.parametrize("code", [code for code, m in MEASURES.items() if m.inverse is not None])
def test_back_transforms_rise(code):
    if code == "PFT":
        values = MEASURES[code].inverse(np.linspace(0.0, np.pi / 2, 99), 40.0)
    elif MEASURES[code].roles == ONE_ARM:
        values = MEASURES[code].inverse(np.linspace(-3, 3, 99))
    else:
        return
    assert (np.diff(values) >= 0).all()
    assert values.min() >= 0
    assert values.max() <= 1


@given(log_hr=st.floats(-3, 3), se=st.floats(0.05, 1.5), level=LEVELS)
def test_hazard_ratio_and_its_interval_come_back(log_hr, se, level):
    """From effect and variance the interval of the report is computed again."""
    hr, low, high = np.exp([log_hr, log_hr - Z[level] * se, log_hr + Z[level] * se])
    es = mo.effect_sizes(
        {"h": [hr], "l": [low], "u": [high]}, measure="HR", hr="h", ci_low="l", ci_high="u", level=level
    )
    assert es["yi"].iloc[0] == pytest.approx(log_hr, rel=1e-9, abs=1e-12)
    assert es["vi"].iloc[0] == pytest.approx(se**2, rel=1e-9)
    r = mo.pool(es, level=level)
    np.testing.assert_allclose(r.confidence_interval(transform=True), (low, high), rtol=1e-9)


@given(a=inner, b=inner)
def test_exchanged_arms_flip_the_sign(a, b):
    table = {"a": [a[0]], "na": [a[1]], "b": [b[0]], "nb": [b[1]]}
    for code in ("RR", "OR", "RD", "AS", "PETO"):
        there = mo.effect_sizes(table, measure=code, events_t="a", n_t="na", events_c="b", n_c="nb")
        back = mo.effect_sizes(table, measure=code, events_t="b", n_t="nb", events_c="a", n_c="na")
        np.testing.assert_allclose(there["yi"], -back["yi"], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(there["vi"], back["vi"], rtol=1e-9)


@given(a=inner, b=inner)
def test_odds_ratio_of_non_responders_is_its_inverse(a, b):
    def odds(x, y):
        table = {"a": [x], "na": [a[1]], "b": [y], "nb": [b[1]]}
        return mo.effect_sizes(table, measure="OR", events_t="a", n_t="na", events_c="b", n_c="nb")

    there, back = odds(a[0], b[0]), odds(a[1] - a[0], b[1] - b[0])
    np.testing.assert_allclose(there["yi"], -back["yi"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(there["vi"], back["vi"], rtol=1e-9)
