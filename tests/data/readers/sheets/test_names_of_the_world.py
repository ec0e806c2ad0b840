"""Columns as people call them: limits by letters, quantiles, measures and counts by their values; else a question."""

import warnings

import pytest

import metaonc as mo

TRIALS = ["Alpha 2019", "Beta 2020", "Gamma 2021"]
HR, LOW, HIGH = [0.74, 0.81, 0.66], [0.60, 0.70, 0.50], [0.91, 0.94, 0.87]
LOG, SE = [-0.301, -0.211, -0.416], [0.106, 0.075, 0.141]
EVENTS, N, EVENTS_C, N_C = [20, 33, 41], [100, 120, 150], [30, 44, 60], [98, 121, 149]


def read(table, **how):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.DataWarning)
        return mo.read_trials(table, **how)


def refused(table, **how):
    with pytest.raises(mo.errors.MetaoncError) as problem:
        read(table, **how)
    return str(problem.value)


def why(table, column):
    said = mo.read_as(table).set_index("column")
    return said.loc[column, "how"]


@pytest.mark.parametrize(
    ("point", "low", "high"),
    [
        ("HR", "HR_L", "HR_U"),
        ("HR", "HRL", "HRU"),
        ("HR", "CILL", "CIUL"),
        ("HR", "lowHR", "uppHR"),
        ("HR", "low", "up"),
        ("HR", "CI min", "CI max"),
        ("HR", "2.5%", "97.5 %"),
        ("HR", "X2.5.", "X97.5."),
        ("HR", "HR.95L", "HR.95H"),
        ("HR.OS", "L.OS", "U.OS"),
        ("HR_os", "HR_os_l", "HR_os_u"),
    ],
)
def test_limits_are_known_by_their_names(point, low, high):
    got = read({"Study": TRIALS, point: HR, low: LOW, high: HIGH})
    assert got[["hr", "hr_low", "hr_high"]].to_numpy().T.tolist() == [HR, LOW, HIGH]


def test_a_letter_alone_is_no_limit():
    for letter in ("HR_U", "HR_L"):  # of the univariable model, of a lower dose
        got = read({"Study": TRIALS, "HR": HR, "HR_low": LOW, "HR_high": HIGH, letter: HR})
        assert got["hr_high"].tolist() == HIGH
        assert why(got, letter) == "not read"


def test_one_limit_without_the_other_is_not_read():
    got = read({"Study": TRIALS, "HR": HR, "HR lower": LOW, "logHR": LOG, "SE": SE})
    assert "hr_low" not in got
    assert why(got, "HR lower") == "not read"


@pytest.mark.parametrize(
    ("log", "se"), [("lhr", "selhr"), ("lhr", "se_lhr"), ("logHR", "seTE"), ("OS_logHR", "seTE"), ("lnHR", "SE")]
)
def test_logarithms_and_their_errors_are_known_by_their_names(log, se):
    got = read({"Study": TRIALS, log: LOG, se: SE})
    assert got[["log_hr", "log_hr_se"]].to_numpy().T.tolist() == [LOG, SE]


def test_a_variance_is_told_to_be_one():
    assert "'var_logHR' (a variance: write its square root" in refused({"Study": TRIALS, "logHR": LOG, "var_logHR": SE})


@pytest.mark.parametrize("name", ["OmE", "O.E", "O minus E"])
def test_log_rank_statistics_of_tables_of_r(name):
    got = read({"trial": TRIALS, name: [-1.8, 11.8, -7.4], "V": [14.5, 57.1, 80.6]})
    assert got[["o_minus_e", "v"]].to_numpy().tolist() == [[-1.8, 14.5], [11.8, 57.1], [-7.4, 80.6]]
    assert "v" not in read({"trial": TRIALS, "V": [14.5, 57.1, 80.6], "Events": EVENTS, "n": N})


@pytest.mark.parametrize("names", [("Ee", "Ne", "Ec", "Nc"), ("Et", "Nt", "Ec", "Nc"), ("r.t", "n.t", "r.c", "n.c"),
                                   ("evtrt", "ntrt", "evctrl", "nctrl")])  # fmt: skip
