"""Hazard and odds ratios of made-up records: levels, sides, scales, directions, nested cohorts, classes."""

from math import exp

import pytest
from data.readers.registry_records import analysis, categories, klass, measure, read, reasons, rows

from metaonc.data.readers.ctgov.contrasts.direction import Side, numerator
from metaonc.data.readers.ctgov.words.values import p_value

MEDIANS = klass(("12", "10", "15"), ("8", "7", "9.5"))
ALIKE = klass(("8", "7", "10"), ("8", "7", "9.5"))
RATIO = ("hr", "hr_low", "hr_high", "hr_level", "hr_sides")
UNTYPED = (("Drug", "OTHER"), ("Control", "OTHER"))


def survival(*analyses, medians=MEDIANS, **more):
    return measure("Progression-Free Survival", "Months", "MEDIAN", medians, analyses=analyses, **more)


def of(registry, arm):
    return next(row for row in rows(registry) if row["arm"] == arm)


def test_a_ratio_stands_in_the_row_of_the_first_arm_alone(tmp_path):
    got = read(tmp_path, survival(analysis("0.6", "0.45", "0.8", pValue="0.001", pValueComment="two-sided")))
    drug, control = of(got, "Drug"), of(got, "Control")
    assert [drug[c] for c in RATIO] == [0.6, 0.45, 0.8, 0.95, 2]
    assert (drug["p_value"], drug["p_sided"], drug["n_comparator"]) == (0.001, 2, 90)
    assert drug["comparator"] == control["arm_id"]
    assert not {"comparator", "hr", "n_comparator", "p_value"} & set(control)
    assert "direction not stated" in drug["note"]


@pytest.mark.parametrize(
    ("made", "columns"),
    [
        (analysis("0.6", None, "0.8", level="97.5", sides="ONE_SIDED"), (0.6, None, 0.8, 0.975, 1)),
        (analysis("0.6", "0.45", "0.8", level="97.5", sides="ONE_SIDED"), (0.6, 0.45, 0.8, 0.95, 2)),
        (analysis("0.6", "0.45", "0.8", level="99.1"), (0.6, 0.45, 0.8, 0.991, 2)),
        (analysis("0.6", "0.45", "0.8", level="96.85", sides=None), (0.6, 0.45, 0.8, 0.9685, None)),
        (analysis("0.6", "0.45", None), (0.6, 0.45, None, 0.95, 2)),
        (analysis("0.6", "0.45", "0.8", level=None), (0.6, None, None, None, None)),  # nobody stated 95 %
        (analysis("0.6", None, None), (0.6, None, None, None, None)),
        (analysis("0.6", "0.45", "0.8", level="50", sides="ONE_SIDED"), (0.6, None, None, None, None)),
        (analysis("-0.5", "-0.8", "-0.2", param="Log Hazard Ratio"), (exp(-0.5), exp(-0.8), exp(-0.2), 0.95, 2)),
        (
            analysis("-0.5", "-0.8", "-0.2", estimateComment="natural log of the hazard ratio"),
            (exp(-0.5), exp(-0.8), exp(-0.2), 0.95, 2),
        ),
    ],
)
def test_levels_sides_and_scales(tmp_path, made, columns):
    assert tuple(of(read(tmp_path, survival(made)), "Drug").get(c) for c in RATIO) == pytest.approx(columns)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (analysis("0.6", "0.45", "0.8", groups=("OG002", "OG003")), "OG002, OG003 are not among those of the measure"),
        (analysis("0.6", "0.45", "0.8", groups=("OG000",)), "not a comparison of two"),
        (analysis("0.6", "0.7", "0.8"), "outside its interval"),
        (analysis("-0.6", "-0.7", "-0.5"), "is not above 0"),
        (analysis("0", "0", "0.5"), "is not above 0"),
        (analysis("120", "1", "130", param="Log Hazard Ratio"), "is no logarithm"),
        (analysis("-0.2", "-0.3", "-0.1", param="Hazard Ratio, log10"), "not the natural one"),
        (analysis("NA", "0.45", "0.8"), "is no number"),
        (analysis("4.2", param="Log Rank Test Statistic"), "no hazard ratio, odds ratio or p value"),
        (analysis("1.4", "1.1", "1.9", param="Odds Ratio (OR)"), "does not go with the outcome"),
        (analysis("1.02", "0.9", "1.1", groupDescription="Hazard ratio per unit of the serum level"), "a covariate"),
        (analysis("0.02", param="Median Difference"), "no hazard ratio, odds ratio or p value"),
    ],
)
def test_what_is_no_ratio_of_the_arms_is_kept_apart(tmp_path, made, says):
    got = read(tmp_path, survival(made))
    assert "hr" not in of(got, "Drug")
    assert says in " ".join(reasons(got))


