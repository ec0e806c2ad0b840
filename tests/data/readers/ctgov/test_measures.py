"""Medians, rates, counts and categories of made-up records, and what is left of them with its reason."""

import pytest
from data.readers.registry_records import analysis, categories, denoms, klass, measure, read, reasons, rows

MONTHS = ("Progression-Free Survival", "Months", "MEDIAN")
RATE = ("Objective Response Rate", "percentage of participants", "NUMBER")
COUNT = {"ci": None}


def only(registry, *columns):
    return [tuple(row.get(c) for c in columns) for row in rows(registry)]


def test_a_median_with_its_interval(tmp_path):
    got = read(
        tmp_path, measure(*MONTHS, klass(("12.5", "10.1", "15"), ("8", "7", "9.5")), ci="90% Confidence Interval")
    )
    columns = ("arm", "outcome", "n", "estimate", "ci_low", "ci_high", "ci_level", "unit")
    assert only(got, *columns) == [
        ("Drug", "pfs", 100, 12.5, 10.1, 15, 0.9, "months"),
        ("Control", "pfs", 90, 8, 7, 9.5, 0.9, "months"),
    ]
    assert got.unread.empty


@pytest.mark.parametrize(
    "dispersion", ["Full Range", "Inter-Quartile Range", "Standard Deviation", None, "Confidence Interval"]
)
def test_limits_that_are_no_interval_or_of_no_level_are_left_out(tmp_path, dispersion):
    row = rows(read(tmp_path, measure(*MONTHS, klass(("12", "2", "40")), groups=("Drug",), n=(100,), ci=dispersion)))[0]
    assert row["estimate"] == 12
    assert "ci_low" not in row
    assert "left out" in row["note"]


def test_years_become_months_and_weeks_stay(tmp_path):
    made = [
        measure("Overall Survival", unit, "MEDIAN", klass(("2.5", "2", "3")), groups=("Drug",), n=(50,))
        for unit in ("Years", "Weeks")
    ]
    first, second = (rows(read(tmp_path, one))[0] for one in made)
    assert (first["estimate"], first["ci_high"], first["unit"]) == (30, 36, "months")
    assert (second["estimate"], second["unit"]) == (2.5, "weeks")


@pytest.mark.parametrize(
    ("printed", "open_", "kept"),
    [
        (
            {"value": "NA", "lowerLimit": "20", "upperLimit": "NA", "comment": "Median not reached"},
            "estimate ci_high",
            20,
        ),
        ({"value": "NA", "lowerLimit": "20", "comment": "not estimable: too few events"}, "estimate ci_high", 20),
        ({"value": "22", "lowerLimit": "20", "comment": "The upper limit has not been reached."}, "ci_high", 20),
        ({"value": "22", "lowerLimit": "20", "upperLimit": "NA"}, None, 20),
    ],
)
def test_what_was_not_reached_is_kept(tmp_path, printed, open_, kept):
    row = rows(read(tmp_path, measure(*MONTHS, klass(printed), groups=("Drug",), n=(40,))))[0]
    assert (row.get("not_reached"), row["ci_low"], row["ci_level"]) == (open_, kept, 0.95)


def test_a_median_not_reached_stands_alone(tmp_path):
    printed = {"value": "NA", "lowerLimit": "NA", "upperLimit": "NA", "comment": "Not reached"}
    row = rows(read(tmp_path, measure(*MONTHS, klass(printed), groups=("Drug",), n=(40,))))[0]
    assert row["not_reached"] == "estimate ci_low ci_high"
    assert "ci_level" not in row


@pytest.mark.parametrize("value", ["NA", ">24", "12 (n=3)", "", "1e999", "--", "0,46"])
def test_a_value_that_is_no_number_gives_no_row(tmp_path, value):
    got = read(tmp_path, measure(*MONTHS, klass((value, "2", "40")), groups=("Drug",), n=(100,)))
    assert not rows(got)
    assert len(reasons(got)) == 1


