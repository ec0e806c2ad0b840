"""Figures that a reader set aside, since one of them cannot be: refused where the question is about them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..base.messages.advice import option
from ..errors import DataError
from .models import Model


def refuse_set_aside(evidence: pd.DataFrame, outcome: str, models: Sequence[Model]) -> None:
    """Raise a DataError where figures were set aside that one of these models would have pooled.

    Parameters
    ----------
    evidence
        What ``read_trials`` returned, or the evidence of a collection, of which nothing is set aside.
    outcome
        The outcome that is asked for.
    models
        The models that would be taken before another, the one that is taken, or all.
    """
    wanted = {column for model in models for column in model.needed.columns}
    for aside in evidence.attrs.get("reading", {}).get("set_aside", []):
        targets = [target.rpartition(".") for target in aside["read_as"]]
        if any(of in ("", outcome) and field in wanted for of, _, field in targets):
            leave = option("columns", dict.fromkeys(aside["columns"]))
            raise DataError(f"{aside['why']} To pool what else there is, leave these columns unread: {leave}.")
