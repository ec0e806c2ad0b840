"""Columns of figures, settled one rule after the other by their names, their neighbours and what the caller said."""

from __future__ import annotations

from dataclasses import replace

from ...schema.fields import OUTCOMES
from .forms import DATE, FIELDS, LIMITS, is_date
from .ratios import SHARED, Ratios, kin
from .values import (
    GENERIC,
    are_counts,
    are_fractions,
    are_percentages,
    numeric,
    one_unit,
    says_time,
    unit_in,
    with_percentages,
)

_OF_TIMES = ("hr", "hr_low", "hr_high", "hr_ci", "log_hr", "log_hr_se", "o_minus_e", "v")


class Figures(Ratios):
    """Columns of figures while they are settled, one rule after the other."""

    def settle(self) -> None:
        """Settle all of them; what they are goes to what is found."""
        for rule in (
            self._intervals,
            self._letters,
            self._counts,
            self._arms,
            self._judges,
            self._effects,
            self._responders,
            self._one_outcome,
            self._values,
            self._limits,
            self._beside,
            self._doubled,
        ):
            rule()
        self._complete()
        self._outcomes()

    def _counts(self) -> None:
        """Settle what holds counts by its values: a fraction is both, and what is no whole number is none."""
        for n in self._with(lambda x: x.field in ("n", "arm") or (x.field == "value" and bool(x.arm))):
            if are_fractions(self.held(n)):
                self.names[n] = replace(self.names[n], field="events")
        self._drop(self._with(lambda x: x.field == "arm"))
        for n in self._with(lambda x: x.field in ("events", "n")):
            values = self.held(n)
            if values and not (numeric(values) and are_counts(values)):
                self._drop([n])
                why = "most of its figures are no whole numbers" if numeric(values) else "it holds no numbers"
                self.found.ask([n], why)
        if "events" not in self._has():  # n1 and n2 are told by e1 and e2
            self._drop(self._with(lambda x: x.field == "n" and x.numbered))

    def _arms(self) -> None:
        """Settle counts of two arms: one needs its twin, and a count beside two of arms is of both together."""
        for n in self._with(lambda x: x.field in ("events", "n")):
            x = self.names[n]
            arms = {
                y.arm for y in self.names.values() if (y.field, y.outcome, y.judge) == (x.field, x.outcome, x.judge)
            }
            strangers = {y.strange for y in self.names.values() if y.strange}
            if (x.strange and ("c" not in arms or len(strangers) > 1)) or (x.numbered and not {"t", "c"} <= arms):
                self._drop([n])
            elif x.strange or x.arm == "t":
                self.names[n] = replace(x, arm="t")
            elif x.arm == "c":
                self.names[n] = replace(x, field=f"{x.field}_comparator")
        for base in ("events", "n"):
            own = self._with(lambda x, base=base: x.field == base and x.arm == "t")  # type: ignore[misc]
            for n in self._with(lambda x, base=base: x.field == base and not x.arm) if own else ():  # type: ignore[misc]
                self.names[n] = replace(self.names[n], field=f"{base}_both")

    def _judges(self) -> None:
        for outcome in {x.outcome for x in self.names.values()}:
            of = self._with(lambda x, outcome=outcome: x.outcome == outcome and bool(x.judge))  # type: ignore[misc]
            judges = {self.names[n].judge for n in of}
            if len(judges) > 1 or judges == {"unclear"}:
                self._drop(of)
                self.found.ask(of, f"two assessors of {outcome or 'one outcome'}: say which to read")

    def _values(self) -> None:
        """Settle what a column named for an outcome holds: counts, percentages or median times."""
        for n in self._with(lambda x: x.field in ("value", "median", "median_low", "median_high")):
            x, unit = self.names[n], unit_in(n) or ("" if self.has_unit else one_unit(self.known, self.held))
            kind = OUTCOMES[x.outcome].kind if x.outcome in OUTCOMES else ""
            texts, other = self.held(n), "_comparator" * (x.arm == "c")
            limited = {y.field for y in self.names.values() if y.outcome == x.outcome} >= {"low", "high"}
            if x.field == "value" and (
                (unit is None and are_fractions(texts)) or (kind != "time" and not x.arm and with_percentages(texts))
            ):
                self.names[n] = replace(x, field="events")
            elif x.field == "value" and x.arm:
                self._drop([n])
                self.found.ask([n], "counts or percentages of one arm?")
            elif unit is None and (x.field, kind) == ("value", "proportion") and are_percentages(texts, limited):
                self.found.units[n] = "percent"
                self.names[n] = replace(x, field="estimate")
            elif unit is None and (kind == "time" or x.field == "median") and texts and all(map(says_time, texts)):
                self.names[n] = replace(x, field=f"estimate{other}")  # each cell says its unit
            elif unit is None or (x.field == "value" and not kind and unit != "percent"):
                self._drop([n])
                date = next((v for v in texts if is_date(v)), None)
                why = "nothing says what it counts, or in which unit"
                self.found.ask([n], why if date is None else f"{str(date).removesuffix(' 00:00:00')!r} {DATE}")
            else:
                new = x.field.replace("median_", "ci_") if "_" in x.field else "estimate"
                self.names[n] = replace(x, field=new + other)
                if own := unit_in(n):
                    self.found.units[n] = own

    def _doubled(self) -> None:
        places: dict[tuple[str, str], list[str]] = {}
        for n, x in self.names.items():
            places.setdefault((x.outcome, x.field), []).append(n)
        for (outcome, of), columns in places.items():
            known = (outcome, of) in self.said or ("", of) in self.said
            if len(columns) > 1:
                self._drop(columns)
                self.found.ask(columns, f"each could be {of}")
            elif known or (of not in FIELDS and of not in LIMITS and not of.startswith(GENERIC)):
                self._drop(columns)

    def _responders(self) -> None:
        """Take responders beside times alone as objective responses: they are no events of a time."""
        named = {x.outcome for x in self.names.values()} | {o for o, _ in self.said}
        named.discard("")
        if not named or ("", "outcome") in self.said or not all(
            o in OUTCOMES and OUTCOMES[o].kind == "time" for o in named
        ):  # fmt: skip
            return
        for n in self._with(lambda x: x.responds and not x.outcome):
            self.names[n] = replace(self.names[n], outcome="orr")

    def _one_outcome(self) -> None:
        """Take figures without an outcome for those of the one that others name."""
        named = {x.outcome for x in self.names.values()} | {o for o, _ in self.said}
        named.discard("")
        if len(named) == 1 and any(x.outcome for x in self.names.values()) and ("", "outcome") not in self.said:
            outcome = next(iter(named))
            other = OUTCOMES[outcome].kind == "proportion" if outcome in OUTCOMES else False
            for n in self._with(lambda x: not x.outcome and x.field not in SHARED and not x.field.startswith(GENERIC)):
                if not (other and self.names[n].field in _OF_TIMES):
                    self.names[n] = replace(self.names[n], outcome=outcome)

    def _outcomes(self) -> None:
        """Names of outcomes make several rows of one; where a column says the outcome they are no more than names."""
        named = {x.outcome for x in self.names.values()} | {o for o, _ in self.said}
        named.discard("")
        bare = [n for n, x in self.names.items() if not x.outcome and x.field not in SHARED]
        if ("", "outcome") in self.said and named:
            dotted = self._with(lambda x: bool(x.outcome))
            self._drop(dotted)
            self.found.ask(dotted, "a column of outcomes says another")
        elif named:
            self._of_asked(bare)
        for n, x in self.names.items():
            self.found.targets[n] = f"{x.outcome}.{x.field}" if x.outcome else x.field

    def _of_asked(self, bare: list[str]) -> None:
        """Take figures without an outcome for those of a named outcome that they belong to, or ask whose they are."""
        asked = {o: {field for of, field in self.said if of == o} for o, _ in self.said if o}
        for n in bare:
            of = self.names[n].field
            owners = [o for o, fields in asked.items() if kin(of) & fields and of not in fields]
            if len(owners) == 1:
                self.names[n] = replace(self.names[n], outcome=owners[0])
        left = [n for n in bare if not self.names[n].outcome]
        if left:
            named = {x.outcome for x in self.names.values() if x.outcome} | {*asked}
            self._drop(left)
            self.found.ask(left, f"of which outcome, {', '.join(sorted(named))}")