def test_a_proportion_is_turned_by_its_unit_never_by_its_size(tmp_path):
    turned = measure(
        "Objective Response Rate",
        "proportion of participants",
        "MEAN",
        klass(("0.415", "0.30", "0.53"), ("0.2", "0.1", "0.3")),
    )
    kept = measure(*RATE, klass(("0.7", "0.2", "2.1"), ("0.9", "0.3", "3")))
    assert only(read(tmp_path, turned), "estimate", "ci_low", "unit")[0] == (41.5, 30, "percent")
    assert only(read(tmp_path, kept), "estimate", "ci_low")[0] == (0.7, 0.2)


def test_a_count_is_events_and_never_a_rate(tmp_path):
    got = read(
        tmp_path, measure("Objective Response", "Participants", "COUNT_OF_PARTICIPANTS", klass("31", "20"), **COUNT)
    )
    assert only(got, "n", "events", "estimate", "unit") == [(100, 31, None, None), (90, 20, None, None)]


@pytest.mark.parametrize("value", ["31.5", "-1", "101", "31%"])
def test_a_count_that_cannot_be_gives_no_row(tmp_path, value):
    one = measure(
        "Objective Response", "Participants", "COUNT_OF_PARTICIPANTS", klass(value), groups=("Drug",), n=(100,), **COUNT
    )
    assert not rows(read(tmp_path, one))


@pytest.mark.parametrize("values", [("140", "100", "170"), ("30", "40", "50"), ("-3", "-5", "2")])
def test_figures_that_the_evidence_does_not_take_are_left_with_its_reason(tmp_path, values):
    got = read(tmp_path, measure(*RATE, klass(values), groups=("Drug",), n=(10,)))
    assert not rows(got)
    assert got.unread["what"].tolist() == ["row"]


def test_times_of_rates(tmp_path):
    by_class = measure(
        "PFS Rate",
        "percentage of participants",
        "NUMBER",
        klass("80", "70", title="6 months"),
        klass("60", "50", title="Week 52"),
        klass("40", "30", title="2-year PFS rate"),
        timeFrame="Up to 5 years",
        ci=None,
    )
    by_title = measure("12-Month Overall Survival", "Percentage of participants", "NUMBER", klass("80", "70"), ci=None)
    by_frame = measure(
        "Overall Survival",
        "Percentage of participants",
        "NUMBER",
        klass("80", "70"),
        timeFrame="3 years after randomization",
        ci=None,
    )
    none = measure(
        "Overall Survival",
        "Percentage of participants",
        "NUMBER",
        klass("80", "70"),
        timeFrame="Up to 3 years",
        ci=None,
    )
    times = [row["time_months"] for row in rows(read(tmp_path, by_class))]
    assert times == pytest.approx([6, 6, 52 * 7 / 30.4375, 52 * 7 / 30.4375, 24, 24])
    assert {row["time_months"] for row in rows(read(tmp_path, by_title))} == {12}
    assert {row["time_months"] for row in rows(read(tmp_path, by_frame))} == {36}
    left = read(tmp_path, none)
    assert not rows(left)
    assert "a rate at a time" in reasons(left)[0]


def test_classes_of_a_median_that_are_times_are_data_cuts_and_the_later_replaces_the_earlier(tmp_path):
    got = read(
        tmp_path,
        measure(
            *MONTHS,
            klass(("9", "8", "11"), title="12 Months"),
            klass(("10", "8", "12"), title="End of Study"),
            groups=("Drug",),
            n=(50,),
        ),
    )
    first, second = rows(got)
    assert (first["cut"], second["cut"], second["supersedes"]) == ("12 Months", "End of Study", first["row_id"])
    assert "time_months" not in first


def test_interim_and_final_analysis_with_a_date(tmp_path):
    got = read(
        tmp_path,
        measure(
            *MONTHS,
            klass(("9", "8", "11"), title="Final analysis (data cut-off 30 June 2021)"),
            klass(("8", "7", "12"), title="Interim analysis"),
            groups=("Drug",),
            n=(50,),
        ),
    )
    final, interim = rows(got)
    assert (final["data_cut"], final["supersedes"]) == ("2021-06-30", interim["row_id"])


