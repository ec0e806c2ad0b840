"""What study returns: how analyses perform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from ...base.check import one_of
from ...base.digits import plain
from ...base.html import listed
from ...base.result import Provenance, TableResult

SHOWN = ("bias", "empirical_se", "coverage", "width", "rejection", "prediction_coverage", "failed")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SimulationResult(TableResult):
    """How analyses perform in simulated meta-analyses.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    table
        One row a scenario and analysis: scenario, analysis, k, mean, tau, truth (what the estimate is of); n and
        failed (share without an estimate); bias, empirical_se (of the estimates), mse, model_se (root of the mean
        squared standard error), se_error (percent, of model_se beside empirical_se), coverage, below and above (shares
        of intervals wholly below and above the truth), width (geometric mean, of finite intervals), rejection (size
        where there is no effect, power where there is one), prediction_coverage and prediction_width. Monte Carlo
        standard errors have the same names with ``_mcse``. What an analysis or scenario does not have is NaN.
    level
        Of the intervals.
    n, seed
        Simulated meta-analyses of each scenario, and the seed of all.
    """

    table: pd.DataFrame
    level: float
    n: int
    seed: int
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("n", "seed")

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a scenario and analysis: the mean estimate, its empirical standard error, and all measures."""
        t = self.table
        core = {"term": t["scenario"] + "; " + t["analysis"], "type": "performance", "estimate": t["truth"] + t["bias"],
                "se": t["empirical_se"]}  # fmt: skip
        return pd.DataFrame({**core, **{name: t[name] for name in t.columns if name != "n"}})

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: size of the study."""
        t = self.table
        return self._row(scenarios=t["scenario"].nunique(), analyses=t["analysis"].nunique())

    def pivot(self, measure: str = "coverage") -> pd.DataFrame:
        """Return one measure with a row an analysis and a column a scenario.

        Parameters
        ----------
        measure : str, default "coverage"
            Column of `table`.

        Returns
        -------
        pandas.DataFrame

        Raises
        ------
        OptionError
            A measure that does not exist.
        """
        one_of("measure", measure, [name for name in self.table.columns if name not in ("scenario", "analysis")])
        wide = self.table.pivot(index="analysis", columns="scenario", values=measure)
        return wide.loc[self.table["analysis"].unique(), self.table["scenario"].unique()]

    def _lines(self) -> list[str]:
        t = self.table
        shown = [name for name in SHOWN if t[name].notna().any()]
        scenarios, analyses = t["scenario"].nunique(), t["analysis"].nunique()
        worst = t[[f"{name}_mcse" for name in shown if f"{name}_mcse" in t]].max()
        errors = ", ".join(f"{str(name)[:-5].replace('_', ' ')} {plain(value)}" for name, value in worst.items())
        return [
            f"Simulation: {self.n} meta-analyses in each of {scenarios} scenario{'s' * (scenarios != 1)}, "
            f"{analyses} analys{'e' if analyses != 1 else 'i'}s of each, seed {self.seed}",
            listed(t[["scenario", "analysis", *shown]], plain),
            f"Largest Monte Carlo standard errors: {errors}",
        ]
