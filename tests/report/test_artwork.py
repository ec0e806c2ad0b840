"""What journals ask of a figure's file, and what PostScript cannot hold."""

import warnings

import numpy as np
import pandas as pd
import pytest
from combinations import combined
from matplotlib.figure import Figure
from PIL import Image

import metaonc as mo
from metaonc.errors import DataError, FigureWarning, OptionError
from metaonc.report.artwork import check_artwork
from metaonc.report.journals import JOURNALS, Artwork
from metaonc.report.style import MM, RC


def figure(width=100.0, type_size=9.0, line=1.0):
    """Return a figure whose smallest visible type and thinnest visible line are known."""
    made = Figure(figsize=(width * MM, 60 * MM))
    ax = made.add_subplot()
    ax.tick_params(labelsize=type_size)
    ax.plot([0, 1], [0, 1], linewidth=max(line, 2))
    ax.plot([0, 1], [0.5, 0.6], linewidth=0.1, visible=False)
    ax.plot([0, 1], [0.5, 0.6], "o", linewidth=0.1, linestyle="none")
    ax.text(0.5, 0.5, "unseen", fontsize=2, visible=False)
    ax.text(0.5, 0.5, " ", fontsize=2)
    ax.set_title("title", fontsize=12)
    for spine in ax.spines.values():
        spine.set_linewidth(line)
    return made


def found(rules):
    return {row.rule: (row.found, row.ok) for row in rules.itertuples()}


@pytest.mark.parametrize(
    ("journal", "width", "dpi", "type_size", "line", "wanted"),
    [
        ("JAMA", 126.9, 349, 9, 1, {"width": (126.9, False), "resolution": (349, False)}),
        ("JAMA", 127, 350, 9, 1, {"width": (127, True), "resolution": (350, True)}),
        ("Lancet", 106, None, 9, 1, {"width": (106, False)}),
        ("Lancet", 107, 300, 9, 1, {"width": (107, True), "resolution": (300, True)}),
        ("NEJM", 50, 600, 9, 1, {"resolution": (600, False)}),
        ("NEJM", 50, None, 9, 1, {}),
        ("Elsevier", 191, 1000, 6.5, 1,
         {"width": (191, False), "resolution": (1000, True), "smallest type": (6.5, False)}),
        ("Elsevier", 190, None, 7, 1, {"width": (190, True), "smallest type": (7, True)}),
        ("BMC", 177, 299, 7.5, 0.4, {"width": (177, False), "resolution": (299, False),
                                     "smallest type": (7.5, False), "thinnest line": (0.4, False)}),
        ("BMC", 176, 300, 8, 0.5, {"width": (176, True), "resolution": (300, True), "smallest type": (8, True),
                                   "thinnest line": (0.5, True)}),
    ],
)  # fmt: skip
def test_rules_are_measured_on_what_is_seen(journal, width, dpi, type_size, line, wanted):
    assert found(check_artwork(figure(width, type_size, line), journal, dpi=dpi)) == wanted


def test_a_thin_line_of_a_collection_counts():
    made = figure()
    made.axes[0].vlines([0.2, 0.4], 0, 1, linewidth=0.3)
    assert found(check_artwork(made, "BMC"))["thinnest line"] == (0.3, False)


def test_records_say_where_they_are_from():
    known = {name: journal.artwork for name, journal in JOURNALS.items() if journal.artwork.is_known}
    for journal, rules in known.items():
        assert rules.source, journal
        assert rules.grade in ("primary", "secondary"), journal
    assert set(known) == {"default", "JAMA", "Lancet", "NEJM", "Elsevier", "BMC"}


def test_what_is_not_known_has_no_rule():
    for journal in JOURNALS.values():
        assert journal.artwork.is_known or journal.artwork == Artwork()


UNKNOWN = {"JCO": "Journal of Clinical Oncology", "BMJ": "BMJ", "RevMan5": "Review Manager 5"}


@pytest.mark.parametrize("journal", UNKNOWN)
def test_without_a_known_rule_nothing_is_checked_and_that_is_said(tmp_path, journal):
    said = f"what {UNKNOWN[journal]} asks of a figure's file is not known: nothing was checked"
    with pytest.warns(FigureWarning, match=said) as caught:
        path = mo.save(figure(), tmp_path / "a.pdf", journal=journal)
    assert [w.filename for w in caught] == [__file__]
    assert path.exists()
    with pytest.warns(FigureWarning, match=said) as caught:
        rules = check_artwork(figure(), journal)
    assert [w.filename for w in caught] == [__file__]
    assert rules.empty


