"""absolute_effect: published examples, R's integrals over a pooled baseline, and identities."""

import numpy as np
import pandas as pd
import pytest
from reference.pinned import load
from result_kinds import pooled_curves

import metaonc as mo
from metaonc.analysis.certainty.risks import needed_said
from metaonc.errors import DataError, OptionError

R = load("certainty")
DRAWN = 1.0  # per 1,000: the error of quantiles of 100,000 draws, about four standard errors
BAD, GOOD = "unfavourable", "favourable"


def ratio(value, measure="RR", v=0.02, **options):
    table = {"yi": [np.log(value) if measure != "RD" else value] * 2, "vi": [2 * v] * 2}
    return mo.pool(table, measure=measure, method="CE", ci="wald", **options)


def first(effect):
    return effect.table.iloc[0]


def differences(effect):
    return first(effect)[["difference_low", "difference_high"]].astype(float)


def treated(effect):
    return first(effect)[["treatment_low", "treatment_high"]].astype(float)


@pytest.mark.parametrize(
    ("measure", "value", "fewer", "needed"),
    # Cochrane Handbook 5.1, 12.5.4.2 and 12.5.4.3: of a control risk of 0.3; 12.5.4: of a risk difference
    [("RR", 0.92, 24, "NNTB 42"), ("OR", 0.73, 62, "NNTB 17"), ("RD", -0.133, 133, "NNTB 8")],
)
def test_the_examples_of_the_cochrane_handbook(measure, value, fewer, needed):
    a = mo.absolute_effect(ratio(value, measure), baseline=0.3, event=BAD)
    assert round(first(a)["difference"]) == -fewer
    assert a.needed[0].startswith(needed)
    assert a.differences()[0].startswith(f"{fewer} fewer per 1,000")


def test_survival_is_raised_to_the_hazard_ratio():
    a = mo.absolute_effect(ratio(0.42, "HR"), baseline=0.75, at="12 months", event=BAD, name="death")
    np.testing.assert_allclose(first(a)["treatment"], 1000 * np.exp(np.log(0.75) * 0.42), rtol=1e-12)
    low, high = a.whole.confidence_interval(transform=True)
    np.testing.assert_allclose(differences(a), np.sort(1000 * (0.75 ** np.array([low, high]) - 0.75)))
    assert a.needed[0].startswith("NNTB")
    assert "people without death at 12 months" in str(a)


@pytest.mark.parametrize(("measure", "value"), [("RR", 0.8), ("OR", 0.8), ("RD", -0.06), ("HR", 0.8)])
def test_good_and_bad_events_turn_the_words_and_nothing_else(measure, value):
    at = {"at": 12} if measure == "HR" else {}
    bad, good = (mo.absolute_effect(ratio(value, measure), baseline=0.4, event=e, **at) for e in (BAD, GOOD))
    assert bad.table.equals(good.table)
    assert bad.needed[0][:4] == "NNTB"
    assert good.needed[0][:4] == "NNTH"
    swap = str.maketrans("BH", "HB")
    assert bad.needed[0].split(" ")[1] == good.needed[0].translate(swap).split(" ")[1]


def test_altmans_intervals_go_through_infinity():
    # Altman 1998 as a letter on it tells: a difference of -5 to 25 percent is NNTB 4 through infinity to NNTH 20;
    # CMAJ 2002;166:1676: 16.6 (0.9 to 32.2) percent is about 6, and 3.1 to 111.1, here rounded up
    assert needed_said(0.10, -0.05, 0.25) == "NNTB 10 (NNTH 20 to ∞ to NNTB 4)"
    assert needed_said(0.166, 0.009, 0.322) == "NNTB 7 (4 to 112)"
    assert needed_said(-0.10, -0.25, 0.05) == "NNTH 10 (NNTH 4 to ∞ to NNTB 20)"
    assert needed_said(-0.10, -0.25, -0.05) == "NNTH 10 (4 to 20)"
    assert needed_said(0.0, -0.1, 0.1) == "NNTB ∞ (NNTH 10 to ∞ to NNTB 10)"


def test_a_pooled_baseline_has_the_quantiles_that_r_integrates():
    effect = ratio(np.exp(-0.5), "OR", v=0.15**2)
    control = mo.pool({"yi": [-1.0] * 2, "vi": [2 * 0.2**2] * 2}, measure="PLO", method="CE", ci="wald")
    a = mo.absolute_effect(effect, baseline=control, event=BAD)
    np.testing.assert_allclose(
        first(a)[["treatment_low", "treatment_high"]].astype(float), R["drawn"]["treated"], atol=DRAWN
    )
    np.testing.assert_allclose(differences(a), R["drawn"]["difference"], atol=DRAWN)
    assert first(a)["control"] == pytest.approx(1000 / (1 + np.e), rel=1e-12)
    assert mo.absolute_effect(effect, baseline=control, event=BAD).table.equals(a.table)


def test_a_baseline_that_is_known_nearly_has_the_limits_of_one_that_is_known():
    effect = ratio(0.8)
    sure = mo.pool({"yi": [0.0] * 2, "vi": [1e-12] * 2}, measure="PLO", method="CE", ci="wald")
    drawn = mo.absolute_effect(effect, baseline=sure, event=BAD)
    known = mo.absolute_effect(effect, baseline=0.5, event=BAD)
    np.testing.assert_allclose(differences(drawn), differences(known), atol=4 * DRAWN)


