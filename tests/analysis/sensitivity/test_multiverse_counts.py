"""multiverse of pools of counts: each row is the single call of that pool, and metafor's."""

import numpy as np
import pandas as pd
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.analysis.sensitivity.choices.counts.models import COUNT_MODELS, RARE
from metaonc.errors import DataError, OptionError

R = load("multiverse_counts")
TRIALS = pd.DataFrame(R["trials"])
ARMS = {"events_t": "a", "n_t": "n", "events_c": "b", "n_c": "m", "study": "trial"}
EXCLUDE = {"bias": {"bias": "high"}, "one": ["Birch"]}
NUMBERS = ("estimate", "se", "ci_low", "ci_high", "p_value")
# metafor fits by the optimiser of glmer and by glm, which stop at about 1e-8 of the deviance
RTOL = {"MH": 1e-9, "PETO": 1e-9, "UM.FS": 2e-5, "CM.AL": 2e-5}


def haenszel(data=TRIALS, **options):
    return mo.pool_mantel_haenszel(data, measure="OR", **ARMS, **options)


def multiverse(result=None, **options):
    return mo.sensitivity.multiverse(haenszel() if result is None else result, **options)


def single(measure, method, ci, data, level=0.95):
    """The pool of one call."""
    if method == "MH":
        return mo.pool_mantel_haenszel(data, measure=measure, level=level, **ARMS)
    if method == "PETO":
        return mo.pool_peto(data, level=level, **ARMS)
    if method in COUNT_MODELS:
        return mo.pool_glmm(data, measure=measure, model=method, ci=ci, level=level, **ARMS)
    estimator, to = method.split()
    if to == "none":
        data, to = data[(data["a"] > 0) & (data["b"] > 0)], "only0"
    effects = mo.effect_sizes(data, measure=measure, to=to, **ARMS)
    return mo.pool(effects, study="trial", method=estimator, ci=ci, level=level)


def test_each_row_is_the_single_call_of_that_pool():
    whole = haenszel(level=0.9)
    found = multiverse(
        whole, models="all", measures=["RR"], estimators=["REML", "DL"], corrections="all", exclude={"one": 1}
    )
    assert set(found.choices["method"]) == {
        *("MH", "PETO", "UM.FS", "UM.RS", "CM.EL", "CM.AL"),
        *(f"{method} {to}" for method in ("REML", "DL") for to in ("only0", "all", "none")),
    }
    assert found.not_pooled.empty
    checked = found.table.iloc[::9]
    for row in checked.itertuples():
        part = TRIALS[found.sets[row.set] == 1]
        want = single(row.measure, row.method, row.ci, part, 0.9)
        assert row.k == want.k, row
        for name in NUMBERS:
            np.testing.assert_allclose(getattr(row, name), getattr(want, name), rtol=1e-9, err_msg=f"{row}")
        if not want.model_facts.common_effect:
            np.testing.assert_allclose(row.tau2, want.tau2, rtol=1e-7, atol=1e-9)
    assert set(checked["method"]) == set(found.choices["method"])


def test_r_pools_the_specifications():
    found = multiverse(
        models=["MH", "PETO", "UM.FS", "CM.AL", "IV"], measures=["RR"], corrections="all", intervals=["wald"],
        exclude=EXCLUDE,
    )  # fmt: skip
    table = found.table.set_index(["measure", "method", "bias", "one"]).sort_index()
    sets = {
        "all kept": ("all kept", "all kept"),
        "without bias high": ("without bias high", "all kept"),
        "Birch": ("all kept", "without one"),
    }
    for want in pd.DataFrame(R["grid"]).itertuples():
        measure, method = want.model.split(" ", 1)
        got = table.loc[(measure, method, *sets[want.set])]
        for name in NUMBERS:
            np.testing.assert_allclose(
                got[name], getattr(want, name), rtol=RTOL.get(method, 1e-7), atol=1e-8, err_msg=f"{want}"
            )


