"""Curves and hazard ratios of fits of lifelines and statsmodels, against R (tests/reference/fits.R)."""

import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from lifelines import CoxPHFitter, KaplanMeierFitter, NelsonAalenFitter
from lifelines.datasets import load_rossi, load_waltons
from reference import pinned

import metaonc as mo
from metaonc.errors import DataError, OptionError
from metaonc.report.km.compared import km_ratio

R = pinned.load("fits")
ROSSI, WALTONS = load_rossi(), load_waltons()
RTOL = 1e-10
FIT_RTOL = 1e-6  # lifelines stops its iterations at changes of about this size


def fitted(**options):
    return KaplanMeierFitter().fit(WALTONS["T"], WALTONS["E"], **options)


def test_the_curve_of_a_fit_has_the_numbers_of_survfit():
    result = mo.survival.kaplan_meier(fitted(label="flies"))
    (curve,) = result.curves.values()
    for name in ("time", "survival", "n_risk", "n_event", "se", "ci_low", "ci_high"):
        np.testing.assert_allclose(getattr(curve, name)[1:], R["curve"][name], rtol=RTOL, err_msg=name)
    assert result.medians[["median", "ci_low", "ci_high"]].values.tolist() == [R["curve"]["medians"]]
    other = mo.survival.kaplan_meier(fitted(alpha=0.5), ci="log", level=0.9).curves["all"]
    np.testing.assert_allclose(other.ci_low[1:], R["curve"]["log_low"], rtol=RTOL)
    np.testing.assert_allclose(other.ci_high[1:], R["curve"]["log_high"], rtol=RTOL)


def test_the_curve_of_a_fit_is_that_of_its_patients():
    result = mo.survival.kaplan_meier(fitted(), unit="days")
    pd.testing.assert_frame_equal(
        result.tidy(), mo.survival.kaplan_meier(WALTONS, time="T", event="E", unit="days").tidy()
    )
    assert result.provenance.settings["fit"] == "KaplanMeierFitter"
    assert result.provenance.versions["lifelines"]
    assert "lifelines" in str(mo.methods_text(result))
    assert "survfit(Surv(time, event) ~ 1" in result.r_code()


def test_weights_that_are_counts_are_patients():
    counted = WALTONS.groupby(["T", "E"]).size().reset_index(name="k")
    fit = KaplanMeierFitter().fit(counted["T"], counted["E"], weights=counted["k"])
    pd.testing.assert_frame_equal(
        mo.survival.kaplan_meier(fit).tidy(), mo.survival.kaplan_meier(WALTONS, time="T", event="E").tidy()
    )


def late():
    table = pd.DataFrame({"time": [3.0, 5, 6, 8, 9], "event": [1, 1, 0, 1, 0], "entry": [0, 0, 0, 2, 0]})
    return KaplanMeierFitter().fit(table["time"], table["event"], entry=table["entry"])


def shares():
    with pytest.warns(match="weights are not integers"):
        return KaplanMeierFitter().fit([1, 2, 3], [1, 0, 1], weights=[1, 0.5, 1])


@pytest.mark.parametrize(
    ("fit", "options", "error", "message"),
    [
        (KaplanMeierFitter, {}, DataError, r"not fitted; call .fit\(durations"),
        (fitted, {"time": "T"}, OptionError, "time='T' has no use with a fitted KaplanMeierFitter"),
        (fitted, {"by": "group"}, OptionError, "by='group' has no use"),
        (lambda: NelsonAalenFitter().fit(WALTONS["T"], WALTONS["E"]), {}, DataError, "not NelsonAalenFitter"),
        (
            lambda: KaplanMeierFitter().fit_left_censoring(WALTONS["T"], WALTONS["E"]),
            {},
            DataError,
            "censored on the left or in intervals",
        ),
        (late, {}, DataError, "late entry"),
        (shares, {}, DataError, "weight 0.5 in row 1, which is not a count"),
    ],
)
def test_a_curve_that_is_none_of_patients_is_refused(fit, options, error, message):
    with pytest.raises(error, match=message):
        mo.survival.kaplan_meier(fit(), **options)


def cox(**options):
    return CoxPHFitter().fit(ROSSI[["week", "arrest", "fin", "age"]], "week", "arrest", **options)


