"""ipd_interaction: how the treatment's effect changes with a covariate, within trials and across them apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.check import confidence_level, labels_of, one_of
from ....base.columns import limits
from ....base.digits import finer, in_percent, p_said, plain
from ....base.html import listed
from ....base.messages.arguments import known_arguments
from ....base.numbers import numbers
from ....base.result import Provenance, Result, Text
from ....errors import DataError
from ...numeric.distributions import critical
from ...results.inside import NotOfEffects
from ...survival.cox.partial_likelihood import TIES
from ...survival.ensembles.combine import Combined
from . import rcode, sets
from .centred import ACROSS, Estimated
from .centred import estimated as estimated_of
from .evidence import read_trials
from .rows import coded, refuse_labels, without_each


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class IpdInteraction(NotOfEffects, Result):
    """How the log hazard ratio changes with one unit of a covariate.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    table
        One row a coefficient: term, estimate, se, statistic, p_value, ci_low, ci_high. ``within trials`` is the
        interaction; ``across trials`` compares trials by their means; ``not centred``, with one effect of the covariate
        in all trials, mixes both and is for comparison.
    estimate, se, ci_low, ci_high, p_value
        Of the interaction within trials: log ratio of hazard ratios.
    by, reference, compared, treatment, control, level, ties
        The covariate, and of labels those that are 0 and 1; the arms compared; the others as they were asked for.
    k, informative, n, events
        Trials, those in which the covariate differs between patients, patients and events.
    trials
        One row a trial: study, n, events; estimate and se of the interaction in its own Cox model, NaN where the
        covariate does not differ in it or the ratio is 0 or infinite.
    patients
        study, time, event, arm (1 treatment), by; of several sets ``draw``, the set.
    sets
        Of plausible sets of patients, what Rubin's rules made of the interaction within trials; None of one set. Limits
        are then Student's t, and events means over the sets.
    """

    table: pd.DataFrame
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    p_value: float
    by: str
    reference: str
    compared: str
    k: int
    informative: int
    n: int
    events: float
    level: float
    ties: str
    treatment: str
    control: str
    trials: pd.DataFrame
    patients: pd.DataFrame
    sets: Combined | None
    provenance: Provenance
    refit_way: ClassVar[str] = "its own leave_one_out() leaves out each trial"
    method: ClassVar[str] = "stratified Cox, centred within trials"
    _shown: ClassVar[tuple[str, ...]] = ("n", "events", "informative")

    @property
    def ci(self) -> str:
        """Type of the interval."""
        return "wald" if self.sets is None else "t"

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of all coefficients at another level; ratios of hazard ratios when `transform`."""
        level = self.level if level is None else confidence_level(level)
        df = np.full(len(self.table), np.inf) if self.sets is None else self.table["df"].to_numpy()
        half = np.array([float(critical(level, x)) for x in df]) * self.table["se"].to_numpy()
        ends = (self.table["estimate"].to_numpy() + x for x in (-half, half))
        return limits((np.exp(x) if transform else x for x in ends), pd.Index(self.table["term"], name="term"))

    def leave_one_out(self) -> pd.DataFrame:
        """Return the interaction within trials without each trial in turn: left_out, estimate, se, reason.

        Estimates are log ratios of hazard ratios; reason says why there is none, such as that the covariate differs in
        no other trial.

        Raises
        ------
        DataError
            When there is one trial only.
        """
        if self.sets is not None:
            return sets.left_out_of([one.leave_one_out() for one in sets.one_by_one(self)], self.level)
        return pd.DataFrame(without_each(self.trials["study"].tolist(), 1, lambda name: _without(self, name)))

    def r_code(self) -> Text:
        """Return the R script, data inline, by which coxph arrives at this result.

        Of several sets of patients it combines their estimates; the patients are not in it.
        """
        if self.sets is not None:
            return sets.r_code(self.sets, "log ratios of hazard ratios within trials")
        return Text(rcode.interaction(self.patients, ties=self.ties, level=self.level,
                                      arms=(self.treatment, self.control)))  # fmt: skip

    def _tidy(self, transform: bool) -> pd.DataFrame:
        rows = self.table.assign(type="coefficient", interval=self.ci)
        if transform:
            rows[["estimate", "ci_low", "ci_high"]] = np.exp(rows[["estimate", "ci_low", "ci_high"]])
            rows["se"] = np.nan
        return rows

    def _glance(self) -> list[dict[str, Any]]:
        return self._row()

    def _cautions(self) -> list[Caution]:
        if ACROSS not in set(self.table["term"]):
            return []
        return [Caution(text="the coefficient across trials compares trials, not patients",
                        more="it may be confounded by whatever else differs between them")]  # fmt: skip

    def _lines(self) -> list[str]:
        ratio, low, high = plain.of(*np.exp([self.estimate, self.ci_low, self.ci_high]))
        unit = f"{self.by}={self.compared} to {self.reference}" if self.compared else f"one unit of {self.by}"
        return [
            f"{self.treatment} against {self.control} by {self.by}: {_several(self.k)} ({self.informative} in which it "
            f"differs), {self.n} patients, {sets.count(self.events)} events",
            f"Ratio of hazard ratios within trials, {unit}: {ratio} ({in_percent(self.level)} % interval {low} to "
            f"{high}), {p_said(self.p_value, ' =')}",
            "",
            "Coefficients: log ratios of hazard ratios; of treatment the log hazard ratio",
            listed(self.table, finer),
            *([] if self.sets is None else [sets.in_words(self.sets)]),
        ]


