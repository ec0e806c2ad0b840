"""The R scripts of Mantel and Haenszel's and of Peto's method."""

from __future__ import annotations

from ....base.digits import in_percent
from ...results import rtext
from ...results.studies import Studies

COLUMNS = ("x1", "n1", "x2", "n2")


def data_of(studies: Studies) -> str:
    """Return the R statement that makes ``dat`` of two arms."""
    columns = dict(zip(COLUMNS, map(studies.column, studies.roles.values()), strict=True))
    return rtext.data_frame("dat", {"study": studies.labels, **columns})


def mantel_haenszel(data: str, measure: str, level: float, person_time: bool) -> str:
    """Return the script by metafor's rma.mh; `person_time` says that arms have times instead of patients."""
    counts = "x1i = x1, t1i = n1, x2i = x2, t2i = n2" if person_time else "ai = x1, n1i = n1, ci = x2, n2i = n2"
    return "\n".join([
        "library(metafor)",
        data,
        f'res <- rma.mh(measure = "{measure}", {counts}, data = dat, slab = study,',
        f"              level = {in_percent(level)})",
        "print(res, digits = 6)",
    ])  # fmt: skip


def peto(data: str, level: float) -> str:
    """Return the script by metafor's rma.peto."""
    return "\n".join([
        "library(metafor)",
        data,
        "res <- rma.peto(ai = x1, n1i = n1, ci = x2, n2i = n2, data = dat, slab = study,",
        f"                level = {in_percent(level)})",
        "print(res, digits = 6)",
    ])  # fmt: skip
