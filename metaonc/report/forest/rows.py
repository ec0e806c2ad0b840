"""The rows of a forest plot, one of the figure a row, before anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ...data.risk_of_bias.assessment import RiskOfBias
from ...errors import DataError
from ..checks import checked
from ..journals import journal_of
from ..kinds import kind_of, kinds
from ..texts.cautions import cautions
from ..texts.preparation import left_out
from ..texts.printer import Printer
from .content import ForestRows, ForestSpec, note
from .notes import caution_note

SHORT, BRIEF = {"short": True}, {"brief": True}  # how a figure has cautions; tables have them whole


@checked()
def forest_rows(
    result: Any,
    *,
    journal: str | None = None,
    effect: str | None = None,
    unit: str = "",
    digits: int | None = None,
    sort: str | None = None,
    subgroup_label: str | None = None,
    prediction: bool | None = None,
    study_interval: str = "exact",
    common: bool = False,
    shrinkage: bool = False,
    left: Sequence[str] | None = None,
    right: Sequence[str] | None = None,
    risk_of_bias: RiskOfBias | None = None,
) -> ForestRows:
    """Return what a forest plot of a result shows.

    Parameters
    ----------
    result : result
        What ``pool`` or another pooling function, ``pool_subgroups``, ``interaction``, ``regress``,
        ``sensitivity.leave_one_out`` or ``sensitivity.cumulative`` returned.
    journal : str, optional
        Layout, one of ``JOURNALS``.
    effect : str, optional
        Name of the effect, such as ``ORR``; the measure's own name when None.
    unit : str, optional
        Unit of times, such as ``months``.
    digits : int, optional
        Decimals of effects and their limits; as their size wants them when None. Where an interval would print as one
        number, or a number as 0, that line has more.
    sort : str, optional
        Order of the trials, within subgroups: ``effect``, ``weight``, ``study`` (their names) or a column of their
        table, such as ``year``, from the smallest up; with a minus before it, as in ``-weight``, from the largest down.
        Trials without a value come last. As in the table when None.
    subgroup_label : str, optional
        What stands before the levels of subgroups, as in ``KRAS: mutant``; the name of their column when None, nothing
        when empty.
    prediction : bool, optional
        Whether the prediction interval is drawn; where there is one when None.
    study_interval : str, default "exact"
        Interval of single trials, of proportions whose counts are known: ``exact``, ``wilson``, ``agresti-coull`` or
        ``jeffreys``.
    common : bool, default False
        Whether the common effect of all trials stands beside that of random effects, as an open diamond.
    shrinkage : bool, default False
        Whether the effects of a Bayesian pool's trials, shrunken towards the pool, stand below their own, as open
        circles.
    left, right : sequence of str, optional
        Columns of text left of the panel, after the trials, and right of it; the journal's when None. Named columns
        are ``effect``, ``share`` and ``share_common`` (weights in percent), ``counts`` and ``counts_c`` (events/n of
        the treatment or only arm, and of the control arm), ``events``, ``n``, ``time`` of an arm (of two arms with
        ``_t`` and ``_c``), ``patients`` of all arms, ``o_minus_e`` and ``v``, and ``difference`` (the risk difference
        beside a ratio of risks or odds). Others are columns of the trials' table: numbers stand with their decimal
        points below each other, text to the left, and judgements of bias (low, some concerns, high) as coloured signs.
    risk_of_bias : RiskOfBias, optional
        What ``read_risk_of_bias`` returned: the judgement of each domain stands beside its trial, a sign on a coloured
        disc, and the whole; the names of the domains stand below. Trials without a judgement are named.

    Returns
    -------
    ForestRows
        Rows and columns as they are drawn, to look into or to hand to ``forest``.

    Raises
    ------
    DataError
        When `result` has no rows for a forest plot, or none of its trials has a judgement of risk of bias.
    ColumnError
        When a column does not exist, has no content or is asked for twice.
    OptionError
        When the journal or `study_interval` does not exist, or an option has no use here.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> mo.plot.forest_rows(r).rows["label"].tolist()[:3]
    ['1', '2', '3']
    """
    spec = ForestSpec(
        journal=journal_of(journal),
        effect=effect,
        unit=unit,
        study_interval=study_interval,
        common=common,
        shrinkage=shrinkage,
        left=None if left is None else tuple(left),
        right=None if right is None else tuple(right),
        digits=digits,
        sort=sort,
        prediction=prediction,
        subgroup_label=subgroup_label,
        risk_of_bias=risk_of_bias,
    )
    rows = kind_of(result).rows
    if rows is None:
        verbs = ", ".join(dict.fromkeys(kind.verbs for kind in kinds() if kind.rows))
        raise DataError(f"{type(result).__name__} has no forest plot, but what these return: {verbs}.")
    content = rows(result, spec)
    printer = Printer(spec.journal, spec.unit)
    short, whole, brief = (cautions_below(result, content, printer, **how) for how in (SHORT, {}, BRIEF))
    out = left_out(result)
    notes = [*map(caution_note, short, whole, brief), *[note(out, True)] * bool(out)]
    return replace(content, notes=(*content.notes, *notes))


def cautions_below(result: Any, content: ForestRows, printer: Printer, **how: Any) -> list[str]:
    """Return the cautions on what these rows show, as ``cautions`` tells them."""
    # the one pool whose prediction interval is a row
    predicted = (getattr(result, "overall_name", ""),) if (content.rows["kind"] == "prediction").any() else ()
    return cautions(result, printer, predicted=predicted, **how)
