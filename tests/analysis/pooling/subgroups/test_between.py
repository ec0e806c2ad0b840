"""The tests between subgroups: which is stated first, and what stands beside it."""

import re

import numpy as np
import pytest

import metaonc as mo

LIKE = {"yi": [0.30, 0.31, -0.02, -0.03], "vi": [0.05, 0.02, 0.04, 0.03], "g": list("aabb")}
APART = {"yi": [0.9, 0.1, -0.2, 0.4, 0.3, -0.6], "vi": [0.05, 0.02, 0.04, 0.03, 0.1, 0.06], "g": list("aabbcc")}


def test_f_is_that_of_the_regression_on_subgroups():
    r, regression = mo.pool_subgroups(APART, by="g"), mo.regress(APART, "~ g")
    np.testing.assert_allclose(
        [r.f_between, r.q_between_df, r.f_between_df, r.f_between_p],
        [regression.q_model, regression.q_model_df, regression.q_df, regression.q_model_p],
    )
    floor = mo.regress(APART, "~ g", ci="HKSJ-adhoc")
    np.testing.assert_allclose([r.f_floor, r.f_floor_p], [floor.q_model, floor.q_model_p])


@pytest.mark.parametrize("options", [{"ci": "wald"}, {"ci": "t"}, {"ci": "KR"}, {"ci": "HKSJ-adhoc"}])
def test_f_does_not_depend_on_the_interval(options):
    r, plain = mo.pool_subgroups(APART, by="g", **options), mo.pool_subgroups(APART, by="g")
    assert (r.f_between, r.stated_test) == (plain.f_between, "F")


def test_f_by_effects_that_agree_stands_beside_the_test_with_a_floor():
    r = mo.pool_subgroups(LIKE, by="g", measure="HR")
    assert r.is_fragile
    assert r.f_between_p < 0.001 < 0.05 < r.f_floor_p
    for text in (str(r), str(mo.results_text(r)), str(mo.table(r)), mo.plot.forest_rows(r).footnotes[0]):
        line = next(line for line in text.replace("\u00a0", " ").splitlines() if "etween subgroups" in line)
        assert "may be large by chance" in line
        stated = re.findall(r"F (?:= )?([\d,]+)", line)  # what chance cannot make large is stated first
        assert stated == ["3", "2468"]
    assert not mo.pool_subgroups(APART, by="g").is_fragile


def test_that_f_of_counts_is_of_logits_is_said_where_it_is_printed():
    table = {"t": list("ABCD"), "g": list("uuvv"), "x": [3, 5, 12, 14], "n": [30, 44, 31, 42]}
    r = mo.pool_subgroups(table, by="g", using=mo.pool_glmm, events="x", n="n", study="t")
    for text in (str(r), str(mo.results_text(r)), str(mo.table(r))):
        assert "(F with one τ², by logit proportions with 1/2 added to each cell" in text.replace("\u00a0", " ")
    assert "1/2 added" not in str(mo.pool_subgroups(APART, by="g"))


def test_equal_effects_within_subgroups_leave_the_test_with_a_floor():
    r = mo.pool_subgroups({**LIKE, "yi": [0.3, 0.3, 0.1, 0.1]}, by="g")
    assert r.stated_test == "F floor"
    assert (np.isnan(r.f_between), r.f_between_scale) == (True, 0.0)
    precision = [1 / 0.05 + 1 / 0.02, 1 / 0.04 + 1 / 0.03]
    np.testing.assert_allclose(r.f_floor, 0.2**2 / sum(1 / w for w in precision))
    assert "scale at least 1" in str(r)
    assert "nan" not in (str(r) + str(mo.results_text(r))).lower()


@pytest.mark.parametrize("options", [{"method": "CE", "ci": "wald"}, {"tau2": 0.1, "ci": "wald"}])
def test_chi_square_is_the_test_where_variances_are_known(options):
    r = mo.pool_subgroups(APART, by="g", **options)
    assert r.stated_test == "Q"
    assert np.isnan([r.f_between, r.f_floor]).all()
    assert not any("chi-square" in c.text for c in r.cautions)


