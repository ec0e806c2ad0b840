"""RevMan's files: numbers read are numbers written, meta reads the same, and our effects are those RevMan shows."""

from __future__ import annotations

import csv
import io
import math
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.errors import DataError, DataWarning, OptionError

RM5 = Path(__file__).parents[1] / "files" / "review.rm5"
COUNTS = {"events_t": "events_t", "n_t": "n_t", "events_c": "events_c", "n_c": "n_c"}
FROM_META = {
    "event.e": "events_t", "n.e": "n_t", "event.c": "events_c", "n.c": "n_c", "mean.e": "mean_t", "sd.e": "sd_t",
    "mean.c": "mean_c", "sd.c": "sd_c", "O.E": "o_minus_e", "V": "v", "TE": "effect", "seTE": "se",
}  # fmt: skip
R_DIGITS = 1e-14  # R writes 15 of them
TYPES = {"dichotomous": "D", "continuous": "C", "O-E and variance": "I", "inverse variance": "I"}
SETTINGS = (
    "Analysis group,Analysis number,Analysis name,Analysis group name,Data source,Data type,Log-scale data,"
    "Experimental group label,Control group label,Statistical method,Effect measure,Analysis model,"
    "Swap event and non-event,Study CI,ID"
)
ROWS = (
    "Analysis group,Analysis number,Analysis name,Subgroup,Applicability,Study,Study year,GIV Mean,GIV SE,"
    "Experimental mean,Experimental SD,Experimental cases,Experimental N,Control mean,Control SD,Control cases,"
    "Control N,O-E,Variance,Weight,Mean,CI start,CI end,Footnotes"
)


@pytest.fixture(scope="module")
def review():
    with pytest.warns(DataWarning, match=r"non-events in 2\.1"):
        return mo.read_revman(RM5)


