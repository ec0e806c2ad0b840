"""Tables: the texts of the forest plot, and files that hold them as text."""

import dataclasses
import io
import time
import zipfile

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from result_kinds import EVERY, TABLE, outcomes, regress

import metaonc as mo
from metaonc.errors import DataError, OptionError
from metaonc.report.kinds import kind_of
from metaonc.report.tables.files import WRITERS

# kinds of results that have a table
TABLES = ("MetaResult", "MantelHaenszelResult", "PetoResult", "GlmmResult", "BetaBinomialResult", "BayesResult",
          "MultilevelResult", "SubgroupResult", "InteractionResult", "InteractionLevelsResult", "RegressionResult",
          "MultivariateResult")  # fmt: skip
HOSTILE = ["=1+1", "<b>x</b>&", "a_b $5% #{}~^\\", "plain"]
COUNTS = pd.DataFrame({"trial": ["A", "B", "C", "D"], "x": [5, 9, 0, 12], "n": [20, 30, 15, 40], "y": [9, 8, 4, 15],
                       "m": [21, 31, 15, 40], "kras": ["m", "m", "w", "w"]})  # fmt: skip
ARMS = {"events_t": "x", "n_t": "n", "events_c": "y", "n_c": "m", "study": "trial"}


def pool(names=None):
    rows = COUNTS.assign(trial=names or COUNTS["trial"])
    return mo.pool_subgroups(mo.effect_sizes(rows, measure="OR", **ARMS), by="kras", study="trial")


def saved(table, path):
    return mo.save(table, path).read_bytes()


def test_texts_and_numbers_are_those_of_the_forest_plot():
    result = pool()
    table, content = mo.table(result), mo.plot.forest_rows(result)
    shown = content.rows[content.rows["kind"] != "space"]
    assert [row[0] for row in table.rows] == shown["label"].tolist()
    assert table.headers[0] == "Trial"
    assert table.footnotes == tuple(content.table_notes)
    assert table.data["estimate"].tolist() == pytest.approx(shown["estimate"].tolist(), nan_ok=True)
    assert "Odds ratio (95%\u00a0CI)" in table.headers
    assert {len(row) for row in table.rows} == {len(table.headers)} == {len(table.left)}


def test_journals_print_their_way():
    assert any("·" in cell for row in mo.table(pool(), journal="Lancet").rows for cell in row)


@pytest.mark.parametrize(
    "result",
    [
        lambda: mo.pool_mantel_haenszel(COUNTS, measure="RR", **ARMS),
        lambda: mo.pool_peto(COUNTS, **ARMS),
        lambda: mo.pool_glmm(COUNTS, events="x", n="n", study="trial"),
        lambda: mo.pool_bayes({"yi": [0.1, 0.3], "vi": [0.1, 0.2]}),
        lambda: mo.regress({"yi": [0.1, 0.3, 0.2, 0.6], "vi": [0.1] * 4, "x": [1.0, 2, 3, 4]}, "~ x"),
    ],
)
def test_whatever_a_forest_plot_draws_is_a_table(result, tmp_path):
    table = mo.table(result())
    assert table.rows
    for suffix in WRITERS:
        assert saved(table, tmp_path / f"a.{suffix}")


