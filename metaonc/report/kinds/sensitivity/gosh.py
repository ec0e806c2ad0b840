"""Pools of all subsets, in the words of a manuscript (PRISMA 2020, items 13f and 20d)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ....analysis.interaction.wording import LIMITS
from ....analysis.pooling.inverse_variance.result import MetaResult
from ....analysis.sensitivity.all_subsets.result import GoshResult
from ....base.digits import percentage
from ...blocks import Block, Grid
from ...document.look import Look
from ...texts.printer import Printer, trial
from .. import Kind, kind_of
from .said import printed

CITED = "Olkin, Dahabreh and Trikalinos 2012, doi:10.1002/jrsm.1053"
NAMES = {
    "study": "Trial", "estimate_with": "Mean effect with it", "estimate_without": "without",
    "i2_with": "Mean I² with it", "i2_without": "I² without",
    "share_lower": "Share in lower cluster", "share_upper": "in upper cluster",
}  # fmt: skip


def _methods(r: GoshResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on its subsets."""
    paragraphs = kind_of(r.whole).methods(r.whole, cited, printer)
    cited.append(CITED)
    which = (
        "all subsets of the trials" if r.exact else f"{len(r)} subsets of the trials, drawn at random (seed {r.seed}),"
    )
    return [
        *paragraphs,
        f"As a sensitivity analysis {which} were pooled by the same model (GOSH). The mean effect and I² of the "
        "subsets with each trial were set beside those without it, and the subsets of two trials or more were split "
        "into two clusters by effect and I² (two means of standardised values).",
    ]


def _results(r: GoshResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, on where its subsets lie, and on what drives them."""
    paragraphs = kind_of(r.whole).results(r.whole, printer)
    (low, _, high), (i2_low, _, i2_high), name = r.spread
    pool = _natural(r.whole)
    first, last = printed(r.whole.record, [low, high], pool, r.whole.level, printer)
    ends = [printer.journal.decimal(percentage(x)) for x in (i2_low, i2_high)]
    row = r.drivers[r.drivers["study"] == r.driver].iloc[0]
    natural = r.tidy(transform=r.whole.record.inverse_needs is None).query("term == @r.driver")["estimate"]
    a, b = printed(r.whole.record, natural.tolist(), pool, r.whole.level, printer)
    i2 = [printer.journal.decimal(percentage(float(row[column]))) for column in ("i2_with", "i2_without")]
    return [
        *paragraphs,
        f"Of {len(r)} subsets, 95% had a {name} between {first} and {last} and I² between {ends[0]}% and {ends[1]}%. "
        f"Estimates differed most with and without {trial(r.driver)}: on average {a} with it and {b} without, I² "
        f"{i2[0]}% and {i2[1]}%. {r.heaps(printer.significant)}.",
    ]


def _natural(r: MetaResult) -> pd.DataFrame:
    """Return a pool with its interval on the natural scale, as far as there is one."""
    values = np.array([r.estimate, r.ci_low, r.ci_high])
    shown = values if r.record.inverse_needs else r.natural(values)
    return pd.DataFrame([shown], columns=list(LIMITS))


def _figures(r: GoshResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import shown
    from ...figures.sensitivity.gosh import gosh

    return (
        *shown(r.whole, look),
        look.drawing(gosh(r, effect=look.effect, unit=look.unit), "Pools of subsets"),
        Grid(r.drivers.rename(columns=NAMES), "Which trials drive the pools of subsets, on the scale of analysis"),
    )


KIND = Kind(
    verbs="sensitivity.gosh", heading=lambda _: "Pools of subsets", methods=_methods, results=_results, figures=_figures
)
