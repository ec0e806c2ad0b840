"""Interaction within trials."""

import json

import numpy as np
import pandas as pd
import pytest

import metaonc as mo

# Tocilizumab in COVID-19 by use of corticosteroids: log odds ratios of death by trial and subgroup, from the counts in
# Shankar-Hari et al. (JAMA 2021;326:499), the example of Godolphin et al. (2023). Subgroup 1: with corticosteroids.
TRIALS = """
ARCHITECTS 1 2 11 0 9
BACC-Bay 0 4 81 9 158
CORIMUNO-TOCI-1 0 5 55 6 53
CORIMUNO-TOCI-1 1 3 12 1 10
CORIMUNO-TOCI-ICU 0 8 39 4 41
CORIMUNO-TOCI-ICU 1 2 4 4 8
COV-AID 0 4 30 3 33
COV-AID 1 3 42 6 48
COVACTA 0 16 103 44 238
COVACTA 1 12 41 14 56
COVIDOSE2-SS-A 0 1 6 0 13
COVIDOSE2-SS-A 1 1 2 0 6
EMPACTA 0 0 16 2 49
EMPACTA 1 11 112 24 200
HMO-020-0224 0 0 2 1 6
HMO-020-0224 1 8 15 10 31
ImmCoVA 1 2 26 2 21
PreToVid 0 2 11 1 11
PreToVid 1 32 167 20 159
RECOVERY 0 127 367 139 357
RECOVERY 1 600 1721 482 1664
REMAP-CAP 0 41 129 30 127
REMAP-CAP 1 73 217 53 214
REMDACTA 0 2 29 9 72
REMDACTA 1 39 181 69 358
TOCIBRAS 0 1 30 6 34
TOCIBRAS 1 5 34 8 31
"""


@pytest.fixture
def tocilizumab():
    rows = [line.split() for line in TRIALS.strip().splitlines()]
    table = pd.DataFrame(rows, columns=["trial", "steroid", "ec", "nc", "et", "nt"]).astype(
        dict.fromkeys(["ec", "nc", "et", "nt"], int)
    )
    return mo.effect_sizes(table, measure="OR", events_t="et", n_t="nt", events_c="ec", n_c="nc", study="trial")


def fit(table, **options):
    return mo.interaction(table, study="trial", by="steroid", contrast=("1", "0"), method="CE", ci="wald", **options)


def test_two_levels_need_no_contrast(tocilizumab):
    """The first in the order of R's factor, and of regress, is the reference, and the result says so."""
    named, found = fit(tocilizumab), mo.interaction(tocilizumab, by="steroid", method="CE", ci="wald")
    assert (found.contrast, found.estimate, found.ci_low) == (("1", "0"), named.estimate, named.ci_low)
    assert "0, the first in sorted order, is the reference; no contrast was named." in found.provenance.notes
    assert not any("contrast" in note for note in named.provenance.notes)
    turned = tocilizumab.assign(steroid=pd.Categorical(tocilizumab["steroid"], ["1", "0", "unknown"]))
    assert mo.interaction(turned, by="steroid", method="CE", ci="wald").estimate == -named.estimate
    assert "steroid[T.1]" in mo.regress(tocilizumab, "~ steroid").tidy()["term"].tolist()
    with pytest.raises(mo.OptionError, match=r"'steroid' has one level, \['1'\]: name two by contrast="):
        mo.interaction(tocilizumab[tocilizumab["steroid"] == "1"], by="steroid")


def test_difference_within_trials(tocilizumab):
    """metafor's rma of the twelve differences within trials, fixed effect."""
    r = fit(tocilizumab)
    np.testing.assert_allclose([r.estimate, r.se, r.p_value, r.q, r.q_p],
                               [-0.370265437010316, 0.140686377784562, 0.00849213581907447, 5.2338986691028,
                                0.919311734920871], rtol=1e-8)  # fmt: skip
    assert r.k == 12
    assert r.provenance.notes[0] == (
        "3 trials report one level only, informing the floating effects but not the difference within trials: "
        "'ARCHITECTS', 'BACC-Bay', 'ImmCoVA'."
    )
    assert r.provenance.rows_used == 27
    assert any("EMPACTA" in line for line in r.provenance.corrected)  # no death in one arm: 1/2 added to its cells


