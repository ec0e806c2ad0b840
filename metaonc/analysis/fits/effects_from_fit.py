"""An effect from a fitted model, as a row for pooling."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...base.check import one_of
from ...base.messages.arguments import known_arguments
from .read import read_coefficient


@known_arguments
def effects_from_fit(fit: Any, *, term: str, study: str, measure: str | None = None) -> pd.DataFrame:
    """Return a coefficient of a model fitted by lifelines or statsmodels as a row that ``pool`` takes.

    The coefficient is taken as it stands, adjusted for the model's other terms: of a term that is 1 for treatment and 0
    for control it is the effect of treatment, of any other that of one unit more.

    Parameters
    ----------
    fit : object
        A fitted model: of lifelines a ``CoxPHFitter``; of statsmodels what ``.fit()`` of ``GLM``, ``Logit``,
        ``Poisson``, ``NegativeBinomial``, ``OLS`` or ``PHReg`` returned.
    term : str
        Name of the covariate in the model.
    study : str
        Name of the trial.
    measure : str, optional
        What the coefficient is an effect of. It follows from the model: HR of Cox's; OR, RR or RD of a binomial model
        with link logit, log or identity; IRR or IRD of a Poisson or negative binomial one with link log or identity; MD
        of a normal one. Of a Poisson model of single patients with robust standard errors, ``"RR"`` is the other
        choice.

    Returns
    -------
    DataFrame
        One row: study, yi (effect on the analysis scale, such as a log ratio), vi (its sampling variance, the squared
        standard error of the fit, robust where the fit's is), measure, route (the model, what it is adjusted for, who
        fitted it). Rows of several fits go into one table by ``pandas.concat``.

    Raises
    ------
    ConvergenceError
        When the fit has not converged.
    DataError
        When it is no such model, not fitted, penalised, of another link, or the term is its intercept.
    OptionError
        When the model has no such term, or its coefficient is no effect of this measure.

    References
    ----------
    Zou 2004, American Journal of Epidemiology 159:702, for risk ratios of a Poisson model (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> import pandas as pd
    >>> import statsmodels.formula.api as smf
    >>> trial = pd.DataFrame({"response": [1, 1, 0, 1, 0, 0, 1, 0], "arm": [1, 1, 1, 1, 0, 0, 0, 0]})
    >>> fit = smf.logit("response ~ arm", trial).fit(disp=False)
    >>> row = mo.effects_from_fit(fit, term="arm", study="A")
    >>> row[["study", "yi", "vi", "measure"]].round(3).values.tolist()
    [['A', 2.197, 2.667, 'OR']]
    """
    found = read_coefficient(fit, term, "term")
    code = found.measures[0] if measure is None else one_of("measure", measure, found.measures)
    row = {"study": study, "yi": found.estimate, "vi": found.se**2, "measure": code, "route": found.method}
    return pd.DataFrame([row])
