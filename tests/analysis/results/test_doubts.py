"""What leaves effects in doubt as they entered stands with every pool of them."""

import warnings

import pytest

import metaonc as mo
from metaonc.base.digits import plain

ROLES = {"hr": "hr", "ci_low": "lo", "ci_high": "hi"}
INVERTED = {"trial": list("ABC"), "hr": [1.61, 0.7, 0.65], "lo": [1.25, 0.5, 0.45], "hi": [2.08, 0.98, 0.94],
            "mt": [20.0, 12.0, 11.0], "mc": [9.0, 8.0, 8.0], "et": [100, 60, 50], "ec": [120, 70, 50],
            "group": list("xyy"), "age": [50.0, 60.0, 70.0]}  # fmt: skip
IN_PERCENT = {"trial": list("ABC"), "hr": [62.0, 71.0, 80.0], "lo": [50.0, 60.0, 70.0], "hi": [77.0, 84.0, 91.0],
              "group": list("xyy"), "age": [50.0, 60.0, 70.0]}  # fmt: skip
DOORS = {
    "pool": mo.pool,
    "pool_bayes": mo.pool_bayes,
    "pool_subgroups": lambda es: mo.pool_subgroups(es, by="group"),
    "pool_multilevel": lambda es: mo.pool_multilevel(es, levels=["trial"]),
    "regress": lambda es: mo.regress(es, "~ age"),
    "leave_one_out": lambda es: mo.sensitivity.leave_one_out(mo.pool(es)),
    "pool_multivariate": lambda es: mo.pool_multivariate(
        {**es, "y2": es["yi"], "c": [0.0] * len(es)}, yi=["yi", "y2"], cov=[["vi", "c"], ["c", "vi"]], study="trial",
        measure="HR", method="CE"),
}  # fmt: skip


def effects(table, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.DataWarning)  # what they say is asked of the pools
        return mo.effect_sizes(table, measure="HR", study="trial", **ROLES, **more)


def texts(result):
    return [caution.text for caution in result.cautions]


@pytest.mark.parametrize("door", [name for name in DOORS if name != "pool_multivariate"])
def test_a_ratio_that_is_not_as_by_other_numbers_is_a_caution(door):
    es = effects(INVERTED, median_t="mt", median_c="mc", events_t="et", events_c="ec")
    want = "the reported hazard ratio of trial A is not as by medians and events, constant hazards"
    result = DOORS[door](es)
    assert want in texts(result)
    assert want in str(result)


def test_it_stands_in_the_report(tmp_path):
    pool = mo.pool(effects(INVERTED, median_t="mt", median_c="mc", events_t="et", events_c="ec"))
    assert "not as by medians and events" in str(mo.results_text(pool))


@pytest.mark.parametrize("door", DOORS)
def test_ratios_in_percent_are_a_caution(door):
    want = "the hazard ratio of trials A, B, C is of a size that hardly any trial has; one in percent is"
    assert any(text.startswith(want) for text in texts(DOORS[door](effects(IN_PERCENT))))


def test_a_wide_interval_says_that_little_is_known():
    assert not [t for t in texts(mo.pool(effects({"trial": list("AB"), "hr": [12.0, 0.8], "lo": [0.9, 0.5],
                                                  "hi": [160.0, 1.3]}))) if "size" in t]  # fmt: skip


def test_one_ratio_far_off_all_others_is_a_caution():
    table = {"trial": list("ABC"), "hr": [0.62, 0.71, 8.0], "lo": [0.5, 0.6, 7.0], "hi": [0.77, 0.84, 9.1]}
    want = ("the hazard ratio of trial C is several times that of every other trial: it may be of the other arm, or a "
            "slip")  # fmt: skip
    assert want in texts(mo.pool(effects(table)))
    two = {name: column[1:] for name, column in table.items()}
    assert want not in texts(mo.pool(effects(two)))  # one other trial does not tell which is off


@pytest.mark.parametrize(("median", "said"), [(365.0, "several times"), (1.0, "a small part of"), (40.0, None)])
def test_medians_in_another_unit_are_a_caution(median, said):
    table = {"trial": list("ABC"), "m": [12.1, median, 11.0], "lo": [10.0, 0.8 * median, 9.0],
             "hi": [15.0, 1.2 * median, 14.0]}  # fmt: skip
    pool = mo.survival.pool_medians(table, study="trial", median="m", ci_low="lo", ci_high="hi")
    found = [text for text in texts(pool) if "unit" in text]
    want = f"the median time of trial B is {said} that of every other trial: its unit may be another"
    assert found == ([want] if said else [])


