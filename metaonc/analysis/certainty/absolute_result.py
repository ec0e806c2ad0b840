"""What absolute_effect returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ...base.caution import Caution, named
from ...base.digits import in_percent, plain
from ...base.html import listed
from ...base.result import Provenance, TableResult, Text
from ..results.pooled import PooledResult
from .question import widest
from .risks import CONVERSIONS, needed_said, within

PER = 1000.0
SHOWN = ("control", "treatment", "difference", "difference_low", "difference_high")
CUT = (
    "a share cannot exceed 100 %, or be below 0: it was cut there, so that the relative effect does not fit this "
    "baseline"
)
KNOWN = "the baseline is taken as known: its uncertainty is not in the interval"
CONSTANT = "the hazard ratio is taken as constant up to that time"
WIDER = ", at the estimate of the baseline,"
APART = "baseline and relative effect are taken as independent"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class AbsoluteEffect(TableResult):
    """A relative effect in absolute terms.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    table
        One row a baseline: baseline (its name), control, treatment, treatment_low, treatment_high, difference,
        difference_low, difference_high (people per 1,000), and cut, whether a share was cut at 0 or 1.
    counts
        What is counted: people with the ``event``, or ``event-free`` ones.
    favourable
        Whether the event is good for people.
    event
        What it is called; empty where nobody said.
    at
        The time, of hazard ratios.
    drawn
        Whether the interval holds the uncertainty of the baseline.
    control
        The pool that is the baseline; None of numbers.
    whole
        The pool.
    provenance
        That of the pool.
    """

    table: pd.DataFrame
    counts: str
    favourable: bool
    event: str
    at: str
    drawn: bool
    control: Any
    whole: PooledResult
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("counts", "favourable", "at", "drawn")

    @property
    def sign(self) -> float:
        """1 where more of what is counted is better for people, -1 where it is worse."""
        return 1.0 if self.favourable != (self.counts == "event-free") else -1.0

    @property
    def needed(self) -> list[str]:
        """The number needed to treat for one to be better (NNTB) or worse off (NNTH), with its interval."""
        said = []
        for row in self.table.to_dict("records"):
            ends = sorted(self.sign * row[name] / PER for name in ("difference_low", "difference_high"))
            said.append(needed_said(self.sign * row["difference"] / PER, *ends))
        return said

    @property
    def counted(self) -> str:
        """What is counted, in words."""
        event = self.event or "the event"
        if self.counts == "event":
            return f"people with {event}"
        return f"people without {event} at {self.at}"

    def differences(self) -> list[str]:
        """Return each difference in words, such as ``24 fewer per 1,000 (60 fewer to 15 more)``."""
        return [
            f"{_more(row['difference'])} per 1,000 ({_more(row['difference_low'])} to {_more(row['difference_high'])})"
            for row in self.table.to_dict("records")
        ]

    def _names(self) -> list[str]:
        return [str(name) or "baseline" for name in self.table["baseline"]]

    def _cautions(self) -> list[Caution]:
        found = [*self.whole.cautions, *self._wider()]
        if self.control is not None:
            found += named("the baseline", self.control.cautions)
        if self.counts == "event-free":
            found.append(Caution(text=CONSTANT))
        found.append(Caution(text=APART if self.drawn else KNOWN))
        if self.table["cut"].any():
            found.append(
                Caution(text=CUT, of=", ".join(n for n, c in zip(self._names(), self["cut"], strict=True) if c))
            )
        return found

    def _wider(self) -> list[Caution]:
        """Return the differences by the wider interval that stands beside that of the pool."""
        low, high, beside = widest(self.whole)
        if not beside:
            return []
        said = []
        for row in self.table.to_dict("records"):
            share = row["control"] / PER
            treated = within(CONVERSIONS[self.whole.measure].convert(share, np.array([low, high])))
            ends = np.sort(treated - share)
            needed = needed_said(self.sign * row["difference"] / PER, *np.sort(self.sign * ends))
            said.append(f"{_more(PER * ends[0])} to {_more(PER * ends[1])} per 1,000; {needed}")
        text = f"by the wider {' and '.join(beside)}{WIDER * self.drawn} the difference is"
        several = len(said) > 1
        parts = [f"{name}: {one}" if several else one for name, one in zip(self._names(), said, strict=True)]
        return [Caution(text=f"{text} {'; '.join(parts)}", numeric=True)]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a baseline: the difference per 1,000, which has one scale."""
        t = self.table
        columns = {name: t[name] for name in ("control", "treatment", "treatment_low", "treatment_high")}
        ends = {"ci_low": t["difference_low"], "ci_high": t["difference_high"]}
        own = {"term": self._names(), "type": "absolute effect", "estimate": t["difference"], **ends}
        return pd.DataFrame({**own, **columns, "needed": self.needed})

    def _glance(self) -> list[dict[str, Any]]:
        own = {name: getattr(self.whole, name) for name in ("k", "method", "ci", "level", "measure")}
        return self._row(**own)

    def r_code(self) -> Text:
        """Return the R script of the pool, and the formula; a pool as baseline is not drawn, its estimate is taken."""
        r = self.whole
        shares = ", ".join(repr(x / PER) for x in self.table["control"])
        note = "\n# the intervals of metaonc hold the uncertainty of p0 too, by draws" if self.drawn else ""
        ends = ", ".join(repr(float(x)) for x in (r.estimate, r.ci_low, r.ci_high))
        return Text(
            f"{r.r_code()}\ntheta <- c({ends})  # pooled effect and its limits{note}\n"
            f"for (p0 in c({shares})) {{\n  p1 <- {CONVERSIONS[r.measure].formula}\n"
            "  print(1000 * c(control = p0, treatment = p1[1], difference = p1 - p0), digits = 8)\n}"
        )

    def _lines(self) -> list[str]:
        r = self.whole
        estimate, low, high = plain.of(*(float(r.natural(x)) for x in (r.estimate, r.ci_low, r.ci_high)))
        t = self.table[["baseline", *SHOWN]].copy()
        t[list(SHOWN)] = t[list(SHOWN)].round().astype(int)
        heads = {"baseline": "", "difference_low": "low", "difference_high": "high"}
        names = self._names()
        several = len(names) > 1
        return [
            f"{r.record.natural[:1].upper()}{r.record.natural[1:]} {estimate} ({in_percent(r.level)} % "
            f"{r.model_facts.interval_label} {low} to "
            f"{high}), per 1,000 {self.counted}",
            listed(t.rename(columns=heads), str),
            *(f"{f'{name}: ' if several else ''}{text}" for name, text in zip(names, self.needed, strict=True)),
        ]


def _more(difference: float) -> str:
    """Return a difference as a whole number of people, in words."""
    people = round(difference)
    return "0" if people == 0 else f"{abs(people):,} {'more' if people > 0 else 'fewer'}"
