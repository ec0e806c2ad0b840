"""certainty: what each rule suggests of pools made for it, sizes of one trial against R, and what is stated."""

import numpy as np
import pandas as pd
import pytest
from reference.pinned import load
from result_kinds import odds_ratios, rates

import metaonc as mo
from metaonc.analysis.certainty.information import events_needed, patients_needed
from metaonc.errors import DataError, DataWarning, OptionError

R = load("certainty")
TRIALS = pd.DataFrame(R["trials"])


def pool(yi, vi, measure="HR", **options):
    table = {"trial": [f"T{i}" for i in range(len(yi))], "yi": yi, "vi": vi}
    return mo.pool(table, study="trial", measure=measure, **options)


def judged(words):
    columns = {"D1": words, **{f"D{i}": ["Low"] * len(words) for i in range(2, 6)}, "Overall": words}
    return mo.read_risk_of_bias({"Study": [f"T{i}" for i in range(len(words))], **columns}, tool="RoB 2")


def row(result, domain, design="randomised", **options):
    c = mo.certainty(result, design=design, **options)
    return c.table.set_index("domain").loc[domain]


EVEN = pool([-0.4, -0.3, -0.35, -0.45], [0.004] * 4)
APART = pool([-0.9, -0.1, -0.5, -0.4, -0.7, -0.05, -0.6], [0.004] * 7)


def test_sizes_of_one_trial_are_those_of_r():
    pairs = [(0.3, 0.225, 0.8), (0.5, 0.75, 0.9), (0.1, 0.12, 0.8)]
    np.testing.assert_allclose([patients_needed(a, b, 0.95, p) for a, b, p in pairs], R["patients"], rtol=1e-6)
    np.testing.assert_allclose([events_needed(np.log(x), 0.95, 0.8) for x in (0.7, 0.8, 1.5)], R["events"], rtol=1e-12)


def test_risk_of_bias_goes_by_the_weight_at_high_risk():
    level = {
        n: row(EVEN, "risk of bias", risk_of_bias=judged(["High"] * n + ["Low"] * (4 - n)))["levels"] for n in range(5)
    }
    assert level == {0: 0, 1: 0, 2: -1, 3: -1, 4: -1}
    unknown = row(EVEN, "risk of bias", risk_of_bias=judged(["Low", "Low", "Low", ""]))
    assert unknown["source"] == "not judged"
    assert "25 % not judged" in unknown["figure"]
    # a quarter of the weight is a reason only where the conclusion rests on it
    tipped = pool([-0.1, -0.05, -0.1, -0.9], [0.01] * 4, method="CE", ci="wald")
    found = row(tipped, "risk of bias", risk_of_bias=judged(["Low", "Low", "Low", "High"]))
    assert found["levels"] == -1
    assert "leads to another conclusion" in found["reason"]


def test_inconsistency_goes_by_the_prediction_interval_and_never_by_i2():
    assert row(EVEN, "inconsistency")["levels"] == 0
    found = row(APART, "inconsistency")
    assert APART.ci_high < 0 < APART.prediction_high
    assert found["levels"] == -1
    assert f"I² {APART.i2:.0f} %, which describes and decides nothing" in found["figure"]
    wide = row(APART, "inconsistency", minimal_difference=0.999)  # the interval reaches beyond both bounds
    assert wide["levels"] == -2
    common = pool([-0.4, -0.3, -0.35], [0.01] * 3, method="CE", ci="wald")
    assert "common effect has no prediction interval" in row(common, "inconsistency")["reason"]
    assert np.isnan(row(pool([-0.4, -0.3], [0.01] * 2), "inconsistency")["levels"])


