"""Words by which people look for a page, which has others: the search finds it by them first."""

from metaonc.base.messages.r_words import FUNCTIONS

WORDS = {
    "start/installation": "install, pip, extras, versions, dependencies",
    "start/own_table": "tutorial, CSV, Excel, spreadsheet, xlsx, read.csv, own data, "
    "missing data, missing values, audit, data entry",
    "start/published_figure": "tutorial, from figure to pool, published Kaplan-Meier curve",
    "how_to/single_arm_response": "metaprop, proportion, pooled proportion, response rate, ORR, objective "
    "response rate, single arm, single-arm, one-arm, logit, double arcsine, "
    "Freeman-Tukey",
    "how_to/hazard_ratios_by_mixed_routes": "p-value only, p only, HR from p value, HR from p-value, hazard "
    "ratio from p-value, hazard ratio from confidence interval, HR "
    "from CI, hazard ratio, O - E, log-rank, Parmar, Tierney, "
    "metagen, prediction interval, "
    "log-rank p-value, events per arm, events and patients",
    "how_to/medians": "median only, medians only, median survival, ratio of medians, HR from medians",
    "how_to/zero_cells": "zero cells, no events, zero events, double-zero, rare events, sparse data, "
    "continuity correction, Mantel-Haenszel, Peto, rma.mh, rma.peto, rma.glmm, metabin, "
    "odds ratio, risk ratio",
    "how_to/few_trials": "few trials, few studies, two trials, small number of studies, Hartung-Knapp, HKSJ, knha",
    "how_to/subgroups": "subgroup, subgroups, subgroup analysis, byvar, test for subgroup differences, "
    "interaction, effect modification, predictive biomarker, ecological bias, "
    "within-trial interaction",
    "how_to/meta_regression": "meta-regression, metaregression, metareg, moderator, mods, covariate, bubble, "
    "bubble plot",
    "how_to/multilevel": "three-level, three level, 3-level, multilevel, rma.mv, nested, dependent effect "
    "sizes, correlated outcomes, multivariate, vcalc, mvmeta, clustered",
    "how_to/bayes": "Bayesian, bayesmeta, brms, prior, posterior, credible interval, half-normal, half-Cauchy",
    "how_to/sensitivity": "leave-one-out, leave1out, metainf, influence, outlier, cumulative, metacum, GOSH, baujat, "
    "sensitivity analysis, fragility, robustness",
    "how_to/small_study_effects": "Egger, Begg, Harbord, Peters, funnel, funnel plot, trim and fill, "
    "trim-and-fill, trimfill, publication bias, regtest, ranktest, metabias, "
    "selmodel, selection model, PET-PEESE, Copas, limit meta-analysis, "
    "fail-safe N, fsn, small-study effects",
    "how_to/kaplan_meier_figure": "Kaplan-Meier, Kaplan-Meier plot, numbers at risk, number at risk, risk "
    "table, survfit, ggsurvplot, ggsurvfit, survminer, KM plot, survival curve",
    "how_to/pdf_to_patients": "digitize, digitise, digitizer, WebPlotDigitizer, IPDfromKM, reconstruct, "
    "reconstruct IPD, individual patient data, IPD, pseudo IPD, Guyot, PDF",
    "how_to/non_proportional_hazards": "non-proportional hazards, crossing curves, crossing hazards, RMST, "
    "restricted mean, restricted mean survival time, survRM2, cox.zph, "
    "milestone, landmark, max-combo",
    "how_to/journal_figure": "forest plot, forest plot width, column width, 85 mm, 176 mm, JCO, JAMA, Lancet,"
    " BMJ, NEJM, journal, dpi, resolution, TIFF, EPS",
    "how_to/change_a_figure": "font, fonts, font size, colours, colors, ticks, axis limits, labels, forest "
    "plot, forest plot width, figure size",
    "how_to/several_pages": "several pages, long forest plot, many studies, page break",
    "how_to/report_and_word": "Word, Word report, docx, HTML report, report, methods section, results "
    "section, PRISMA, export table, "
    "export to Excel, save a table, BibTeX, reference manager",
    "how_to/command_line": "command line, CLI, terminal, shell, pipeline, snakemake, make",
    "how_to/notebooks": "notebook, Jupyter, ipynb",
    "how_to/polars": "polars, Arrow, DataFrame",
    "how_to/check_in_r": "R code, R script, r_code, double programming, second programmer, check in R, QC",
    "how_to/cluster": "cluster, parallel, dask, slurm, many analyses, progress bar",
    "choosing": "Hartung-Knapp, prediction interval, confidence interval, random effects, random-effects model, fixed"
    " effect, common effect, REML, DerSimonian-Laird, heterogeneity, I2, tau2, which model, default",
    "methods": "DerSimonian-Laird, Paule-Mandel, Sidik-Jonkman, Henmi-Copas, Kenward-Roger, I2, tau2, Q-profile, "
    "estimators",
    "certainty": "GRADE, certainty of evidence, risk of bias, RoB 2, ROBINS-I, robvis, summary of findings, "
    "imprecision",
    "bias": "publication bias, selection model, Copas, p-uniform, limit meta-analysis",
    "simulation": "power, sample size, simulation, planning, how many trials",
    "registry": "ClinicalTrials.gov, registry, NCT",
    "survival": "one-stage, coxme, frailty, pooled curve, survival curve, crossing curves, Royston-Parmar, MetaSurv",
    "curves": "numbers at risk, digitize, WebPlotDigitizer, Guyot, image, screenshot",
    "what_it_does": "not there yet, limitations, network meta-analysis, diagnostic accuracy, dose-response",
    "from_r": "R, metafor, meta, network meta-analysis, cheat sheet, phrase book",
}


def of_page(page: str) -> list[str]:
    """Return the words of a page; the one that comes from R has the functions of R."""
    words = [word.strip() for word in WORDS.get(page, "").split(",") if word.strip()]
    if page == "from_r":
        words += [name for one in FUNCTIONS for name in one.names if name not in words]
    return words


def put(app, document) -> None:
    """Put the words of a page into the index of the search."""
    from sphinx import addnodes

    if words := of_page(app.env.docname):
        document.insert(0, addnodes.index(entries=[("single", word, "", "main", None) for word in words]))


def setup(app) -> dict[str, bool]:
    """Register what is done to each page."""
    app.connect("doctree-read", put)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
