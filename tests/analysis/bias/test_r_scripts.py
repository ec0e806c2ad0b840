"""The R scripts of small-study effects: R ran them, and says what the results say."""

import json

import numpy as np
import pytest
from reference import bias_scripts, r_scripts
from reference.pinned import Results, assert_same_script

import metaonc as mo
from metaonc.analysis.methods.tau2 import TAU2_METHODS

PINNED = json.loads((r_scripts.HERE / "bias_scripts.json").read_text(encoding="utf-8"))
RESULTS = Results(PINNED, bias_scripts.results)
RTOL, ATOL = 1e-6, 1e-9  # tau² of lines, to which metafor climbs in steps of 1e-12; quadrature of averaged power


def test_every_script_was_run():
    assert set(PINNED) == set(RESULTS.all)


@pytest.mark.parametrize("name", RESULTS)
def test_r_says_the_same(name):
    """The script is, to the letter, the one that R ran for the pinned numbers."""
    result, pinned = RESULTS[name][0], PINNED[name]
    assert_same_script(result.r_code(), pinned["script"])
    for field, want in pinned["r"].items():
        of = result if hasattr(result, field) else getattr(result, "adjusted", None) or result.result
        got = np.asarray(getattr(of, field), float)
        rtol = 1e-4 if name == "excess" else RTOL
        np.testing.assert_allclose(got, np.array(want, float).reshape(got.shape), rtol=rtol, atol=ATOL, err_msg=field)


def test_what_metafor_lacks_is_said(monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(TAU2_METHODS, "OWN", replace(TAU2_METHODS["DL"], code="OWN", label="our own", r_method=None))
    t = mo.bias.trim_fill(bias_scripts.pool(method="OWN"))
    assert t.r_code().endswith("# trim and fill estimates tau² anew: not in metafor with OWN")
    assert (
        "the interval of trimfill is Wald's, not KR: that of all"
        in mo.bias.trim_fill(bias_scripts.pool(ci="KR")).r_code()
    )