@pytest.mark.parametrize(
    "pool",
    [
        haenszel,
        lambda: mo.pool_peto(TRIALS, **ARMS),
        lambda: mo.pool_glmm(TRIALS, measure="OR", model="CM.EL", ci="profile", **ARMS),
        lambda: mo.pool_glmm(TRIALS, measure="PLO", events="a", n="n", study="trial", ci="t", points=15),
        lambda: mo.pool_beta_binomial(TRIALS, events="a", n="n", study="trial", ci="profile"),
    ],
)
def test_the_first_specification_is_the_pool(pool):
    whole = pool()
    found = multiverse(whole)
    first = found.table.iloc[0]
    for name in ("k", "estimate", "se", "ci_low", "ci_high"):
        assert first[name] == pytest.approx(getattr(whole, name), rel=1e-12)
    assert first["ci"] == whole.ci
    assert found.whole is whole


def test_shares_add_up_and_are_those_of_the_means():
    found = multiverse(models=["MH", "IV"], corrections=["only0"], intervals=["wald"], exclude=EXCLUDE)
    shares = found.shares.set_index("choice")
    assert shares["share"].sum() == pytest.approx(1, rel=1e-12)
    e = found["estimate"]
    between = e.groupby(found["method"]).transform("mean").var(ddof=0) / e.var(ddof=0)
    assert shares["alone"]["method"] == pytest.approx(between, rel=1e-9)


def test_models_of_rare_events_are_taken_unasked_where_events_are_rare():
    common = TRIALS.assign(a=TRIALS["a"] * 2, b=TRIALS["b"] * 2)
    rate = (common["a"].sum() + common["b"].sum()) / (common["n"].sum() + common["m"].sum())
    assert rate > RARE
    assert not {"PETO", "CM.AL"} & set(multiverse(haenszel(common)).choices["method"])
    rare = TRIALS.assign(n=TRIALS["n"] * 10, m=TRIALS["m"] * 10)
    assert {"PETO", "CM.AL"} <= set(multiverse(haenszel(rare)).choices["method"])


def test_corrections_that_correct_nothing_count_once():
    full = TRIALS[(TRIALS["a"] > 0) & (TRIALS["b"] > 0)]
    found = multiverse(haenszel(full), models=["IV"], corrections="all", intervals=["wald"])
    assert found.table["method"].tolist() == ["MH", "REML only0", "REML all"]


def test_what_has_no_estimate_is_said():
    sparse = TRIALS.assign(a=[0, 0, 0, 4, 0, 3])
    found = multiverse(haenszel(sparse), models=["UM.FS", "IV"], intervals=["wald"], exclude={"two": ["Elm", "Hazel"]})
    gone = found.not_pooled
    assert gone["method"].tolist() == ["MH", "UM.FS"]
    assert gone["reason"].str.contains("odds ratio is 0").all()
    assert set(gone["two"]) == {"without two"}
    assert "2 of 8 specifications have no estimate" in str(found)
    assert found["estimate"].notna().all()
    ax = mo.plot.specification(found)
    drawn = " ".join(t.get_text() for t in ax.figure.findobj(lambda a: hasattr(a, "get_text"))).replace("\n", " ")
    assert "2 of 8 specifications have no estimate and are not drawn." in drawn
    assert "only0: 1/2 added in trials with an empty cell; all: 1/2 added in all trials." in drawn


