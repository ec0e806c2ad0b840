"""absolute_effect: what a relative effect means in 1,000 people, and the number needed to treat."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from ...base.check import one_of, seed_of, texts
from ...base.messages.advice import option, setting
from ...base.messages.arguments import known_arguments
from ...errors import OptionError
from ..results.inside import no_pool
from ..results.pooled import PooledResult
from .absolute_result import AbsoluteEffect
from .baselines import Baseline, baselines_of
from .risks import CONVERSIONS, Conversion, within

DRAWS = 100_000
SEED = 1
EVENTS = ("unfavourable", "favourable")
PER = 1000.0


@known_arguments
def absolute_effect(
    result: PooledResult,
    *,
    baseline: Any,
    event: str,
    at: float | str | None = None,
    name: str = "",
    draws: int = DRAWS,
    seed: int = SEED,
) -> AbsoluteEffect:
    r"""Return a pooled relative effect in absolute terms: per 1,000 people, and as the number needed to treat.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    With the share p0 of people who have the event under control, or of hazard ratios the survival S0 at a time,

    .. math:: p_1 = RR\, p_0, \quad p_1 = \frac{OR\, p_0}{1 - p_0 + OR\, p_0}, \quad p_1 = p_0 + RD, \quad
              S_1 = S_0^{HR}

    Parameters
    ----------
    result : PooledResult
        What a pooling function returned of risk ratios, odds ratios, risk differences or hazard ratios.
    baseline : float or result
        Of RR, OR and RD the risk of the event under control; of HR the survival without it at the time `at` (0.4
        where 40 % are free of the event). A number, a list of them, or numbers by name (``{"low risk": 0.1}``), which
        are taken as known; or a pool of control arms with its uncertainty: ``pool`` of their proportions, or
        ``survival.pool_curves``.
    event : {"unfavourable", "favourable"}
        Whether the event is bad for people, such as death or progression, or good, such as response.
    at : float or str, optional
        Of HR: the time of the baseline, a number (of a pool of curves in its unit) or words such as ``"12 months"``.
    name : str, optional
        What the event is called, such as ``death``.
    draws : int, default 100000
        Draws of a baseline that is a pool.
    seed : int, default 1
        Of these draws.

    Returns
    -------
    AbsoluteEffect
        Its `table` has one row a baseline.

    Raises
    ------
    DataError
        When `result` is no pool, or the baseline one of another kind.
    OptionError
        Another measure, a baseline that is no share, or no time of a hazard ratio.

    Notes
    -----
    The interval of a baseline taken as known has the limits of the relative effect, transformed. That of a pool is
    between quantiles of draws of both, which are taken as independent and as normal (t where the pool has degrees of
    freedom) on their scales of analysis; baseline and effect of the same trials are not quite independent. A hazard
    ratio is taken as constant up to the time.

    References
    ----------
    Cochrane Handbook for Systematic Reviews of Interventions, version 5.1, 12.5.4 (read); Altman 1998,
    doi:10.1136/bmj.317.7168.1309 (not read; a letter on it was).

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.10, -0.06], "vi": [0.01, 0.01]}, measure="RR", method="CE", ci="wald")
    >>> a = mo.absolute_effect(r, baseline=0.3, event="unfavourable")
    >>> a.table[["control", "treatment", "difference"]].round(1).values.tolist()
    [[300.0, 276.9, -23.1]]
    >>> a.needed
    ['NNTB 44 (NNTH 56 to ∞ to NNTB 17)']
    """
    if not isinstance(result, PooledResult):
        raise no_pool(result)
    if result.measure not in CONVERSIONS:
        raise OptionError(
            f"a {result.record.natural} is not told as people per 1,000: that is of {', '.join(CONVERSIONS)}."
        )
    conversion = CONVERSIONS[result.measure]
    one_of("event", event, EVENTS)
    texts(name=name)
    if conversion.counts == "event-free" and at is None:
        raise OptionError(
            f"a hazard ratio needs the time of the baseline, which is the survival then: say {option('at')}."
        )
    if at is not None:
        _check_time(at)
    if conversion.counts == "event" and at is not None:
        raise OptionError(f"{option('at')} is of hazard ratios: leave it out.")
    if isinstance(draws, bool) or not isinstance(draws, (int, np.integer)) or draws < 1000:
        raise OptionError(f"draws={draws!r} must be a whole number, 1000 or more.")
    given = baselines_of(baseline, conversion.counts, at)
    seed = seed_of(seed)
    settings = {**result.provenance.settings, "event": event, "at": at, "draws": int(draws), "seed": seed}
    rows = [_row(result, conversion, one, int(draws), seed) for one in given]
    return AbsoluteEffect(
        table=pd.DataFrame(rows),
        counts=conversion.counts,
        favourable=event == "favourable",
        event=name,
        at="" if at is None else str(at),
        drawn=given[0].drawn is not None,
        control=given[0].pool,
        whole=result,
        provenance=dataclasses.replace(result.provenance, verb="absolute_effect", settings=settings),
    )


def _check_time(at: Any) -> None:
    """Raise an OptionError where a time is neither a number above 0 nor words."""
    said = isinstance(at, str) and bool(at.strip())
    number = isinstance(at, (int, float, np.number)) and not isinstance(at, bool) and 0 < at < np.inf
    if not said and not number:
        raise OptionError(f"{setting('at', at)} is no time: give a number above 0, or words such as '12 months'.")


def _row(r: PooledResult, conversion: Conversion, base: Baseline, draws: int, seed: int) -> dict[str, Any]:
    """Return what happens per 1,000 with control and with treatment."""
    raw = np.array([conversion.convert(base.share, x) for x in (r.estimate, r.ci_low, r.ci_high)], dtype=float)
    cut = within(raw)
    estimate = float(cut[0])
    limits, differences = np.sort(cut[1:]), np.sort(cut[1:] - base.share)
    if base.drawn is not None:
        rng = np.random.default_rng(seed)
        p0 = base.draws(rng, draws)
        scattered = rng.standard_normal(draws) if np.isinf(r.df) else rng.standard_t(r.df, draws)
        p1 = within(conversion.convert(p0, r.estimate + r.se * scattered))
        ends = [(1 - r.level) / 2, (1 + r.level) / 2]
        limits, differences = np.quantile(p1, ends), np.quantile(p1 - p0, ends)
    columns = {
        "control": base.share, "treatment": estimate, "treatment_low": limits[0], "treatment_high": limits[1],
        "difference": estimate - base.share, "difference_low": differences[0], "difference_high": differences[1],
    }  # fmt: skip
    told = {name: float(PER * value) for name, value in columns.items()}
    return {"baseline": base.name, **told, "cut": bool((raw != cut).any())}
