"""Which outcome the rows of a table are of, as ``read_trials`` writes it: those of one pool are of one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import pandas as pd

from ...base.labels import folded
from ...base.messages.advice import option
from ...errors import DataError

OUTCOME = "outcome"
_APART: ContextVar[bool] = ContextVar("outcomes are kept apart", default=False)


@contextmanager
def kept_apart(by: Collection[str]) -> Iterator[None]:
    """Let pools take several outcomes within it, where what they are split by is the outcome."""
    token = _APART.set(OUTCOME in by or _APART.get())
    try:
        yield
    finally:
        _APART.reset(token)


def refuse_several(frame: pd.DataFrame, apart: Collection[str] = ()) -> None:
    """Raise a DataError where the rows of one pool are of several outcomes, such as pfs and os.

    Parameters
    ----------
    frame
        The rows.
    apart
        Columns that the model tells apart: its levels, moderators or subgroups.
    """
    if OUTCOME not in frame.columns or OUTCOME in apart or _APART.get():
        return
    names = [x for x in frame[OUTCOME].drop_duplicates() if isinstance(x, str) and x.strip()]
    first = {folded(name): name for name in reversed(names)}
    found = [name for name in names if first[folded(name)] == name]
    if len(found) < 2:
        return
    raise DataError(
        f"the table mixes the outcomes {', '.join(found)}: take one, as by table[table['outcome'] == {found[0]!r}]; "
        f"pool each by pool_subgroups with {option('by', OUTCOME)}; or drop or rename the column 'outcome', if they "
        "are to be pooled as one."
    )