def test_a_given_tau2_is_that_of_f():
    r = mo.pool_subgroups(APART, by="g", tau2=0.1)
    w, y = 1 / (np.array(APART["vi"]) + 0.1), np.array(APART["yi"])
    parts = [slice(0, 2), slice(2, 4), slice(4, 6)]
    means = np.array([(w[i] * y[i]).sum() / w[i].sum() for i in parts])
    inside = sum((w[i] * (y[i] - mean) ** 2).sum() for i, mean in zip(parts, means, strict=True))
    between = (w * (y - (w * y).sum() / w.sum()) ** 2).sum() - inside
    np.testing.assert_allclose(r.f_between, (between / 2) / (inside / 3))


def test_one_row_in_each_subgroup_has_a_caution():
    r = mo.pool_subgroups({"yi": [0.1, 0.6], "vi": [0.04, 0.09], "g": ["a", "b"]}, by="g")
    assert r.stated_test == "Q"
    assert "differ by subgroup alone" in str(mo.results_text(r))


def test_multilevel_subgroups_have_a_caution():
    table = {**APART, "trial": list("ABCDEF")}
    r = mo.pool_subgroups(table, by="g", using=mo.pool_multilevel, levels=["trial"])
    assert r.stated_test == "Q"
    assert "its p is too small" in mo.table(r).footnotes[-1]


def test_counts_are_compared_by_their_logits():
    counts = {"x": [12, 0, 9, 4, 14], "n": [30, 8, 52, 9, 40], "g": list("aabbb")}
    es = mo.effect_sizes(counts, measure="PLO", events="x", n="n", to="all")
    want = mo.pool_subgroups(es, by="g")
    for using in (mo.pool_glmm, mo.pool_beta_binomial):
        r = mo.pool_subgroups(counts, by="g", using=using, events="x", n="n")
        np.testing.assert_allclose([r.f_between, r.f_floor_p], [want.f_between, want.f_floor_p])
    assert "1/2 added to each cell" in str(mo.methods_text(r))


def test_where_a_trial_left_out_makes_f_fragile_the_floor_stands_beside_it_wherever_p_is_printed():
    table = {**LIKE, "yi": [*LIKE["yi"], 0.9], "vi": [*LIKE["vi"], 0.05], "g": [*"aabbb"], "trial": list("KLMNO")}
    r = mo.pool_subgroups(table, by="g", study="trial", measure="HR")
    without = mo.pool_subgroups({name: values[:4] for name, values in table.items()}, by="g", study="trial")
    assert (r.is_fragile, without.is_fragile) == (False, True)
    out = mo.sensitivity.leave_one_out(r)
    last = out.table[(out["study"] == "O") & (out["subgroup"] == "overall")].iloc[0]
    assert (last["stated_test"], last["stated_p"]) == ("F", pytest.approx(without.f_between_p))
    assert last["beside_p"] == pytest.approx(without.f_floor_p)
    assert out["beside_p"].notna().sum() == 1
    for text in (str(mo.results_text(out)), " ".join(mo.plot.forest_rows(out).footnotes)):
        line = text.partition("est between subgroups")[2]
        assert "without O effects within subgroups agree far better than their variances allow" in line
    assert "beside_p" in str(out)


def test_equal_effects_have_no_chi_square_of_rounding():
    vi = np.random.default_rng(5).uniform(0.01, 0.3, 20)
    for end in range(6, 20):
        r = mo.pool_subgroups({"yi": [0.3] * end, "vi": vi[:end], "g": (list("ab") * 10)[:end]}, by="g")
        assert [g.se for g in r.groups.values()] == [0, 0]
        assert np.isnan([r.q_between, r.q_between_p, r.f_between]).all()
        assert r.stated_test == "F floor"
