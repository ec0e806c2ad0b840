"""What each question found, in plain words: what moves the conclusion, and what does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ...base.digits import Form, plain
from ...base.words import with_article
from ..bias.cautions import ALPHA
from ..numeric.distributions import critical
from ..sensitivity.case_deletion.rules import USUAL
from ..sensitivity.conclusions import conclusion_of
from ..sensitivity.several_left_out.result import LeaveKOutResult

HOLDS, MOVES = "holds", "moves"
ROW = re.compile(r" \(row \d+\)")
NAMED = 5  # trials or sets that are named
MOSTLY = 0.95  # share of specifications with the conclusion of the pool from which on it holds


def capital(text: str) -> str:
    """Return a sentence with a capital."""
    return text[:1].upper() + text[1:]


class Statement(NamedTuple):
    """What a question found: its name, what follows for the conclusion (empty where nothing does), and the finding."""

    check: str
    verdict: str
    finding: str


class Words(NamedTuple):
    """How a page prints: effects all by one form, p-values, and what it makes of the text of a number."""

    form: Form
    p: Callable[[float], str]
    text: Callable[[str], str] = str

    def numbers(self, *values: float) -> tuple[str, ...]:
        """Return effects that are read together."""
        return tuple(map(self.text, self.form.of(*values)))

    def exact(self, x: float) -> str:
        """Return a number that is given or counted: a benchmark, a size."""
        return self.text(plain(x).replace("-", "−"))

    def percent(self, share: float) -> str:
        """Return a share in percent; what is not all or nothing is not printed as such."""
        value = 100 * share
        near = 99.9 if 99 < value < 100 else 0.1 if 0 < value < 1 else None
        return f"{'more than ' if near == 99.9 else 'less than ' if near == 0.1 else ''}" + (
            f"{99 if near == 99.9 else 1 if near == 0.1 else round(value)}%"
        )


def conclusion(r: Any, words: Words) -> str:
    """Return the sentence on the conclusion that is asked about."""
    w = r.whole
    estimate, low, high = _natural(r, (w.estimate, w.ci_low, w.ci_high), words)
    said = f"The pooled {_name(w)} is {estimate} ({low} to {high})"
    if r.benchmark is None:
        return f"{said}. Without a line of no effect or a benchmark there is no conclusion to overturn."
    return f"{said}: its interval {_verb(_own(r))} {_null(r, words)}. This conclusion is asked about."


def statements(r: Any, words: Words) -> list[Statement]:
    """Return all statements.

    Parameters
    ----------
    r
        A ``RobustnessResult``.
    words
        How numbers are printed.
    """
    return list(_statements(r, words))


def _statements(r: Any, words: Words) -> Iterator[Statement]:
    if r.single is not None:
        yield _left_out(r, r.single, "single trials", "any one trial", words)
    if r.pairs is not None:
        yield _left_out(r, r.pairs, "pairs of trials", "any two trials", words)
    if r.influence is not None:
        yield _influence(r)
    if r.gosh is not None:
        yield _subsets(r, words)
    if r.multiverse is not None:
        yield _choices(r, words)
    if r.small_study is not None:
        yield _small_study(r, words)
    if r.tipping_point is not None:
        yield Statement("a further trial", "", _further(r, words))
    if r.fragility is not None:
        yield _fragile(r, words)
    if r.e_value is not None:
        yield _confounded(r, words)


def _own(r: Any) -> str:
    w = r.whole
    return str(conclusion_of(np.array([w.ci_low]), np.array([w.ci_high]), r.benchmark)[0])


def _verb(conclusion: str) -> str:
    return "includes" if conclusion == "includes" else f"lies {conclusion}"


def _natural(r: Any, values: Iterable[float], words: Words) -> tuple[str, ...]:
    """Return effects of the scale of analysis on the natural one where there is one, as they are printed together."""
    unit, sign = _unit(r.whole)
    with np.errstate(over="ignore"):  # limits of hardly a degree of freedom
        shown = words.numbers(*(unit * float(r.whole.natural(x) if r.whole.has_natural else x) for x in values))
    return tuple(f"{text}{sign}" for text in shown)


def _unit(whole: Any) -> tuple[float, str]:
    """Return what effects are multiplied by in print, and the sign behind them."""
    return (100.0, "%") if whole.has_natural and whole.record.scale == "percent" else (1.0, "")


def _name(whole: Any) -> str:
    return str(whole.record.natural if whole.has_natural else whole.record.label)


def _null(r: Any, words: Words) -> str:
    unit, sign = _unit(r.whole)
    return f"{words.exact(unit * float(r.whole.natural(r.benchmark)))}{sign}"


def _range(r: Any, estimates: Any, words: Words) -> str:
    low, high = _natural(r, (np.min(estimates), np.max(estimates)), words)
    return f"the {_name(r.whole)} lies between {low} and {high}"


def _listed(names: list[str]) -> str:
    shown = names[:NAMED]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    if more or len(shown) == 1:
        return ", ".join(shown) + more
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def _left_out(r: Any, found: LeaveKOutResult, check: str, what: str, words: Words) -> Statement:
    where = _range(r, found["estimate"], words)
    far = str(found.farthest["left_out"].iloc[0])
    if r.benchmark is None:
        return Statement(check, "", f"without {what} {where}; farthest from the pool without {far}.")
    null = _null(r, words)
    changed = found.changed
    if changed.empty:
        return Statement(
            check, HOLDS, f"without {what} the interval still {_verb(_own(r))} {null}; {where}, farthest from the pool "
            f"without {far}.",
        )  # fmt: skip
    names = [str(name) for name in changed["left_out"]]
    some = f"{len(names)} of {len(found)}" if len(found) > len(names) else f"all {len(found)}"
    return Statement(
        check, MOVES, f"the interval no longer {_verb(_own(r))} {null} without {some} ({'; '.join(names[:NAMED])}"
        f"{'; ...' if len(names) > NAMED else ''}); {where}.",
    )  # fmt: skip


def _influence(r: Any) -> Statement:
    flagged = [str(name) for name in r.influence.flagged["study"]]
    if not flagged:
        return Statement("influence", "", f"no trial is flagged as influential{_outlying(r)}.")
    noun = "trial is" if len(flagged) == 1 else "trials are"
    return Statement(
        "influence", "", f"{len(flagged)} {noun} flagged: {_listed(flagged)}. A flag is a reason to look at a trial, "
        "none to leave it out.",
    )  # fmt: skip


def _outlying(r: Any) -> str:
    """Return which trials lie beyond where most do, which no rule flags; of rows that leave together none is asked."""
    t, bound = r.influence.table, float(critical(USUAL))
    if r.influence.by_block or not (beyond := t["rstudent"].abs() > bound).any():
        return ""
    names = [f"{name} ({value:.1f})" for name, value in t.loc[beyond, ["study", "rstudent"]].itertuples(index=False)]
    return f"; standardised residuals beyond ±{bound:.2f}, where 95% lie if the model is true: {_listed(names)}"


def _subsets(r: Any, words: Words) -> Statement:
    g = r.gosh
    e = g.table.loc[g["k"] > 1, "estimate"]
    low, high = _natural(r, e.quantile([0.025, 0.975]), words)
    apart = "they lie in two clusters" if g.apart else "they lie in one heap"
    which = f"all {len(e)}" if g.exact else f"{len(e)} random"
    name = with_article(_name(r.whole))
    text = (
        f"of {which} subsets of two trials or more 95% have {name} between {low} and {high}; {apart}, and estimates "
        f"differ most with and without {ROW.sub('', g.driver)}"
    )
    if r.benchmark is None or _own(r) == "includes":  # an interval about no effect says nothing of sides
        return Statement("subsets", "", f"{text}.")
    same = float(((e - r.benchmark) * (r.whole.estimate - r.benchmark) > 0).mean())
    null = _null(r, words)
    verdict = MOVES if same < MOSTLY else HOLDS
    return Statement("subsets", verdict, f"{text}; {words.percent(same)} lie on the pool's side of {null}.")


def _choices(r: Any, words: Words) -> Statement:
    m = r.multiverse
    shares = m.shares.sort_values("share", ascending=False)
    most = ""
    if len(shares) and shares["share"].iloc[0] > 0:
        name = {"method": f"the {m.name_of('method')}", "one trial": "which trial is left out"}.get(
            str(shares["choice"].iloc[0]), str(shares["choice"].iloc[0])
        )
        most = f"; {name} makes {words.percent(float(shares['share'].iloc[0]))} of the spread"
    where = _range(r, m["estimate"], words)
    if r.benchmark is None:
        return Statement("choices", "", f"over {len(m)} specifications {where}{most}.")
    verdict = HOLDS if m.agreement >= MOSTLY else MOVES
    return Statement(
        "choices", verdict, f"in {words.percent(m.agreement)} of {len(m)} specifications the interval "
        f"{_verb(_own(r))} {_null(r, words)}; {where}{most}.",
    )  # fmt: skip


def _small_study(r: Any, words: Words) -> Statement:
    t = r.small_study
    asymmetric = bool(t.p_value < ALPHA)
    said = (
        "small trials have other effects than large ones, as they would if some went unpublished, or differed otherwise"
        if asymmetric
        else "no sign that small trials have other effects than large ones, which is no proof that they have not"
    )
    return Statement("small-study effects", MOVES if asymmetric else "", f"{said} ({words.p(t.p_value)}).")


def _further(r: Any, words: Words) -> str:
    t = r.tipping_point
    there = t.table[t.table["effect"].notna()]
    if there.empty:
        return "no result of one further trial of usual size overturns the conclusion."
    typical = float(np.median(t.typical))
    row = there.iloc[int((there["size"] - typical).abs().argmin())]
    found = f" ({row['found']:.0f} {t.found_name})" if t.counted else ""
    name = with_article(_name(r.whole))
    text = (
        f"one of {words.exact(float(row['size']))} {t.size_name} overturns it with {name} of "
        f"{_natural(r, [row['effect']], words)[0]}{found}"
    )
    if not t.significant:
        return f"{text}."
    null = _null(r, words)
    if np.isnan(t.null_size):
        return f"{text}; one that finds {null} does not, however large."
    return f"{text}; one that finds {null} does from {words.exact(float(np.ceil(t.null_size)))} {t.size_name} on."


def _fragile(r: Any, words: Words) -> Statement:
    f = r.fragility
    return Statement(
        "fragility", "", f"{f.index} patient{'s' * (f.index != 1)} with another outcome decide{'s' * (f.index == 1)} "
        f"whether the interval includes no effect ({words.percent(f.quotient)} of all).",
    )  # fmt: skip


def _confounded(r: Any, words: Words) -> Statement:
    e = r.e_value
    estimate, limit = words.numbers(e.estimate, e.limit)
    return Statement(
        "confounding", "", f"were trials not randomised, an unmeasured confounder with risk ratios of "
        f"{estimate} to both treatment and outcome could explain the estimate away, of "
        f"{limit} the interval (E-values, for a common outcome).",
    )  # fmt: skip
