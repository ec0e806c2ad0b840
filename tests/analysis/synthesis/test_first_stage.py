"""Models of single trials behind flexible pools, as curves: held against statsmodels' Poisson model and own verbs."""

import numpy as np
import pandas as pd
import pytest
from result_kinds import TRIALS

import metaonc as mo
from metaonc.analysis.synthesis.flexible.first_stage import models_by_trial
from metaonc.errors import DataError, OptionError

AT = np.array([0.5, 1.0, 3.3, 9.0, 20.0, 40.0])


@pytest.fixture(scope="module")
def polynomial():
    return mo.survival.pool_flexible(TRIALS, study="trial", control="old", power=0.5, unit="months")


@pytest.mark.parametrize("arm", [1, 0])
def test_survival_of_a_polynomial_is_that_of_a_poisson_model(polynomial, arm):
    import statsmodels.api as sm

    own = TRIALS[TRIALS["trial"] == "C"]
    rows = []
    for name, x in (("new", 1), ("old", 0)):
        d = own[own["arm"] == name]
        for j in range(int(np.ceil(d["time"].max()))):  # cells of a month
            exposure = np.clip(d["time"] - j, 0, 1).sum()
            events = ((d["time"] > j) & (d["time"] <= j + 1) & (d["event"] == 1)).sum()
            rows.append((events, exposure, 1, x, np.sqrt(j + 0.5), x * np.sqrt(j + 0.5)))
    cells = pd.DataFrame(rows)
    fit = sm.GLM(cells[0], cells[[2, 3, 4, 5]], family=sm.families.Poisson(), offset=np.log(cells[1])).fit(tol=1e-12)
    b = fit.params.to_numpy()
    middle = np.arange(40) + 0.5
    hazard = np.exp(b[0] + b[1] * arm + (b[2] + b[3] * arm) * np.sqrt(middle))
    total = np.interp(AT, np.arange(41), np.append(0, np.cumsum(hazard)))
    got = models_by_trial(polynomial, TRIALS)["C"].survival_at(AT)
    got = got[got["group"] == ("new" if arm else "old")]
    np.testing.assert_allclose(got["survival"], np.exp(-total), rtol=1e-6)
    assert (got["ci_low"] < got["survival"]).all()
    assert (got["survival"] < got["ci_high"]).all()
    step = 1e-5  # the variance of log H by differences
    x = np.stack([np.ones(40), np.full(40, arm), np.sqrt(middle), arm * np.sqrt(middle)], 1)

    def log_total(beta):
        return np.log(np.interp(3.3, np.arange(41), np.append(0, np.cumsum(np.exp(x @ beta)))))

    slope = np.array([(log_total(b + step * e) - log_total(b - step * e)) / (2 * step) for e in np.eye(4)])
    half = 1.959963984540054 * np.sqrt(slope @ fit.cov_params().to_numpy() @ slope)
    low = np.exp(-np.exp(log_total(b) + half))
    assert got["ci_low"].iloc[2] == pytest.approx(low, rel=1e-5)


@pytest.mark.parametrize("model", ["weibull", "royston-parmar"])
def test_other_models_are_those_of_one_trial(model):
    r = mo.survival.pool_flexible(TRIALS, study="trial", control="old", model=model, method="CE")
    one = TRIALS[TRIALS["trial"] == "B"]
    if model == "weibull":
        want = mo.survival.parametric(one, control="old", distribution="weibullPH", shape_effect=True)
    else:
        want = mo.survival.royston_parmar(one, control="old", knots=int(r.chosen), time_varying=True)
    found = models_by_trial(r, TRIALS)["B"]
    np.testing.assert_allclose(found.estimate, want.estimate, rtol=1e-6, atol=1e-8)


def test_they_are_drawn_with_the_patients_that_were_pooled(polynomial):
    figure = mo.plot.model_grid(polynomial, patients=TRIALS)
    assert len(figure.axes) == 4
    data = mo.plot.model_curves_data(polynomial, patients=TRIALS)
    assert data.loc[data["type"] == "model", "model"].unique().tolist() == ["fractional polynomial (power 0.5)"]
    with pytest.raises(OptionError, match="give patients=, the table that was pooled"):
        mo.plot.model_grid(polynomial)
    with pytest.raises(OptionError, match="other models have their own"):
        mo.plot.model_grid(models_by_trial(polynomial, TRIALS), patients=TRIALS)
    with pytest.raises(DataError, match="trial 'D' of the pool is not there"):
        mo.plot.model_grid(polynomial, patients=TRIALS[TRIALS["trial"] != "D"])
    with pytest.raises(DataError, match="trial 'A' fits otherwise than in the pool"):
        mo.plot.model_grid(polynomial, patients=TRIALS.assign(time=TRIALS["time"] * 1.3))