def test_imprecision_goes_by_bounds_and_then_by_the_information_size():
    assert row(EVEN, "imprecision")["source"] == "not judged"  # without a minimal difference no size is known
    enough = row(EVEN, "imprecision", minimal_difference=0.8)
    assert enough["levels"] == 0
    assert (
        f"4000 events (told from the variances, 4/v, of arms of one size), {np.ceil(R['events'][1]):.0f} needed"
        in enough["figure"]
    )
    few = pool([-0.8, -0.7, -0.75], [0.02] * 3)
    assert row(few, "imprecision", minimal_difference=0.8)["levels"] == -1
    assert "less than the optimal information size" in row(few, "imprecision", minimal_difference=0.8)["reason"]
    across = pool([-0.5, 0.1, -0.2], [0.05] * 3)
    assert row(across, "imprecision")["levels"] == -1
    both = row(across, "imprecision", minimal_difference=0.9)
    assert both["levels"] == -2
    assert "0.9 and 1.111" in both["reason"]


def test_effects_that_agree_by_chance_make_no_evidence_precise():
    equal = pool([-0.2, -0.21, -0.19], [0.03] * 3)  # Hartung-Knapp: 0.80 to 0.84; by the variances 0.67 to 1.00
    assert np.log(0.75) < equal.ci_low
    found = row(equal, "imprecision", minimal_difference=0.75)
    assert found["levels"] == -1
    assert "the wider common-effect interval, 95 % CI 0.673 to 0.996, is taken" in found["figure"]


def test_imprecision_of_counts_takes_the_risk_of_control_arms():
    counts = {"trial": list("ABC"), "x": [40, 50, 60], "n": [200, 250, 300], "y": [70, 90, 110], "m": [200, 250, 300]}
    r = mo.pool(mo.effect_sizes(counts, measure="RR", events_t="x", n_t="n", events_c="y", n_c="m", study="trial"),
                study="trial")  # fmt: skip
    found = row(r, "imprecision", minimal_difference=0.8)
    want = np.ceil(patients_needed(270 / 750, 0.8 * 270 / 750, 0.95, 0.8))
    assert f"1500 patients (baseline risk 36 %, that of all control arms), {want:.0f} needed" in found["figure"]
    assert found["levels"] == 0
    stated = row(r, "imprecision", minimal_difference=0.8, baseline_risk=0.05)
    assert stated["levels"] == -1


def test_one_arm_is_compared_with_what_is_stated():
    assert row(rates(), "imprecision", "single-arm")["source"] == "not judged"
    assert row(rates(), "imprecision", "single-arm", threshold=0.2)["levels"] == 0
    assert row(rates(), "imprecision", "single-arm", threshold=0.3)["levels"] == -1
    assert row(rates(), "imprecision", "single-arm", precision=10)["levels"] == 0
    assert row(rates(), "imprecision", "single-arm", precision=5)["levels"] == -1


def test_small_study_effects_are_asked_of_ten_trials_or_more_only():
    assert "fewer than 10 trials" in row(EVEN, "publication bias")["reason"]
    v = np.linspace(0.01, 0.3, 12)
    skewed = pool(-0.2 - 1.5 * np.sqrt(v) + 0.05 * np.cos(np.arange(12)), v)
    assert row(skewed, "publication bias")["levels"] == -1
    even = pool(-0.2 + 0.3 * np.sqrt(v) * np.array([1, -1] * 6), v)
    assert row(even, "publication bias")["levels"] == 0
    assert "no proof" in row(even, "publication bias")["reason"]


def test_large_effects_rate_up_what_is_not_randomised():
    large = pool([-1.0, -0.9, -0.95], [0.01] * 3)
    assert row(large, "large effect", "non-randomised")["levels"] == 1
    huge = pool([-1.9, -1.8, -1.85], [0.01] * 3)
    assert row(huge, "large effect", "non-randomised")["levels"] == 2
    assert row(EVEN, "large effect", "non-randomised")["levels"] == 0
    assert "large effect" not in mo.certainty(large, design="randomised").table["domain"].tolist()


def test_what_is_not_known_is_not_judged_until_it_is_stated():
    c = mo.certainty(EVEN, design="randomised", minimal_difference=0.8)
    assert c.not_judged == ["risk of bias", "indirectness", "publication bias"]
    assert c.overall == "high"
    assert "what is not judged (risk of bias, indirectness, publication bias) changes nothing" in c.overall_said
    stated = mo.certainty(EVEN, design="randomised", minimal_difference=0.8, risk_of_bias="not serious",
                          indirectness=("very serious", "another disease."), publication_bias="serious")  # fmt: skip
    assert stated.not_judged == []
    assert (stated.overall, stated.signs) == ("very low", "⊕◯◯◯")
    assert stated.table.set_index("domain").loc["indirectness", "reason"] == "another disease"


