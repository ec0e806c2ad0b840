"""What is known of a span before it is filled."""

import numpy as np
import pytest

from metaonc.data.curves.fits.clean import read_pixels
from metaonc.data.curves.fits.place import Span
from metaonc.data.curves.fits.task import Task


def test_a_mark_takes_its_part_of_the_fall():
    """Of 20 at risk 10 are left where survival is still 1: ten censored, of whom the marks are three."""
    at = np.linspace(0, 10, 401)
    reading = read_pixels(at, np.where(at < 9, 1.0, 0.5), 10.0)  # rows of 0.005
    task = Task(reading, Span(0.0, 5.0, 20, 10, False), 1.0, None, np.array([1.0, 2.0, 3.0]), False, 1.0, False)
    assert task.unmarked == 7
    assert task.fall(task.end_g()) == pytest.approx(7, abs=10 * 0.0025)
