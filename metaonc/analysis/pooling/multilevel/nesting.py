"""Units that rows are nested in: the mixed model of them, what is asked of its variances, and what to say of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.caution import Caution
from ....base.check import columns_exist, confidence_level, one_of, refuse, where
from ....base.digits import plain
from ....base.frames import to_pandas
from ....base.labels import blanks, join_labels
from ....base.messages.advice import option
from ....base.words import counted
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
ONLY_THESE = "what is pooled holds for these units, not for others"


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
        if not self.estimated[i]:
            raise DataError(f"{self._not_estimated(i)}: it has no interval.")
        return nested.profile(self.fitted_model[0], self.sigma2, self.loglik, i, level, self.estimated)

    @property
    def estimated(self) -> NDArray[np.bool_]:
        """Which components have a variance that the rows tell of; the others are taken as 0, (m,)."""
        return nested.estimable(self._x, self._unit_codes)

    @property
    def _unit_codes(self) -> list[Ints]:
        return unit_codes(self.studies, self.levels, self.crossed)

    def _not_estimated(self, i: int) -> str:
        name = self.components[i]
        why = f"there is one unit of {name}" if self.units[i] == 1 else f"means of units of {name} are coefficients"
        return f"{why}, so that no variance between units is estimated and it is taken as 0"

    @property
    def _outermost(self) -> int:
        """The place of the outermost level that has several units, or of the outermost."""
        return next((i for i in range(len(self.levels)) if self.units[i] > 1), 0)

    @property
    def _is_normal_of_few(self) -> bool:
        return self.ci == "wald" and 1 < self.units[self._outermost] <= FEW_OF_NORMAL

    def _model(self, blocks: Ints) -> Model:
        return model_of(self.studies, self.levels, self.crossed, self._x, self.method == "REML", blocks)

    def _of_units(self) -> list[Caution]:
        """Return the cautions of variances that are 0, of few units, and of units that are the same."""
        known, flat = self.estimated, "the variance between units of {} is estimated as 0"
        zero = (name for name, s, k in zip(self.components, self.sigma2, known, strict=True) if s == 0 and k)
        found = [Caution(text=self._not_estimated(int(i)), more=ONLY_THESE) for i in np.flatnonzero(~known)]
        found += [Caution(text=flat.format(name), more=NO_PROOF) for name in zero]
        units, outer = self.units[self._outermost], self.levels[self._outermost]
        if 1 < units < FEW_UNITS and known[self._outermost]:
            few = f"the variance between {units} units of {outer} is hardly known"
            found.append(Caution(text=f"{few}, so that intervals may be too narrow"))
        elif self._is_normal_of_few:
            text = f"the normal interval of {units} units of {outer} takes the variances as known"
            found.append(Caution(text=f"{text} and may be too narrow"))
        for first, *others in alike(self._unit_codes, known):
            name, same = self.components[first], patients.listed([self.components[i] for i in others])
            text, of = f"each unit of {name} has one of {same}", "two" if len(others) == 1 else str(len(others) + 1)
            found.append(Caution(text=f"{text}, so that their {of} variances cannot be told apart"))
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
        parts = zip(self.components, self.units, self.sigma2, self.estimated, strict=True)
        return [
            f"{level}: {counted(units, 'unit')}, sigma² {plain(s) if known else 'taken as 0'}"
            for level, units, s, known in parts
        ]


def model_of(
    studies: Studies, levels: Sequence[str], crossed: Sequence[str], x: Floats, restricted: bool,
    blocks: Ints | None = None,
) -> Model:  # fmt: skip
    """Return the mixed model of rows in units, with a design (k, p), a block a unit of the outermost level if none."""
    own, aside = ([codes_of(studies.data, c, studies.labels) for c in names] for names in (levels, crossed))
    return nested.model(studies.yi, studies.vi, x, own, aside, own[0] if blocks is None else blocks, restricted)


def units_of(studies: Studies, levels: Sequence[str], crossed: Sequence[str]) -> tuple[int, ...]:
    """Return the number of units of each level, and of each crossed column."""
    return tuple(int(code.max()) + 1 for code in unit_codes(studies, levels, crossed))


def unit_codes(studies: Studies, levels: Sequence[str], crossed: Sequence[str]) -> list[Ints]:
    """Return the number of each row's unit of each level, and of each crossed column."""
    own, aside = ([codes_of(studies.data, c, studies.labels) for c in names] for names in (levels, crossed))
    return nested.unit_codes(own, aside)


def alike(codes: Sequence[Ints], known: NDArray[np.bool_]) -> list[list[int]]:
    """Return the places of components that are `known` and whose units are the same rows, each set of them once."""
    sets: dict[tuple[int, ...], list[int]] = {}
    for i in map(int, np.flatnonzero(known)):
        sets.setdefault(tuple(pd.factorize(codes[i])[0]), []).append(i)
    return [places for places in sets.values() if len(places) > 1]


def codes_of(data: pd.DataFrame, column: str, labels: Sequence[str]) -> Ints:
    """Return the number of each row's unit, from 0; a row without unit is an error."""
    refuse(blanks(data[column]), labels, lambda i: f"{column} is missing; name its unit, or take the row out.")
    return np.asarray(pd.factorize(data[column])[0], dtype=np.int64)


def units_named(table: Any, levels: Sequence[str], crossed: Sequence[str]) -> tuple[str, ...]:
    """Return all columns of units, or raise an error where they are no lists, not there, or named twice."""
    if isinstance(levels, str) or not levels:
        raise OptionError(f"levels={levels!r} must be a list of columns, the outermost first.")
    if isinstance(crossed, str):
        raise OptionError(f"crossed={crossed!r} must be a list of columns.")
    present, named = list(to_pandas(table).columns), (*levels, *crossed)
    for keyword, columns in (("levels", levels), ("crossed", crossed)):
        for column in columns:
            columns_exist(present, {keyword: column})
            if named.count(column) > 1:
                raise OptionError(
                    f"{option(keyword, list(columns))}: {column!r} is named twice; name each column once."
                )
    return named


def trials_in(table: Any, levels: Sequence[str]) -> str:
    """Return the level by which rows are labelled: that of trials where its name and its words say so."""
    data = to_pandas(table)
    return next((c for c in levels if c in patients.TRIALS and data[c].dtype.kind not in "biufc"), levels[0])


def refuse_turned(studies: Studies, levels: Sequence[str], study: str | None) -> None:
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
