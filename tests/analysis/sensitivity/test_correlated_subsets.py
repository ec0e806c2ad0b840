"""Subsets of rows with correlated sampling errors: against metafor's rma.mv (tests/reference/correlated_subsets.R)."""

import numpy as np
import pytest
from reference.pinned import load

import metaonc as mo

REFERENCE = load("correlated_subsets")
DATA, V = REFERENCE["data"], np.array(REFERENCE["V"])
OPTIMUM = 1e-6  # rma.mv climbs with numerical slopes: tau² is flat about its maximum
ASKED = {
    "leave_one_out": mo.sensitivity.leave_one_out,
    "by_row": lambda r: mo.sensitivity.leave_one_out(r, by="row"),
    "cumulative": mo.sensitivity.cumulative,
}


def pooled(method, **options):
    return mo.pool(DATA, study="trial", covariance=V, method=method, **options)


@pytest.mark.parametrize("method", ["REML", "ML", "CE"])
@pytest.mark.parametrize("verb", ASKED)
def test_each_is_the_fit_of_rma_mv_with_its_part_of_the_covariances(verb, method):
    want = REFERENCE["by"][method][verb]
    wald, knapp = (ASKED[verb](pooled(method, ci=ci)) for ci in ("wald", "HKSJ"))
    for name in ("estimate", "se", "tau2", "q"):
        theirs = np.array([row[name] for row in want], dtype=float)
        np.testing.assert_allclose(wald[name], theirs, rtol=OPTIMUM, atol=1e-7)
    np.testing.assert_allclose(knapp["se"], [row["hksj_se"] for row in want], rtol=OPTIMUM)
    assert knapp["interval"].tolist()[1:] == ["HKSJ"] * (len(want) - 1)


def test_methods_without_a_likelihood_and_a_given_tau2_are_those_of_pools_of_the_rows_left():
    for options in ({"method": "DL"}, {"method": "PM", "ci": "t"}, {"method": "REML", "tau2": 0.1, "level": 0.9}):
        out = mo.sensitivity.leave_one_out(pooled(**options))
        for trial, got in out.table.set_index("study").iterrows():
            rows = np.array(DATA["trial"]) != trial
            part = {name: np.array(x)[rows] for name, x in DATA.items()}
            want = mo.pool(part, study="trial", covariance=V[np.ix_(rows, rows)], **options)
            names = ["estimate", "se", "ci_low", "ci_high", "tau2", "q", "i2"]
            np.testing.assert_allclose(got[names].astype(float), [getattr(want, name) for name in names], rtol=1e-10)


def test_they_are_told_as_what_they_are():
    out = mo.sensitivity.leave_one_out(pooled("REML"))
    assert "by generalised least squares, sampling errors of rows being correlated" in str(mo.methods_text(out))
    assert "correlated sampling errors (generalised least squares)" in " ".join(mo.plot.forest_rows(out).footnotes)


def test_intervals_that_are_narrower_than_by_the_covariances_are_named():
    like = {**DATA, "yi": [0.1, 0.11, 0.12, 0.1, 0.11, 0.1, 0.12, 0.9]}
    r = mo.pool(like, study="trial", covariance=V, measure="HR")
    without = mo.pool({name: x[:7] for name, x in like.items()}, study="trial", covariance=V[:7, :7], measure="HR")
    (want,) = [c for c in without.cautions if c.beside]
    (found,) = [c for c in mo.sensitivity.leave_one_out(r).cautions if c.of == "the pool without T"]
    assert (found.text, found.beside.low) == (want.text, pytest.approx(want.beside.low))


@pytest.mark.parametrize("verb", ASKED)
def test_they_come_back_from_their_plain_form(verb):
    out = ASKED[verb](pooled("REML"))
    assert str(mo.results.from_json(out.to_json())) == str(out)
