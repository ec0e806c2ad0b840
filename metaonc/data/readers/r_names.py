"""Names of R's metafor and meta, and the columns that are known by other names in a table without any of these."""

from __future__ import annotations

from collections.abc import Mapping

from ...errors import ColumnError, DataError
from .cochrane.revman_csv import is_export
from .files.grid import Grid
from .files.layout import refuse_doubled
from .sheets.columns import held_in, refuse_doubled_figures
from .sheets.recognise import recognise
from .sheets.values import not_read

METAFOR = {
    "slab": "study", "yi": "yi", "vi": "vi", "sei": "se", "ci.lb": "ci_low", "ci.ub": "ci_high",
    "ai": "events_t", "n1i": "n_t", "ci": "events_c", "n2i": "n_c", "bi": "non_events_t", "di": "non_events_c",
    "x1i": "events_t", "x2i": "events_c", "t1i": "time_t", "t2i": "time_c",
    "m1i": "mean_t", "sd1i": "sd_t", "m2i": "mean_c", "sd2i": "sd_c",
    "xi": "events", "mi": "non_events", "ni": "n", "ti": "time",
}  # fmt: skip
META = {
    "studlab": "study", "TE": "yi", "seTE": "se", "lower": "ci_low", "upper": "ci_high",
    "event.e": "events_t", "n.e": "n_t", "event.c": "events_c", "n.c": "n_c", "time.e": "time_t", "time.c": "time_c",
    "mean.e": "mean_t", "sd.e": "sd_t", "mean.c": "mean_c", "sd.c": "sd_c", "event": "events", "n": "n", "time": "time",
}  # fmt: skip
NAMES = {**META, **METAFOR}
_NO_FIGURES = ("study", "ci_low", "ci_high", "n", "time")  # a table of patients may have these too
_FAMILIES = (
    ("yi",),
    ("events", "n"),
    ("events", "time"),
    ("events", "non_events"),
    ("events_t",),
    ("mean_t",),
    ("time_t",),
)
_IN_R = {  # column of the schema -> its name in a call of one arm, and of two
    "trial": ("slab", "slab"), "events": ("xi", "ai"), "n": ("ni", "n1i"), "events_comparator": ("", "ci"),
    "n_comparator": ("", "n2i"),
}  # fmt: skip


def recognised(grid: Grid, asked: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the columns that are known by what people call them: their names there -> names in R's call."""
    for name in sorted(grid.doubled & {*NAMES, *asked}):
        refuse_doubled([name, name], repr(grid.source))
    held = held_in(grid)
    own = {n: NAMES[n] for n in grid.names if n in NAMES}
    if asked or any(set(family) <= set(own.values()) for family in _FAMILIES):
        return {}, not_read(grid.names, held, own | dict(asked))
    if is_export(grid.names):
        raise DataError(f"{grid.source!r} is RevMan's export of data and analyses: read it with read_revman.")
    refuse_doubled_figures(grid)
    found = recognise(grid.names, held, {})
    targets = {old: new for old, new in found.targets.items() if new in _IN_R}
    two = {"events", "n", "events_comparator", "n_comparator"} <= set(targets.values())
    one = {"events", "n"} <= set(targets.values())
    if not one and set(own.values()) - {*_NO_FIGURES}:
        return {}, not_read(grid.names, held, own)
    if not one:
        asks = "; ".join(f"{', '.join(map(repr, old))}: {why}" for old, why in found.questions.items())
        raise ColumnError(
            f"no column bears a name of metafor or meta: the table has {list(grid.names)}. "
            f"{f'Not read: {asks}. ' if asks else ''}To say which column is which, give columns, as in "
            f"{{'tpos': 'ai'}}; known are {', '.join(NAMES)}."
        )
    names = {old: _IN_R[new][1 if two else 0] for old, new in targets.items()}
    return {old: new for old, new in names.items() if new}, not_read(grid.names, held, targets)
