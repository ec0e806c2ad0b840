"""What compare_models returns: parametric models of the same patients beside each other, by trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from ....base.caution import Caution
from ....base.check import one_of
from ....base.digits import fixed
from ....base.html import listed
from ....base.result import Provenance, Result, Text
from ....errors import ConvergenceError, DataError, OptionError
from . import rcode
from .fitting import fitted
from .result import SurvivalModelResult
from .specification import Specification

NEAR = 2.0  # a difference of Akaike's criterion within which models fit about as well
SHOWN = ["model", "parameters", "loglik", "aic", "difference", "note"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ModelComparison(Result):
    """Parametric models of two arms, of one trial or of several, compared by Akaike's criterion.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    table
        DataFrame, one row a model, the best first: model, parameters, loglik, aic (both summed over trials), difference
        (from the least), note (why one has no numbers), and what it is: distribution (``spline`` of a spline), knots,
        scale.
    trial_aic
        DataFrame, one row a model, in the order of `table`, one column a trial: its criterion there, NaN without a fit.
        One column named "" where no trials were told apart.
    patients
        DataFrame, one row a patient: study (empty without trials), time, event, arm.
    n, events
        Patients and events.
    treatment, control, study, level, unit
        The arms; column of the trial or None; coverage of the intervals of the models; unit of time or None.
    """

    table: pd.DataFrame
    trial_aic: pd.DataFrame
    patients: pd.DataFrame
    n: int
    events: int
    treatment: str
    control: str
    study: str | None
    level: float
    unit: str | None
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("best", "aic", "n", "events")

    @property
    def k(self) -> int:
        """Number of trials."""
        return len(self.trials)

    @property
    def trials(self) -> tuple[str, ...]:
        """The trials, in the order of the table; one without a name where none were told apart."""
        return tuple(map(str, self.trial_aic.columns))

    @property
    def best(self) -> str:
        """The model with the least criterion."""
        return str(self.table["model"].iloc[0])

    @property
    def aic(self) -> float:
        """The least criterion."""
        return float(self.table["aic"].iloc[0])

    def fit(self, model: str | None = None, *, study: str | None = None) -> SurvivalModelResult:
        """Return one of the models, fitted to a trial.

        Parameters
        ----------
        model : str, optional
            As in the table; the best one when not given.
        study : str, optional
            The trial; needed where there are several.

        Returns
        -------
        SurvivalModelResult

        Raises
        ------
        OptionError
            When there is no such model or trial, or the trial is not said.
        ConvergenceError, DataError
            When it has no fit there.
        """
        row = self.table.set_index("model").loc[one_of("model", model or self.best, list(self.table["model"]))]
        if study is None and self.k > 1:
            raise OptionError(f"{self.k} trials were compared: say which by study=, one of {', '.join(self.trials)}.")
        name = self.trials[0] if study is None else one_of("study", study, self.trials)
        form = Specification(str(row["distribution"]), int(row["knots"]), str(row["scale"]))
        return fitted(self.patients[self.patients["study"] == name], form.form, form.verb, self.control, "time",
                      "event", "arm", self.level, self.unit, **form.settings)  # fmt: skip

    def fits(self, study: str, models: Sequence[str]) -> list[SurvivalModelResult]:
        """Return models of a trial, those left out that have no fit there."""
        found = []
        for model in models:
            try:
                found.append(self.fit(model, study=study))
            except (ConvergenceError, DataError):
                continue
        return found

    def leading(self, most: int) -> list[str]:
        """Return the best models, those without a criterion left out."""
        return [str(name) for name in self.table.loc[self.table["aic"].notna(), "model"].head(most)]

    def r_code(self) -> Text:
        """Return the R script, data inline, by which flexsurv fits and compares the models that have a fit."""
        fitted = self.table[self.table["aic"].notna()]
        kinds = fitted[["model", "distribution", "knots", "scale"]].itertuples(index=False)
        return Text(rcode.comparison(self.patients, (self.control, self.treatment), kinds))

    def _cautions(self) -> list[Caution]:
        near = int((self.table["difference"] < NEAR).sum()) - 1
        if not near:
            return []
        others = f"{near} other model{'s fit' if near > 1 else ' fits'}"
        return [Caution(
            text=f"{others} about as well as the best by Akaike's criterion",
            more="the criterion tells of the time that is observed; models that fit alike there can differ much beyond "
            "it, and intervals of one model do not hold its choice",
        )]  # fmt: skip

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a model; the estimate is Akaike's criterion."""
        return self.table.rename(columns={"model": "term", "aic": "estimate"}).assign(type="model")

    def _glance(self) -> list[dict[str, Any]]:
        return self._row(k=self.k)

    def _lines(self) -> list[str]:
        of = f" of {self.k} trials, one fit each" if self.study else ""
        shown = self.table[SHOWN]
        shown = shown if shown["note"].any() else shown.drop(columns="note")
        return [
            f"Models of {self.treatment} against {self.control}{of}: {self.n} patients, {self.events} events", "",
            listed(shown, fixed(1), blank="no fit"),
        ]  # fmt: skip
