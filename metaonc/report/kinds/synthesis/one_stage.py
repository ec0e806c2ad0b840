"""Models of the patients of all trials: words, and a table of the trials with the pool."""

from __future__ import annotations

import math

import numpy as np

from ....analysis.synthesis.one_stage.centred import ACROSS, OF_TREATMENT
from ....analysis.synthesis.one_stage.frailty_result import FrailtyPool
from ....analysis.synthesis.one_stage.interaction import IpdInteraction
from ....analysis.synthesis.one_stage.result import IpdPool
from ....analysis.synthesis.one_stage.sets import count
from ....base.digits import UNKNOWN, ratio
from ...blocks import Block, Grid
from ...document.look import Look
from ...journals import Journal
from ...tables.coefficients import VALUES, coefficients, p_cell
from ...tables.content import Table
from ...texts.preparation import left_out
from ...texts.printer import Printer, capital, listed, several
from .. import Kind
from .one_stage_rows import frailty_rows, interaction_rows, pool_rows
from .one_stage_words import lacking_in, means, missing, of_sets, one_arm

RIPATTI, BURKE, FISHER = "Ripatti and Palmgren 2000", "Burke et al. 2017", "Fisher et al. 2017"
GAMMA = "Therneau et al. 2003"
MODEL = {
    "common": "an effect of treatment common to all trials",
    "exact": "normally distributed effects of treatment that were integrated out by Gauss-Hermite quadrature (maximum "
    "likelihood)",
    "laplace": "normally distributed effects of treatment, by Laplace's approximation (maximum likelihood)",
    "bayes": "normally distributed effects of treatment, whose posterior was computed by quadrature",
}
INTERVALS = {
    "profile": "Confidence intervals ({level}) are by profile likelihood, and the test is the likelihood-ratio test.",
    "wald": "Confidence intervals ({level}) and tests are Wald's.",
    "t": "Confidence intervals ({level}) and tests are by Student's t.",
    "credible": "Credible intervals ({level}) are between quantiles of the posterior.",
}
MEASURED = "The effect measure was the hazard ratio, analysed as log hazard ratio."


def _ties(r: IpdPool | FrailtyPool | IpdInteraction) -> str:
    return f"{r.ties.capitalize()}'s method for tied events"


def _model(r: IpdPool) -> str:
    """Return the model of a trial's patients, without what is taken of the treatment's effect."""
    if r.cuts is None:
        return "Cox's model"
    if not r.cuts:
        return "an exponential (Poisson) model"
    return f"a piecewise exponential (Poisson) model whose hazards change at {listed([f'{x:g}' for x in r.cuts])},"


