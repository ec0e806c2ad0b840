"""The one place where statsmodels is spoken to: what it has fitted is read, nothing is fitted by it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import ConvergenceError, DataError
from .coefficient import Coefficient, class_names, known_error, place_of

# (distribution, link) -> code of the measure that a coefficient is an effect of
EFFECTS = {
    ("Binomial", "Logit"): "OR",
    ("Binomial", "Log"): "RR",
    ("Binomial", "Identity"): "RD",
    ("Poisson", "Log"): "IRR",
    ("Poisson", "Identity"): "IRD",
    ("NegativeBinomial", "Log"): "IRR",
    ("Gaussian", "Identity"): "MD",
}
# models of one distribution and link, by the name of their class
MODELS = {
    "Logit": ("Binomial", "Logit"),
    "Probit": ("Binomial", "Probit"),
    "Poisson": ("Poisson", "Log"),
    "NegativeBinomial": ("NegativeBinomial", "Log"),
    "OLS": ("Gaussian", "Identity"),
}
WORDS = {
    "Binomial": "binomial",
    "Poisson": "Poisson",
    "NegativeBinomial": "negative binomial",
    "Gaussian": "normal",
}
COX = "PHReg"
TAKEN = ", ".join(("GLM", *(name for name, kind in MODELS.items() if kind in EFFECTS), COX))


def version() -> str:
    """Return the version of statsmodels that is installed."""
    import statsmodels

    return str(statsmodels.__version__)


def coefficient(fit: Any, term: Any, option: str) -> Coefficient:
    """Return a coefficient of a generalised linear model, or of Cox's.

    Parameters
    ----------
    fit
        What ``.fit()`` of a GLM, Logit, Poisson, NegativeBinomial, OLS or PHReg returned.
    term
        Name of the covariate.
    option
        The argument that names it, for messages.

    Raises
    ------
    ConvergenceError
        When the fit has not converged.
    DataError
        When it is another model or link, not fitted, penalised, or the term is its intercept.
    OptionError
        When the model has no such term.
    """
    model = _model(fit)
    kind = _kind(model)
    columns = model.exog.shape[1]  # what comes after them, as a dispersion, is no effect
    names = [str(name) for name in model.exog_names[:columns]]
    i = place_of(term, names, option)
    if kind is not None and np.ptp(model.exog[:, i]) == 0:
        raise DataError(f"{option}={names[i]!r} is the intercept, which compares nothing; name a covariate.")
    robust = _robust(fit)
    return Coefficient(
        term=names[i],
        estimate=float(np.asarray(fit.params)[i]),
        se=known_error(float(np.asarray(fit.bse)[i]), names[i]),
        measures=_measures(kind, bool(robust)),
        model=f"Cox, {model.ties} ties" if kind is None else f"{WORDS[kind[0]]} model, {kind[1].lower()} link",
        ties=None if kind is not None else str(model.ties),
        covariates=tuple(n for j, n in enumerate(names) if j != i and (kind is None or np.ptp(model.exog[:, j]) > 0)),
        remarks=(*robust, *_remarks(fit, kind)),
        n=len(model.endog),
        events=int(np.sum(model.status)) if kind is None else None,
        package="statsmodels",
        version=version(),
    )


def _model(fit: Any) -> Any:
    """Return the model of a fit, or raise an error where there is none, or none that can be used."""
    names = class_names(fit) | class_names(getattr(fit, "_results", None))
    if hasattr(fit, "exog") and not hasattr(fit, "params"):
        raise DataError(f"this {type(fit).__name__} is not fitted; give what its .fit() returns.")
    if any("Regularized" in name or name.startswith("L1") for name in names):
        raise DataError("this model was fitted with a penalty: its coefficients are shrunk; fit it by .fit().")
    if not hasattr(fit, "model") or not hasattr(fit, "bse"):
        raise DataError(f"of statsmodels what .fit() of {TAKEN} returns is taken, not {type(fit).__name__}.")
    if not getattr(fit, "converged", True):
        raise ConvergenceError("this fit of statsmodels has not converged; raise maxiter= in its .fit().")
    return fit.model


def _kind(model: Any) -> tuple[str, str] | None:
    """Return distribution and link of a model, None of Cox's."""
    name = type(model).__name__
    if name == COX:
        return None
    if name == "GLM":
        kind = type(model.family).__name__, type(model.family.link).__name__  # CLogLog is a subclass of Logit
    elif name in MODELS:
        kind = MODELS[name]
    else:
        raise DataError(f"of statsmodels what .fit() of {TAKEN} returns is taken, not that of {name}.")
    if kind not in EFFECTS:
        known = ", ".join(f"{family} with {link} ({code})" for (family, link), code in EFFECTS.items())
        raise DataError(f"coefficients of {kind[0]} with link {kind[1]} are no effects that are pooled; {known} are.")
    return kind


def _robust(fit: Any) -> tuple[str, ...]:
    """Return the robust kind of the standard errors in words, nothing where they are the model's own."""
    if type(fit.model).__name__ == COX:
        return ("robust standard error, by groups",) if getattr(fit.model, "groups", None) is not None else ()
    return () if fit.cov_type == "nonrobust" else (f"robust standard error ({fit.cov_type})",)


def _remarks(fit: Any, kind: tuple[str, str] | None) -> tuple[str, ...]:
    if kind is None:
        return ("stratified",) if fit.model.strata is not None else ()
    spread = float(getattr(fit, "scale", 1.0))
    return (f"dispersion {spread:.4g}",) if kind[0] in ("Binomial", "Poisson") and spread != 1 else ()


def _measures(kind: tuple[str, str] | None, robust: bool) -> tuple[str, ...]:
    if kind is None:
        return ("HR",)
    # of a yes or no the log link gives risk ratios, whose variance is not Poisson's (Zou 2004, "modified Poisson")
    return (EFFECTS[kind], "RR") if kind == ("Poisson", "Log") and robust else (EFFECTS[kind],)