def test_counts_of_two_arms_are_known_together(names):
    table = dict(zip(names, (EVENTS, N, EVENTS_C, N_C), strict=True))
    got = read({"study": TRIALS, **table})
    assert got[["events", "n", "events_comparator", "n_comparator"]].to_numpy().T.tolist() == [EVENTS, N, EVENTS_C, N_C]
    for name in names if names[0] != "evtrt" else ():  # whose words say by themselves what they are
        left = {n: v for n, v in table.items() if n != name}
        assert "the table holds no figures" in refused({"study": TRIALS, **left})


@pytest.mark.parametrize(
    "names", [("Experimental", "Control"), ("ORR_exp", "ORR_ctrl"), ("Treatment (n/N)", "Placebo (n/N)")]
)
def test_fractions_of_two_arms_are_counts(names):
    cells = [[f"{e}/{n}" for e, n in zip(*arm, strict=True)] for arm in ((EVENTS, N), (EVENTS_C, N_C))]
    got = read({"Study": TRIALS, **dict(zip(names, cells, strict=True))})
    assert got[["events", "n", "events_comparator", "n_comparator"]].to_numpy().T.tolist() == [EVENTS, N, EVENTS_C, N_C]


def test_numbers_of_two_arms_under_an_outcome_are_asked_for():
    said = refused({"Study": TRIALS, "ORR_exp": EVENTS, "N_exp": N, "ORR_ctrl": EVENTS_C, "N_ctrl": N_C})
    assert "'ORR_exp' (counts or percentages of one arm?)" in said


def test_a_count_with_its_percentage_is_a_count():
    got = read({"Study": TRIALS, "ORR": [f"{e} ({100 * e / n:.1f}%)" for e, n in zip(EVENTS, N, strict=True)], "N": N})
    assert got[["events", "n"]].to_numpy().T.tolist() == [EVENTS, N]


def test_rates_under_names_of_counts_are_none():
    """r1 and n1 may be a rate and responders: neither is a count of a pool of hazard ratios."""
    table = {
        "Study": TRIALS,
        "r1": [0.62, 0.6, 0.68],
        "n1": [297, 121, 182],
        "r2": [0.61, 0.64, 0.58],
        "n2": [296, 130, 156],
    }
    got = read({**table, "HR": HR, "lower": LOW, "upper": HIGH})
    assert "n" not in got
    assert "n_comparator" not in got
    assert why(got, "r1") == "most of its figures are no whole numbers"
    counts = read({"Study": TRIALS, "e1": EVENTS, "n1": N, "e2": EVENTS_C, "n2": N_C})
    assert counts["n_comparator"].tolist() == N_C


def test_patients_are_those_randomised_where_a_number_says_so():
    assert read({"Study": TRIALS, "Events": EVENTS, "Randomised": N})["n"].tolist() == N
    got = read({"Study": TRIALS, "Randomized": ["yes", "no", "yes"], "HR": HR, "lower": LOW, "upper": HIGH})
    assert why(got, "Randomized") == "it holds no numbers"


@pytest.mark.parametrize("column", ["Effect", "Type", "Effect measure (RR, OR, HR)", "Statistic"])
def test_a_column_of_measures_is_known_by_its_values(column):
    table = {"Study": TRIALS, "Estimate": HR, "CILL": LOW, "CIUL": HIGH}
    got = read({**table, column: ["HR", "hazard ratio", "OR"]})
    assert got["hr"].tolist()[:2] == HR[:2]
    assert got["odds_ratio"].tolist()[2] == HR[2]
    assert "no column says of which measure" in refused({**table, column: ["HR", "SMD", "OR"]})
    asked = read({**table, "kind": ["HR", "SMD", "HR"]}, columns={"kind": "measure"}, skip=[1])
    assert asked["hr"].tolist() == [HR[0], HR[2]]


