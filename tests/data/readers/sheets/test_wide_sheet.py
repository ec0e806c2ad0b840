"""A sheet as clinicians make them: titles, merged headers, two outcomes a row, percentages and p-values in cells."""

import warnings

import pytest
from openpyxl import Workbook

import metaonc as mo
from metaonc.data.readers.sheets.forms import form_of
from metaonc.data.readers.sheets.published import read_figure
from metaonc.errors import DataError

TITLES = ["Study", "Year", "KRAS status", "Treatment arm", None, "Control arm", None, "PFS", "Comments"]
NAMES = [None, None, None, "N", "Responders, n (%)", "N", "Responders, n (%)", "HR (95% CI)", None]
ROWS = [
    ["ALPHA", 2011, "WT", 120, "66 (55.0%)", 118, "41 (34.7%)", "0.70; 95% CI, 0.53-0.93", "1st line"],
    ["ALPHA", None, "MT", 80, "26 (32.5%)", 82, "29 (35.4%)", "1.12 (0.80–1.57), p=0.51", "2nd line"],
    ["BETA*", 2012, "WT", 90, "44 (48.9%)", 95, "36 (37.9%)", "0.81 [0.59 to 1.11]; P = .19", None],
    ["BETA*", 2012, "MT", 60, "20 (33.3%)", 58, "22 (37.9%)", "1.30 (0.88–1.92)", None],
]


@pytest.fixture
def sheet(tmp_path):
    book = Workbook()
    page = book.active
    page.append(["Table 1. Extraction"])
    page.append([])
    page.append(TITLES)
    page.append(NAMES)
    for row in ROWS:
        page.append(row)
    page.append(["Total", None, None, 350, None, 353])
    page.append(["* updated"])
    page.merge_cells("D3:E3")
    page.merge_cells("F3:G3")
    path = tmp_path / "mine.xlsx"
    book.save(path)
    return path


def read(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return mo.read_trials(path, header=[3, 4])


def test_responders_are_no_events_of_a_time(sheet):
    trials = read(sheet)
    assert trials["outcome"].tolist() == ["orr", "pfs"] * 4
    orr, pfs = (trials[trials["outcome"] == outcome] for outcome in ("orr", "pfs"))
    assert orr["events"].tolist() == [66, 26, 44, 20]
    assert orr["events_comparator"].tolist() == [41, 29, 36, 22]
    assert pfs["events"].isna().all()
    assert pfs["hr"].tolist() == [0.70, 1.12, 0.81, 1.30]
    assert pfs["hr_high"].tolist() == [0.93, 1.57, 1.11, 1.92]
    assert pfs["p_value"].tolist()[1:3] == [0.51, 0.19]
    unread = mo.read_as(trials).set_index("column")["read_as"]
    assert "Comments" not in unread.index  # ordinals are no figures
    assert mo.audit(trials, by="KRAS status")["severity"].ne("error").all()


def test_both_outcomes_are_pooled_by_the_column(sheet):
    trials = read(sheet)
    rates = mo.select(trials, outcome="orr", by="kras status", need="two_arms")
    assert "at least two levels of KRAS status" in rates.rule
    roles = {"events_t": "events", "n_t": "n", "events_c": "events_comparator", "n_c": "n_comparator"}
    es = mo.effect_sizes(rates.used, measure="OR", study="trial", **roles)
    by_hand = [(66 * (118 - 41)) / (41 * (120 - 66)), (26 * (82 - 29)) / (29 * (80 - 26))]
    assert [2.718281828459045**y for y in es["yi"][:2]] == pytest.approx(by_hand, rel=1e-12)
    assert mo.select(trials, outcome="pfs", by="KRAS status").used["trial"].tolist() == [
        "ALPHA",
        "ALPHA",
        "BETA*",
        "BETA*",
    ]


def test_a_part_of_the_name_of_a_column_is_not_taken_but_named(sheet):
    with pytest.raises(DataError, match=r"nor one of its columns\. Did you mean by='KRAS status'"):
        mo.select(read(sheet), outcome="orr", by="KRAS")
    with pytest.raises(DataError, match="Did you mean by='KRAS status'"):
        mo.audit(read(sheet), by="kras")


@pytest.mark.parametrize(
    ("columns", "outcomes"),
    [
        ({"Responders": [5, 6], "N": [20, 30]}, {None}),  # nothing says another outcome: the question will
        ({"Responders": [5, 6], "N": [20, 30], "OS HR (95% CI)": ["0.7 (0.5-0.9)"] * 2}, {"orr", "os"}),
        ({"Events": [5, 6], "N": [20, 30], "OS HR (95% CI)": ["0.7 (0.5-0.9)"] * 2}, {"os"}),
        ({"Responders": [5, 6], "N": [20, 30], "pCR rate": ["25%", "20%"]}, {"pcr"}),
    ],
)
def test_what_responders_are_of(columns, outcomes):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        got = mo.read_trials({"Study": ["A", "B"], **columns})
    assert {o if isinstance(o, str) else None for o in got.get("outcome", [None])} == outcomes


@pytest.mark.parametrize(
    ("text", "p"), [("0.80 (0.66–0.97), p=0.02", 0.02), ("0.8 (0.66-0.97; P = .02)", 0.02),
                    ("0.8 (0.6-0.9) p<0.001", ...), ("0.8 [0.66, 0.97]; p = 0.020", 0.02),
                    ("0.8; 95% CI, 0.66-0.97; P=.02", 0.02), ("0.8 (95% CI 0.66-0.97, p-value < 0.01)", ...),
                    ("0.80 (0.66-0.97) p 0.02", None), ("0.80 (0.66-0.97), p=0.0.2", None)],
)  # fmt: skip
def test_a_p_value_behind_an_interval(text, p):
    got = read_figure(text, form_of("hr").shapes)
    if p is None:
        assert got is None
    else:
        assert got.numbers.get("p", ...) == p
        assert got.numbers["value"] == 0.8
