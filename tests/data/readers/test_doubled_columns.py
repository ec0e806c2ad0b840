"""Two columns of one name are refused by name in every file, before any library names one of them anew."""

import pandas as pd
import pyarrow as pa
import pytest

import metaonc as mo
from metaonc.data.readers.files.delimited import read_texts


def _csv(folder, text, name="table.csv"):
    file = folder / name
    file.write_text(text)
    return file


def _xlsx(folder, rows):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "table.xlsx")
    return folder / "table.xlsx"


READERS = {
    "read_adtte": lambda f: mo.read_adtte(_csv(f, "USUBJID,AVAL,CNSR,AVAL\n1,5,0,7\n2,8,1,9\n"), unit="days"),
    "read_trials": lambda f: mo.read_trials(_csv(f, "trial,outcome,n,events,n\nA,orr,20,5,30\n")),
    "read_escalc": lambda f: mo.read_escalc(_csv(f, "slab,yi,vi,yi\nA,0.1,0.2,0.3\n")),
    "read_trials of a workbook": lambda f: mo.read_trials(
        _xlsx(f, [["trial", "outcome", "n", "events", "n"], ["A", "orr", 20, 5, 30]])
    ),
    "read_escalc of a workbook": lambda f: mo.read_escalc(_xlsx(f, [["yi", "vi", "yi"], [0.1, 0.2, 0.3]])),
    "a table of arrow": lambda f: mo.pool(pa.Table.from_arrays([pa.array([0.1, 0.2])] * 3, names=["yi", "vi", "yi"])),
    "a dataframe": lambda f: mo.pool(pd.DataFrame([[0.1, 0.2, 0.3]], columns=["yi", "vi", "yi"])),
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_two_columns_of_one_name(tmp_path, read):
    with pytest.raises(mo.DataError, match=r"column ('(AVAL|n|yi)' )?stands in .*more than once; rename one of them"):
        read(tmp_path)


def test_a_name_with_a_number_is_a_name():
    assert list(read_texts("x,x.1\n1,2\n", "table")) == ["x", "x.1"]
