"""interaction: does the effect differ between subgroups, judged within trials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

import numpy as np

from ...base.check import confidence_level, one_of
from ...base.messages.arguments import known_arguments
from ...base.numbers import number_of
from ...errors import OptionError
from ..methods.tau2 import TAU2_METHODS
from .floating import STRUCTURES
from .rows import read
from .several_levels import pool_several
from .several_levels_result import InteractionLevelsResult
from .two_levels import pool_two
from .two_levels_result import InteractionResult
from .within import METHODS


@overload
def interaction(
    table: Any, *, study: str, by: str, contrast: tuple[str, str] | None = ..., yi: str = ..., vi: str = ...,
    measure: str | None = ..., method: str = ..., ci: str | None = ..., prediction: str | None = ...,
    structure: str = ..., level: float = ...,
) -> InteractionResult: ...  # fmt: skip


@overload
def interaction(
    table: Any, *, study: str, by: str, levels: Sequence[str], trend: bool | Sequence[float] = ..., yi: str = ...,
    vi: str = ..., measure: str | None = ..., method: str = ..., ci: str | None = ..., structure: str = ...,
    level: float = ...,
) -> InteractionLevelsResult: ...  # fmt: skip


@known_arguments
def interaction(
    table: Any,
    *,
    by: str,
    study: str | None = None,
    contrast: tuple[str, str] | None = None,
    levels: Sequence[str] | None = None,
    trend: bool | Sequence[float] = False,
    yi: str = "yi",
    vi: str = "vi",
    measure: str | None = None,
    method: str = "REML",
    ci: str | None = None,
    prediction: str | None = None,
    structure: str = "unstructured",
    level: float = 0.95,
) -> InteractionResult | InteractionLevelsResult:
    r"""Pool the differences between subgroups over the differences within each trial.

    .. math:: g_i = y_{i1} - y_{i0}, \quad Var(g_i) = v_{i1} + v_{i0}

    Only trials that report two subgroups or more inform them, so that nothing in which trials differ can confound them
    ("deft", Fisher 2017, doi:10.1136/bmj.j573). Effects of each subgroup that agree with them ("floating"; Godolphin
    et al. 2023, doi:10.1002/jrsm.1590, by their program metafloat) are informed by all trials.

    Two levels are named by `contrast`. With `levels` all differences from the first level are estimated together, with
    their covariance within trials; a trial informs them by whatever levels it reports, the reference among them or not.

    Parameters
    ----------
    table : dataframe
        One row a trial and subgroup, of different patients, as ``effect_sizes`` returns it.
    by : str
        The column of the subgroup's level.
    study : str, optional
        The column of the trial; the one that ``effect_sizes`` was told, if not given.
    contrast : tuple of str, optional
        The two levels; the first minus the second. When neither `contrast` nor `levels` is given and `by` has two
        levels, the second in the order of its categories, or else of the alphabet, minus the first, as ``regress`` and
        factors of R have it; a note of the result says so.
    levels : sequence of str, optional
        Two levels or more, the reference first; the others minus it.
    trend : bool or sequence of numbers, default False
        With `levels`, impose a linear trend: levels differ by their scores times one number. True gives the scores 0,
        1, 2, ... The trend and the effect of the reference vary together between trials without restriction, so that
        the choice of reference changes nothing.
    yi, vi : str
        As in ``pool``.
    measure : str, optional
        As in ``pool``.
    method : str, default "REML"
        Of the variance between trials: with `contrast` any of ``pool``; with `levels` CE, REML or ML. The floating
        effects are common to all trials under CE, else random: what the differences leave open of their covariance is
        estimated by REML, under ML by ML.
    ci : str, optional
        With `contrast` as in ``pool``, also when not given; with `levels` it is wald. Intervals of floating effects are
        normal.
    prediction : str, optional
        With `contrast`, as in ``pool``.
    structure : {"unstructured", "exchangeable"}
        How effects of levels vary between trials: freely, or all alike and with one covariance.
    level : float, default 0.95
        As in ``pool``.

    Returns
    -------
    InteractionResult or InteractionLevelsResult
        The pooled contrast of two levels within trials; with `levels`, each level against the reference.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist, or has no use here.
    DataError
        When a row has no trial or no level, a level is not in the table, a trial reports a level twice, no trials link
        the levels, or they do not determine how differences vary between trials.
    ConvergenceError
        When a likelihood has no maximum that is reached.

    Warns
    -----
    DataWarning
        Rows without effect or variance were left out; labels that differ by what no reader sees were joined.

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"trial": ["A", "A", "B", "B"], "kras": ["mut", "wt"] * 2, "yi": [0.1, -0.5, 0.0, -0.3], "vi": [0.04] * 4}
    >>> r = mo.interaction(t, study="trial", by="kras", contrast=("mut", "wt"), method="CE", ci="wald")
    >>> round(r.estimate, 3)
    0.45
    >>> r = mo.interaction(t, study="trial", by="kras", levels=("wt", "mut"), method="CE")
    >>> [round(x, 3) for x in r.floating["estimate"]]
    [-0.4, 0.05]
    """
    names, option = _names(contrast, levels)
    one_of("structure", structure, STRUCTURES)
    confidence_level(level)
    columns: dict[str, Any] = {"study": study, "by": by, "yi": yi, "vi": vi, "measure": measure}
    if option == "contrast":
        if trend is not False:
            raise OptionError("trend= is for levels=; two levels named by contrast= have none but their difference.")
        one_of("method", method, TAU2_METHODS)
        reports = read(table, **columns, levels=names[::-1], option=option)
        return pool_two(reports, structure, method=method, ci=ci, prediction=prediction, level=level)
    scores = _scores(trend, names)
    _check_levels_options(method, ci, prediction, structure, scores)
    reports = read(table, **columns, levels=names, option=option)
    return pool_several(reports, method=method, structure=structure, scores=scores, level=level)


def _names(contrast: tuple[str, str] | None, levels: Sequence[str] | None) -> tuple[tuple[str, ...], str]:
    """Return the levels in the order given, none where two are to be found in the table, and the option of them."""
    if contrast is not None and levels is not None:
        raise OptionError("name the subgroups by contrast=(first, second) or by levels=(reference, ...): one of both.")
    if contrast is None and levels is None:
        return (), "contrast"
    given: Any = levels if contrast is None else contrast
    names = tuple(map(str, given)) if isinstance(given, (tuple, list)) else ()
    different = len(set(names)) == len(names) > 1
    if contrast is not None and not (different and len(names) == 2):
        raise OptionError(f"contrast={contrast!r} must name two different levels, (first, second).")
    if not different:
        raise OptionError(f"levels={levels!r} must list two different levels or more, the reference first.")
    return names, "levels" if contrast is None else "contrast"


def _check_levels_options(
    method: str, ci: str | None, prediction: str | None, structure: str, scores: tuple[float, ...] | None
) -> None:
    one_of("method (with levels=)", method, METHODS)
    if ci not in (None, "wald"):
        raise OptionError(f"ci={ci!r} is for contrast=; with levels= intervals are 'wald'.")
    if prediction is not None:
        raise OptionError("prediction= is for contrast=; with levels= there is none.")
    if scores is not None and structure != "unstructured":
        raise OptionError(
            f"structure={structure!r} has no use under a trend, which says how levels vary; leave it out."
        )


def _scores(trend: bool | Sequence[float], levels: Sequence[str]) -> tuple[float, ...] | None:
    """Return the scores of a trend, None without one."""
    if trend is False:
        return None
    given = range(len(levels)) if trend is True else trend
    try:
        scores = np.array([number_of(s) for s in given])
    except (TypeError, ValueError):
        raise OptionError(f"trend={trend!r} must be True or one score a level.") from None
    if len(scores) != len(levels) or not np.isfinite(scores).all() or np.ptp(scores) == 0:
        raise OptionError(f"trend={trend!r} must be one finite score for each of {tuple(levels)}, not all the same.")
    return tuple(scores.tolist())
