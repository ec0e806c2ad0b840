"""Documents as BibTeX and RIS: what is written, and what of a citation is not guessed."""

import re
from itertools import pairwise

import pandas as pd
import pytest

import metaonc as mo
from metaonc.data.schema.identifiers import has_form
from metaonc.errors import ColumnError, DataError, DataWarning, OptionError
from metaonc.report.bibliography.bibtex import escaped
from metaonc.report.bibliography.citation import read_citation
from metaonc.report.bibliography.entries import entries_of, key_of

ONE = {"source_id": ["frame-2025"], "citation": ["Banerjee S et al. Nat Med 2025;31:3074-80"], "pmid": ["40579546"],
       "doi": ["10.1038/s41591-025-03763-y"], "identifiers_verified": ["no"], "kind": ["article"],
       "year": ["2025"]}  # fmt: skip
NOTE = (
    "Cited as: Banerjee S et al. Nat Med 2025;31:3074-80. The title is not recorded. Further authors are not recorded. "
    "Not verified: PMID 40579546 and DOI 10.1038/s41591-025-03763-y; look them up before citing."
)
BIB = r"""@article{frame-2025,
  author = {Banerjee, S. and others},
  journal = {Nat Med},
  year = {2025},
  volume = {31},
  pages = {3074--3080},
  doi = {10.1038/s41591-025-03763-y},
  pmid = {40579546},
  note = {NOTE},
}
""".replace("NOTE", NOTE)
RIS = """TY  - JOUR
ID  - frame-2025
AU  - Banerjee,S.
JO  - Nat Med
PY  - 2025
VL  - 31
SP  - 3074
EP  - 3080
DO  - 10.1038/s41591-025-03763-y
AN  - 40579546
N1  - Cited as: Banerjee S et al. Nat Med 2025;31:3074-80.
N1  - The title is not recorded.
N1  - Further authors are not recorded.
N1  - Not verified: PMID 40579546 and DOI 10.1038/s41591-025-03763-y; look them up before citing.
ER  -"""


def written(thing, tmp_path, suffix):
    return mo.write_sources(thing, tmp_path / f"sources.{suffix}").read_bytes().decode()


def test_a_document_as_bibtex_and_ris(tmp_path):
    assert written(ONE, tmp_path, "bib") == BIB
    assert written(ONE, tmp_path, "ris") == RIS.replace("\n", "\r\n") + " \r\n"
    assert written(pd.DataFrame(ONE), tmp_path, "bib") == BIB


@pytest.mark.parametrize("verified", ["no", None, ""])
def test_what_nobody_has_verified_is_marked(verified):
    assert any(note.startswith("Not verified: PMID") for note in _one(identifiers_verified=[verified]).notes)


def test_what_was_verified_is_not_marked():
    assert not any("verified" in note for note in _one(identifiers_verified=["yes"]).notes)
    assert not any("verified" in note for note in _one(pmid=[None], doi=[None], identifiers_verified=[None]).notes)


def _one(**changes):
    return entries_of({**ONE, **changes})[0]


@pytest.mark.parametrize(
    ("text", "authors", "title", "place"),
    [
        ("Van Cutsem E et al. J Clin Oncol 2011", [("Van Cutsem", "E")], "", ("J Clin Oncol", "2011", "", "", ())),
        ("de Langen AJ et al. Lancet 2023", [("de Langen", "AJ")], "", ("Lancet", "2023", "", "", ())),
        ("Begg CB, Pilote L. Biometrics 1991;47:899-906", [("Begg", "CB"), ("Pilote", "L")], "",
         ("Biometrics", "1991", "47", "", ("899", "906"))),
        ("Patel MR et al. J Clin Oncol 2014;32(15 suppl):5521", [("Patel", "MR")], "",
         ("J Clin Oncol", "2014", "32", "15 suppl", ("5521",))),
        ("Steurer M et al. Cochrane Database Syst Rev 2006;(3):CD004270", [("Steurer", "M")], "",
         ("Cochrane Database Syst Rev", "2006", "", "3", ("CD004270",))),
        ("Mak G et al. Br J Cancer 2019 (volume and identifiers not read)", [("Mak", "G")], "",
         ("Br J Cancer", "2019", "", "", ())),
        ("Freireich EJ, Gehan E, Frei E, et al. The effect of 6-mercaptopurine. Blood 1963;21:699-716",
         [("Freireich", "EJ"), ("Gehan", "E"), ("Frei", "E")], "The effect of 6-mercaptopurine",
         ("Blood", "1963", "21", "", ("699", "716"))),
        ("Zhou Q et al. J Thorac Oncol (fulzerasib, phase 2; identifiers not found)", [("Zhou", "Q")], "",
         ("", "", "", "", ())),
        ("KRYSTAL-12. Lancet 2025", [], "KRYSTAL-12. Lancet 2025", ("", "", "", "", ())),
        ("Summary of HR. Lancet 2025", [], "Summary of HR. Lancet 2025", ("", "", "", "", ())),
    ],
)  # fmt: skip
def test_a_citation_is_taken_apart_as_far_as_it_goes(text, authors, title, place):
    cited = read_citation(text, in_journal=True)
    assert list(cited.authors) == authors
    assert cited.title == title
    assert (cited.journal, cited.year, cited.volume, cited.issue, cited.pages) == place