def quietly(path, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return mo.read_revman(path, **options)


def test_meta_reads_the_same_of_an_rm5_file(review):
    pinned = load("readers")["rm5"]
    plain = [name.replace("ü", "u") for name in review["study"]]  # meta writes texts in ASCII
    assert plain == pinned["studlab"]
    assert review["study"][1] == "Müller 2008"
    assert review["year"].tolist() == pinned["year"]
    assert review["analysis"].tolist() == [
        f"{c}.{o}" for c, o in zip(pinned["comp.no"], pinned["outcome.no"], strict=True)
    ]
    assert review["subgroup"].fillna("").tolist() == pinned["grplab"]
    assert [TYPES[t] for t in review["data_type"]] == pinned["type"]
    assert review["effect_measure"].tolist() == pinned["sm"]
    assert review["comparison"].tolist() == pinned["complab"]
    assert review["outcome"].tolist() == pinned["outclab"]
    assert review["label_t"].tolist() == pinned["label.e"]
    assert [m == "random" for m in review["model"]] == [m == "Random" for m in pinned["model"]]
    assert [{"MH": "MH", "IV": "Inverse", "PETO": "Peto"}[m] for m in review["method"]] == pinned["method"]
    for theirs, ours in FROM_META.items():
        for i, x in enumerate(pinned[theirs]):
            y = review[ours][i]
            if not math.isnan(y):  # RevMan writes figures of other types too, which meta keeps
                assert y == pytest.approx(x, rel=R_DIGITS), (ours, i)


@pytest.mark.parametrize(
    ("analysis", "columns"),
    [
        ("1.1", ["events_t", "n_t", "events_c", "n_c"]),
        ("1.2", ["o_minus_e", "v", "events_t", "n_t", "events_c", "n_c"]),
        ("1.3", ["yi", "vi", "se", "n_t", "n_c", "log_scale"]),
        ("1.4", ["mean_t", "sd_t", "n_t", "mean_c", "sd_c", "n_c"]),
    ],
)
def test_one_analysis_has_the_figures_of_its_type_only(analysis, columns):
    got = quietly(RM5, analysis=analysis)
    described = got.columns[: got.columns.get_loc("effect")]
    assert described[list(described).index("model") + 1 :].tolist() == columns


def test_effects_are_those_that_revman_shows(review):
    d = quietly(RM5, analysis="1.1")
    es = mo.effect_sizes(d, measure="OR", **COUNTS)
    np.testing.assert_allclose(np.exp(es["yi"]), d["effect"], rtol=1e-12)
    np.testing.assert_allclose(np.exp(es["yi"] - 1.959963984540054 * es["vi"] ** 0.5), d["effect_low"], rtol=1e-12)
    d = quietly(RM5, analysis="1.2")
    es = mo.effect_sizes(d, measure="HR", o_minus_e="o_minus_e", v="v", study="study")
    np.testing.assert_allclose(np.exp(es["yi"]), d["effect"], rtol=1e-12)
    d = quietly(RM5, analysis="1.3")
    np.testing.assert_allclose(np.exp(d["yi"]), d["effect"], rtol=1e-12)
    assert d["log_scale"].tolist() == [True] * 3
    assert mo.pool(d, study="study", measure="HR").provenance.rows_used == 3


def test_subgroups_go_into_an_interaction():
    d = quietly(RM5, analysis="1.1")
    es = mo.effect_sizes(d, measure="OR", **COUNTS)
    got = mo.pool_subgroups(es, by="subgroup", method="CE", ci="wald")
    assert {"KRAS mutant", "KRAS wild-type"} <= set(got.tidy()["subgroup"])


def test_patients_that_were_not_entered_are_blank_and_zero_responders_are_not(tmp_path):
    d = quietly(RM5, analysis="1.2")
    assert d["n_t"].isna().tolist() == [False, True]
    assert d["events_c"].isna().tolist() == [False, True]
    none = tmp_path / "none.rm5"
    none.write_text(RM5.read_text("latin-1").replace('EVENTS_1="63"', 'EVENTS_1="0"'), "latin-1")
    assert quietly(none, analysis="1.1")["events_t"][0] == 0


def test_analyses_of_non_events_are_told(review):
    d = review[review["analysis"] == "2.1"].reset_index(drop=True)
    es = mo.effect_sizes(d.drop(columns=["yi", "vi"]), measure="OR", **COUNTS)
    np.testing.assert_allclose(np.exp(-es["yi"]), d["effect"], rtol=1e-12)


def test_text_only_outcomes_are_left_out_and_told(tmp_path):
    path = tmp_path / "other.rm5"
    other = '<OTHER_OUTCOME NO="9"><NAME>Adverse events</NAME></OTHER_OUTCOME></COMPARISON>'
    path.write_text(RM5.read_text("latin-1").replace("</COMPARISON>", other, 1), "latin-1")
    with pytest.warns(DataWarning, match=r"analysis 1\.9 \(Adverse events\) holds text only"):
        got = mo.read_revman(path, analysis="1.1")
    assert got.attrs["reading"]["left_out"] == ["analysis 1.9 (Adverse events) holds text only"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('EVENTS_1="63"', 'EVENTS_1="63,5"', "analysis 1.1, study 'Alpha 2004', EVENTS_1: '63,5' is not a number"),
        ('EVENTS_1="63"', 'EVENTS_1="6_3"', "EVENTS_1: '6_3' is not a number"),
        ('EVENTS_1="63"', 'EVENTS_1="63.5"', "1.1, Alpha 2004' (row 0): events_t=63.5 is not a count"),
        ('EVENTS_1="63"', 'EVENTS_1="-63"', "events_t=-63 is not a count"),
        ('EVENTS_1="63"', 'EVENTS_1="6300"', "events_t=6300 exceeds n_t="),
        ('STUDY_ID="STD-Gamma-2011"', 'STUDY_ID="STD-Delta"', "no study has the ID 'STD-Delta'"),
        ('ESTIMATE="-0.3567"', 'ESTIMATE="0.3567"', "neither the estimate, 0.3567, nor its exponential"),
        ("</COCHRANE_REVIEW>", "", "is not the XML that its first line says"),
        ('encoding="ISO-8859-1"', 'encoding="UTF-8"', "is not the XML that its first line says"),
        ("COCHRANE_REVIEW", "REVIEW", "it begins with 'REVIEW'"),
        ("_DATA CI_END", "_DATUM CI_END", "holds no study of an intervention"),
    ],
)
def test_a_damaged_file_says_where(tmp_path, old, new, says):
    path = tmp_path / "damaged.rm5"
    path.write_text(RM5.read_text("latin-1").replace(old, new), "latin-1")
    with pytest.raises(DataError) as caught:
        mo.read_revman(path)
    assert says in str(caught.value)


def test_the_scale_is_what_revman_shows_not_what_is_assumed(tmp_path):
    path = tmp_path / "natural.rm5"
    text = RM5.read_text("latin-1")
    effect = str(quietly(RM5, analysis="1.3")["effect"][0])
    path.write_text(text.replace(f'EFFECT_SIZE="{effect}"', 'EFFECT_SIZE="-0.3567"'), "latin-1")
    assert quietly(path, analysis="1.3")["log_scale"].tolist() == [False, True, True]


def test_an_analysis_that_is_not_there_lists_those_that_are():
    with pytest.raises(OptionError, match=r"'1\.2' \(Overall survival\)"):
        mo.read_revman(RM5, analysis="7.1")


# RevMan Web


def package(rows, settings):
    """Return a data package, an archive within an archive, of lines of its two tables."""
    tables = {"data-rows": [ROWS, *rows], "overall-estimates-and-settings": [SETTINGS, *settings]}
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for end, lines in tables.items():
            archive.writestr(f"CD1-analysis-data/CD1-{end}.csv", "\ufeff" + "\r\n".join(lines) + "\r\n")
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("CD1/CD1-files/CD1-data.zip", inner.getvalue())
        archive.writestr("CD1/CD1-article.pdf", b"%PDF")
    return outer.getvalue(), tables


