"""Sets of patients that one published curve leaves plausible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar
from zlib import crc32

import numpy as np
import pandas as pd

from ...base.result import Provenance, Result
from ...errors import OptionError
from .fits.clean import Floats
from .fits.corners import from_corners
from .fits.draws import disturbed, drawn
from .fits.inputs import Inputs
from .fits.smooth import patients, read

_FEW = 20  # draws below which the 5 % and 95 % quantiles are the extremes


CHECKED_IN_R = (
    "R has no function that makes these patients; mo.survival.kaplan_meier of them has the script of their curve in R"
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Ensemble(Result):
    """Sets of patients that are plausible given a curve and what is printed beside it; ``ensemble[0]`` is the first.

    Attributes
    ----------
    ipd
        DataFrames with `time` and `event` (1 event, 0 censored), and `arm` where there are several; one row a patient.
    provenance
        How they came about.

    Examples
    --------
    >>> import metaonc as mo
    >>> steps = [0, 2, 2, 5, 5, 8], [1, 1, 0.75, 0.75, 0.375, 0.375]
    >>> fit = mo.curves.reconstruct_ipd(*steps, at_risk={"time": [0, 4], "n_risk": [4, 2]})
    >>> sets = fit.ensemble(3, seed=1)
    >>> len(sets), len(sets[0])
    (3, 4)
    """

    ipd: tuple[pd.DataFrame, ...]
    provenance: Provenance
    _not_in_r: ClassVar[str] = CHECKED_IN_R

    def __len__(self) -> int:
        return len(self.ipd)

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return iter(self.ipd)

    def __getitem__(self, draw: int) -> pd.DataFrame:
        return self.ipd[draw]

    @property
    def frame(self) -> pd.DataFrame:
        """All sets in one DataFrame: `draw`, from 0, and the columns of each."""
        table = pd.concat([one.assign(draw=i) for i, one in enumerate(self.ipd)], ignore_index=True)
        return table[["draw", *self.ipd[0].columns]]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a draw: draw, n, events, last_time. `transform` changes nothing."""
        rows = [(i, len(d), int(d["event"].sum()), float(d["time"].max())) for i, d in enumerate(self.ipd)]
        table = pd.DataFrame(rows, columns=["draw", "n", "events", "last_time"])
        return table.assign(term=[f"set {i}" for i in table["draw"]], type="draw")

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: draws, n, and the least, median and largest number of events."""
        events = self.tidy()["events"]
        names = {"events_min": events.min(), "events_median": events.median(), "events_max": events.max()}
        return self._row(draws=len(self), n=len(self.ipd[0]), **names)

    def _lines(self) -> list[str]:
        one = self.glance().iloc[0]
        events = f"{one['events_min']:g} to {one['events_max']:g} events (median {one['events_median']:g})"
        return [f"{len(self)} plausible sets of {one['n']:g} patients, {events}"]


def draw(given: Inputs, k: int, seed: int) -> Ensemble:
    """Return k sets of patients; the input takes part in the seed, so that arms with one seed are independent."""
    if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or k < 2:
        raise OptionError(f"k={k!r} sets show no spread; ask for a whole number of at least 2, such as 20.")
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise OptionError(f"seed={seed!r} is not a whole number from 0 on; give one, such as seed=1.")
    rng = np.random.default_rng([seed, crc32(given.time.tobytes() + given.survival.tobytes())])
    exact = from_corners(given)
    sets = [_frame(*(_noisy(given, rng) if exact is None else _moved(given, *exact, rng))) for _ in range(k)]
    beside = ", beside one patient a mark" if len(given.ticks) else ""
    prior = f"the censoring is not identified: its distribution is drawn from a wide prior{beside}."
    notes = [] if given.identified else [prior]
    return Ensemble(
        ipd=tuple(sets),
        provenance=Provenance(
            verb="Reconstruction.ensemble",
            settings={"k": int(k), "seed": int(seed), "points": given.points, "exact": exact is not None},
            rows_in=len(given.time),
            rows_used=len(given.time),
            notes=tuple(notes + _few(k)),
        ),
    )


def _few(k: int) -> list[str]:
    return [f"{k} draws show the spread, but not its tails; Rubin's rules ask for 20 or more."] if k < _FEW else []


def side_by_side(arms: dict[str, Ensemble], k: int, seed: int) -> Ensemble:
    """Return the ensemble whose sets hold one of each arm, with the arm named."""
    sets = [pd.concat([e[i].assign(arm=a) for a, e in arms.items()], ignore_index=True) for i in range(k)]
    used = sum(e.provenance.rows_used for e in arms.values())
    return Ensemble(
        ipd=tuple(sets),
        provenance=Provenance(
            verb="ReconstructedArms.ensemble",
            settings={"k": k, "seed": seed, "arms": tuple(arms)},
            rows_in=used,
            rows_used=used,
            notes=tuple(f"{a}: {note}" for a, e in arms.items() for note in e.provenance.notes),
        ),
    )


def _noisy(given: Inputs, rng: np.random.Generator) -> tuple[Floats, Floats]:
    return patients(given, disturbed(read(given), rng), partial(drawn, rng=rng))


def _moved(given: Inputs, deaths: Floats, censored: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return the events, and the censorings anywhere between the events or rows around them: no count changes."""
    end = max(float(deaths.max(initial=0.0)), float(censored.max(initial=0.0)))
    if len(given.ticks):
        return deaths, censored
    edges = np.unique(np.concatenate([[0.0], deaths, given.row_time, [end]]))
    free = censored < end
    gap = np.searchsorted(edges, censored[free], side="right")
    moved = censored.copy()
    moved[free] = edges[gap - 1] + rng.random(len(gap)) * (edges[gap] - edges[gap - 1])
    return deaths, moved


def _frame(deaths: Floats, censored: Floats) -> pd.DataFrame:
    t, event = np.concatenate([deaths, censored]), np.repeat([1, 0], [len(deaths), len(censored)])
    order = np.lexsort((-event, t))
    return pd.DataFrame({"time": t[order], "event": event[order]})
