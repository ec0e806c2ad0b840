"""What is read of a coefficient of a fitted model, whichever package has fitted it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

from ...errors import DataError, OptionError

PACKAGES = ("lifelines", "statsmodels")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """A coefficient and the model that it is of.

    Attributes
    ----------
    term
        Its name in the model.
    estimate, se
        On the scale of the model's link, such as a log hazard ratio.
    measures
        Codes of the measures that it is an effect of, the usual one first.
    model
        In words, such as "Cox, efron ties".
    ties
        How Cox's model treats tied events, "efron" or "breslow"; None of other models.
    covariates, strata
        The other terms, and the columns by which the model is stratified.
    remarks
        What else a reader must know, such as robust standard errors.
    n, events
        Rows, and those with the event; None where the model has no events.
    package, version
        Which package has fitted it.
    """

    term: str
    estimate: float
    se: float
    measures: tuple[str, ...]
    model: str
    ties: str | None = None
    covariates: tuple[str, ...] = ()
    strata: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    n: int
    events: int | None = None
    package: str
    version: str

    @property
    def method(self) -> str:
        """The model, what it is adjusted for, and who fitted it."""
        parts = [
            self.model,
            *([f"adjusted for {', '.join(self.covariates)}"] if self.covariates else []),
            *([f"stratified by {', '.join(self.strata)}"] if self.strata else []),
            *self.remarks,
        ]
        return f"{'; '.join(parts)}; fitted by {self.package} {self.version}"


def package_of(x: Any) -> str | None:
    """Return which of `PACKAGES` the class of an object is of, without loading any; None of others."""
    roots = {cls.__module__.partition(".")[0] for cls in type(x).__mro__}
    return next((package for package in PACKAGES if package in roots), None)


def class_names(x: Any) -> set[str]:
    """Return the names of the classes that an object is of."""
    return {cls.__name__ for cls in type(x).__mro__}


def place_of(term: Any, names: Sequence[str], option: str) -> int:
    """Return the place of a term among those of a model, or raise an error that lists them."""
    if term in names:
        return names.index(term)
    near = get_close_matches(str(term), names, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise OptionError(f"{option}={term!r} is no term of the model, which has {', '.join(map(repr, names))}.{hint}")


def known_error(se: float, term: str) -> float:
    """Return the standard error of a term, or raise an error where it has none."""
    if not (np.isfinite(se) and se > 0):
        raise DataError(f"the standard error of {term!r} is {se:g}: the model does not estimate this term.")
    return float(se)


def refuse_options(fit: Any, given: Mapping[str, tuple[Any, Any]]) -> None:
    """Raise an error for an option that a fitted model leaves nothing to.

    Parameters
    ----------
    fit
        The model.
    given
        Name of the option -> its value, and its default.
    """
    for name, (value, default) in given.items():
        if value != default:
            raise OptionError(f"{name}={value!r} has no use with a fitted {type(fit).__name__}, which has its own.")
