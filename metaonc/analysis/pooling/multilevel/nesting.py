"""Units that rows are nested in: the mixed model of them, what is asked of its variances, and what to say of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.check import columns_exist, confidence_level, one_of, refuse, where
from ....base.digits import plain
from ....base.labels import blanks, join_labels
from ....errors import DataError, OptionError
from ...numeric import nested
from ...numeric.mixed_model import Ints, Model
from ...numeric.robust import ROBUST_METHODS, Robust
from ...numeric.wls import Floats
from ...results import patients
from ...results.studies import Studies

FEW_UNITS = 5
FEW_OF_NORMAL = 20  # as of mixed models of counts (docs/coverage.md)
NO_PROOF = "that is no proof that they do not vary"


class Clustered(NamedTuple):
    """A cluster-robust covariance, the number of clusters, the trials as they are now, and what was joined."""

    found: Robust
    clusters: int
    studies: Studies
    joined: tuple[str, ...]


class NestedEffects:
    """What results with nested random effects share."""

    __slots__ = ()
    studies: Studies
    sigma2: Floats
    levels: tuple[str, ...]
    crossed: tuple[str, ...]
    units: tuple[int, ...]
    method: str
    ci: str
    level: float
    loglik: float
    cluster: str | None
    clusters: int | None

    @property
    def _x(self) -> Floats:
        """The design, (k, p): an intercept alone."""
        return np.ones((len(self.studies.yi), 1))

    @property
    def components(self) -> tuple[str, ...]:
        """Columns of the variance components, nested and crossed."""
        return (*self.levels, *self.crossed)

    @property
    def row_units(self) -> tuple[str, ...]:
        """The unit of the outermost level that each row is of."""
        return tuple(self.studies.data[self.levels[0]].astype(str))

    @property
    def fitted_model(self) -> tuple[Model, Floats]:
        """The mixed model, a block a unit of the outermost level, and its variance components."""
        return self._model(codes_of(self.studies.data, self.levels[0], self.studies.labels)), self.sigma2

    @property
    def r_units(self) -> str:
        """R expression of the outermost unit of each row, once ``r_code`` has run."""
        return "dat$level1"

    def sigma2_ci(self, component: str | int, level: float | None = None) -> tuple[float, float]:
        """Return the profile-likelihood interval of one variance component.

        Parameters
        ----------
        component : str or int
            Its column, or its place in `components`.
        level : float, optional
            The result's own level when not given.
        """
        level = self.level if level is None else confidence_level(level)
        names = self.components
        i = names.index(one_of("component", component, names)) if isinstance(component, str) else component
        if not 0 <= i < len(names):
            raise OptionError(f"component={component!r} is not a place in levels={list(names)}.")
        return nested.profile(self.fitted_model[0], self.sigma2, self.loglik, i, level)

    @property
    def _is_normal_of_few(self) -> bool:
        return self.ci == "wald" and self.units[0] <= FEW_OF_NORMAL

    def _model(self, blocks: Ints) -> Model:
        return model_of(self.studies, self.levels, self.crossed, self._x, self.method == "REML", blocks)

    def _of_units(self) -> list[Caution]:
        """Return the cautions of variances that are 0, of few units, and of units that are the same."""
        zero = (name for name, s in zip(self.components, self.sigma2, strict=True) if s == 0)
        flat = "the variance between units of {} is estimated as 0"
        found = [Caution(text=flat.format(name), more=NO_PROOF) for name in zero]
        if self.units[0] < FEW_UNITS:
            few = f"the variance between {self.units[0]} units of {self.levels[0]} is hardly known"
            found.append(Caution(text=f"{few}, so that intervals may be too narrow"))
        elif self._is_normal_of_few:
            text = f"the normal interval of {self.units[0]} units of {self.levels[0]} takes the variances as known"
            found.append(Caution(text=f"{text} and may be too narrow"))
        for outer, inner, many, more in zip(self.levels, self.levels[1:], self.units, self.units[1:], strict=False):
            if many == more:
                alike = f"each unit of {outer} has one of {inner}"
                found.append(Caution(text=f"{alike}, so that their two variances cannot be told apart"))
        return found

    def _clustered(self, cluster: str, kind: str) -> Clustered:
        """Return the robust covariance of the coefficients over clusters, or raise an error as `robust` does."""
        method = ROBUST_METHODS[one_of("kind", kind, ROBUST_METHODS)]
        data, labels = self.studies.data, self.studies.labels
        columns_exist(list(data.columns), {"cluster": cluster})
        data, joined = join_labels(data, [cluster])
        codes = codes_of(data, cluster, labels)
        _nested(codes, codes_of(data, self.levels[0], labels), cluster, self.levels[0], labels)
        m, p = int(codes.max()) + 1, self._x.shape[1]
        if m < 2:
            raise DataError(f"{cluster!r} has one cluster only; a robust variance needs several.")
        if m <= p:
            raise DataError(f"{cluster!r} has {m} clusters for {p} coefficients; a robust variance needs more.")
        studies = dataclasses.replace(self.studies, data=data) if joined else self.studies
        return Clustered(method.estimate(self._model(codes), self.sigma2), m, studies, tuple(joined))

    def _variances(self) -> list[str]:
        """Return the variance components, a line each."""
        parts = zip(self.components, self.units, self.sigma2, strict=True)
        return [f"{level}: {units} units, sigma² {plain(s)}" for level, units, s in parts]


def model_of(
    studies: Studies, levels: Sequence[str], crossed: Sequence[str], x: Floats, restricted: bool,
    blocks: Ints | None = None,
) -> Model:  # fmt: skip
    """Return the mixed model of rows in units, with a design (k, p), a block a unit of the outermost level if none."""
    own, aside = ([codes_of(studies.data, c, studies.labels) for c in names] for names in (levels, crossed))
    return nested.model(studies.yi, studies.vi, x, own, aside, own[0] if blocks is None else blocks, restricted)


def units_of(studies: Studies, levels: Sequence[str], crossed: Sequence[str]) -> tuple[int, ...]:
    """Return the number of units of each level, and of each crossed column."""
    own, aside = ([codes_of(studies.data, c, studies.labels) for c in names] for names in (levels, crossed))
    return nested.units(own, aside)


def codes_of(data: pd.DataFrame, column: str, labels: Sequence[str]) -> Ints:
    """Return the number of each row's unit, from 0; a row without unit is an error."""
    refuse(blanks(data[column]), labels, lambda i: f"{column} is missing; name its unit, or take the row out.")
    return np.asarray(pd.factorize(data[column])[0], dtype=np.int64)


