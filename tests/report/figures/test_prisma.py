"""PRISMA 2020 flow diagrams: their counts first, then what is drawn of them."""

import io
import warnings

import numpy as np
import pandas as pd
import pytest
from figure_checks import assert_readable, visible_texts
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

import metaonc as mo
from metaonc.errors import ArgumentError, ColumnError, DataError, DataWarning, OptionError
from metaonc.report.figures.prisma.boxes import BOXES, COUNTS, SUMS

# Of a published diagram: 162 records, 23 duplicates, 139 screened, 25 excluded, 114 sought, 4 not retrieved, 110
# assessed, 88 excluded, 22 included.
PUBLISHED = {
    "database_results": 162, "register_results": 0, "duplicates": 23, "records_screened": 139, "records_excluded": 25,
    "dbr_sought_reports": 114, "dbr_notretrieved_reports": 4, "dbr_assessed": 110, "dbr_excluded": {"Content": 88},
    "new_studies": 22,
}  # fmt: skip
UPDATE = {
    "previous_studies": 10, "previous_reports": 12, "database_results": {"MEDLINE": 1812, "Embase": 2407},
    "register_results": 210, "website_results": 4, "organisation_results": 9, "citations_results": 21,
    "duplicates": 1406, "excluded_automatic": 700, "excluded_other": 0, "records_screened": 2323,
    "records_excluded": 2118, "dbr_sought_reports": 205, "dbr_notretrieved_reports": 9, "other_sought_reports": 34,
    "other_notretrieved_reports": 2, "dbr_assessed": 196,
    "dbr_excluded": "No subgroup by KRAS, 101; Single arm, without response, 52; Duplicate publication, 20",
    "other_assessed": 32, "other_excluded": "No subgroup by KRAS, 27; Review, 2", "new_studies": 19, "new_reports": 26,
    "total_studies": 29, "total_reports": 38,
}  # fmt: skip

TEMPLATE = """data,node,box,description,boxtext,tooltips,url,n
NA,node6,newstud,,Identification of studies,,,0
database_results,node7,box2,,Databases,,,162
register_results,NA,box2,,Registers,,,
duplicates,node8,box3,,Duplicates,,,23
records_screened,node9,box4,,Records screened,,,139
dbr_excluded,node14,box9,,Reports excluded,,,"Reason1, 3; Reason 2, with a comma, 4"
screening,node2,screening,,Sifting,,,0
"""


def flow(**changes):
    return {name: n for name, n in {**UPDATE, **changes}.items() if n is not None}


def test_counts_that_add_up_are_silent():
    for counts in (PUBLISHED, UPDATE):
        table = mo.plot.prisma_data(counts)
        assert not table["finding"].any()
        assert table["expected"].isna().all()


def test_the_table_has_all_counts_and_parts():
    table = mo.plot.prisma_data(UPDATE).set_index(["name", "part"])["n"]
    assert table["database_results", ""] == 1812 + 2407
    assert table["database_results", "Embase"] == 2407
    assert table["dbr_excluded", ""] == 173
    assert table["dbr_excluded", "Single arm, without response"] == 52
    assert {name for name, _ in table.index} == set(COUNTS)