def test_logarithms_beside_a_column_of_measures():
    got = read({"Study": TRIALS, "TE": LOG, "seTE": SE, "sm": ["HR", "HR", "OR"]})
    assert got["log_hr"].tolist()[:2] == LOG[:2]
    assert got[["log_or", "log_or_se"]].to_numpy().tolist()[2] == [LOG[2], SE[2]]


@pytest.mark.parametrize(
    "name", ["Study (year)", "Reference", "Publication", "Cohort", "Trial name/Acronym", "PMID", "id"]
)
def test_trials_are_named_by_what_people_call_them(name):
    assert read({name: TRIALS, "HR": HR, "lower": LOW, "upper": HIGH})["trial"].tolist() == TRIALS


def test_a_surer_name_of_the_trials_counts_whatever_its_blanks():
    got = read({"id": [1, 2, 3], "reference": ["placebo"] * 3, "Study": TRIALS, "HR": HR, "lower": LOW, "upper": HIGH})
    assert got["trial"].tolist() == TRIALS


def test_a_review_beside_its_studies_is_asked_for():
    table = {"HR": [*HR, *HR], "lower": [*LOW, *LOW], "upper": [*HIGH, *HIGH]}
    authors = ["Wiencke 2017", "Wang 2017", "Mason 2017", "Auezova 2016", "Kaya 2016", "Han 2015"]
    said = refused({"Study": ["Zhang J"] * 6, "Author": authors, **table})
    assert "'Study', 'Author': which names the trials? if 'Author', say columns={'Author': 'trial'}" in said
    assert (
        read({"Study": ["Zhang J"] * 6, "Author": authors, **table}, columns={"Author": "trial"})["trial"].tolist()
        == authors
    )


def test_a_median_is_in_no_unit_unless_it_is_said():
    """mOS is a median of overall survival, mos are months."""
    for name in ("mOS", "median_os"):
        table = {"Study": TRIALS, name: [13.1, 10.5, 13.3], "lcl_os": [11.8, 8.2, 11.9], "ucl_os": [15.5, 13.3, 16.4]}
        assert "constants={'unit': 'months'}" in refused(table)
        got = read(table, constants={"unit": "months"})
        assert got[["outcome", "estimate", "ci_low", "unit"]].iloc[0].tolist() == ["os", 13.1, 11.8, "months"]
    said = refused({"Study": TRIALS, "x": [13.1, 10.5, 13.3]}, columns={"x": "os.estimate"})
    assert "The unit of 'x' is not known: give constants={'unit': 'months'}" in said


def test_what_the_caller_says_is_not_disputed_by_a_name_alike():
    got = read({"Study": TRIALS, "N": [33, 39, 48], "treated": [6, 6, 21], "fatigue": [3, 0, 6]},
               columns={"treated": "n", "fatigue": "fatigue.events"})  # fmt: skip
    assert got["n"].tolist() == [6, 6, 21]


def test_one_limit_that_is_said_leads_to_the_other():
    table = {"Study": TRIALS, "HR": HR, "Low CI": LOW, "Upper CI": HIGH, "L low CI": LOW}
    assert "columns={'Low CI': 'hr_low'}" in refused(table)
    assert read(table, columns={"Low CI": "hr_low", "L low CI": None})["hr_high"].tolist() == HIGH


def test_a_whole_lower_limit_before_a_comma_is_one():
    got = read({"Study": TRIALS, "HR": [1.24, 1.1, 0.6], "95% CI": ["[1,1.53]", "[0.9,1.4]", "[0.412,0.871]"]})
    assert got[["hr_low", "hr_high"]].to_numpy().tolist() == [[1, 1.53], [0.9, 1.4], [0.412, 0.871]]


def test_numbers_of_rows_that_r_writes_are_no_study(tmp_path):
    file = tmp_path / "r.csv"
    file.write_text('"study","Ee","Ne","Ec","Nc"\n"1","Chay 1992",1,10,6,10\n"2","Rackham 1989",31,68,38,65\n')
    got = read(file)
    assert got[["trial", "events", "n_comparator"]].to_numpy().tolist() == [
        ["Chay 1992", 1, 10],
        ["Rackham 1989", 31, 65],
    ]
    file.write_text("study,Ee,Ne,Ec,Nc\n1,Chay,1,10,6,10\n2,Rackham,31,68,38,65\n")  # may be decimal commas
    assert "has 6 values for 5 columns" in refused(file)


