"""What moved a pool, by trial: R over every order, the sum that is exact, pools of every kind, and what is refused."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from reference.pinned import load
from result_kinds import EVERY

import metaonc as mo
from metaonc.analysis.updates.shares import shares
from metaonc.errors import DataError

R = load("update")
CI = {"knha": "HKSJ", "z": "wald"}
BEFORE, AFTER = (pd.DataFrame(R[when]) for when in ("before", "after"))
MOVED = ["moved", "moved_natural", "moved_tau2", "moved_p"]
COUNTS = pd.DataFrame({"trial": list("ABCDE"), "x": [5, 9, 2, 12, 7], "n": [20, 30, 15, 40, 21],
                       "y": [9, 8, 4, 15, 9], "m": [21, 31, 15, 40, 22]})  # fmt: skip
ARMS = {"events_t": "x", "n_t": "n", "events_c": "y", "n_c": "m", "study": "trial"}
ROUNDING = 1e-13  # of sums


def pool(table, **options):
    return mo.pool(table, study="trial", **{"measure": "HR"} | options)


def compared(**options):
    return mo.compare(pool(BEFORE, **options), pool(AFTER, **options))


def differences(r, name=""):
    old, new = r.pools[name]
    natural = [float(p.natural(p.estimate)) for p in (old, new)]
    return [new.estimate - old.estimate, natural[1] - natural[0], new.tau2 - old.tau2, new.p_value - old.p_value]


@pytest.mark.parametrize("case", R["pools"], ids=lambda case: f"{case['method']} {case['test']}")
def test_r_goes_through_every_order(case):
    r = compared(method=case["method"], ci=CI[case["test"]])
    table = r.table.set_index("trial").loc[R["causes"]]
    columns = [c for c in MOVED if case["method"] != "CE" or c != "moved_tau2"]
    np.testing.assert_allclose(table[columns], pd.DataFrame(case["parts"])[columns], atol=1e-9)
    np.testing.assert_allclose(table[["only", "all_but"]], pd.DataFrame(case["alone"])[["only", "all_but"]], atol=1e-9)
    np.testing.assert_allclose([r.before.estimate, r.after.p_value],
                               [case["before"]["moved"], case["after"]["moved_p"]], atol=1e-9)  # fmt: skip


def test_the_parts_sum_to_the_difference_to_the_last_digit():
    r = compared()
    np.testing.assert_allclose(r.table[MOVED].sum(), differences(r), rtol=0, atol=ROUNDING)
    assert r.table.set_index("trial")["change"].to_dict() == {
        "Beech": "changed", "Fig": "added", "Gorse": "added", "Cork": "removed",
    }  # fmt: skip


def test_a_model_that_changed_too_is_a_part_of_its_own_before_all_trials():
    r = mo.compare(pool(BEFORE), pool(AFTER, method="DL", ci="wald"))
    first = r.table.iloc[0]
    assert (first["trial"], r.options) == ("model and options", ("method DL, before REML", "ci wald, before HKSJ"))
    old = pool(BEFORE, method="DL", ci="wald")
    assert first["moved"] == pytest.approx(old.estimate - pool(BEFORE).estimate, abs=ROUNDING)
    np.testing.assert_allclose(r.table[MOVED].sum(), differences(r), rtol=0, atol=ROUNDING)


@pytest.mark.parametrize(
    "made",
    [
        lambda t: mo.pool_peto(t, **ARMS),
        lambda t: mo.pool_mantel_haenszel(t, measure="RR", **ARMS),
        lambda t: mo.pool_beta_binomial(t, events="x", n="n", study="trial"),
        lambda t: mo.pool_glmm(t, events="x", n="n", study="trial"),
        lambda t: pool(mo.effect_sizes(t, measure="OR", **ARMS), measure=None, method="DL", ci="HC"),
    ],
    ids=["Peto", "Mantel-Haenszel", "beta-binomial", "GLMM", "Henmi-Copas"],
)
def test_pools_of_every_kind(made):
    new = COUNTS.assign(x=[5, 9, 4, 12, 7]).drop(index=1)
    r = mo.compare(made(COUNTS.head(4)), made(new))
    assert r.table["change"].tolist() == ["changed", "added", "removed"]
    np.testing.assert_allclose(r.table["moved"].sum(), differences(r)[0], rtol=0, atol=ROUNDING)
    # two trials alone by hand: the third's change in, or not
    without = made(COUNTS.assign(x=[5, 9, 4, 12, 7]))
    assert r.table["all_but"].iloc[2] == pytest.approx(without.estimate, abs=1e-8)


def test_two_changes_are_shared_by_hand():
    old, new = COUNTS.head(3), COUNTS
    made = [mo.pool_peto(new.drop(index=list(out)), **ARMS).estimate for out in ((3, 4), (4,), (3,), ())]
    none, d, e, both = made
    r = mo.compare(mo.pool_peto(old, **ARMS), mo.pool_peto(new, **ARMS))
    np.testing.assert_allclose(r["moved"], [(d - none + both - e) / 2, (e - none + both - d) / 2], atol=ROUNDING)


def test_many_changes_are_averaged_over_random_orders_and_still_sum():
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"trial": [f"T{i}" for i in range(30)], "yi": rng.normal(0, 0.3, 30), "vi": 0.05})
    r = mo.compare(pool(table.head(10)), pool(table))
    assert r.orders > 100
    np.testing.assert_allclose(r.table[MOVED].sum(), differences(r), rtol=0, atol=1e-12)
    assert "random orders" in str(r)
    assert mo.compare(pool(table.head(10)), pool(table)).table.equals(r.table)


def test_random_orders_come_near_to_all():
    weights = np.array([1.0, -2.0, 0.5, 3.0, 1.5])

    def worth(inside):
        return np.column_stack([inside @ weights, (inside @ weights) ** 2])

    exact, drawn = shares(worth, 5, 32), shares(worth, 5, 31)
    assert (exact.orders, drawn.orders > 0) == (0, True)
    np.testing.assert_allclose(exact.shares[:, 0], weights)
    # of a square of a sum: w² and half of each product twice
    np.testing.assert_allclose(exact.shares[:, 1], weights * weights.sum())
    np.testing.assert_allclose(drawn.shares.sum(0), [4, 16])


def test_subgroups_move_each_by_itself():
    tables = [t.assign(kras=["m", "m", "w", "w", "w", "w"][: len(t)]) for t in (BEFORE, AFTER)]
    r = mo.compare(
        *(mo.pool_subgroups(t, by="kras", study="trial", measure="HR", method="DL", ci="wald") for t in tables)
    )
    for name in ("m", "w", "overall"):
        np.testing.assert_allclose(r.rows_of(name)[MOVED].sum(), differences(r, name), atol=ROUNDING)
    alone = mo.compare(*(p.groups["m"] for p in (r.before, r.after)))
    pd.testing.assert_frame_equal(r.rows_of("m").drop(columns="subgroup").reset_index(drop=True), alone.table)


def test_a_subgroup_that_was_not_there_is_said():
    tables = [t.assign(kras=level) for t, level in ((BEFORE, "m"), (AFTER, ["m"] * 4 + ["w"] * 2))]
    r = mo.compare(*(mo.pool_subgroups(t, by="kras", study="trial", measure="HR") for t in tables))
    assert r.lacking == {"w": "there was no such subgroup before"}
    assert "there was no such subgroup before the update" in str(mo.results_text(r))


def test_the_same_pool_has_nothing_to_tell():
    r = mo.compare(pool(BEFORE), pool(BEFORE))
    assert r.table.empty
    assert "no trial was added, changed or removed" in str(r)
    assert "No trial was added" in str(mo.results_text(r))
    assert mo.table(r).rows[-1][1] == mo.table(r).rows[-2][2]  # the pool, before and after


def test_labels_that_no_reader_tells_apart_are_one_trial():
    renamed = AFTER.assign(trial=AFTER["trial"].replace("Ash", "Ash "))
    with pytest.warns(mo.DataWarning, match="Ash"):
        r = mo.compare(pool(BEFORE), pool(renamed))
    np.testing.assert_allclose(r["moved"], compared()["moved"], atol=ROUNDING)


def test_columns_of_other_names_are_the_same_counts():
    renamed = COUNTS.rename(columns={"x": "resp", "n": "size"})
    old = mo.pool_glmm(COUNTS.head(4), events="x", n="n", study="trial")
    r = mo.compare(old, mo.pool_glmm(renamed, events="resp", n="size", study="trial"))
    assert r.table["trial"].tolist() == ["E"]
    np.testing.assert_allclose(r["moved"], differences(r)[:1], atol=ROUNDING)


def test_sampling_errors_that_are_correlated_across_trials_are_refused():
    table = pd.DataFrame({"trial": ["A", "B", "C"], "yi": [-0.5, -0.3, 0.1], "vi": [0.04, 0.05, 0.03]})
    v = np.diag(table["vi"])
    v[0, 1] = v[1, 0] = 0.01
    made = [mo.pool(t, study="trial", covariance=c, measure="HR") for t, c in ((table.head(2), v[:2, :2]), (table, v))]
    with pytest.raises(DataError, match="sampling errors of 'A' and 'B' are correlated"):
        mo.compare(*made)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (lambda: pool(BEFORE), lambda: pool(AFTER, measure="OR"), "different measures, hazard ratio .HR. before"),
        (lambda: pool(BEFORE), lambda: pool(AFTER.assign(trial=list("UVWXYZ"))), "no trial in common: 'Ash', 'Beech'"),
        (lambda: pool(BEFORE), lambda: AFTER, "a result is compared with a result, and the newer is DataFrame"),
        (lambda: pool(BEFORE), lambda: mo.bias.egger(pool(AFTER)), "is wanted, not RegressionTestResult"),
        (lambda: pool(BEFORE), lambda: mo.pool_subgroups(AFTER.assign(a=list("xxxyyy")), by="a", study="trial",
                                                         measure="HR"), "one result is by subgroup and the other"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_told(old, new, says):
    with pytest.raises(DataError, match=says):
        mo.compare(old(), new())


def test_the_forest_plot_has_both_pools_and_each_trial_as_it_was():
    r = compared()
    rows = mo.plot.forest_rows(r).rows.set_index("label")
    assert rows.loc["Beech", ["estimate", "model"]].tolist() == pytest.approx(np.exp([-0.18, -0.31]))
    assert rows.loc["Cork", ["effect", "model"]].tolist() == ["removed", pytest.approx(np.exp(-0.11))]
    assert np.isnan(rows.loc["Ash", "model"])  # as it was
    kinds = rows[rows["kind"].isin(["pooled", "common"])]
    np.testing.assert_allclose(kinds["estimate"], np.exp([r.after.estimate, r.before.estimate]))
    assert rows["moved"].ne("").sum() == 5


def test_cautions_of_the_pool_before_are_told_under_its_name():
    old = pool(BEFORE.assign(yi=-0.3))
    r = mo.compare(old, pool(AFTER))
    assert [c.of for c in r.cautions if c.of == "before"]
    assert len(r.cautions) == len(r.after.cautions) + len(old.cautions)


def test_it_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        compared().orders = 3


def test_parts_on_another_scale_are_not_told_as_percentage_points():
    """A double arcsine has no way back without sizes: its parts are no differences of percentages."""
    new = COUNTS.assign(x=[9, 9, 2, 12, 7])
    old, after = (
        mo.pool(mo.effect_sizes(t, measure="PFT", events="x", n="n", study="trial"), study="trial")
        for t in (COUNTS, new)
    )
    r = mo.compare(old, after)
    text = str(mo.results_text(r))
    assert "percentage points" not in text
    assert "on the scale of the double arcsine proportion" in text
    assert "on the scale of the double arcsine proportion" in str(r)


def test_each_level_is_said():
    r = mo.compare(pool(BEFORE), pool(AFTER, level=0.9))
    assert "95 % and 90 % intervals (before and after)" in str(r)


def test_trials_without_names_are_compared_by_place_which_is_said():
    table = {"yi": [-0.3, -0.2, -0.1], "vi": [0.01] * 3}
    one, other = (mo.pool(table, measure="HR"), pool(BEFORE))
    assert any("no names" in str(c) for c in mo.compare(one, one).cautions)
    assert not any("no names" in str(c) for c in mo.compare(other, other).cautions)


def test_models_of_several_coefficients_are_refused_with_what_to_compare_instead():
    cases = dict(EVERY)
    for name, said in (
        ("RegressionResult 1", r"not RegressionResult: its coefficients .*compare the pools of its trials"),
        ("MultivariateResult 1", r"not MultivariateResult: its outcomes .*compare a pool of each alone"),
        ("IpdPool 1", r"not IpdPool: it rests on no pool of effects"),
    ):
        with pytest.raises(DataError, match=said):
            mo.compare(cases[name](), cases[name]())


def test_the_pool_within_a_result_is_compared():
    mixed = dict(EVERY)["MixedPool 1"]()
    r = mo.compare(mixed, mixed)
    assert r.after.estimate == mixed.pool.estimate
    assert set(map(str, mixed.cautions)) <= set(map(str, r.cautions))
