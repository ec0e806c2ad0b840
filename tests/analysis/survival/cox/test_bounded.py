"""Hazard ratios of 0 and infinity, beside R."""

import numpy as np
import pytest
from reference import pinned

import metaonc as mo
from metaonc.analysis.survival.cox.bounded import limits
from metaonc.analysis.survival.cox.partial_likelihood import Terms
from metaonc.errors import DataError

CASES = pinned.load("bounded")
ROOT = 1e-8  # of R's uniroot on a difference of likelihoods


def fitted(case, level=0.95):
    c = CASES[case]
    entry = "entry" if case == "entry" else None
    table = {name: [row[name] for row in c["data"]] for name in c["data"][0]}
    return mo.survival.hazard_ratio(table, control=0, entry=entry, ties=c["ties"], level=level)


@pytest.mark.parametrize("case", CASES)
def test_the_limit_and_the_test_are_those_of_coxph_at_given_ratios(case):
    r, c = fitted(case), CASES[case]
    sign = 1 if case == "infinite" else -1
    assert r.estimate == sign * np.inf
    assert (r.hr, r.se, r.ci) == (np.exp(r.estimate), np.inf, "profile")
    known, other = (r.ci_high, r.ci_low) if sign < 0 else (r.ci_low, r.ci_high)
    assert known == pytest.approx(c["limit"], abs=ROOT)
    assert other == r.estimate
    assert r.p_value == pytest.approx(c["p"], rel=1e-9)
    again = r.confidence_interval(0.9)
    assert max(again, key=np.isfinite) == pytest.approx(c["limit90"], abs=ROOT)
    assert again == fitted(case, 0.9).confidence_interval()
    assert f"is {'infinite' if sign > 0 else '0'}; its one limit" in str(r)


def test_the_limit_of_alike_risk_sets_has_a_formula():
    # m events, a of treatment and b of control at risk of each: m log(1 + a/b e^beta) is half of the quantile
    for m in (1, 3, 200):
        _, high = limits(Terms(0.0, np.full(m, np.log(2.0))), 0.95)
        assert high == pytest.approx(np.log(np.expm1(3.841458820694124 / 2 / m) / 2), rel=1e-12)


def test_nothing_is_pooled_by_it():
    r = fitted("efron")
    with pytest.raises(DataError, match=r"trial 'A': the hazard ratio is 0 and has no variance.*pool_ipd.*o_minus_e="):
        r.row(study="A")
    with pytest.raises(DataError, match="no variance"):
        mo.survival.pool_mixed(figures={"A": r})


def test_ties_and_entry_are_kept_in_the_script():
    assert 'ties = "breslow"' in fitted("breslow").r_code()
    assert "Surv(entry, time, event)" in fitted("entry").r_code()


def test_a_figure_says_what_its_interval_is():
    from metaonc.report.km.compared import km_ratio

    assert "0.00 (95% CI 0.00 to 0.18) by profile likelihood, all events being of one arm; log-rank" in km_ratio(
        fitted("efron")
    )
