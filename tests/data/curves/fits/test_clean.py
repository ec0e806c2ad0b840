"""Points read off a figure, and how far off they may be."""

import numpy as np
import pytest

from metaonc.data.curves.fits.clean import read_pixels

TIME = np.linspace(0, 10, 301)
TRUE = np.exp(-TIME / 6)


def test_readings_in_whole_pixels_are_off_by_a_part_of_one():
    assert read_pixels(TIME, np.round(TRUE * 450) / 450, 10.0).noise_y == pytest.approx(
        0.4 / 450, rel=1e-6 * 450
    )  # readings are compared to six digits


def test_readings_between_pixels_are_not_exact():
    """By how much of each pixel a line covers, a picture is read to parts of one; these lie on no grid."""
    read = np.minimum.accumulate(TRUE + np.random.default_rng(1).normal(0, 4e-4, len(TRUE)))
    assert 5e-4 < read_pixels(TIME, np.clip(read, 0, 1), 10.0).noise_y < 5e-3


ENDS = (  # readings a column at the end of a curve, and the levels before and after its last fall
    ([0.1751, 0.1751, 0.1748, 0.1466, 0.0055], 0.1748, True),  # the fall crosses a column, and the axis hides the end
    ([0.2, 0.2, 0.2, 0.11, 0.03, 0.0, 0.0], 0.2, True),
    ([0.06, 0.06, 0.06, 0.0, 0.0], 0.06, True),
    ([0.018, 0.018, 0.018, 0.009, 0.009], 0.018, False),  # one of two patients leaves half
    ([0.3, 0.3, 0.3, 0.02, 0.02], 0.3, False),  # read above the axis
)


@pytest.mark.parametrize(("tail", "before", "fallen"), ENDS)
def test_a_fall_to_the_axis_is_read_whole(tail, before, fallen):
    s = np.concatenate([np.linspace(1.0, tail[0] + 0.05, 100), np.full(60, tail[0]), tail])
    reading = read_pixels(np.arange(len(s)) / 10.0, s, 20.0)
    assert (reading.y[-1] == 0) == fallen
    if fallen:
        assert reading.y[reading.y > 0][-1] == pytest.approx(before, abs=1e-4)  # the phase of its pixels is read too


def test_a_curve_that_begins_on_the_axis_is_left_as_it_was_read():
    assert read_pixels(np.arange(4.0), np.zeros(4), 4.0).y[-1] == 0
