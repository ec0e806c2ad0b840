"""The R scripts of selection models and of p-uniform*: R ran them, and says what the results say."""

import json

import numpy as np
import pytest
from reference import r_scripts, selection_scripts
from reference.pinned import Results, assert_same_script

PINNED = json.loads((r_scripts.HERE / "selection_scripts.json").read_text(encoding="utf-8"))
RESULTS = Results(PINNED, selection_scripts.results)
RTOL, ATOL = 2e-4, 1e-6  # R's optimisers stop on a flat top, and its Hessians are differences


def test_every_script_was_run():
    assert set(PINNED) == set(RESULTS.all)


@pytest.mark.parametrize("name", RESULTS)
def test_r_says_the_same(name):
    r, pinned = RESULTS[name][0], PINNED[name]
    assert_same_script(r.r_code(), pinned["script"])
    for field, want in pinned["r"].items():
        have = r.weights[1] if field == "weight" else getattr(r, field)
        np.testing.assert_allclose(np.asarray(have), want, rtol=RTOL, atol=ATOL, err_msg=field)
