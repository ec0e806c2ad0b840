"""The absolute difference beside the ratio."""

import numpy as np
import pytest
from forest_cases import ARMS, KINDS, effects, rates, table

import metaonc as mo
from metaonc.errors import ColumnError
from metaonc.report.forest.rows import forest_rows
from metaonc.report.kinds.pool.difference import newcombe


@pytest.mark.parametrize(
    ("counts", "limits"),
    [
        # two Wilson intervals of R's prop.test(correct = FALSE), squared and added; Newcombe 1998 was not read
        ((56, 70, 48, 80), (0.052431472, 0.333872654)),
        ((9, 10, 3, 10), (0.170522724, 0.809017974)),
        ((10, 10, 0, 10), (0.607509350, 1.000000000)),
        ((0, 10, 0, 20), (-0.161125158, 0.277532800)),
    ],
)
def test_intervals_of_single_trials_are_newcombes(counts, limits):
    names = ("events_t", "n_t", "events_c", "n_c")
    d, low, high = newcombe({name: np.array([float(x)]) for name, x in zip(names, counts, strict=True)}, 0.95)
    assert d[0] == pytest.approx(counts[0] / counts[1] - counts[2] / counts[3])
    np.testing.assert_allclose([low[0], high[0]], limits, atol=1e-8)


@pytest.mark.parametrize("kind", ["OR", "by group"])
def test_jco_has_the_pool_of_the_differences_beside_the_ratio(kind):
    rows = table(6, groups=2)
    ratio, absolute = effects(rows, "OR"), mo.pool(effects(rows, "RD"), study="trial")
    result = mo.pool(ratio, study="trial") if kind == "OR" else mo.pool_subgroups(ratio, by="kras", study="trial")
    content = forest_rows(result, journal="JCO")
    assert content.right[:2] == ("effect", "difference")
    shown = content.rows.loc[content.rows["kind"] == "pooled", "difference"].iloc[-1]
    wanted = (f"{100 * x:.1f}".replace("-", "−") for x in (absolute.estimate, absolute.ci_low, absolute.ci_high))
    assert shown == "{} ({} to {})".format(*wanted)
    assert content.headers["difference"] == "Absolute difference, percentage points (95%\u00a0CI)"
    assert any("pooled as the ratios are (REML)" in note for note in content.footnotes)


def test_counts_pooled_by_another_model_go_with_mantel_and_haenszels_difference():
    rows = table(4).assign(et=[0, 9, 12, 7], ec=[0, 5, 8, 3])  # a trial without events has a difference, of 0
    with pytest.warns(mo.DataWarning, match="says nothing of the ratio"):
        result = mo.pool_mantel_haenszel(rows, measure="OR", **ARMS, study="trial")
    whole = mo.pool_mantel_haenszel(rows, measure="RD", **ARMS, study="trial")
    content = forest_rows(result, journal="JCO")
    assert content.rows["difference"][0].startswith("0.0 (")
    assert content.rows["difference"][4].startswith(f"{100 * whole.estimate:.1f} (")
    assert any("pooled by Mantel and Haenszel's method" in note for note in content.footnotes)


@pytest.mark.parametrize("result", [KINDS["HR"](table(3)), KINDS["RD"](table(3)), rates([3, 5], [10, 11])])
def test_effects_that_are_no_ratios_of_counts_have_none(result):
    assert "difference" not in forest_rows(result, journal="JCO").headers
    with pytest.raises(ColumnError, match="column 'difference' has no content"):
        forest_rows(result, left=["difference"])
