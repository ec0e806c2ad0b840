"""Log-rank statistics and medians of both arms, by what trials reports and their readers call them."""

import warnings

import pytest

import metaonc as mo

HR = {"trial": ["A01", "A02", "A10"], "HR PFS (95% CI)": ["0.70 (0.50-0.98)", "1.61 (1.25-2.08)", None]}
LOGRANK = {"O-E": [None, None, -8.2], "V": [None, None, 25.1]}


def read(table, **asked):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.DataWarning)
        return mo.read_trials(table, **asked)


@pytest.mark.parametrize("name", ["O-E", "O - E", "O\u2212E", "O-E (exp)"])
def test_log_rank_statistics_are_known_by_their_names(name):
    found = read({**HR, name: LOGRANK["O-E"], "V": LOGRANK["V"]})
    assert found[["trial", "o_minus_e", "v"]].values.tolist()[-1] == ["A10", -8.2, 25.1]
    assert found["outcome"].tolist() == ["pfs"] * 3


def test_o_minus_e_of_the_comparator_has_the_other_sign_and_is_not_taken():
    assert "o_minus_e" not in read({**HR, "O-E (ctrl)": LOGRANK["O-E"], "V": LOGRANK["V"]})


def test_figures_that_were_named_are_of_the_one_outcome():
    table = {**HR, "diff": LOGRANK["O-E"], "info": LOGRANK["V"]}
    for asked in ({"diff": "o_minus_e", "info": "v"}, {"diff": "pfs.o_minus_e", "info": "pfs.v"}):
        found = read(table, columns=asked)
        assert found[["outcome", "o_minus_e", "v"]].values.tolist()[-1] == ["pfs", -8.2, 25.1]


def test_figures_that_were_named_need_their_outcome_where_there_are_two():
    table = {**HR, "HR OS (95% CI)": ["0.8 (0.6-1.1)"] * 3, "diff": LOGRANK["O-E"]}
    with pytest.raises(mo.OptionError, match=r"of which outcome, pfs, os\? Say it, as by columns=\{'diff': 'pfs.o_min"):
        read(table, columns={"diff": "o_minus_e"})


@pytest.mark.parametrize(
    ("drug", "control"),
    [("Median PFS exp (months)", "Median PFS ctrl (months)"), ("median PFS treatment, months", "mPFS control, months")],
)
def test_medians_of_both_arms_are_known_by_their_names(drug, control):
    found = read({**HR, drug: [12, 20, None], control: [8, 9, None]})
    assert found[["estimate", "estimate_comparator", "unit"]].values.tolist() == [[12, 8, "months"], [20, 9, "months"]]
    assert mo.audit(found)["rule"].tolist() == ["hr_inverted"]


def test_medians_by_the_names_of_effect_sizes_are_read():
    table = {"trial": ["A", "B"], "outcome": "pfs", "unit": "months", "hr": [0.7, 0.8], "hr_low": [0.5, 0.6],
             "hr_high": [0.98, 1.1], "median_t": [12.0, 10.0], "median_c": [8.0, 9.0]}  # fmt: skip
    assert read(table)[["estimate", "estimate_comparator"]].values.tolist() == [[12.0, 8.0], [10.0, 9.0]]


def test_a_unit_in_the_name_of_a_column_of_medians_is_theirs_however_it_is_written():
    table = {"trial": ["A", "B"], "outcome": "pfs", "hr": [0.7, 0.8], "hr_low": [0.5, 0.6], "hr_high": [0.98, 1.1],
             "treatment_median_months": [12.0, 10.0], "comparator_median_months": [8.0, 9.0]}  # fmt: skip
    found = read(table)[["estimate", "estimate_comparator", "unit"]]
    assert found.values.tolist() == [[12.0, 8.0, "months"], [10.0, 9.0, "months"]]
