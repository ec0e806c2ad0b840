"""plan: how many trials, patients and events show a pooled effect, or an interaction."""

from __future__ import annotations

import dataclasses
from typing import Any, NoReturn, TypeVar

import numpy as np
from scipy import special

from ...base.check import confidence_level, one_of
from ...base.messages.arguments import known_arguments
from ...base.numbers import number
from ...base.result import Provenance
from ...errors import OptionError
from . import power as closed_form
from .plan_result import PlanResult
from .simulate import check_number

T = TypeVar("T")
MEASURES = ("HR", "OR")
LEAST = {"HR": 1, "OR": 2}  # size of a trial
TESTS = ("t", "z")


@dataclasses.dataclass(frozen=True, slots=True)
class _Design:
    """What is given of a plan; the variance of a trial's log ratio is a constant over its size."""

    measure: str
    share: float | None
    allocation: float
    rate: float | None

    def constant(self, delta: float) -> float:
        """Return the variance times the size: events of hazard ratios, patients of odds ratios."""
        a, q = self.allocation, self.share
        if self.rate is None:
            return float(1 / (a * (1 - a)) / (1 if q is None else q * (1 - q)))
        base = special.logit(self.rate)
        level = self._of_odds(base, base + delta)
        return level if q is None else level / q + self._of_odds(base, base) / (1 - q)

    def _of_odds(self, control: float, treatment: float) -> float:
        p, r = special.expit([control, treatment])
        return float(1 / ((1 - self.allocation) * p * (1 - p)) + 1 / (self.allocation * r * (1 - r)))


@known_arguments
def plan(
    measure: str = "HR",
    *,
    ratio: float | None = None,
    k: int | None = None,
    events: int | None = None,
    patients: int | None = None,
    power: float | None = None,
    tau: float = 0.0,
    share: float | None = None,
    allocation: float = 0.5,
    rate: float | None = None,
    event_share: float | None = None,
    test: str = "t",
    level: float = 0.95,
) -> PlanResult:
    r"""Plan a meta-analysis of k trials of one size: of effect, trials, size and power, the one that is not given.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    The log ratio of a trial of e events has the variance 4/e in arms of one size, an interaction within it, of a
    subgroup with the share q of the events, 4/(e q (1 - q)):

    .. math:: \lambda = |\log ratio| / \sqrt{(v + \tau^2) / k}, \quad v = \frac{1}{e\, a (1 - a)} \;
              \text{or} \; \frac{1}{e\, a (1 - a)\, q (1 - q)}

    Power is that of t with k - 1 degrees of freedom and non-centrality :math:`\lambda`, as the Hartung-Knapp interval
    has it of trials of one size, or of the normal test.

    Parameters
    ----------
    measure : {"HR", "OR"}
        Hazard ratios, planned by events, or odds ratios of response, planned by patients.
    ratio : float, optional
        Ratio to be detected: of the pool or, with `share`, of the second level's ratio to the first level's.
    k : int, optional
        Trials.
    events, patients : int, optional
        Events of a trial (HR), patients of a trial, both arms (OR).
    power : float, optional
        Probability that the test rejects, such as 0.8.
    tau : float, default 0
        Standard deviation of the log ratio (of the interaction, with `share`) between trials.
    share : float, optional
        Share of the second level, such as of patients with mutant KRAS, in each trial: then an interaction within
        trials is planned.
    allocation : float, default 0.5
        Share of the patients in the treatment arm; odds ratios are planned in arms of one size.
    rate : float, optional
        Of odds ratios: response rate of control. An interaction is planned with no effect in the first level.
    event_share : float, optional
        Of hazard ratios: share of patients who have the event, by which patients are told.
    test : {"t", "z"}
        Hartung-Knapp's test, or the normal one, which takes variances as known.
    level : float, default 0.95
        1 less the size of the test, which is two-sided.

    Returns
    -------
    PlanResult
        Trials, size, patients and power. A hazard ratio that was looked for is below 1, and its inverse is detected
        alike; an odds ratio is above 1.

    Raises
    ------
    OptionError
        Not exactly one of ratio, k, size and power to look for; a number outside its range; a power that no size
        reaches, as trials differ, with the number of trials that do.

    References
    ----------
    Hedges and Pigott 2001, of the normal test (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> mo.plan(ratio=0.8, events=150, power=0.8, tau=0.1).k
    8
    >>> round(mo.plan(ratio=0.7, k=6, events=300, share=0.4).power, 3)  # an interaction with KRAS
    0.839
    """
    one_of("measure", measure, MEASURES)
    one_of("test", test, TESTS)
    confidence_level(level)
    size = _size(measure, events, patients, rate, event_share, allocation)
    _check(ratio, k, size, power, tau, share, allocation, test)
    design = _Design(measure, share, float(allocation), None if measure == "HR" else float(rate or 0.0))
    found = _found(design, ratio, k, size, power, float(tau), test == "t", level)
    settings = {"measure": measure, "tau": tau, "share": share, "allocation": allocation, "rate": rate,
                "event_share": event_share, "test": test, "level": level,
                "looked_for": next(name for name, x in _four(ratio, k, size, power).items() if x is None)}  # fmt: skip
    return PlanResult(
        **found, measure=measure, tau=float(tau), share=share, allocation=float(allocation), rate=rate,
        event_share=event_share, test=test, level=float(level),
        provenance=Provenance(verb="plan", settings=settings, rows_in=found["k"], rows_used=found["k"]),
    )  # fmt: skip