def _methods(r: IpdPool, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on a one-stage model."""
    cited += ([RIPATTI] if r.method == "laplace" else []) + [BURKE]
    prior = ""
    if r.tau_prior is not None:
        p = r.effect_prior
        effect = "flat" if p is None else f"normal (mean {p.mean:g}, standard deviation {p.sd:g})"
        prior = printer.plain(f" The prior of τ was {r.tau_prior}, that of the mean log hazard ratio {effect}.")
    entry = r.provenance.settings.get("entry")
    late = printer.plain(f" Patients are at risk from their entry on ({entry}; left truncation).") if entry else ""
    limits = INTERVALS[r.ci].format(level=printer.percent(r.level)) + late + of_sets(r)
    if r.k == 1 and r.method == "common":
        ties = f" with {_ties(r)}" if r.cuts is None else ""
        return [
            MEASURED,
            printer.plain(f"The patients of one trial were analysed by {_model(r)}{ties}. ") + limits,
        ]
    two = " The trials' own hazard ratios were also pooled in two stages, by inverse variance." * bool(len(r.two_stage))
    baseline = (
        f"a baseline hazard of its own for each trial, {_ties(r)}"
        if r.cuts is None
        else ("baseline hazards of its own for each trial, conditioned out,")
    )
    return [
        MEASURED,
        printer.plain(f"The patients of all trials were pooled in one stage, by {_model(r)} with ") + f"{baseline} and "
        f"{MODEL[r.method]}.{prior} {limits}{two}",
    ]


def _results(r: IpdPool, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, on heterogeneity, and on two stages."""
    kind = "CrI" if r.method == "bayes" else "CI"
    effect = printer.interval(np.exp([r.estimate, r.ci_low, r.ci_high]), ratio, r.level, kind=kind)
    tested = f"probability of a hazard ratio below 1: {printer.significant(r.probability)}" if r.method == "bayes" \
        else printer.p(r.p_value)  # fmt: skip
    return [
        left_out(r),
        f"{several(r.k)} with {r.n} patients contributed; the event happened in "
        f"{printer.plain(count(r.events))} of them.",
        f"The {'pooled ' * (r.k > 1)}hazard ratio of {r.treatment} to {r.control} was {effect}, {tested}.",
        *missing(r, printer),
        *_spread(r, printer),
        *_two_stages(r, printer),
    ]


def _spread(r: IpdPool, printer: Printer) -> list[str]:
    if r.method == "common":
        return []
    if r.sets is not None:
        return [f"The variance between trials (τ²) was {printer.significant(r.tau2)}, on average over the sets.",
                *_new_trial(r, printer)]  # fmt: skip
    high = "no bound" if math.isinf(r.tau2_high) else printer.significant(r.tau2_high)
    said = [f"The variance between trials (τ²) was {printer.significant(r.tau2)} ({printer.percent(r.level)} interval "
            f"{printer.significant(r.tau2_low)} to {high})."]  # fmt: skip
    return said + _new_trial(r, printer)


def _new_trial(r: IpdPool | FrailtyPool, printer: Printer) -> list[str]:
    """Return the sentence on a new trial, where there is one."""
    if not math.isfinite(r.prediction_low):
        return []
    low, high = printer.together(ratio, math.exp(r.prediction_low), math.exp(r.prediction_high))
    percent = printer.percent(r.level)
    return [f"In a new trial the hazard ratio is expected between {low} and {high} ({percent} prediction interval)."]


def _two_stages(r: IpdPool, printer: Printer) -> list[str]:
    if not len(r.two_stage):
        return []
    rows = r.two_stage.set_index("model")
    model = "common effect" if r.method == "common" else "REML"
    row = rows.loc[model]
    effect = printer.interval(np.exp([float(row[x]) for x in VALUES_OF]), ratio, r.level)
    lacking = lacking_in(r)
    without = f", without {lacking}, whose events are all of one arm" if lacking else ""
    return [f"In two stages ({model}{without}) it was {effect}."]


VALUES_OF = ("estimate", "ci_low", "ci_high")


def _table(r: IpdPool, journal: Journal, effect: str | None) -> Table:
    """Return the trials' own hazard ratios, and the pool."""
    percent = Printer(journal).percent(r.level)
    counts = {row["study"]: row for row in r.trials.to_dict("records")}
    rows, numbers = [], []
    for row in r.tidy(transform=True).to_dict("records"):
        values = [float(row[x]) for x in VALUES_OF]
        n = counts.get(row["term"]) if row["type"] == "study" else None
        cells = (
            tuple(f"{journal.decimal(count(n[f'events_{arm}']))}/{n[f'n_{arm}']}" for arm in "tc") if n else ("", "")
        )
        estimate, low, high = values
        shown = UNKNOWN if math.isnan(estimate) else journal.decimal(journal.interval(estimate, low, high, ratio))
        name = row["term"] if n else "Pool, one stage"
        rows.append((name, *cells, shown, p_cell(journal, float(row["p_value"]))))
        numbers.append({"label": name, **dict(zip(VALUES, values, strict=True)), "p_value": row["p_value"]})
    title = effect or "Hazard ratio"
    return coefficients(
        title=f"{title}, {several(r.k)}",
        headers=("Term", f"{r.treatment}: events/patients", f"{r.control}: events/patients", f"{title} ({percent} CI)",
                 capital(journal.p.symbol)),
        rows=rows, texts=[],
        footnotes=(f"Trials by {_model(r)} each; pool in one stage, stratified by trial, {MODEL[r.method]}; {r.ci} "
                   "interval.", *one_arm(r),
                   *means(r)),
        numbers=numbers,
    )  # fmt: skip


def _frailty_methods(r: FrailtyPool, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on a shared frailty model."""
    cited.append(GAMMA if r.frailty == "gamma" else RIPATTI)
    how = {"gamma": "a gamma distributed factor", "lognormal": "a log-normally distributed factor"}[r.frailty]
    effect = {
        "common": "an effect of treatment common to all trials",
        "random": "normally distributed effects of treatment",
        "correlated": "normally distributed effects of treatment, correlated with these",
    }
    limits = INTERVALS[r.ci].format(level=printer.percent(r.level)) + of_sets(r)
    return [
        MEASURED,
        f"The patients of all trials were pooled by Cox's model with one baseline hazard, {how} for each trial (shared "
        f"frailty), {effect[r.effect]} and {_ties(r)}. {limits}",
    ]


def _frailty_results(r: FrailtyPool, printer: Printer) -> list[str]:
    """Return the paragraphs on a shared frailty model."""
    effect = printer.interval(np.exp([r.estimate, r.ci_low, r.ci_high]), ratio, r.level)
    said = f"The variance of the trials' factors was {printer.significant(r.baseline_variance)}"
    if r.effect != "common":
        said += f", that of the treatment's effect (τ²) {printer.significant(r.tau2)}"
    said += "" if r.sets is None else ", on average over the sets"
    return [
        left_out(r),
        f"{several(r.k)} with {r.n} patients contributed; the event happened in "
        f"{printer.plain(count(r.events))} of them.",
        f"The pooled hazard ratio of {r.treatment} to {r.control} was {effect}, {printer.p(r.p_value)}. {said}.",
        *missing(r, printer),
        *_new_trial(r, printer),
    ]


def _frailty_table(r: FrailtyPool, journal: Journal, effect: str | None) -> Table:
    """Return the pool, and the variances below it."""
    printer, title = Printer(journal), effect or "Hazard ratio"
    values = estimate, low, high = np.exp([r.estimate, r.ci_low, r.ci_high]).tolist()
    said = f"Variance of the trials' factors: {printer.significant(r.baseline_variance)}"
    if r.effect != "common":
        said += f"; of the treatment's effect (τ²): {printer.significant(r.tau2)}"
    name, how = "Pool, shared frailty", "Wald" if r.sets is None else "Student's t"
    return coefficients(
        title=f"{title}, {r.treatment} to {r.control}, {several(r.k)}",
        headers=("Term", f"{title} ({printer.percent(r.level)} CI)", capital(journal.p.symbol)),
        rows=[(name, journal.decimal(journal.interval(estimate, low, high, ratio)), p_cell(journal, r.p_value))],
        texts=[said],
        footnotes=(
            f"Cox's model with one baseline hazard and a factor for each trial ({r.frailty}); {how} interval.",
            *means(r),
        ),
        numbers=[{"label": name, **dict(zip(VALUES, values, strict=True)), "p_value": r.p_value}],
    )


def _interaction_table(r: IpdInteraction, journal: Journal, effect: str | None) -> Table:
    """Return the coefficients as ratios, each with what it is a ratio of."""
    printer, rows, numbers = Printer(journal), [], []
    for row in r.tidy(transform=True).to_dict("records"):
        values = estimate, low, high = [float(row[x]) for x in VALUES_OF]
        what = "hazard ratio" if row["term"] in OF_TREATMENT else "ratio of hazard ratios"
        shown = journal.decimal(journal.interval(estimate, low, high, ratio))
        rows.append((row["term"], what, shown, p_cell(journal, float(row["p_value"]))))
        numbers.append({"label": row["term"], **dict(zip(VALUES, values, strict=True)), "p_value": row["p_value"]})
    unit = f"{r.compared} to {r.reference}" if r.compared else "one unit more"
    return coefficients(
        title=f"{effect or 'Ratio of hazard ratios'} by {r.by} ({unit}), {several(r.k)}",
        headers=("Term", "Measure", f"Ratio ({printer.percent(r.level)} CI)", capital(journal.p.symbol)),
        rows=rows, texts=[],
        footnotes=(f"{r.treatment} against {r.control}, by Cox's model stratified by trial; the interaction is within "
                   "trials. Not centred, it mixes this with the comparison of trials.",
                   *means(r)),
        numbers=numbers,
    )  # fmt: skip


def _frailty_figures(r: FrailtyPool, look: Look) -> tuple[Block, ...]:
    from ...document.figures import forest_blocks, printed, readable

    return *forest_blocks(r, look)[:1], *printed(r, look), Grid(readable(r.trials), "Trials in the frailty model")


def _interaction_methods(r: IpdInteraction, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on an interaction."""
    cited.append(FISHER)
    return [
        MEASURED,
        f"How the effect of treatment changes with {r.by} was estimated in one stage by Cox's model, stratified by "
        f"trial, with the covariate's own effect apart in each trial and {_ties(r)}; the interaction was centred about "
        "the trials' means, so that it compares patients within trials only. "
        f"{INTERVALS[r.ci].format(level=printer.percent(r.level))}{of_sets(r)}",
    ]


def _interaction_results(r: IpdInteraction, printer: Printer) -> list[str]:
    """Return the paragraphs on an interaction."""
    unit = f"{r.compared} to {r.reference}" if r.compared else "one unit more"
    effect = printer.interval(np.exp([r.estimate, r.ci_low, r.ci_high]), ratio, r.level)
    said = [
        left_out(r),
        f"{several(r.k)} with {r.n} patients contributed; {r.by} differed between patients in {r.informative} of them.",
        f"The ratio of hazard ratios within trials ({unit}) was {effect}, {printer.p(r.p_value)}.",
    ]
    said += missing(r, printer)
    across = r.table[r.table["term"] == ACROSS]
    if len(across):
        row = across.iloc[0]
        effect = printer.interval(np.exp([float(row[x]) for x in VALUES_OF]), ratio, r.level)
        said.append(f"Across trials it was {effect}.")
    return said


def _interaction_figures(r: IpdInteraction, look: Look) -> tuple[Block, ...]:
    from ...document.figures import forest_blocks, natural_numbers, readable

    forest = forest_blocks(r, look)[:1]
    return *forest, Grid(readable(natural_numbers(r)), f"Ratios of hazard ratios by {r.by}")


def _figures(r: IpdPool, look: Look) -> tuple[Block, ...]:
    from ...document.figures import forest_blocks, printed, readable

    forest = forest_blocks(r, look)[:1] if r.k > 1 else ()
    return *forest, *printed(r, look), Grid(readable(r.two_stage), "The same in two stages, log hazard ratios")


POOL = Kind(verbs="survival.pool_ipd", methods=_methods, results=_results, rows=pool_rows, table=_table,
            figures=_figures)  # fmt: skip
FRAILTY = Kind(verbs="survival.pool_frailty", methods=_frailty_methods, results=_frailty_results,
               rows=frailty_rows, table=_frailty_table, figures=_frailty_figures)  # fmt: skip
INTERACTION = Kind(verbs="survival.ipd_interaction", methods=_interaction_methods, results=_interaction_results,
                   rows=interaction_rows, table=_interaction_table, figures=_interaction_figures)  # fmt: skip
