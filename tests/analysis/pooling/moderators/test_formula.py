"""Formulas that are more, less or other than moderators of a table are refused in words of the user."""

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import DataError, OptionError

TABLE = pd.DataFrame({
    "yi": [-0.5, -0.3, 0.1, -0.2, -0.4, 0.3, -0.1, 0.05], "vi": [0.04, 0.03, 0.05, 0.06, 0.02, 0.03, 0.04, 0.05],
    "same": ["a"] * 8, "x": [1, 2, 3, 4, 5, 7.0, 8, 9], "half": list("aabbaabb"),
})  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "error", "said"),
    [
        ("~ same", DataError, r"moderator 'same' is the same, 'a', in all rows"),
        ("~ x + C(same)", DataError, r"moderator 'C\(same\)' is the same, 'a', in all rows"),
        ("~ 0", OptionError, "neither a constant nor a moderator"),
        ("~ x | half", OptionError, r"several parts.*regress_multilevel\(levels="),
        ('~ __import__("os").system("echo")', OptionError, "cannot be read"),
        ("~ ns(x)", OptionError, r"'ns' is no transform of a formula; bs\(x, df=4\) is a B-spline"),
        ("~ cr(x, df=3)", DataError, r"give it constraints='center'"),
        ("~ bs(x, df=7)", DataError, r"7 of them are of bs\(x, df=7\): a curve of so many takes more rows"),
    ],
)
def test_what_is_no_formula_of_moderators_is_refused(formula, error, said):
    with pytest.raises(error, match=said):
        mo.regress(TABLE, formula)


@pytest.mark.parametrize("name", ["Intercept", "intercept", "C", "I", "log", "np"])
def test_a_column_that_is_called_as_the_constant_or_a_transform_is_refused(name):
    with pytest.raises(OptionError, match=f"'{name}' is the name of .*; rename the column"):
        mo.regress(TABLE.rename(columns={"x": name}), f"~ {name}")


def test_a_moderator_of_one_level_left_by_missing_effects_is_refused():
    table = TABLE.assign(g=["a"] * 7 + ["b"], yi=[*TABLE["yi"][:7], np.nan])
    with pytest.raises(DataError, match="is the same, 'a', in all rows"), pytest.warns(mo.errors.DataWarning):
        mo.regress(table, "~ g")


def test_a_factor_of_one_level_without_a_constant_is_its_mean():
    r, pool = mo.regress(TABLE, "~ 0 + same"), mo.pool(TABLE)
    np.testing.assert_allclose(r.coefficients["estimate"].iloc[0], pool.estimate, rtol=1e-10)
    assert "all coefficients: F" in str(r)
    assert "the mean effect: F" in str(mo.regress(TABLE, "~ 1"))
