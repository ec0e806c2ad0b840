from __future__ import annotations

import pandas as pd
import pytest

import metaonc as mo
from metaonc.data.selection.select import select
from metaonc.errors import ColumnError, DataError, DataWarning, OptionError

pytestmark = pytest.mark.filterwarnings("ignore:the figures of .* are older than the newest")


@pytest.fixture(scope="module")
def lgsoc() -> pd.DataFrame:
    return mo.load("lgsoc").evidence


def reasons(selection) -> dict[str, str]:
    return dict(zip(selection.left_out["row_id"], selection.left_out["reason"], strict=True))


def counts(selection) -> list[tuple[str, float, float]]:
    return list(selection.used[["trial", "events", "n"]].itertuples(index=False, name=None))


def test_response_by_kras(lgsoc):
    got = select(lgsoc, outcome="orr", by="kras", need="counts")
    assert counts(got) == [("RAMP 201", 25, 57), ("RAMP 201", 9, 52), ("FRAME", 7, 10), ("FRAME", 4, 9)]
    assert got.used["subgroup_level"].tolist() == ["mutant", "wild-type"] * 2
    assert got.level == "subgroup_level"
    why = reasons(got)
    assert "does not report the number" in why["ramp201-combo-kras-mut-orr-interim-2024"]
    assert "part of arm 'ramp201-combo'" in why["ramp201-combo-kras-mut-orr-a-2023"]
    assert "without its complement" in why["ramp201-mono-kras-mut-orr-2023"]
    assert "'undetermined', which is no subgroup" in why["frame-lgsoc-kras-undetermined-orr-2021-05"]
    assert "without its complement" in why["frame-lgsoc-kras-g12-orr-2020-08"]
    assert "does not report" in why["milo-binimetinib-kras-mut-orr-2019"]


def test_response_of_all_patients(lgsoc):
    got = select(lgsoc, outcome="orr", need="counts")
    assert counts(got) == [
        ("RAMP 201", 34, 109),
        ("RAMP 201", 3, 30),
        ("FRAME", 11, 26),
        ("LOGS", 34, 130),
        ("LOGS", 8, 130),
        ("MILO", 32, 201),
        ("MILO", 13, 102),
        ("GOG-0239", 8, 52),
        ("GOG-3026", 15, 49),
        ("PARAGON", 5, 36),
        ("Letrozole phase II", 0, 13),
        ("Onapristone basket", 0, 4),
        ("Neoadjuvant abemaciclib", 9, 15),
        ("EMR 200066-012", 3, 32),
        ("EMR 200066-012", 4, 33),
        ("Bevacizumab 2014", 6, 11),
    ]
    assert got.used["arm_id"].is_unique
    why = reasons(got)
    assert why["mda2009-all-orr"].startswith("counts regimens")
    assert why["ago-all-orr"] == "does not report events"
    assert why["frame-lgsoc-all-orr-2020-04"] == "superseded by row frame-lgsoc-all-orr-2025"  # by way of three others
    assert why["gog3026-all-orr-2023"] == "superseded by row gog3026-all-orr-final"
    assert why["milo-binimetinib-all-orr-2019"] == "does not report events"


def test_a_superseded_row_is_told_which_row_of_its_own_level_replaces_it():
    why = reasons(select(mo.load("egfr_crc").evidence, outcome="pfs", by="kras", need="hazard_ratio"))
    for level in ("wt", "mut"):
        newer = f"superseded by row crystal-cetuximab-kras-{level}-pfs-2011"
        assert why[f"crystal-cetuximab-kras-{level}-pfs-2009"] == newer


def test_progression_free_survival_as_hazard_ratios(lgsoc):
    got = select(lgsoc, outcome="pfs", need="hazard_ratio")
    assert got.used.set_index("trial")["hr"].to_dict() == {"LOGS": 0.48, "MILO": 1.21}
    with pytest.raises(DataError, match="names no comparator arm: it is no comparison of two arms"):
        select(lgsoc, outcome="pfs", by="MAPK", need="hazard_ratio")


