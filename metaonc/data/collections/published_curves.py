"""Published curves with what was printed beside them: from coordinates in a file to the patients behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from html import escape
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from ...base.check import Floats, one_of
from ...base.labels import folded
from ...errors import DataError

if TYPE_CHECKING:
    from ..curves.reconstruction import Reconstruction

CURVE, PUBLISHED_POINTS = "curve", "published points"
KINDS = (CURVE, PUBLISHED_POINTS)
NAMES = ("curve_id", "trial", "arm", "subgroup_variable", "subgroup_level", "outcome", "unit")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PublishedCurve:
    """One published curve, or the points that were published of it.

    Attributes
    ----------
    curve_id, trial, arm, outcome, unit
        What it is: `unit` is that of all times.
    kind
        "curve" where a figure was digitised; "published points" where there are only printed medians and rates.
    points
        How it was read: "corners", "clicks" or "pixels"; blank for published points.
    time, survival
        Coordinates; survival as a proportion.
    at_risk
        Numbers at risk, with columns `time` and `n_risk`; None where none are printed.
    censor_times
        Times of the censoring marks; empty where there are none.
    n, events, median
        As printed; None where they are not.
    about
        The whole row of the table: figure, page, source, who digitised it, how.
    """

    curve_id: str
    trial: str
    arm: str
    outcome: str
    unit: str
    kind: str
    points: str
    time: Floats
    survival: Floats
    at_risk: pd.DataFrame | None
    censor_times: Floats
    n: int | None
    events: int | None
    median: float | None
    about: Mapping[str, Any]

    def reconstruct(self, *, accept_unidentified: bool = False) -> Reconstruction:
        """Return the patients behind the curve, by `curves.reconstruct_ipd` with all that was printed.

        Parameters
        ----------
        accept_unidentified
            As in `curves.reconstruct_ipd`, for a curve of which n alone is printed.

        Raises
        ------
        DataError
            There are published points only, which are no curve; or the curve and what is printed beside it cannot be
            true, or do not identify the censoring.
        """
        from ..curves.reconstruct import reconstruct_ipd

        if self.kind != CURVE:
            raise DataError(
                f"{self.curve_id!r} holds {len(self.time)} published points (medians, rates), not a curve that was "
                "digitised: nothing is reconstructed from it. mo.curves.ipd_from_summary makes a model of patients."
            )
        try:
            return reconstruct_ipd(
                self.time,
                self.survival,
                points=cast(Any, self.points),  # one of its options, by the schema
                n=self.n,
                at_risk=self.at_risk,
                events=self.events,
                censor_times=self.censor_times if len(self.censor_times) else None,
                accept_unidentified=accept_unidentified,
            )
        except DataError as problem:
            raise DataError(f"curve {self.curve_id!r}: {problem}") from None


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Curves:
    """Published curves; made by ``mo.load(name).curves`` and ``mo.read_curves(path)``.

    Attributes
    ----------
    table
        One row a curve: what it is of, how it was read, what is printed beside it, its source, and `kind`: "curve", or
        "published points" for printed medians and rates, which are no curve.
    points
        Coordinates: curve_id, time, survival; for published points also what each is, its interval, and the row_id and
        verification of the evidence that holds it.
    at_risk
        Numbers at risk: curve_id, time, n_risk.
    censor_marks
        Censoring marks: curve_id, time.

    Examples
    --------
    From the file to the figure, the hazard ratio and the pooled result of the subgroups:

    >>> import metaonc as mo
    >>> import pandas as pd
    >>> patients = mo.load("curves").curves.where(trial="GBSG2", subgroup_variable="menopausal status").ipd()
    >>> ax = mo.plot.km(mo.survival.kaplan_meier(patients, by="arm", unit="months"), reconstructed=True)
    >>> rows = [mo.survival.hazard_ratio(group, control="no hormone therapy").row(study=level)
    ...         for level, group in patients.groupby("subgroup_level")]
    >>> print(mo.pool(pd.DataFrame(rows), study="study", method="CE", ci="wald"))
    Pooled hazard ratio: 2 trials, CE, wald interval
    0.6741 (95 % CI 0.5242 to 0.8669), p 0.00212
    tau² 0, I² 0.0 %, Q 0.0145 (1 df), p 0.904
    """

    table: pd.DataFrame
    points: pd.DataFrame
    at_risk: pd.DataFrame
    censor_marks: pd.DataFrame

    def __len__(self) -> int:
        return len(self.table)

    def __iter__(self) -> Iterator[PublishedCurve]:
        return (self[name] for name in self.table["curve_id"])

    def __getitem__(self, curve_id: str) -> PublishedCurve:
        names = self.table["curve_id"].tolist()
        if curve_id not in names:
            near = get_close_matches(str(curve_id), names, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise DataError(f"there is no curve {curve_id!r}; .table lists the {len(names)} there are.{hint}")
        return self._curve(self.table.iloc[names.index(curve_id)].to_dict())

    def _curve(self, row: Mapping[Any, Any]) -> PublishedCurve:
        here, table, marks = (
            frame[frame["curve_id"] == row["curve_id"]] for frame in (self.points, self.at_risk, self.censor_marks)
        )
        text = {name: _text(row[name]) for name in ("curve_id", "trial", "arm", "outcome", "unit", "kind", "points")}
        return PublishedCurve(
            **text,
            time=here["time"].to_numpy(dtype=float),
            survival=here["survival"].to_numpy(dtype=float),
            at_risk=table[["time", "n_risk"]].reset_index(drop=True) if len(table) else None,
            censor_times=marks["time"].to_numpy(dtype=float),
            n=_count(row["n"]),
            events=_count(row["events"]),
            median=None if pd.isna(row["median"]) else float(row["median"]),
            about={str(name): value for name, value in row.items()},
        )

    def where(self, **columns: str | None) -> Curves:
        """Return the curves whose columns have these values, whatever their case: ``where(trial="GBSG2")``.

        None is for a blank: ``where(subgroup_level=None)`` are the curves of whole arms.

        Raises
        ------
        OptionError
            There is no such column.
        DataError
            No curve has the value; the message lists those there are.
        """
        kept = self.table
        for column, value in columns.items():
            one_of("column", column, map(str, kept.columns))
            blank = kept[column].isna()
            here = blank if value is None else ~blank & (kept[column].astype(str).map(folded) == folded(str(value)))
            if not here.any():
                known = ", ".join(map(repr, kept[column].dropna().unique())) or "none"
                raise DataError(f"no curve has {column}={value!r}; there is {known}.")
            kept = kept[here]
        return self._of(kept)

    def digitized(self) -> Curves:
        """Return those of which a figure was digitised, without published points."""
        return self._of(self.table[self.table["kind"] == CURVE])

    def _of(self, table: pd.DataFrame) -> Curves:
        parts = (f[f["curve_id"].isin(table["curve_id"])] for f in (self.points, self.at_risk, self.censor_marks))
        return replace(self, table=table.reset_index(drop=True), **dict(zip(_PARTS, parts, strict=True)))

    def reconstruct(self) -> dict[str, Reconstruction]:
        """Return the reconstruction of each digitised curve, by its curve_id; published points are no curve.

        Raises
        ------
        DataError
            No curve was digitised, or one cannot be reconstructed; see `PublishedCurve.reconstruct`.
        """
        curves = self.digitized()
        if not len(curves):
            held = f"{len(self)} sets of published points, which are no curve" if len(self) else "none at all"
            raise DataError(f"there is no digitised curve here, but {held}: mo.curves.ipd_from_summary models those.")
        return {curve.curve_id: curve.reconstruct() for curve in curves}

    def ipd(self) -> pd.DataFrame:
        """Return the reconstructed patients of the digitised curves.

        Returns
        -------
        pandas.DataFrame
            One row a patient: curve_id, trial, arm, subgroup_variable, subgroup_level, outcome, unit, and `time` and
            `event` as `survival.kaplan_meier` and `survival.hazard_ratio` take them. Patients who are behind several
            curves, such as an arm and its subgroups, stand in it once a curve: choose with `where` first.
        """
        found = self.reconstruct()
        about = self.table[list(NAMES)]
        whole = pd.concat([r.ipd.assign(curve_id=name) for name, r in found.items()], ignore_index=True)
        return whole[["curve_id"]].merge(about, on="curve_id", how="left").join(whole[["time", "event"]])

    def quality(self) -> pd.DataFrame:
        """Return how each reconstruction agrees with its curve.

        Returns
        -------
        pandas.DataFrame
            One row a digitised curve, with the columns of ``metaonc.data.schema.TABLES["reconstructions"]``.
        """
        return pd.DataFrame([quality_row(self[name], r) for name, r in self.reconstruct().items()])

    def __str__(self) -> str:
        counts = self.table["kind"].value_counts()
        trials = self.table["trial"].nunique()
        said = f"{counts.get(CURVE, 0)} digitised curves, {counts.get(PUBLISHED_POINTS, 0)} sets of published points"
        shown = self.table[["curve_id", "trial", "arm", "subgroup_level", "outcome", "unit", "kind", "n", "events"]]
        listing = shown.dropna(axis=1, how="all").fillna("").to_string(index=False, max_rows=40)
        return f"{said}, of {trials} trial{'s' * (trials != 1)}" + (f"\n{listing}" if len(self) else "")

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


_PARTS = ("points", "at_risk", "censor_marks")


def quality_row(curve: PublishedCurve, found: Reconstruction) -> dict[str, Any]:
    """Return how a reconstruction was made and agrees with its curve: a row of the table `reconstructions`."""
    q, numbers = found.quality, found.numbers
    return {
        "curve_id": curve.curve_id,
        "points": curve.points,
        "n": len(found.ipd),
        "events": q.events_found,
        "events_given": q.events_given,
        "at_risk_rows": len(q.row_given),
        "at_risk_max_difference": numbers["at_risk_max_difference"],
        "censor_marks": len(curve.censor_times),
        "median": numbers["median"],
        "median_published": curve.median,
        "bias": q.bias,
        "rmse": q.rmse,
        "max_abs": q.max_abs,
        "flags": " ".join(q.flags) or None,
    }


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _count(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)