def _four(ratio: float | None, k: int | None, size: int | None, power: float | None) -> dict[str, float | None]:
    return {"ratio": ratio, "k": k, "size": size, "power": power}


def _size(
    measure: str, events: int | None, patients: int | None, rate: float | None, event_share: float | None,
    allocation: float,
) -> int | None:  # fmt: skip
    """Return the size of a trial in the unit of the measure, and refuse options of the other one."""
    wrong = {"patients": patients, "rate": rate} if measure == "HR" else {"events": events, "event_share": event_share}
    for name, value in wrong.items():
        if value is not None:
            fix = "events= and event_share=" if measure == "HR" else "patients= and rate="
            raise OptionError(f"{name}={value!r} is of no use with measure={measure!r}: give {fix}.")
    if measure == "OR":
        _inside("rate", rate)
        if allocation != 0.5:
            raise OptionError(f"allocation={allocation!r}: odds ratios are planned in arms of one size; leave it out.")
    elif event_share is not None and event_share != 1:
        _inside("event_share", event_share)
    name, size = ("events", events) if measure == "HR" else ("patients", patients)
    if size is not None:
        check_number(size, name)
        if size < LEAST[measure]:
            raise OptionError(f"{name}={size!r}: a trial of two arms has {LEAST[measure]} patients or more.")
    return size


def _inside(name: str, value: float | None) -> None:
    if value is None or not 0 < number(value, name) < 1:
        raise OptionError(f"{name}={value!r} must be a proportion between 0 and 1.")


def _check(
    ratio: float | None, k: int | None, size: int | None, power: float | None, tau: float, share: float | None,
    allocation: float, test: str,
) -> None:  # fmt: skip
    lacking = [name for name, x in _four(ratio, k, size, power).items() if x is None]
    if len(lacking) != 1:
        raise OptionError(
            "of ratio, k, size (events of hazard ratios, patients of odds ratios) and power give three: the fourth is "
            f"looked for. {'All are given' if not lacking else 'Lacking: ' + ', '.join(lacking)}."
        )
    if ratio is not None and (number(ratio, "ratio") <= 0 or ratio == 1):
        raise OptionError(f"ratio={ratio!r} must be above 0 and not 1, which is no effect.")
    if k is not None:
        check_number(k, "k")
        if k < 2 and test == "t":
            raise OptionError("one trial has no test by t: give k from 2, or test='z'.")
    for name, value in (("power", power), ("share", share)):
        if value is not None:
            _inside(name, value)
    _inside("allocation", allocation)
    if number(tau, "tau") < 0:
        raise OptionError(f"tau={tau!r} is a standard deviation: give it from 0.")


def _found(
    design: _Design, ratio: float | None, k: int | None, size: int | None, wanted: float | None, tau: float,
    is_t: bool, level: float,
) -> dict[str, Any]:  # fmt: skip
    """Return ratio, k, size and power, the one that lacked with them."""

    def reached(delta: float, trials: int, of_size: float) -> float:
        return closed_form.power(delta, design.constant(delta) / of_size + tau**2, trials, level, is_t)

    if ratio is None:
        of = _given(k), _given(size)
        way = 1 if design.measure == "OR" else -1
        delta = way * closed_form.detectable(lambda x: reached(way * x, *of), _given(wanted))
        if np.isnan(delta):
            raise OptionError(f"no ratio is detected with a power of {wanted:g}: give more trials, or larger ones.")
        ratio = float(np.exp(delta))
    delta = float(np.log(ratio))
    if k is None:
        each, least = _given(size), _given(wanted)
        k = closed_form.smallest(lambda trials: reached(delta, trials, each) >= least, 2 if is_t else 1)
        if k is None:
            raise OptionError(f"no number of trials up to {closed_form.LARGEST:g} reaches a power of {wanted:g}.")
    if size is None:
        trials, least = k, _given(wanted)
        size = closed_form.smallest(lambda of: reached(delta, trials, of) >= least, LEAST[design.measure])
        if size is None:
            _refuse_size(delta, k, least, tau, is_t, level)
    return {"ratio": float(ratio), "k": int(k), "size": int(size), "power": reached(delta, k, size)}


def _given(value: T | None) -> T:
    """Return what is not None, as the checks have seen."""
    assert value is not None
    return value


def _refuse_size(delta: float, k: int, wanted: float, tau: float, is_t: bool, level: float) -> NoReturn:
    """Say that trials differ so much that their size does not help, and how many would."""
    most = closed_form.power(delta, tau**2, k, level, is_t) if tau else 1.0
    least = closed_form.smallest(
        lambda trials: closed_form.power(delta, tau**2, trials, level, is_t) > wanted, 2 if is_t else 1
    )  # fmt: skip
    raise OptionError(
        f"no size of {k} trials reaches a power of {wanted:g}: with tau={tau:g} between them it stays below "
        f"{most:.3g}, however large they are. Give k={least} or more."
    )
