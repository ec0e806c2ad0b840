"""Incidence rates against R's escalc, and what is refused."""

import numpy as np
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.analysis.effects.formulas.rates import freeman_tukey, freeman_tukey_inverse
from metaonc.analysis.effects.measures import MEASURES
from metaonc.analysis.effects.roles import ONE_RATE, TWO_RATES
from metaonc.analysis.effects.zeros import TO
from metaonc.errors import ColumnError, DataError, OptionError

REFERENCE = load("rates_means")
RTOL = 1e-13  # closed forms on both sides
COLUMNS = {
    ONE_RATE: {"events": "x", "time": "t"},
    TWO_RATES: {"events_t": "x1", "time_t": "t1", "events_c": "x2", "time_c": "t2"},
}
RATES = [code for code, m in MEASURES.items() if m.roles in COLUMNS]
CASES = [pytest.param(c, id=f"{c['measure']}-{c['to']}-{c['add']}") for c in REFERENCE["rates"]]


def test_every_rate_and_every_correction_has_a_reference():
    for code in RATES:
        have = {c["to"] for c in REFERENCE["rates"] if c["measure"] == code}
        assert have == (set(TO) if MEASURES[code].corrected else {"none"})


@pytest.mark.parametrize("case", CASES)
def test_rates_are_those_of_escalc(case):
    """A row to which metafor gives no finite effect with a variance is refused here, and named."""
    options = {key: case[key] for key in ("measure", "to", "add")} | COLUMNS[MEASURES[case["measure"]].roles]
    y, v = (np.array(case[c], float) for c in ("yi", "vi"))
    good = np.isfinite(y) & np.isfinite(v) & (v > 0)
    if not good.all():
        assert case["to"] == "none"
        with pytest.raises(DataError, match=rf"\(row {int(np.argmin(good))}\): an empty cell .*to='only0'"):
            mo.effect_sizes(case["data"], **options)
    data = {column: np.array(x)[good] for column, x in case["data"].items()}
    es = mo.effect_sizes(data, **options)
    np.testing.assert_allclose(es["yi"], y[good], rtol=RTOL, atol=1e-15)
    np.testing.assert_allclose(es["vi"], v[good], rtol=RTOL)


@pytest.mark.parametrize("case", REFERENCE["inverse"], ids=lambda c: f"{c['time']:g}")
def test_freeman_tukey_goes_back_as_metafor_does(case):
    np.testing.assert_allclose(freeman_tukey_inverse(case["yi"], case["time"]), case["rate"], rtol=1e-12, atol=1e-15)


def test_freeman_tukey_inverts_itself():
    x, t = np.array([0.0, 1, 7, 300]), np.array([0.5, 20, 3, 1e5])
    y, _ = freeman_tukey({"events": x, "time": t})
    np.testing.assert_allclose(freeman_tukey_inverse(y, t), x / t, rtol=1e-12, atol=1e-15)


def test_only_events_are_corrected_and_the_route_says_so():
    es = mo.effect_sizes({"x": [0, 3], "t": [2.0, 4.0]}, measure="IRLN", events="x", time="t")
    assert es["route"].tolist() == ["events/time, 0.5 added to the events", "events/time"]
    assert es["yi"].tolist() == [np.log(0.25), np.log(0.75)]


@pytest.mark.parametrize(
    ("data", "change", "error", "match"),
    [
        ({"x": [1, -2], "t": [1, 1]}, {}, DataError, r"\(row 1\): events=-2 is not a count"),
        ({"x": [1.5], "t": [1]}, {}, DataError, r"events=1.5 is not a count; column events='x'"),
        ({"x": [1], "t": [0]}, {}, DataError, r"time=0: it must be above 0, a person-time; column time='t'"),
        ({"x": [1], "t": [np.inf]}, {}, DataError, r"time=inf: it must be above 0"),
        ({"x": [1], "t": [2]}, {"time": None}, ColumnError, r"'IR' needs events=..., time=...; time is not given"),
        ({"x": [1], "t": [2]}, {"n": "t"}, OptionError, r"it has no use for n='t'"),
        (
            {"x": [1], "t": [2]},
            {"tiem": "t"},
            OptionError,
            r"effect_sizes has no argument tiem=; it has .*Did you mean time=\?",
        ),
    ],
)
def test_rates_that_cannot_be_are_refused(data, change, error, match):
    with pytest.raises(error, match=match):
        mo.effect_sizes(data, **{"measure": "IR", "events": "x", "time": "t"} | change)
