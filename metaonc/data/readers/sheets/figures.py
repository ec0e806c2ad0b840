"""Columns of figures, settled one rule after the other by their names, their neighbours and what the caller said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ....base.messages.advice import option
from ...schema.fields import OUTCOMES
from ...schema.synonyms import parts
from .forms import DATE, FIELDS, LIMITS, is_date
from .names import Name
from .values import GENERIC, are_rates, says_time, unit_in

RATIOS = {"hr": "hr", "odds_ratio": "or", "risk_ratio": "rr"}  # point -> prefix of its limits
SHARED = ("n", "n_comparator", "n_both")  # of all outcomes of a row
OF_ALL = (*SHARED, "time_months", "p_sided", "ci_level", "hr_level", "or_level", "rr_level")  # whatever the outcome
_INTERVAL = re.compile(r"\d.*\d\s*(?:[-\u2010-\u2015\u2212,;]|to)\s*\d")
_BEFORE_INTERVAL = re.compile(r"\s*\d+(?:[.,\u00b7]\d+)?\s*%?\s*[;,]?\s*(?:[(\[]|\d\d\s*%\s*CI)", re.I)
_BARE = re.compile(r"\s*\d+(?:[.,\u00b7]\d+)?\s*%?\s*")
_TOGETHER = (  # figures of which one says whose the others are
    ("estimate", "ci_low", "ci_high", "ci"),
    ("events", "events_comparator"),
    *((point, f"{p}_low", f"{p}_high", f"{p}_ci", "p_value") for point, p in RATIOS.items()),
    *((f"log_{p}", f"log_{p}_se", "p_value") for p in RATIOS.values()),
    ("o_minus_e", "v"),
)
_WAYS = (("p_value",), ("events", "events_comparator"))  # to a hazard ratio without limits
_OF_TIMES = ("hr", "hr_low", "hr_high", "hr_ci", "log_hr", "log_hr_se", "o_minus_e", "v")


@dataclass(slots=True)
class Recognised:
    """What columns are: name there -> name here, units of those whose values say them, and what is to be asked."""

    targets: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    questions: dict[tuple[str, ...], str] = field(default_factory=dict)

    def ask(self, columns: Sequence[str], why: str) -> None:
        """Leave columns unread, and say what is not known of them."""
        self.questions[tuple(columns)] = why


def kin(field: str) -> set[str]:
    """Return the figures that mean nothing without a figure, or it without them, and itself."""
    return {field, *(other for fields in _TOGETHER if field in fields for other in fields)}


def outcome_of(target: str) -> str:
    """Return the outcome that stands before a dot; nothing where none does."""
    return "" if target.startswith(GENERIC) else target.rpartition(".")[0]


class Figures:
    """Columns of figures while they are settled, one rule after the other."""

    def __init__(
        self, found: Recognised, names: dict[str, Name], held: Callable[[str], list[Any]], known: Mapping[str, str]
    ) -> None:
        self.found, self.names, self.held, self.known = found, names, held, known
        self.said = {(outcome_of(t), t.rpartition(".")[2]) for t in known.values()}  # outcome, field

    def settle(self) -> None:
        """Settle all of them; what they are goes to what is found."""
        for rule in (
            self._intervals,
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

    def _drop(self, columns: Sequence[str]) -> None:
        for column in columns:
            self.names.pop(column, None)

    def _with(self, test: Callable[[Name], bool]) -> list[str]:
        return [n for n, name in self.names.items() if test(name)]

    def _intervals(self) -> None:
        """Take a column named for a ratio and its interval as the interval alone where another holds the ratio."""
        for point, prefix in RATIOS.items():
            for n in self._with(lambda x, point=point: x.field == point):  # type: ignore[misc]
                x = self.names[n]
                others = [o for o in self._with(lambda y, x=x: y == x) if o != n and "ci" not in parts(o)]  # type: ignore[misc]
                if "ci" in parts(n) and (others or point in self.known.values()):
                    self.names[n] = replace(x, field=f"{prefix}_ci")

        for n in self._with(lambda x: x.field == "interval" and bool(x.outcome)):
            outcome = self.names[n].outcome
            alone = not [m for m, x in self.names.items() if m != n and x.outcome == outcome and x.field not in SHARED]
            texts = [str(v) for v in self.held(n)]
            bare = [t for t in texts if not _BEFORE_INTERVAL.match(t)]  # of a row without an interval
            if alone and len(bare) < len(texts) and all(_BARE.fullmatch(t) for t in bare):  # ORR, % (95% CI)
                self.names[n] = replace(self.names[n], field="value")

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

    def _effects(self) -> None:
        """Settle an effect, which needs a column that says its measure; low and high beside it are its limits."""
        logs = self._with(lambda x: x.field.startswith("log_effect"))
        if logs:
            say = option("columns", {n: f"log_hr{'_se' * self.names[n].field.endswith('_se')}" for n in logs})
            self._drop(logs)
            self.found.ask(logs, f"the logarithm of which ratio? if of hazards, say {say}")
        effects = self._with(lambda x: x.field == "effect")
        if effects and "measure" not in self.known.values():
            self._drop(effects)
            self.found.ask(effects, "no column says of which measure it is")
        elif len(effects) == 1 and not self._with(lambda x: x.field in RATIOS):
            for n in self._with(lambda x: x.field in ("effect", "low", "high")):
                part = {"effect": "value"}.get(self.names[n].field, self.names[n].field)
                self.names[n] = Name(GENERIC + part)

    def _values(self) -> None:
        """Settle what a column named for an outcome holds: counts, percentages or median times."""
        for n in self._with(lambda x: x.field in ("value", "median", "median_low", "median_high")):
            x, unit = self.names[n], unit_in(n) or _one_unit(self.known, self.held)
            kind = OUTCOMES[x.outcome].kind if x.outcome in OUTCOMES else ""
            texts, other = self.held(n), "_comparator" * (x.arm == "c")
            if x.field == "value" and unit is None and texts and all(re.search(r"\d\s*/\s*\d", str(v)) for v in texts):
                self.names[n] = replace(x, field="events")
            elif unit is None and x.field == "value" and kind == "proportion" and self._percentages(x, texts):
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

    def _percentages(self, x: Name, values: Sequence[Any]) -> bool:
        """Whether figures are percentages: none is above 100, and they have a sign, decimals or limits."""
        found = [re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*(%?)(\s*[(\[].*)?", str(v).strip()) for v in values]
        if not found or not all(found):
            return False
        numbers = [float(m[1].replace(",", ".")) for m in found if m]
        limited = {y.field for y in self.names.values() if y.outcome == x.outcome} >= {"low", "high"}
        shown = any(m[2] for m in found if m) or limited or any(v % 1 for v in numbers)
        return shown and 1 < max(numbers) <= 100

    def _limits(self) -> None:
        """Low, high and intervals without a measure belong to the one estimate that has none."""
        for outcome in {x.outcome for x in self.names.values()}:
            loose = self._with(lambda x, o=outcome: x.outcome == o and x.field in ("low", "high", "interval"))  # type: ignore[misc]
            mine = {x.field for x in self.names.values() if x.outcome in (outcome, "")}
            mine |= {field for o, field in self.said if not outcome or o in (outcome, "")}
            points = [p for p in (*RATIOS, "estimate") if p in mine and f"{RATIOS.get(p, 'ci')}_low" not in mine]
            if len(points) != 1:
                self._drop(loose)
                if loose:
                    self.found.ask(loose, f"limits of {' or '.join(points) or 'what is not known'}")
                continue
            prefix = RATIOS.get(points[0], "ci")
            for n in loose:
                side = self.names[n].field
                new = ("ci" if prefix == "ci" else f"{prefix}_ci") if side == "interval" else f"{prefix}_{side}"
                self.names[n] = replace(self.names[n], field=new)

    def _beside(self) -> None:
        """Figures that mean something beside others only."""
        has = {x.field for x in self.names.values()} | {field for _, field in self.said}
        log = [f for f in has if f in ("log_hr", "log_or", "log_rr")]
        for n in self._with(lambda x: x.field == "se"):
            if len(log) == 1 and f"{log[0]}_se" not in has:
                self.names[n] = replace(self.names[n], field=f"{log[0]}_se")
            else:
                self._drop([n])
        if not {"o_minus_e", "v"} <= has:
            self._drop([n for n in self._with(lambda x: x.field in ("o_minus_e", "v")) if n not in FIELDS])
        if not has & {*RATIOS, "log_hr", "log_or", "log_rr", "n_comparator"}:
            self._drop(self._with(lambda x: x.field == "p_value"))
        if not has & {"events", "estimate", "events_both"}:
            self._drop(self._with(lambda x: x.field in (*SHARED, "events_comparator")))

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

    def _complete(self) -> None:
        """Ask for the limits of a ratio, which is no figure without them."""
        has = {(x.outcome, x.field) for x in self.names.values()} | self.said
        for point, prefix in RATIOS.items():
            for n in self._with(lambda x, point=point: x.field == point):  # type: ignore[misc]
                o = self.names[n].outcome
                values, ends = self.held(n), [f"{prefix}_{end}" for end in ("low", "high", "ci")]
                limits = {(o, ends[0]), (o, ends[1])} <= has or (o, ends[2]) in has
                limits |= point == "hr" and any(all({(o, f), ("", f)} & has for f in way) for way in _WAYS)
                if not limits and not any(_INTERVAL.search(str(v)) for v in values):
                    self.found.ask([n], "no column holds its limits")
                    self._drop([n])
                elif point != "hr" and are_rates(values):  # RR is a response rate too, and OR an overall response
                    self.found.ask([n], "its figures are no ratios: percentages?")
                    self._drop([m for m, x in self.names.items() if x.outcome == o and x.field in (point, *ends)])

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


def _one_unit(known: Mapping[str, str], held: Callable[[str], list[Any]]) -> str | None:
    column = next((n for n, t in known.items() if t == "unit"), None)
    return "" if column is not None and held(column) else None
