"""Files, folders and archives of records, arms over measures, what is refused, and what comes out as a whole."""

import json
import tracemalloc
import zipfile

import pytest
from data.readers.registry_records import klass, measure, read, record, rows

import metaonc as mo
from metaonc.cli import main
from metaonc.data.readers.ctgov import sources
from metaonc.data.schema.tables import validate
from metaonc.errors import DataError, DataWarning

PFS = measure("Progression-Free Survival", "Months", "MEDIAN", klass(("12", "10", "15"), ("8", "7", "9.5")))
NESTED = b"[" * 100_000


def write(path, *records):
    path.write_text(json.dumps(records[0] if len(records) == 1 else list(records)), "utf-8")
    return path


def numbered(*numbers, **more):
    return [record(PFS, nct=f"NCT0000000{i}", **more) for i in numbers]


def test_a_file_a_list_a_folder_and_an_archive_read_the_same(tmp_path):
    one, two = numbered(1, 2)
    folder = tmp_path / "records"
    folder.mkdir()
    paths = [write(folder / "NCT00000001.json", one), write(folder / "NCT00000002.json", two)]
    with zipfile.ZipFile(tmp_path / "records.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, path.name)
        archive.writestr("readme.txt", "not a record")
    answer = tmp_path / "answer.json"
    answer.write_text("\ufeff" + json.dumps({"studies": [one, two], "nextPageToken": "x"}), "utf-8")
    whole = mo.read_ctgov(paths).evidence
    assert whole["registry_id"].tolist() == ["NCT00000001"] * 2 + ["NCT00000002"] * 2
    for source in (folder, tmp_path / "records.zip", write(tmp_path / "both.json", one, two), answer, str(folder)):
        assert mo.read_ctgov(source).evidence.equals(whole)


def test_the_newer_version_of_a_record_is_kept(tmp_path):
    old, new = (
        record(PFS, statusModule={"lastUpdatePostDateStruct": {"date": date}}) for date in ("2020-01-01", "2023-05-01")
    )
    got = mo.read_ctgov([write(tmp_path / "b.json", new), write(tmp_path / "a.json", old)])
    assert got.records["updated"].tolist() == ["2023-05-01"]
    assert "of no later version" in got.unread["reason"].iloc[-1]


def test_names_of_trials(tmp_path):
    def called(number, acronym):
        made = numbered(number)[0]
        made["protocolSection"]["identificationModule"]["acronym"] = acronym
        return made

    got = mo.read_ctgov(
        write(tmp_path / "a.json", called(1, "SUN"), called(2, "MOON"), called(3, "Moon"), numbered(4)[0])
    )
    assert got.records["trial"].tolist() == ["SUN", "MOON (NCT00000002)", "Moon (NCT00000003)", "NCT00000004"]


@pytest.mark.parametrize(
    ("titles", "arms"),
    [
        ((("Drug", "Control"), ("Drug (Given Daily)", "Control")), ["Drug", "Control"]),
        ((("Drug (Given Daily)", "Control"), ("Drug", "Control")), ["Drug", "Control"]),
        ((("DRUG", "Control"), ("Drug", "control")), ["DRUG", "Control"]),
        ((("Drug", "Control"), ("Drug (China Cohort)", "Control")), ["Drug", "Control", "Drug (China Cohort)"]),
        ((("Drug", "Drug (Given Daily)"), ("Drug", "Control")), ["Drug", "Drug (Given Daily)", "Control"]),
        ((("Drug", "Control"), ("Control + Drug", "Control")), ["Drug", "Control", "Control + Drug"]),
        ((("Control", "Drug"), ("Drug", "Control")), ["Control", "Drug"]),  # ids mean nothing
    ],
)
def test_arms_are_joined_by_their_titles(tmp_path, titles, arms):
    held = ((("12", "10", "15"), ("8", "7", "9.5")), (("22", "20", "25"), ("18", "17", "19.5")))
    names = ("Progression-Free Survival", "Overall Survival")
    got = read(
        tmp_path,
        *(measure(n, "Months", "MEDIAN", klass(*v), groups=t) for n, v, t in zip(names, held, titles, strict=True)),
        arms=(),
    )
    assert got.arms["arm"].tolist() == arms
    assert set(got.evidence["arm_id"]) <= set(got.arms["arm_id"])


def test_an_arm_of_the_protocol_is_named_where_a_title_fits_one(tmp_path):
    got = read(
        tmp_path,
        PFS,
        arms=(("Drug 10 mg", "EXPERIMENTAL"), ("Control", "PLACEBO_COMPARATOR")),
        designModule={"designInfo": {"allocation": "RANDOMIZED"}},
    )
    assert got.arms[["arm", "protocol_arm", "arm_type", "randomised"]].values.tolist() == [
        ["Drug", "Drug 10 mg", "EXPERIMENTAL", "yes"],
        ["Control", "Control", "PLACEBO_COMPARATOR", "yes"],
    ]


def test_a_record_without_results(tmp_path):
    got = read(tmp_path)
    assert len(got) == 0
    assert got.unread["reason"].tolist() == ["no results posted"]
    assert "0 rows (none)" in str(got)


def test_the_evidence_is_a_table_of_trials_that_pools_and_draws(tmp_path):
    ratio = {
        "groupIds": ["OG000", "OG001"],
        "paramType": "Hazard Ratio",
        "paramValue": "0.6",
        "ciPctValue": "95",
        "ciNumSides": "TWO_SIDED",
    }
    fields = ("paramValue", "ciLowerLimit", "ciUpperLimit")
    made = [
        record(PFS | {"analyses": [ratio | dict(zip(fields, hr, strict=True))]}, nct=f"NCT{i:08}")
        for i, hr in enumerate((("0.6", "0.45", "0.8"), ("0.5", "0.25", "1"), ("0.9", "0.81", "1")))
    ]
    registry = mo.read_ctgov(write(tmp_path / "a.json", *made))
    pfs = mo.select(registry.evidence, outcome="pfs", need="hazard_ratio").used
    assert validate(registry.evidence, "trials").equals(registry.evidence)
    columns = {"hr": "hr", "ci_low": "hr_low", "ci_high": "hr_high", "level": "hr_level", "study": "trial"}
    assert mo.pool(mo.effect_sizes(pfs, measure="HR", **columns)).k == 3
    assert mo.audit(registry.evidence).query("severity == 'error'").empty


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is not JSON"),
        (b"{}", "no protocolSection"),
        (b"[1, 2]", "no record of ClinicalTrials.gov of version 2"),
        (b"[]", "holds no record"),
        (b'{"FullStudiesResponse": {}}', "older API"),
        (b"<clinical_study/>", "is not JSON"),
        (NESTED, "nested too deeply"),
        (b'{"protocolSection": {}, "protocolSection": {}}', "names the key 'protocolSection' twice"),
        (b'{"protocolSection": {"x": NaN}}', "the number NaN"),
        (b'{"protocolSection": {"x": 1e999}}', "which no scale has"),
        (b'{"protocolSection": {"x": ' + b"9" * 5000 + b"}}", "which no scale has"),
        (b'{"protocolSection": {}}', "without its number"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b'{"protocolSection": {"x": "\xfc"}}', "byte 27 is not UTF-8; save it as UTF-8"),
        (('{"x":' + "9" * 4000 + "}").encode("utf-16"), "which no scale has"),
    ],
)
def test_what_is_no_record_is_refused(tmp_path, content, says):
    path = tmp_path / "record.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=says):
        mo.read_ctgov(path)