def test_medians_prefer_independent_review_of_the_same_cut(lgsoc):
    got = select(lgsoc, outcome="pfs", need="median")
    milo = got.used[got.used["trial"] == "MILO"]
    assert milo["estimate"].tolist() == [9.1, 10.6]
    assert "same cut by independent review" in reasons(got)["milo-binimetinib-all-pfs-inv-2016"]


@pytest.mark.parametrize(
    ("outcome", "need"), [("orr", "counts"), ("dcr", "counts"), ("pfs", "median"), ("os", "median")]
)
@pytest.mark.parametrize("name", ["lgsoc", "defactinib"])
@pytest.mark.filterwarnings("ignore:trial GOG-0239 left out, as the median was not reached")
def test_every_row_on_the_question_is_used_or_has_a_reason(name, outcome, need):
    evidence = mo.load(name).evidence
    got = select(evidence, outcome=outcome, need=need)
    asked = evidence[(evidence["outcome"] == outcome) & evidence["subgroup_variable"].isna()]
    assert sorted([*got.used.index, *got.left_out.index]) == asked.index.tolist()
    assert got.left_out["reason"].str.len().min() > 0
    assert len(got.dropped) == len(got.left_out)
    pd.testing.assert_frame_equal(got.used, evidence.loc[got.used.index])


def test_where_narrows_the_rows_whatever_the_case(lgsoc):
    got = select(lgsoc, outcome="orr", where={"regimen": "mek INHIBITOR"})
    assert counts(got) == [("LOGS", 34, 130), ("MILO", 32, 201), ("GOG-0239", 8, 52), ("EMR 200066-012", 4, 33)]
    assert reasons(got)["frame-lgsoc-all-orr-2025"] == "regimen is 'avutometinib + defactinib', not 'mek INHIBITOR'"
    with pytest.raises(ColumnError, match="Did you mean regime='regimen'"):
        select(lgsoc, outcome="orr", where={"regime": "MEK inhibitor"})


def test_rates_at_different_times_do_not_mix():
    evidence = mo.load("defactinib").evidence
    whole = evidence[evidence["outcome"] == "pfs_rate"].assign(subgroup_variable=None, subgroup_level=None)
    two = whole.drop_duplicates("trial")
    with pytest.raises(DataError, match=r"different times \(2.76 months, 6 months\)"):
        select(two, outcome="pfs_rate")
    assert len(select(two, outcome="pfs_rate", where={"time_months": 6}).used) == 1
    assert "different times: 2.76 months, 5.5 months, not stated" in select(evidence, outcome="dcr").rule


@pytest.mark.parametrize(
    ("question", "error", "says"),
    [
        (
            {"outcome": "pfs", "need": "counts"},
            OptionError,
            "need='counts' is not for outcome='pfs', a time: choose from 'hazard_ratio'",
        ),
        (
            {"outcome": "orr", "need": "median"},
            OptionError,
            "not for outcome='orr', a proportion: choose from 'counts'",
        ),
        ({"outcome": "orr", "need": "count"}, OptionError, "Did you mean 'counts'"),
        ({"outcome": "response"}, OptionError, "outcome='response' is not an option"),
        ({"outcome": "orr", "by": "ECOG"}, DataError, "neither a subgroup variable of the table .*'KRAS'"),
        (
            {"outcome": "os", "by": "KRAS", "need": "median"},
            DataError,
            r"no row reports os by KRAS; the table has orr \(all",
        ),
        ({"outcome": "orr", "by": "MAPK"}, DataError, "all 4 were left out, the first .*does not report the number"),
    ],
)
def test_a_question_without_an_answer_says_what_is_there(lgsoc, question, error, says):
    with pytest.raises(error, match=says):
        select(lgsoc, **question)


USER = {"trial": ["A", "A", "B", "B"], "outcome": ["orr"] * 4, "n": [10, 12, 20, 22], "events": [3, 4, 5, 6]}


def test_a_plain_column_of_a_users_table_is_a_subgroup():
    table = pd.DataFrame(USER | {"kras": ["mut", "wt", "mut", "wt"]})
    got = select(table, outcome="orr", by="KRAS")
    assert got.level == "kras"
    assert got.used.equals(table)
    blank = select(table.assign(kras=["mut", "wt", "mut", None]), outcome="orr", by="kras")
    assert blank.used["trial"].tolist() == ["A", "A"]
    assert blank.left_out["reason"].str.contains("no subgroup|complement").all()


