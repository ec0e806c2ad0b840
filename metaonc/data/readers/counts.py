"""Counts as the tables of other programs hold them: whole, from 0, and no more events than patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ...base.check import refuse

_ARMS = ("", "_t", "_c")
COUNTS = frozenset(name + arm for name in ("events", "n", "non_events") for arm in _ARMS)


def check_counts(
    frame: pd.DataFrame, labels: Sequence[str], called: Mapping[str, str] | None = None, what: str = "trial"
) -> None:
    """Refuse counts that cannot be.

    Parameters
    ----------
    frame
        A table under the names of metaonc, its counts as floats.
    labels
        One a row.
    called
        Name here -> its name in the source, where that is another.
    what
        What a row is.

    Raises
    ------
    DataError
        A count that is not whole or below 0, or more events, or patients without, than patients.
    """
    old = {name: (called or {}).get(name, name) for name in COUNTS}
    for name in sorted(COUNTS & set(frame)):
        x = frame[name].to_numpy(dtype=float)
        bad = (x < 0) | (np.isfinite(x) & (x != np.floor(x))) | np.isinf(x)
        refuse(bad, labels, lambda i, x=x, n=name: f"{old[n]}={x[i]:g} is not a count: a whole number from 0.", what)
    for part, whole in ((part + arm, "n" + arm) for part in ("events", "non_events") for arm in _ARMS):
        if part in frame and whole in frame:
            x, n = (frame[c].to_numpy(dtype=float) for c in (part, whole))
            say = f"{old[part]}={{:g}} exceeds {old[whole]}={{:g}}: correct one of them."
            refuse(x > n, labels, lambda i, x=x, n=n, say=say: say.format(x[i], n[i]), what)