def test_a_pool_of_curves_is_a_baseline_of_hazard_ratios():
    curves = pooled_curves()
    row = curves.at(12).iloc[0]
    a = mo.absolute_effect(ratio(0.7, "HR", v=1e-10), baseline=curves, at=12, event=BAD)
    assert first(a)["control"] == pytest.approx(1000 * row["survival"])
    ends = [1000 * row[name] ** 0.7 for name in ("ci_low", "ci_high")]
    np.testing.assert_allclose(treated(a), ends, atol=2 * DRAWN)


def test_shares_are_cut_at_all_and_none_and_that_is_said():
    a = mo.absolute_effect(ratio(1.4), baseline=0.8, event=GOOD)
    assert first(a)["treatment"] == 1000
    assert any("it was cut there" in str(c) for c in a.cautions)


@pytest.mark.parametrize(
    ("measure", "options", "error", "message"),
    [
        ("RR", {"baseline": 30, "event": BAD}, OptionError, "looks like percent: write baseline=0.3"),
        (
            "RR",
            {"baseline": {"low": 0.0}, "event": BAD},
            OptionError,
            "of 'low' is no risk of the event between",
        ),
        ("RR", {"baseline": 0.3, "event": "bad"}, OptionError, "event='bad' is not an option"),
        ("RR", {"baseline": 0.3, "event": BAD, "at": 12}, OptionError, "at= is of hazard ratios: leave it out"),
        ("HR", {"baseline": 0.3, "event": BAD}, OptionError, "needs the time of the baseline"),
        ("MD", {"baseline": 0.3, "event": BAD}, OptionError, "a mean difference is not told as people per 1,000"),
        ("RR", {"baseline": ratio(0.8), "event": BAD}, DataError, "a baseline is a pool of proportions of one arm"),
    ],
)
def test_what_is_refused(measure, options, error, message):
    with pytest.raises(error, match=message):
        mo.absolute_effect(ratio(0.8, measure), **options)


def test_the_wider_interval_stands_beside_in_people_too():
    """Effects that are equal: the Hartung-Knapp interval has no width, by hand the common-effect one has."""
    r = mo.pool({"yi": [-0.3] * 4, "vi": [0.01] * 4}, measure="HR")
    a = mo.absolute_effect(r, baseline=0.3, at="12 months", event=BAD)
    low, high = (1000 * (0.3 ** np.exp(-0.3 + z * 1.959964 * 0.05) - 0.3) for z in (1, -1))
    (said,) = [c for c in map(str, a.cautions) if "the difference is" in c]
    assert f"is {low:.0f} more to {high:.0f} more per 1,000" in said
    assert f"({np.ceil(1000 / high):.0f} to {np.ceil(1000 / low):.0f})" in said
    assert f"{low:.0f} more to {high:.0f} more per 1,000" in str(mo.results_text(a))


def test_the_cautions_of_the_baseline_are_said():
    table = {"trial": list("ABC"), "x": [9, 2, 12], "n": [40, 40, 40]}
    control = mo.pool_glmm(table, events="x", n="n", study="trial", measure="PLO")
    a = mo.absolute_effect(ratio(0.8), baseline=control, event=BAD)
    assert {c.text for c in control.cautions} <= {c.text for c in a.cautions if c.of == "the baseline"}


@pytest.mark.parametrize("at", ["", " ", 0, -3, np.nan, np.inf, True])
def test_a_time_that_is_none_is_refused(at):
    with pytest.raises(OptionError, match="is no time"):
        mo.absolute_effect(ratio(0.8, "HR"), baseline=0.3, at=at, event=BAD)


@pytest.mark.parametrize("baseline", [[], {}, ()])
def test_no_baseline_is_refused(baseline):
    with pytest.raises(OptionError, match="baseline= is empty"):
        mo.absolute_effect(ratio(0.8), baseline=baseline, event=BAD)


def test_a_series_names_baselines_as_a_mapping_does():
    shares = {"low": 0.1, "high": 0.3}
    one, other = (mo.absolute_effect(ratio(0.8), baseline=b, event=BAD) for b in (shares, pd.Series(shares)))
    pd.testing.assert_frame_equal(one.table, other.table)


def test_credible_intervals_are_called_so():
    r = mo.pool_bayes({"yi": [-0.3, -0.2], "vi": [0.01, 0.02]}, measure="HR")
    assert "95 % CrI" in str(mo.absolute_effect(r, baseline=0.3, at="12 months", event=BAD))


def test_subgroups_are_told_which_pools_they_hold():
    table = {"yi": [-0.3, -0.2, -0.1, -0.4], "vi": [0.01] * 4, "g": list("aabb")}
    with pytest.raises(DataError, match=r"take the pool of all, .overall, or one of its .groups"):
        mo.absolute_effect(mo.pool_subgroups(table, by="g", measure="RR"), baseline=0.3, event=BAD)


def test_a_seed_that_is_none_is_refused():
    with pytest.raises(OptionError, match="seed='a'"):
        mo.absolute_effect(ratio(0.8), baseline=0.3, event=BAD, seed="a")