def test_floating_subgroups(tocilizumab):
    """The common-effect algorithm of Godolphin et al. (2023), computed in R on the same effects."""
    f = fit(tocilizumab).floating.set_index("level")
    np.testing.assert_allclose(
        f.loc["0", ["estimate", "se"]].astype(float), [0.0952290387237696, np.sqrt(0.0146761294451078)], rtol=1e-8
    )
    np.testing.assert_allclose(
        f.loc["1", ["estimate", "se"]].astype(float), [-0.275036398286547, np.sqrt(0.00407046478619951)], rtol=1e-8
    )


def test_across_is_each_subgroup_by_itself(tocilizumab):
    r = fit(tocilizumab)
    np.testing.assert_allclose([r.across.groups["0"].estimate, r.across.groups["1"].estimate],
                               [0.0607252306572392, -0.264608644364674], rtol=1e-8)  # fmt: skip
    np.testing.assert_allclose(r.across_estimate, -0.264608644364674 - 0.0607252306572392, rtol=1e-8)
    assert "aggregation bias" in str(r)


def test_difference_of_floating_effects_is_the_interaction(tocilizumab):
    r = fit(tocilizumab)
    one, zero = r.floating["estimate"]
    np.testing.assert_allclose(one - zero, r.estimate, rtol=1e-12)


def test_contrast_turned_around(tocilizumab):
    there = fit(tocilizumab)
    back = mo.interaction(tocilizumab, study="trial", by="steroid", contrast=("0", "1"), method="CE", ci="wald")
    np.testing.assert_allclose(
        [back.estimate, back.se, back.across_estimate], [-there.estimate, there.se, -there.across_estimate]
    )


def test_complete_trials_of_equal_precision_have_no_aggregation_bias():
    table = pd.DataFrame(
        {"trial": list("AABBCC"), "steroid": ["0", "1"] * 3, "yi": [0.1, 0.5, -0.2, 0.0, 0.3, 0.4], "vi": 0.05}
    )
    r = fit(table)
    np.testing.assert_allclose(r.across_estimate, r.estimate, rtol=1e-12)


def test_words_and_scale(tocilizumab):
    r = fit(tocilizumab)
    assert r.record.natural == "ratio of odds ratios"
    np.testing.assert_allclose(r.natural(r.estimate), 0.690551, rtol=1e-5)
    json.dumps(r.to_dict())
    ax = mo.plot.forest(r)
    assert ax.get_xscale() == "log"


@pytest.mark.parametrize(
    ("change", "contrast", "error", "match"),
    [
        ({}, ("1", "2"), mo.DataError, "contrast names '2', which is not a level of 'steroid'; it has"),
        ({}, ("1", "1"), mo.OptionError, "two different levels"),
        ({"trial": "A"}, ("1", "0"), mo.DataError, "trial 'A' reports level '1' twice"),
        ({"trial": list("ABCDEF")}, ("1", "0"), mo.DataError, "no trial reports both '1' and '0'"),
    ],
)
def test_errors(change, contrast, error, match):
    base = {"trial": list("AABBCC"), "steroid": ["1", "0", "1", "0", "1", "0"], "yi": 0.1, "vi": 0.05}
    with pytest.raises(error, match=match):
        mo.interaction(pd.DataFrame(base | change), study="trial", by="steroid", contrast=contrast)


# Dahabreh et al. (Ann Intern Med 2011;154:37): antibodies against EGFR in colorectal cancer by KRAS, hazard ratios of
# progression-free and overall survival as their four trials reported them; which trials they are is inferred
KRAS = """
pfs CO.17 0.40 0.30 0.54 0.99 0.73 1.35
pfs 20020408 0.45 0.34 0.59 0.99 0.73 1.36
pfs CRYSTAL 0.68 0.50 0.94 1.07 0.71 1.61
pfs OPUS 0.57 0.358 0.907 1.83 1.095 3.056
os CO.17 0.55 0.41 0.74 0.98 0.70 1.37
os 20020408 0.99 0.75 1.29 1.02 0.75 1.39
os CRYSTAL 0.84 0.64 1.11 1.03 0.74 1.44
"""