def phreg(ties="efron"):
    return smf.phreg("week ~ fin + age", ROSSI, status=ROSSI["arrest"].to_numpy(), ties=ties).fit()


@pytest.mark.parametrize(
    ("fit", "name", "ties"),
    [
        (lambda: CoxPHFitter().fit(ROSSI, "week", "arrest"), "cox", "efron"),
        (lambda: phreg("breslow"), "cox_breslow", "breslow"),
    ],
)
def test_the_hazard_ratio_of_a_fit_has_the_numbers_of_coxph(fit, name, ties):
    result = mo.survival.hazard_ratio(fit(), arm="fin", level=0.9)
    np.testing.assert_allclose([result.estimate, result.se], [R[name]["estimate"], R[name]["se"]], rtol=FIT_RTOL)
    assert (result.n, result.events, result.ties) == (R[name]["n"], R[name]["events"], ties)
    half = 1.6448536269514722 * result.se
    np.testing.assert_allclose(
        result.confidence_interval(), [result.estimate - half, result.estimate + half], rtol=1e-12
    )
    assert (result.ci_low, result.ci_high) == result.confidence_interval()
    assert result.row(study="x")["vi"] == result.se**2


def test_a_fit_agrees_with_the_patients_it_is_of():
    table = ROSSI[["week", "arrest", "fin"]]
    fit = CoxPHFitter().fit(table, "week", "arrest")
    one = mo.survival.hazard_ratio(fit, arm="fin")
    other = mo.survival.hazard_ratio(table, time="week", event="arrest", arm="fin", control=0)
    np.testing.assert_allclose([one.estimate, one.se], [other.estimate, other.se], rtol=FIT_RTOL)
    assert one.hr == np.exp(one.estimate)


def test_the_result_tells_its_fit():
    result = mo.survival.hazard_ratio(cox(robust=True), arm="fin")
    said = str(result)
    for words in ("fin", "adjusted for age", "robust standard error", "fitted by lifelines", "432 rows, 114 events"):
        assert words in said
    assert result.glance().iloc[0][["n", "events", "ties"]].tolist() == [432, 114, "efron"]
    assert result.provenance.settings["ties"] == "efron"
    assert km_ratio(result).startswith("Hazard ratio, fin: 0.72 (95% CI")
    assert "lifelines" in str(mo.methods_text(result))
    assert pickle.loads(pickle.dumps(result)).estimate == result.estimate


@pytest.mark.parametrize(
    ("fit", "options", "error", "message"),
    [
        (cox, {"arm": "fin", "control": 0}, OptionError, "control=0 has no use with a fitted CoxPHFitter"),
        (cox, {"arm": "fin", "ties": "breslow"}, OptionError, "ties='breslow' has no use"),
        (cox, {}, OptionError, "arm='arm' is no term of the model, which has 'fin', 'age'"),
        (CoxPHFitter, {"arm": "fin"}, DataError, "not fitted"),
        (lambda: smf.ols("week ~ fin", ROSSI).fit(), {"arm": "fin"}, DataError, "identity link, not Cox's"),
        (fitted, {"arm": "fin"}, DataError, "CoxPHFitter is taken, not KaplanMeierFitter"),
        (lambda: ROSSI.rename(columns={"week": "time", "arrest": "event"}), {"arm": "fin"}, OptionError,
         r"control= is not given: the value of 'fin' to compare with, of \['0', '1'\]"),
    ],
)  # fmt: skip
def test_a_hazard_ratio_that_is_none_is_refused(fit, options, error, message):
    with pytest.raises(error, match=message):
        mo.survival.hazard_ratio(fit(), **options)


def test_neither_curves_nor_patients_load_the_packages_that_fit():
    code = (
        "import sys, metaonc as mo; d = {'time': [1, 2, 3, 4], 'event': [1, 1, 0, 1], 'arm': list('abab')}; "
        "mo.survival.kaplan_meier(d).r_code(rmst=2); scipy = 'scipy' in sys.modules; "
        "mo.survival.hazard_ratio(d, control='a').r_code(); "
        "print(scipy, [m for m in ('lifelines', 'statsmodels', 'scipy.stats') if m in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "False []"