def test_the_rule_never_guesses():
    table = pd.DataFrame(USER)
    with pytest.raises(DataError, match="trial 'A': row 0 and row 1 report the same patients: say in supersedes"):
        select(table, outcome="orr")
    assert len(select(table.assign(arm=["x", "y"] * 2), outcome="orr").used) == 4
    assert select(table.assign(data_cut=["2021", "2022"] * 2), outcome="orr").used["n"].tolist() == [12, 22]
    with pytest.raises(DataError, match="row 0 and row 1"):
        select(table.assign(data_cut=["2021", "2021-05"] * 2), outcome="orr")  # the first may be later in 2021
    with pytest.raises(DataError, match="row 0 and row 1"):
        select(table.assign(data_cut=[None, "2022"] * 2), outcome="orr")
    named = table.assign(row_id=["a1", "a2", "b1", "b2"], supersedes=["a2", None, "b2", None])
    assert select(named, outcome="orr").used["row_id"].tolist() == ["a1", "b1"]
    with pytest.raises(DataError, match=r"where=\{'time_months': 3\}"):
        select(table.assign(outcome="dcr", time_months=[3, 6] * 2), outcome="dcr")


def test_a_circle_is_refused_and_names_of_arms_belong_to_a_trial():
    table = pd.DataFrame(USER).assign(row_id=["a1", "a2", "b1", "b2"])
    with pytest.raises(DataError, match="supersedes of row a1 leads in a circle"):
        select(table.assign(supersedes=["a2", "a1", None, None]), outcome="orr")
    arms = table.assign(arm=["all", "low dose"] * 2, nested_in=[None, "all", None, None])
    assert select(arms, outcome="orr").used["row_id"].tolist() == ["a1", "b1", "b2"]
    with pytest.raises(DataError, match="nested_in of arm 'all' leads in a circle"):
        select(arms.assign(nested_in=["low dose", "all", None, None]), outcome="orr")


def test_two_cuts_with_different_levels_are_still_the_same_patients():
    table = pd.DataFrame(USER | {"trial": ["A"] * 4, "allele": ["G12C", "G12D", "mut", "wt"], "assessor": list("xxyy")})
    with pytest.raises(DataError, match="row 0 and row 2 report the same patients"):
        select(table, outcome="orr", by="allele")


def test_hazard_ratios_of_a_users_table_need_no_comparator_column():
    table = {"trial": ["A", "A"], "outcome": ["os"] * 2, "hr": [0.4, 1], "hr_low": [0.3, 0.8], "hr_high": [0.6, 1.3]}
    got = select(table | {"kras": ["wt", "mut"]}, outcome="os", by="kras", need="hazard_ratio")
    assert len(got.used) == 2


def test_a_nested_arm_stands_in_where_the_whole_arm_is_silent(lgsoc):
    silent = lgsoc[lgsoc["row_id"] != "ramp201-combo-all-orr-2024"]
    got = select(silent, outcome="orr")
    assert ("RAMP 201", 13, 29) in counts(got)


def test_comparisons_are_chosen_by_any_of_their_forms():
    table = pd.DataFrame(
        {
            "trial": ["A", "B", "C", "D"],
            "outcome": ["os"] * 4,
            "comparator": ["control"] * 3 + [None],
            "hr": [0.8, None, None, 0.7],
            "hr_low": [0.6, None, None, 0.5],
            "hr_high": [1.1, None, None, 0.9],
            "o_minus_e": [None, -3.1, None, None],
            "v": [None, 12.0, 9.0, None],
        }
    )
    got = select(table, outcome="os", need="hazard_ratio")
    assert list(got.used["trial"]) == ["A", "B"]
    assert list(got.left_out["reason"]) == [
        "does not report o_minus_e",
        "names no comparator arm: it is no comparison of two arms",
    ]


