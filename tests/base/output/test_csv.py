"""Every CSV file that is written: texts that a spreadsheet would compute are texts, numbers are numbers."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from report_cases import KRAS

from metaonc import cli
from metaonc.base.output.csv import csv_text

pytestmark = pytest.mark.usefixtures("small_files")

EVIL = ['=HYPERLINK("http://x","y")', "+1", "-cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1"]


def cells(text):
    return [cell for row in csv.reader(io.StringIO(text)) for cell in row]


def test_texts_that_begin_as_formulas_get_an_apostrophe():
    table = pd.DataFrame({"=name": pd.Categorical(EVIL), "x": [-1.5, 2, np.nan, 0, 1, 2], "i": range(-3, 3)})
    back = pd.read_csv(io.StringIO(csv_text(table)))
    assert list(back["'=name"]) == [f"'{text}" for text in EVIL]
    pd.testing.assert_frame_equal(back[["x", "i"]], table[["x", "i"]])


def test_whole_numbers_and_dates_stay_as_they_are():
    table = pd.DataFrame({"n": pd.array([1, None, -3], dtype="Int64"), "cut": ["2020-01", "2021", None]})
    assert csv_text(table) == "n,cut\n1,2020-01\n,2021\n-3,\n"
    assert csv_text(table.head(0)) == "n,cut\n"


@pytest.mark.parametrize("evil", EVIL[:4])
def test_an_analysis_writes_no_formula(tmp_path, evil):
    rows = pd.DataFrame(KRAS).rename(columns={"kras": "subgroup_level"})
    rows["trial"] = rows["trial"].where(rows["trial"] != rows["trial"].iloc[0], evil)
    rows.assign(outcome="orr", subgroup_variable="KRAS", arm=evil, source_id=evil).to_csv(
        tmp_path / "mine.csv", index=False
    )
    out = tmp_path / "out"
    assert cli.main(["analyse", str(tmp_path / "mine.csv"), "--outcome", "orr", "--by", "kras", "--out", str(out)]) == 0
    files = sorted(out.glob("*.csv"))
    assert len(files) == 3
    found = [cell for path in files for cell in cells(path.read_text("utf-8"))]
    assert f"'{evil}" in found
    assert evil not in found
