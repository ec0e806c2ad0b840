"""Evidence timelines: when which trial reported what, and which reports later ones replaced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...base.messages.arguments import known_arguments
from ...data.collections.collection import Collection
from ...data.schema.dates import cut_dates
from ...errors import ColumnError, DataError
from ..checks import checked
from ..style import PAGE, style
from ..ticks import Dates, around, levels
from .key import Key
from .panel import BLUE, GREY, open_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = ("row_id", "trial", "outcome", "data_cut", "supersedes", "nested_in")
DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
DOT = 5.0  # pt
ROW = 4.2  # mm a row of the figure
STATES = ("current", "replaced", "part of another arm")


@known_arguments
def timeline_data(collection: Collection | pd.DataFrame) -> pd.DataFrame:
    """Return the data cuts of each trial's outcomes.

    Parameters
    ----------
    collection : Collection or dataframe
        What ``load`` returned, or its evidence.

    Returns
    -------
    pandas.DataFrame
        One row a trial, outcome and data cut: trial, outcome, data_cut (as reported; the date of publication where the
        cut has none), year (with the fraction gone;
        the middle of a year or month that is all that was reported; NaN where none was), rows (of the evidence),
        state: ``current``; ``replaced`` when all its rows are superseded; ``part of another arm`` when all else is
        nested in another arm.

    Raises
    ------
    ColumnError
        When a column is missing.
    DataError
        When a date is not written YYYY, YYYY-MM or YYYY-MM-DD.

    Examples
    --------
    >>> import metaonc as mo
    >>> list(mo.plot.timeline_data(mo.load("lgsoc")))
    ['trial', 'outcome', 'data_cut', 'year', 'rows', 'state']
    """
    evidence = collection.evidence if isinstance(collection, Collection) else collection
    if not hasattr(evidence, "columns"):
        raise DataError(f"a collection, or its evidence, is wanted, not {type(evidence).__name__}.")
    missing = [column for column in COLUMNS if column not in evidence]
    if missing:
        raise ColumnError(f"a timeline needs the evidence of a collection; {', '.join(missing)} is not in this table.")
    replaced = {row for text in evidence["supersedes"].dropna() for row in str(text).split()}
    old = evidence["row_id"].isin(replaced)
    nested = evidence["nested_in"].notna()
    states = np.select([old, nested], ["replaced", "part of another arm"], "current")
    evidence = evidence.assign(data_cut=cut_dates(evidence))
    years = [_year(row, cut) for row, cut in zip(evidence["row_id"], evidence["data_cut"], strict=True)]
    cuts = evidence.assign(state=states, year=years)
    groups = cuts.groupby(["trial", "outcome", "data_cut"], sort=False, dropna=False)
    table = groups.agg(year=("year", "first"), rows=("row_id", "size"), state=("state", _state)).reset_index()
    return table.sort_values(["year"], kind="stable").reset_index(drop=True)


def _year(row: object, text: object) -> float:
    if not isinstance(text, str):
        return np.nan
    parts = DATE.fullmatch(text)
    if parts is None or not 1 <= int(parts[2] or 1) <= 12:
        raise DataError(f"row {row!r}: data_cut={text!r} is not written YYYY, YYYY-MM or YYYY-MM-DD.")
    year, month, day = (int(part) if part else None for part in parts.groups())
    assert year is not None
    if month is None:
        return year + 0.5
    return year + (month - 1 + (0.5 if day is None else (day - 0.5) / 31)) / 12


def _label(collection: Collection | pd.DataFrame) -> str:
    evidence = collection.evidence if isinstance(collection, Collection) else collection
    published = bool((evidence["data_cut"].isna() & cut_dates(evidence).notna()).any())
    return f"Data cut-off{', or publication' * published}"


def _state(states: pd.Series) -> str:
    """Return what the rows of a cut are as a whole: current when any of them is."""
    return next(state for state in (STATES[0], STATES[2], STATES[1]) if state in set(states))


@checked()
def timeline(collection: Collection | pd.DataFrame, *, ax: Axes | None = None, width: float | str = PAGE) -> Axes:
    """Draw when each trial reported each outcome: filled what is current, open what a later cut replaced.

    Parameters
    ----------
    collection : Collection or dataframe
        What ``load`` returned, or its evidence.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 176
        Width of the figure made: in mm, ``column`` or ``page``.

    Returns
    -------
    Axes
        The panel; one row a trial and outcome, in the order of their first cut. Outcomes without a dated cut are
        named below.

    Raises
    ------
    ColumnError, DataError
        As ``timeline_data``; no dated cut at all.
    OptionError
        When the place is too small.

    Examples
    --------
    >>> import metaonc as mo
    >>> mo.plot.timeline(mo.load("lgsoc")).get_xlabel()
    'Data cut-off, or publication'
    """
    data = timeline_data(collection)
    data = data.assign(row=data["trial"] + ", " + data["outcome"].str.replace("_", " ").str.upper())
    dated = data.dropna(subset=["year"])
    if dated.empty:
        raise DataError("no row has a data_cut.")
    first = dated.groupby("trial", sort=False)["year"].transform("min")
    order = dated.assign(first=first).sort_values(["first", "trial"], kind="stable")
    names = list(dict.fromkeys(order["row"]))
    undated = sorted(set(data["row"]) - set(names))
    years = dated["year"]
    low, high = around(years if years.nunique() > 1 else [years.iloc[0] - 1, years.iloc[0] + 1])
    across = Dates(label=_label(collection), low=low, high=high)
    looks = {
        STATES[0]: {"marker": "o", "markerfacecolor": BLUE, "markeredgecolor": BLUE},
        STATES[1]: {"marker": "o", "markerfacecolor": "white", "markeredgecolor": BLUE},
        STATES[2]: {"marker": "s", "markerfacecolor": "white", "markeredgecolor": GREY},
    }
    key = {state: Key(text=state, look={"linestyle": "", "markersize": DOT, "markeredgewidth": 0.9, **look})
           for state, look in looks.items() if state in set(dated["state"])}  # fmt: skip
    notes = [f"Without a reported date: {'; '.join(undated)}."] if undated else []
    height = ROW * len(names)
    with style():
        panel = open_panel(ax, across, levels(names), width=width, key=list(key.values()), notes=notes, tall=height,
                           down=True)  # fmt: skip
        for i, name in enumerate(names):
            cuts = dated[dated["row"] == name]
            panel.ax.plot(cuts["year"], [i] * len(cuts), color="0.7", linewidth=0.8, zorder=1)
            for state, entry in key.items():
                at = cuts["year"][cuts["state"] == state]
                panel.ax.plot(at, [i] * len(at), zorder=3, clip_on=False, **entry.look)
    return panel.ax
