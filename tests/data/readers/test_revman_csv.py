"""RevMan 5's export of data and analyses; the file is made up, in the layout of such exports."""

from __future__ import annotations

import numpy as np
import pytest

import metaonc as mo
from metaonc.errors import DataError, DataWarning

HEAD = (
    "Comparison Number,Outcome Number,Subgroup Number,Name,Data Type,Statistical Method,Effect Measure,Analysis Model,"
    "Events 1,Mean 1,SD 1,Total 1,Events 2,Mean 2,SD 2,Total 2,Effect Estimate,SE,CI Start,CI End,Weight,Q,P(Q),I²(Q),"
    "Tau²,Z,P(Z),Qint,P(Qint),I²(Qint),df,Group Label 1,Group Label 2,Left Graph Label,Right Graph Label,Year of study,"
    "User defined order"
)
TEXT = "\n".join(
    [
        HEAD,
        "1,0,0,New versus old" + "," * 33,
        "1,1,0,Death,DIC,MH,OR,Random,7,,,50,11,,,52,0.6,,0.2,1.6,100,0.1,0.7,0,0,1,0.3,0,0,0,1,New,Old,a,b,,",
        "1,1,1,Adults" + ",,,,,7,,,50,11,,,52,0.6,,0.2,1.6,100,0.1,0.7,0,0,1,0.3,0,0,0,1,,,,,,",
        "1,1,1,ALDER,,,,,3,0,0,20,5,0,0,22,0.6,0.8,0.12,2.9,40,,,,,,,,,,,,,,,2001,1",
        "1,1,1,BIRCH,,,,,4,0,0,30,6,0,0,30,0.61,0.7,0.15,2.4,60,,,,,,,,,,,,,,,2004,2",
        "1,2,0,Days in hospital,CON,IV,MD,Fixed,0,,,20,0,,,22,-1,,-2,0.1,100,,,,,,,,,,0,New,Old,a,b,,",
        "1,2,0,ALDER,,,,,0,5,1.5,20,0,6,1.7,22,-1,0.5,-2,0.1,100,,,,,,,,,,,,,,,2001,1",
        "1,3,0,Remarks,OTH" + "," * 32,
    ]
)


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "review.csv"
    file.write_text(TEXT, encoding="utf-8")
    return file


def test_titles_totals_and_subtotals_are_no_studies(path):
    with pytest.warns(DataWarning, match=r"analysis 1\.3 \(Remarks\) holds OTH data"):
        got = mo.read_revman(path)
    assert got[["analysis", "study", "subgroup", "year"]].fillna("").values.tolist() == [
        ["1.1", "ALDER", "Adults", "2001"],
        ["1.1", "BIRCH", "Adults", "2004"],
        ["1.2", "ALDER", "", "2001"],
    ]
    assert got[["events_t", "n_t", "events_c", "n_c"]].head(2).values.tolist() == [[3, 20, 5, 22], [4, 30, 6, 30]]
    assert got["model"].tolist() == ["random", "random", "common"]


def test_zeros_of_another_kind_are_no_figures(path):
    with pytest.warns(DataWarning):
        got = mo.read_revman(path, analysis="1.2")
    assert got[["mean_t", "sd_t", "n_t", "mean_c"]].values.tolist() == [[5, 1.5, 20, 6]]
    assert "events_t" not in got or np.isnan(got["events_t"][0])


def test_other_readers_send_it_on(path):
    for reader in (mo.read_trials, mo.read_escalc):
        with pytest.raises(DataError, match="RevMan's export of data and analyses: read it with read_revman"):
            reader(path)
