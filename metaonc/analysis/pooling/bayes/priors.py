"""Prior distributions for Bayesian pooling: of tau, the standard deviation between trials, and of the pooled effect.

To add a prior of tau, write a frozen record with the five attributes of ``TauPrior``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy import special

from ....errors import OptionError
from ...results.rtext import number


class TauPrior(Protocol):
    """A prior of tau.

    Attributes
    ----------
    size
        A typical value of tau, from which the quadrature takes its bearings.
    tail
        The density falls as tau to the power of -tail; infinite where it falls faster than any power.
    """

    @property
    def size(self) -> float:
        """A typical value of tau."""

    @property
    def tail(self) -> float:
        """Power of the density's tail."""

    def log_density(self, tau: Any) -> Any:
        """Return the log density at tau >= 0."""

    def __str__(self) -> str: ...

    def r_code(self) -> str:
        """Return the density as an R function of tau."""


@dataclass(frozen=True, slots=True)
class HalfNormal:
    """Half-normal prior of tau: the size of a normal variable of mean 0.

    On log hazard, odds and risk ratios scale 0.5 is weakly informative, 1 is vaguer (Roever 2020).

    Parameters
    ----------
    scale : float
        Standard deviation of the normal variable, on the scale of analysis; the median of tau is 0.674 times it.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool_bayes({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, tau_prior=mo.HalfNormal(0.5))
    >>> round(r.estimate, 3), round(r.tau2, 3)
    (-0.309, 0.033)
    """

    scale: float

    def __post_init__(self) -> None:
        _above_zero("HalfNormal", "scale", self.scale)

    @property
    def size(self) -> float:
        """A typical value of tau."""
        return self.scale

    @property
    def tail(self) -> float:
        """Power of the density's tail."""
        return np.inf

    def log_density(self, tau: Any) -> Any:
        """Return the log density at tau >= 0."""
        return 0.5 * np.log(2 / np.pi) - np.log(self.scale) - 0.5 * (tau / self.scale) ** 2

    def __str__(self) -> str:
        return f"half-normal({self.scale:g})"

    def r_code(self) -> str:
        """Return the density as an R function of tau."""
        return f"function(tau) 2 * dnorm(tau, 0, {number(self.scale)})"


@dataclass(frozen=True, slots=True)
class HalfT:
    """Half-t prior of tau: the size of a scaled Student's t variable; heavy-tailed for few degrees of freedom.

    Parameters
    ----------
    df : float
        Degrees of freedom, from 1 (half-Cauchy).
    scale : float
        Factor of the t variable, on the scale of analysis.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool_bayes({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, tau_prior=mo.HalfT(4, 0.5))
    >>> round(r.estimate, 3), round(r.tau2, 3)
    (-0.309, 0.032)
    """

    df: float
    scale: float

    def __post_init__(self) -> None:
        _above_zero("HalfT", "scale", self.scale)
        if not 1 <= self.df < np.inf:
            raise OptionError(f"HalfT: df={self.df!r} must be a number from 1; for infinity take HalfNormal.")

    @property
    def size(self) -> float:
        """A typical value of tau."""
        return self.scale

    @property
    def tail(self) -> float:
        """Power of the density's tail."""
        return self.df + 1

    def log_density(self, tau: Any) -> Any:
        """Return the log density at tau >= 0."""
        constant = np.log(2) - special.betaln(0.5, self.df / 2) - 0.5 * np.log(self.df) - np.log(self.scale)
        return constant - 0.5 * (self.df + 1) * np.log1p((tau / self.scale) ** 2 / self.df)

    def __str__(self) -> str:
        return f"half-t({self.df:g} df, {self.scale:g})"

    def r_code(self) -> str:
        """Return the density as an R function of tau."""
        return f"function(tau) 2 * dt(tau / {number(self.scale)}, {number(self.df)}) / {number(self.scale)}"


@dataclass(frozen=True, slots=True)
class HalfCauchy(HalfT):
    """Half-Cauchy prior of tau, the half-t with one degree of freedom; its scale is the median of tau.

    With few trials moments of the posterior do not exist: they are then infinite or NaN, and quantiles are to be
    reported.

    Parameters
    ----------
    scale : float
        Median of tau, on the scale of analysis.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool_bayes({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, tau_prior=mo.HalfCauchy(0.5))
    >>> round(r.estimate, 3), round(r.tau2, 3)
    (-0.309, 0.03)
    """

    def __init__(self, scale: float) -> None:
        object.__setattr__(self, "df", 1.0)
        object.__setattr__(self, "scale", scale)
        _above_zero("HalfCauchy", "scale", scale)

    def __str__(self) -> str:
        return f"half-Cauchy({self.scale:g})"

    def __repr__(self) -> str:
        return f"HalfCauchy(scale={self.scale!r})"


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Log-normal prior of tau² (the variance, not tau), the form of empirical priors from past meta-analyses.

    Parameters
    ----------
    mean, sd : float
        Of log(tau²).

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool_bayes({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, tau_prior=mo.LogNormal(-3.5, 1.5))
    >>> round(r.estimate, 3), round(r.tau2, 3)
    (-0.309, 0.019)
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _finite("LogNormal", "mean", self.mean)
        _above_zero("LogNormal", "sd", self.sd)

    @property
    def size(self) -> float:
        """A typical value of tau."""
        return float(np.exp(self.mean / 2))

    @property
    def tail(self) -> float:
        """Power of the density's tail."""
        return np.inf

    def log_density(self, tau: Any) -> Any:
        """Return the log density at tau >= 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            log_tau = np.log(tau)
            z = (2 * log_tau - self.mean) / self.sd
            inside = np.log(2) - log_tau - np.log(self.sd) - 0.5 * np.log(2 * np.pi) - 0.5 * z * z
        return np.where(np.asarray(tau) > 0, inside, -np.inf)

    def __str__(self) -> str:
        return f"log-normal({self.mean:g}, {self.sd:g}) of tau²"

    def r_code(self) -> str:
        """Return the density as an R function of tau."""
        return f"function(tau) 2 * tau * dlnorm(tau^2, {number(self.mean)}, {number(self.sd)})"


@dataclass(frozen=True, slots=True)
class Normal:
    """Normal prior of the pooled effect.

    Parameters
    ----------
    mean, sd : float
        On the scale of analysis: of a ratio its logarithm, so that ``Normal(0, 0.5)`` is centred at a ratio of 1.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool_bayes({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, mu_prior=mo.Normal(0, 0.5))
    >>> round(r.estimate, 3)
    -0.278
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _finite("Normal", "mean", self.mean)
        _above_zero("Normal", "sd", self.sd)

    def density(self, x: Any) -> Any:
        """Return the density at x, of any shape."""
        z = (np.asarray(x, dtype=float) - self.mean) / self.sd
        return np.exp(-0.5 * z * z) / (self.sd * np.sqrt(2 * np.pi))

    def __str__(self) -> str:
        return f"normal({self.mean:g}, {self.sd:g})"


def _finite(prior: str, name: str, value: float) -> None:
    if not -np.inf < value < np.inf:
        raise OptionError(f"{prior}: {name}={value!r} must be a finite number.")


def _above_zero(prior: str, name: str, value: float) -> None:
    if not 0 < value < np.inf:
        raise OptionError(f"{prior}: {name}={value!r} must be a finite number above 0.")
