"""Ratios and their limits, settled by the names of their columns, their neighbours and what the caller said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ....base.messages.advice import option
from ...schema.synonyms import parts
from .forms import FIELDS
from .names import Name
from .values import GENERIC, are_rates

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


@dataclass(slots=True)
class Recognised:
    """What columns are: name there -> name here, units of those whose values say them, and what is to be asked.

    `no_trials` is what is to be asked where several columns may name the trials.
    """

    targets: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    questions: dict[tuple[str, ...], str] = field(default_factory=dict)
    no_trials: str = ""

    def ask(self, columns: Sequence[str], why: str) -> None:
        """Leave columns unread, and say what is not known of them."""
        self.questions[tuple(columns)] = why


def kin(field: str) -> set[str]:
    """Return the figures that mean nothing without a figure, or it without them, and itself."""
    return {field, *(other for fields in _TOGETHER if field in fields for other in fields)}


def outcome_of(target: str) -> str:
    """Return the outcome that stands before a dot; nothing where none does."""
    return "" if target.startswith(GENERIC) else target.rpartition(".")[0]


class Ratios:
    """Columns of ratios while they are settled, one rule after the other."""

    def __init__(
        self,
        found: Recognised,
        names: dict[str, Name],
        held: Callable[[str], list[Any]],
        known: Mapping[str, str],
        *,
        has_unit: bool = False,
    ) -> None:
        self.has_unit = has_unit
        self.found, self.names, self.held, self.known = found, names, held, known
        self.said = {(outcome_of(t), t.rpartition(".")[2]) for t in known.values()}  # outcome, field

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

    def _letters(self) -> None:
        """Limits that a letter tells apart, as in HR_L and HR_U, are so together only."""
        for n in self._with(lambda x: x.lettered):
            x = self.names[n]
            twin = x.field.replace("low", "high") if "low" in x.field else x.field.replace("high", "low")
            if not self._with(lambda y, x=x, twin=twin: y == replace(x, field=twin)):  # type: ignore[misc]
                self._drop([n])

    def _effects(self) -> None:
        """Settle an effect, which needs a column that says its measure; low and high beside it are its limits."""
        logs = self._with(lambda x: x.field.startswith("log_effect"))
        effects = self._with(lambda x: x.field == "effect")
        measured = "measure" in self.known.values()
        of = next(iter({f"log_{p}" for p in RATIOS.values()} & self._has()), "")
        if logs and measured and not effects:
            for n in logs:
                self.names[n] = Name(GENERIC + self.names[n].field.replace("_effect", ""))
        elif of and f"{of}_se" not in self._has() and [self.names[n].field for n in logs] == ["log_effect_se"]:
            outcome = next((x.outcome for x in self.names.values() if x.field == of), "")
            self.names[logs[0]] = Name(f"{of}_se", outcome)  # seTE beside logHR
        elif logs:
            say = option("columns", {n: f"log_hr{'_se' * self.names[n].field.endswith('_se')}" for n in logs})
            self._drop(logs)
            self.found.ask(logs, f"the logarithm of which ratio? if of hazards, say {say}")
        if effects and not measured:
            self._drop(effects)
            say = option("columns", {effects[0]: "hr"})
            self.found.ask(effects, f"no column says of which measure it is; if a hazard ratio, say {say}")
        elif len(effects) == 1 and not self._with(lambda x: x.field in RATIOS):
            for n in self._with(lambda x: x.field in ("effect", "low", "high")):
                part = {"effect": "value"}.get(self.names[n].field, self.names[n].field)
                self.names[n] = Name(GENERIC + part)

    def _has(self) -> set[str]:
        return {x.field for x in self.names.values()} | {field for _, field in self.said}

    def _limits(self) -> None:
        """Low, high and intervals without a measure belong to the one estimate that has none."""
        for outcome in {x.outcome for x in self.names.values()}:
            loose = self._with(lambda x, o=outcome: x.outcome == o and x.field in ("low", "high", "interval"))  # type: ignore[misc]
            mine = {x.field for x in self.names.values() if x.outcome in (outcome, "")}
            mine |= {field for o, field in self.said if not outcome or o in (outcome, "")}
            asked: dict[str, list[str]] = {}
            for n in loose:
                side = self.names[n].field
                end = "low" if side == "interval" else side
                points = [p for p in (*RATIOS, "estimate") if p in mine and f"{RATIOS.get(p, 'ci')}_{end}" not in mine]
                if len(points) != 1:
                    self._drop([n])
                    asked.setdefault(" or ".join(points) or "what is not known", []).append(n)
                    continue
                prefix = RATIOS.get(points[0], "ci")
                new = ("ci" if prefix == "ci" else f"{prefix}_ci") if side == "interval" else f"{prefix}_{side}"
                self.names[n] = replace(self.names[n], field=new)
            for what, columns in asked.items():
                self.found.ask(columns, f"limits of {what}")

    def _beside(self) -> None:
        """Figures that mean something beside others only."""
        has = self._has()
        log = [f for f in has if f in ("log_hr", "log_or", "log_rr")]
        for n in self._with(lambda x: x.field == "se"):
            if len(log) == 1 and f"{log[0]}_se" not in has:
                self.names[n] = replace(self.names[n], field=f"{log[0]}_se")
            else:
                self._drop([n])
        for n in self._with(lambda x: x.field == "variance"):
            self._drop([n])
            if log and not {f"{of}_se" for of in log} & has:
                self.found.ask([n], "a variance: write its square root, the standard error, in its place")
        if not {"o_minus_e", "v"} <= has:
            self._drop([n for n in self._with(lambda x: x.field in ("o_minus_e", "v")) if n not in FIELDS])
        if not has & {*RATIOS, "log_hr", "log_or", "log_rr", "n_comparator"}:
            self._drop(self._with(lambda x: x.field == "p_value"))
        if not has & {"events", "estimate", "events_both"}:
            self._drop(self._with(lambda x: x.field in (*SHARED, "events_comparator")))

    def _complete(self) -> None:
        """Ask for the limits of a ratio, which is no figure without them."""
        has = {(x.outcome, x.field) for x in self.names.values()} | self.said
        for point, prefix in RATIOS.items():
            self._loose(point, prefix, has)
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

    def _loose(self, point: str, prefix: str, has: set[tuple[str, str]]) -> None:
        """Leave one limit of a ratio unread where no column holds the other; of it alone nothing follows."""
        ends = (f"{prefix}_low", f"{prefix}_high")
        for n in self._with(lambda x: x.field in ends):
            o = self.names[n].outcome
            if not {(o, ends[0]), (o, ends[1])} <= has:
                self._drop([n])
