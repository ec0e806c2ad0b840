"""The median of a curve: one convention, R's, for patients that are read and for those that are made."""

import numpy as np
import pandas as pd

import metaonc as mo
from metaonc.data.curves.fits.median import half_time


def test_a_curve_that_is_flat_at_one_half_has_the_middle_as_in_r():
    # survfit(Surv(c(2, 4, 6, 8)) ~ 1) prints 5; with the last two censored at 8, 4
    assert half_time(np.array([2.0, 4.0, 6.0, 8.0]), np.array([0.75, 0.5, 0.25, 0.0])) == 5.0
    assert half_time(np.array([2.0, 4.0, 8.0]), np.array([0.75, 0.5, 0.5])) == 4.0
    assert np.isnan(half_time(np.array([2.0, 4.0]), np.array([0.9, 0.6])))


def test_patients_that_are_made_have_the_median_that_kaplan_meier_gives_them():
    # two of four at 4 leave S at exactly 0.5 until 6
    curve = pd.DataFrame({"time": [0, 2, 2, 4, 4, 6, 6, 8], "survival": [1, 1, 0.75, 0.75, 0.5, 0.5, 0.25, 0.25]})
    made = mo.curves.reconstruct_ipd(curve["time"], curve["survival"], n=4, events=4)
    read = mo.survival.kaplan_meier(made.ipd).medians["median"].iloc[0]
    assert made.glance()["median"].iloc[0] == read
    assert f"median {read:g}" in str(made)
