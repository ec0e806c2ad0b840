"""Which column is what: names of a user's table, and the rows of figures that follow from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ....base.check import columns_exist, one_of
from ....base.labels import blank
from ....base.messages.advice import option
from ....base.missing import absent
from ....base.words import says_one_sided
from ....errors import ColumnError, OptionError
from ...schema.outcome_words import outcome_code
from ...schema.synonyms import key
from ...schema.tables import SYNONYMS
from ..files.grid import Grid
from ..files.layout import Irregular
from .forms import FIELDS, LIMITS, is_figure
from .names import level_in, name_of
from .numerals import is_sentinel
from .published import UNIT_WORDS
from .ratios import OF_ALL, SHARED, kin, outcome_of
from .values import NON_EVENTS

_UNIT = re.compile(
    rf"(?<![\w-])(?<!\d )({'|'.join(re.escape(word) for word in sorted(UNIT_WORDS, key=len, reverse=True))})(?!\w)",
    re.I,
)
_LOOKED_AT = 1000  # rows by whose values a column is judged


@dataclass(frozen=True, slots=True)
class Header:
    """What the name of a column says of its figures: their unit, and the level of their intervals."""

    name: str
    unit: str | None = None
    level: float | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table were read as.

    Attributes
    ----------
    read
        Name there -> name here.
    asked
        Those of them that the caller said.
    not_read
        Columns of numbers that are none of these.
    questions
        Columns -> why they were not read.
    """

    read: Mapping[str, str]
    asked: Mapping[str, str]
    not_read: list[str]
    questions: Mapping[tuple[str, ...], str]

    def kindred(self, column: str) -> list[str]:
        """Return the columns whose figures mean something together with those of a column, and itself.

        Nothing, where that is a number of patients, or where the caller said what one of them is.
        """
        outcome, _, of = self.read.get(column, "").rpartition(".")
        fields = kin(of)
        found = [c for c, t in self.read.items() if t.rpartition(".")[0] == outcome and t.rpartition(".")[2] in fields]
        return found if is_figure(of) and of not in SHARED and {*found} <= {*self.recognised} else []

    @property
    def recognised(self) -> dict[str, str]:
        """Those that are known by what people call them."""
        return {old: new for old, new in self.read.items() if old != new and old not in self.asked}


def refuse_doubled_figures(grid: Grid) -> None:
    """Raise a ColumnError where several columns have the name of one figure, or of the trial."""
    for name in sorted(grid.doubled):
        said = name_of(name)
        if name in FIELDS or (said and said.field != "measure"):
            raise ColumnError(
                f"column {name!r} stands in the header of {grid.source!r} more than once; rename one of them."
            )


def held_in(grid: Grid) -> Callable[[str], list[Any]]:
    """Return a function that gives the values of a column, without those that say nothing."""
    at = {name: j for j, name in enumerate(grid.names)}

    def held(name: str) -> list[Any]:
        values = (row[at[name]].value for row in grid.rows[:_LOOKED_AT])
        shown = (v.text if isinstance(v, Irregular) else v for v in values)
        return [v for v in shown if not (blank(v) or absent(str(v)) or str(v).strip() == "NR" or is_sentinel(v))]

    return held


def asked_of(grid: Grid, columns: Mapping[str, str | None]) -> tuple[dict[str, str], set[str]]:
    """Return what the caller said of columns, checked, and the columns that are not to be read.

    Several columns may name the trial together.
    """
    asked, aside = dict[str, str](), set[str]()
    for name, new in columns.items():
        old = " ".join(name.split())
        if old in grid.doubled:
            raise ColumnError(f"column {old!r} stands in the header more than once: rename the one that is meant.")
        columns_exist(grid.names, {"columns": old})
        if new is None:
            aside.add(old)
            continue
        outcome, dot, field = new.rpartition(".")
        _refuse_other_word(old, outcome, field)
        one_of(f"columns[{old!r}]: the column", field, [*FIELDS, *LIMITS, "measure", *NON_EVENTS])
        asked[old] = f"{_outcome(old, outcome)}.{field}" if dot else new
    return asked, aside


