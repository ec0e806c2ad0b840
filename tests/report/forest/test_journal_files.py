"""Figures of one column and of a page, for every journal: what its file must be, and no colour but its own."""

import warnings

import matplotlib.colors as colors
import numpy as np
import pandas as pd
import pytest
from combinations import combined
from figure_checks import assert_readable
from forest_cases import ARMS, ONE, assert_panel_is_free, squares
from matplotlib.text import Text

import metaonc as mo
from metaonc.report.forest.figure import forest
from metaonc.report.journals import BLUE, JOURNALS
from metaonc.report.style import RC

NAMES = ["RAMP 201", "FRAME", "GOG 281", "MILO/ENGOT-ov11", "LOGS", "SOLO-1", "PAOLA-1", "PRIMA", "VELIA",
         "KEYNOTE-158", "CheckMate 227", "DESTINY-Breast04"]  # fmt: skip


def rows(k):
    rng = np.random.default_rng(k)
    n = {c: rng.integers(40, 300, k) for c in ("n", "nt", "nc")}
    x = {"x": rng.binomial(n["n"], 0.3), "et": rng.binomial(n["nt"], 0.3), "ec": rng.binomial(n["nc"], 0.4)}
    levels = ["mutant", "wild-type"] * k
    return pd.DataFrame({"trial": NAMES[:k], **n, **x, "kras": levels[:k], "hr": rng.normal(-0.3, 0.2, k), "v": 0.04})


def hazards(t):
    return t.rename(columns={"hr": "yi", "v": "vi"})[["trial", "kras", "yi", "vi"]]


MADE = {
    "hazard ratios": lambda t: mo.pool(hazards(t), study="trial", measure="HR"),
    "by subgroup": lambda t: mo.pool_subgroups(hazards(t), by="kras", study="trial", measure="HR"),
    "responses": lambda t: mo.pool_glmm(t, **ONE),
    "odds ratios": lambda t: mo.pool(mo.effect_sizes(t, measure="OR", **ARMS, study="trial"), study="trial"),
}


def written(ax, path, journal):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "what .* asks of a figure's file is not known")
        return mo.save(ax, path, journal=journal)


@combined("journal, width, k, made", JOURNALS, ["column", "page"], [3, 12], MADE)
def test_a_figure_drawn_for_a_journal_breaks_none_of_its_rules(tmp_path, journal, width, k, made):
    ax = forest(MADE[made](rows(k)), journal=journal, width=width, favours=None)
    written(ax, tmp_path / "figure.svg", journal)
    rules = JOURNALS[journal].artwork
    mm = ax.figure.get_figwidth() * 25.4
    assert mm == pytest.approx(JOURNALS[journal].columns[width == "page"])
    assert rules.narrowest - 1e-6 <= mm <= rules.widest + 1e-6
    assert min(t.get_fontsize() for t in ax.figure.findobj(Text) if t.get_text()) >= max(6, rules.type_size)
    assert len(squares(ax)) == k
    assert len(ax.get_xticks()) >= 3
    assert_readable(ax.figure)
    assert_panel_is_free(ax)


@combined("journal, suffix", JOURNALS, ["pdf", "eps", "png", "tif"])
def test_it_may_be_a_file_of_any_format(tmp_path, monkeypatch, journal, suffix):
    for kind in ("pdf", "ps"):  # outlines of letters: to write a font takes longer than all else
        monkeypatch.setitem(RC, f"{kind}.fonttype", 3)
    ax = forest(MADE["hazard ratios"](rows(3)), journal=journal, width="column")
    assert written(ax, tmp_path / f"figure.{suffix}", journal).exists()


@pytest.mark.parametrize("journal", JOURNALS)
def test_columns_of_a_record_keep_its_own_rules(journal):
    record = JOURNALS[journal]
    one, page = record.columns
    assert record.artwork.narrowest <= one < page <= record.artwork.widest
    assert one <= record.width <= page


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("journal", ["RevMan5", "BMJ", "JAMA"])
def test_a_journal_with_colours_of_its_own_has_no_other(journal, made):
    ax = forest(MADE[made](rows(6)), journal=journal)
    used = {colors.to_hex(c) for artist in ax.figure.findobj() for c in _colours(artist)}
    assert colors.to_hex(BLUE) not in used
    record = JOURNALS[journal]
    own = {*record.squares.values(), record.diamond, record.prediction, "black", "white", "0.35"}
    assert used <= {colors.to_hex(c) for c in own}


def _colours(artist):
    """Return the colours that an artist shows."""
    found = []
    for name in ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor"):
        get = getattr(artist, f"get_{name}", None)
        if get is None or not artist.get_visible():
            continue
        value = get()
        found.extend(value if not isinstance(value, str) and np.ndim(value) > 1 else [value])
    return [c for c in found if not (isinstance(c, str) and c == "none") and colors.to_rgba(c)[3] > 0]


def test_what_is_asked_for_stays_where_the_width_does_not_suffice():
    r = MADE["odds ratios"](rows(3))
    usual = forest(r, journal="JCO", width="column")
    asked = forest(r, journal="JCO", width="column", left=["counts"], right=["effect"])
    assert not any("/" in t.get_text() and t.get_text()[0].isdigit() for t in usual.texts)
    assert sum("/" in t.get_text() and t.get_text()[0].isdigit() for t in asked.texts) >= 3


def test_a_note_on_a_column_goes_with_it():
    r = MADE["odds ratios"](rows(3))
    narrow, wide = (forest(r, journal="JCO", width=width) for width in ("column", "page"))
    assert any(t.get_text().startswith("Absolute difference: risk") for t in wide.texts)
    assert not any(t.get_text().startswith("Absolute difference: risk") for t in narrow.texts)


def test_a_risk_of_bias_keeps_the_thinnest_line():
    r = mo.pool(hazards(rows(3)).assign(rob=["low", "high", "some concerns"]), study="trial", measure="HR")
    ax = forest(r, journal="BMC", left=["rob"])
    assert all(mo.plot.check_artwork(ax.figure, "BMC")["ok"])
