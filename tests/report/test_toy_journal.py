"""A journal added as one record works wherever a journal is named: figures, tables, texts, files, messages, docs."""

import importlib.util
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import metaonc as mo
from metaonc.errors import FigureWarning, OptionError
from metaonc.report.journals import JOURNALS, Artwork, Journal, PStyle

TOY = Journal(
    title="Annals of Toys",
    width=150.0,
    columns=(140.0, 176.0),
    study="Toy",
    left=("counts",),
    right=("effect",),
    limits="[{low}; {high}]",
    signed="[{low}; {high}]",
    point=",",
    p=PStyle(symbol="P", zero=False),
    squares={"binary": "#112233", "continuous": "#112233", "generic": "#112233"},
    diamond="#445566",
    source="page 7 of the toy box",
    grade="primary",
    checked="all",
    artwork=Artwork(
        narrowest=140.0, dpi=900, type_size=9.0, line=0.4, source="page 8 of the toy box", grade="secondary"
    ),
)


@pytest.fixture(autouse=True)
def _toy(monkeypatch):
    monkeypatch.setitem(JOURNALS, "Toys", TOY)


def rates():
    table = {"trial": list("ABC"), "x": [25, 9, 12], "n": [57, 52, 40]}
    return mo.pool(mo.effect_sizes(table, measure="PLO", events="x", n="n", study="trial"), study="trial")


def ratios():
    return mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR")


def survival(**options):
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"time": rng.exponential(9.5, 80), "event": 1, "arm": np.resize(["new", "old"], 80)})
    ratio = mo.survival.hazard_ratio(table, time="time", event="event", arm="arm", control="old")
    return mo.plot.km(mo.survival.kaplan_meier(table, by="arm"), hazard_ratio=ratio, **options)


def texts(ax):
    return [text.get_text() for text in ax.figure.findobj(lambda a: hasattr(a, "get_text")) if text.get_text()]


def test_one_table_has_all_journals():
    assert mo.JOURNALS is mo.plot.JOURNALS is JOURNALS
    assert mo.JOURNALS["Toys"] is TOY


def test_a_forest_plot_is_laid_out_by_it():
    ax = mo.plot.forest(rates(), journal="Toys", effect="ORR")
    shown = [text.replace("\u00a0", " ") for text in texts(ax)]
    assert "Toy" in shown
    assert "43,9 [30,7; 57,6]" in shown
    assert ax.figure.get_figwidth() * 25.4 == pytest.approx(150)
    assert {line.get_markerfacecolor() for line in ax.lines if line.get_marker() == "s"} == {"#112233"}
    assert min(t.get_fontsize() for t in ax.texts) >= 9


def test_a_survival_figure_prints_its_numbers():
    ax, usual = survival(journal="Toys", rmst=10.5), survival(rmst=10.5)
    assert ax.figure.get_figwidth() * 25.4 == pytest.approx(150)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["0", "0,25", "0,5", "0,75", "1"]
    (ratio,) = (text for text in texts(ax) if text.startswith("Hazard ratio"))
    assert re.fullmatch(r"Hazard ratio, new v old: \d,\d\d \[95% CI \d,\d\d; \d,\d\d\]; log-rank P\s[=<]\s,\d+", ratio)
    assert "RMST to 10,5 (95% CI)" in texts(ax)
    assert "RMST to 10.5 (95% CI)" in texts(usual)
    assert not any(re.search(r"\d\.\d", text) for text in texts(ax))


def test_tables_and_texts_print_its_numbers(tmp_path):
    cells = [cell for row in mo.table(rates(), journal="Toys").rows for cell in row]
    assert "43,9 [30,7; 57,6]" in [cell.replace("\u00a0", " ") for cell in cells]
    said = str(mo.results_text(ratios(), journal="Toys"))
    assert "[95% CI 0," in said
    assert "P = ," in said or "P < ," in said
    assert "Toy" in mo.write_report(rates(), tmp_path / "r.html", journal="Toys").read_text("utf-8")
    assert str(mo.methods_text(ratios(), journal="Toys"))


def test_its_file_has_the_resolution_and_keeps_the_rules(tmp_path):
    drawn = mo.plot.forest(ratios(), journal="Toys")
    with Image.open(mo.save(drawn, tmp_path / "a.tif", journal="Toys")) as image:
        assert image.info["dpi"] == (900, 900)
    narrow = mo.plot.forest(ratios(), width=100)
    with pytest.warns(FigureWarning) as caught:
        mo.save(narrow, tmp_path / "a.pdf", journal="Toys")
    (said,) = [str(w.message) for w in caught]
    assert said.startswith(
        "Annals of Toys asks for more (page 8 of the toy box; secondary): width is 100 mm, wanted 140"
    )
    assert "smallest type is 6.5 pt, wanted 9 or more" in said
    rules = mo.plot.check_artwork(narrow.figure, "Toys", dpi=600)
    assert rules["rule"].tolist() == ["width", "resolution", "smallest type", "thinnest line"]
    assert rules["ok"].tolist() == [False, False, False, True]


def test_messages_list_it():
    asked = (
        lambda: mo.plot.forest(ratios(), journal="toy"),
        lambda: survival(journal="toy"),
        lambda: mo.table(ratios(), journal="toy"),
        lambda: mo.methods_text(ratios(), journal="toy"),
        lambda: mo.save(mo.plot.forest(ratios()), "a.pdf", journal="toy"),
        lambda: mo.plot.check_artwork(mo.plot.forest(ratios()).figure, "toy"),
    )
    for ask in asked:
        with pytest.raises(OptionError, match=r"journal='toy' is not an option.*'Toys'"):
            ask()


def test_the_documentation_has_a_row_of_it():
    spec = importlib.util.spec_from_file_location("gallery", Path(__file__).parents[2] / "docs" / "make_gallery.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["gallery"] = module  # where its dataclasses look themselves up
    spec.loader.exec_module(module)
    page = module.page()
    assert "| Toys | Annals of Toys | 150 | 140, 176 | page 7 of the toy box | primary | all |" in page
    assert "| Toys | 140 or more | 900 | 9 | 0.4 | page 8 of the toy box | secondary |" in page
