"""e_value: how strong an unmeasured confounder must be to explain a pooled ratio away."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....base.check import one_of
from ....base.messages.advice import option
from ....base.messages.arguments import known_arguments
from ....errors import OptionError
from ...results.inside import no_pool, pool_in
from ...results.pooled import PooledResult
from .e_value_result import EValueResult


def _itself(ratio: Any) -> Any:
    return ratio


def _of_hazards(hr: Any) -> Any:
    return (1 - 0.5 ** np.sqrt(hr)) / (1 - 0.5 ** np.sqrt(1 / hr))


@dataclass(frozen=True, slots=True)
class Conversion:
    """How a ratio is turned into a risk ratio.

    Attributes
    ----------
    said
        In words.
    convert
        Ratio -> risk ratio, of a common outcome.
    by_frequency
        Whether it differs between rare and common outcomes.
    """

    said: str
    convert: Callable[[Any], Any]
    by_frequency: bool


CONVERSIONS = {
    "RR": Conversion("as it is", _itself, False),
    "IRR": Conversion("rate ratios as risk ratios", _itself, False),
    "OR": Conversion("the square root of the odds ratio, for a common outcome", np.sqrt, True),
    "PETO": Conversion("the square root of the odds ratio, for a common outcome", np.sqrt, True),
    "HR": Conversion("(1 - 0.5^√HR) / (1 - 0.5^√(1/HR)), for a common outcome", _of_hazards, True),
}
RARE = "as it is, for a rare outcome"


def strength(ratio: Any) -> Any:
    """Return the E-value of a risk ratio, R + sqrt(R (R - 1)) with R the ratio or its inverse, whichever is above 1."""
    above = np.maximum(ratio, 1 / np.asarray(ratio, dtype=float))
    return above + np.sqrt(above * (above - 1))


@known_arguments
def e_value(result: PooledResult, *, rare: bool | None = None) -> EValueResult:
    r"""Return the E-value of a pooled ratio and of its interval: how strong confounding must be to explain it away.

    The least strength, as a risk ratio, that an unmeasured confounder must have with both treatment and outcome, beyond
    what is measured, to shift the risk ratio R (above 1; else its inverse) to no effect:

    .. math:: E = R + \sqrt{R (R - 1)}

    Parameters
    ----------
    result : PooledResult
        What a pooling function returned of hazard, odds, risk or rate ratios.
    rare : bool, optional
        Whether the outcome is rare (below 15 % at the end of follow-up): hazard and odds ratios then count as risk
        ratios; else they are converted, by the square root of an odds ratio, and of a hazard ratio by
        (1 - 0.5^√HR) / (1 - 0.5^√(1/HR)). To be given for these; risk ratios need it not.

    Returns
    -------
    EValueResult
        E-values of the estimate and of the limit nearer to 1; 1 where the interval includes no effect.

    Raises
    ------
    DataError
        When `result` is no pool.
    OptionError
        Another measure; `rare` is not given where it matters.

    Notes
    -----
    It is about bias by confounding, which treatments that were drawn by lot do not have. Of a pool it takes all trials
    to be biased alike.

    References
    ----------
    VanderWeele and Ding 2017, doi:10.7326/M16-2607 (not read; formulas as R's EValue documents them).

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.35, -0.15], "vi": [0.01, 0.01]}, measure="RR", method="CE", ci="wald")
    >>> e = mo.sensitivity.e_value(r)
    >>> round(e.estimate, 2), round(e.limit, 2)
    (1.89, 1.48)
    """
    result = pool_in(result)
    if not isinstance(result, PooledResult):
        raise no_pool(result)
    conversion = CONVERSIONS[one_of("measure (of an E-value)", result.measure, CONVERSIONS)]
    if conversion.by_frequency and not isinstance(rare, bool):
        raise OptionError(
            f"rare={rare!r}: say by {option('rare', True)} or {option('rare', False)} whether the outcome is rare "
            "(below 15 %), since it decides how the ratio becomes a risk ratio."
        )
    converted = conversion.by_frequency and rare is False
    natural = np.exp([result.estimate, result.ci_low, result.ci_high])
    estimate, low, high = (conversion.convert(natural) if converted else natural).tolist()
    near = low if estimate > 1 else high
    crossed = low <= 1 <= high
    settings = {**result.provenance.settings, "rare": rare}
    return EValueResult(
        estimate=float(strength(estimate)),
        limit=1.0 if crossed else float(strength(near)),
        risk_ratio=estimate,
        risk_ratio_low=low,
        risk_ratio_high=high,
        conversion=conversion.said if converted or not conversion.by_frequency else RARE,
        whole=result,
        provenance=dataclasses.replace(result.provenance, verb="sensitivity.e_value", settings=settings, notes=()),
    )
