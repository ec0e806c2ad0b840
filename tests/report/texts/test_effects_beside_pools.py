"""What is said of effects that are not what the pool is made of, of rows, and of covariances."""

import warnings

import pandas as pd
import pytest

import metaonc as mo

ARMS = pd.DataFrame(
    {
        "trial": ["S1", "S2", "S3", "S4", "S5", "S6"],
        "n": [45, 120, 60, 200, 33, 310],
        "n_comparator": [47, 118, 62, 198, 35, 305],
        "events": [0, 1, 0, 2, 0, 4],
        "events_comparator": [3, 0, 0, 7, 1, 6],
    }
)
ROLES = {"events_t": "events", "n_t": "n", "events_c": "events_comparator", "n_c": "n_comparator", "study": "trial"}
HALVED = "effect shown of S1, S2 and S5 has 1/2 added to each cell"


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
def test_what_is_added_to_effects_shown_is_said_beside_them(measure):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.DataWarning)  # a ratio says nothing of S3
        r = mo.pool_mantel_haenszel(ARMS, measure=measure, **ROLES)
    texts = [str(r), str(mo.results_text(r)), str(mo.table(r))]
    texts.append(" ".join(note.figure for note in mo.plot.forest_rows(r).notes))
    for text in texts:
        assert HALVED in text
        assert ("o effect is shown of S3" in text) == (measure == "RD")


def test_participants_are_those_that_rows_of_hazard_ratios_name():
    rows = ARMS.assign(hr=0.7, hr_low=0.5, hr_high=0.98)
    es = mo.effect_sizes(rows, measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high", study="trial")
    judged = mo.certainty(mo.pool(es), outcome="PFS", design="randomised")
    total = int((ARMS["n"] + ARMS["n_comparator"]).sum())
    assert f"{total:,} (6 randomised trials)" in str(mo.summary_of_findings([judged]))


def test_degrees_of_freedom_by_rows_are_said_to_be_so():
    rows = {"trial": [*"AABBCCD"], "yi": [-0.4, -0.1, -0.2, 0.1, -0.5, -0.3, 0.2], "vi": [0.04] * 7}
    rows["cohort"] = [*"1212121"]
    r = mo.pool_multilevel(rows, levels=["trial", "cohort"], measure="HR", ci="t")
    assert "(t with k − 1 degrees of freedom, k being the 7 rows of 4 trials)" in str(mo.methods_text(r))
    assert "degrees of freedom, k counting rows" in str(mo.table(r)).replace("\u00a0", " ")
    one = mo.pool({"yi": rows["yi"], "vi": rows["vi"]}, measure="HR")
    assert "rows" not in str(mo.methods_text(one)).split("Prediction")[1].split("new trial")[1].split(".")[0]


def test_correlations_within_trials_are_in_the_methods_and_one_at_the_edge_in_the_results():
    """Eight trials of two outcomes whose sampling errors are taken to be correlated by 0.6."""
    v = [[0.04, 0.03], [0.05, 0.02], [0.03, 0.03], [0.06, 0.05], [0.02, 0.02], [0.04, 0.05], [0.03, 0.04], [0.05, 0.03]]
    w = pd.DataFrame(v, columns=["v1", "v2"])
    w["y1"] = [-0.9, -0.1, -0.6, 0.3, -0.4, -0.8, 0.2, -0.5]
    w["y2"] = 0.8 * w["y1"] + 0.05
    w["c"] = 0.6 * (w["v1"] * w["v2"]) ** 0.5
    w["trial"] = [f"T{i}" for i in range(8)]
    r = mo.pool_multivariate(w, yi=["y1", "y2"], cov=[["v1", "c"], ["c", "v2"]], study="trial", measure="HR")
    assert r.boundary
    assert "those of correlations within trials of 0.60 (Y1 and Y2)." in str(mo.methods_text(r))
    assert "a correlation of 1 is the edge of what is possible, not evidence" in str(mo.results_text(r))
    alone = mo.pool_multivariate(
        w.assign(c=0.0), yi=["y1", "y2"], cov=[["v1", "c"], ["c", "v2"]], study="trial", measure="HR"
    )
    assert "within trials of 0.00 (Y1 and Y2)" in str(mo.methods_text(alone))


def test_ratios_that_are_no_longer_as_they_were_read_are_named():
    figures = ["0.70 (0.50-0.98)", "1.39 (1.04-1.86)", "0.8 (0.6-1.1)"]
    rows = {"Trial": ["Ash", "Birch", "Cedar"], "PFS HR (95% CI)": figures}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.DataWarning)
        read = mo.read_trials(rows)
    roles = {"measure": "HR", "hr": "hr", "ci_low": "hr_low", "ci_high": "hr_high", "study": "trial"}
    assert "changed" not in str(mo.methods_text(mo.pool(mo.effect_sizes(read, **roles))))
    inverted, level = read.copy(), read.copy()
    inverted.loc[1, ["hr", "hr_low", "hr_high"]] = [1 / 1.39, 1 / 1.86, 1 / 1.04]
    level.loc[2, "hr_level"] = 0.9
    blank = read.astype({"hr_level": object})  # which the effect does not need
    blank.loc[0, "hr_level"] = None
    for table, who in ((inverted, "Birch"), (level, "Cedar"), (blank, "Ash")):
        said = str(mo.methods_text(mo.pool(mo.effect_sizes(table, **roles))))
        assert f"Figures of {who} were changed after they were read." in said
