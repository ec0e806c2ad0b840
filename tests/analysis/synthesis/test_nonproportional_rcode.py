"""R scripts of survival without proportional hazards: those that R ran, and R's numbers are the result's."""

import numpy as np
import pytest
from reference import pinned, survival_synthesis_scripts

RAN = pinned.load("survival_synthesis_scripts")
MADE = pinned.Results(RAN, survival_synthesis_scripts.results)
EXACT = {"rtol": 1e-8, "atol": 1e-10}
CLIMBED = {"rtol": 2e-3, "atol": 1e-4}  # R climbs to a covariance between trials at the edge of what is possible
CLIMBS = ("time varying", "piecewise")


def test_every_script_was_run():
    assert set(RAN) == set(MADE.all)


@pytest.mark.parametrize("name", RAN)
def test_the_script_is_the_one_that_r_ran(name):
    pinned.assert_same_script(MADE[name][0].r_code(), RAN[name]["script"])


@pytest.mark.parametrize("name", RAN)
def test_the_numbers_of_r_are_those_of_the_result(name):
    for field, got in MADE[name][2].items():
        want = np.reshape(np.array(RAN[name]["r"][field], dtype=float), np.shape(got))
        np.testing.assert_allclose(got, want, **(CLIMBED if name in CLIMBS else EXACT), err_msg=field)