@pytest.mark.parametrize(
    ("changes", "name", "given", "expected"),
    [
        ({"records_screened": 2320}, "records_screened", 2320, 1812 + 2407 + 210 - 1406 - 700),
        ({"dbr_sought_reports": 200}, "dbr_sought_reports", 200, 205),
        ({"dbr_assessed": 195}, "dbr_assessed", 195, 196),
        ({"other_sought_reports": 35}, "other_sought_reports", 35, 34),
        ({"other_assessed": 30}, "other_assessed", 30, 32),
        ({"new_reports": 27}, "new_reports", 27, 196 - 173 + 32 - 29),
        ({"total_studies": 30}, "total_studies", 30, 29),
        ({"total_reports": 37}, "total_reports", 37, 38),
        ({"new_studies": 27, "total_studies": 37}, "new_studies", 27, 26),
        ({"dbr_excluded": 197}, "dbr_excluded", 197, 196),
        ({"previous_studies": 13, "total_studies": 32}, "previous_studies", 13, 12),
        ({"dbr_sought_reports": None}, "", 0, 0),
        ({"records_screened": None, "dbr_sought_reports": 206}, "dbr_sought_reports", 206, 205),
        ({"new_reports": None}, "", 0, 0),
        ({"new_reports": None, "total_reports": 40}, "total_reports", 40, 38),
        ({"database_results": 4220, "database_specific_results": {"MEDLINE": 1812, "Embase": 2407}},
         "database_results", 4220, 4219),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_said_by_box_with_both_numbers(changes, name, given, expected):
    counts = flow(**changes)
    if not name:
        assert not mo.plot.prisma_data(counts)["finding"].any()
        return
    with pytest.warns(DataWarning) as said:
        table = mo.plot.prisma_data(counts)
    row = table[(table["name"] == name) & (table["part"] == "")].iloc[0]
    assert row["expected"] == expected
    assert f"n = {given:,}" in row["finding"]
    assert f"{expected:,}" in row["finding"]
    assert row["text"] in row["finding"]
    assert row["finding"] in str(said[0].message)


def test_a_box_that_would_explain_the_difference_is_named():
    with pytest.warns(DataWarning, match="n = 139 is not 162 .*not given: Registers, Duplicate records removed"):
        mo.plot.prisma_data({"database_results": 162, "records_screened": 139})


def test_of_a_stream_that_is_not_known_nothing_is_said():
    assert not mo.plot.prisma_data({**PUBLISHED, "new_reports": 30, "other_excluded": 2})["finding"].any()
    with pytest.warns(
        DataWarning, match=r"110 \(.*\) \+ 9 \(Websites\) . 88 .* = 31; not given: Reports excluded, other"
    ):
        mo.plot.prisma_data({**PUBLISHED, "new_reports": 30, "website_results": 9})


def test_every_count_has_a_box_and_every_sum_names_counts():
    assert {count.box for count in COUNTS.values()} == set(BOXES)
    for rule in SUMS:
        assert {rule.name, *rule.plus, *rule.minus} <= set(COUNTS)


def test_a_table_of_the_r_package_is_read_by_name():
    counts = pd.read_csv(io.StringIO(TEMPLATE))
    table = mo.plot.prisma_data(counts)
    assert table["n"].tolist() == [162, 23, 139, 7, 3, 4]
    assert table["text"].tolist()[:3] == ["Databases", "Duplicates", "Records screened"]
    assert table["part"].tolist()[-2:] == ["Reason1", "Reason 2, with a comma"]
    texts = {text.get_text() for text, _ in visible_texts(mo.plot.prisma(counts).figure)}
    assert {"Identification of studies", "Sifting"} <= texts
    wide = pd.DataFrame([{"database_results": 162, "duplicates": 23, "records_screened": 139, "new_studies": np.nan}])
    assert mo.plot.prisma_data(wide)["n"].tolist() == [162, 23, 139]


@pytest.mark.parametrize(
    ("counts", "error", "message"),
    [
        ({}, DataError, "there are no counts"),
        ({"records_screend": 3}, DataError, "'records_screend' is no count .*Did you mean 'records_screened'"),
        ({"records_screened": -1}, DataError, "records_screened=-1 is no count"),
        ({"records_screened": 1.5}, DataError, "records_screened=1.5 is no count"),
        ({"records_screened": "1,204"}, DataError, "records_screened='1,204' is not a number"),
        ({"records_screened": {"a": 2}}, DataError, "is several counts: give their sum"),
        ({"dbr_excluded": "Reason1, xxx"}, DataError, r"dbr_excluded\['Reason1'\]='xxx' is not a number"),
        ({"dbr_excluded": "Wrong design"}, DataError, "'Wrong design' is no name with its number"),
        ({"dbr_excluded": "Wrong, 1; Wrong, 2"}, DataError, "names 'Wrong' twice"),
        ({"dbr_excluded": {}}, DataError, "give each part a name"),
        ({"database_specific_results": 12}, DataError, "names no parts"),
        ({"database_results": {"A": 1}, "database_specific_results": {"A": 1}}, OptionError, "given twice"),
        (pd.DataFrame({"data": ["duplicates"] * 2, "n": [1, 2]}), DataError, "row 1: 'duplicates' stands .* more than"),
        (pd.DataFrame({"data": [None], "n": [3]}), DataError, "row 0: n=3.* has no name"),
        (pd.DataFrame({"duplicates": [1, 2]}), ColumnError, "has the columns 'data'"),
    ],
)  # fmt: skip
def test_bad_counts_are_refused_by_name(counts, error, message):
    with pytest.raises(error, match=message):
        mo.plot.prisma_data(counts)


def test_options_are_refused_by_name():
    with pytest.raises(ArgumentError, match="has no argument screened="):
        mo.plot.prisma(screened=3)
    with pytest.raises(OptionError, match="duplicates= is given twice"):
        mo.plot.prisma({"duplicates": 3}, duplicates=3)
    with pytest.raises(OptionError, match="85 mm are too narrow for the 5 columns of this figure: make it 1"):
        mo.plot.prisma(UPDATE, width="column")
    with pytest.raises(OptionError, match="mm are too low"):
        mo.plot.prisma(PUBLISHED, ax=Figure(figsize=(5, 1)).add_subplot())


@pytest.mark.parametrize(("counts", "width"), [(PUBLISHED, "column"), (PUBLISHED, "page"), (UPDATE, "page")])
def test_the_diagram_can_be_read(counts, width):
    ax = mo.plot.prisma(counts, width=width)
    assert_readable(ax.figure)
    boxes = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    shown = mo.plot.prisma_data(counts)
    headings = 3 if "previous_studies" in counts else 1
    phases = {(0, 1, 1, 1, 2, 2)[BOXES[name].row] for name in shown["box"]}
    assert len(boxes) == shown["box"].nunique() + headings + len(phases)
    inner = [patch.get_window_extent().extents for patch in boxes]
    for i, (x0, y0, x1, y1) in enumerate(inner):
        assert all(x1 <= a0 or a1 <= x0 or y1 <= b0 or b1 <= y0 for a0, b0, a1, b1 in inner[:i]), "boxes overlap"
    for text, at in visible_texts(ax.figure):  # each text is inside a box, or below all of them
        inside = any(a <= at.x0 and at.x1 <= c and b <= at.y0 and at.y1 <= d for a, b, c, d in inner)
        assert inside or at.y1 < min(b for _, b, _, _ in inner), text.get_text()


def test_every_number_is_drawn():
    drawn = " ".join(text.get_text() for text, _ in visible_texts(mo.plot.prisma(UPDATE).figure)).replace("\xa0", " ")
    for n in mo.plot.prisma_data(UPDATE)["n"]:
        assert f"(n = {n:,})" in drawn


def test_arrows_join_the_streams():
    ax = mo.plot.prisma(UPDATE)
    arrows = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    # down: 0 + 5 + 2; out: 4 + 2; into what is included: 1; into the total: 1
    assert len(arrows) == 7 + 6 + 2
    few = mo.plot.prisma(database_results=162, duplicates=23, new_studies=3)
    assert len([patch for patch in few.patches if isinstance(patch, FancyArrowPatch)]) == 2


def test_what_does_not_add_up_stands_below_the_diagram():
    with pytest.warns(DataWarning):
        ax = mo.plot.prisma({**PUBLISHED, "records_screened": 140})
    text = " ".join(text.get_text() for text, _ in visible_texts(ax.figure))
    assert "Does not add up: Records screened: n = 140 is not" in text
    assert "Page et al., BMJ 2021;372:n71" in text


def test_new_studies_are_so_called_in_an_update_only():
    assert "Studies included in review" in mo.plot.prisma_data(PUBLISHED)["text"].tolist()
    assert "New studies included in review" in mo.plot.prisma_data(UPDATE)["text"].tolist()


@pytest.mark.parametrize("suffix", ["pdf", "svg", "png"])
def test_it_is_saved(tmp_path, suffix):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        path = mo.save(mo.plot.prisma(PUBLISHED), tmp_path / f"flow.{suffix}", dpi=100)
    assert path.stat().st_size > 1000


def test_reasons_of_any_text_stay_in_their_boxes():
    reasons = {"Endpoint $HR_{x}$ not given & none": 3, "Immunhistochemieuntersuchungsmethodenvergleich": 2, "Größe": 1,
               "a/b-" * 20: 4}  # fmt: skip
    test_the_diagram_can_be_read({"dbr_assessed": 20, "dbr_excluded": reasons, "new_studies": 10}, "column")


def test_it_is_drawn_into_axes_of_ones_own():
    left, right = Figure(figsize=(10, 6)).subplots(1, 2)
    mo.plot.prisma(PUBLISHED, ax=right)
    assert_readable(right.figure)
    box = right.get_position()
    assert left.get_position().x1 < box.x0
    assert all(
        box.x0 - 0.001 <= at.x0 / right.figure.bbox.width
        for text, at in visible_texts(right.figure)
        if text.axes is right
    )
