"""The curves of one figure at once: patients of every arm in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import pandas as pd

from ...base.check import columns_exist, one_of
from ...base.frames import to_pandas
from ...base.labels import blanks, find, join_labels
from ...base.messages.arguments import known_arguments
from ...base.result import Provenance, Result
from ...errors import DataError, OptionError
from ..digitize.result import Digitized
from .ensemble import CHECKED_IN_R, Ensemble, side_by_side
from .fits.inputs import risk_table
from .reconstruct import METHODS, reconstruct_ipd
from .reconstruction import Reconstruction

Points = Literal["corners", "clicks", "pixels"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReconstructedArms(Result):
    """The patients behind the curves of one figure.

    Attributes
    ----------
    arms
        Name of an arm -> its `Reconstruction`, in the order given.
    ipd
        DataFrame with `time`, `event` (1 event, 0 censored) and `arm`, one row a patient.
    quality
        DataFrame, one row an arm: its name, `numbers` of its reconstruction, and its flags as `notes`.
    provenance
        How it came about.
    """

    arms: Mapping[str, Reconstruction]
    ipd: pd.DataFrame
    quality: pd.DataFrame
    provenance: Provenance
    _not_in_r: ClassVar[str] = CHECKED_IN_R

    def ensemble(self, k: int = 20, *, seed: int) -> Ensemble:
        """Return k plausible sets of the patients of all arms; see `Reconstruction.ensemble`. Arms are independent.

        Each set has the columns `time`, `event` and `arm`, as ``mo.survival.hazard_ratio_of_ensemble`` takes it.
        """
        return side_by_side({name: one.ensemble(k, seed=seed) for name, one in self.arms.items()}, k, seed)

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return the life tables, one row a distinct time of an arm; `transform` changes nothing."""
        return pd.concat([one.tidy().assign(term=name) for name, one in self.arms.items()], ignore_index=True)

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: arms, patients, events, the largest error of an arm at its points, and flags."""
        q = self.quality
        row = {
            "arms": len(q),
            "n": int(q["n"].sum()),
            "events": int(q["events"].sum()),
            "max_abs": float(q["max_abs"].max()),
            "flags": int(q["flags"].sum()),
        }
        return self._row(**row)

    def _lines(self) -> list[str]:
        return [f"{name}: {line}" for name, one in self.arms.items() for line in one._lines()]


@known_arguments
def reconstruct_arms(
    curves: Any,
    *,
    arm: str = "arm",
    points: Points | None = None,
    n: Mapping[Any, int] | None = None,
    at_risk: Any = None,
    events: Mapping[Any, int] | None = None,
    censor_times: Mapping[Any, Any] | None = None,
    method: Literal["metaonc", "guyot"] = "metaonc",
    accept_unidentified: bool = False,
) -> ReconstructedArms:
    """Reconstruct the patients behind all curves of a figure, each by `reconstruct_ipd`.

    Parameters
    ----------
    curves : Digitized or dataframe
        What ``mo.curves.digitize`` returned, with its points, numbers at risk and censoring marks; or any dataframe
        with columns `time`, `survival` and the arm, one row a point.
    arm : str
        Column of the arm, in `curves` and in `at_risk`.
    points : {"corners", "clicks", "pixels"}, optional
        What the points of a table are, as in `reconstruct_ipd`; "corners" when left out. A digitised figure knows.
    n : mapping of label to int, optional
        Name of an arm -> what `reconstruct_ipd` takes for it. Arms may be left out.
    at_risk : mapping of label to dataframe, or dataframe, optional
        Name of an arm -> its table, or one dataframe with the arm, `time` and `n_risk`. In place of what a digitised
        figure prints.
    events : mapping of label to int, optional
        Name of an arm -> what `reconstruct_ipd` takes for it. Arms may be left out.
    censor_times : mapping of label to array, optional
        Name of an arm -> what `reconstruct_ipd` takes for it. Arms may be left out.
    method : {"metaonc", "guyot"}, default "metaonc"
        As in `reconstruct_ipd`; a method without use for them leaves a digitised figure's censoring marks, with a note.

    accept_unidentified : bool, default False
        As in `reconstruct_ipd`: arms of which n alone is known are not refused; analyse the result's `ensemble`.

    Returns
    -------
    ReconstructedArms
        With `ipd`, `arms`, `quality` and ``.ensemble(k, seed=...)``. ``mo.survival.check_published`` compares it with
        the hazard ratio and the medians that the paper prints.

    Raises
    ------
    ColumnError
        When a column is not there.
    DataError
        When something is given for an arm that has no curve, or an arm cannot be reconstructed; it names the arm.
    OptionError
        When an option does not exist, or has no use for a digitised figure.

    Warns
    -----
    DataWarning
        Arms that differ by what no reader sees were joined.

    Examples
    --------
    >>> import metaonc as mo
    >>> points = {
    ...     "arm": ["A"] * 4 + ["B"] * 4,
    ...     "time": [0, 2, 2, 6, 0, 3, 3, 6],
    ...     "survival": [1, 1, 0.75, 0.75, 1, 1, 0.5, 0.5],
    ... }
    >>> got = mo.curves.reconstruct_arms(points, n={"A": 4, "B": 4}, events={"A": 1, "B": 2})
    >>> got.ipd.groupby("arm")["event"].sum().to_dict()
    {'A': 1, 'B': 2}
    """
    marks = METHODS[one_of("method", method, METHODS)].marks
    joined = list[str]()
    read = dict(_digitized(curves, points) if isinstance(curves, Digitized) else _table(curves, arm, points, joined))
    given = {
        "n": _by_arm(n, "n", read),
        "at_risk": _by_arm(_tables(at_risk, arm, joined), "at_risk", read),
        "events": _by_arm(events, "events", read),
        "censor_times": _by_arm(censor_times, "censor_times", read),
    }
    unused = [name for name, known in read.items() if not marks and known.pop("censor_times", None) is not None]
    arms = {}
    for name, known in read.items():
        own = {option: values[name] for option, values in given.items() if name in values}
        try:
            arms[name] = reconstruct_ipd(**known | own, method=method, accept_unidentified=accept_unidentified)
        except DataError as problem:
            raise DataError(f"arm {name!r}: {problem}") from None
    notes = [f"{name}: the figure's censoring marks were not used, since {method!r} uses none." for name in unused]
    settings = {"arm": arm, "points": points, "method": method, "accept_unidentified": accept_unidentified}
    return side_by_side_arms(arms, settings, [*joined, *notes])


def _digitized(figure: Digitized, points: Points | None) -> Iterator[tuple[str, dict[str, Any]]]:
    if points is not None:
        raise OptionError(f"points={points!r} has no use here: a digitised figure knows what its points are.")
    for curve in figure.curves:
        marks = curve.censor_times if len(curve.censor_times) else None
        known = {"points": curve.points, "at_risk": curve.at_risk, "censor_times": marks}
        yield curve.label, {"time": curve.time, "survival": curve.survival, **known}


def _table(table: Any, arm: str, points: Points | None, joined: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    frame = to_pandas(table)
    columns_exist(list(frame.columns), {"time": "time", "survival": "survival", "arm": arm})
    for name, rows in _split(frame, arm, joined):
        yield name, {"time": rows["time"], "survival": rows["survival"], "points": points or "corners"}


def _tables(at_risk: Any, arm: str, joined: list[str]) -> Any:
    """Return one table of numbers at risk an arm, of whichever form they have."""
    if at_risk is None or (isinstance(at_risk, Mapping) and arm not in at_risk):
        return at_risk
    frame = risk_table(to_pandas(at_risk))
    columns_exist(list(frame.columns), {"time": "time", "n_risk": "n_risk", "arm": arm})
    return {name: rows[["time", "n_risk"]] for name, rows in _split(frame, arm, joined)}


def _split(frame: pd.DataFrame, arm: str, joined: list[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the rows of each arm; `joined` gets a sentence on each arm that is written in two ways."""
    frame, notes = join_labels(frame, [arm])
    joined += notes
    missing = blanks(frame[arm])
    if missing.any():
        raise DataError(f"row {int(missing.argmax())}: {arm} is missing; name the arm of every row.")
    for value in frame[arm].unique():
        yield str(value), frame[frame[arm] == value].reset_index(drop=True)


