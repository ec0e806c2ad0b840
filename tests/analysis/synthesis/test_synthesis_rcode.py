"""The R scripts of survival across trials: to the letter those that R ran, and R's numbers are metaonc's."""

import json

import numpy as np
import pytest
from reference import pinned, synthesis_scripts

RAN = json.loads((synthesis_scripts.HERE / "synthesis_scripts.json").read_text(encoding="utf-8"))
SAID = pinned.load("synthesis_scripts")
RESULTS = pinned.Results(RAN, synthesis_scripts.results)
CLOSED, OPTIMUM = 1e-9, 1e-4  # the optima of R's optim and optimize are as far as the likelihood is flat

SEARCHED = ("exact", "exact wald", "exact entry", "gamma", "poisson entry", "poisson exact", "poisson laplace")


def test_every_script_was_run():
    assert set(RAN) == set(RESULTS.all)


@pytest.mark.parametrize("name", RAN)
def test_the_script_is_the_one_that_r_ran(name):
    pinned.assert_same_script(RESULTS[name].r_code(), RAN[name]["script"])


def numbers(name, r):
    if name.startswith("curves"):
        curves = r.curves.values()
        bands = [curve.band(r.level) for curve in curves]
        return {"time": np.concatenate([c.time for c in curves]),
                "survival": np.concatenate([c.survival for c in curves]),
                "ci_low": np.concatenate([b[0] for b in bands]), "ci_high": np.concatenate([b[1] for b in bands]),
                "median": r.medians["median"].to_numpy()}  # fmt: skip
    if name == "interaction":
        naive = r.table.set_index("term").loc["not centred", "estimate"]
        return {"estimate": r.estimate, "se": r.se, "naive": naive}
    if name == "bounded":
        return {"limit": r.ci_high, "p": r.p_value}
    if name.startswith(("poisson", "rates")):
        return {"estimate": r.estimate} | ({"tau2": r.tau2} if name.startswith("poisson") else {"se": r.se})
    own = {"estimate": r.estimate, "loglik": r.loglik}
    if name.startswith("exact"):
        limits = {field: getattr(r, field) for field in ("tau2", "se", "ci_low", "ci_high", "p_value")}
        return own | limits | {"prediction": [r.prediction_low, r.prediction_high]}
    return own | {"se": r.se} | ({"theta": r.baseline_variance} if name == "gamma" else {})


@pytest.mark.parametrize("name", RAN)
def test_r_says_the_same(name):
    ours, said = numbers(name, RESULTS[name]), SAID[name]["r"]
    assert set(ours) == set(said)
    rtol = OPTIMUM if name in SEARCHED else CLOSED
    for field, got in ours.items():
        np.testing.assert_allclose(np.reshape(said[field], np.shape(got)), got, rtol=rtol, atol=1e-12, err_msg=field)