def test_the_script_has_what_metafor_has():
    script = str(multiverse(mo.pool_glmm(TRIALS, measure="PLO", events="a", n="n", study="trial")).r_code())
    assert "# models that are not in this script: beta-binomial" in script
    assert "# intervals that are not in this script: t, HKSJ" in script
    assert 'rma.glmm(measure = "PLO", xi = xi, ni = ni' in script


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"models": "MH"}, r"models='MH' must be a list of codes"),
        ({"models": ["GLMM"]}, "models='GLMM' is not an option"),
        ({"models": ["MH"], "corrections": ["all"]}, "corrections: of pools by inverse variance; name 'IV'"),
        ({"corrections": ["if0all"]}, "corrections='if0all' is not an option"),
        ({"intervals": ["HC"]}, "intervals='HC' is not an option"),
        ({"measures": ["RD"]}, "'RD' is not on the scale of 'OR'"),
        ({"measures": ["PETO"]}, "'PETO' is a way to pool the measure OR; name it in models="),
        ({"measures": ["HR"]}, "'HR' is made of other columns than 'OR'"),
        ({"exclude": {"tau2": 1}}, "'tau2' is a column of the table"),
        ({"study": "trial"}, "this pool knows its trials"),
    ],
)
def test_options_that_are_none(options, match):
    with pytest.raises(OptionError, match=match):
        multiverse(**options)


def test_each_model_must_have_an_interval():
    with pytest.raises(OptionError, match=r"'MH' has none of \['t', 'HKSJ'\]; add one of \['wald'\], or leave it out"):
        multiverse(mo.pool_glmm(TRIALS, measure="OR", ci="t", **ARMS), intervals=["HKSJ"])


def test_other_errors():
    with pytest.raises(DataError, match="one trial leaves nothing to choose"):
        multiverse(haenszel(TRIALS.head(1)))
    none = TRIALS.assign(a=0)
    with pytest.raises(OptionError, match="all patients respond, or none does"):
        multiverse(mo.pool_glmm(none, measure="PLO", events="a", n="n", study="trial"))
    effects = mo.effect_sizes(TRIALS, measure="OR", **ARMS)
    with pytest.raises(OptionError, match="models: it is of pools of counts, which pool_mantel_haenszel"):
        multiverse(mo.pool(effects, study="trial"), models=["MH"])


def test_cuts_and_assessors_of_a_table_of_counts():
    rows = pd.concat([TRIALS.assign(cut="2022"), TRIALS.assign(cut="2024", a=TRIALS["a"] + 1, b=TRIALS["b"] + 3)])
    effects = mo.effect_sizes(rows, measure="OR", **ARMS)
    found = mo.sensitivity.multiverse(
        effects, study="trial", cuts="cut", models=["MH", "UM.FS", "IV"], corrections=["only0"], intervals=["wald"]
    )
    assert found.whole.method == "MH"
    assert found["k"].tolist() == [6] * 6
    for row in found.table.itertuples():
        part = rows[rows["cut"] == {"newest cut": "2024", "oldest cut": "2022"}[row.cut]]
        want = single("OR", row.method, "wald", part)
        for name in NUMBERS:
            np.testing.assert_allclose(getattr(row, name), getattr(want, name), rtol=1e-9)
    first = found.table.iloc[0]
    assert (first["method"], first["cut"]) == ("MH", "newest cut")
    assert first["estimate"] == pytest.approx(found.whole.estimate, rel=1e-12)


def test_a_table_of_effects_leaves_out_what_says_nothing_of_a_ratio():
    silent = pd.concat([TRIALS, pd.DataFrame([{"trial": "Oak", "a": 0, "n": 30, "b": 0, "m": 31}])])
    effects = mo.effect_sizes(silent, measure="OR", **ARMS)
    found = mo.sensitivity.multiverse(effects, study="trial", models=["MH"], intervals=["wald"])
    assert found.whole.estimate == pytest.approx(haenszel().estimate, rel=1e-12)
    assert found.provenance.dropped == ("trial 'Oak' (row 6): it says nothing of the ratio",)
    with pytest.raises(OptionError, match=r"none takes counts of the measure 'OR'; name one of \['MH', 'PETO'"):
        mo.sensitivity.multiverse(effects, study="trial", models=["IV"])
    hr = {"trial": list("AB"), "yi": [-0.5, -0.3], "vi": [0.04, 0.03]}
    with pytest.raises(OptionError, match="nor does any other; leave out models="):
        mo.sensitivity.multiverse(hr, study="trial", models=["MH"])
