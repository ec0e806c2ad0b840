"""Traffic lights: the judgement of each domain of risk of bias, a row a trial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ....analysis.pooling.subgroups.result import SubgroupResult
from ....analysis.results.pooled import PooledResult
from ....base.messages.arguments import known_arguments
from ....data.risk_of_bias.assessment import OVERALL, RiskOfBias
from ....data.risk_of_bias.tools import Judgement, judgement_of
from ....errors import DataError
from ...checks import checked
from ...forest.key import disc
from ...style import COLUMN, style
from ...ticks import levels
from ...typeset import family
from ..key import SIZE, Key
from ..panel import INK, open_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW = 5.2  # mm a trial
Pool = PooledResult | SubgroupResult


def pool_of(rob: Any, result: Any) -> PooledResult | None:
    """Return the pool whose trials are shown, None where it is all that were judged; refuse what is neither.

    Raises
    ------
    DataError
        When `rob` is no assessment, `result` no pool, or no trial of it was judged.
    """
    if not isinstance(rob, RiskOfBias):
        raise DataError(f"what read_risk_of_bias returned is wanted, not {type(rob).__name__}.")
    if result is None:
        return None
    if not isinstance(result, (PooledResult, SubgroupResult)):
        raise DataError(f"a pooled result is wanted, not {type(result).__name__}.")
    pool = result.overall if isinstance(result, SubgroupResult) else result
    rob.matched(pool.studies.labels)
    return pool


@known_arguments
def risk_of_bias_data(rob: RiskOfBias, result: Pool | None = None) -> pd.DataFrame:
    """Return what a figure of traffic lights shows.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    rob : RiskOfBias
        What ``read_risk_of_bias`` returned.
    result : PooledResult or SubgroupResult, optional
        What a pooling function or ``pool_subgroups`` returned: its trials are shown, in its order; all that were judged
        when not given.

    Returns
    -------
    pandas.DataFrame
        One row a trial and domain: trial, domain (``D1`` ..., ``overall``), name of the domain, judgement (empty where
        there is none), sign.

    Raises
    ------
    DataError
        When these are of another kind, or no trial of the result was judged.

    Examples
    --------
    >>> import metaonc as mo
    >>> rows = {"Study": ["A", "B"], **{f"D{i}": ["Low", "High"] for i in range(1, 5)}}
    >>> mo.plot.risk_of_bias_data(mo.read_risk_of_bias(rows, tool="QUADAS-2"))["sign"].tolist()[:2]
    ['+', '+']
    """
    pool = pool_of(rob, result)
    trials = rob.trials if pool is None else list(dict.fromkeys(pool.studies.labels))
    table = rob.judgements(trials)
    rows = []
    for trial, words in zip(trials, table.to_dict("records"), strict=True):
        for column in rob.columns:
            judged = judgement_of(words[column])
            name = rob.record.domains.get(column, OVERALL)
            sign = "" if judged is None else judged.sign
            rows.append({"trial": trial, "domain": column, "name": name, "judgement": words[column], "sign": sign})
    return pd.DataFrame(rows)


@checked()
def risk_of_bias(
    rob: RiskOfBias, result: Pool | None = None, *, ax: Axes | None = None, width: float | str = COLUMN
) -> Axes:
    """Draw the risk of bias of each trial as traffic lights, a sign on a coloured disc a domain.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    rob : RiskOfBias
        As of ``risk_of_bias_data``.
    result : PooledResult or SubgroupResult, optional
        As of ``risk_of_bias_data``; beside a forest plot they stand by ``forest(result, risk_of_bias=rob)``.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.

    Returns
    -------
    Axes
        The panel, one row a trial. Where nothing was judged there is no disc.

    Raises
    ------
    DataError
        As ``risk_of_bias_data``.
    OptionError
        When the place is too small.

    Examples
    --------
    >>> import metaonc as mo
    >>> rows = {"Study": ["A", "B"], **{f"D{i}": ["Low", "High"] for i in range(1, 5)}}
    >>> ax = mo.plot.risk_of_bias(mo.read_risk_of_bias(rows, tool="QUADAS-2"))
    >>> len(ax.texts) >= 8
    True
    """
    data = risk_of_bias_data(rob, result)
    trials = list(dict.fromkeys(data["trial"]))
    heads = ["Overall" if c == OVERALL else c for c in rob.columns]
    there = [one for one in rob.record.judgements if one.word in set(data["judgement"])]
    domains = "; ".join(f"{code} {name}" for code, name in rob.record.domains.items())
    lacking = data.groupby("trial", sort=False)["judgement"].agg(lambda words: (words == "").all())
    notes = [f"{rob.tool}: {domains}."]
    notes += [f"Not judged: {', '.join(map(str, lacking.index[lacking]))}."] if lacking.any() else []
    with style():
        panel = open_panel(ax, levels(heads), levels(trials), width=width, key=[*map(key_of, there)], notes=notes,
                           tall=ROW * len(trials), down=True)  # fmt: skip
        for row in data.to_dict("records"):
            judged = judgement_of(row["judgement"])
            if judged is not None:
                place = rob.columns.index(row["domain"]), trials.index(row["trial"])
                panel.ax.text(*place, judged.sign, ha="center", va="center", fontsize=SIZE, parse_math=False,
                              clip_on=False, fontfamily=family(judged.sign), **disc(judged))  # fmt: skip
    return panel.ax


def key_of(judgement: Judgement) -> Key:
    """Return the entry of a judgement: its colour, and its sign in words."""
    look = {"facecolor": judgement.colour, "edgecolor": INK, "linewidth": 0.5}
    return Key(text=f"{judgement.sign} {judgement.word.lower()}", kind="patch", look=look)
