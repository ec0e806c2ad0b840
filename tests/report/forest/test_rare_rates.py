"""Rates near 0 and 100 %, and ratios far from 1: what a reader gets in figures, tables and texts."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from figure_checks import assert_readable

import metaonc as mo
from metaonc.report.forest.rows import forest_rows

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


def test_the_axis_of_other_rates_is_the_whole():
    ax = mo.plot.forest(mo.pool_glmm({**RARE, "x": [4, 9, 12], "n": [20, 30, 41]}, **COUNTS))
    assert ax.get_xlim() == (0.0, 100.0)
    plt.close(ax.figure)


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
