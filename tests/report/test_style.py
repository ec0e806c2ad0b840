"""The house style is the same whatever the caller's settings are, and leaves them alone."""

import io
from functools import cache

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pytest
from combinations import combined
from figure_checks import visible_texts
from figure_kinds import FIGURES
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

import metaonc as mo

THEIRS = {
    "axes.grid": True,
    "savefig.bbox": "tight",
    "font.size": 20,
    "axes.spines.left": False,
    "lines.marker": "o",
    "xtick.direction": "in",
    "axes.labelweight": "bold",
    "text.color": "red",
}
STYLES = ["dark_background", "ggplot", "classic"]


def pixels(figure):
    pack = io.BytesIO()
    figure.savefig(pack, format="raw", dpi=72)
    return np.frombuffer(pack.getvalue(), dtype=np.uint8)


@pytest.mark.slow
def test_texts_are_laid_out_where_a_drawing_puts_them():
    """So that tests which ask where texts are need no drawing."""
    for draw in FIGURES.values():
        laid, drawn = draw().figure, draw().figure
        drawn.draw_without_rendering()
        for (text, box), (other, there) in zip(visible_texts(laid), visible_texts(drawn), strict=True):
            assert text.get_text() == other.get_text()
            np.testing.assert_array_equal(box.extents, there.extents)


@pytest.mark.parametrize("kind", FIGURES)
def test_settings_of_the_caller_change_no_figure(kind, tmp_path):
    plain = mo.save(FIGURES[kind](), tmp_path / "plain.svg").read_bytes()
    with mpl.style.context("dark_background"), mpl.rc_context(THEIRS):
        before = dict(mpl.rcParams)
        assert mo.save(FIGURES[kind](), tmp_path / "theirs.svg").read_bytes() == plain
        assert dict(mpl.rcParams) == before


def drawn_into(kind):
    figure = Figure(figsize=(9, 8), facecolor="white", dpi=100)
    return FIGURES[kind](ax=figure.add_axes((0, 0, 1, 1)))


@cache
def plain_pixels(kind):
    with mpl.style.context("default"):
        return pixels(drawn_into(kind).figure)


@pytest.mark.parametrize("kind", FIGURES)
def test_a_figure_saved_by_its_own_method_keeps_the_house_style(kind):
    plain = pixels(FIGURES[kind]().figure)
    for name in STYLES[:2]:
        with mpl.style.context(name):
            np.testing.assert_array_equal(pixels(FIGURES[kind]().figure), plain)


@combined("kind, name", FIGURES, STYLES)
def test_axes_of_a_style_sheet_are_drawn_into_as_any(kind, name):
    with mpl.style.context(name):
        ax = drawn_into(kind)
    with mpl.style.context("default"):
        np.testing.assert_array_equal(pixels(ax.figure), plain_pixels(kind))


@pytest.mark.parametrize("kind", FIGURES)
def test_a_black_figure_gets_a_white_ground_where_it_is_drawn_into(kind):
    with mpl.style.context("dark_background"):
        figure = Figure(figsize=(18, 8))
        left, right = figure.subplots(1, 2)
        FIGURES[kind](ax=left)
        place = right.get_position()
        image = np.frombuffer(pixels(figure).tobytes(), np.uint8).reshape(8 * 72, 18 * 72, 4)
    assert to_rgba(figure.get_facecolor()) == (0.0, 0.0, 0.0, 1.0)
    inside = image[:, : int(place.x0 * 18 * 72) - 60, :3]
    assert (inside == 255).all(2).mean() > 0.2  # the ground of the figure's place, a half of it
    assert (image[: 8 * 72 // 20, :, :3] == 0).all()  # and none beyond it
