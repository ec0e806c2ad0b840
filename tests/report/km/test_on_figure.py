"""Curves drawn on the published figure: in colours that it has not."""

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from metaonc.report.km.on_figure import _colours


@pytest.mark.parametrize("own", [("#c00000", "#1f4e9e"), ("#000000", "#000000"), ("#0072b2", "#d55e00", "#009e73")])
def test_colours_are_none_of_the_figure(own):
    chosen = _colours([SimpleNamespace(colour=colour) for colour in own])
    assert len(set(chosen)) == len(own)
    apart = [np.linalg.norm(np.subtract(to_rgb(a), to_rgb(b))) for a in chosen for b in own]
    assert min(apart) > 0.4


def test_a_figure_of_every_colour_has_some_all_the_same():
    own = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
    assert len(set(_colours([SimpleNamespace(colour=colour) for colour in own]))) == len(own)