@pytest.mark.parametrize(
    ("outcome", "method", "want"),
    [("pfs", "DL", (2.22, 1.74, 2.84)), ("os", "DL", (1.30, 0.95, 1.78)), ("os", "CE", (1.29, 1.01, 1.65))],
)
def test_ratio_of_hazard_ratios_by_kras(outcome, method, want):
    """Their ratios by random effects; the last one shows that a common effect would tell another story."""
    rows = [line.split() for line in KRAS.strip().splitlines() if line.startswith(outcome)]
    long = [(r[1], level, *map(float, r[i : i + 3])) for r in rows for level, i in (("wild-type", 2), ("mutant", 5))]
    table = pd.DataFrame(long, columns=["trial", "kras", "hr", "lo", "hi"])
    es = mo.effect_sizes(table, measure="HR", hr="hr", ci_low="lo", ci_high="hi", study="trial")
    r = mo.interaction(es, study="trial", by="kras", contrast=("mutant", "wild-type"), method=method, ci="wald")
    np.testing.assert_allclose(r.natural(np.array([r.estimate, r.ci_low, r.ci_high])), want, atol=0.01)
    shown = r.floating_table(transform=True)
    np.testing.assert_allclose(shown["estimate"][0] / shown["estimate"][1], r.natural(r.estimate), rtol=1e-12)


def test_a_difference_of_logits_is_not_called_one_of_rates():
    rates = {"trial": list("AABB"), "steroid": ["1", "0"] * 2, "x": [5, 3, 8, 4], "n": [20, 22, 30, 33]}
    r = fit(mo.effect_sizes(rates, measure="PLO", events="x", n="n"))
    assert r.record.natural == "difference of logit proportions"
    np.testing.assert_allclose(r.natural(r.estimate), r.estimate)
    assert any("without a control arm" in note for note in r.provenance.cautions)


def test_the_trials_are_those_that_effect_sizes_was_told():
    rows = {"trial": ["A", "A", "B", "B"], "kras": ["mut", "wt"] * 2, "hr": [1.1, 0.6, 1.0, 0.7], "se": [0.2] * 4}
    es = mo.effect_sizes(rows, measure="HR", hr="hr", se="se", study="trial")
    by_itself, told = (mo.interaction(es, by="kras", contrast=("mut", "wt"), **k) for k in ({}, {"study": "trial"}))
    assert (repr(by_itself), by_itself.r_code()) == (repr(told), told.r_code())
    with pytest.raises(mo.OptionError, match=r"say which column names the trials: study=.*Columns: kras, yi, vi"):
        mo.interaction(es[["kras", "yi", "vi"]], by="kras", contrast=("mut", "wt"))


@pytest.mark.parametrize("corrected", ["within", "alone", "both"])
def test_the_caution_of_corrections_looks_at_the_rows_that_the_difference_rests_on(corrected):
    events = [0 if corrected != "alone" else 4, 17, 0 if corrected != "within" else 5, 9, 3, 12]
    table = {"trial": [*"AABCDD"], "kras": ["mut", "wt", "mut", "wt", "mut", "wt"], "events": events, "n": [40] * 6}
    es = mo.effect_sizes(table, measure="PLO", events="events", n="n", study="trial")
    said = [str(c) for c in mo.interaction(es, study="trial", by="kras", contrast=("mut", "wt")).cautions]
    within, alone = (
        "1 of 2 trials entered with a continuity correction, on which",
        "a trial with one level alone entered",
    )
    assert any(text.startswith(within) for text in said) == (corrected != "alone")
    assert any(text.startswith(alone) for text in said) == (corrected != "within")
    several = [str(c) for c in mo.interaction(es, study="trial", by="kras", levels=("wt", "mut"), method="CE").cautions]
    assert any(text.startswith(within) for text in several) == (corrected != "alone")