def test_of_several_files_those_that_cannot_be_read_are_listed(tmp_path):
    write(tmp_path / "a.json", numbered(1)[0])
    (tmp_path / "b.json").write_text("{")
    with pytest.warns(DataWarning, match="1 of 2 files"):
        got = mo.read_ctgov(tmp_path)
    assert got.unread.query("what == 'file'")["reason"].str.contains("is not JSON").all()
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(DataError, match="is not JSON"):
        mo.read_ctgov(tmp_path)


def test_no_file_an_empty_folder_and_an_archive_without_records(tmp_path):
    with pytest.raises(DataError, match="there is no file"):
        mo.read_ctgov(tmp_path / "none.json")
    with pytest.raises(DataError, match=r"no \.json or \.zip file"):
        mo.read_ctgov(tmp_path)
    with pytest.raises(DataError, match="no file is named"):
        mo.read_ctgov([])
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(DataError, match=r"holds no \.json file"):
        mo.read_ctgov(tmp_path / "a.zip")


def test_an_archive_that_grows_is_refused_before_it_does(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MOST_UNPACKED", 1_000_000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b" " * 50_000_000)
    tracemalloc.start()
    with pytest.raises(DataError, match="would unpack to 50,000,000 bytes"):
        mo.read_ctgov(tmp_path / "bomb.zip")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize("wrong", [5, "x", None, True, [], {}, [[]], [None], [5], [{}]])
@pytest.mark.parametrize("where", ["groups", "denoms", "classes", "analyses", "title", "unitOfMeasure", "paramType"])
def test_parts_of_another_kind_are_as_if_they_were_not_there(tmp_path, where, wrong):
    got = read(tmp_path, PFS | {where: wrong})
    assert all(row["outcome"] == "pfs" for row in rows(got))


def test_parts_deep_within_of_another_kind(tmp_path):
    for held in (
        {"categories": 3},
        {"categories": [{"measurements": {}}]},
        {"categories": [{"measurements": [{"value": 7.5, "groupId": "OG000"}]}]},
    ):
        read(tmp_path, PFS | {"classes": [held]})
    got = rows(read(tmp_path, PFS | {"classes": [held]}))
    assert got[0]["estimate"] == 7.5  # a number where the API gives a text


def test_the_command_prints_rows_what_was_not_read_and_csv(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.json", record(PFS, measure("Time to Progression", "Months", "MEDIAN", klass("3", "4"))))
    assert main(["registry", "a.json"]) == 0
    said = capsys.readouterr().out
    assert "12 months (95 %: 10 to 15)" in said
    assert "Time to Progression\n  measure: time to progression" in said
    assert main(["registry", "a.json", "--csv"]) == 0
    assert capsys.readouterr().out.startswith("row_id,trial,")
    assert main(["registry", "a.json", "--unread", "--csv"]) == 0
    assert capsys.readouterr().out.startswith("registry_id,measure_number,")
    assert main(["registry", "none.json"]) == 2
    assert "there is no file 'none.json'" in capsys.readouterr().err


def test_the_registry_as_text_and_html(tmp_path):
    got = read(tmp_path, PFS)
    assert ".evidence: 2 rows (pfs 2)" in repr(got)
    assert got._repr_html_().startswith("<pre>1 record of")


def test_what_is_no_path_links_that_lead_nowhere_and_too_many_files(tmp_path, monkeypatch):
    for source in (None, 5, b"a.json", {"a": 1}, [None]):
        with pytest.raises(DataError, match="is no path: give that of a record"):
            mo.read_ctgov(source)
    write(tmp_path / "a.json", numbered(1)[0])
    (tmp_path / "b.json").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder").symlink_to(tmp_path)
    with pytest.warns(DataWarning, match="1 of 2 files"):
        assert len(mo.read_ctgov(tmp_path).records) == 1
    monkeypatch.setattr(sources, "MOST_FILES", 1)
    with pytest.raises(DataError, match="holds 2 files; more than 1 are not read: read it in parts"):
        mo.read_ctgov(tmp_path)