@pytest.fixture
def web(tmp_path, review):
    """Return the review as a data package, with zeros in the fields of other types as RevMan writes them."""
    kinds = {"inverse variance": "Contrast level", "dichotomous": "Dichotomous", "continuous": "Continuous"}
    settings, rows = {}, []
    for r in review.to_dict("records"):
        group, number = r["analysis"].split(".")
        settings[r["analysis"]] = [
            group, number, r["outcome"], r["comparison"], "Custom input", kinds.get(r["data_type"], r["data_type"]),
            str(r["data_type"] != "continuous").lower(), r["label_t"], r["label_c"], r["method"],
            {"OR": "Odds Ratio", "HR": "Hazard Ratio", "MD": "Mean Difference"}[r["effect_measure"]],
            "Random effect" if r["model"] == "random" else "Fixed effect", str(r["non_events"]).lower(), "95%", "x",
        ]  # fmt: skip
        figures = [r[c] for c in ("yi", "se", "mean_t", "sd_t", "events_t", "n_t", "mean_c", "sd_c", "events_c", "n_c",
                                  "o_minus_e", "v")]  # fmt: skip
        shown = [r[c] for c in ("effect", "effect_low", "effect_high")]
        subgroup = "" if r["subgroup"] != r["subgroup"] else r["subgroup"]
        shown = [round(x, 6) for x in shown]
        zeros = [0 if x != x else x for x in (*figures, 1, *shown)]
        rows.append([group, number, r["outcome"], subgroup, "SUBGROUP_AND_OVERALL", r["study"], r["year"], *zeros, ""])

    def lines(table):
        text = io.StringIO()
        csv.writer(text).writerows(table)
        return text.getvalue().splitlines()

    return package(lines(rows), lines(settings.values()))


def test_a_data_package_holds_what_the_rm5_file_does(tmp_path, web, review):
    path = tmp_path / "CD1.zip"
    path.write_bytes(web[0])
    got = quietly(path)
    figures = ["events_t", "n_t", "events_c", "n_c", "mean_t", "sd_t", "mean_c", "sd_c", "o_minus_e", "v", "yi", "vi"]
    assert got[figures].equals(review[figures])
    words = ["analysis", "comparison", "outcome", "subgroup", "study", "year", "data_type", "effect_measure", "method"]
    words += ["model", "label_t", "label_c", "non_events", "log_scale"]
    assert got[words].equals(review[words])
    np.testing.assert_allclose(got["effect"], review["effect"], atol=5e-7)


def test_its_tables_alone_need_each_other(tmp_path, web, review):
    for end, lines in web[1].items():
        (tmp_path / f"CD1-{end}.csv").write_text("\n".join(lines), "utf-8")
    rows, settings = (tmp_path / f"CD1-{end}.csv" for end in web[1])
    assert len(quietly(rows)) == len(review)
    with pytest.raises(DataError, match="is no file of RevMan Web"):
        mo.read_revman(settings)
    settings.unlink()
    with pytest.raises(DataError, match="it says what kind each analysis"):
        mo.read_revman(rows)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Experimental cases", "Cases", "has no column 'Experimental cases'"),
        (",63.0,", ",sixty,", "line 2, Experimental cases: 'sixty' is not a number"),
        (",63.0,", ",6300,", "events_t=6300 exceeds n_t="),
        (",63.0,", ",6,3.0,", "line 2, has more values than there are columns"),
        ("Experimental cases", "Control cases", "column 'Control cases' stands in the header of"),
    ],
)
def test_a_changed_package_says_where(tmp_path, web, old, new, says):
    data, _ = package(*([line.replace(old, new) for line in lines[1:]] for lines in web[1].values()))
    if old in ROWS:
        for end, lines in web[1].items():
            (tmp_path / f"CD1-{end}.csv").write_text("\n".join(lines).replace(old, new), "utf-8")
        path = tmp_path / "CD1-data-rows.csv"
    else:
        path = tmp_path / "CD1.zip"
        path.write_bytes(data)
    with pytest.raises(DataError) as caught:
        mo.read_revman(path)
    assert says in str(caught.value)


def test_data_of_an_unknown_kind_are_left_out_and_told(tmp_path, web):
    data, _ = package(*([line.replace("Continuous", "Ordinal") for line in lines[1:]] for lines in web[1].values()))
    path = tmp_path / "CD1.zip"
    path.write_bytes(data)
    with pytest.warns(DataWarning, match=r"analysis 1\.4 \(Quality of life\) holds Ordinal data"):
        got = mo.read_revman(path)
    assert "1.4" not in set(got["analysis"])


def test_other_archives_and_files_are_refused(tmp_path):
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(DataError, match=r"no file in it ends in '-data-rows\.csv'"):
        mo.read_revman(path)
    (tmp_path / "a.rm6").write_text("x")
    with pytest.raises(DataError, match=r"an \.rm5 file, or a \.zip or \.csv of RevMan Web"):
        mo.read_revman(tmp_path / "a.rm6")
