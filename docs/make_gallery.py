"""Draw the figures of the gallery and write its page: ``python docs/make_gallery.py``.

Each figure is one entry of ``FIGURES``: its file, what it shows, and the function that draws it from packaged evidence.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from lifelines.datasets import load_lung

import metaonc as mo

HERE = Path(__file__).parent
PLACE = HERE / "gallery"
COLUMN, PAGE = 85.0, 176.0


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the gallery."""

    name: str
    caption: str
    draw: Callable[[], Any]


@cache
def evidence(name: str) -> pd.DataFrame:
    """Return the rows of a collection."""
    return mo.load(name).evidence


@cache
def zhang() -> Any:
    """Return overall survival by HER2: hazard ratios of 14 studies."""
    rows = evidence("zhang2015").query("outcome == 'os'")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.DataWarning)  # two intervals off their centre, as printed
        return mo.effect_sizes(rows, measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high", study="trial")


@cache
def bcg(measure: str = "RR") -> Any:
    """Return the 13 trials of BCG vaccine."""
    arms = {"events_t": "events", "n_t": "n", "events_c": "events_comparator", "n_c": "n_comparator"}
    return mo.effect_sizes(evidence("bcg"), measure=measure, study="trial", **arms)


@cache
def judged() -> Any:
    """Return made-up judgements of the trials of BCG."""
    names = list(bcg()["trial"])
    rows = [["Low"] * 5, ["Low", "SC", "Low", "Low", "Low"], ["High", "Low", "Low", "SC", "Low"],
            ["Low", "Low", "NI", "Low", "SC"]]  # fmt: skip
    whole = ["Low", "SC", "High", "SC"]
    columns = {f"D{i + 1}": [rows[j % 4][i] for j in range(len(names))] for i in range(5)}
    overall = [whole[j % 4] for j in range(len(names))]
    return mo.read_risk_of_bias({"Study": names, **columns, "Overall": overall}, tool="RoB 2")


@cache
def greb() -> Any:
    """Return complete responses to high-dose chemotherapy in aggressive lymphoma: 14 trials."""
    arms = {"events_t": "events", "n_t": "n", "events_c": "events_comparator", "n_c": "n_comparator"}
    return mo.effect_sizes(evidence("greb2008"), measure="OR", study="trial", **arms)


@cache
def pignon() -> Any:
    """Return chemotherapy in head and neck cancer by timing: 65 comparisons."""
    es = mo.effect_sizes(evidence("pignon2000"), measure="HR", o_minus_e="o_minus_e", v="v", study="trial")
    timing = {"adjuvant": "after", "neoadjuvant": "before", "locoregional": "with radiotherapy"}
    return es.assign(timing=es["line"].map(timing))


@cache
def egfr() -> Any:
    """Return progression-free survival under antibodies against EGFR, by KRAS."""
    rows = mo.load("egfr_crc").current().subgroup("KRAS").evidence.query("outcome == 'pfs' and hr_low.notna()")
    es = mo.effect_sizes(
        rows.reset_index(drop=True), measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high", study="trial"
    )
    return es.rename(columns={"subgroup_level": "KRAS"})


@cache
def g12c() -> Any:
    """Return response to KRAS G12C inhibitors in lung and colorectal cancer, single arms."""
    rows = mo.load("g12c").current().evidence.query("outcome == 'orr' and regimen.str.contains('inhibitor')")
    rows = rows[rows["subgroup_variable"].isna() & rows[["events", "n"]].notna().all(axis=1)]
    tumour = rows["population"].str.replace("KRAS G12C ", "")
    rows = rows.assign(tumour=tumour, label=rows["trial"] + ", " + rows["treatment"])
    common = tumour.isin(["non-small-cell lung cancer", "colorectal cancer"])
    return rows[common].sort_values("tumour", ascending=False).reset_index(drop=True)


@cache
def lung() -> Any:
    """Return patients with advanced lung cancer (the data set of R's survival package), as pinned in the tests."""
    pinned = json.loads((HERE.parent / "tests" / "reference" / "survfit.json").read_text("utf-8"))
    data = pd.DataFrame(pinned["cases"]["lung_sex"]["data"])
    sex = data["group"].map({1: "Male", 2: "Female"})
    return data.assign(months=data["time"] / 30.4375, sex=sex)


@cache
def veteran() -> Any:
    """Return patients with lung cancer by histology (the data set of R's survival package), as pinned in the tests."""
    pinned = json.loads((HERE.parent / "tests" / "reference" / "log_rank.json").read_text("utf-8"))
    data = pd.DataFrame(pinned["cases"]["veteran"]["data"])
    return data.assign(months=data["time"] / 30.4375)


@cache
def crossing() -> Any:
    """Return patients of the Veterans' Administration trial by treatment, its cell types as trials, as pinned."""
    pinned = json.loads((HERE.parent / "tests" / "reference" / "across_trials.json").read_text("utf-8"))
    data = pd.DataFrame(pinned["crossing"]["data"])
    return data.assign(time=data["days"] / 30.4375)


@cache
def gastric() -> Any:
    """Return patients of the Gastrointestinal Tumor Study Group's trial in gastric cancer, as pinned in the tests."""
    pinned = json.loads((HERE.parent / "tests" / "reference" / "crossing.json").read_text("utf-8"))
    return pd.DataFrame(pinned["data"]).assign(time=lambda d: d["days"] / (365.25 / 12))


def by_centre() -> Any:
    """Pool survival of the NCCTG's patients with lung cancer over the centres with ten of them and more."""
    patients = load_lung().dropna(subset="inst")
    patients = patients[patients.groupby("inst")["inst"].transform("size") >= 10]
    patients = patients.assign(time=patients["time"] / 30.4375, centre=patients["inst"].astype(int).astype(str))
    times = [3, 6, 9, 12, 15, 18]
    return mo.survival.pool_curves(patients, study="centre", event="status", times=times, unit="months")


def km(**options: Any) -> Any:
    """Draw survival by sex."""
    return mo.plot.km(
        mo.survival.kaplan_meier(lung(), time="months", event="status", by="sex", unit="months"), **options
    )


def by_timing(**options: Any) -> Any:
    """Pool by timing."""
    return mo.pool_subgroups(pignon(), by="timing", study="trial", **options)


def responses() -> Any:
    """Pool response by tumour."""
    return mo.pool_subgroups(g12c(), by="tumour", using=mo.pool_glmm, events="events", n="n", study="label")


def journals(journal: str) -> Any:
    """Draw the trials of BCG vaccine by allocation, in a journal's layout."""
    result = mo.pool_subgroups(bcg(), by="allocation", study="trial")
    return mo.plot.forest(result, journal=journal, favours=("Favours vaccine", "Favours none"))


P = mo.plot
FIGURES = (
    Figure("forest_hr", "Hazard ratios: reported intervals, pooled effect, prediction interval",
           lambda: P.forest(mo.pool(zhang(), study="trial"), effect="Hazard ratio, death")),
    Figure("forest_subgroups", "Sixty-five comparisons in three subgroups, page one of two", lambda: P.forest_pages(
        by_timing(method="CE", ci="wald"), effect="Hazard ratio, death", sort="effect",
        favours=("Favours chemotherapy", "Favours control"))[0]),
    Figure("forest_kras", "Subgroups of the same trials, with the test between them", lambda: P.forest(
        mo.pool_subgroups(egfr(), by="KRAS", study="trial"), effect="Hazard ratio, progression",
        favours=("Favours anti-EGFR", "Favours control"))),
    Figure("forest_rates", "Response rates by tumour: counts, exact intervals, binomial-normal model",
           lambda: P.forest(responses(), effect="ORR")),
    Figure("forest_mantel_haenszel", "Counts of two arms, Mantel-Haenszel", lambda: P.forest(
        mo.pool_mantel_haenszel(evidence("bcg"), measure="RR", events_t="events", n_t="n",
                                events_c="events_comparator", n_c="n_comparator", study="trial"),
        favours=("Favours vaccine", "Favours none"))),
    *(Figure(f"forest_{journal.lower()}", f"As {journal} prints it", partial(journals, journal))
      for journal in ("RevMan5", "JAMA", "BMJ", "Lancet", "JCO")),
    Figure("forest_column", "One column of a journal",
           lambda: P.forest(mo.pool(zhang(), study="trial"), effect="Hazard ratio", journal="JCO", width="column")),
    Figure("forest_bayes", "Posterior of a Bayesian pool",
           lambda: P.forest(mo.pool_bayes(zhang(), study="trial"), effect="Hazard ratio, death")),
    Figure("forest_models", "Meta-regression: what it expects of each trial", lambda: P.forest(
        mo.regress(bcg(), "~ latitude", study="trial"), left=("latitude", "counts", "counts_c"))),
    Figure("forest_left_out", "Pools without each trial in turn",
           lambda: P.forest(mo.sensitivity.leave_one_out(mo.pool(zhang(), study="trial")))),
    Figure("forest_cumulative", "Pools of ever more trials, by year", lambda: P.forest(
        mo.sensitivity.cumulative(mo.pool(bcg().sort_values("year"), study="trial")), effect="Risk ratio")),
    Figure("km", "Survival with landmarks, restricted means and hazard ratio; pale where few are at risk", lambda: km(
        landmarks=(12,), rmst=24, fade_below=20, direct_labels=True,
        hazard_ratio=mo.survival.hazard_ratio(lung(), time="months", event="status", arm="sex", control="Male"))),
    Figure("km_rising", "Events instead of survival, one column",
           lambda: km(direction="up", percent=True, table=["At risk"], direct_labels=True, width=COLUMN)),
    Figure("km_groups", "Four groups: test of all, ratios against one, ticks of one's own", lambda: P.km(
        mo.survival.kaplan_meier(veteran(), time="months", event="event", by="group", unit="months", quantiles=(0.25,)),
        reference="squamous", labels={"adeno": "adenocarcinoma", "smallcell": "small cell", "large": "large cell"},
        ticks=3, xlim=(0, 18), table=["At risk"], title="Survival by histology, Veterans' Administration trial")),
    Figure("km_cut", "Cut at two years", lambda: km(until=24, censor_marks=False)),
    Figure("pooled_curves", "Survival pooled over nine centres, with the band of the next one",
           lambda: P.pooled_curves(by_centre())),
    Figure("rmst", "Curves that cross: difference of restricted means over the horizon", lambda: P.rmst(
        mo.survival.rmst(crossing(), control="standard", horizons=[6, 12], unit="months"))),
    Figure("rmst_pooled", "Differences of restricted means, pooled over trials by three models", lambda: P.rmst(
        mo.survival.pool_rmst(crossing(), control="standard", horizons=[1, 2, 3], unit="months"))),
    Figure("hr_over_time", "A hazard ratio that changes with time, pooled over trials", lambda: P.hr_over_time(
        mo.survival.pool_time_varying(crossing(), control="standard", method="CE", unit="months"))),
    Figure("model_curves", "A model over the Kaplan-Meier estimates, and beyond the follow-up", lambda: P.model_curves(
        mo.survival.royston_parmar(gastric(), control="chemotherapy", time_varying=True, unit="months"), until=72)),
    Figure("model_curves_several", "The three best models by Akaike's criterion", lambda: P.model_curves(
        mo.survival.compare_models(gastric(), control="chemotherapy", unit="months"), until=72)),
    Figure("model_grid", "The best model in each trial", lambda: P.model_grid(mo.survival.compare_models(
        crossing(), study="trial", control="standard", unit="months", knots=[1], scales=["hazard"]))),
    Figure("forest_risk_of_bias", "Forest plot with risk of bias (judgements made up)", lambda: P.forest(
        mo.pool(bcg(), study="trial"), effect="Risk ratio", risk_of_bias=judged())),
    Figure("risk_of_bias", "Risk of bias by trial (judgements made up)", lambda: P.risk_of_bias(judged())),
    Figure("risk_of_bias_summary", "Risk of bias by weight (judgements made up)",
           lambda: P.risk_of_bias_summary(judged(), mo.pool(bcg(), study="trial"))),
    Figure("funnel", "Funnel plot", lambda: P.funnel(mo.pool(bcg(), study="trial"))),
    Figure("funnel_contours", "Funnel plot with contours of significance",
           lambda: P.funnel(mo.pool(zhang(), study="trial"), contours=(0.10, 0.05, 0.01))),
    Figure("funnel_subgroups", "Funnel plot by subgroup", lambda: P.funnel(by_timing(), labels="none")),
    Figure("radial", "Radial plot", lambda: P.radial(mo.pool(bcg(), study="trial", method="CE", ci="wald"))),
    Figure("baujat", "Baujat plot: heterogeneity and influence", lambda: P.baujat(mo.pool(bcg(), study="trial"))),
    Figure("influence", "Influence of each trial, left out in turn",
           lambda: P.influence(mo.sensitivity.influence(mo.pool(bcg(), study="trial")), labels="all")),
    Figure("gosh", "Pools of all subsets of the trials (GOSH)",
           lambda: P.gosh(mo.sensitivity.gosh(mo.pool(bcg(), study="trial")))),
    Figure("specification", "Specification curve: every combination of choices", lambda: P.specification(
        mo.sensitivity.multiverse(mo.pool(greb(), study="trial"), exclude={"one trial": 1},
                                  intervals=["wald", "HKSJ", "HKSJ-adhoc"]))),
    Figure("tipping_point", "The unpublished trial that would overturn a conclusion", lambda: P.tipping_point(
        mo.sensitivity.tipping_point(mo.pool(greb(), study="trial")), effect="Odds ratio, complete response")),
    Figure("update", "A pool before and after an update, and what each trial moved", lambda: P.forest(
        mo.compare(mo.pool(greb().head(8), study="trial"), mo.pool(greb().iloc[2:], study="trial")))),
    Figure("monitoring", "A cumulative pool between boundaries for repeated tests", lambda: P.monitoring(
        mo.sensitivity.monitor(mo.sensitivity.cumulative(mo.pool(bcg(), study="trial")), minimal=0.7))),
    Figure("robustness", "What moves a conclusion, on one page",
           lambda: P.robustness(mo.robustness(mo.pool(greb(), study="trial")))),
    Figure("doi", "Doi plot with the LFK index", lambda: P.doi(mo.pool(bcg(), study="trial"), labels="outlying")),
    Figure("bubble", "Meta-regression with band and prediction interval", lambda: P.bubble(
        mo.regress(bcg(), "~ latitude", study="trial"), prediction=True, moderator_label="Latitude, degrees")),
    Figure("labbe", "L'Abbe plot", lambda: P.labbe(mo.pool(bcg("OR"), study="trial"), response="Tuberculosis")),
    Figure("drapery", "Drapery plot: p-value functions", lambda: P.drapery(mo.pool(zhang(), study="trial"))),
    Figure("posterior", "Prior, posterior and predictive density", lambda: P.posterior(
        mo.pool_bayes(zhang(), study="trial", mu_prior=mo.Normal(0, 2)), effect="Hazard ratio, death")),
    Figure("posterior_tau", "Posterior of the standard deviation between trials",
           lambda: P.posterior(mo.pool_bayes(zhang(), study="trial"), parameter="tau")),
    Figure("orchard", "Orchard plot of response rates", lambda: P.orchard(responses(), effect="ORR")),
    Figure("interaction", "Interaction within trials and across them", lambda: P.interaction(
        mo.interaction(egfr(), study="trial", by="KRAS", contrast=("mutant", "wild-type")))),
    Figure("timeline", "Data cuts of a collection", lambda: P.timeline(mo.load("lgsoc"))),
    Figure("prisma", "PRISMA 2020 flow diagram (counts made up)", lambda: P.prisma(
        database_results={"MEDLINE": 812, "Embase": 1207}, register_results=210, duplicates=706,
        records_screened=1523, records_excluded=1318, dbr_sought_reports=205, dbr_notretrieved_reports=9,
        dbr_assessed=196, dbr_excluded="No subgroup by KRAS, 101; No hazard ratio, 52; Duplicate publication, 20",
        website_results=4, citations_results=30, other_sought_reports=34, other_notretrieved_reports=2,
        other_assessed=32, other_excluded="No subgroup by KRAS, 29", new_studies=19, new_reports=26)),
)  # fmt: skip


def page() -> str:
    """Return the page that shows all figures."""
    parts = [
        "# Gallery",
        "Drawn from the packaged evidence by `python docs/make_gallery.py`, which is also how to draw them.",
    ]
    parts += [f"## {f.caption}\n\n![{f.caption}](gallery/{f.name}.png)" for f in FIGURES]
    return "\n\n".join([*parts, *of_journals()]) + "\n"


def codes() -> dict[str, str]:
    """Return the code that draws each figure, as it stands in this file."""
    text = Path(__file__).read_text(encoding="utf-8")
    calls = [call for call in ast.walk(ast.parse(text)) if isinstance(call, ast.Call) and len(call.args) == 3]
    named = {call.args[0].value: call.args[2] for call in calls if isinstance(call.args[0], ast.Constant)}
    bodies = {name: draw.body for name, draw in named.items() if isinstance(draw, ast.Lambda)}
    shown = {name: ast.get_source_segment(text, body) or "" for name, body in bodies.items()}
    return {
        name: re.sub(r"\bP\.", "mo.plot.", code).replace("\n" + " " * 8, "\n" + " " * 4) for name, code in shown.items()
    }


def beside_r() -> dict[str, str]:
    """Return the R code that draws the same data as a figure, as it stands in ``beside_r/figures.R``."""
    parts = (HERE / "beside_r" / "figures.R").read_text(encoding="utf-8").split("\n## ")[1:]
    return {name: code.strip() for name, _, code in (part.partition("\n") for part in parts)}


def of_journals() -> list[str]:
    """Return what is known of the journals' layouts, and of their rules for files of figures."""
    layouts = [
        "| `journal=` | name | drawn, mm | column, page, mm | source | known by | what of it is known |",
        "|---" * 7 + "|",
    ]
    files = ["| `journal=` | width, mm | line art, dpi | type, pt | lines, pt | source | known by |", "|---" * 7 + "|"]
    for name, journal in mo.JOURNALS.items():
        about = (
            name,
            journal.title,
            f"{journal.width:g}",
            "{:g}, {:g}".format(*journal.columns),
            journal.source,
            journal.grade,
            journal.checked,
        )
        layouts.append(f"| {' | '.join(about)} |")
        rules = journal.artwork
        low = f"{rules.narrowest:g} or more" if rules.narrowest else ""
        wide = f"{rules.widest:g} or less" if np.isfinite(rules.widest) else ""
        numbers = (low or wide, *(f"{x:g}" if x else "" for x in (rules.dpi, rules.type_size, rules.line)))
        files.append(f"| {name} | {' | '.join(numbers)} | {rules.source} | {rules.grade} |")
    return [
        "## Journals",
        '`journal="JAMA"` of `mo.plot.forest`, `mo.plot.km`, `mo.table` and the texts prints as the journal does, as '
        "far as that is known; the rest is as in the default layout.",
        "\n".join(layouts),
        "## What journals ask of files",
        'With `mo.save(ax, "figure.tif", journal="JAMA")` the file has the resolution that the journal wants, and what '
        "breaks one of these rules is a `FigureWarning`; `mo.plot.check_artwork` returns the same as a table. Where "
        "nothing is known a warning says so. All sources are some years old: look at the journal's page before "
        "submission.",
        "\n".join(files),
    ]


def main() -> None:
    """Draw all figures, and write the page."""
    PLACE.mkdir(exist_ok=True)
    for figure in FIGURES:
        mo.save(figure.draw(), PLACE / f"{figure.name}.png", dpi=110)
    (HERE / "gallery.md").write_bytes(page().encode())


if __name__ == "__main__":
    np.seterr(all="raise", under="ignore")
    main()
