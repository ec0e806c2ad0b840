"""What must be said with numbers of pools wherever they are printed: the sentences, as records of ``base.caution``."""

from __future__ import annotations

from ...base.caution import Beside, Caution
from ..effects.measures import Measure

FLAT = (
    "the variance between trials (τ²) is estimated as 0, so that the prediction interval holds the uncertainty of the "
    "mean alone; {k} trials do not show that effects do not vary"
)


def corrected(rows: int, k: int, record: Measure) -> list[Caution]:
    """Return the caution of an estimate that rests on a continuity correction of some rows."""
    if not rows:
        return []
    who = f"{rows} of {k} trials" if k > 1 else "the trial"
    return [
        Caution(
            text=f"{who} entered with a continuity correction, on which the {record.natural} depends; a model of the "
            "counts needs none"
        )
    ]


def narrower(interval: str, tau2: float, of: str, beside: Beside) -> Caution:
    """Return the caution of an interval that is narrower than the one by the sampling variances as they are."""
    other = "common-effect interval" if tau2 == 0 else "Wald interval of the same model"
    return Caution(
        text=f"the {interval} interval is narrower than the {other}, since effects agree better than their variances "
        f"allow, which can be chance; the {other}",
        of=of,
        beside=beside,
    )