def test_classes_that_are_assessors(tmp_path):
    got = read(
        tmp_path,
        measure(
            "Objective Response Rate (by Independent Review and by Investigator)",
            *RATE[1:],
            klass("30", "20", title="Blinded independent central review"),
            klass("35", "25", title="Investigator assessment"),
            ci=None,
        ),
    )
    assert only(got, "assessor", "estimate") == [("BICR", 30), ("BICR", 20), ("investigator", 35), ("investigator", 25)]


def test_who_judged_by_the_first_text_that_says_it(tmp_path):
    one = measure(
        *MONTHS, klass(("9", "8", "11")), groups=("Drug",), n=(50,), description="Assessed by the investigator."
    )
    both = measure(
        "PFS by BICR", *MONTHS[1:], klass(("9", "8", "11")), groups=("Drug",), n=(50,), description="investigator"
    )
    none = measure(
        *MONTHS, klass(("9", "8", "11")), groups=("Drug",), n=(50,), description="Therapy of investigator's choice."
    )
    assert [rows(read(tmp_path, m))[0]["assessor"] for m in (one, both, none)] == ["investigator", "BICR", "not stated"]


def test_whether_responses_were_confirmed(tmp_path):
    title = {"Confirmed ORR": "yes", "ORR (confirmed and unconfirmed)": "no", "ORR": "not stated"}
    for words, said in title.items():
        got = read(
            tmp_path,
            measure(words, *RATE[1:], klass("30", "20"), ci=None, description="Histologically confirmed cancer."),
        )
        assert {row["confirmed"] for row in rows(got)} == {said}


def test_classes_that_are_subgroups_with_their_own_sizes(tmp_path):
    got = read(
        tmp_path,
        measure(
            "Overall Survival",
            *MONTHS[1:],
            klass(("20", "18", "22"), ("15", "13", "17"), title="All participants"),
            klass(("12", "10", "14"), ("9", "8", "11"), title="KRAS mutant (n=40,38)"),
            klass(("24", "20", "30"), ("18", "15", "22"), title="KRAS wild-type", n=(60, 52)),
            klass(("21", "18", "30"), ("14", "12", "22"), title="Age >= 65 years"),
        ),
    )
    assert only(got, "subgroup_variable", "subgroup_level", "n") == [
        (None, None, 100),
        (None, None, 90),
        ("KRAS", "mutant", 40),
        ("KRAS", "mutant", 38),
        ("KRAS", "wild-type", 60),
        ("KRAS", "wild-type", 52),
        ("age", ">= 65 years", None),
        ("age", ">= 65 years", None),
    ]


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Overall Survival in Participants With PD-L1 TPS >= 50%", ("PD-L1", "TPS >= 50%")),
        ("Overall Survival in the RAS Wild-Type Population", ("RAS", "Wild-Type")),
        ("Overall Survival in All Randomized Participants", (None, None)),
        ("Overall Survival: ITT Population", (None, None)),
    ],
)
def test_a_subgroup_in_the_title_is_never_all_patients(tmp_path, title, said):
    got = read(tmp_path, measure(title, *MONTHS[1:], klass(("12", "10", "14"), ("9", "8", "11"))))
    assert set(only(got, "subgroup_variable", "subgroup_level")) == {said}


def test_a_marker_of_the_whole_trial_is_no_subgroup_and_one_that_may_be_is_unread(tmp_path):
    one = measure(
        "Objective Response in Patients With HER2-Positive Breast Cancer", *RATE[1:], klass("30", "20"), ci=None
    )
    trial = {"conditionsModule": {"conditions": ["HER2-positive Breast Cancer"]}}
    assert set(only(read(tmp_path, one, **trial), "subgroup_variable")) == {(None,)}
    unclear = read(tmp_path, one)
    assert not rows(unclear)
    assert "a part of the patients or all" in reasons(unclear)[0]