@known_arguments
def ipd_interaction(
    patients: Any,
    *,
    by: str,
    control: Any = None,
    contrast: tuple[Any, Any] | None = None,
    study: str | None = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    draw: str | None = None,
    ties: str = "efron",
    level: float = 0.95,
) -> IpdInteraction:
    r"""Estimate by the patients of trials how the treatment's effect changes with a covariate, within trials.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    .. math:: h_{ij}(t) = h_{0i}(t) \exp\{\beta x + \gamma_i z + \gamma_W x (z - \bar z_i) + \gamma_A x \bar z_i\}

    Cox's model, stratified by trial and with the covariate's own effect apart in each. Centring about the trials' means
    keeps the comparison of trials, which may be confounded, out of the interaction (Riley and others).

    Parameters
    ----------
    patients : dataframe
        As of `pool_ipd`.
    by : str
        Column of the covariate: numbers, or two labels with `contrast`.
    control : label, optional
        As of `pool_ipd`.
    contrast : (label, label), optional
        The labels that are 1 and 0, such as ``("mut", "wt")``.
    study : str, optional
        As of `pool_ipd`.
    time, event, arm : str
        As of `pool_ipd`.
    draw : str, optional
        As of `pool_ipd`.
    ties : str, default "efron"
        As of `pool_ipd`.
    level : float, default 0.95
        As of `pool_ipd`.

    Returns
    -------
    IpdInteraction
        The change of the log hazard ratio with the covariate, within trials, with its interval.

    Raises
    ------
    ColumnError, OptionError, DataError
        As `pool_ipd`; a covariate that is missing, no number, or that differs in no trial.
    ConvergenceError
        When a coefficient is infinite, as where a level has no events in an arm.

    References
    ----------
    Fisher et al. 2017, BMJ 356:j573 (not read). Numbers are those of R's coxph.

    Examples
    --------
    >>> import numpy as np
    >>> import metaonc as mo
    >>> rng = np.random.default_rng(2)
    >>> study, arm, kras = np.repeat(list("ABC"), 80), np.tile([0, 1], 120), rng.integers(0, 2, 240)
    >>> time = rng.exponential(10 * np.exp(0.5 * arm * (1 - kras)))
    >>> d = {"study": study, "time": time, "event": np.ones(240), "arm": arm, "kras": kras}
    >>> r = mo.survival.ipd_interaction(d, by="kras", control=0)
    >>> r.informative, r.estimate > 0
    (3, True)
    """
    level = confidence_level(level)
    ties = one_of("ties", ties, TIES)
    if draw is not None:
        same: dict[str, Any] = {"by": by, "control": control, "contrast": contrast, "study": study, "time": time,
                                "event": event, "arm": arm, "ties": ties, "level": level}  # fmt: skip
        read = {"time": time, "event": event, "by": arm}
        return _of_sets(sets.results_of(patients, draw, read, lambda one: ipd_interaction(one, **same)), draw)
    found = read_trials(patients, study=study, time=time, event=event, arm=arm, control=control, ties=ties, extra=by)
    p, (reference, compared) = found.patients(), ("", "")
    if contrast is None:
        refuse_labels(p["by"], by)
        labels = labels_of(p["study"].tolist(), range(len(p)))
        z = numbers(p["by"], by, labels)
    else:
        z, reference, compared = coded(p["by"], by, contrast)
    if not np.isfinite(z).all():
        row = int(np.argmax(~np.isfinite(z)))
        raise DataError(f"{by} is infinite of a patient of trial {p['study'].iloc[row]!r}; correct it, or "
                        "leave the patient out.")  # fmt: skip
    estimated = estimated_of(p, z, by, ties, level)
    table, own = estimated.table, estimated.table.iloc[0]
    settings = {"study": found.study, "time": time, "event": event, "arm": arm, "control": found.control, "by": by,
                "contrast": list(map(str, contrast or ())), "ties": ties, "level": level}  # fmt: skip
    return IpdInteraction(
        table=table, **{name: float(own[name]) for name in ("estimate", "se", "ci_low", "ci_high", "p_value")}, by=by,
        reference=reference, compared=compared, k=len(found.trials), informative=estimated.informative, n=len(p),
        events=float(p["event"].sum()), level=level, ties=ties, treatment=found.treatment, control=found.control,
        trials=_trials(p, estimated), patients=p.assign(by=z), sets=None,
        provenance=Provenance(verb="survival.ipd_interaction", settings=settings, rows_in=found.rows_in,
                              rows_used=len(p), dropped=found.dropped, notes=found.notes,
                              cautions=found.doubts(times=False)),
    )  # fmt: skip


