"""A coefficient of a fitted model, by the package that has fitted it."""

from __future__ import annotations

from typing import Any

from ...errors import DataError
from .coefficient import Coefficient, package_of


def read_coefficient(fit: Any, term: Any, option: str) -> Coefficient:
    """Return a coefficient of a model that lifelines or statsmodels has fitted; see their modules."""
    package = package_of(fit)
    if package == "lifelines":
        from .lifelines_fits import coefficient as of_lifelines

        return of_lifelines(fit, term, option)
    if package == "statsmodels":
        from .statsmodels_fits import coefficient as of_statsmodels

        return of_statsmodels(fit, term, option)
    raise DataError(f"a model fitted by lifelines or statsmodels is wanted, not {type(fit).__name__}.")