def test_pools_of_several_levels_and_of_one_trial_are_asked_alike():
    twice = TRIALS.assign(trial=list("ABCDABCD"), part=list("aaaabbbb"), measure="HR")
    several = mo.pool_multilevel(twice, levels=["trial", "part"])
    assert mo.certainty(several, design="randomised").table["levels"].notna().sum() >= 1
    one = pool([-0.4], [0.004])
    assert "1 trial\n" in str(mo.certainty(one, design="randomised"))


def test_where_certainty_starts():
    assert mo.certainty(EVEN, design="randomised").start == "high"
    assert mo.certainty(EVEN, design="non-randomised").start == "low"
    assert mo.certainty(rates(), design="single-arm", threshold=0.2).start == "low"
    columns = {f"D{i}": ["Moderate"] * 4 for i in range(1, 8)}
    rob = mo.read_risk_of_bias({"Study": [f"T{i}" for i in range(4)], **columns, "Overall": ["Moderate"] * 4},
                               tool="ROBINS-I")  # fmt: skip
    assert mo.certainty(EVEN, design="non-randomised", risk_of_bias=rob).start == "high"


@pytest.mark.parametrize(
    ("result", "options", "message"),
    [
        (EVEN, {"design": "trial"}, "design='trial' is not an option"),
        (EVEN, {"design": "single-arm"}, "does not fit a hazard ratio, which is of two arms"),
        (
            EVEN,
            {"design": "randomised", "indirectness": "bad"},
            "state one of 'not serious', 'serious', 'very serious'",
        ),
        (EVEN, {"design": "randomised", "dose_response": "yes"}, "rates up comparisons that are not randomised"),
        (EVEN, {"design": "randomised", "minimal_difference": 1}, "give a ratio above 0 other than 1"),
        (EVEN, {"design": "randomised", "threshold": 0.2}, "threshold= is of one arm; of two arms"),
        (EVEN, {"design": "randomised", "precision": 5}, "precision= is of one arm; of two arms"),
        (EVEN, {"design": "randomised", "power": 80}, "power=80 must be a number between 0.5 and 1"),
        (EVEN, {"design": "randomised", "start": "medium"}, "start='medium' is not an option"),
    ],
)
def test_what_is_refused(result, options, message):
    with pytest.raises(OptionError, match=message):
        mo.certainty(result, **options)


def test_the_summary_of_findings_tells_effects_people_and_reasons():
    c = mo.certainty(EVEN, design="randomised", minimal_difference=0.8, indirectness=("serious", "younger patients"))
    a = mo.absolute_effect(EVEN, baseline={"low": 0.8, "high": 0.4}, at="1 year", event="unfavourable", name="death")
    c2 = mo.certainty(odds_ratios(), design="randomised", outcome="Response")
    table = mo.summary_of_findings({"Survival": (c, a), "Response": c2})
    assert [one[0] for one in table.rows] == ["Survival: people without death at 1 year", "", "Response"]
    assert table.rows[0][2].startswith("HR 0.69 (95% CI 0.")
    assert table.rows[1][3] == "400 (high)"
    assert table.rows[2][1] == "212 (4 randomised trials)"
    assert table.rows[0][6].startswith("⊕⊕⊕◯ Moderate (")
    assert "b Indirectness, rate down by one level: younger patients." in table.footnotes
    assert any(note.startswith("Survival: NNTB") for note in table.footnotes)
    assert table.data["certainty"].tolist() == ["moderate", "moderate", c2.overall]


def test_a_width_in_percentage_points_is_of_shares_alone():
    """A median of 0.8 years has no percentage points; its width was once compared with them."""
    with pytest.raises(OptionError, match="in percentage points, which a median time has none of"):
        mo.certainty(pool([2.0, 2.2, 2.1], [0.01] * 3, "MEDLN"), design="single-arm", precision=10)


