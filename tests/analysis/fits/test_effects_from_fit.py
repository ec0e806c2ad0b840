"""Effects from models that lifelines and statsmodels fitted, against the same models of R (tests/reference/fits.R)."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from lifelines import CoxPHFitter, WeibullAFTFitter
from lifelines.datasets import load_rossi
from reference import pinned
from statsmodels.genmod.families import Binomial, Gamma, Gaussian, NegativeBinomial, Poisson, links
from statsmodels.tools.sm_exceptions import ConvergenceWarning, DomainWarning

import metaonc as mo
from metaonc.analysis.fits.statsmodels_fits import EFFECTS
from metaonc.errors import ConvergenceError, DataError, OptionError

R = pinned.load("fits")
ROSSI = load_rossi()
RTOL = 1e-6  # lifelines and statsmodels stop their iterations at changes of about this size
# statsmodels warns that probabilities of the links log and identity may leave 0 to 1
pytestmark = pytest.mark.filterwarnings(f"ignore::{DomainWarning.__module__}.DomainWarning")


def cox(columns="week arrest fin age", **options):
    table = ROSSI if columns is None else ROSSI[columns.split()]
    return CoxPHFitter().fit(table, "week", "arrest", **options)


def untied():
    """Return the trial with no two events at one time, as fits.R makes it."""
    week = ROSSI["week"] + np.where(ROSSI["arrest"] == 1, 0, 0.5) + np.arange(1, len(ROSSI) + 1) * 1e-5
    return ROSSI.assign(week=week)[["week", "arrest", "fin", "age"]]


def glm(family, formula="arrest ~ fin + age", **options):
    return smf.glm(formula, ROSSI, family=family).fit(tol=1e-12, **options)


def phreg(ties="efron", **options):
    return smf.phreg("week ~ fin + age", ROSSI, status=ROSSI["arrest"].to_numpy(), ties=ties, **options)


def discrete(model, formula="arrest ~ fin + age", **options):
    return getattr(smf, model)(formula, ROSSI).fit(disp=False, **options)


# name in fits.json -> fits, the measure, words of the route
FITS = {
    "cox": [(lambda: cox(None), "HR", "Cox, efron ties; adjusted for age, race, wexp, mar, paro, prio; fitted by")],
    "cox_strata": [
        (lambda: cox("week arrest fin age wexp", strata="wexp"), "HR", "stratified by wexp"),
        (lambda: phreg(strata=ROSSI["wexp"].to_numpy()).fit(), "HR", "stratified; fitted by statsmodels"),
    ],
    "cox_robust": [(lambda: CoxPHFitter().fit(untied(), "week", "arrest", robust=True), "HR", "robust standard error")],
    "cox_breslow": [(lambda: phreg("breslow").fit(), "HR", "Cox, breslow ties; adjusted for age; fitted by")],
    "logit": [
        (lambda: discrete("logit"), "OR", "binomial model, logit link; adjusted for age; fitted by statsmodels"),
        (lambda: glm(Binomial()), "OR", "binomial model, logit link"),
    ],
    "logit_hc0": [
        (lambda: discrete("logit", cov_type="HC0"), "OR", "robust standard error (HC0)"),
        (lambda: glm(Binomial(), cov_type="HC0"), "OR", "robust standard error (HC0)"),
    ],
    "log_binomial": [(lambda: glm(Binomial(links.Log()), "arrest ~ fin"), "RR", "binomial model, log link; fitted")],
    "identity_binomial": [(lambda: glm(Binomial(links.Identity()), "arrest ~ fin"), "RD", "identity link")],
    "poisson": [
        (lambda: smf.poisson("arrest ~ fin + age", ROSSI, exposure=ROSSI["week"]).fit(disp=False), "IRR",
         "Poisson model, log link"),
        (lambda: smf.glm("arrest ~ fin + age", ROSSI, family=Poisson(), exposure=ROSSI["week"]).fit(), "IRR", "log"),
    ],
    "poisson_hc0": [(lambda: glm(Poisson(), cov_type="HC0"), "RR", "robust standard error (HC0)")],
    "quasi_poisson": [(lambda: glm(Poisson(), scale="X2"), "IRR", "dispersion 0.7437")],
    "identity_poisson": [(lambda: glm(Poisson(links.Identity()), "arrest ~ fin"), "IRD", "Poisson model, identity")],
    "negative_binomial_known": [
        (lambda: glm(NegativeBinomial(alpha=1.0), "prio ~ fin + age"), "IRR", "negative binomial model, log link"),
    ],
    "negative_binomial": [
        (lambda: discrete("negativebinomial", "prio ~ fin + age", gtol=1e-9), "IRR", "adjusted for age; fitted"),
    ],
    "normal": [
        (lambda: smf.ols("week ~ fin + age", ROSSI).fit(), "MD", "normal model, identity link; adjusted for age"),
        (lambda: glm(Gaussian(), "week ~ fin + age"), "MD", "normal model"),
    ],
}  # fmt: skip
CASES = [pytest.param(name, *case, id=f"{name} {i}") for name, cases in FITS.items() for i, case in enumerate(cases)]


def test_every_model_of_r_has_its_fits():
    assert set(FITS) == set(R) - {"curve", "cox_robust_ties", "made_by"}
    assert {measure for cases in FITS.values() for _, measure, _ in cases} == {"HR", *EFFECTS.values()}


@pytest.mark.parametrize(("name", "fit", "measure", "route"), CASES)
def test_the_row_has_the_numbers_of_r(name, fit, measure, route):
    row = mo.effects_from_fit(fit(), term="fin", study="Rossi", measure=measure)
    assert row.columns.tolist() == ["study", "yi", "vi", "measure", "route"]
    assert row[["study", "measure"]].values.tolist() == [["Rossi", measure]]
    rtol = 1e-4 if name == "negative_binomial" else RTOL  # its Hessian is by finite differences in R
    np.testing.assert_allclose(row["yi"], R[name]["estimate"], rtol=rtol)
    np.testing.assert_allclose(np.sqrt(row["vi"]), R[name]["se"], rtol=rtol)
    assert route in row["route"][0]


def test_robust_errors_of_ties_are_said_to_be_others_than_those_of_r():
    row = mo.effects_from_fit(cox(robust=True), term="fin", study="x")
    assert "robust standard error, which of tied events is not that of R's coxph" in row["route"][0]
    assert 0.97 < np.sqrt(row["vi"][0]) / R["cox_robust_ties"]["se"] < 0.99


def test_rows_of_several_fits_are_pooled():
    rows = [
        mo.effects_from_fit(fit, term="fin", study=name)
        for name, fit in (("A", cox()), ("B", phreg().fit()), ("C", cox("week arrest fin")))
    ]
    table = pd.concat(rows)
    result = mo.pool(table, study="study", method="CE", ci="wald")
    assert result.measure == "HR"
    np.testing.assert_allclose(result.estimate, np.average(table["yi"], weights=1 / table["vi"]), rtol=1e-12)
    mixed = pd.concat([rows[0], mo.effects_from_fit(discrete("logit"), term="fin", study="D")])
    with pytest.raises(DataError, match="measure"):
        mo.pool(mixed, study="study")


def test_the_unit_of_the_covariate_is_that_of_the_effect():
    fits = [smf.logit(f"arrest ~ {term}", ROSSI).fit(disp=False) for term in ("age", "I(age / 10)")]
    one, ten = (mo.effects_from_fit(fit, term=fit.model.exog_names[1], study="x") for fit in fits)
    np.testing.assert_allclose(ten["yi"], 10 * one["yi"], rtol=1e-6)
    np.testing.assert_allclose(ten["vi"], 100 * one["vi"], rtol=1e-6)


def test_arrays_without_names_have_those_of_statsmodels():
    fit = sm.Logit(ROSSI["arrest"].to_numpy(), sm.add_constant(ROSSI[["fin", "age"]].to_numpy())).fit(disp=False)
    row = mo.effects_from_fit(fit, term="x1", study="x")
    np.testing.assert_allclose(row["yi"], R["logit"]["estimate"], rtol=RTOL)


def test_what_more_a_fit_does_is_said():
    weighted = ROSSI.assign(w=1.0, clinic=ROSSI["age"] % 7, entry=0)
    fit = CoxPHFitter().fit(
        weighted[["week", "arrest", "fin", "w", "clinic", "entry"]], "week", "arrest", weights_col="w",
        cluster_col="clinic", entry_col="entry",
    )  # fmt: skip
    route = mo.effects_from_fit(fit, term="fin", study="x")["route"][0]
    assert "; weighted by w; entry at entry; fitted by lifelines" in route
    assert "robust standard error, clusters clinic" in route
    grouped = phreg().fit(groups=weighted["clinic"].to_numpy())
    assert "by groups" in mo.effects_from_fit(grouped, term="fin", study="x")["route"][0]


def unconverged():
    with pytest.warns(ConvergenceWarning):
        return discrete("logit", maxiter=1)


REFUSED = [
    (lambda: CoxPHFitter(), {}, DataError, r"CoxPHFitter is not fitted; call .fit\(df, duration_col"),
    (lambda: CoxPHFitter(penalizer=0.1).fit(ROSSI, "week", "arrest"), {}, DataError, "penalizer=0.1: .* penalizer=0"),
    (cox, {"term": "fim"}, OptionError, "'fim' is no term of the model, which has 'fin', 'age'. Did you mean 'fin'"),
    (cox, {"measure": "OR"}, OptionError, "measure='OR' is not an option; choose from 'HR'"),
    (lambda: CoxPHFitter(baseline_estimation_method="spline", n_baseline_knots=3).fit(ROSSI, "week", "arrest"), {},
     DataError, "'spline', a parametric model"),
    (lambda: WeibullAFTFitter().fit(ROSSI, "week", "arrest"), {}, DataError, "CoxPHFitter is taken, not WeibullAFT"),
    (lambda: smf.logit("arrest ~ fin", ROSSI), {}, DataError, "this Logit is not fitted; give what its .fit"),
    (lambda: smf.glm("arrest ~ fin", ROSSI, family=Binomial()), {}, DataError, "this GLM is not fitted"),
    (lambda: smf.logit("arrest ~ fin", ROSSI).fit_regularized(disp=False), {}, DataError, "fitted with a penalty"),
    (lambda: smf.glm("arrest ~ fin", ROSSI, family=Binomial()).fit_regularized(alpha=0.1), {}, DataError, "a penalty"),
    (lambda: discrete("probit"), {}, DataError, "Binomial with link Probit are no effects .* Logit .OR."),
    (lambda: glm(Binomial(links.CLogLog())), {}, DataError, "link CLogLog are no effects"),
    (lambda: glm(Gamma(links.Log()), "week ~ fin"), {}, DataError, "Gamma with link Log are no effects"),
    (lambda: smf.mnlogit("race ~ fin", ROSSI).fit(disp=False), {}, DataError, "not that of MNLogit"),
    (lambda: discrete("logit"), {"term": "Intercept"}, DataError, "the intercept, which compares nothing"),
    (lambda: discrete("negativebinomial", "prio ~ fin"), {"term": "alpha"}, OptionError, "no term of the model"),
    (lambda: glm(Poisson()), {"measure": "RR"}, OptionError, "choose from 'IRR'"),
    (unconverged, {}, ConvergenceError, "not converged"),
    (lambda: ROSSI, {}, DataError, "fitted by lifelines or statsmodels is wanted, not DataFrame"),
]  # fmt: skip


@pytest.mark.parametrize(("fit", "change", "error", "message"), REFUSED)
def test_what_is_no_effect_is_refused(fit, change, error, message):
    with pytest.raises(error, match=message):
        mo.effects_from_fit(fit(), **{"term": "fin", "study": "x"} | change)