def test_counts_of_both_arms():
    rows = mo.load("greb2008").evidence
    got = select(rows, outcome="cr", need="two_arms")
    assert len(got.used) == 14
    with pytest.raises(DataError, match="does not report the number of patients and of events in both arms"):
        select(
            rows.assign(events_comparator=None, n_comparator=None, events=None, n=None), outcome="cr", need="two_arms"
        )


def test_a_column_of_ones_own_that_tells_two_rows_apart_is_named():
    table = {"trial": ["A", "A"], "outcome": ["orr", "orr"], "n": [10, 12], "events": [3, 4], "Cohort": ["1L", "2L"]}
    said = (
        r"report the same patients: Cohort is '1L' and '2L'; if it names subgroups, give by='Cohort'; if arms, read it "
        r"as such, by columns=\{'Cohort': 'arm_id'\}; or choose with where=\{'Cohort': '1L'\}\."
    )
    with pytest.raises(DataError, match=said):
        mo.select(table, outcome="orr")
    assert len(mo.select(table, outcome="orr", by="Cohort").used) == 2
    assert mo.select(table, outcome="orr", where={"Cohort": "1L"}).used["events"].tolist() == [3]
    assert len(mo.select(mo.read_trials(table, columns={"Cohort": "arm_id"}), outcome="orr").used) == 2


def test_two_trials_of_one_author_are_told_to_be_named_with_their_year():
    table = {"study": ["Agarwal", "Agarwal"], "year": [2000, 2002], "n": [100, 50], "events": [18, 5]}
    rows = mo.read_trials(table, constants={"outcome": "orr"})
    said = (
        r"year is 2000 and 2002; if they are two trials, name them by both columns, columns=\{'study': 'trial', 'year'"
    )
    with pytest.raises(DataError, match=said):
        mo.select(rows, outcome="orr")
    both = mo.read_trials(table, columns={"study": "trial", "year": "trial"}, constants={"outcome": "orr"})
    assert mo.select(both, outcome="orr").used["trial"].tolist() == ["Agarwal 2000", "Agarwal 2002"]
    levels = {"trial": ["A", "A"], "outcome": ["orr", "orr"], "n": [10, 12], "events": [3, 4], "lines": [1, 2]}
    with pytest.raises(DataError, match=r"lines is 1 and 2; .* where=\{'lines': 1\}"):
        mo.select(levels, outcome="orr")


# ---------------------------------------------------------------- older than the newest cut, and the other cuts


def test_a_subgroup_older_than_the_newest_cut_of_its_arm_is_said(lgsoc):
    with pytest.warns(
        DataWarning, match=r"the figures of FRAME by KRAS \(published 2021-05\) are older than the newest"
    ):
        got = select(lgsoc, outcome="orr", by="KRAS")
    (said,) = got.cautions
    assert "Used: mutant 7/10; wild-type 4/9 (of 11/21 in all)" in said
    assert "newest: LGSOC cohort 11/26, not by KRAS (row frame-lgsoc-all-orr-2025)" in said


TRIAL = {"trial": "A", "arm_id": "a", "outcome": "orr", "subgroup_variable": None, "subgroup_level": None}
SPLIT = [
    TRIAL | {"row_id": f"k{i}", "subgroup_variable": "KRAS", "subgroup_level": level, "n": 10, "events": 4 + i}
    for i, level in enumerate(("mutant", "wild-type"))
]  # fmt: skip
ALL_OLD, ALL_NEW = (TRIAL | {"row_id": name, "n": n, "events": 10} for name, n in (("old", 20), ("new", 26)))


