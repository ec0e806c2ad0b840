"""Rates near 0 and 100 %, and ratios far from 1: what a reader gets in figures, tables and texts."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from figure_checks import assert_readable

import metaonc as mo
from metaonc.report.forest.room import find_room
from metaonc.report.forest.rows import forest_rows
from metaonc.report.typeset import text_width, wrap

N = [9000, 14000, 31000]
RARE = {"t": ["Alpha", "Beta", "Gamma"], "x": [2, 6, 9], "n": N}
NEARLY_ALL = {**RARE, "x": [n - x for n, x in zip(N, RARE["x"], strict=True)]}
COUNTS = {"events": "x", "n": "n", "study": "t"}


@pytest.mark.parametrize("journal", [None, "Lancet", "NEJM", "RevMan5"])
@pytest.mark.parametrize(("rows", "column", "alone"), [(RARE, "0.031", "0.031"), (NEARLY_ALL, "99.969", "99.97")])
def test_rates_keep_their_digits(rows, column, alone, journal):
    """17 of 54,000 is 0.0315 %, with exact limits of 0.0183 and 0.0504 %."""
    r = mo.pool_glmm(rows, **COUNTS)
    texts = {str(mo.table(r, journal=journal)): column, str(mo.results_text(r, journal=journal)): alone}
    for text, whole in texts.items():
        plain = text.replace("·", ".")
        assert re.search(rf"{whole}%? [(\[]", plain)
        assert not re.search(r"(?<![\d.])(0|100)\.0+%? [(\[]|[(\[]0\.0+\b|[^\d]100\.0+[)\]]", plain)
    assert alone in str(r)


def test_the_axis_of_rare_rates_follows_them():
    for rows, end in ((RARE, 0.0), (NEARLY_ALL, 100.0)):
        ax = mo.plot.forest(mo.pool_glmm(rows, **COUNTS))
        low, high = ax.get_xlim()
        assert end in (low, high)
        assert high - low < 0.5
        assert len(ax.get_xticks()) >= 3
        assert_readable(ax.figure)
        plt.close(ax.figure)


def test_the_axis_of_other_rates_is_the_whole_or_as_far_as_three_quarters():
    ax = mo.plot.forest(mo.pool_glmm({**RARE, "x": [4, 15, 36], "n": [20, 30, 41]}, **COUNTS))
    assert ax.get_xlim() == (0.0, 100.0)
    r = mo.pool_glmm({**RARE, "x": [4, 9, 12], "n": [20, 30, 41]}, **COUNTS)
    ax = mo.plot.forest(r)
    assert ax.get_xlim()[0] == 0.0
    assert 49 < ax.get_xlim()[1] <= 60  # the upper limit of 9 of 30 is 49.4, and ticks are round
    plt.close(ax.figure)


def test_names_broken_into_lines_leave_no_blank_strip_beside_them():
    long = "Garassino 2025 - An Extremely Long Trial Name Of The International Cooperative Group"
    rows = forest_rows(
        mo.pool_glmm({**RARE, "t": ["Alpha", "Beta", long], "x": [4, 9, 12], "n": [20, 30, 41]}, **COUNTS)
    )
    room = find_room(rows, 237.0, 7.0)
    lines = wrap(long, room.label, room.size)
    named = [*lines, "Alpha", "Prediction interval"]
    widest = max(text_width(line, room.size) for line in named)
    bold = max(text_width(t, room.size, "bold") for t in rows.rows["label"][rows.rows["kind"] == "pooled"])
    assert len(lines) > 2
    assert room.label - max(widest, bold) <= 2 + 1e-9


def test_ratios_far_from_1_are_numbers():
    r = mo.pool({"yi": np.log([20000.0, 0.0021]), "vi": [0.09, 0.16], "t": ["Up", "Down"]}, study="t", measure="HR",
                method="CE", ci="wald")  # fmt: skip
    rows = forest_rows(r).rows
    # exp(log 20000 -+ 1.96 * 0.3), exp(log 0.0021 -+ 1.96 * 0.4)
    assert rows["effect"][:2].tolist() == ["20000 (11109 to 36007)", "0.0021 (0.0010 to 0.0046)"]
    assert not any(sign in text for text in [str(mo.table(r)), str(mo.results_text(r))] for sign in ("<0.01", ">9999"))


def test_levels_are_printed_as_given():
    r = mo.pool_glmm(RARE, **COUNTS, level=0.975)
    assert "97.5%" in forest_rows(r).headers["effect"].replace("\u00a0", " ")
    assert "97.5" in str(r)
    assert "level = 97.5" in r.r_code()
    km = mo.survival.kaplan_meier({"time": [2, 4, 5, 8, 9], "event": [1, 1, 0, 1, 0]}, level=0.975)
    assert "97.5% confidence interval" in km.summary()
