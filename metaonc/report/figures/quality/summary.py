"""The summary of risk of bias: a bar a domain, shared out between the judgements by the weight of their trials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....base.check import Floats
from ....base.messages.arguments import known_arguments
from ....data.risk_of_bias.assessment import OVERALL, RiskOfBias
from ....data.risk_of_bias.tools import judgement_of
from ....errors import DataError
from ...checks import checked
from ...style import PAGE, style
from ...ticks import Scale, levels
from ...typeset import family
from ..key import SIZE, Key
from ..panel import INK, open_panel
from .traffic_lights import Pool, key_of, pool_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW = 6.5  # mm a bar
NOT_JUDGED = "not judged"
LEAST = 4.0  # percent: a part narrower than this has no sign in it


@known_arguments
def risk_of_bias_summary_data(rob: RiskOfBias, result: Pool | None = None) -> pd.DataFrame:
    """Return how judgements share out between trials, or their weights, by domain.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    rob : RiskOfBias
        What ``read_risk_of_bias`` returned.
    result : PooledResult or SubgroupResult, optional
        What a pooling function or ``pool_subgroups`` returned: shares are those of its weights. When not given, those
        of the column ``weight`` of the judgements; without one, trials count alike.

    Returns
    -------
    pandas.DataFrame
        One row a domain and judgement that occurs: domain, name, judgement (``not judged`` of blanks), k (trials),
        share (percent).

    Raises
    ------
    DataError
        When these are of another kind, no trial of the result was judged, the result gives no weights, or the column of
        weights has a blank.

    Examples
    --------
    >>> import metaonc as mo
    >>> rows = {"Study": ["A", "B"], **{f"D{i}": ["Low", "High"] for i in range(1, 5)}, "Weight": [3, 1]}
    >>> data = mo.plot.risk_of_bias_summary_data(mo.read_risk_of_bias(rows, tool="QUADAS-2"))
    >>> data["share"].tolist()[:2]
    [75.0, 25.0]
    """
    trials, weights, _ = _weights(rob, result)
    table = rob.judgements(trials)
    total = float(weights.sum())
    rows = []
    for column in rob.columns:
        words = table[column].replace("", NOT_JUDGED).to_numpy()
        for word in [*(one.word for one in rob.record.judgements), NOT_JUDGED]:
            here = words == word
            if here.any():
                share = 100 * float(weights[here].sum()) / total
                name = rob.record.domains.get(column, OVERALL)
                rows.append({"domain": column, "name": name, "judgement": word, "k": int(here.sum()), "share": share})
    return pd.DataFrame(rows)


def _weights(rob: RiskOfBias, result: Pool | None) -> tuple[list[str], Floats, str]:
    """Return trials, the weight of each, and what it is called."""
    pool = pool_of(rob, result)
    if pool is not None:
        labels = list(pool.studies.labels)
        trials = list(dict.fromkeys(labels))
        if not pool.model_facts.gives_weights or not np.isfinite(pool.weights).any():
            raise DataError(
                f"{type(pool).__name__} gives no weights to its trials; leave result out: trials count alike."
            )
        by_trial = pd.Series(np.nan_to_num(pool.weights)).groupby(labels, sort=False).sum()
        return trials, np.array([by_trial[name] for name in trials]), "Weight in the pool (%)"
    if "weight" not in rob.table:
        return rob.trials, np.ones(len(rob.table)), "Trials (%)"
    weights = rob.table["weight"].to_numpy(dtype=float)
    if np.isnan(weights).any() or not weights.sum() > 0:
        lacking = [t for t, w in zip(rob.trials, weights, strict=True) if np.isnan(w)]
        what = f"trial {lacking[0]!r} has no weight" if lacking else "all weights are 0"
        raise DataError(f"{what}: give each its weight, or drop the column, and trials count alike.")
    return rob.trials, weights, "Weight as given (%)"


@checked()
def risk_of_bias_summary(
    rob: RiskOfBias, result: Pool | None = None, *, ax: Axes | None = None, width: float | str = PAGE
) -> Axes:
    """Draw how much of the evidence is at which risk of bias, a bar a domain.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    rob : RiskOfBias
        As of ``risk_of_bias_summary_data``.
    result : PooledResult or SubgroupResult, optional
        As of ``risk_of_bias_summary_data``: whose weights they are stands below the axis.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 176
        Width of the figure made: in mm, ``column`` or ``page``.

    Returns
    -------
    Axes
        The panel, one row a domain; its x axis is in percent.

    Raises
    ------
    DataError
        As ``risk_of_bias_summary_data``.
    OptionError
        When the place is too small.

    Examples
    --------
    >>> import metaonc as mo
    >>> rows = {"Study": ["A", "B"], **{f"D{i}": ["Low", "High"] for i in range(1, 5)}}
    >>> mo.plot.risk_of_bias_summary(mo.read_risk_of_bias(rows, tool="QUADAS-2")).get_xlabel()
    'Trials (%)'
    """
    data = risk_of_bias_summary_data(rob, result)
    trials, _, label = _weights(rob, result)
    names = ["Overall" if c == OVERALL else f"{c} {rob.record.domains[c]}" for c in rob.columns]
    there = [one for one in rob.record.judgements if one.word in set(data["judgement"])]
    key = [*map(key_of, there)]
    blank: dict[str, Any] = {"facecolor": "white", "edgecolor": INK, "linewidth": 0.5}
    if NOT_JUDGED in set(data["judgement"]):
        key.append(Key(text=NOT_JUDGED, kind="patch", look=blank))
    across = Scale(label=label, low=0.0, high=101.5)  # room for half of the last label
    lacking = rob.without(trials)
    notes = [f"{rob.tool}, {len(trials)} trials.", *([f"Not judged: {', '.join(lacking)}."] if lacking else [])]
    with style():
        panel = open_panel(ax, across, levels(names), width=width, key=key, notes=notes, tall=ROW * len(names),
                           down=True)  # fmt: skip
        for i, column in enumerate(rob.columns):
            start = 0.0
            for part in data[data["domain"] == column].to_dict("records"):
                judged = judgement_of(part["judgement"])
                look = blank if judged is None else {**blank, "facecolor": judged.colour}
                panel.ax.barh(i, part["share"], left=start, height=0.7, **look)
                if judged is not None and part["share"] >= LEAST:
                    panel.ax.text(start + part["share"] / 2, i, judged.sign, ha="center", va="center", fontsize=SIZE,
                                  weight="bold", color=judged.ink, parse_math=False,
                                  fontfamily=family(judged.sign))  # fmt: skip
                start += part["share"]
    return panel.ax