def test_word_and_excel_hold_the_printed_texts(tmp_path):
    from docx import Document

    table = mo.table(pool(HOSTILE))
    mo.save(table, tmp_path / "a.docx")
    grid = Document(tmp_path / "a.docx").tables[0]
    printed = [(row[0],) * len(row) if not any(row[1:]) else row for row in table.rows]  # merged cells read alike
    assert [tuple(cell.text for cell in row.cells) for row in grid.rows] == [table.headers, *printed]
    assert Document(tmp_path / "a.docx").paragraphs[0].text == table.title
    mo.save(table, tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    printed = [tuple(cell.value or "" for cell in row) for row in book["table"].iter_rows()]
    assert printed[0][0] == table.title
    assert printed[1 : 2 + len(table.rows)] == [table.headers, *table.rows]
    assert {cell.data_type for row in book["table"].iter_rows() for cell in row if cell.value} == {"s"}  # no formula
    numbers = pd.read_excel(tmp_path / "a.xlsx", sheet_name="numbers")
    assert numbers["estimate"].tolist() == pytest.approx(table.data["estimate"].tolist(), nan_ok=True)


def test_labels_become_neither_formulas_nor_markup(tmp_path):
    table = mo.table(pool(HOSTILE))
    csv = pd.read_csv(io.BytesIO(saved(table, tmp_path / "a.csv")))
    assert "'=1+1" in csv["label"].tolist()
    page = saved(table, tmp_path / "a.html").decode()
    assert "&lt;b&gt;x&lt;/b&gt;&amp;" in page
    assert "<b>" not in page
    assert "<b>" not in table._repr_html_()
    tex = saved(table, tmp_path / "a.tex").decode()
    assert r"a\_b \$5\% \#\{\}\textasciitilde{}\textasciicircum{}\textbackslash{}" in tex
    assert tex.count(r" \\" + "\n") == len(table.rows) + 1
    assert r"\toprule" in tex


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_second_run_gives_the_same_bytes(tmp_path, suffix):
    one = saved(mo.table(pool()), tmp_path / f"a.{suffix}")
    time.sleep(1.1 if suffix in ("docx", "xlsx") else 0)
    assert saved(mo.table(pool()), tmp_path / f"b.{suffix}") == one
    if suffix in ("docx", "xlsx"):
        with zipfile.ZipFile(tmp_path / f"a.{suffix}") as archive:
            assert {info.date_time[0] for info in archive.infolist()} == {1980}


def test_what_is_no_table_or_no_format_is_refused(tmp_path):
    with pytest.raises(OptionError, match=r"suffix of path='png'.*'docx', 'xlsx', 'tex', 'html', 'csv'"):
        mo.save(mo.table(pool()), tmp_path / "a.png")
    with pytest.raises(DataError, match="cannot be written"):
        mo.save(mo.table(pool()), tmp_path / "none" / "a.csv")
    with pytest.raises(DataError):
        mo.table(3)


DRAWN = ("square", "circle", "diamond", "open", "area", "sign", "colour")


@pytest.mark.parametrize("name", [name for name, _ in EVERY if name.split()[0] in TABLES])
@pytest.mark.parametrize("journal", mo.plot.JOURNALS)
def test_nothing_is_said_of_what_a_table_does_not_draw(name, journal):
    table = mo.table(dict(EVERY)[name](), journal=journal)
    notes = " ".join(table.footnotes).lower()
    assert notes
    assert not [word for word in DRAWN if word in notes]
    assert table.title
    assert {len(row) for row in table.rows} == {len(table.headers)}
    assert len(table.kinds) == len(table.rows)


def test_common_effects_and_lights_have_notes_of_their_own_in_figures():
    rows = TABLE.assign(bias=["low", "high"] * 4)
    r = mo.pool(rows, study="trial", measure="HR")
    options = {"common": True, "left": ["bias"]}
    figure, table = mo.plot.forest_rows(r, **options).footnotes, mo.table(r, **options).footnotes
    assert "Open diamonds: common effect (inverse variance); Wald 95% confidence interval." in figure
    assert "Common effect: inverse variance; Wald 95% confidence interval." in table
    assert any("Risk of bias" in note for note in figure)
    assert not any("Risk of bias" in note for note in table)
    bayes = mo.pool_bayes(TABLE, study="trial", measure="HR")
    assert any("Open circles" in note for note in mo.plot.forest_rows(bayes, shrinkage=True).footnotes)
    assert not any("circles" in note for note in mo.table(bayes, shrinkage=True).footnotes)


def test_titles_name_effect_trials_and_subgroups_and_are_written(tmp_path):
    r = pool()
    assert mo.table(r).title == "Odds ratio in 4 trials by KRAS, and pooled"
    assert mo.table(r, effect="OR of response").title == "OR of response in 4 trials by KRAS, and pooled"
    own = mo.table(r, title="Response & <toxicity>")
    assert str(own).startswith("Response & <toxicity>\n")
    assert "<caption>Response &amp; &lt;toxicity&gt;</caption>" in own.to_html()
    assert r"\caption{Response \& $<$toxicity$>$}" in saved(own, tmp_path / "a.tex").decode()
    page = saved(own, tmp_path / "a.html").decode()
    assert "<title>Response &amp; &lt;toxicity&gt;</title>" in page
    without = mo.table(r, title="")
    assert "caption" not in saved(without, tmp_path / "a.tex").decode()
    assert "<caption>" not in saved(without, tmp_path / "a.html").decode()
    assert mo.table(mo.pool(TABLE.head(1), study="trial", measure="HR")).title == "Hazard ratio in 1 trial"


def test_texts_alone_in_their_row_stand_over_all_columns(tmp_path):
    table = mo.table(pool())
    alone = [row[0] for row in table.rows if not any(row[1:])]
    assert "KRAS: m" in alone
    assert saved(table, tmp_path / "a.tex").decode().count(r"\multicolumn{5}{l}") == len(alone)
    assert table.to_html().count('colspan="5"') == len(alone)


def test_a_regression_shows_its_coefficients():
    r = regress()
    table = mo.table(r)
    assert table.title == "Meta-regression: hazard ratio in 8 trials"
    assert table.headers == ("Term", "Measure", "Estimate (95% CI)", "P")
    terms = ["Intercept", "Line, per unit", "KRAS: w against m"]
    assert [row[0] for row in table.rows[:3]] == terms
    assert [row[1] for row in table.rows[:3]] == ["Hazard ratio", "Ratio of hazard ratios", "Ratio of hazard ratios"]
    estimates = r.coefficients[["estimate", "ci_low", "ci_high"]].to_numpy()
    assert table.data[["estimate", "low", "high"]].to_numpy() == pytest.approx(np.exp(estimates))
    assert table.data["p_value"].tolist() == pytest.approx(r.coefficients["p_value"].tolist())
    words = str(mo.results_text(r)).replace(" (95% CI", " (")
    for row in table.rows[1:3]:
        assert row[2].replace("(", "( ") in words
    assert any(row[0] in str(mo.results_text(r)) for row in table.rows[3:])
    first, caution = table.footnotes
    assert first == "Random effects (REML); Hartung-Knapp 95% confidence interval."
    assert caution.startswith("The association is one over trials")
    with pytest.raises(OptionError, match="left= has no use for the table of a RegressionResult"):
        mo.table(r, left=["line"])


def test_several_outcomes_have_a_row_each():
    r = outcomes()
    table = mo.table(r, journal="JAMA")
    assert table.title == "Pooled effects of 2 outcomes in 4 trials"
    assert [row[:3] for row in table.rows[:2]] == [("OS", "Hazard ratio", "4"), ("PFS", "Hazard ratio", "3")]
    limits = np.exp(np.column_stack([r.estimate, r.ci_low, r.ci_high]))
    assert table.data[["estimate", "low", "high"]].to_numpy() == pytest.approx(limits)
    assert table.rows[2][0].startswith("Heterogeneity over all outcomes: χ² = ")
    assert "Correlation between trials, OS and PFS: " in table.rows[3][0]
    assert table.rows[0][4].startswith((".", "<.", ">."))


LONGEST = 32_767  # characters of a cell of Excel; of a letter outside of the basic plane it counts two


def footed(note):
    return dataclasses.replace(mo.table(pool()), footnotes=(note,))


@pytest.mark.parametrize("note", ["x" * LONGEST, "\N{DNA DOUBLE HELIX}" * (LONGEST // 2)])
def test_a_workbook_holds_the_longest_texts_whole(tmp_path, note):
    sheet = load_workbook(mo.save(footed(note), tmp_path / "t.xlsx"))["table"]
    assert sheet.cell(sheet.max_row, 1).value == note


@pytest.mark.parametrize("note", ["x" * (LONGEST + 1), "\N{DNA DOUBLE HELIX}" * (LONGEST // 2 + 1)])
def test_a_longer_text_is_refused_and_not_cut(tmp_path, note):
    says = r"row \d+, column 1 of the sheet 'table' \('.*'\.\.\.\) has 32,768 characters; Excel takes 32,767: save the"
    with pytest.raises(DataError, match=says):
        mo.save(footed(note), tmp_path / "t.xlsx")
    assert list(tmp_path.iterdir()) == []
    assert note in mo.save(footed(note), tmp_path / "t.html").read_text("utf-8")


@pytest.mark.parametrize(("rows", "columns"), [(2**20, 1), (1, 2**14 + 1)])  # a header comes on top
def test_more_rows_or_columns_than_a_sheet_has_are_refused(tmp_path, rows, columns):
    large = dataclasses.replace(mo.table(pool()), data=pd.DataFrame(np.zeros((rows, columns))))
    with pytest.raises(DataError, match=r"'numbers' would have .* columns; Excel takes 1,048,576 of 16,384: save the"):
        mo.save(large, tmp_path / "t.xlsx")


def test_infinity_is_text_in_a_workbook(tmp_path):
    data = pd.DataFrame({"x": [np.inf, -np.inf, np.nan, 1.5]})
    made = mo.save(dataclasses.replace(mo.table(pool()), data=data), tmp_path / "t.xlsx")
    cells = [row[0] for row in load_workbook(made)["numbers"].iter_rows(min_row=2, max_row=5)]
    assert [(cell.value, cell.data_type) for cell in cells] == [("inf", "s"), ("-inf", "s"), (None, "n"), (1.5, "n")]


NUMBERS = ("InfluenceResult", "GoshResult", "MultiverseResult", "BootstrapResult", "LeaveKOutResult",
           "TippingPointResult", "EValueResult", "BlupResult", "FragilityResult", "TrialFragilityResult",
           "PermutationResult", "PlanResult", "KaplanMeier", "CoxHazardRatio")  # fmt: skip


@pytest.mark.parametrize("kind", NUMBERS)
def test_what_is_neither_trials_nor_coefficients_has_its_numbers(kind, tmp_path):
    r = dict(EVERY)[f"{kind} 1"]()
    table, own = mo.table(r, journal="Lancet"), kind_of(r).numbers
    numbers = (r.tidy(transform=True) if own is None else own(r)).dropna(axis="columns", how="all")
    pd.testing.assert_frame_equal(table.data, numbers.reset_index(drop=True))
    assert {len(row) for row in table.rows} == {len(table.headers)}
    assert len(table.rows) == len(numbers)
    for i, header in enumerate(table.headers):
        if header == "Estimate":
            shown = [float(row[i].replace("·", ".").replace("−", "-") or "nan") for row in table.rows]
            np.testing.assert_allclose(shown, numbers["estimate"].astype(float), rtol=5.1e-3, atol=1e-12)
    with pytest.raises(OptionError, match="left= has no use for the table of a"):
        mo.table(r, left=["n"])
    assert mo.save(table, tmp_path / "t.xlsx").exists()


def test_a_study_of_methods_has_what_is_shown_of_it_in_words():
    r = dict(EVERY)["SimulationResult 2"]()
    table = mo.table(r)
    assert table.title == "Performance in simulated meta-analyses"
    assert table.headers[:3] == ("Scenario", "Analysis", "Bias")
    assert table.rows[0][0] == "k = 4, split = within"
    shown = [float(row[2].replace("−", "-")) for row in table.rows]
    np.testing.assert_allclose(shown, r.table["bias"], rtol=5.1e-3)
