"""What is known of a span before it is filled."""

import numpy as np
import pytest

from metaonc.data.curves.fits.clean import read_pixels
from metaonc.data.curves.fits.options import Task
from metaonc.data.curves.fits.place import Span


def test_a_column_on_the_last_fall_is_no_level_before_it():
    """A curve that ends with the event of its last patient, at 0.1, has N G = 10 there, whatever a column half way shows."""
    at = np.arange(0, 10.05, 0.025)
    level = np.where(at < 5, 1.0 - np.floor(at) / 450, np.where(at < 10, 0.1, 0.0))
    level[np.searchsorted(at, 10.0) - 1] = 9 / 450
    reading = read_pixels(at, level, 10.0)
    task = Task(reading, Span(0.0, reading.end, 100, 0, True), 1.0, None, np.zeros(0), False, 1.0, False)
    assert task.end_g() == pytest.approx(10, rel=0.5 / 45)  # half a row of 45


def test_a_mark_takes_its_part_of_the_fall():
    """Of 20 at risk 10 are left where survival is still 1: ten censored, of whom the marks are three."""
    at = np.linspace(0, 10, 401)
    reading = read_pixels(at, np.where(at < 9, 1.0, 0.5), 10.0)  # rows of 0.005
    task = Task(reading, Span(0.0, 5.0, 20, 10, False), 1.0, None, np.array([1.0, 2.0, 3.0]), False, 1.0, False)
    assert task.unmarked == 7
    assert task.fall(task.end_g()) == pytest.approx(7, abs=10 * 0.0025)