def test_a_journal_without_a_record_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(OptionError, match=r"journal='Nature'.*'JAMA'.*'BMC'"):
        mo.save(figure(), tmp_path / "a.pdf", journal="Nature")
    assert not list(tmp_path.iterdir())


def test_a_figure_of_no_journal_is_written_without_a_word(tmp_path):
    assert mo.save(figure(width=20), tmp_path / "a.pdf", journal="default").exists()


def test_save_says_what_breaks_a_rule_and_writes_all_the_same(tmp_path):
    with pytest.warns(FigureWarning) as caught:
        path = mo.save(figure(width=80), tmp_path / "a.png", journal="JAMA", dpi=200)
    (said,) = [str(w.message) for w in caught]
    assert said == (
        "JAMA asks for more (AMA Manual of Style, an older edition; primary): width is 80 mm, wanted 127 or more: draw "
        "it with width=127 or more; resolution is 200 dpi, wanted 350 or more: save it with dpi=350, or as a vector "
        "file."
    )
    assert caught[0].filename == __file__
    assert path.exists()


@pytest.mark.parametrize(("journal", "dpi"), [("NEJM", 1200), ("Elsevier", 1000), ("JAMA", 600)])
def test_pixels_are_as_many_as_the_journal_wants(tmp_path, journal, dpi):
    with Image.open(mo.save(figure(width=130), tmp_path / "a.tif", journal=journal)) as image:
        assert image.info["dpi"] == (dpi, dpi)


@combined(
    "journal, suffix",
    [name for name, journal in JOURNALS.items() if journal.artwork.is_known],
    ["pdf", "svg", "eps", "png"],
)
def test_our_own_layouts_break_no_rule_of_their_journal(tmp_path, monkeypatch, journal, suffix):
    for kind in ("pdf", "ps"):  # outlines of letters: to write a font takes longer than all else
        monkeypatch.setitem(RC, f"{kind}.fonttype", 3)
    r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR")
    mo.save(mo.plot.forest(r, journal=journal), tmp_path / f"a.{suffix}", journal=journal)


def test_a_table_is_held_against_no_rule_of_figures(tmp_path):
    r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR")
    with pytest.raises(OptionError, match="journal= has no use for the file of a table"):
        mo.save(mo.table(r), tmp_path / "a.csv", journal="JAMA")


def clear():
    made = figure()
    ax = made.axes[0]
    ax.fill_between([0, 1], [0, 0], [1, 1], color="#0072B2", alpha=0.25, label="band of A")
    ax.plot([0, 1], [1, 0], color=(1, 0, 0, 0.5), label="_pale")
    ax.bar([0.5], [0.4], color="green", alpha=0.5, edgecolor="none")
    return made


def test_transparent_marks_get_their_colour_on_white_in_postscript(tmp_path):
    with pytest.warns(
        FigureWarning, match="no transparency: 'band of A', lines or points, areas cover what lies under"
    ):
        text = mo.save(clear(), tmp_path / "a.eps").read_text("latin-1")
    for colour in ((0.75, 0.862, 0.925), (1, 0.5, 0.5), (0.5, 0.751, 0.5)):
        assert any(np.allclose(colour, c, atol=2e-3) for c in colours(text)), colour


def colours(text):
    lines = [line.split() for line in text.splitlines() if line.endswith("setrgbcolor")]
    return [tuple(float(x) for x in line[:3]) for line in lines if len(line) == 4]


def test_the_figure_is_as_it_was_after_postscript(tmp_path):
    made = clear()
    before = np.asarray(Image.open(mo.save(made, tmp_path / "a.png", dpi=60)))
    with pytest.warns(FigureWarning):
        mo.save(made, tmp_path / "a.eps")
    assert np.array_equal(np.asarray(Image.open(mo.save(made, tmp_path / "b.png", dpi=60))), before)


def test_an_opaque_figure_is_written_without_a_word(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mo.save(figure(), tmp_path / "a.eps")


def test_axes_are_taken_as_their_figure_and_other_things_refused():
    made = figure()
    pd.testing.assert_frame_equal(check_artwork(made.axes[0], "BMC"), check_artwork(made, "BMC"))
    with pytest.raises(DataError, match="a figure or its axes is wanted, not str"):
        check_artwork("figure.png", "BMC")
