"""The R scripts of pools of subsets of the trials, and of permutation tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ...errors import MetaoncError
from ..methods.intervals import CI_METHODS
from ..methods.tau2 import TAU2_METHODS
from ..results.rcode import definitions, interval, lacks, rma
from ..results.rtext import comment, data_frame, number, string, vector

ROWS = {"leave_one_out": "-i", "cumulative": "seq_len(i)"}  # of `dat`, in the i-th pool
UNITS = {"leave_one_out": "unit != i", "cumulative": "unit <= i"}  # the same where a trial has several rows
METAFOR = {"leave_one_out": "leave1out", "cumulative": "cumul"}
LOOP = """\
pools <- lapply({numbers}, function(i) {{
  part <- dat[{rows}, ]
  res <- {fit}
  own <- {own}
  data.frame(study = {name}, estimate = c(own$beta), se = own$se, ci_low = own$ci.lb, ci_high = own$ci.ub,
             tau2 = res$tau2, q = res$QE, i2 = res$I2)
}})
pools <- do.call(rbind, pools)
print(pools, digits = 8, row.names = FALSE)"""

UNIT = """\
names <- unique({units})
unit <- match({units}, names)"""
REFITS = """\
all <- dat
names <- {names}
rows <- list(
{rows}
)
pools <- lapply(seq_along(rows), function(i) {{
  dat <- all[rows[[i]], ]
{fit}
data.frame(study = names[i], rbind({numbers}))
}})"""
COLLECT = "pools[[length(pools) + 1]] <- data.frame(study = {name}, rbind({numbers}))"
COLLECTED = """\
pools <- do.call(rbind, pools)
names(pools) <- {columns}
print(pools, digits = 8, row.names = FALSE)"""
DATA = re.compile(r"(^dat <- data\.frame\(\n.*?\n\)$)", re.MULTILINE | re.DOTALL)  # what `data_frame` writes


def subsets(
    verb: str,
    labels: Iterable[str],
    yi: Iterable[float],
    vi: Iterable[float],
    *,
    method: str,
    ci: str,
    level: float,
    tau2: Iterable[float],
    given: float | None = None,
    units: Sequence[str] | None = None,
) -> str:
    """Return the script of ``leave_one_out`` or ``cumulative``: metafor's fit of each subset.

    Parameters
    ----------
    verb
        Which of the two.
    labels, yi, vi
        The trials, their effects and variances.
    method, ci, level
        Of the pool.
    tau2
        Of each pool, for a method that R does not have.
    given
        The variance between trials where it is known from elsewhere.
    units
        What leaves or comes in together, of each row, where that is not the row.
    """
    estimator = TAU2_METHODS[method]
    known = given is not None or estimator.r_method is None
    each = "tau2[i]" if given is None else number(given)
    test = f'if (nrow(part) > 1) "{CI_METHODS[ci].r_test or "z"}" else "z"'  # metafor has no t of one trial
    fit = rma(method, ci, level, each, given=given is not None, data="part", test=test)
    lines, _ = interval(ci)
    own = f"if (nrow(part) > 1) {lines[0].removeprefix('own <- ')} else res" if lines else "res"
    return "\n".join([
        "library(metafor)",
        data_frame("dat", {"study": labels, "yi": yi, "vi": vi}),
        *definitions(ci),
        *lacks(method, ci),
        *([f"tau2 <- {vector(tau2)}  # of each pool"] if known and given is None else []),
        *([] if units is None else [UNIT.format(units=vector(units))]),
        LOOP.format(fit=fit, own=own, **_counted(verb, units is None)),
    ])  # fmt: skip


def _counted(verb: str, by_row: bool) -> dict[str, str]:
    """Return what the loop goes over, the rows that it takes, and the name of each."""
    if by_row:
        return {"numbers": "seq_len(nrow(dat))", "rows": ROWS[verb], "name": "dat$study[i]"}
    return {"numbers": "seq_len(max(unit))", "rows": UNITS[verb], "name": "names[i]"}


def metafor_subsets(verb: str, script: str) -> str:
    """Return the script of a pool with metafor's own function for its subsets."""
    return f"{script}\npools <- {METAFOR[verb]}(res)\nprint(pools, digits = 8)"


def _alone(part: Part) -> str:
    collected = COLLECT.format(name=string(part.name), numbers=part.numbers)
    return f"{comment(part.name)}\n{part.script}\n{collected}"


class Part(NamedTuple):
    """A subset: its name, its script and the R expression of its numbers; why there is none where it has none."""

    name: str
    script: str
    numbers: str
    reason: str


def part_of(name: str, found: Any) -> Part:
    """Return a subset by its result, or by the error that tells why there is none."""
    if isinstance(found, MetaoncError):
        return Part(name, "", "", str(found))
    return Part(name, str(found.r_code()), found.r_estimate, "")


def refits(whole: str, parts: Sequence[Part], rows: Sequence[Iterable[int]], columns: tuple[str, ...]) -> str:
    """Return the script of subsets that are fitted as the whole was: as a loop where only the data differ.

    Parameters
    ----------
    whole
        Script of the result of all trials.
    parts, rows
        The subsets, and the rows of the data that are in each, counted from 1.
    columns
        Names of the numbers that are collected of each.
    """
    there = [(part, chosen) for part, chosen in zip(parts, rows, strict=True) if not part.reason]
    lacking = [comment(f"no estimate, {part.name}: {part.reason}") for part in parts if part.reason]
    pieces = [(DATA.split(part.script), part.numbers) for part, _ in there]
    head = DATA.split(whole)
    alike = {(before, after, numbers) for (before, *_, after), numbers in pieces} if len(head) == 3 else set()
    if len(alike) == 1:
        before, after, numbers = alike.pop()
        chosen = ",\n".join(f"  {vector(list(map(int, rows)))}" for _, rows in there)
        names = vector(part.name for part, _ in there)
        loop = REFITS.format(names=names, rows=chosen, fit=after.strip(), numbers=numbers)
        body = [f"{before}{head[1]}", loop]
    else:
        body = ["pools <- list()", *(_alone(part) for part, _ in there)]
    return "\n\n".join([*lacking, *body, COLLECTED.format(columns=vector(["study", *columns]))])


def permutation(script: str, method: str, ci: str, exact: bool, n: int) -> str:
    """Return the script of a result with metafor's permutation test, or with the reason why R has none.

    Parameters
    ----------
    script
        Of the result that is tested.
    method, ci
        Of that result.
    exact, n
        Whether all rearrangements are gone through, and how many; R draws others at random.
    """
    if CI_METHODS[ci].r_test is None or TAU2_METHODS[method].r_method is None:
        return f"{script}\n{comment(f'no permutation test in metafor with {method} and {ci}')}"
    return f"{script}\npermutest(res, {'exact = TRUE' if exact else f'iter = {n}'}, progbar = FALSE)"