def test_a_group_that_is_part_of_another_is_a_subgroup(tmp_path):
    got = read(tmp_path, measure(*RATE, klass("30", "45"), groups=("Drug", "Drug: BRCA mutated"), ci=None))
    assert only(got, "arm", "subgroup_level") == [("Drug", None), ("Drug: BRCA mutated", "mutated")]


RESPONSES = {
    "Complete_Response_(CR)": ("4", "1"),
    "Partial_response": ("30", "20"),
    "Stable_Disease": ("40", "50"),
    "Progressive_Disease": ("20", "15"),
    "Not_evaluable": ("6", "4"),
}


@pytest.mark.parametrize(
    "title", ["Best Overall Response", "Best Overall Response (CR, PR, SD, PD)", "Tumour Assessment"]
)
def test_complete_and_partial_responses_are_added_up(tmp_path, title):
    got = read(tmp_path, measure(title, "Participants", "COUNT_OF_PARTICIPANTS", categories(**RESPONSES), **COUNT))
    assert only(got, "arm", "outcome", "events", "derived") == [
        ("Drug", "orr", 34, "events"),
        ("Drug", "cr", 4, None),
        ("Control", "orr", 21, "events"),
        ("Control", "cr", 1, None),
    ]


def test_categories_as_classes_and_as_percentages(tmp_path):
    held = [klass(*values, title=name.replace("_", " ")) for name, values in RESPONSES.items()]
    got = read(tmp_path, measure("Overall Response Rate", "percentage of participants", "NUMBER", *held, **COUNT))
    assert only(got, "outcome", "estimate", "derived")[0] == ("orr", 34, "estimate")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"Stable_Disease": ("90", "50")}, "add to 150, more than 100"),
        ({"Objective_response_(CR+PR)": ("35", "21")}, "not to the 35"),
        ({"Partial_response": ("NA", "20")}, "has no number"),
    ],
)
def test_categories_that_do_not_add_up_are_unread(tmp_path, change, says):
    made = measure(
        "Best Overall Response", "Participants", "COUNT_OF_PARTICIPANTS", categories(**RESPONSES | change), **COUNT
    )
    got = read(tmp_path, made)
    assert {row["arm"] for row in rows(got)} == {"Control"}
    assert says in " ".join(reasons(got))


def test_the_response_itself_as_a_category(tmp_path):
    got = read(
        tmp_path,
        measure(
            "Objective Response",
            "Participants",
            "COUNT_OF_PARTICIPANTS",
            categories(Responders=("31", "20"), Non_responders=("69", "70")),
            **COUNT,
        ),
    )
    assert only(got, "outcome", "events") == [("orr", 31), ("orr", 20)]


def test_one_class_with_events_and_one_without(tmp_path):
    got = read(
        tmp_path,
        measure(
            "Overall Survival: Deaths",
            "Participants",
            "COUNT_OF_PARTICIPANTS",
            klass("60", "70", title="With event"),
            klass("40", "20", title="Censored"),
            **COUNT,
        ),
    )
    assert only(got, "outcome", "events") == [("os", 60), ("os", 70)]


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (measure(*MONTHS, klass(("9", "8", "10"), ("8", "7", "9")), reportingStatus="NOT_POSTED"), "not posted"),
        (measure(*MONTHS), "no data"),
        (measure(*MONTHS, klass(("9", "8", "10"), ("8", "7", "9")), typeUnitsAnalyzed="Eyes"), "counts Eyes"),
        (measure(*MONTHS, klass(("9", "8", "10"), ("8", "7", "9"), title="Cohort B")), "'Cohort B' is none"),
        (
            measure(*MONTHS, klass(("9", "8", "10"), ("8", "7", "9"), title="Overall survival")),
            "'Overall survival' is none",
        ),
        (measure(*MONTHS, klass(("9", "8", "10")), klass(("8", "7", "9"))), "say nothing by which they differ"),
        (measure(*MONTHS, klass(("9", "8", "10"), ("8", "7", "9")), n=(0, 0)), "no patients"),
    ],
)
def test_what_is_not_understood_has_its_reason(tmp_path, made, says):
    got = read(tmp_path, made)
    assert not rows(got)
    assert says in " ".join(reasons(got))


