"""Multiverses of choices, in the words of a manuscript (PRISMA 2020, items 13f and 20d)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ....analysis.sensitivity.choices.result import MultiverseResult
from ....analysis.sensitivity.choices.specifications import ENDS, FIRST
from ....base.digits import plain, whole_percent
from ...blocks import Block, Grid
from ...document.look import Look
from ...texts.printer import Printer, listed, several
from .. import Kind, kind_of
from .said import printed

CITED = ("Steegen et al. 2016, doi:10.1177/1745691616658637", "Simonsohn et al. 2020, doi:10.1038/s41562-020-0912-z",
         "Voracek et al. 2019, doi:10.1027/2151-2604/a000357")  # fmt: skip
MOST = 12  # options that are listed


def _label(r: MultiverseResult, name: str, code: str) -> str:
    """Return what an option is called in a text."""
    if name not in FIRST:
        return code
    return r.label_of(name, code).replace("tau²", "τ²")


def _methods(r: MultiverseResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on the choices that were gone through."""
    paragraphs = kind_of(r.whole).methods(r.whole, cited, printer)
    cited += CITED
    went = [_went_through(r, name, options) for name, options in r.choices.items() if len(options) > 1]
    text = (f"As a sensitivity analysis the trials were pooled by every combination of choices, "
            f"{several(len(r), 'specification')} in all.")  # fmt: skip
    if went:
        text += f" The choices were {'; '.join(went)}. The part of each in the variance of the estimates is Shapley's."
    if rule := r.provenance.settings["rule"]:
        text += f" Where none were named, taken were {rule.replace('tau²', 'τ²')}."
    return [*paragraphs, text]


def _went_through(r: MultiverseResult, name: str, options: tuple[str, ...]) -> str:
    """Return a choice with its options."""
    if len(options) > MOST:
        return f"{r.name_of(name)}, {several(len(options), 'option')}"
    return f"{r.name_of(name)}: {', '.join(_label(r, name, code) for code in options)}"


def _results(r: MultiverseResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, on where the estimates lie, and on which choice moves them."""
    paragraphs = kind_of(r.whole).results(r.whole, printer)
    e = r.natural(r.table["estimate"].to_numpy())
    pool = pd.DataFrame([r.natural(r.table[list(ENDS)].to_numpy(dtype=float)[0])], columns=list(ENDS))
    ends = [float(np.min(e)), float(np.max(e)), float(np.median(e))]
    low, high, middle = printed(r.whole.record, ends, pool, r.whole.level, printer)
    text = (f"Over {several(len(r), 'specification')} the {r.whole.record.natural} lay between {low} and {high}, half "
            f"of them below {middle}.")  # fmt: skip
    return [*paragraphs, " ".join([text, *conclusions(r, printer), *movers(r, printer), *_without(r)])]


def _without(r: MultiverseResult) -> list[str]:
    """Return the sentence on specifications that have no estimate."""
    if not len(r.not_pooled):
        return []
    return [f"A further {several(len(r.not_pooled), 'specification')} had no estimate, as the counts that were left "
            "allowed none."]  # fmt: skip


def conclusions(r: MultiverseResult, printer: Printer) -> list[str]:
    """Return the sentence on how many specifications come to the conclusion of the pool."""
    if r.benchmark is None:
        return []
    null = benchmark_said(r, printer)
    share = printer.journal.decimal(whole_percent(100 * r.agreement))
    where = {"below": f"lay below {null}", "above": f"lay above {null}", "includes": f"included {null}"}
    return [
        f"In {share}% of specifications the interval {where[r.table['conclusion'].iloc[0]]}, as that of the pool did."
    ]


def benchmark_said(r: MultiverseResult, printer: Printer) -> str:
    """Return what intervals are compared with, as a text prints it."""
    assert r.benchmark is not None
    if r.whole.record.scale == "percent":
        return f"{printer.journal.decimal(plain(100 * r.benchmark))}%"
    return printer.journal.decimal(plain(r.benchmark))


def movers(r: MultiverseResult, printer: Printer) -> list[str]:
    """Return the sentence on the shares of the choices."""
    t = r.shares.sort_values("share", ascending=False)
    if not t["share"].sum() > 0:
        return []
    each = [f"{r.name_of(str(row.choice))}, {printer.journal.decimal(whole_percent(100 * float(row.share)))}%"  # type: ignore[arg-type]
            for row in t.itertuples()]  # fmt: skip
    return [f"Shares of the choices in the spread of the estimates: {listed(each)}."]


def _figures(r: MultiverseResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import readable, shown
    from ...figures.sensitivity.specification import specification

    shares = r.shares.assign(choice=[r.name_of(name) for name in r.shares["choice"]])
    names = [r.name_of(name) for name in r.choices]
    single = pd.DataFrame({"choice": names, "option": [str(r.table[name].iloc[0]) for name in r.choices]})
    gone = r.not_pooled.drop(columns="set").rename(columns=dict(zip(r.choices, names, strict=True)))
    return (
        *shown(r.whole, look),
        look.drawing(specification(r, effect=look.effect, unit=look.unit), "Specification curve"),
        Grid(readable(shares), "Shares of choices in the spread")
        if len(shares)
        else Grid(readable(single), "The only specification"),
        *([Grid(readable(gone), "Specifications without an estimate")] if len(gone) else []),
    )


KIND = Kind(
    verbs="sensitivity.multiverse",
    heading=lambda _: "Pools by other choices",
    methods=_methods,
    results=_results,
    figures=_figures,
)