def test_last_pages_are_in_full():
    for short, full in (("541-53", ("541", "553")), ("2268-74", ("2268", "2274")), ("99-101", ("99", "101"))):
        assert read_citation(f"Lee A. Lancet 2022;9:{short}", in_journal=True).pages == full


def test_special_characters_are_escaped():
    assert escaped("a_b & 50% #1 $x {y} ~ ^ \\") == (
        r"a\_b \& 50\% \#1 \$x \textbraceleft{}y\textbraceright{} \textasciitilde{} \textasciicircum{} "
        r"\textbackslash{}"
    )


def test_braces_are_balanced_and_a_doi_is_verbatim(tmp_path):
    table = {**ONE, "citation": ["Report of {unbalanced, 50 % & more_\nover two lines"], "doi": ["10.1000/a_b{c"]}
    text = written(table, tmp_path, "bib")
    assert text.count("{") == text.count("}")
    assert "doi = {10.1000/a_b%7Bc}" in text
    assert "key = {frame-2025}" in text  # BibTeX sorts by it where there are no authors
    assert "title = {{Report of \\textbraceleft{}unbalanced, 50 \\% \\& more\\_ over two lines}}" in text
    assert len(written(table, tmp_path, "ris").splitlines()) == 10  # a line a tag, three of them notes


def test_keys_stay():
    assert key_of("ramp201-2025") == "ramp201-2025"
    assert key_of("Müller, 2020 {a}") == "Muller-2020-a"
    for name in mo.datasets().index:
        sources = mo.load(name).sources
        assert [entry.key for entry in entries_of(sources)] == sources["source_id"].tolist()


@pytest.mark.parametrize("name", mo.datasets().index)
def test_every_document_of_the_collections_is_written(name, tmp_path):
    sources = mo.load(name).sources
    bib, ris = written(mo.load(name), tmp_path, "bib"), written(mo.load(name), tmp_path, "ris")
    assert re.findall(r"^@\w+\{(.+),$", bib, re.M) == sources["source_id"].tolist()
    assert ris.count("TY  - ") == ris.count("ER  - ") == len(sources)
    for doi, pmid in zip(sources["doi"], sources["pmid"], strict=True):
        assert not isinstance(doi, str) or f"doi = {{{doi}}}" in bib
        assert not isinstance(pmid, str) or f"AN  - {pmid}\r\n" in ris
    assert bib.count("Not verified") == sources["identifiers_verified"].eq("no").sum()
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*|", line) for line in ris.splitlines())
    assert not any(a == b == "" for a, b in pairwise(ris.splitlines()))


def test_of_an_analysis_the_documents_of_its_rows(tmp_path):
    analysis = mo.analyse("lgsoc", outcome="orr", by="KRAS")
    used = set(analysis.selection.used["source_id"])
    keys = re.findall(r"^@\w+\{(.+),$", written(analysis, tmp_path, "bib"), re.M)
    assert set(keys) == used
    assert len(keys) < len(mo.load("lgsoc").sources)


def test_documents_told_twice_are_one_and_names_for_two_are_refused():
    twice = {column: values * 2 for column, values in ONE.items()}
    assert len(entries_of(twice)) == 1
    with pytest.raises(DataError, match="source_id='frame-2025' stands for two documents, in rows 0 and 1"):
        entries_of({**twice, "year": ["2025", "2024"]})
    with pytest.raises(DataError, match=r"source_id='a b' \(row 1\) makes the key 'a-b', that of source_id='a,b' too"):
        entries_of({"source_id": ["a,b", "a b"], "citation": ["One", "Two"]})


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        ({"source_id": ["a"]}, ColumnError, "citation"),
        ({"source_id": ["a", None], "citation": ["x", "y"]}, DataError, "row 1 has no source_id"),
        ({"source_id": ["a"], "citation": [" "]}, DataError, "row 0 has no citation"),
        ({"source_id": ["§"], "citation": ["x"]}, DataError, "makes the key ''"),
        (3, DataError, "int"),
    ],
)
def test_bad_tables_are_refused(table, error, message):
    with pytest.raises(error, match=message):
        entries_of(table)


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(OptionError, match="suffix of path"):
        mo.write_sources(ONE, tmp_path / "sources.txt")


def test_numbers_of_a_table_are_digits():
    entry = _one(pmid=[40579546.0], year=[2025.0])
    assert entry.identifiers["pmid"] == "40579546"
    assert entry.year == "2025"


@pytest.mark.parametrize(
    ("name", "text"), [("pmid", "PMID40579546"), ("pmid", "0"), ("doi", "https://doi.org/10.1038/x"), ("doi", "10.1/x")]
)
def test_an_identifier_of_another_form_is_said_and_not_written(name, text):
    with pytest.warns(DataWarning, match=f"{name.upper()} '{re.escape(text)}' of frame-2025 does not have the form"):
        entry = _one(**{name: [text]})
    assert name not in entry.identifiers
    assert any(text in note for note in entry.notes)


@pytest.mark.parametrize("doi", ["10.1000.10/123", "10.1002/14651858.CD004270.pub2", "10.1016/S0140-6736(21)02175-9",
                                 "10.1000/1", "10.1200/jco.2011.29.15_suppl.3523"])  # fmt: skip
def test_forms_of_dois(doi):
    assert has_form("doi", doi)
    assert not has_form("doi", f"{doi}.")
    assert not has_form("doi", f"doi:{doi}")