def test_a_median_in_days_beside_one_in_months_is_a_caution():
    arms = {"mt": [340.0, 12.0], "lt": [300.0, 10.0], "ht": [400.0, 14.0], "mc": [9.0, 8.0], "lc": [7.0, 6.0],
            "hc": [11.0, 10.0]}  # fmt: skip
    roles = {"median_t": "mt", "ci_low_t": "lt", "ci_high_t": "ht", "median_c": "mc", "ci_low_c": "lc",
             "ci_high_c": "hc"}  # fmt: skip
    pool = mo.survival.pool_medians({"trial": ["A", "B"], **arms}, study="trial", **roles)
    assert "the ratio of medians of trial A is of a size that hardly any trial has" in texts(pool)
    es = mo.effect_sizes({"trial": ["A", "B"], **arms}, measure="HR", study="trial", **roles)
    assert any("hazard ratio of trial A is of a size" in text for text in texts(mo.pool(es)))


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
def test_where_no_trial_has_an_event_the_effect_is_what_was_added(measure):
    arms = {"a": [0, 0, 0, 0], "n": [20, 30, 40, 50], "b": [0, 0, 0, 0], "m": [21, 30, 41, 50]}
    columns = {"events_t": "a", "n_t": "n", "events_c": "b", "n_c": "m"}

    def said(table):
        return [t for t in texts(mo.pool(mo.effect_sizes(table, measure=measure, **columns))) if "no event" in t or
                "no trial" in t]  # fmt: skip

    natural = mo.MEASURES[measure].natural
    alone = f"the {natural} is that of the continuity correction alone"
    assert said(arms) == [f"no trial has an event in either arm: {alone}"]
    assert said(arms | {"a": [4, 0, 0, 0]}) == [f"3 of 4 trials have no event in either arm: of these {alone}"]
    assert said(arms | {"a": [4, 3, 0, 0]}) == []


def test_a_proportion_without_any_event_is_what_was_added():
    es = mo.effect_sizes({"a": [0, 0, 0], "n": [20, 30, 40]}, measure="PLO", events="a", n="n")
    assert "no trial has an event: the proportion is that of the continuity correction alone" in texts(mo.pool(es))


def test_logits_of_percentages_are_a_caution():
    pool = mo.pool({"yi": [36.8, 33.3, 36.1], "vi": [60.0, 80.0, 40.0]}, measure="PLO")
    assert "the proportion of trials 1, 2, 3 is of a size that hardly any trial has" in texts(pool)


def two_arms(a, n1, b, n2):
    return {"trial": list("ABCD"), "a": a, "n1": n1, "b": b, "n2": n2}


UNLIKE = two_arms([3, 5, 8, 2], [600, 500, 800, 520], [7, 9, 15, 6], [58, 47, 82, 50])
LARGE = two_arms([2, 1, 3, 2], [100, 90, 110, 95], [25, 20, 30, 24], [100, 92, 108, 96])
RARE = two_arms([3, 2, 0, 4], [200, 190, 210, 205], [4, 3, 1, 4], [201, 188, 212, 204])
COLUMNS = {"events_t": "a", "n_t": "n1", "events_c": "b", "n_c": "n2", "study": "trial"}


@pytest.mark.parametrize("by", [mo.pool_peto, lambda t, **of: mo.pool(mo.effect_sizes(t, measure="PETO", **of))])
@pytest.mark.parametrize(("table", "said"), [(UNLIKE, True), (LARGE, True), (RARE, False)])
def test_petos_odds_ratio_is_a_caution_where_that_of_mantel_and_haenszel_is_another(by, table, said):
    found = [text for text in texts(by(table, **COLUMNS)) if text.startswith("Peto's odds ratio is biased")]
    assert len(found) == said
    if said:
        beside = mo.pool_mantel_haenszel(table, measure="OR", **COLUMNS)
        assert f"Mantel and Haenszel is {plain(beside.natural(beside.estimate))}" in found[0]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("KEYNOTE-001", "Keynote 001", "RAMP 201"), True),
        (("Smith 2010", "Smith 2011", "Smith 201"), False),
        (("Trial 1.1", "Trial 11", "1-1"), False),
    ],
)
def test_trials_that_are_named_alike_are_a_caution(names, said):
    found = texts(mo.pool({"trial": list(names), "yi": [0.1, 0.2, 0.3], "vi": [0.1, 0.1, 0.2]}, study="trial"))
    want = f"{names[0]!r} and {names[1]!r} are taken as two trials, and may be one"
    assert (want in found) == said
