"""The R scripts of pools of subsets and of permutation tests: R ran them, and says what the results say."""

import json

import numpy as np
import pytest
from reference import r_scripts, sensitivity_scripts
from reference.pinned import assert_same_script

import metaonc as mo
from metaonc.analysis.sensitivity import rcode

PINNED = json.loads((r_scripts.HERE / "sensitivity_scripts.json").read_text(encoding="utf-8"))
PERMUTED = sensitivity_scripts.permuted()
SUBSETS = [(verb, name) for verb in sensitivity_scripts.VERBS for name in sensitivity_scripts.POOLS]
# tau² of subsets whose likelihood metafor climbs in steps of 1e-12
RTOL, ATOL = 1e-8, 1e-10


def test_every_script_was_run():
    assert set(PINNED) == {*(f"{verb} {name}" for verb, name in SUBSETS), *(f"permutation {name}" for name in PERMUTED)}


@pytest.mark.parametrize(("verb", "name"), SUBSETS)
def test_r_pools_the_same_subsets(verb, name):
    """The script is, to the letter, the one that R ran for the pinned numbers."""
    table = sensitivity_scripts.subsets(verb, name)
    assert_same_script(table.r_code(), PINNED[f"{verb} {name}"]["script"])
    several = np.arange(len(table)) >= (1 if verb == "cumulative" else 0)
    for field, want in PINNED[f"{verb} {name}"]["r"].items():
        rows = several if field in ("q", "i2") else slice(None)  # of one trial metafor says its own
        np.testing.assert_allclose(
            np.asarray(table[field])[rows], np.array(want, dtype=float)[rows], rtol=RTOL, atol=ATOL, err_msg=field
        )


@pytest.mark.parametrize("name", PERMUTED)
def test_r_permutes_the_same(name):
    r, pinned = PERMUTED[name], PINNED[f"permutation {name}"]
    assert_same_script(r.r_code(), pinned["script"])
    for field, want in pinned["r"].items():
        np.testing.assert_allclose(np.asarray(getattr(r, field)), want, rtol=RTOL, err_msg=field)


def test_where_metafor_has_no_test_to_permute_the_script_says_so():
    r = mo.sensitivity.permutation_test(mo.pool(sensitivity_scripts.TRIALS, study="trial", measure="HR", ci="KR"))
    assert r.r_code().endswith("\n# no permutation test in metafor with REML and KR")
    assert "permutest" not in r.r_code()


def test_a_method_that_r_lacks_gives_its_variances_as_numbers(monkeypatch):
    from dataclasses import replace

    from metaonc.analysis.methods.tau2 import TAU2_METHODS

    monkeypatch.setitem(TAU2_METHODS, "OWN", replace(TAU2_METHODS["DL"], code="OWN", label="our own", r_method=None))
    script = rcode.subsets("cumulative", ["A", "B"], [0.1, 0.3], [0.04, 0.05], method="OWN", ci="wald", level=0.95,
                           tau2=[0.0, 0.01])  # fmt: skip
    assert "# OWN (our own) is not in metafor: tau² is given as a number\n" in script
    assert "tau2 <- c(0, 0.01)" in script
    assert "tau2 = tau2[i]" in script