def test_p_values_and_their_bounds(tmp_path):
    drug = of(
        read(
            tmp_path,
            survival(analysis("0.6", "0.45", "0.8", pValue="<0.0001", statisticalComment="one-sided log-rank")),
        ),
        "Drug",
    )
    assert (drug["p_bound"], drug["p_sided"]) == ("<0.0001", 1)
    assert "p_value" not in drug
    assert p_value("p = 0.04").value == 0.04
    assert p_value("0.04 (two-sided)").value is None
    assert p_value("1.2E-5").value == 1.2e-5
    assert p_value("NS") == p_value("7") == (None, None, None)


def test_a_p_of_non_inferiority_is_no_p_of_a_difference(tmp_path):
    made = analysis("0.6", "0.45", "0.8", pValue="0.001", nonInferiorityType="NON_INFERIORITY_OR_EQUIVALENCE")
    drug = of(read(tmp_path, survival(made)), "Drug")
    assert "p_value" not in drug
    assert "non-inferiority" in drug["note"]


def test_a_test_without_a_ratio_and_beside_one(tmp_path):
    alone = of(read(tmp_path, survival(analysis(pValue="0.03", statisticalMethod="Log Rank"))), "Drug")
    assert (alone["p_value"], alone["n_comparator"]) == (0.03, 90)
    both = read(
        tmp_path, survival(analysis("0.6", "0.45", "0.8"), analysis(pValue="0.03", statisticalMethod="Log Rank"))
    )
    assert (of(both, "Drug")["hr"], of(both, "Drug")["p_value"]) == (0.6, 0.03)


@pytest.mark.parametrize(
    ("comment", "groups", "arm", "hr"),
    [
        ("Hazard ratio of Drug over Control", ("OG000", "OG001"), "Drug", 0.8),
        ("Drug vs. Control", ("OG001", "OG000"), "Drug", 0.8),
        ("HR < 1 favors Drug", ("OG001", "OG000"), "Drug", 0.8),
        ("A hazard ratio greater than 1 favours the Control arm", ("OG001", "OG000"), "Drug", 0.8),
        ("Control was the reference", ("OG001", "OG000"), "Drug", 0.8),
        ("experimental versus comparator", ("OG001", "OG000"), "Drug", 0.8),
        ("Hazard ratio of Control to Drug; Control/Drug", ("OG000", "OG001"), "Drug", 1.25),  # turned
        ("reference group: Drug", ("OG000", "OG001"), "Drug", 1.25),
    ],
)
def test_the_direction_is_what_the_comment_says(tmp_path, comment, groups, arm, hr):
    made = analysis("0.8", "0.5", "1.25", groups=groups, estimateComment=comment)
    got = read(tmp_path, survival(made, medians=ALIKE))
    row = of(got, arm)
    assert row["hr"] == pytest.approx(hr)
    assert [row["hr_low"], row["hr_high"]] == ([0.5, 1.25] if hr == 0.8 else [0.8, 2])
    assert "direction not stated" not in row.get("note", "")
    assert sum("hr" in r for r in rows(got)) == 1


def test_an_inverted_ratio_of_arms_without_types_stands_in_the_row_of_its_own_arm(tmp_path):
    made = analysis("1.6", "1.25", "2", estimateComment="Control over Drug")
    got = read(tmp_path, survival(made), arms=UNTYPED)
    assert of(got, "Control")["hr"] == 1.6
    assert "hr" not in of(got, "Drug")


@pytest.mark.parametrize(
    ("groups", "arms", "medians", "where"),
    [
        (("OG000", "OG001"), UNTYPED, ALIKE, "Drug"),  # nothing speaks against the order
        (("OG001", "OG000"), UNTYPED, MEDIANS, None),  # the medians do
        (("OG001", "OG000"), (("Drug", "EXPERIMENTAL"), ("Control", "PLACEBO_COMPARATOR")), MEDIANS, "Drug"),
        (("OG001", "OG000"), (("Drug", "EXPERIMENTAL"), ("Control", "PLACEBO_COMPARATOR")), ALIKE, None),
    ],
)
def test_a_direction_that_nothing_states(tmp_path, groups, arms, medians, where):
    got = read(tmp_path, survival(analysis("0.6", "0.45", "0.8", groups=groups), medians=medians), arms=arms)
    assert [row["arm"] for row in rows(got) if "hr" in row] == ([where] if where else [])
    assert where or "direction not stated" in " ".join(reasons(got))


