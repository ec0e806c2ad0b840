"""What the second reading of the sources settled is in the collections, each figure with its standing."""

from pathlib import Path

import pandas as pd
import pytest

import metaonc as mo
from metaonc.data.schema.fields import PRINTED
from metaonc.data.schema.verification import standing

FACTS = Path(__file__).parents[4] / "shared" / "facts"
NAMES = ("lgsoc", "defactinib", "egfr_crc", "egfr_v_bev", "g12c")
SETTLED = ("confirmed", "fills a blank", "more exact")
# No interval was printed: what digitised curves give is in the note. "Not estimable" is in the column not_reached.
NO_FIGURE = r"digitised|not estimable|not reached"


@pytest.fixture(scope="module")
def evidence():
    return {name: mo.load(name).evidence for name in mo.datasets().index}


def test_the_verification_of_every_row_follows_from_what_was_read(evidence):
    for rows in evidence.values():
        for row in rows.to_dict("records"):
            assert row["verification"] == standing(row, reproduced=row["verification"] == "reproduced"), row["row_id"]


def test_the_p_value_of_the_interaction_is_none_of_the_comparison(evidence):
    rows = evidence["egfr_crc"].set_index("row_id")
    names = [f"crystal-cetuximab-kras-wt-{outcome}-2009" for outcome in ("orr", "pfs", "os")]
    assert rows.loc[names, "p_interaction"].tolist() == [0.03, 0.07, 0.44]  # the abstract of 2009
    assert rows.loc[names[0], ["p_value"]].isna().all()  # that of 1.91 (1.24 to 2.93) would be 0.003
    assert evidence["lgsoc"].set_index("row_id").loc["logs-trametinib-mapk-alt-orr", "p_interaction"] == 0.054


@pytest.mark.parametrize("name", ["egfr_crc", "g12c"])
def test_a_data_cut_is_no_year_of_publication(evidence, name):
    cuts, years = evidence[name]["data_cut"].dropna(), evidence[name]["published"].dropna()
    assert cuts.str.fullmatch(r"\d{4}-\d{2}-\d{2}").all()
    assert len(years) >= len(evidence[name]) - 6  # of the update of PRIME and of fulzerasib none was found
    assert not evidence[name]["note"].str.contains("year of publication", na=False).any()


def test_no_note_says_what_an_article_printed_that_nobody_opened(evidence):
    for name in NAMES:
        unread = evidence[name][evidence[name]["read_fields"].isna()]
        assert not unread["note"].str.contains("the article prints|was not printed", na=False).any()


def test_every_figure_that_was_settled_is_marked_as_read(evidence):
    if not FACTS.is_dir():
        pytest.skip("the readings are not here")
    held = pd.read_csv(FACTS / "verified.csv", dtype=str).fillna("")
    held = held[held["verdict"].isin(SETTLED) & held["column"].isin(PRINTED)]
    held = held[~held["where_in_source"].str.contains("grade D") & ~held["source_value"].str.contains(NO_FIGURE)]
    assert len(held) == 262
    missing = [line for line in held.to_dict("records") if not _is_read(evidence[line["collection"]], line)]
    assert missing == []


def _is_read(rows, line):
    """Tell whether a row about the same patients, outcome and cut names the figure as read, or as worked out of one."""
    variable, _, level = line["subgroup"].partition(" ")
    about = (
        rows["arm_id"].eq(line["arm"]) & rows["outcome"].eq(line["outcome"])
        & rows["subgroup_variable"].fillna("").eq(variable) & rows["subgroup_level"].fillna("").eq(level)
    )  # fmt: skip
    found = rows[about]
    if line["data_cut"]:
        year = line["data_cut"][:4]
        found = found[found["data_cut"].fillna("").str[:4].eq(year) | found["published"].fillna("").str[:4].eq(year)]
    words = found["read_fields"].fillna("") + " " + found["derived"].fillna("")
    return words.str.split().map(lambda names: line["column"] in names).any()


def test_second_hand_notes_entered_nothing(evidence):
    if not FACTS.is_dir():
        pytest.skip("the readings are not here")
    new = pd.read_csv(FACTS / "new_rows.csv", dtype=str)
    ids = {i for rows in evidence.values() for i in rows["row_id"]}
    assert not ids & set(new.loc[new["grade"].isin(["C", "D"]), "row_id"])
    left_out = {
        "imatinib-lgsoc",  # no count was found
        "ramp201-combo-kras-mut-orr-fda",  # the figures of the row that is there, which names the announcement
        "ramp203-naive-orr-2025", "ramp203-naive-pfs-2025", "krocus-fulzerasib-cetuximab-nsclc-orr",  # other names
        "select1-selumetinib-pfs", "select1-selumetinib-os",  # neither KRAS G12C nor an inhibitor of it
        "loxoras20001-nsclc-naive-orr-2023",  # who the eight patients were is not known
    }  # fmt: skip
    assert set(new.loc[new["grade"].isin(["A", "A-", "B"]), "row_id"]) - ids == left_out
