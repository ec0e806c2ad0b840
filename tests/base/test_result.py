"""What every pooled result can do: one matrix over all kinds of results."""

import dataclasses
import json

import numpy as np
import pandas as pd
import polars as pl
import pytest
from reference import r_scripts
from reference.pinned import assert_same_script

import metaonc as mo
from metaonc.base.result import Result

ARMS = {"trial": list("ABCDE"), "x": [5, 9, 0, 14, 7], "n": [20, 31, 12, 40, 19], "by": ["m", "m", "w", "w", "w"]}
TWO = {"trial": list("ABCD"), "a": [3, 5, 1, 9], "na": [30, 31, 28, 40], "c": [6, 7, 4, 10], "nc": [30, 29, 30, 41]}
HAZARDS = {"trial": ["LOGS", "MILO"], "hr": [0.48, 1.21], "lo": [0.36, 0.79], "hi": [0.64, 1.86]}
ONE = {"events": "x", "n": "n", "study": "trial"}


def rates():
    return mo.effect_sizes(pd.DataFrame(ARMS), measure="PLO", events="x", n="n")


KINDS = {
    "pool": lambda **o: mo.pool(rates(), study="trial", **o),
    "pool common effect": lambda **o: mo.pool(rates(), method="CE", ci="wald", **o),
    "pool odds ratios": lambda **o: mo.pool(
        mo.effect_sizes(TWO, measure="OR", events_t="a", n_t="na", events_c="c", n_c="nc"), study="trial", ci="t", **o
    ),
    "pool hazard ratios": lambda **o: mo.pool(
        mo.effect_sizes(HAZARDS, measure="HR", hr="hr", ci_low="lo", ci_high="hi"), study="trial", **o
    ),
    "pool double arcsine": lambda **o: mo.pool(
        mo.effect_sizes(ARMS, measure="PFT", events="x", n="n"), study="trial", ci="wald", **o
    ),
    "pool plain effects": lambda **o: mo.pool({"yi": [0.1, 0.3, -0.2], "vi": [0.1, 0.2, 0.1]}, ci="HKSJ-adhoc", **o),
    "pool one trial": lambda **o: mo.pool({"yi": [0.1], "vi": [0.1]}, **o),
    "pool Henmi-Copas": lambda **o: mo.pool(rates(), method="DL", ci="HC", **o),
    "pool Kenward-Roger": lambda **o: mo.pool(rates(), ci="KR", **o),
    "glmm": lambda **o: mo.pool_glmm(ARMS, **ONE, **o),
    "glmm t": lambda **o: mo.pool_glmm(ARMS, ci="t", **ONE, **o),
    "glmm one trial": lambda **o: mo.pool_glmm({"x": [5], "n": [20]}, events="x", n="n", **o),
    "glmm none responds": lambda **o: mo.pool_glmm({"x": [0, 0], "n": [20, 9]}, events="x", n="n", **o),
    "subgroups": lambda **o: mo.pool_subgroups(rates(), by="by", study="trial", ci="wald", **o),
    "subgroups common tau2": lambda **o: mo.pool_subgroups(
        rates(), by="by", study="trial", ci="wald", common_tau2=True, **o
    ),
    "subgroups glmm": lambda **o: mo.pool_subgroups(ARMS, by="by", using=mo.pool_glmm, **ONE, **o),
}
every = pytest.mark.parametrize("kind", KINDS)
SINGLE = [kind for kind in KINDS if not kind.startswith("subgroups")]
# limits of the natural scale at another level come of the same arithmetic
RTOL = 1e-12


@every
def test_tidy_has_a_row_a_study_and_a_summary(kind):
    r = KINDS[kind]()
    for transform in (False, True):
        table = r.tidy(transform=transform)
        assert isinstance(table, pd.DataFrame)
        assert {"term", "type", "estimate", "ci_low", "ci_high", "weight", "interval"} <= set(table.columns)
        assert ("se" in table.columns) is not transform
        assert set(table["type"]) == {"study", "summary"}
        low, mid, high = (table[c].to_numpy(float) for c in ("ci_low", "estimate", "ci_high"))
        assert ((low <= mid) & (mid <= high) | np.isnan(low) | np.isnan(high)).all()


