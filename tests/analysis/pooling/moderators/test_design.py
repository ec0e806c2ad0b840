"""A formula calls transforms and nothing else; a design is made again from its formula and rows."""

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.analysis.pooling.moderators.design import Design, design
from metaonc.errors import DataError, OptionError

ROWS = pd.DataFrame({"dose": [1.0, 2, 4, 8, 16, 32], "arm": list("abcabc"), "a b": [1, 3, 2, 5, 4, 6]})
SPLINES = pd.DataFrame({
    "yi": [-0.5, -0.3, 0.1, -0.2, -0.4, 0.3, -0.1, 0.05, -0.2, 0.1],
    "vi": [0.04, 0.03, 0.05, 0.06, 0.02, 0.03, 0.04, 0.05, 0.03, 0.04], "x": [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10],
})  # fmt: skip
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


def test_new_values_of_another_kind_are_refused_and_leave_the_fit_as_it_was():
    r = mo.regress(SPLINES, "~ x")
    before = r.predict({"x": [1]})
    with pytest.raises(DataError, match="x='abc' is no number, which 'x' is in the rows fitted"):
        r.predict({"x": ["abc"]})
    pd.testing.assert_frame_equal(r.predict({"x": [1]}), before)


def test_a_spline_has_no_value_beyond_the_rows_and_its_bubble_plot_ends_there():
    r = mo.regress(SPLINES, "~ bs(x, df=4)")
    with pytest.raises(DataError, match="x=50 is beyond 1 to 10 of the rows fitted, where the formula has no value"):
        r.predict({"x": [50]})
    assert r.design.ends_with_the_rows
    lines = mo.plot.bubble(r).get_lines()
    drawn = max(lines, key=lambda line: len(line.get_xdata())).get_xdata()
    assert (min(drawn), max(drawn)) == (1, 10)


def test_columns_of_one_curve_are_tested_together_and_told_as_one():
    r = mo.regress(SPLINES, "~ bs(x, df=4)", measure="HR")
    curve = [name for name in r.coefficients.index if r.design.curve(name)]
    assert len(curve) == 4
    np.testing.assert_allclose(r.test_of(curve), r.q_model_p, rtol=1e-12)
    np.testing.assert_allclose([r.test_of([name]) for name in curve], r.coefficients["p_value"][curve], rtol=1e-10)
    text = mo.results_text(r)
    assert "The 4 coefficients of bs(x, df=4) are of one curve (that it is flat: p = " in text
    assert "per unit of bs" not in text
    assert "regressed on bs(x, df=4) by" in mo.methods_text(r)
    with pytest.raises(OptionError, match="term"):
        r.test_of(["y"])


def test_coefficients_of_an_interaction_say_where_they_hold():
    r = mo.regress(SPLINES.assign(line=["first", "later"] * 5), "~ x * line", measure="HR")
    text = mo.results_text(r)
    assert "per unit of X where Line is first" in text
    assert "for Line: later against first where X is 0" in text
    assert "centre numbers" in str(r)


def test_contrasts_of_what_is_no_table_of_numbers():
    r = mo.regress(SPLINES, "~ x")
    for rows in ({"d": 5}, [1], None):
        with pytest.raises(OptionError, match="rows= takes a name and factors"):
            r.contrast(rows)
    for factor in ("a", np.nan):
        with pytest.raises(DataError, match="factor of 'x'"):
            r.contrast({"d": {"x": factor}})


def test_variance_inflation_of_a_perfect_fit_is_unknown():
    perfect = pd.DataFrame(
        {"yi": np.linspace(-0.5, 0.3, 8), "vi": [0.05] * 8, "x": np.arange(8.0), "g": list("aabbaabb")}
    )
    assert mo.regress(perfect, "~ x + g").vif().isna().all()


def test_only_a_b_spline_ends_where_the_rows_do():
    ends = {f: mo.regress(SPLINES, f).design.ends_with_the_rows for f in ("~ np.abs(x)", "~ bs(x, df=4)", "~ x")}
    assert list(ends.values()) == [False, True, False]