def test_a_trial_of_no_tumour_and_a_response_of_no_tumour(tmp_path):
    one = measure("Overall Response Rate", *RATE[1:], klass("30", "20"), ci=None)
    lung = read(tmp_path, one, conditionsModule={"conditions": ["Idiopathic Pulmonary Fibrosis"]})
    assert not rows(lung)
    assert reasons(lung) == ["no condition of the record is a tumour"]
    sick = measure(
        "Complete Response Rate",
        *RATE[1:],
        klass("30", "20"),
        ci=None,
        description="No emetic episode, no rescue medication",
    )
    assert not rows(read(tmp_path, sick, conditionsModule={"conditions": ["Breast Cancer"]}))


def test_two_measures_that_say_the_same_are_read_once(tmp_path):
    got = read(
        tmp_path,
        measure(*MONTHS, klass(("9", "8", "10"), ("8", "7", "9"))),
        measure(*MONTHS, klass(("9", "8", "10"), ("8", "7", "9"))),
    )
    assert len(rows(got)) == 2
    assert reasons(got) == ["'Drug' repeats what measure 0 gives", "'Control' repeats what measure 0 gives"]


def test_a_denominator_of_lesions_is_none_of_patients(tmp_path):
    got = read(tmp_path, measure(*MONTHS, klass(("9", "8", "10"), ("8", "7", "9")), denoms=denoms((40, 30), "Lesions")))
    assert only(got, "n", "estimate") == [(None, 9), (None, 8)]


def test_forms_of_a_time_that_was_not_reached(tmp_path):
    def only(value, unit="Months", **more):
        got = read(tmp_path, measure("Overall Survival", unit, "MEDIAN", klass({"value": value, "lowerLimit": "10.2", **more}), groups=("Drug",), n=(50,)))  # noqa: E501  # fmt: skip
        return (rows(got) or [None])[0], got.unread["reason"].tolist()

    for value in ("NE", "not reached", "NR"):
        row, _ = only(value, upperLimit=value)
        assert row["not_reached"] == "estimate ci_high"
        assert row["note"].endswith(f"as the record says: {value}")
        assert "estimate" not in row
    row, reasons = only("99999", upperLimit="99999")
    assert row is None
    assert reasons == ["group 'Drug': its value '99999' is no time, but what forms write where there is none"]
    row, _ = only("9999", upperLimit="9999", comment="Not reached")
    assert row["not_reached"] == "estimate ci_high"
    assert (only("NA")[0], only("999")[0]) == (None, None)
    assert only("999", "Days", upperLimit="1200")[0]["estimate"] == 999


def test_a_level_in_the_unit_two_one_sided_limits_and_ends_of_a_range(tmp_path):
    median = klass(("12.1", "10", "15"), ("8.2", "7", "9.5"))
    got = read(tmp_path, measure("PFS", "Months (95% CI)", "MEDIAN", median, ci=None))
    assert got.evidence["ci_level"].tolist() == [0.95, 0.95]
    ratio = analysis("0.66", "0.5", "0.87", level="97.5", sides="ONE_SIDED", groupDescription="Drug vs Control")
    (drug, _) = rows(read(tmp_path, measure("PFS", "Months", "MEDIAN", median, analyses=[ratio])))
    assert (drug["hr_level"], drug["hr_sides"]) == (0.95, 2)
    assert drug["note"] == "two limits at a one-sided level of 97.5 % are an interval at 95 %"
    ends = klass(("18.2", "1.2+", "34.5+"), ("8.2", "1", "29+"))
    got = read(tmp_path, measure("Duration of Response", "Months", "MEDIAN", ends, ci="Full Range"))
    assert got.evidence["note"].str.startswith("limits are its Full Range").all()
    (row,) = rows(read(tmp_path, measure("ORR per irRECIST", "% of patients", "NUMBER", klass("40"), groups=("Drug",))))
    assert row["note"] == "response by irRECIST, not by RECIST alone"