@pytest.mark.parametrize("kind", SINGLE)
def test_tidy_is_the_result_itself(kind):
    r = KINDS[kind]()
    table = r.tidy()
    assert len(table) == r.k + 1
    assert table["term"].tolist() == [*r.studies.labels, "overall"]
    assert table["weight"].iloc[:-1].sum() == pytest.approx(100)
    last = table.iloc[-1]
    assert (last["estimate"], last["ci_low"], last["ci_high"]) == (r.estimate, r.ci_low, r.ci_high)
    np.testing.assert_array_equal(table["estimate"].iloc[:-1], r.studies.yi)
    natural = r.tidy(transform=True).iloc[-1]
    assert natural["estimate"] == pytest.approx(float(r.natural(r.estimate)))


@pytest.mark.parametrize("kind", ["pool", "glmm", "pool double arcsine"])
def test_single_proportions_have_exact_intervals_on_the_natural_scale(kind):
    rows = KINDS[kind]().tidy(transform=True).iloc[:-1]
    assert rows["interval"].tolist() == ["exact"] * 5
    np.testing.assert_allclose(rows["estimate"], np.array(ARMS["x"]) / np.array(ARMS["n"]), rtol=1e-15)
    assert rows["ci_low"].iloc[2] == 0
    assert rows["ci_high"].iloc[2] == pytest.approx(1 - 0.025 ** (1 / 12))  # 0 of 12, closed form


def test_hazard_ratios_keep_the_interval_that_was_reported():
    r = KINDS["pool hazard ratios"]()
    rows = r.tidy(transform=True).iloc[:-1]
    assert rows[["estimate", "ci_low", "ci_high"]].to_numpy().tolist() == [[0.48, 0.36, 0.64], [1.21, 0.79, 1.86]]
    assert rows["interval"].tolist() == ["reported"] * 2
    other = KINDS["pool hazard ratios"](level=0.9).tidy(transform=True).iloc[:-1]
    assert other["interval"].tolist() == ["wald"] * 2
    assert (other["ci_high"] < rows["ci_high"]).all()


@every
def test_glance_is_one_row_a_pool(kind):
    r = KINDS[kind]()
    table = r.glance()
    assert len(table) == (3 if kind.startswith("subgroups") else 1)
    assert {"k", "tau2", "method", "ci", "level", "measure"} <= set(table.columns)


@every
def test_summary_shows_itself_and_its_notes(kind):
    r = KINDS[kind]()
    text = r.summary()
    assert str(r) == repr(r) == text == repr(text)
    for note in r.provenance.notes + r.provenance.corrected:
        assert note in text
    assert "nan" not in text
    html = r._repr_html_()
    assert html.startswith("<pre>")
    assert html.count("<") == 2  # all else is escaped


@every
def test_to_dict_goes_into_json_and_holds_the_numbers(kind):
    r = KINDS[kind]()
    there = json.loads(json.dumps(r.to_dict(), allow_nan=False))
    one, result = (there["overall"], r.overall) if kind.startswith("subgroups") else (there, r)
    want = result.estimate if np.isfinite(result.estimate) else "-inf"
    assert one["estimate"] == want
    assert one["studies"]["labels"] == list(result.studies.labels)
    assert there["provenance"]["versions"]["metaonc"] == mo.__version__


@pytest.mark.parametrize("kind", SINGLE)
@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_interval_at_another_level_is_that_of_a_refit(kind, level):
    r, refit = KINDS[kind](), KINDS[kind](level=level)
    np.testing.assert_allclose(r.confidence_interval(level), (refit.ci_low, refit.ci_high), rtol=RTOL)
    np.testing.assert_allclose(
        r.confidence_interval(level, transform=True),
        [float(r.natural(x)) for x in (refit.ci_low, refit.ci_high)],
        rtol=RTOL,
    )
    np.testing.assert_allclose(r.confidence_interval(), (r.ci_low, r.ci_high), rtol=RTOL)


