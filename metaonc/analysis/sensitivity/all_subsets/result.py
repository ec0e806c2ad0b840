"""What gosh returns: a pool of each subset, and which trials drive where they lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.caution import Caution
from ....base.digits import plain
from ....base.html import listed
from ....base.result import Provenance, TableResult, Text
from ....errors import DataError
from ...pooling.inverse_variance.result import MetaResult
from .drivers import EVEN, ONE_HEAP
from .subsets import Subsets

ENDS = (0.025, 0.5, 0.975)  # quantiles of the cloud that are told


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class GoshResult(TableResult):
    """Pools of subsets of the trials, on the scale of analysis.

    Attributes
    ----------
    table
        One row a subset: k (trials in it), estimate, se, tau2, q, i2 (percent), and cluster: 1 and 2, of the lower and
        the higher estimates; 0 of single trials, which are in neither.
    drivers
        One row a trial: study, estimate_with, estimate_without, i2_with, i2_without (means over the subsets of two
        trials or more), share_lower and share_upper (of the subsets in each cluster, those that have it).
    separation
        Distance of the clusters' centres in standard deviations within them: 2.65 is what one normal heap has when it
        is cut in two, 3.46 an even spread.
    seed
        Of random subsets; None where they are all that there are.
    whole
        The pool of all trials.
    provenance
        That of the pool of all trials.
    """

    table: pd.DataFrame
    drivers: pd.DataFrame
    separation: float
    seed: int | None
    whole: MetaResult
    provenance: Provenance

    @property
    def exact(self) -> bool:
        """Whether the subsets are all that there are, each once."""
        return self.seed is None

    @property
    def driver(self) -> str:
        """The trial with and without which the mean estimates differ most."""
        t = self.drivers
        return str(t["study"][(t["estimate_with"] - t["estimate_without"]).abs().argmax()])

    @property
    def clusters(self) -> pd.DataFrame:
        """The two clusters: number of subsets, and the means of estimate and I²."""
        groups = self.table[self.table["cluster"] > 0].groupby("cluster")
        return groups.agg(subsets=("k", "size"), estimate=("estimate", "mean"), i2=("i2", "mean"))

    @property
    def apart(self) -> bool:
        """Whether the clusters are told apart: their centres lie farther apart than those of an even spread cut in two.

        Any heap can be cut in two; one rule says by this whether there are two.
        """
        return self.separation > EVEN

    def having(self, trial: int) -> NDArray[np.bool_]:
        """Return which subsets have the trial of this number, (m,)."""
        subsets = Subsets(len(self.drivers), len(self), self.seed)
        return np.concatenate([inside[:, trial] for _, inside in subsets.blocks()])

    def heaps(self, form: Callable[[float], str]) -> str:
        """Return whether the subsets lie in one heap or in two clusters, and by what, numbers as `form` prints them."""
        what = "The subsets lie in two clusters" if self.apart else "The subsets lie in one heap"
        return (
            f"{what}: cut in two, their centres are {form(self.separation)} standard deviations apart (one normal heap "
            f"{form(float(ONE_HEAP))}, an even spread {form(EVEN)}; more than that is two clusters)"
        )

    def _cautions(self) -> list[Caution]:
        return list(self.whole.cautions)

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return two rows a trial: the mean estimate and I² of the subsets with it, and of those without."""
        parts = [
            pd.DataFrame({"term": self.drivers["study"], "type": kind, "estimate": self.drivers[f"estimate_{kind}"],
                          "i2": self.drivers[f"i2_{kind}"]})
            for kind in ("with", "without")
        ]  # fmt: skip
        rows = pd.concat(parts, ignore_index=True)
        return rows.assign(estimate=self.whole.natural(rows["estimate"].to_numpy())) if transform else rows

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: number of subsets, quantiles of the cloud, and its split."""
        row: dict[str, Any] = {name: getattr(self.whole, name) for name in ("k", "method", "measure")}
        for column in ("estimate", "i2"):
            low, middle, high = self.table[column].quantile(ENDS)
            row |= {f"{column}_low": low, f"{column}_median": middle, f"{column}_high": high}
        return self._row(subsets=len(self), exact=self.exact, separation=self.separation, driver=self.driver, **row)

    def r_code(self) -> Text:
        """Return the R script of the pool with metafor's GOSH; random subsets are not the same there."""
        how = "" if self.exact else f", subsets = {len(self)}"
        return Text(f"{self.whole.r_code()}\nsav <- gosh(res{how}, progbar = FALSE)\nprint(sav)")

    @property
    def spread(self) -> tuple[list[float], list[float], str]:
        """Quantiles of the estimates (natural scale, if there is one) and of I², and the name of the first."""
        estimates, i2 = (self.table[column].quantile(ENDS).tolist() for column in ("estimate", "i2"))
        try:
            return np.asarray(self.whole.natural(np.array(estimates))).tolist(), i2, self.whole.record.natural
        except DataError:  # no back-transform without sizes
            return estimates, i2, self.whole.record.label

    def _lines(self) -> list[str]:
        (low, middle, high), (i2_low, i2_middle, i2_high), name = self.spread
        first, last, centre = plain.of(low, high, middle)
        how = "all" if self.exact else f"random (seed {self.seed})"
        return [
            f"Pools of {how} {len(self)} subsets of {self.whole.k} trials: {name}, {self.whole.method}",
            f"95 % of estimates lie between {first} and {last}, half below {centre}; I² between {plain(i2_low)} and "
            f"{plain(i2_high)} %, half below {plain(i2_middle)} %",
            "Means of the subsets with and without each trial, on the scale of analysis, and shares of each cluster:",
            listed(self.drivers, plain),
            f"Estimates differ most with and without {self.driver}. {self.heaps(plain)}.",
        ]