def test_words_below_the_header_are_left_out_by_a_line_of_the_message():
    table = {
        "Study": ["Mandatory.", *TRIALS],
        "Sample size": ["Number of participants.", *N],
        "Cases": ["Number.", *EVENTS],
    }
    assert "To leave the row out, give skip=[0]" in refused(table)
    assert read(table, skip=[0])["events"].tolist() == EVENTS


def test_a_recognised_column_is_named_where_its_figures_cannot_be():
    said = refused({"Study": TRIALS, "Responders": [20, 33, 41], "Patients": [10, 120, 150]})
    assert "was recognised as" in said
    assert "to leave it unread, give columns={" in said


@pytest.mark.parametrize("ending", [".rda", ".dta", ".sas7bdat", ".sav", ".docx"])
def test_other_files_are_told_how_they_are_given(tmp_path, ending):
    file = tmp_path / f"trials{ending}"
    file.write_bytes(b"\0\1")
    assert "is no table that can be read here:" in refused(file)


@pytest.mark.parametrize("names", [("tpos", "tneg", "cpos", "cneg"), ("ai", "bi", "ci", "di")])
def test_patients_are_those_with_and_without_an_event(names):
    table = {
        "study": ["Aronson", "Ferguson"],
        **dict(zip(names, ([4, 6], [119, 300], [11, 29], [128, 274]), strict=True)),
    }
    got = read(table)
    rows = got[["events", "n", "events_comparator", "n_comparator"]].to_numpy().tolist()
    assert rows == [[4, 123, 11, 139], [6, 306, 29, 303]]
    assert mo.read_as(got)["read_as"].tolist()[1] == "non_events"
    assert why(got, names[1]) == "recognised"


def test_a_fourfold_table_of_letters_is_read_as_it_is_said():
    table = {"study": ["A", "B"], "a": [4, None], "b": [119, 300], "c": [11, 29], "d": [128, 274]}
    assert "the table holds no figures" in refused(table)
    said = {"a": "death.events", "b": "death.non_events", "c": "death.events_comparator",
            "d": "death.non_events_comparator"}  # fmt: skip
    got = read(table, columns=said, skip=[1])
    assert got[["outcome", "events", "n", "n_comparator"]].to_numpy().tolist() == [["death", 4, 123, 139]]
    assert "without its events" in refused(table, columns={"b": "non_events", "c": "events_comparator"})
    assert "are no whole numbers" in refused({**table, "b": ["119 (97%)", 300]}, columns=said)


def test_tables_of_another_kind_are_told_where_they_go():
    patients = {"time": [0.5, 3.1, 4.2], "event": [1, 0, 1], "arm": ["a", "b", "b"]}
    assert "If each row is a patient, the table is one for survival.pool_ipd" in refused(patients)
    means = {"author": TRIALS, "mean.e": LOG, "sd.e": SE, "mean.c": LOG, "sd.c": SE}
    assert "read by effect_sizes" in refused(means)
    rates = {"Study": TRIALS, "IRR": HR, "IRR_lower": LOW, "IRR_upper": HIGH}
    assert "is no hazard, odds or risk ratio" in refused(rates)


def test_an_example_is_of_a_column_that_may_hold_a_figure():
    assert "columns={'total': 'orr.n'}" in refused({"study": TRIALS, "id": [1, 2, 3], "stroke": EVENTS, "total": N})
    assert "columns={'rcode': 'trial'}" in refused({"rcode": ["X1", "X2", "X3"], "effect": LOG, "effectSD": SE})
    said = refused({"Study": TRIALS, "alive": EVENTS, "of": N}, columns={"alive": "os_rate.events", "of": "os_rate.n"})
    assert "Give the time, as by constants={'time_months': 60}" in said
