"""Inputs at the edge of what can be computed: the error names row, value and what was seen, and no cause unchecked."""

import numpy as np
import pytest

import metaonc as mo
from metaonc.errors import ConvergenceError, DataError

EFFECTS = {
    "pool": mo.pool,
    "pool_bayes": mo.pool_bayes,
    "pool_multilevel": lambda table: mo.pool_multilevel(table, levels=["study"]),
    "regress": lambda table: mo.regress(table, "~ x"),
    "pool_subgroups": lambda table: mo.pool_subgroups(table, by="half"),
}


def effects(**changed):
    table = {"yi": [0.1, 0.2, 0.4, 0.3], "vi": [0.1, 0.2, 0.1, 0.3], "x": [1.0, 2.0, 3.0, 5.0], "study": list("ABCD"),
             "half": list("ppqq")}  # fmt: skip
    for name, value in changed.items():
        table[name] = [table[name][0], value, *table[name][2:]]
    return table


@pytest.mark.parametrize("pooled", EFFECTS.values(), ids=EFFECTS)
@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"vi": 1e-300}, r"\(row 1\): vi=1e-300 is too small to compute with"),
        ({"vi": 1e300}, r"\(row 1\): vi=1e\+300 is too large to compute with"),
        ({"yi": -1e150}, r"\(row 1\): yi=-1e\+150 is too large to compute with"),
    ],
)
def test_numbers_whose_squares_are_none_are_refused(pooled, changed, says):
    with pytest.raises(DataError, match=says):
        pooled(effects(**changed))


@pytest.mark.parametrize("method", ["CE", "DL", "ML", "REML", "PM", "SJ", "EB"])
@pytest.mark.parametrize("scale", [1e-40, 1.0, 1e40])
def test_within_reach_the_unit_is_of_no_account(method, scale):
    plain = mo.pool(effects(), method=method, ci="wald")
    table = effects()
    table |= {"yi": np.multiply(table["yi"], scale**0.5), "vi": np.multiply(table["vi"], scale)}
    other = mo.pool(table, method=method, ci="wald")
    assert other.estimate == pytest.approx(plain.estimate * scale**0.5, rel=1e-12)
    assert other.se == pytest.approx(plain.se * scale**0.5, rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "value", "says"),
    [
        ("~ x", np.inf, r"row 1: moderator 'x' is inf, no number to compute with"),
        ("~ x", 1e200, r"row 1: moderator 'x' is 1e\+200, no number to compute with: .* another unit"),
        ("~ np.log(x)", 0.0, r"row 1: moderator 'np.log\(x\)' is -inf"),
        ("~ np.sqrt(x)", -1.0, r"row 1: moderator 'np.sqrt\(x\)' is nan"),
    ],
)
def test_moderators_without_a_number_are_named_with_row_and_value(formula, value, says):
    with pytest.raises(DataError, match=says):
        mo.regress(effects(x=value), formula)


def test_a_transform_of_text_is_refused():
    with pytest.raises(DataError, match=r"a moderator cannot be computed: .*np.log\(study\)"):
        mo.regress(effects(), "~ np.log(study)")


def test_new_rows_of_a_regression_are_held_to_the_same():
    fit = mo.regress(effects(), "~ np.log(x)")
    with pytest.raises(DataError, match=r"row 0: moderator 'np.log\(x\)' is -inf"):
        fit.predict({"x": [0.0]})


def test_one_patient_a_trial_is_no_matter_of_variances_without_bound():
    table = {"x": [0, 1, 1, 0, 1], "n": [1] * 5}
    with pytest.raises(ConvergenceError, match=r"one patient: any variance .* or use pool_beta_binomial, which does"):
        mo.pool_glmm(table, events="x", n="n")
    assert mo.pool_beta_binomial(table, events="x", n="n").estimate == pytest.approx(np.log(3 / 2))


@pytest.mark.parametrize(
    ("a", "b", "measure", "found"),
    [
        ([0, 0], [3, 2], "OR", "odds ratio is 0;"),
        ([3, 2], [0, 0], "RR", "risk ratio is infinite;"),
        ([10, 10], [10, 10], "RR", "risk ratio has no variance;"),
        ([0, 0], [0, 0], "RD", "risk difference has no variance;"),
    ],
)
def test_sums_without_a_ratio_say_which_it_is(a, b, measure, found):
    table = {"a": a, "b": b, "n": [10, 10]}
    with pytest.raises(DataError, match=f"{found} no pool of these counts has an interval"):
        mo.pool_mantel_haenszel(table, measure=measure, events_t="a", n_t="n", events_c="b", n_c="n")
