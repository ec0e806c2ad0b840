"""What pool_flexible returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ....base.caution import Caution
from ....base.check import Floats
from ....base.digits import plain
from ....base.html import listed
from ....base.result import Text
from ....errors import OptionError
from ...numeric.time_to_event.fractional import transformed
from ...results.rtext import number, vector
from ..time_varying.result import TimeVaryingResult
from .stages import MODELS, Model

NEAR = 2.0  # a difference of AIC within which a choice fits about as well


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FlexibleResult(TimeVaryingResult):
    """Treatment effects of flexible models, pooled over trials; the fields of `TimeVaryingResult`, and these.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    model
        ``weibull``, ``fractional polynomial`` or ``royston-parmar``.
    chosen
        The power, or the number of inner knots; 0 of the Weibull model.
    choices
        DataFrame, one row a power or number of knots: choice, aic (summed over trials; NaN where a trial has no fit),
        difference (from the least).
    trial_aic
        DataFrame, one row a choice, one column a trial: AIC of each fit.
    baselines
        DataFrame, one row a trial and coefficient of its control arm in the chosen model: study, term, estimate, se.
        Of a fractional polynomial constant and slope of the log hazard; of the others as `parametric` and
        `royston_parmar` name them.
    width
        Of the cells of a fractional polynomial, in the unit of time.
    """

    model: str
    chosen: float
    choices: pd.DataFrame
    trial_aic: pd.DataFrame
    baselines: pd.DataFrame
    width: float
    _shown: ClassVar[tuple[str, ...]] = ("model", "chosen", "crossing", "crossing_low", "crossing_high")

    @property
    def record(self) -> Model:
        """The record of the model."""
        return MODELS[self.model]

    @property
    def ratio(self) -> str:
        """What the ratio is of."""
        return self.record.ratio

    @property
    def shape(self) -> str:
        """How its logarithm depends on time."""
        if self.model == "royston-parmar":
            return "linear in log time"
        return f"linear in {'log time' if self.chosen == 0 else f'time to the power {self.chosen:g}'}"

    @property
    def names(self) -> list[str]:
        """Names of the coefficients."""
        return list(self.record.coefficients)

    def hr_at(self, times: ArrayLike, *, level: float | None = None) -> pd.DataFrame:
        """Return the pooled ratio at times; of the Royston-Parmar model it is one of cumulative hazards.

        As `TimeVaryingResult.hr_at`.

        Raises
        ------
        OptionError
            Of the Weibull model, whose hazard ratio over time depends on the shape of the control arm.
        """
        if not self.ratio:
            raise OptionError(
                "the Weibull model's hazard ratio over time depends on the shape of the control arm; take "
                "model='fractional polynomial' or 'royston-parmar'."
            )
        return TimeVaryingResult.hr_at(self, times, level=level)

    def _basis(self, at: Floats) -> Floats:
        power = self.chosen if self.model == "fractional polynomial" else 0.0
        return np.stack([np.ones(len(at)), transformed(at, power)], 1)

    def grid(self) -> Floats:
        """Return times over the range of events, to draw or list the ratio at; none of the Weibull model."""
        return TimeVaryingResult.grid(self) if self.ratio else np.zeros(0)

    def r_code(self) -> Text:
        """Return the R script, data inline, by which metafor pools the trials' coefficients, and the ratio."""
        lines = [str(self.pool.r_code())]
        if self.ratio:
            power = self.chosen if self.model == "fractional polynomial" else 0.0
            lines += [
                f"at <- {vector(self.grid())}; x <- cbind(1, {'log(at)' if power == 0 else f'at^({number(power)})'})",
                f"z <- qnorm((1 + {number(self.level)}) / 2)",
                "value <- c(x %*% res$beta); se <- sqrt(rowSums((x %*% res$vb) * x))",
                "data.frame(time = at, ratio = exp(value), low = exp(value - z * se), high = exp(value + z * se))",
            ]
        return Text("\n".join(lines))

    def _cautions(self) -> list[Caution]:
        found = TimeVaryingResult._cautions(self)
        near = self.choices[(self.choices["difference"] < NEAR) & (self.choices["choice"] != self.chosen)]
        if len(near):
            found.append(Caution(
                text=f"other choices of {self.record.choice} fit about as well",
                more="the form was chosen on the same data, and intervals do not hold that choice; beyond the data "
                "forms that fit alike differ",
            ))  # fmt: skip
        return found

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return the coefficients (types ``study`` and ``summary``), and the ratio at times (type ``time``)."""
        return TimeVaryingResult._tidy(self, transform) if self.ratio else self.pool.tidy(transform=transform)

    def _glance(self) -> list[dict[str, Any]]:
        return TimeVaryingResult._glance(self)

    def _lines(self) -> list[str]:
        head = f"{self.record.label} model of each trial, {self.treatment} against {self.control}: {self.k} trials"
        lines = [head[:1].upper() + head[1:], ""]
        if self.record.choice:
            shown = self.choices.rename(columns={"choice": self.record.choice, "aic": "AIC, all trials"})
            lines += [listed(shown, plain, blank="no fit"), f"{self.record.choice} {self.chosen:g}", ""]
        if self.ratio:
            return [*lines, *TimeVaryingResult._lines(self)]
        pooled = zip(self.pool.outcomes, self.pool.estimate, self.pool.ci_low, self.pool.ci_high, strict=True)
        return [*lines, *("{}: {} ({} to {})".format(name, *plain.of(*x)) for name, *x in pooled)]