def _of_sets(results: list[IpdInteraction], draw: str) -> IpdInteraction:
    """Return the interactions of sets of patients as one."""
    r, tables = results[0], [one.table.set_index("term") for one in results]
    if any(set(t.index) != set(tables[0].index) for t in tables):
        raise DataError(f"{r.by!r} has the same mean in all trials of some sets, and not of others: its coefficients "
                        "are not the same, and cannot be combined.")  # fmt: skip
    each = [sets.rubin([t.loc[term] for t in tables], r.level) for term in r.table["term"]]
    table = pd.DataFrame([{"term": term, **sets.told(c)}
                          for term, c in zip(r.table["term"], each, strict=True)])  # fmt: skip
    values: dict[str, Any] = {name: float(table[name].iloc[0])
                              for name in ("estimate", "se", "ci_low", "ci_high", "p_value")}  # fmt: skip
    return replace(
        r, table=table, **values,
        events=float(np.mean([one.events for one in results])), sets=each[0],
        informative=min(one.informative for one in results), patients=sets.patients_of(results),
        trials=sets.combined_rows([one.trials for one in results], "study", r.level),
        provenance=sets.provenance_of(results, draw),
    )  # fmt: skip


def _several(k: int) -> str:
    return f"{k} trial{'s' * (k != 1)}"


def _without(r: IpdInteraction, name: str) -> dict[str, float]:
    p = r.patients[r.patients["study"] != name]
    row = estimated_of(p, p["by"].to_numpy(), r.by, r.ties, r.level).table.iloc[0]
    return {"estimate": float(row["estimate"]), "se": float(row["se"])}


def _trials(p: pd.DataFrame, estimated: Estimated) -> pd.DataFrame:
    found = p.groupby("study", sort=False).agg(n=("event", "size"), events=("event", "sum")).reset_index()
    return pd.concat([found.astype({"events": int}), pd.DataFrame(estimated.own, columns=["estimate", "se"])], axis=1)
