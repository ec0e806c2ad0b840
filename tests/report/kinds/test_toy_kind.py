"""A new kind of result goes through all that a reader sees, once its words and rows are registered."""

from dataclasses import dataclass
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest
from figure_checks import assert_readable
from forest_cases import markers, texts

import metaonc as mo
from metaonc.analysis.effects.measures import MEASURES
from metaonc.base.result import Provenance, Result
from metaonc.errors import DataError
from metaonc.report.document.figures import natural_numbers
from metaonc.report.forest.assemble import axis_name, content, effect_header
from metaonc.report.forest.columns import Column
from metaonc.report.forest.content import note, row
from metaonc.report.forest.rows import forest_rows
from metaonc.report.kinds import Kind, kind_of, register


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Extremes(Result):
    """The lowest and the highest hazard ratio of some trials."""

    effects: dict[str, float]
    provenance: Provenance

    def _tidy(self, transform):
        values = np.array(list(self.effects.values()))
        return pd.DataFrame({"term": list(self.effects), "estimate": np.exp(values) if transform else values})

    def _glance(self):
        return self._row(k=len(self.effects))

    def _lines(self):
        return [f"{len(self.effects)} trials"]


# --- all that a reader sees of it -------------------------------------------------------------------------------------


def methods(r, cited, printer):
    cited.append("Nobody 2020, doi:10.1000/1")
    return ["Hazard ratios of trials were sorted."]


def results(r, printer):
    return [f"They began with {printer.journal.decimal(f'{np.exp(min(r.effects.values())):.2f}')}."]


def rows(r, spec):
    axis, shown = axis_name(MEASURES["HR"], spec), sorted(r.effects, key=r.effects.get)
    lines = [
        row("study", name, estimate=x, low=x / 2, high=2 * x, weight=1.0, effect=spec.journal.decimal(f"{x:.2f}"))
        for name, x in ((name, float(np.exp(r.effects[name]))) for name in shown)
    ]
    columns = {"effect": Column(header=effect_header(axis, 0.95, spec), cells=[])}
    return content(lines, columns, spec, MEASURES["HR"], pd.DataFrame(), axis, 1.0, [note("Sorted.")])


def title(r, effect):
    return f"{effect or 'Hazard ratio'} of {len(r.effects)} trials, sorted"


register(Extremes, Kind(verbs="extremes", methods=methods, results=results, rows=rows, title=title))

# ----------------------------------------------------------------------------------------------------------------------


class Unknown(Extremes):
    """The same, but of a class that is registered below as something without a forest plot."""

    __slots__ = ()


def made(cls=Extremes):
    p = Provenance(verb="extremes", settings={}, rows_in=2, rows_used=2, notes=("both trials are made up.",))
    return cls(effects={"ALPHA": 0.2, "BETA": -0.5}, provenance=p)


def test_it_is_drawn():
    ax = mo.plot.forest(made(), effect="HR for death")
    assert [x for mark in markers(ax, "s") for x in mark.get_xdata()] == np.exp([-0.5, 0.2]).tolist()
    assert {"BETA", "ALPHA", "0.61", "1.22", "Sorted."} <= set(texts(ax))
    assert ax.get_xlabel() == "HR for death"
    assert_readable(ax.figure)


@pytest.mark.parametrize("journal", mo.JOURNALS)
def test_it_has_a_table(journal):
    table = mo.table(made(), journal=journal)
    assert table.title == "Hazard ratio of 2 trials, sorted"
    point = mo.JOURNALS[journal].point
    assert [one[:2] for one in table.rows] == [("BETA", f"0{point}61"), ("ALPHA", f"1{point}22")]
    assert table.footnotes == ("Sorted.",)
    assert table.data["estimate"].tolist() == np.exp([-0.5, 0.2]).tolist()


def test_it_has_words():
    said = str(mo.methods_text(made())).split("\n\n")
    assert said[0] == "Hazard ratios of trials were sorted."
    assert said[1].startswith("Analyses were made with metaonc")
    assert said[2] == "References: Nobody 2020, doi:10.1000/1."
    assert str(mo.results_text(made(), journal="Lancet")) == "They began with 0·61."


def test_it_makes_a_report_as_a_page(tmp_path):
    page = mo.write_report(made(), tmp_path / "r.html").read_text(encoding="utf-8")
    for said in ("Hazard ratios of trials were sorted.", "They began with 0.61.", "Both trials are made up.",
                 "Nobody 2020", "<svg", "Numbers of the forest plot", "result.csv", "result.json"):  # fmt: skip
        assert said in page
    assert "result.R" not in page


def test_it_makes_a_report_in_word(tmp_path):
    pytest.importorskip("docx")
    path = mo.write_report(made(), tmp_path / "r.docx")
    with ZipFile(path) as pack:
        text = pack.read("word/document.xml").decode()
        assert any(name.endswith(".png") for name in pack.namelist())
    assert "Hazard ratios of trials were sorted." in text
    assert "They began with 0.61." in text
    assert "ALPHA" in text


@pytest.mark.parametrize("name", ["a.svg", "a.pdf", "a.png"])
def test_its_figure_is_saved(tmp_path, name):
    assert mo.save(mo.plot.forest(made()), tmp_path / name).stat().st_size > 1000


@pytest.mark.parametrize("name", ["a.html", "a.tex", "a.csv", "a.docx", "a.xlsx"])
def test_its_table_is_saved(tmp_path, name):
    assert mo.save(mo.table(made()), tmp_path / name).stat().st_size > 100


def test_what_a_kind_does_not_say_has_a_default():
    assert natural_numbers(made())["estimate"].tolist() == np.exp([0.2, -0.5]).tolist()
    register(Unknown, Kind(verbs="extremes", methods=methods, results=results))
    for verb in (forest_rows, mo.plot.forest, mo.plot.forest_pages):
        with pytest.raises(DataError, match="Unknown has no forest plot, but what these return: pool, "):
            verb(made(Unknown))
    assert str(mo.results_text(made(Unknown))) == "They began with 0.61."
    assert mo.table(made(Unknown)).data["estimate"].tolist() == np.exp([0.2, -0.5]).tolist()  # its numbers


def test_a_subclass_is_of_the_kind_of_its_nearest_base():
    class Nearer(Extremes):
        __slots__ = ()

    assert kind_of(made(Nearer)) is kind_of(made())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Strange(Result):
    """A result of which nothing is registered."""

    provenance: Provenance

    def _tidy(self, transform):
        return pd.DataFrame()

    def _lines(self):
        return []


@pytest.mark.parametrize(
    "verb",
    [mo.methods_text, mo.results_text, mo.table, mo.plot.forest, mo.plot.forest_rows, mo.plot.forest_pages,
     lambda r: mo.write_report(r, "never.html"), lambda r: mo.write_report({"One": r}, "never.docx")],
)  # fmt: skip
def test_a_result_without_a_kind_gets_one_clear_error(verb):
    strange = Strange(provenance=made().provenance)
    with pytest.raises(DataError, match=r"^a result is wanted, as of pool, .*extremes.*; this is of type Strange"):
        verb(strange)
