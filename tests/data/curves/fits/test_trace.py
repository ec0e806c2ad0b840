"""Counts step by step: what is found once is not looked for again."""

from __future__ import annotations

import numpy as np
import pytest

import metaonc as mo
from metaonc.data.curves.fits import trace


@pytest.fixture
def paths(monkeypatch):
    """Return the prices of an event by which paths are looked for, in order."""
    tried, found = [], trace._path

    def counted(points, span, level, noise, price):
        tried.append(price)
        return found(points, span, level, noise, price)

    monkeypatch.setattr(trace, "_path", counted)
    return tried


def columns(n=300, end=36.0):
    """Return the readings of a curve of pixels of n patients, who leave evenly from 16 to the end, and its events."""
    rng = np.random.default_rng(12)
    died, left = rng.exponential(10.0, n), rng.uniform(end - 20, end, n)
    time, event = np.minimum(died, left), died <= left
    order = np.argsort(time)
    t, alive = time[order], n - np.arange(n)
    level = np.append(1.0, np.cumprod(1.0 - event[order] / alive))
    x = np.arange(0.0, t[-1], end / 700)
    return x, np.round(450 * level[np.searchsorted(t, x, side="right")]) / 450, int(event.sum())


def test_the_cheapest_path_of_each_shape_is_looked_for_once(paths):
    x, s, events = columns()
    mo.curves.reconstruct_ipd(x, s, points="pixels", n=300, events=events - 12)
    assert paths.count(0.0) == 3
    assert 3 < len(paths) <= 3 + trace.TRIALS