@pytest.mark.parametrize("minimal", [5, -1, 1.5])
def test_percentage_points_are_no_risk_difference(minimal):
    with pytest.raises(OptionError, match="a risk difference is between -1 and 1: of"):
        mo.certainty(pool([-0.1, -0.2], [0.01] * 2, "RD"), design="randomised", minimal_difference=minimal)


def test_a_threshold_is_called_by_its_name():
    with pytest.raises(OptionError, match=r"threshold=20 is no proportion.*write threshold=0.2"):
        mo.certainty(rates(), design="single-arm", threshold=20)


def test_most_weight_at_high_risk_counts_though_other_trials_are_not_judged():
    found = row(EVEN, "risk of bias", risk_of_bias=judged(["High", "High", "", "Low"]))
    assert (found["levels"], found["source"]) == (-1, "suggested")


def test_rating_up_what_is_limited_otherwise_is_cautioned():
    large = pool([-2.0, -2.1, -1.9, -2.0], [0.004] * 4)
    stated = dict.fromkeys(("risk_of_bias", "indirectness", "publication_bias", "inconsistency", "imprecision"),
                           "not serious")  # fmt: skip

    def said(**options):
        c = mo.certainty(large, design="non-randomised", **stated | options)
        return any("rated up here though" in text for text in map(str, c.cautions))

    assert [said(), said(indirectness="serious"), said(risk_of_bias=None)] == [False, True, True]


def test_credible_intervals_are_called_so():
    r = mo.pool_bayes({"yi": [-0.3, -0.2, -0.4], "vi": [0.01, 0.02, 0.01]}, measure="HR")
    said = str(mo.certainty(r, design="randomised", minimal_difference=0.8))
    assert "95 % CrI" in said
    assert "confidence" not in said
    assert "95 % CI" not in said


def test_notes_of_the_pool_go_along_and_labels_of_judgements_follow_the_rule_of_labels():
    t = {"trial": ["Ash", "Beech", "Beech ", "Cork-1"], "yi": [-0.5, -0.3, -0.4, -0.2], "vi": [0.01, 0.02, 0.015, 0.02]}
    with pytest.warns(DataWarning, match="is taken as"):
        r = mo.pool(t, study="trial", measure="HR")
    assert any("is taken as 'Beech'" in note for note in r.provenance.notes)
    judged = {
        "Study": ["Ash", "Beech", "Cork\u20101"],
        **{f"D{i}": ["Low"] * 3 for i in range(1, 6)},
        "Overall": ["Low"] * 3,
    }
    rob = mo.read_risk_of_bias(judged, tool="RoB 2")
    with pytest.warns(DataWarning, match="of the judgements is taken as 'Cork-1'"):
        c = mo.certainty(r, design="randomised", risk_of_bias=rob)
    a = mo.absolute_effect(r, baseline=0.5, at="1 year", event="unfavourable")
    for whole in (c, a):
        assert set(r.provenance.notes) <= set(whole.provenance.notes)
        assert "is taken as 'Beech'" in str(whole)
    assert "is taken as 'Cork-1'" in str(c)
    with pytest.warns(DataWarning):
        assert "is taken as 'Cork-1'" in str(mo.sensitivity.risk_of_bias(r, rob))
    cased = mo.read_risk_of_bias({**judged, "Study": ["Ash", "BEECH", "Cork-1"]}, tool="RoB 2")
    for verb in (
        lambda: mo.certainty(r, design="randomised", risk_of_bias=cased),
        lambda: mo.plot.forest(r, risk_of_bias=cased),
        lambda: mo.plot.risk_of_bias(cased, r),
        lambda: mo.plot.risk_of_bias_summary(cased, r),
    ):
        with pytest.raises(
            DataError, match=r"'Beech' \(the result\) and 'BEECH' \(the judgements\) differ only by case"
        ):
            verb()
    with pytest.raises(DataError, match=r"'Ash' .*and 'ASH' .*differ only by case"):
        mo.read_risk_of_bias({**judged, "Study": ["Ash", "ASH", "Cork-1"]}, tool="RoB 2")
