from __future__ import annotations

import dataclasses
import json
import shutil

import numpy as np
import pytest

import metaonc as mo
from metaonc.data.collections import collection as collections
from metaonc.errors import DataError, DatasetError

# Rows by how they were verified; the one reproduced row is RAMP 201, KRAS wild-type.
VERIFIED = {
    "lgsoc": {"read": 88, "reproduced": 1, "unverified": 18},
    "defactinib": {"read": 49, "reproduced": 1, "unverified": 16},
    "egfr_crc": {"read": 73, "reproduced": 0, "unverified": 151},
    "egfr_v_bev": {"read": 8, "reproduced": 0, "unverified": 0},
    "g12c": {"read": 48, "reproduced": 0, "unverified": 36},
}
# Classics as a package compiled them: nothing was read in the source, but the published pool of some comes out of them.
COMPILED = {
    "pignon2000": {"read": 0, "reproduced": 65, "unverified": 0},
    "steurer2006": {"read": 0, "reproduced": 4, "unverified": 0},
    "greb2008": {"read": 0, "reproduced": 14, "unverified": 0},
    "zhang2015": {"read": 0, "reproduced": 20, "unverified": 0},
    "begg1991": {"read": 0, "reproduced": 0, "unverified": 20},
    "bcg": {"read": 0, "reproduced": 0, "unverified": 13},
}
OWN = {"curves": {"read": 9, "reproduced": 0, "unverified": 0}}  # figures of our own drawing


def test_the_list_of_collections():
    got = mo.datasets()
    assert set(got.index) == {*VERIFIED, *COMPILED, *OWN}
    assert got.index.is_unique
    assert got.index.name == "name"
    assert list(got.columns) == ["title", "trials", "arms", "rows", "read", "reproduced", "unverified", "licence"]
    for name, counts in {**VERIFIED, **COMPILED, **OWN}.items():
        assert got.loc[name, list(counts)].to_dict() == counts
        assert got.loc[name, "rows"] == sum(counts.values())
    assert got.loc["lgsoc", ["trials", "arms"]].tolist() == [15, 23]


@pytest.mark.parametrize("name", VERIFIED)
def test_a_collection_is_whole(name):
    c = mo.load(name)
    assert len(c.response) + len(c.survival) == len(c.evidence)
    assert set(c.response["outcome"]) <= {"orr", "dcr"}
    assert c.evidence["row_id"].is_unique
    assert c.evidence["regimen"].notna().all()
    assert c.trials["rows"].sum() == len(c.evidence)
    assert c.trials["rows"].min() >= 1
    assert set(c.evidence["source_id"]) == set(c.sources["source_id"])
    assert c.evidence["n"].dtype == np.float64
    assert c.sources["pmid"].dropna().map(type).eq(str).all()


def test_the_corrections_of_the_guide():
    extra = mo.load("defactinib").extra
    assert set(extra) == {"guide", "corrections"}
    assert extra["corrections"].groupby("guide_row")["verdict"].apply(set)["guide-01"] >= {"contradicted", "agrees"}
    assert set(extra["corrections"]["guide_row"]) == set(extra["guide"]["guide_row"])
    assert dict(mo.load("lgsoc").extra) == {}
    with pytest.raises(TypeError):
        extra["more"] = extra["guide"]


def test_the_card_says_what_how_much_and_how_verified():
    c = mo.load("lgsoc")
    card = str(c)
    for piece in (
        "lgsoc: Low-grade",
        "15 trials, 23 arms, 107 rows",
        "88 read",
        "1 reproduced",
        "18 unverified",
        "Cite:",
    ):
        assert piece in card
    assert repr(c) == card
    assert c._repr_html_() == "<pre>" + card.replace("'", "&#x27;") + "</pre>"
    assert ".extra['guide']" in str(mo.load("defactinib"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        c.name = "other"


def test_an_unknown_name_lists_those_there_are():
    with pytest.raises(
        DatasetError, match=r"no collection 'lgsc'; there are 'lgsoc', 'defactinib', .*'bcg'.*\. Did you mean 'lgsoc'"
    ):
        mo.load("lgsc")
    with pytest.raises(DatasetError, match=r"there are 'lgsoc', .*'\.$"):
        mo.load("")


def test_a_changed_file_is_refused(tmp_path, monkeypatch):
    home = tmp_path / "datasets"
    shutil.copytree(str(collections._home()), home)
    monkeypatch.setattr(collections, "_home", lambda: home)
    evidence = home / "lgsoc" / "evidence.csv"
    evidence.write_bytes(evidence.read_bytes().replace(b"109,34,31", b"115,34,31"))
    with pytest.raises(DatasetError, match=r"lgsoc/evidence\.csv is not the file that datapackage\.json describes"):
        mo.load("lgsoc")
    assert mo.load("defactinib").name == "defactinib"
    assert "115" not in json.dumps(json.loads((home / "datapackage.json").read_text())["collections"])


def test_loading_reads_the_files_of_one_collection_once(monkeypatch):
    read, paths = collections._read, []
    monkeypatch.setattr(collections, "_read", lambda resource: paths.append(resource["path"]) or read(resource))
    mo.load("lgsoc")
    assert {path.partition("/")[0] for path in paths} == {"lgsoc"}
    assert len(set(paths)) == len(paths)
    paths.clear()
    assert "lgsoc" in collections.names()
    assert not paths


def test_each_load_is_the_users_own():
    c = mo.load("lgsoc")
    c.evidence.loc[0, "n"] = 1
    assert mo.load("lgsoc").evidence["n"][0] == 109


def test_current_leaves_out_what_is_superseded_or_nested():
    c = mo.load("lgsoc")
    now = c.current()
    assert "ramp201-combo-all-orr-interim-2024" in set(c.evidence["row_id"]) - set(now.evidence["row_id"])
    assert now.evidence["nested_in"].isna().all()
    assert set(now.trials["arm_id"]) >= set(now.evidence["arm_id"])
    assert set(now.sources["source_id"]) == set(now.evidence["source_id"])
    assert now.trials["rows"].sum() == len(now.evidence)


def test_a_subgroup_is_chosen_whatever_its_case():
    mutant = mo.load("lgsoc").subgroup("kras", "Mutant")
    assert set(mutant.evidence["subgroup_level"]) == {"mutant"}
    assert set(mo.load("lgsoc").subgroup("KRAS").evidence["subgroup_variable"]) == {"KRAS"}
    with pytest.raises(DataError, match="'BRAF' is no subgroup_variable of 'lgsoc'; it has 'KRAS'"):
        mo.load("lgsoc").subgroup("BRAF")
    with pytest.raises(DataError, match="'G12D' is no subgroup_level of 'lgsoc'; it has 'mutant', 'wild-type'"):
        mo.load("lgsoc").subgroup("KRAS", "G12D")
