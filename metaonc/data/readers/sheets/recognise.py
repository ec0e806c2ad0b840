"""Which column is what, by its name and its neighbours; what may be two things is a question, and is not read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ....base.messages.advice import option
from ...schema.fields import OUTCOMES
from ...schema.synonyms import NAMES, SETS, key, parts
from .forms import FIELDS, LIMITS
from .names import Name, name_of
from .values import are_rates, unit_in

GENERIC = "effect."  # before the parts of an effect whose measure another column says
RATIOS = {"hr": "hr", "odds_ratio": "or", "risk_ratio": "rr"}  # point -> prefix of its limits
_INTERVAL = re.compile(r"\d.*\d\s*(?:[-\u2010-\u2015\u2212,;]|to)\s*\d")
_SHARED = ("n", "n_comparator", "n_both")
_CODES = ("ai", "bi", "xi", "event.e")  # of R: beside them ci is a count, not an interval


@dataclass(slots=True)
class Recognised:
    """What columns are: name there -> name here, units of those whose values say them, and what is to be asked."""

    targets: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    questions: dict[tuple[str, ...], str] = field(default_factory=dict)

    def ask(self, columns: Sequence[str], why: str) -> None:
        """Leave columns unread, and say what is not known of them."""
        self.questions[tuple(columns)] = why


def recognise(names: Sequence[str], held: Callable[[str], list[Any]], asked: Mapping[str, str]) -> Recognised:
    """Return what the columns are that the caller has not named.

    Parameters
    ----------
    names
        Names of the columns.
    held
        Name of a column -> its values that are not blank.
    asked
        Name there -> name here, as the caller said.
    """
    found, taken = Recognised(), set(asked.values())
    has_outcomes = any("." in target for target in taken)
    own = {n: n for n in names if n not in asked and (n in FIELDS or n in LIMITS) and n not in taken}
    if "estimate" not in {*own, *(target.rpartition(".")[2] for target in taken)}:  # they are of something else
        own = {n: t for n, t in own.items() if n not in ("ci_low", "ci_high", "ci")}
    if "se" in own and "estimate" not in own:
        del own["se"]
    if "ci" in own and any(code in names for code in _CODES):
        del own["ci"]
    together = _sets(names, taken)
    found.targets |= {n: t for n, t in together.items() if n not in asked}
    said = {n: name for n in names if n not in asked and n not in own and n not in together and (name := name_of(n))}
    for of in ("trial", "outcome", "measure", "comparator", "data_cut", "unit"):
        skip = of in taken or of in own or (of == "outcome" and has_outcomes)
        first = _first_of(of, said, held)
        if first is not None and not skip and (of != "measure" or not has_outcomes):
            found.targets[first] = of
    figures = {} if has_outcomes else {n: x for n, x in said.items() if x.field not in NAMES}
    if figures:
        _Figures(found, figures, held, {**asked, **own, **found.targets}).settle()
    if "measure" in found.targets.values() and not any(t.startswith(GENERIC) for t in found.targets.values()):
        found.targets = {n: t for n, t in found.targets.items() if t != "measure"}
    both = "n_comparator" in found.targets.values() and "n" in found.targets.values()
    found.targets |= {n: "n_both" if t == "n" and both else t for n, t in own.items()}
    return found


def _sets(names: Sequence[str], taken: set[str]) -> dict[str, str]:
    """Return the columns that are known together: name there -> name here, of the first set that is whole."""
    keys = {key(n): n for n in names}
    for known, fields in SETS:
        if all(k in keys for k in known) and not taken & set(fields) and not {*fields} & {*names}:
            return {keys[k]: field for k, field in zip(known, fields, strict=True)}
    return {}


def _first_of(field: str, said: Mapping[str, Name], held: Callable[[str], list[Any]]) -> str | None:
    """Return the column that is surest to be one, of those with the fewest blanks."""
    columns = {n: len(held(n)) for n in said if said[n].field == field}
    full = max(columns.values(), default=0)
    return min(columns, key=lambda n: (columns[n] < full, NAMES[field].index(key(n))), default=None)


class _Figures:
    """Columns of figures while they are settled, one rule after the other."""

    def __init__(
        self, found: Recognised, names: dict[str, Name], held: Callable[[str], list[Any]], known: Mapping[str, str]
    ) -> None:
        self.found, self.names, self.held, self.known = found, names, held, known

    def settle(self) -> None:
        for rule in (
            self._intervals,
            self._arms,
            self._judges,
            self._effects,
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
            texts = self.held(n)
            if x.field == "value" and unit is None and texts and all(re.search(r"\d\s*/\s*\d", str(v)) for v in texts):
                self.names[n] = replace(x, field="events")
            elif unit is None and x.field == "value" and kind == "proportion" and self._percentages(x, texts):
                self.found.units[n] = "percent"
                self.names[n] = replace(x, field="estimate")
            elif unit is None or (x.field == "value" and not kind and unit != "percent"):
                self._drop([n])
                self.found.ask([n], "nothing says what it counts, or in which unit")
            else:
                new = x.field.replace("median_", "ci_") if "_" in x.field else "estimate"
                self.names[n] = replace(x, field=new)

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
            mine = {x.field for x in self.names.values() if x.outcome in (outcome, "")} | {
                t.rpartition(".")[2] for t in self.known.values()
            }
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
        has = {x.field for x in self.names.values()} | {t.rpartition(".")[2] for t in self.known.values()}
        log = [f for f in has if f in ("log_hr", "log_or", "log_rr")]
        for n in self._with(lambda x: x.field == "se"):
            if len(log) == 1 and f"{log[0]}_se" not in has:
                self.names[n] = replace(self.names[n], field=f"{log[0]}_se")
            else:
                self._drop([n])
        if not has & {*RATIOS, "log_hr", "log_or", "log_rr", "n_comparator"}:
            self._drop(self._with(lambda x: x.field == "p_value"))
        if not has & {"events", "estimate", "events_both"}:
            self._drop(self._with(lambda x: x.field in (*_SHARED, "events_comparator")))

    def _doubled(self) -> None:
        places: dict[tuple[str, str], list[str]] = {}
        for n, x in self.names.items():
            places.setdefault((x.outcome, x.field), []).append(n)
        for (_, of), columns in places.items():
            if len(columns) > 1:
                self._drop(columns)
                self.found.ask(columns, f"each could be {of}")
            elif of in self.known.values() or (of not in FIELDS and of not in LIMITS and not of.startswith(GENERIC)):
                self._drop(columns)

    def _complete(self) -> None:
        """Ask for the limits of a ratio, which is no figure without them."""
        has = {(x.outcome, x.field) for x in self.names.values()} | {("", t) for t in self.known.values()}
        for point, prefix in RATIOS.items():
            for n in self._with(lambda x, point=point: x.field == point):  # type: ignore[misc]
                o = self.names[n].outcome
                values, ends = self.held(n), [f"{prefix}_{end}" for end in ("low", "high", "ci")]
                limits = {(o, ends[0]), (o, ends[1])} <= has or (o, ends[2]) in has
                if not limits and not any(_INTERVAL.search(str(v)) for v in values):
                    self.found.ask([n], "no column holds its limits")
                    self._drop([n])
                elif point != "hr" and are_rates(values):  # RR is a response rate too, and OR an overall response
                    self.found.ask([n], "its figures are no ratios: percentages?")
                    self._drop([m for m, x in self.names.items() if x.outcome == o and x.field in (point, *ends)])

    def _outcomes(self) -> None:
        """Names of outcomes make several rows of one; where a column says the outcome they are no more than names."""
        named = {x.outcome for x in self.names.values() if x.outcome}
        bare = [n for n, x in self.names.items() if not x.outcome and x.field not in _SHARED]
        if "outcome" in self.known.values() and named:
            dotted = self._with(lambda x: bool(x.outcome))
            self._drop(dotted)
            self.found.ask(dotted, "a column of outcomes says another")
        elif len(named) > 1 and bare:
            self._drop(bare)
            self.found.ask(bare, f"of which outcome, {', '.join(sorted(named))}")
        elif len(named) == 1:
            for n in bare:
                self.names[n] = replace(self.names[n], outcome=next(iter(named)))
        for n, x in self.names.items():
            self.found.targets[n] = f"{x.outcome}.{x.field}" if x.outcome else x.field


def _one_unit(known: Mapping[str, str], held: Callable[[str], list[Any]]) -> str | None:
    column = next((n for n, t in known.items() if t == "unit"), None)
    return "" if column is not None and held(column) else None
