"""Influence plots: which trials are outliers, which pull the fit, and which move it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ....analysis.numeric.distributions import chi2_quantile, critical
from ....analysis.sensitivity.case_deletion.result import InfluenceResult
from ....analysis.sensitivity.case_deletion.rules import USUAL
from ....base.digits import in_percent
from ....errors import DataError
from ...checks import checked
from ...style import COLUMN, PALETTE, style
from ...ticks import Scale, around
from ..key import Key
from ..panel import BLUE, GREY, open_panel
from ..point_labels import Labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LARGEST, SMALLEST = 13.0, 2.5  # pt, diameters


@checked()
def influence(
    result: InfluenceResult, *, ax: Axes | None = None, width: float | str = COLUMN, labels: Labels = "outlying"
) -> Axes:
    """Draw an influence plot: the residual of each trial against its leverage; areas are Cook's distances.

    Dashed lines hold 95% of the residuals of a true model, the dotted one is the bound of leverage. Flagged trials
    have a colour and a marker of their own.

    Parameters
    ----------
    result : InfluenceResult
        What ``sensitivity.influence`` returned.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.
    labels : str or list of str, default "outlying"
        ``outlying`` (trials that are flagged, or beyond the dashed lines), ``all``, ``none`` or names of trials.

    Returns
    -------
    Axes
        The panel.

    Raises
    ------
    DataError
        When `result` is of another kind, or no trial could be left out.
    OptionError
        When a label does not exist, or the place is too small.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.4, -0.2, 1.1], "vi": [0.04, 0.03, 0.05, 0.04, 0.06]}, ci="wald")
    >>> mo.plot.influence(mo.sensitivity.influence(r)).get_xlabel()
    'Leverage'
    """
    if not isinstance(result, InfluenceResult):
        raise DataError(f"a result of sensitivity.influence is wanted, not {type(result).__name__}.")
    data = result.table[result.table["reason"] == ""]
    if data.empty:
        raise DataError("no trial could be left out: there is nothing to draw.")
    name = "x2" if result.by_block else "rstudent"
    data = data[data[name].notna()]
    if data.empty:
        why = " ".join(["no trial has an effect of its own beside the others: there is nothing to draw.",
                        *_extreme(result, set())])  # fmt: skip
        raise DataError(why)
    leverage = bool(data["hat"].notna().all())
    x, y = data["hat" if leverage else "weight"].to_numpy(), data[name].to_numpy()
    bound, lines = result.bounds.get("hat"), _usual(result)
    across = Scale(label="Leverage" if leverage else "Weight (%)", low=0.0, high=1.08 * max(x.max(), bound or 0.0))
    low, high = around(np.concatenate([y, lines, [0.0]]), margin=0.12)
    name = "χ² of the trial's residuals" if result.by_block else "Standardised residual"
    up = Scale(label=name, low=0.0 if result.by_block else low, high=high)
    flagged = data["flags"].to_numpy() != ""
    looks: dict[str, dict[str, Any]] = {
        "not flagged": {"linestyle": "", "marker": "o", "markerfacecolor": BLUE, "markersize": 4.5},
        "flagged": {"linestyle": "", "marker": "D", "markerfacecolor": PALETTE[1], "markersize": 4.5},
    }
    for look in looks.values():
        look |= {"markeredgecolor": "white", "markeredgewidth": 0.5}
    key = [Key(text=text, look=look) for text, look in looks.items()] if flagged.any() and not flagged.all() else []
    cook = data["cook_d"].to_numpy()
    largest = max(cook[np.isfinite(cook)], default=0.0)
    share = np.where(np.isfinite(cook), cook / max(largest, np.finfo(float).tiny), 1.0)
    sizes = np.maximum(LARGEST * np.sqrt(share), SMALLEST)
    notes = _notes(result, bool(lines), {*map(str, data["study"])})
    with style():
        panel = open_panel(ax, across, up, width=width, key=key, notes=notes)
        dashed: dict[str, Any] = {"color": GREY, "linewidth": 0.7, "linestyle": (0, (4, 2)), "zorder": 1}
        for line in lines:
            panel.ax.axhline(line, **dashed)
        if bound is not None:
            panel.ax.axvline(bound, color=GREY, linewidth=0.7, linestyle=(0, (1, 1.5)), zorder=1)
        for i in np.argsort(-sizes):
            look = looks["flagged" if flagged[i] else "not flagged"] | {"markersize": sizes[i]}
            panel.ax.plot(x[i], y[i], zorder=4, clip_on=False, **look)
        wide = np.where(flagged, np.sqrt(2), 1.0) * sizes
        panel.name(x, y, wide, list(map(str, data["study"])), labels, (flagged | _beyond(y, lines)) * 1.0, 0.5)
    return panel.ax


def has_residuals(result: InfluenceResult) -> bool:
    """Whether any trial has a residual, so that there is something to draw."""
    return bool(result["x2" if result.by_block else "rstudent"].notna().any())


def _beyond(y: Any, lines: list[float]) -> Any:
    """Return which residuals lie beyond the dashed lines."""
    return np.abs(y) > max(lines, default=np.inf)


def _usual(result: InfluenceResult) -> list[float]:
    """Return where the dashed lines stand: of χ² only where all trials have as many rows."""
    if not result.by_block:
        half = float(critical(USUAL))
        return [-half, half]
    rows = set(result["rows"])
    return [float(chi2_quantile(USUAL, rows.pop()))] if len(rows) == 1 else []


def _notes(result: InfluenceResult, dashed: bool, drawn: set[str]) -> list[str]:
    """Return what stands below: what areas and lines are, and which trials are not there."""
    notes = ["Area: Cook's distance."]
    if dashed:
        notes.append(f"Dashed: {in_percent(USUAL)}% of trials lie within, if the model is true.")
    if "hat" in result.bounds:
        notes.append("Dotted: bound of leverage.")
    for why, names in _by_reason(result).items():
        notes.append(
            f"Not shown: {', '.join(names)}; without {'each' if len(names) > 1 else 'it'} there is no fit: {why}."
        )
    extreme = _without_bound(result)
    alone = [str(x) for x in result["study"] if str(x) not in {*drawn, *extreme} and x not in result.lacking]
    if alone:
        notes.append(f"Not shown, without an effect of their own: {', '.join(alone)}.")
    return [*notes, *_extreme(result, drawn)]


def _without_bound(result: InfluenceResult) -> list[str]:
    """Return the trials without which the fit has no bounds: their Cook's distances have none either."""
    t = result.table[result.table["reason"] == ""]
    return [str(name) for name in t.loc[np.isinf(t["cook_d"]), "study"]]


def _extreme(result: InfluenceResult, drawn: set[str]) -> list[str]:
    """Return what is said of the trials on which the whole fit depends."""
    names = _without_bound(result)
    if not names:
        return []
    hidden = [name for name in names if name not in drawn]
    found = f"{', '.join(names)}: influence without bounds, as the fit without it lies at an end of its scale"
    return [f"{found}; no point of {', '.join(hidden)}." if hidden else f"{found}."]


def _by_reason(result: InfluenceResult) -> dict[str, list[str]]:
    """Return in short why there is no fit without a trial -> the trials."""
    found: dict[str, list[str]] = {}
    for name, why in result.lacking.items():
        found.setdefault(why.partition(": ")[0].partition(". ")[0].rstrip("."), []).append(str(name))
    return found