def test_texts_that_say_it_both_ways_say_nothing():
    sides = [Side("Drug"), Side("Control")]
    assert numerator(["Drug vs Control, reference group: Drug"], sides, lower_is_better=True) is None
    assert numerator(["An odds ratio above 1 favours Drug"], sides, lower_is_better=False) == 0
    assert numerator(["", "Arm A versus Arm B"], [Side("Arm B: drug"), Side("Arm A: drug")], lower_is_better=True) == 1


def test_several_analyses_of_one_contrast(tmp_path):
    first, other = analysis("0.6", "0.45", "0.8"), analysis("0.7", "0.5", "0.98")
    unclear = read(tmp_path, survival(first, other))
    assert "hr" not in of(unclear, "Drug")
    assert "which is primary is not said" in " ".join(reasons(unclear))
    said = read(tmp_path, survival(other | {"statisticalComment": "Sensitivity analysis, unstratified"}, first))
    assert of(said, "Drug")["hr"] == 0.6


def test_two_levels_of_one_ratio_give_one(tmp_path):
    got = read(tmp_path, survival(analysis("0.6", "0.45", "0.8"), analysis("0.6", "0.41", "0.88", level="99")))
    assert of(got, "Drug")["hr_level"] == 0.95


def test_an_arm_that_is_compared_twice_keeps_one_comparison(tmp_path):
    made = survival(
        analysis("0.6", "0.45", "0.8"),
        analysis("0.7", "0.5", "0.98", groups=("OG000", "OG002")),
        medians=klass(("12", "10", "15"), ("8", "7", "9.5"), ("9", "8", "10")),
        groups=("Drug", "Control", "Other"),
        n=(100, 90, 80),
    )
    got = read(tmp_path, made)
    assert of(got, "Drug")["hr"] == 0.6
    assert "one row holds one comparison" in " ".join(reasons(got))


def test_ratios_of_subgroups_go_to_their_class(tmp_path):
    made = measure(
        "Overall Survival",
        "Months",
        "MEDIAN",
        klass(("20", "18", "22"), ("15", "13", "17"), title="Overall"),
        klass(("12", "10", "14"), ("9", "8", "11"), title="PD-L1 >= 1% (n=60,50)"),
        klass(("24", "20", "30"), ("18", "15", "22"), title="PD-L1 >= 10% (n=20,19)"),
        analyses=[
            analysis("0.8", "0.6", "1.1", groupDescription="ITT population"),
            analysis("0.7", "0.5", "0.9", groupDescription="Participants with PD-L1 ≥1%"),
            analysis("0.5", "0.3", "0.9", estimateComment="in the PD-L1 ≥ 10% subgroup"),
        ],
    )
    got = [
        (row.get("subgroup_level"), row["hr"], row["n_comparator"]) for row in rows(read(tmp_path, made)) if "hr" in row
    ]
    assert got == [(None, 0.8, 90), (">= 1%", 0.7, 50), (">= 10%", 0.5, 19)]


def test_a_ratio_of_which_class_is_not_said_is_unread(tmp_path):
    made = measure(
        "Overall Survival",
        "Months",
        "MEDIAN",
        klass(("12", "10", "14"), ("9", "8", "11"), title="Male"),
        klass(("24", "20", "30"), ("18", "15", "22"), title="Female"),
        analyses=[analysis("0.7", "0.5", "0.9")],
    )
    got = read(tmp_path, made)
    assert not any("hr" in row for row in rows(got))
    assert "which of 2 classes" in " ".join(reasons(got))


def test_an_odds_ratio_goes_to_the_objective_response_of_categories(tmp_path):
    made = measure(
        "Best Overall Response",
        "Participants",
        "COUNT_OF_PARTICIPANTS",
        categories(CR=("4", "1"), PR=("30", "20"), SD=("40", "50"), PD=("26", "19")),
        ci=None,
        analyses=[analysis("1.7", "0.9", "3.2", param="Odds Ratio (OR)", pValue="0.08")],
    )
    row = next(row for row in rows(read(tmp_path, made)) if "odds_ratio" in row)
    assert (row["outcome"], row["arm"], row["or_high"], row["or_level"]) == ("orr", "Drug", 3.2, 0.95)
    assert (row["events"], row["events_comparator"], row["n_comparator"], row["p_value"]) == (34, 21, 90, 0.08)
