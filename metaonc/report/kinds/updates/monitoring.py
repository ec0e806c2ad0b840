"""Cumulative meta-analyses with boundaries for repeated tests, in the words of a manuscript."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ....analysis.methods.spending import SPENDING
from ....analysis.sensitivity.monitoring.result import ENDS, MonitoringResult
from ....base.digits import in_percent, percentage, plain
from ...blocks import Block, Grid
from ...document.look import Look
from ...texts.printer import Printer, several, trial
from .. import Kind, kind_of
from ..sensitivity.said import printed

DIVERSITY = "Wetterslev et al. 2009"


def _methods(r: MonitoringResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on the boundaries."""
    rule = SPENDING[r.spending]
    own = kind_of(r.whole).methods(r.whole, cited, printer)
    cited.append(rule.reference)
    allowed = "."
    if r.diversity:
        cited.append(DIVERSITY)
        how = "as found" if r.provenance.settings["heterogeneity"] == "D2" else "as stated beforehand"
        share = printer.journal.decimal(percentage(100 * r.diversity))
        allowed = f", divided by 1 − D² to allow for heterogeneity (diversity {share}%, {how})."
    minimal = printer.journal.decimal(plain(r.minimal))
    text = (
        f"The cumulative pool was held against two-sided boundaries for repeated tests, {rule.label} by error spending "
        f"(error {printer.journal.decimal(plain(r.alpha))} over all looks). Information was that of a common effect, "
        f"the sum of inverse variances; required was what one test with a power of {in_percent(r.power)}% needs for a "
        f"{r.whole.record.natural} of {minimal}{allowed} The z-value of a look is by random effects with τ² of that "
        "look."
    )
    return [*own, printer.journal.decimal(text)]


def _results(r: MonitoringResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on whether and when a boundary was crossed."""
    share = printer.journal.decimal(percentage(100 * r.fraction))
    holds = "holds" if r.whole.trials == 1 else "hold"
    text = f"The {several(r.whole.trials, 'trial')} {holds} {share}% of the required information."
    if r.first is None:
        said = f"{text} No boundary was crossed."
    else:
        row = r.table[r.table["crossed"].astype(bool)].iloc[0]
        like = pd.DataFrame([r.natural(row[list(ENDS)].to_numpy(dtype=float))], columns=list(ENDS))
        (effect,) = printed(r.whole.record, [float(r.natural(row["estimate"]))], like, r.whole.level, printer)
        at = printer.journal.decimal(percentage(100 * float(row["fraction"])))
        said = (
            f"{text} The boundary was first crossed with {trial(r.first)}, at {at}% of it, where the "
            f"{r.whole.record.natural} was {effect}."
        )
    return [*kind_of(r.whole).results(r.whole, printer), said]


def _figures(r: MonitoringResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import readable, shown
    from ...figures.sensitivity.monitoring import monitoring

    t = r.table.assign(**{name: r.natural(r.table[name].to_numpy(dtype=float)) for name in ENDS})
    columns = ["study", "k", "information", "fraction", "z", "boundary", "crossed", *ENDS]
    t = t[columns].assign(crossed=np.where(t["crossed"], "yes", ""))
    drawing = look.drawing(monitoring(r), "Boundaries for repeated tests")
    return *shown(r.whole, look), drawing, Grid(readable(t), "Looks, with boundaries")


def _numbers(r: MonitoringResult) -> pd.DataFrame:
    """Return a row a look, in which a boundary that is crossed is told by a word."""
    t = r.tidy(transform=True)
    return t.assign(crossed=np.where(t["crossed"].astype(bool), "yes", ""))


KIND = Kind(
    verbs="sensitivity.monitor",
    heading=lambda _: "Monitoring of the pool",
    methods=_methods,
    results=_results,
    figures=_figures,
    numbers=_numbers,
)