@every
def test_results_are_frozen(kind):
    r = KINDS[kind]()
    assert isinstance(r, Result)
    with pytest.raises(dataclasses.FrozenInstanceError):
        r.provenance = None
    if kind in SINGLE:
        with pytest.raises(dataclasses.FrozenInstanceError):
            r.estimate = 0.0
        with pytest.raises(ValueError, match="read-only"):
            r.studies.yi[0] = 0.0


@every
def test_provenance_says_how_it_came_about(kind):
    p = KINDS[kind]().provenance
    assert p.verb.startswith("pool")
    assert p.rows_in == p.rows_used > 0
    assert {"measure", "ci", "level"} <= set(p.settings)
    assert set(p.versions) == {"metaonc", "python", "numpy", "pandas"}


@pytest.mark.parametrize("shape", [pd.DataFrame, pl.DataFrame, dict], ids=["pandas", "polars", "mapping"])
def test_the_table_given_is_never_changed(shape):
    given = shape(ARMS)
    copy = pd.DataFrame(ARMS) if shape is pd.DataFrame else shape(ARMS)
    es = mo.effect_sizes(given, measure="PLO", events="x", n="n")
    mo.pool(es, study="trial")
    mo.pool_glmm(given, **ONE)
    mo.pool_subgroups(given, by="by", using=mo.pool_glmm, **ONE)
    if shape is dict:
        assert given == copy
    else:
        assert given.equals(copy)


def test_a_change_of_the_table_afterwards_does_not_reach_the_result():
    table = rates()
    r = mo.pool(table, study="trial")
    before = r.tidy()
    table.loc[0, ["yi", "vi"]] = 99.0
    table.loc[0, "trial"] = "changed"
    pd.testing.assert_frame_equal(before, r.tidy())
    assert r.studies.data["trial"].tolist() == list("ABCDE")


PINNED = json.loads((r_scripts.HERE / "r_scripts.json").read_text(encoding="utf-8"))
R_RESULTS = r_scripts.results()
# metafor's iterations stop at 1e-12, lme4's optimiser earlier (test_glmm has the exact witness), the integral of its hc
# at a relative 1e-4
R_RTOL = {"glmm": 1e-4, "pool HC": 1e-4}
R_ATOL = {"glmm": 2e-5}


def test_every_script_was_run():
    assert set(PINNED) == set(R_RESULTS)


@pytest.mark.parametrize("name", PINNED)
def test_r_says_the_same_when_it_runs_the_script(name):
    """The script is, to the letter, the one that R ran for the pinned numbers."""
    r = R_RESULTS[name]
    assert_same_script(r.r_code(), PINNED[name]["script"])
    kind = name.removesuffix(" predicted") if name.startswith("pool HC") else r_scripts.kind(name)
    for field, want in PINNED[name]["r"].items():
        got = r.coefficients[field] if field.startswith("ci_") and hasattr(r, "coefficients") else getattr(r, field)
        want = np.array(want if isinstance(want, list) else str(want).replace("NA", "nan"), dtype=float)
        if field in ("tau2", "i2") and np.isnan(got):
            assert want == 0  # of one trial metafor says 0; it is not known
            continue
        np.testing.assert_allclose(
            got, want, rtol=R_RTOL.get(kind, 1e-8), atol=R_ATOL.get(kind, 0.0), equal_nan=True, err_msg=field
        )


@pytest.mark.parametrize("name", PINNED)
def test_every_prediction_interval_is_one_that_r_arrived_at(name):
    r = R_RESULTS[name]
    predicted = np.isfinite(getattr(r, "prediction_low", np.nan))
    if getattr(r, "prediction", None) == "NNF":  # R draws it at random
        assert predicted
        assert "# prediction interval: Nagashima" in r.r_code()
        predicted = False
    assert {"prediction_low", "prediction_high"} <= set(PINNED[name]["r"]) or not predicted
    assert predicted == ("prediction_low" in r.r_code())


@every
def test_scripts_name_their_data_and_calls(kind):
    r = KINDS[kind]()
    script = r.r_code()
    parts = [*r.groups.values(), r.overall] if kind.startswith("subgroups") else [r]
    assert script.count("dat <- data.frame(") == len(parts)
    for part in parts:
        for label in part.studies.labels:
            assert f'"{label}"' in script
    assert script == repr(script)  # it shows itself at the prompt
    assert "nan" not in script