def of_the_outcome(asked: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    """Return what the caller said of columns, figures without an outcome under the one that recognised columns name.

    Raises
    ------
    OptionError
        Recognised columns name several outcomes, and nothing says of which a figure is.
    """
    named = list(dict.fromkeys(of for t in (*found.values(), *asked.values()) if (of := outcome_of(t))))
    bare = [n for n, t in asked.items() if is_figure(t) and t not in OF_ALL]
    if not named or not bare or "outcome" in {*asked.values(), *found.values()}:
        return dict(asked)
    if len(named) > 1:
        say = option("columns", {bare[0]: f"{named[0]}.{asked[bare[0]]}"})
        raise OptionError(f"columns[{bare[0]!r}]: of which outcome, {', '.join(named)}? Say it, as by {say}.")
    return {n: f"{named[0]}.{t}" if n in bare else t for n, t in asked.items()}


def _refuse_other_word(old: str, outcome: str, field: str) -> None:
    """Raise an OptionError where a column is given by a word that people use, with the names here, by arm."""
    name = SYNONYMS.get(field)
    if name is None or field in FIELDS:
        return
    of = f"{outcome}." if outcome else ""
    say = [option("columns", {old: f"{of}{each}"}) for each in (name, f"{name}_comparator") if each in FIELDS]
    other = f", or of the comparator {say[1]}" if len(say) > 1 else ""
    unit = f"; its unit is a column of its own, or {option('constants', {'unit': 'months'})}" * (name == "estimate")
    raise OptionError(f"columns[{old!r}]: {field!r} goes by the name {name!r} here: {say[0]}{other}{unit}.")


def _outcome(old: str, outcome: str) -> str:
    """Return an outcome by its code here, or as the user calls it."""
    code, _ = outcome_code(outcome)
    if not code or "." in code:
        raise OptionError(f"columns[{old!r}]: {outcome!r} is no name of an outcome: write one word, as in 'death'.")
    return code


def constants_of(constants: Mapping[str, object], new: Mapping[str, str]) -> dict[str, object]:
    """Return what all rows have, checked: a column of the schema that no column of the table is."""
    for name in constants:
        one_of("constants", name, FIELDS)
        if name in new.values():
            old = next(o for o, t in new.items() if t == name)
            raise OptionError(f"constants: {name!r} is the column {old!r} already; leave one of them out.")
    return dict(constants)


def refuse_one_sided(new: Mapping[str, str], constants: Mapping[str, object]) -> None:
    """Raise an OptionError where a column that says that p is of one side is read, and nothing says so of its rows."""
    if "p_sided" in {*new.values(), *constants}:
        return
    for old, target in new.items():
        if target.rpartition(".")[2] == "p_value" and says_one_sided(old):
            raise OptionError(
                f"column {old!r} says that p is of one side, and {target!r} is taken as of two where nothing says how "
                f"many: add {option('constants', {'p_sided': 1})}, or a column 'p_sided' with 1 or 2 in each row."
            )


def refuse_doubled(names: Sequence[str], new: Mapping[str, str], asked: Mapping[str, str]) -> None:
    """Raise a ColumnError where two columns would be one, or differ in no more than case and signs.

    Of columns that the caller has said, others whose names are alike are none.
    """
    called = {n: t for n in names if (t := new.get(n, n)) in FIELDS or t in LIMITS or n in new}
    for n in names:
        same = next(
            (f for o, f in called.items() if f in FIELDS and f not in (n, asked.get(o)) and key(f) == key(n)), None
        )
        called |= {n: same} if same and n not in new else {}
    targets = list(called.values())
    twice = [t for t in targets if targets.count(t) > 1 and t != "trial"]
    if twice:
        both = [old for old, t in called.items() if t == twice[0]]
        raise ColumnError(f"columns {both[0]!r} and {both[1]!r} would both be {twice[0]!r}: rename one of them.")


def header_of(name: str) -> Header:
    """Return what a name such as 'mPFS (mo)' or 'ORR, % (95% CI)' says; a unit stands in brackets or behind a comma."""
    parts = [*re.findall(r"[(\[]([^)\]]*)[)\]]", name), *re.sub(r"[(\[][^)\]]*[)\]]", "", name).split(",")[1:]]
    units = {UNIT_WORDS[u.lower()] for part in parts for u in _UNIT.findall(part)}
    if re.search(r"(?<!\d)(?<!\d )%\s*$", re.sub(r"[(\[][^)\]]*[)\]]", "", name).strip()):
        units.add("percent")
    level = level_in(name)
    return Header(name, units.pop() if len(units) == 1 else None, None if level is None else round(level / 100, 6))
