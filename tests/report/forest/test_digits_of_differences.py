"""Digits of differences: as many as their intervals need."""

import re

import pytest

import metaonc as mo

ARMS = {
    "trial": ["S1", "S2", "S3", "S4", "S5", "S6"],
    "n": [45, 120, 60, 200, 33, 310],
    "m": [47, 118, 62, 198, 35, 305],
    "a": [0, 1, 0, 2, 0, 4],
    "c": [3, 0, 0, 7, 1, 6],
}


def pooled(**options):
    kw = {"events_t": "a", "n_t": "n", "events_c": "c", "n_c": "m", "study": "trial"}
    return mo.pool_mantel_haenszel(ARMS, **kw, **options)


def test_no_limit_of_a_difference_stands_as_the_0_that_it_is_not():
    """Of metafor's rma.mh: -0.0131 (-0.0255 to -0.0007), p 0.0385."""
    r = pooled(measure="RD")
    assert r.ci_high == pytest.approx(-0.0006956, abs=1e-7)
    shown = "−0.013 (95% CI −0.026 to −0.001), p = 0.038"
    assert shown in str(mo.results_text(r))
    row = mo.plot.forest_rows(r).rows.query("kind == 'pooled'").iloc[0]
    for text in (row["effect"], str(mo.table(r))):
        assert re.search(r"−0\.013 .−0\.026\D+−0\.001", text.replace("\u00a0", " "))


def test_a_difference_of_0_stays_0():
    r = mo.pool({"yi": [0.0, -0.2, 0.2, 0.1 + 0.2 - 0.3], "vi": [0.02] * 4}, measure="RD", method="CE", ci="wald")
    cells = mo.plot.forest_rows(r).rows["effect"].tolist()
    assert [c.split()[0] for c in cells[:1] + cells[3:4]] == ["0.00", "0.00"]
