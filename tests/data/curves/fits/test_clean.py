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
