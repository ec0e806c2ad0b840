"""effect_sizes against R's escalc, and what the table says about how each row was obtained."""

import numpy as np
import pandas as pd
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.analysis.effects.formulas.proportions import exact_interval, freeman_tukey_inverse
from metaonc.analysis.effects.measures import MEASURES, ONE_ARM, TWO_ARMS
from metaonc.analysis.effects.zeros import TO
from metaonc.errors import ColumnError, DataError, DataWarning

REFERENCE = load("pooling")
# closed forms on both sides; the arcsine near 0 and the differences of logs lose a few of 16 digits
RTOL = 1e-12
Z = 1.959963984540054
COLUMNS = {
    ONE_ARM: {"events": "xi", "n": "ni"},
    TWO_ARMS: {"events_t": "ai", "n_t": "n1i", "events_c": "ci", "n_c": "n2i"},
}
COUNTED = [code for code, m in MEASURES.items() if m.roles in COLUMNS]
CASES = [
    pytest.param(c, id=f"{c['measure']}-{c['to']}-{c['add']}-{len(c['yi'])}-{i}")
    for i, c in enumerate(REFERENCE["escalc"])
]
ONE = {"x": [25, 0, 10], "n": [57, 12, 10]}


def test_every_counted_measure_and_every_correction_has_a_reference():
    assert {c["measure"] for c in REFERENCE["escalc"]} == set(COUNTED)
    for code in COUNTED:
        have = {c["to"] for c in REFERENCE["escalc"] if c["measure"] == code}
        assert have == set(TO) if MEASURES[code].corrected else have == {"none"}


@pytest.mark.parametrize("case", CASES)
def test_effects_are_those_of_escalc(case):
    """A row to which metafor gives no finite effect with a variance is refused here, and named."""
    record = MEASURES[case["measure"]]
    options = {"measure": case["measure"], "to": case["to"], "add": case["add"] or 0.5, **COLUMNS[record.roles]}
    y, v = (np.array([np.nan if x is None else x for x in case[c]], float) for c in ("yi", "vi"))
    good = np.isfinite(y) & np.isfinite(v) & (v > 0)
    if not good.all():
        with pytest.raises(DataError, match=rf"\(row {int(np.argmin(good))}\): an empty cell .*to='only0'"):
            mo.effect_sizes(case["data"], **options)
        assert case["to"] == "none"
        case = {**case, "data": {c: list(np.array(x)[good]) for c, x in case["data"].items()}}
    es = mo.effect_sizes(case["data"], **options)
    np.testing.assert_allclose(es["yi"], y[good], rtol=RTOL, atol=1e-15)
    np.testing.assert_allclose(es["vi"], v[good], rtol=RTOL)


@pytest.mark.parametrize(("n", "want"), list(zip(REFERENCE["inverse"]["n"], REFERENCE["inverse"]["p"], strict=True)))
def test_double_arcsine_goes_back_as_metafor_does(n, want):
    # Miller's formula takes a root of 1 - (about 1)^2 near p = 0 and 1, where half of the digits cancel
    got = freeman_tukey_inverse(np.array(REFERENCE["inverse"]["yi"]), n)
    np.testing.assert_allclose(got, np.array(want, float), rtol=1e-8, atol=1e-12)


def test_double_arcsine_of_a_result_goes_back_by_the_harmonic_mean():
    data = REFERENCE["glmm"]["g12c"]["data"]
    es = mo.effect_sizes(data, measure="PFT", events="xi", n="ni")
    r = mo.pool(es)
    n = 1 / np.mean(1 / np.array(data["ni"]))
    assert float(r.natural(r.estimate)) == float(freeman_tukey_inverse(r.estimate, n))
    np.testing.assert_allclose(r.natural(es["yi"].to_numpy()), REFERENCE["inverse"]["hm"], rtol=1e-12)
    assert any("double arcsine" in caution.text for caution in r.cautions)


@pytest.mark.parametrize(
    ("events", "n", "low", "high"),
    # R: print(binom.test(x, n)$conf.int, digits = 10)
    [
        (46, 124, 0.2859561368, 0.4622957838),
        (0, 20, 0.0, 0.168433471),
        (12, 12, 0.7353515306, 1.0),
        (1, 30, 0.0008435709266, 0.1721694556334),
    ],
)
def test_exact_interval_is_that_of_binom_test(events, n, low, high):
    np.testing.assert_allclose(exact_interval(events, n, 0.95), (low, high), rtol=2e-9)  # R printed ten digits or fewer


