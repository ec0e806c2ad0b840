"""What pooling returns: the estimate, how much trials differ, and how it was made."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...base.caution import Caution
from ...base.check import confidence_level
from ...base.digits import NO_ERROR
from ...base.result import Provenance, Result, Text
from ...errors import DataError
from ..effects.measures import MEASURES, Measure
from ..methods.intervals import PREDICTION_METHODS
from ..methods.tau2 import is_common
from ..numeric.distributions import critical
from ..numeric.wls import Floats
from . import cautions, doubts, repeats, study_rows
from .back_transform import caution_of, sizes_of
from .model_facts import ModelFacts
from .studies import Studies


class Compared(NamedTuple):
    """What subgroups pooled alike are compared by: an effect and a variance a row, (k,), and their model.

    `method` is a code in ``TAU2_METHODS``; `tau2` a variance between trials that is known, else None.
    """

    yi: Floats
    vi: Floats
    method: str
    tau2: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PooledResult(Result):
    """A pooled effect, on the scale of analysis.

    Attributes
    ----------
    estimate, se, ci_low, ci_high
        Pooled effect, its standard error and confidence limits at `level`.
    statistic, df, p_value
        Test of no effect: z (df infinite) or t. Of one arm's proportion on the logit scale it tests 50 %. NaN where
        effects are equal but for rounding, so that a standard error by their scatter is 0.
    tau2
        Variance between trials; NaN where one trial cannot show it.
    prediction_low, prediction_high
        Prediction interval for the effect in a new trial; NaN where there is none. Of equal effects both are the
        estimate, as in R: it has no width and is not printed.
    k
        Number of rows pooled.
    level
        Of both intervals.
    measure
        Code in ``MEASURES``.
    method, ci, prediction
        Codes of the model, the confidence and the prediction interval.
    weights
        Percent, (k,).
    studies
        The trials.
    """

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    statistic: float
    df: float
    p_value: float
    tau2: float
    prediction_low: float
    prediction_high: float
    k: int
    level: float
    measure: str
    method: str
    ci: str
    prediction: str | None
    weights: Floats
    studies: Studies
    provenance: Provenance
    model_facts: ClassVar[ModelFacts] = ModelFacts()

    @property
    def record(self) -> Measure:
        """The record of the measure: labels, back-transform, axis."""
        return MEASURES[self.measure]

    @property
    def trials(self) -> int:
        """Number of trials by their labels; a trial may give several rows, such as its subgroups."""
        return len(set(self.studies.labels))

    @property
    def row_units(self) -> tuple[str, ...]:
        """The trial that each row is of; rows of one trial may depend on each other."""
        return self.studies.labels

    @property
    def is_common(self) -> bool:
        """Whether the effect is taken as common to all trials."""
        return self.model_facts.common_effect or is_common(self.method)

    @property
    def is_single(self) -> bool:
        """Whether the result shows one trial as it is."""
        return self.k == 1 and not self.model_facts.adds_to_one_trial

    @property
    def own(self) -> tuple[float, float, float, str]:
        """Estimate, limits and kind of interval of a single trial on the natural scale: as it was reported if it was.

        Raises
        ------
        DataError
            When the measure has no back-transform without sample sizes.
        """
        row = self.study_table(transform=True).iloc[0]
        return float(row["estimate"]), float(row["ci_low"]), float(row["ci_high"]), str(row["interval"])

    @property
    def is_shown(self) -> bool:
        """Whether the pool is a line of its own below the trials: of two trials or more, or where it adds to one."""
        return self.trials > 1 or (self.k == 1 and not self.is_single)

    @property
    def is_certain(self) -> bool:
        """Whether its standard error is 0, since effects are equal but for rounding: nothing is tested by it."""
        return bool(self.se == 0)

    @property
    def predicts(self) -> bool:
        """Whether it has a prediction interval; one without width, as of equal effects, is none."""
        return bool(self.prediction_low < self.prediction_high)

    @property
    def lacks_width(self) -> bool:
        """Whether its prediction interval is the estimate, so that none is shown."""
        return bool(self.prediction_low == self.prediction_high)

    @property
    def compared(self) -> Compared | None:
        """What an F test between such pools takes; None where chi-square is the test, or there is none."""
        return None

    @property
    def weight_label(self) -> str:
        """What `weights` are shares of."""
        return "weight"

    @property
    def has_natural(self) -> bool:
        """Whether effects have a way back to the natural scale: Freeman-Tukey ones have none without sample sizes."""
        return self.record.inverse_needs is None or sizes_of(self.record, self.studies) is not None

    def natural(self, x: Any) -> Any:
        """Return values of the analysis scale on the natural scale, such as a log odds ratio as an odds ratio.

        Freeman-Tukey transforms have no single back-transform: it is made with the harmonic mean of the sample sizes
        (person-times of rates), and can mislead where they differ (Schwarzer et al. 2019, Research Synthesis Methods
        10:476).

        Raises
        ------
        DataError
            When such a transform is to be undone and the sample sizes are not known.
        """
        if self.record.inverse_needs is None:
            return self.record.inverse(x)
        sizes = sizes_of(self.record, self.studies)
        if sizes is None:
            raise DataError(
                f"measure {self.measure!r} has no back-transform without sample sizes; use PLO, of rates IRLN."
            )
        return self.record.inverse(x, 1 / np.mean(1 / sizes))

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> tuple[float, float]:
        """Return the confidence limits at another level, by the same method.

        On the natural scale one trial that nothing was pooled with has its own, as it was reported where it was.
        """
        if transform and self.is_single and level in (None, self.level):
            _, low, high, _ = self.own
            return low, high
        low, high = self._limits(self.level if level is None else confidence_level(level))
        return (float(self.natural(low)), float(self.natural(high))) if transform else (low, high)

    def _limits(self, level: float) -> tuple[float, float]:
        """Return the limits on the analysis scale: estimate -+ factor * se, unless a result has its own."""
        half = float(critical(level, self.df)) * self.se
        return self.estimate - half, self.estimate + half

    def study_table(self, *, transform: bool = False, interval: str = "exact") -> pd.DataFrame:
        """Return each trial: estimate, limits at the result's level, weight in percent, and the kind of interval.

        On the natural scale a proportion whose counts are known has the interval named by `interval`, and an effect
        that was reported with an interval of this level keeps it (``reported``); all else is Wald's interval of the
        analysis scale, transformed (``wald``).

        Parameters
        ----------
        transform : bool
            Whether to return the natural scale.
        interval : {"exact", "wilson", "agresti-coull", "jeffreys"}
            Of proportions, on the natural scale; see ``proportion_interval``.

        Raises
        ------
        OptionError
            When `interval` does not exist, or another than the default is asked for where it has no use.
        """
        return study_rows.table(self, transform, interval)

    @abstractmethod
    def refit(self, rows: NDArray[np.bool_]) -> PooledResult:
        """Return the pool of these of its rows (k,) by the same model and options.

        Raises
        ------
        MetaoncError
            What the pooling function raises where they cannot be pooled.
        """

    def estimates(self, level: float | None = None) -> pd.DataFrame:
        """Return the pooled effect with its interval, tau², Q and I², one row; NaN where the model has none."""
        own, (low, high) = self._glance()[0], self.confidence_interval(level)
        row = {"estimate": self.estimate, "se": self.se, "df": self.df, "ci_low": low, "ci_high": high}
        row |= {name: own.get(name, np.nan) for name in ("tau2", "q", "i2")}
        if self.model_facts.common_effect:  # there is none between trials
            row["tau2"] = np.nan
        return pd.DataFrame([{**row, "interval": self.ci}])

    @abstractmethod
    def r_code(self) -> Text:
        """Return the R script, data inline, by which metafor arrives at this result."""

    @property
    def r_estimate(self) -> str:
        """R expression of the estimate and its standard error, once ``r_code`` has run."""
        return "c(res$beta, res$se)"

    @property
    def tested(self) -> bool:
        """Whether its test of no effect says anything: nobody asks whether a rate is 50 %."""
        return self.record.null is not None

    def _cautions(self) -> list[Caution]:
        found = self._of_corrections()
        found += cautions.assumed(self.measure, self.studies.data, self.studies.labels)
        found += doubts.of_studies(self.measure, self.studies)
        found += caution_of(self.record, self.studies, self.estimate, (self.ci_low, self.ci_high))
        if self.is_certain and not self.model_facts.inverse_variance:
            found.append(Caution(text=cautions.NO_WIDTH.format(interval="confidence", why=NO_ERROR)))
        method = PREDICTION_METHODS.get(self.prediction or "")
        if self.tau2 == 0 and self.predicts and method is not None and method.own_limits is None:
            found.append(Caution(text=cautions.FLAT, more=cautions.SO_FLAT, of_prediction=True))
        return found

    def _of_corrections(self) -> list[Caution]:
        return cautions.corrected(len(self.provenance.corrected), self.k, self.record)

    def _advice(self) -> list[str]:
        return repeats.advice(self.studies, self.provenance.cautions)

    def _glance(self) -> list[dict[str, Any]]:
        return self._row(p_value=self.p_value if self.tested else np.nan)

    def _weight_of_all(self) -> float:
        """Return what the weights of the trials make together, in percent."""
        return 100.0

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a trial and one for the pooled effect (type ``study`` or ``summary``)."""
        rows = self.study_table(transform=transform)
        pooled = {name: getattr(self, name) for name in ("estimate", "ci_low", "ci_high")} | {"interval": self.ci}
        if transform and self.is_single:  # the trial as it is
            pooled = dict(zip(pooled, self.own, strict=True))
        elif transform:
            pooled |= {name: float(self.natural(pooled[name])) for name in ("estimate", "ci_low", "ci_high")}
        studies, none = len(rows), np.full(len(rows), np.nan)
        # On the natural scale a standard error means nothing; it stays that of the analysis scale only.
        se, of_all = (none, np.nan) if transform else (np.sqrt(self.studies.vi), self.se)
        tests = {name: getattr(self, name) if self.tested else np.nan for name in ("statistic", "p_value")}
        return pd.DataFrame(
            {"term": [*rows["study"], "overall"], "type": [*["study"] * studies, "summary"]}
            | {name: [*rows[name], value] for name, value in {**pooled, "weight": self._weight_of_all()}.items()}
            | {"se": [*se, of_all]}
            | {name: [*none, value] for name, value in tests.items()}
        )
