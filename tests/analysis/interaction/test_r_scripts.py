"""The R scripts of interaction and of subgroups: R ran them, and says what the results say."""

import json

import numpy as np
import pytest
from reference import r_scripts, subgroup_scripts
from reference.pinned import Results, assert_same_script

PINNED = json.loads((r_scripts.HERE / "subgroup_scripts.json").read_text(encoding="utf-8"))
RESULTS = Results(PINNED, subgroup_scripts.results)
# of numbers whose likelihood R's optimisers climb; their last steps are of this order
OPTIMISED = {"rtol": 2e-5, "atol": 2e-6}
EXACT = {"rtol": 1e-8, "atol": 1e-12}
CLIMBED = {"subgroups GLMM", "subgroups BB"}


def said_by(r, field):
    """Return what R calls `field`, levels in the order of its script: the reference first."""
    turn = -1 if hasattr(r, "contrast") else 1
    if field in ("floating", "floating_se"):
        return r.floating["estimate" if field == "floating" else "se"][::turn]
    if field == "floating_tau2":
        return r.floating_tau2[::turn, ::turn]
    if field.startswith("prediction") and hasattr(r, "overall"):  # of subgroups those of the whole come last
        r = r.overall
    return r.interactions["estimate"] if field == "interactions" else getattr(r, field)


def tolerance_of(name, field):
    if field == "floating_tau2":
        return {"rtol": 2e-4, "atol": 2e-6}
    exact = name.endswith("CE") or (name.startswith("subgroups") and name not in CLIMBED)
    return EXACT if exact else OPTIMISED


def test_every_script_was_run():
    assert set(PINNED) == set(RESULTS.all)


@pytest.mark.parametrize("name", PINNED)
def test_r_says_the_same_when_it_runs_the_script(name):
    """The script is, to the letter, the one that R ran for the pinned numbers."""
    r = RESULTS[name]
    assert_same_script(r.r_code(), PINNED[name]["script"])
    for field, want in PINNED[name]["r"].items():
        want = np.asarray(want, dtype=float)
        if field == "floating_cov" and hasattr(r, "contrast"):
            field, want = "floating_se", np.sqrt(np.diag(want))
        got = np.reshape(said_by(r, field), want.shape)
        np.testing.assert_allclose(got, want, err_msg=field, **tolerance_of(name, field))
