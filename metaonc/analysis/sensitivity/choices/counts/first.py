"""The first pool of a multiverse of counts that begins with a table of effects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .....base.check import where
from .....errors import ColumnError, DataError, OptionError
from ....effects.measures import MEASURES
from ....pooling.counts.read_counts import informative, part_of
from ....pooling.inverse_variance.read_studies import read_studies
from ....results import patients
from ....results.studies import Studies
from ..specifications import LEAST
from .models import COUNT_MODELS, OF_RATIO, Asked
from .specifications import of_counts

LEVEL = 0.95


def first_pool(
    data: Any, study: str | None, models: Sequence[str], first: Callable[[Studies], NDArray[np.bool_]]
) -> tuple[Any, Studies]:
    """Return the pool of the first specification, and all rows there are to choose from.

    Parameters
    ----------
    data, study
        A table that ``effect_sizes`` made of counts, and the column that names the trial.
    models
        Codes; the first that takes the counts of this measure is that of the pool.
    first
        All rows -> those of the first specification.
    """
    studies, code, dropped = read_studies(data, "yi", "vi", study, None)
    measure = OF_RATIO.get(code, code)
    fit = [name for name in models if name in COUNT_MODELS and measure in COUNT_MODELS[name].intervals]
    if not fit:
        known = [name for name, m in COUNT_MODELS.items() if measure in m.intervals]
        raise OptionError(
            f"models={list(models)!r}: none takes counts of the measure {measure!r}"
            + (f"; name one of {known}." if known else ", nor does any other; leave out models=.")
        )
    roles = MEASURES[measure].roles
    if lacking := [role for role in roles if role not in studies.roles]:
        raise ColumnError(
            f"models: counts are needed, and this table does not know {', '.join(lacking)}; make its effects by "
            "effect_sizes of these columns."
        )
    studies = of_counts(studies, measure)
    says = informative(measure, part_of(studies, np.ones(len(studies.yi), dtype=bool), measure).counts)
    silent = tuple(f"{where(studies.labels, i)}: it says nothing of the ratio" for i in np.flatnonzero(~says).tolist())
    studies = studies.taken(says)
    rows = first(studies)
    part = studies.taken(rows)
    patients.refuse_overlap(part)
    if len(part.yi) < LEAST:
        raise DataError("one trial leaves nothing to choose; two are the least.")
    whole = COUNT_MODELS[fit[0]].pool(part_of(studies, rows, measure), Asked(measure, "wald", LEVEL, None))
    gone = (*dropped, *silent)
    provenance = replace(whole.provenance, rows_in=whole.provenance.rows_used + len(gone), dropped=gone)
    return replace(whole, provenance=provenance), studies
