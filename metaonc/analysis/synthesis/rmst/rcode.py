"""The R script of restricted means of trials, data inline, by survRM2."""

from __future__ import annotations

import pandas as pd

from ....base.check import Floats
from ...results.rtext import comment, data_frame, vector

SCRIPT = """library(survRM2)
{data}
found <- list()
for (trial in unique(dat$study)) for (tau in {horizons}) {{
  own <- dat[dat$study == trial, ]
  last <- tapply(own$time, own$arm, max)
  if (tau > min(last)) next  # beyond the follow-up of an arm, or its curve may be 0 there
  found[[paste(trial, "up to", tau)]] <- rmst2(own$time, own$event, own$arm, tau = tau, alpha = 1 - {level!r})
}}
found"""


def by_trial(patients: pd.DataFrame, treatment: str, control: str, horizons: Floats, level: float) -> str:
    """Return the script; `patients` are study, time, event, arm."""
    arm = (patients["arm"] == treatment).astype(int)
    columns = {"study": patients["study"], "time": patients["time"], "event": patients["event"], "arm": arm}
    data = data_frame("dat", {name: column.tolist() for name, column in columns.items()})
    script = SCRIPT.format(data=data, horizons=vector(horizons), level=level)
    return f"{comment(f'arm: 1 {treatment}, 0 {control}')}\n{script}"
