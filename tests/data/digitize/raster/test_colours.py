"""Colours of lines, and what two of them make where they touch."""

from __future__ import annotations

import numpy as np

from metaonc.data.digitize.options import rgb
from metaonc.data.digitize.raster.colours import Inks, is_mixture

BLUE, RED, PURPLE = (255.0 - np.array(rgb(c)) for c in ("#00468b", "#ed0000", "#925e9f"))


def test_purple_is_no_mixture_of_blue_and_red_unless_colours_are_smeared():
    for blurred in (False, True):
        assert is_mixture(Inks(np.array([BLUE, RED, PURPLE]), blurred), 2, [0, 1]) == blurred


def test_what_covers_parts_of_a_pixel_is_a_mixture():
    half = 0.5 * BLUE + 0.4 * RED
    assert is_mixture(Inks(np.array([BLUE, RED, half]), False), 2, [0, 1])


def test_what_lines_over_each_other_make_may_be_a_little_darker_than_both():
    inks = np.array([255.0 - np.array(rgb(c)) for c in ("#d5640b", "#0a77b5", "#7c623e")])
    assert inks[2].sum() > inks[:2].sum(axis=1).max()
    assert is_mixture(Inks(inks, True), 2, [0, 1])
    darker = inks * [[1.0], [1.0], [1.2]]
    assert not is_mixture(Inks(darker, True), 2, [0, 1])
