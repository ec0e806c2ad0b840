"""Simulated meta-analyses: arrays, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ....errors import OptionError
from ...numeric.mixed_model import Ints
from ...numeric.wls import Floats


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Simulated:
    """Simulated meta-analyses, on the scale of analysis.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    yi, vi
        Effects and sampling variances, (m, r): m meta-analyses of r rows.
    effects
        The true effects, (m, r).
    trial
        Number of the trial of each row, (r,).
    level
        Level of the subgroup of each row, (r,): 0 or 1; 0 of all where there are none.
    names
        Names of the levels; empty without subgroups.
    counts
        Role (``events_t``, ``n_t``, ...) -> counts, (m, r).
    measure
        What yi is.
    """

    yi: Floats
    vi: Floats
    effects: Floats
    trial: Ints
    level: Ints
    names: tuple[str, ...]
    counts: Mapping[str, Floats]
    measure: str

    def __len__(self) -> int:
        return len(self.yi)

    def __repr__(self) -> str:
        trials = int(self.trial.max()) + 1
        parts = f" of levels {' and '.join(self.names)}" if self.names else ""
        return (
            f"Simulated: {len(self)} meta-analyses of {trials} trials, {self.yi.shape[1]} rows{parts}, {self.measure}"
        )

    def table(self, number: int | None = None) -> pd.DataFrame:
        """Return the meta-analyses as a table, one row a trial, or a trial and level.

        Parameters
        ----------
        number : int, optional
            Which one, from 0; when not given all, told apart by the column ``simulation``.

        Returns
        -------
        pandas.DataFrame
            ``simulation`` (of all), ``trial``, ``subgroup`` (where there are levels), counts, ``yi``, ``vi``,
            ``effect`` (the true one) and ``measure``.

        Raises
        ------
        OptionError
            A number that is none of them.
        """
        if number is not None and not 0 <= number < len(self):
            raise OptionError(f"number={number!r}: there are {len(self)}, from 0 to {len(self) - 1}.")
        rows = slice(None) if number is None else slice(number, number + 1)
        m, r = self.yi[rows].shape
        columns: dict[str, Any] = {"simulation": np.repeat(np.arange(m), r)} if number is None else {}
        columns["trial"] = np.tile([f"trial {i + 1}" for i in self.trial], m)
        if self.names:
            columns["subgroup"] = np.tile(np.array(self.names)[self.level], m)
        arrays = {**self.counts, "yi": self.yi, "vi": self.vi, "effect": self.effects}
        columns |= {name: array[rows].ravel() for name, array in arrays.items()}
        return pd.DataFrame(columns).assign(measure=self.measure)
