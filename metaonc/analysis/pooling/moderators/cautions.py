"""What must be said with any model of moderators: of moderators within trials, of averages, of levels alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....base.caution import Caution
from ....base.labels import alike
from ...numeric.wls import Floats
from ...results.cautions import assumed, like_one, writes_alike
from ...results.doubts import of_studies
from .design import BETWEEN

WITHIN = (
    "rows are of the same trials, of which the regression makes no use; a test of interaction compares them within "
    "trials"
)
OVER_TRIALS = (
    "the association is one over trials: with an average or a share of their patients, it need not hold within trials "
    "(aggregation bias)"
)
MIXED = (
    "a moderator varies within trials and between them, and its coefficient mixes both associations; its mean of the "
    "trial and the row's distance from it tell them apart"
)


def of_rows(r: Any, within: str = WITHIN) -> list[Caution]:
    """Return the cautions of effects by assumption, levels that look like one, moderators within trials, and averages.

    `within` is what to say of a moderator that varies within trials. Any number of more than two values but years may
    be an average of patients: median ages are whole numbers too.
    """
    rows = r.studies.data[list(r.design.rows.columns)]
    of_trials = rows.groupby(np.asarray(r.studies.labels, dtype=object), sort=False)
    found = assumed(r.measure, r.studies.data, r.studies.labels) + of_studies(r.measure, r.studies)
    found += [
        Caution(text=like_one(column, a, b, "are kept apart")) for column, of in _like(r).items() for b, a in of.items()
    ]
    found += [Caution(text=within)] if (of_trials.nunique() > 1).to_numpy().any() else []
    numbers = [np.asarray(x, float) for _, x in rows.items() if x.dtype.kind in "fiu"]
    return found + [Caution(text=OVER_TRIALS)] * any(map(_may_be_average, numbers))


def advice(r: Any) -> list[str]:
    """Return what to do about levels that look like one, and how coefficients of interactions and curves are read."""
    found = [line for column, of in _like(r).items() for line in writes_alike(column, of)]
    names = r.design.names
    if any(BETWEEN.search(name) for name in names):
        found.append("with an interaction, the coefficients of its parts hold where the others are 0 or at their "
                     "reference level: centre numbers, or ask predict.")  # fmt: skip
    curves = dict.fromkeys(curve for name in names if (curve := r.design.curve(name)))
    return found + [f"coefficients of {curve} mean nothing one by one: predict and plot.bubble show the curve, "
                    "test_of tests them together." for curve in curves]  # fmt: skip


def _like(r: Any) -> dict[str, dict[str, str]]:
    """Return, by column of labels that the formula names, its levels that look like others, by these."""
    columns = ((str(name), [x for x in of.unique() if isinstance(x, str)]) for name, of in r.design.rows.items())
    return {name: found for name, levels in columns if (found := alike(levels))}


def _may_be_average(x: Floats) -> bool:
    years = (x == np.round(x)).all() and x.min() > 1900 and x.max() < 2100
    return len(np.unique(x)) > 2 and not years
