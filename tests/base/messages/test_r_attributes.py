"""What users of R call elements of a fitted object is answered by the name here, and every name said exists."""

import copy
import pickle

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.base.messages.r_attributes import ATTRIBUTES
from metaonc.base.result import Result

TABLE = {"trial": list("ABCD"), "yi": [0.2, 0.5, -0.1, 0.3], "vi": [0.05, 0.04, 0.07, 0.03], "x": [1, 3, 2, 5]}


def pooled():
    return mo.pool(TABLE, study="trial", measure="OR")


@pytest.mark.parametrize(
    ("name", "said"),
    [("pval", "here it is p_value"), ("beta", "here it is estimate"), ("ci_lb", "ci.lb; here it is ci_low"),
     ("zval", "here it is statistic"), ("I2", "here it is i2"), ("QE", "here it is q."), ("TE", "here it is estimate"),
     ("slab", "studies.labels"), ("predict", "here it is prediction_low"), ("forest", "mo.plot.forest")],
)  # fmt: skip
def test_a_pool_answers_names_of_r(name, said):
    with pytest.raises(AttributeError, match=f"has no attribute '{name}'") as caught:
        getattr(pooled(), name)
    assert said in str(caught.value)
    assert (caught.value.name, caught.value.obj.k) == (name, 4)


def test_a_regression_answers_by_its_coefficients():
    with pytest.raises(AttributeError, match="here it is coefficients"):
        _ = mo.regress(TABLE, "~ x", study="trial").beta
    with pytest.raises(AttributeError, match="here it is q_model"):
        _ = mo.regress(TABLE, "~ x", study="trial").QM


def test_every_name_said_exists_in_some_result():
    kinds, todo = set(), [Result]
    assert [getattr(mo.results, name) for name in dir(mo.results)]  # which loads their classes
    while todo:
        kinds |= (more := set(todo.pop().__subclasses__()))
        todo += more
    has = set().union(*map(dir, kinds))
    assert {name for record in ATTRIBUTES for name in record.here} <= has


def test_other_names_and_copies_are_as_ever():
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = pooled().nonsense
    assert not hasattr(pooled(), "_repr_png_")
    r = pooled()
    assert pickle.loads(pickle.dumps(r)).estimate == copy.deepcopy(r).estimate == r.estimate


@pytest.mark.parametrize("given", [[0.1, 0.2], np.ones(4), pd.Series([0.1] * 4)])
def test_values_in_place_of_a_column_are_told_apart(given):
    with pytest.raises(mo.ColumnError, match="yi= takes the name of a column, and was given values"):
        mo.pool(TABLE, yi=given)


@pytest.mark.parametrize("written", ["factor(x)", "as.factor(x)"])
def test_factors_of_r_are_said_in_a_formula(written):
    with pytest.raises(mo.OptionError, match=rf"R's {written.replace('.', '[.]')[:-3]}\(x\) is C\(x\) here"):
        mo.regress(TABLE, f"~ {written}")


def test_names_of_a_namespace_and_formulas_of_survival():
    with pytest.raises(AttributeError, match=r"It is mo\.bias\.egger"):
        _ = mo.egger
    with pytest.raises(mo.DataError, match="Formulas of R are columns by name here"):
        mo.survival.kaplan_meier("Surv(time, event) ~ arm")
