"""The reader of kmdata, on files of its form that tests/reference/kmdata.R makes of made-up patients."""

import builtins
import gzip
import json
import zlib
from pathlib import Path

import numpy as np
import pytest

import metaonc as mo
from metaonc.data.readers.files.rda import MOST_BYTES, MOST_UNPACKED, Frame
from metaonc.data.readers.kmdata import _patients as patients_of
from metaonc.errors import DataError, DataWarning, OptionError

FILES = Path(__file__).parents[1] / "files"
HOME = FILES / "kmdata"
PINNED = json.loads((Path(__file__).parents[2] / "reference" / "kmdata.json").read_text("utf-8"))
EXACT = 1e-9  # of a log hazard ratio: R's coxph stops there


@pytest.mark.parametrize("path", [HOME, HOME / "data"])
def test_a_copy_of_the_package_is_listed_by_its_key(path):
    found = mo.read_kmdata(path)
    assert found.table["name"].tolist() == ["9001_2B", "TOY_1A"]
    first = found.table.iloc[0]
    assert first[["trial", "outcome", "unit", "subgroup", "pmid", "hr_published"]].tolist() == [
        "9001", "PFS", "weeks", "KRASwt", "123", 0.7]  # fmt: skip
    assert found.table["pmid"][1] is None
    assert np.isnan(found.table["hr_published"][1])
    assert "2 data sets" in str(found)


@pytest.mark.parametrize("name", PINNED)
def test_patients_are_those_that_r_reads(name):
    patients, r = mo.read_kmdata(HOME)[name], PINNED[name]
    assert (len(patients), patients["event"].sum()) == (r["n"], r["events"])
    assert patients["time"].sum() == pytest.approx(r["time"], rel=1e-12)
    assert mo.survival.hazard_ratio(patients, control=r["control"]).estimate == pytest.approx(r["log_hr"], abs=EXACT)


def test_all_patients_and_those_of_a_choice():
    found = mo.read_kmdata(HOME)
    everybody = found.ipd()
    assert everybody.columns.tolist() == ["name", "outcome", "unit", "arm", "time", "event"]
    assert everybody["name"].value_counts().to_dict() == {"TOY_1A": 40, "9001_2B": 40}
    assert found.where(outcome="os").table["name"].tolist() == ["TOY_1A"]
    with pytest.raises(DataError, match=r"no data set has cancer='liver'; there are 'Lung', 'Breast'"):
        found.where(cancer="liver")
    with pytest.raises(OptionError, match=r"column='outcom' .*Did you mean 'outcome'"):
        found.where(outcom="OS")
    with pytest.raises(DataError, match=r"there is no data set 'TOY_1B'.*Did you mean 'TOY_1A'"):
        found["TOY_1B"]


def test_one_file_says_what_it_is():
    found = mo.read_kmdata(HOME / "data" / "TOY_1A.rda")
    row = found.table.iloc[0]
    assert row[["name", "outcome", "unit", "arms", "quality_percent"]].tolist() == [
        "TOY_1A", "OS", "months", "control, drug", 83.0]  # fmt: skip
    assert len(found["TOY_1A"]) == 40


def test_a_folder_without_the_key_is_listed_by_its_files(tmp_path):
    for file in ("TOY_1A.rda", "X9001_2B.rda"):
        (tmp_path / file).write_bytes((HOME / "data" / file).read_bytes())
    assert mo.read_kmdata(tmp_path).table[["name", "unit"]].values.tolist() == [
        ["TOY_1A", "months"], ["9001_2B", "weeks"]]  # fmt: skip


def test_files_that_are_none(tmp_path):
    with pytest.raises(DataError, match="there is no file"):
        mo.read_kmdata(tmp_path / "none.rda")
    with pytest.raises(DataError, match=r"no \.rda files of kmdata in"):
        mo.read_kmdata(tmp_path)
    with pytest.raises(DataError, match=r"function\.rda' is damaged, or holds what is not read"):
        mo.read_kmdata(FILES / "function.rda")  # a function that stops with an error where it is run
    with pytest.raises(DataError, match="has no column 'time' but name, Journal"):
        mo.read_kmdata(HOME / "data" / "kmdata_key.rda")
    text = tmp_path / "text.rda"
    text.write_text("time,event")
    with pytest.raises(DataError, match=r"is no \.rda file of R"):
        mo.read_kmdata(text)


def test_files_that_would_grow(tmp_path):
    with pytest.raises(DataError, match=r"sequence\.rda' is damaged, or holds what is not read: ValueError"):
        mo.read_kmdata(FILES / "sequence.rda")  # 1:1000000000
    bomb = tmp_path / "bomb.rda"
    bomb.write_bytes(gzip.compress(b"RDX3\n" + bytes(MOST_UNPACKED)))
    with pytest.raises(DataError, match="unpacks to more than 1,000,000 bytes"):
        mo.read_kmdata(bomb)
    bomb.write_bytes(bytes(MOST_BYTES + 1))
    with pytest.raises(DataError, match="more than 500,000 are not read"):
        mo.read_kmdata(bomb)
    deep = b"X\n" + b"\0\0\0\3\0\4\3\3\0\3\5\0\0\0\0\5UTF-8" + b"\0\0\0\2" * 100_000  # lists in lists
    bomb.write_bytes(b"RDX3\n" + deep)
    with pytest.raises(DataError, match="is damaged"):
        mo.read_kmdata(bomb)


def test_every_cut_and_flipped_byte_is_an_error_or_a_data_set(tmp_path):
    raw = gzip.decompress((HOME / "data" / "TOY_1A.rda").read_bytes())
    rng, file = np.random.default_rng(7), tmp_path / "hurt.rda"
    refused = 0
    for i in range(150):
        hurt = bytearray(raw[: rng.integers(10, len(raw))] if i % 3 == 0 else raw)
        hurt[rng.integers(5, len(hurt))] ^= 1 << rng.integers(8)
        file.write_bytes(bytes(hurt))
        try:
            assert len(mo.read_kmdata(file)) == 1
        except DataError:
            refused += 1
    assert refused > 50
    file.write_bytes(zlib.compress(raw, wbits=31)[:-20])
    with pytest.raises(DataError, match="ends too early"):
        mo.read_kmdata(file)


def test_without_the_library_it_says_how_to_get_it(monkeypatch):
    real = builtins.__import__

    def none(name, *args, **kwargs):
        if name == "rdata":
            raise ImportError
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", none)
    with pytest.raises(OptionError, match=r'pip install "metaonc\[kmdata\]"'):
        mo.read_kmdata(HOME)


def _patients(**columns):
    whole = {"time": [1.0, 2.5], "event": [1, 0], "arm": ["A", "B"]} | columns
    return patients_of(Frame(whole, {}), Path("figure.rda"))


def test_events_may_be_truth_values_and_a_masked_value_is_missing():
    assert _patients(event=np.array([True, False]))["event"].tolist() == [1, 0]
    with pytest.raises(DataError, match="time=None is not a time"):
        _patients(time=np.ma.array([1.0, 2.5], mask=[0, 1]))
    for time in (np.array([True, False]), np.array(["1_0", "2"], dtype=object), np.array([1, 2], dtype="m8[D]")):
        with pytest.raises(DataError, match=r"data set 'figure' .*: time=.* is not a number"):
            _patients(time=time)


def test_arms_are_one_by_the_rule_of_labels():
    with pytest.warns(DataWarning, match="taken as 'A b'"):
        assert _patients(arm=["A b", "A\u00a0b"])["arm"].tolist() == ["A b", "A b"]
    with pytest.raises(DataError, match="differ only by case"):
        _patients(arm=["A", "a"])