def _by_arm(values: Any, option: str, known: Mapping[str, Any]) -> dict[str, Any]:
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise DataError(f"{option}={values!r} is given for no arm; give a mapping, as {{{next(iter(known))!r}: ...}}.")
    named: dict[str, Any] = {}
    for name, value in values.items():
        label = find(name, known)
        if label is None:
            raise DataError(f"{option} names {str(name)!r}, which has no curve; the arms are {list(known)}.")
        if label in named:
            raise DataError(f"{option} names {label!r} twice, as {str(name)!r} too; give one value an arm.")
        named[label] = value
    return named


def side_by_side_arms(
    arms: Mapping[str, Reconstruction], settings: dict[str, Any], notes: Sequence[str] = ()
) -> ReconstructedArms:
    """Return the reconstructions of the arms of one figure as one result."""
    quality = {name: pd.DataFrame([one.numbers | {"notes": " ".join(one.quality.flags)}]) for name, one in arms.items()}
    ipd = _stacked({name: one.ipd for name, one in arms.items()})
    used = sum(one.provenance.rows_used for one in arms.values())
    return ReconstructedArms(
        arms=arms,
        ipd=ipd[["time", "event", "arm"]],
        quality=_stacked(quality),
        provenance=Provenance(
            verb="curves.reconstruct_arms",
            settings=settings,
            rows_in=used,
            rows_used=used,
            notes=(*notes, *(f"{name}: {flag}" for name, one in arms.items() for flag in one.quality.flags)),
        ),
    )


def _stacked(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    rows = [frame.assign(arm=name) for name, frame in frames.items()]
    table = pd.concat(rows, ignore_index=True)
    return table[["arm", *(c for c in table.columns if c != "arm")]]