def units_named(levels: Sequence[str], crossed: Sequence[str]) -> tuple[str, ...]:
    """Return all columns of units, or raise an OptionError where they are no lists."""
    if isinstance(levels, str) or not levels:
        raise OptionError(f"levels={levels!r} must be a list of columns, the outermost first.")
    if isinstance(crossed, str):
        raise OptionError(f"crossed={crossed!r} must be a list of columns.")
    return (*levels, *crossed)


def check_units(studies: Studies, levels: Sequence[str], crossed: Sequence[str], study: str | None) -> None:
    """Raise an error where a column of units is not there, or trials are said to lie within units that each has."""
    for keyword, columns in (("levels", levels), ("crossed", crossed)):
        for column in columns:
            columns_exist(list(studies.data.columns), {keyword: column})
    _refuse_turned(studies, levels, study)


def _refuse_turned(studies: Studies, levels: Sequence[str], study: str | None) -> None:
    """Raise a DataError where trials are said to lie within units that each has several of."""
    named = [c for c in (study, *patients.TRIALS) if c in levels and studies.data[c].dtype.kind not in "biufc"]
    inner = levels.index(named[0]) if named else 0  # numbers may begin anew in each unit
    for outer in levels[:inner]:
        by = studies.data.groupby(levels[inner], sort=False, observed=True)
        units = by[outer].agg(lambda x: list(dict.fromkeys(map(str, x))))
        split = units[units.map(len) > 1]
        if len(split):
            turned = [levels[inner], *(name for name in levels if name != levels[inner])]
            raise DataError(
                f"levels={list(levels)!r} takes each {levels[inner]} to lie in one {outer}, and {split.index[0]!r} has "
                f"rows of {patients.listed(split.iloc[0])}: name the outermost first, as in levels={turned!r}."
            )


def fit_statistics(ll: float, parameters: int, n: int) -> dict[str, Any]:
    """Return likelihood and criteria, with n as R's metafor counts rows: those less the coefficients under REML."""
    return {"loglik": ll, "aic": 2 * parameters - 2 * ll, "bic": parameters * np.log(n) - 2 * ll}


def _nested(outer: Ints, inner: Ints, cluster: str, level: str, labels: Sequence[str]) -> None:
    """Check that rows of one inner unit lie in one outer unit."""
    first = outer[np.unique(inner, return_index=True)[1]][inner]
    bad = np.flatnonzero(first != outer)
    if len(bad):
        raise DataError(
            f"{where(labels, int(bad[0]))}: its unit of {level!r} lies in two clusters of {cluster!r}; rows of a unit "
            f"are correlated, so clusters must hold it whole: cluster={level!r}, or a coarser column."
        )
