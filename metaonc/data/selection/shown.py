"""How a selection is shown: how many rows it takes, why others are left out, and its first rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape
from typing import Any

import pandas as pd

from ...base.digits import plain
from ...base.html import html_frame, listed, styled
from ...base.messages.advice import option
from ...base.words import counted
from .needs import NEEDS

MOST = 10  # rows, and reasons, that are shown
_WHO = ("trial", "arm", "subgroup_level", "data_cut")


def as_text(selection: Any) -> str:
    """Return a selection as a prompt shows it."""
    shown, more = _rows(selection)
    return "\n".join([*_lines(selection), "", shown, *([more] if more else [])])


def as_html(selection: Any) -> str:
    """Return a selection as a notebook shows it."""
    shown, more = _rows(selection)
    first, *rest = _lines(selection)
    left_out = "<br>".join(map(escape, (line.strip() for line in rest)))
    cells = html_frame(shown.cells, shown.cells.attrs["left"])
    return styled(f"<p><b>{escape(first)}</b></p><p>{left_out}</p>{cells}<p>{escape(more)}</p>" if more else
                  f"<p><b>{escape(first)}</b></p><p>{left_out}</p>{cells}")  # fmt: skip


def _lines(selection: Any) -> Iterator[str]:
    used, left_out = selection.used, selection.left_out
    trials = used["trial"].nunique()
    yield f"{counted(len(used), 'row')} of {counted(trials, 'trial')} to pool; {counted(len(left_out), 'row')} left out"
    yield f"  {selection.rule}"
    if selection.also:
        yield f"  Rows also report: {', '.join(option('need', code) for code in selection.also)}."
    reasons = Counter(left_out["reason"]).most_common()
    for reason, n in reasons[:MOST]:
        yield f"  {n} left out: {reason}"
    if len(reasons) > MOST:
        yield f"  {sum(n for _, n in reasons[MOST:])} left out for other reasons: see .left_out"
    yield from (f"  {sentence}" for sentence in (*selection.joined, *selection.cautions))


def _rows(selection: Any) -> tuple[Any, str]:
    """Return the first rows used, as a table, and how many there are besides."""
    used: pd.DataFrame = selection.used
    need = NEEDS.get(selection.need)
    level = [selection.level] if selection.level else []
    wanted = dict.fromkeys([*_WHO[:2], *level, *_WHO[2:], *(need.columns if need else ())])
    columns = [c for c in wanted if c in used and used[c].notna().any()]
    more = len(used) - MOST
    table = listed(used[columns].head(MOST), plain, blank="", index=False)
    return table, f"{counted(more, 'more row')}: see .used" if more > 0 else ""
