"""Cure models: a part of patients never has the event, as a mixture or as a bound of the cumulative hazard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from ..product_limit import Floats, Sample

Share = Callable[[Floats, Floats, Floats], Floats]  # (logit of the cured share, log density, log survival) -> (n,)


def _mixture_density(cured: Floats, density: Floats, survival: Floats) -> Floats:
    return special.log_expit(-cured) + density


def _mixture_survival(cured: Floats, density: Floats, survival: Floats) -> Floats:
    return np.logaddexp(special.log_expit(cured), special.log_expit(-cured) + survival)


def _bounded_density(cured: Floats, density: Floats, survival: Floats) -> Floats:
    bound = -special.log_expit(cured)
    return np.log(bound) + density - bound * -np.expm1(survival)


def _bounded_survival(cured: Floats, density: Floats, survival: Floats) -> Floats:
    return special.log_expit(cured) * -np.expm1(survival)


# code -> label, log density and log survival of all patients
CURES: dict[str, tuple[str, Share, Share]] = {
    "mixture": ("mixture", _mixture_density, _mixture_survival),
    "nonmixture": ("non-mixture (bounded cumulative hazard)", _bounded_density, _bounded_survival),
}


def insufficient(sample: Sample) -> float:
    r"""Return :math:`(1 - N/n)^n`, small where follow-up goes on long enough after the last event to tell of cures.

    N of n patients have the event after :math:`2 t^* - t_{max}`, as far before the last event :math:`t^*` as this is
    before the end of follow-up: where the curve still falls at its end there are none, and it is 1.

    References
    ----------
    Maller and Zhou 1996.
    """
    n, died = len(sample.time), sample.time[sample.event]
    if not len(died):
        return 1.0
    last, end = float(died[-1]), float(sample.time[-1])
    late = int(((died > 2 * last - end) & (died <= last)).sum()) if end > last else 0
    return float((1 - late / n) ** n)
