"""A formula calls transforms and nothing else; a design is made again from its formula and rows."""

import numpy as np
import pandas as pd
import pytest

from metaonc.analysis.pooling.moderators.design import Design, design
from metaonc.errors import OptionError

ROWS = pd.DataFrame({"dose": [1.0, 2, 4, 8, 16, 32], "arm": list("abcabc"), "a b": [1, 3, 2, 5, 4, 6]})
FORMULAS = [
    *(
        "~ dose",
        "~ np.log(dose)",
        "~ np.where(dose > 4, 1, 0)",
        "~ C(arm, contr.treatment(base='b'))",
        "~ I(dose ** 2)",
    ),
    *("~ {dose / 2}", "~ `a b`", "~ log(`a b`)", "~ center(dose)", "~ 0 + arm", "~ poly(dose, 2)"),
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_design_made_again_treats_new_rows_as_the_first_did(formula):
    made = design(formula, ROWS)
    again = Design(made.x, made.names, made.formula, made.rows)
    np.testing.assert_allclose(again.of(ROWS), made.x, rtol=1e-13)
    np.testing.assert_array_equal(again.of(ROWS.head(2)), made.of(ROWS.head(2)))
    assert again.factors == made.factors


@pytest.mark.parametrize(
    ("formula", "named"),
    [
        ("~ open('x')", "'open'"),
        ("~ C(__import__('os').system('x'))", "system"),
        ("~ np.load('x')", "'np.load'"),
        ("~ np.random.seed(1)", "seed"),
        ("~ I(dose.__class__)", "__class__"),
        ("~ {(lambda: 1)()}", "lambda"),
        ("~ I([x for x in dose])", "x"),
        ("~ pd.eval('1')", "'pd.eval'"),
    ],
)
def test_a_formula_is_no_program(formula, named):
    with pytest.raises(OptionError, match=f"{named}.* is no transform of a formula; compute a column of it"):
        design(formula, ROWS)