@pytest.mark.parametrize(
    ("split", "old", "new", "is_said"),
    [
        ({"data_cut": "2021"}, {"data_cut": "2021"}, {"data_cut": "2023"}, True),
        ({"data_cut": "2021"}, {"data_cut": "2021"}, {"data_cut": "2021-05"}, False),  # cannot be told apart
        ({"published": "2021"}, {"published": "2021"}, {"published": "2023"}, True),
        ({"published": "2021"}, {"published": "2021"}, {"data_cut": "2022-01"}, True),
        ({"data_cut": "2021"}, {"data_cut": "2021"}, {"published": "2023"}, False),  # of an older cut, perhaps
        ({}, {}, {"supersedes": "old"}, True),  # no dates: the split is of the cut that is replaced
        ({}, {}, {}, False),
        ({"published": "no"}, {"published": "no"}, {"published": "yes"}, False),  # a user's own column, of no dates
        ({"data_cut": "2023"}, {"data_cut": "2021"}, {"data_cut": "2022"}, False),
        ({"data_cut": "2021"}, {"data_cut": "2021"}, {"data_cut": "2023", "arm_id": "b"}, False),
        ({"data_cut": "2021"}, {"data_cut": "2021"}, {"data_cut": "2023", "arm_id": "b", "nested_in": "a"}, True),
        ({"data_cut": "2021"}, {"data_cut": "2021"}, {"data_cut": "2023", "outcome": "dcr"}, False),
        ({"data_cut": "2021"}, {"data_cut": "2021"}, {"data_cut": "2023", "unit_of_analysis": "regimen"}, False),
    ],
)
def test_what_is_newer_is_told_by_dates_and_by_what_replaces_what(split, old, new, is_said):
    rows = [*(row | split for row in SPLIT), ALL_OLD | old, ALL_NEW | new]
    frame = pd.DataFrame(rows)
    for column in ("supersedes", "data_cut", "published", "nested_in", "unit_of_analysis"):
        frame[column] = frame.get(column, None)
    assert bool(select(frame, outcome="orr", by="KRAS").cautions) is is_said


def test_an_update_of_one_level_is_newer_than_the_pair_that_is_pooled():
    egfr = mo.load("egfr_crc").evidence
    got = select(egfr, outcome="os", by="KRAS", need="hazard_ratio")
    assert [c.split(" by ")[0] for c in got.cautions] == ["the figures of PRIME", "the figures of 20050181"]
    assert "newest: wild-type HR 0.83 (0.7 to 0.98), not in full as is pooled here" in got.cautions[0]


def test_the_other_cuts_are_those_that_could_be_pooled(lgsoc):
    got = select(lgsoc, outcome="orr", by="KRAS")
    name = lgsoc["row_id"]
    found = {(a.trial, a.cut): ([name[i] for i in a.rows], [name[i] for i in a.replaces]) for a in got.alternatives}
    assert set(found) == {("RAMP 201", "2023"), ("FRAME", "2020-08")}
    assert found["FRAME", "2020-08"] == (["frame-lgsoc-kras-g12-orr-2020-08"], [])
    left = {i for a in got.alternatives for i in a.rows}
    assert left <= set(got.left_out.index)
    assert not left & set(got.used.index)


def _medians() -> pd.DataFrame:
    return pd.DataFrame(
        {"trial": list("ABCD"), "arm": "x", "outcome": "pfs", "unit": "months", "estimate": [6.4, None, 8.2, 10.0],
         "ci_low": [5.1, 14.1, 6.6, 8.2], "ci_high": [8.0, None, 9.7, 12.7],
         "not_reached": [None, "estimate ci_high", None, None]}
    )  # fmt: skip


def test_a_median_not_reached_is_left_out_with_a_caution_and_the_way_to_take_it():
    with pytest.warns(mo.DataWarning, match="trial B left out, as the median was not reached"):
        found = mo.select(_medians(), outcome="pfs", need="median")
    assert found.left_out["reason"].tolist() == [
        "its median was not reached; survival.pool_medians takes it, with at_least= a time that it exceeds"
    ]
    said = "the pool is of the trials where patients live shorter"
    assert said in found.cautions[0]
    result = mo.analyse(_medians(), outcome="pfs").result
    assert said in str(result)
    assert said in str(mo.results_text(result))


def test_a_median_not_reached_of_which_another_row_is_used_is_no_caution():
    table = pd.concat([_medians(), _medians()[1:2].assign(estimate=19.0, not_reached=None)], ignore_index=True)
    table["data_cut"] = ["2020", "2020", "2020", "2020", "2022"]
    found = mo.select(table, outcome="pfs", need="median")
    assert found.cautions == ()
    assert 4 in found.used.index