def test_hazard_ratio_from_its_interval():
    """LOGS and MILO, by Parmar's formula written out."""
    mek = REFERENCE["mek"]
    es = mo.effect_sizes(mek, measure="HR", hr="hr", ci_low="low", ci_high="high", study="trial")
    np.testing.assert_allclose(es["yi"], np.log(mek["hr"]), rtol=RTOL)
    se = [np.log(high / low) / (2 * Z) for low, high in zip(mek["low"], mek["high"], strict=True)]
    np.testing.assert_allclose(es["vi"], np.square(se), rtol=RTOL)
    np.testing.assert_allclose(es["vi"], REFERENCE["sets"]["mek"]["data"]["vi"], rtol=RTOL)  # R's own qnorm
    assert list(es["route"]) == ["hr and 95 % interval"] * 2


@pytest.mark.parametrize("level", [0.8, "level"])
def test_level_of_a_reported_interval(level):
    z80 = 1.2815515655446004
    table = {"hr": [0.5], "lo": [0.3], "hi": [0.5**2 / 0.3], "level": [0.8]}
    es = mo.effect_sizes(table, measure="HR", hr="hr", ci_low="lo", ci_high="hi", level=level)
    np.testing.assert_allclose(es["vi"], [(np.log(0.5 / 0.3) / z80) ** 2], rtol=RTOL)
    assert list(es["route"]) == ["hr and 80 % interval"]


def test_median_whose_upper_limit_was_not_reached():
    table = {"m": [13.0, 9.0, 7.0], "lo": [7.0, 6.0, None], "hi": [None, 13.5, 8.0]}
    es = mo.effect_sizes(table, measure="MEDLN", median="m", ci_low="lo", ci_high="hi")
    half, full = np.log(13 / 7) / Z, np.log(13.5 / 6) / (2 * Z)
    np.testing.assert_allclose(es["vi"][:2], [half**2, full**2], rtol=RTOL)
    assert es["yi"].isna().tolist() == [False, False, True]
    assert es["route"].tolist() == [
        "median and lower limit of its 95 % interval", "median and 95 % interval", "missing: an interval",
    ]  # fmt: skip


def test_hazard_ratio_without_a_limit_is_missing_not_guessed():
    es = mo.effect_sizes(
        {"h": [0.5, 0.7], "l": [0.3, 0.5], "u": [None, 0.98]}, measure="HR", hr="h", ci_low="l", ci_high="u"
    )
    assert es[["yi", "vi"]].isna().all(axis=1).tolist() == [True, False]
    assert es["route"].iloc[0].startswith("missing")


def test_routes_name_what_was_added_and_what_lacks():
    es = mo.effect_sizes({"x": [25, 0, None], "n": [57, 12, 10]}, measure="PLO", events="x", n="n")
    assert es["route"].tolist() == ["events/n", "events/n, 0.5 added to each cell", "missing: x"]
    assert es["measure"].tolist() == ["PLO"] * 3
    assert es["yi"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize("measure", ["PAS", "PFT"])
def test_arcsines_need_no_correction_even_when_asked(measure):
    plain = mo.effect_sizes(ONE, measure=measure, events="x", n="n")
    asked = mo.effect_sizes(ONE, measure=measure, events="x", n="n", to="all")
    pd.testing.assert_frame_equal(plain, asked)
    assert plain["route"].tolist() == ["events/n"] * 3


def test_estimate_off_the_centre_of_its_interval_warns_at_the_caller():
    table = {"t": ["A"], "h": [0.51], "l": [0.31], "u": [0.72]}
    with pytest.warns(DataWarning, match=r"trial 'A' \(row 0\): 0.51 is not at the centre \(0.472\)") as caught:
        mo.effect_sizes(table, measure="HR", hr="h", ci_low="l", ci_high="u", study="t")
    assert caught[0].filename == __file__


def test_a_column_that_is_not_named_is_asked_for():
    with pytest.raises(ColumnError, match=r"n"):
        mo.effect_sizes(ONE, measure="PLO", events="x")


@pytest.mark.parametrize("code", [*COUNTED, "HR", "MEDLN", "GEN"])
def test_back_transform_inverts_the_analysis_scale(code):
    """Of the natural value the analysis scale is made by hand here: log, logit, arcsine or nothing."""
    record = MEASURES[code]
    p = np.array([0.02, 0.3, 0.5, 0.9])
    forward = {
        "PLN": np.log, "PLO": lambda p: np.log(p / (1 - p)), "PAS": lambda p: np.arcsin(np.sqrt(p)),
        "RR": np.log, "OR": np.log, "PETO": np.log, "HR": np.log, "MEDLN": np.log,
    }.get(code, lambda p: p)  # fmt: skip
    if code == "PFT":
        y, _ = record.compute({"events": 50 * p, "n": np.full(4, 50.0)})
        np.testing.assert_allclose(record.inverse(y, 50.0), p, rtol=1e-12)
    else:
        np.testing.assert_allclose(record.inverse(forward(p)), p, rtol=1e-14)
