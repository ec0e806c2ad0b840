"""What asks pools again takes their rows as independent."""

from __future__ import annotations

from ...errors import OptionError
from ..pooling.inverse_variance.result import MetaResult


def refuse_correlated(result: MetaResult) -> None:
    """Raise an OptionError where the sampling errors of a pool are correlated."""
    if result.studies.covariance is not None:
        raise OptionError(
            "the rows of this pool have correlated sampling errors, and this is of independent rows. Pool the rows "
            "wanted anew by pool, with their covariances."
        )
