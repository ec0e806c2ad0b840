"""What users of R call it: names of functions, arguments and values of its packages, and what they are here.

Messages on what does not exist and the page ``docs/from_r.md`` take them from here. What the package lacks has a word
here too, so that no message sends its reader to something else.
"""

from __future__ import annotations

from dataclasses import dataclass

LACKING = "not in metaonc yet"


@dataclass(frozen=True, slots=True)
class Function:
    """Functions of R that have one answer.

    Attributes
    ----------
    names
        As R writes them.
    here
        What to use, or ``LACKING``.
    """

    names: tuple[str, ...]
    here: str


@dataclass(frozen=True, slots=True)
class Argument:
    """Arguments of R's functions that have one answer.

    Attributes
    ----------
    names
        As R writes them.
    option
        The option here; empty where there is none.
    verbs
        Who has it.
    how
        What else is to be said, or how to get there where there is no option.
    """

    names: tuple[str, ...]
    option: str = ""
    verbs: tuple[str, ...] = ()
    how: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """Values of an R option that have one answer.

    Attributes
    ----------
    option
        The option here.
    names
        As R writes them.
    here
        Its code here; empty where it has none.
    how
        What it is, or how to get there.
    beside
        A code that the option has where this is said, where it is not `here`: options of one name are told apart by it.
    of
        The option that takes `here`, where it is another.
    """

    option: str
    names: tuple[str, ...]
    here: str = ""
    how: str = ""
    beside: str = ""
    of: str = ""


def _f(names: str, here: str = LACKING) -> Function:
    return Function(tuple(names.split()), here)


def _a(names: str, option: str = "", verbs: str = "", how: str = "") -> Argument:
    return Argument(tuple(names.split()), option, tuple(verbs.split()), how)


FUNCTIONS = (
    _f("rma rma.uni metagen", "mo.pool; with moderators mo.regress; rma.mv is mo.pool_multilevel or "
       "mo.pool_multivariate, rma.glmm mo.pool_glmm, rma.mh mo.pool_mantel_haenszel, rma.peto mo.pool_peto"),
    _f("rma.mv", "mo.pool_multilevel (nested or crossed effects), with moderators mo.regress_multilevel; or "
       "mo.pool_multivariate (several outcomes a trial)"),
    _f("rma.glmm glmer", "mo.pool_glmm"),
    _f("rma.mh", "mo.pool_mantel_haenszel"),
    _f("rma.peto", "mo.pool_peto"),
    _f("escalc", "mo.effect_sizes"),
    _f("metabin", "mo.effect_sizes and mo.pool; its method 'MH' is mo.pool_mantel_haenszel, 'Peto' mo.pool_peto, "
       "'GLMM' mo.pool_glmm"),
    _f("metaprop", "mo.pool_glmm (its method 'GLMM'), or mo.effect_sizes with measure='PLO' and mo.pool ('Inverse')"),
    _f("metarate", "mo.pool_glmm with measure='IRLN', or mo.effect_sizes with measure='IRLN' and mo.pool"),
    _f("metainc", "mo.effect_sizes with measure='IRR' and mo.pool, or mo.pool_glmm with measure='IRR'"),
    _f("metacont", "mo.effect_sizes with measure='MD' or 'SMD' and mo.pool"),
    _f("metareg", "mo.regress"),
    _f("metainf leave1out", "mo.sensitivity.leave_one_out"),
    _f("influence cooks.distance rstudent dffits dfbetas hatvalues", "mo.sensitivity.influence"),
    _f("gosh", "mo.sensitivity.gosh"),
    _f("frag.ma frag.mas", "mo.sensitivity.fragility"),
    _f("frag.study frag.studies", "mo.sensitivity.fragility_of_trials"),
    _f("blup", "mo.sensitivity.blup"),
    _f("lfkindex doiplot", "mo.plot.doi"),
    _f("evalue evalues.HR evalues.OR evalues.RR", "mo.sensitivity.e_value"),
    _f("metacum cumul", "mo.sensitivity.cumulative"),
    _f("permutest", "mo.sensitivity.permutation_test"),
    _f("trimfill", "mo.bias.trim_fill"),
    _f("regtest", "mo.bias.egger, or mo.bias.regression_test with test='harbord', 'peters' and others"),
    _f("ranktest", "mo.bias.begg, or mo.bias.rank_test"),
    _f("metabias", "mo.bias.regression_test and mo.bias.rank_test, its method.bias= in lower case is test="),
    _f("fsn", "mo.bias.fail_safe_n"),
    _f("tes", "mo.bias.excess_significance"),
    _f("copas", "mo.bias.copas"),
    _f("limitmeta", "mo.bias.limit_meta_analysis"),
    _f("selmodel weightfunct", "mo.bias.selection_model"),
    _f("puni_star", "mo.bias.p_uniform"),
    _f("hc", "mo.pool with method='DL' and ci='HC'"),
    _f("bayesmeta brm", "mo.pool_bayes"),
    _f("robust robu coef_test", "the method robust of what mo.pool_multilevel and mo.regress_multilevel return, with "
       "cluster="),
    _f("mvmeta mixmeta", "mo.pool_multivariate"),
    _f("msurv", "mo.survival.pool_curves"),
    _f("coxme", "mo.survival.pool_ipd with method='laplace', or mo.survival.pool_frailty"),
    _f("pool.med metamedian", "mo.survival.pool_medians"),
    _f("binom.test binom.confint", "mo.proportion_interval"),
    _f("forest forest.meta forest.rma", "mo.plot.forest"),
    _f("funnel", "mo.plot.funnel"),
    _f("radial galbraith", "mo.plot.radial"),
    _f("labbe", "mo.plot.labbe"),
    _f("baujat", "mo.plot.baujat"),
    _f("bubble regplot", "mo.plot.bubble"),
    _f("drapery", "mo.plot.drapery"),
    _f("orchard_plot", "mo.plot.orchard"),
    _f("PRISMA_flowdiagram PRISMA_data", "mo.plot.prisma"),
    _f("rob_traffic_light", "mo.plot.risk_of_bias"),
    _f("rob_summary", "mo.plot.risk_of_bias_summary"),
    _f("rob_forest", "mo.plot.forest, with risk_of_bias= what mo.read_risk_of_bias returned"),
    _f("toBibtex write.bib", "mo.write_sources of the documents of evidence"),
    _f("ggsurvplot ggsurvfit", "mo.plot.km"),
    _f("predict", "the attributes prediction_low and prediction_high of a pool, and its option prediction=; of what "
       "mo.regress returns its method predict"),
    _f("confint", "the method confidence_interval of a result; of tau² its method tau2_ci"),
    _f("vif", "the method vif of what mo.regress returns"),
    _f("ranef", "mo.sensitivity.blup, less the pooled effect"),
    _f("anova", "the method likelihood_ratio_test of what mo.regress returns"),
    _f("profile", "the method tau2_ci of a pool, and sigma2_ci of what mo.pool_multilevel and "
       "mo.regress_multilevel return"),
    _f("emmeans emmprep", "the methods predict and contrast of what mo.regress returns"),
    _f("conv.wald", "mo.effect_sizes, which takes estimates with their limits or p-values as they are printed"),
    _f("coef", "the method tidy of a result"),
    _f("weights", "the attribute weights of a pool"),
    _f("survfit", "mo.survival.kaplan_meier"),
    _f("survdiff", "mo.survival.log_rank of what mo.survival.kaplan_meier returns"),
    _f("coxph", "mo.survival.hazard_ratio of two arms, mo.survival.cox_model with covariates and strata"),
    _f("cox.zph", "mo.survival.ph_test"),
    _f("rmst2", "mo.survival.rmst; over trials mo.survival.pool_rmst, each by itself mo.survival.rmst_by_trial"),
    _f("survreg flexsurvreg", "mo.survival.parametric"),
    _f("flexsurvspline", "mo.survival.royston_parmar"),
    _f("flexsurvcure", "mo.survival.cure_model"),
    _f("getIPD IPDfromKM", "mo.curves.reconstruct_ipd, or mo.curves.reconstruct_arms of all curves of a figure"),
    _f("preprocess getpoints", "mo.curves.digitize, or mo.curves.from_pixels of points clicked by hand"),
    _f("read.csv read_csv read.xlsx read_excel", "mo.read_trials"),
    _f("read.rm5 read.cdir", "mo.read_revman"),
    _f("sessionInfo session_info", "mo.show_versions"),
    _f("netmeta netmetabin pairwise netgraph netrank netsplit netleague discomb decomp.design pool_network network"),
    _f("puniform"),
    _f("rstandard qqnorm"),
    _f("vcalc aggregate.escalc matreg rcalc"),
    _f("metacor metamean aggregate llplot conv.fivenum"),
)  # fmt: skip

_COUNTED = "effect_sizes pool_glmm pool_mantel_haenszel pool_peto"
_ONE_ARM = "effect_sizes pool_glmm pool_beta_binomial"
ARGUMENTS = (
    _a("data", how="the table is the first argument, and columns are named in quotes, as time= and event= of a "
       "formula with Surv(time, event)"),
    _a("yi TE", "yi", "pool regress pool_bayes pool_multilevel regress_multilevel"),
    _a("vi", "vi", "pool regress pool_bayes pool_multilevel regress_multilevel"),
    _a("sei seTE", "vi", "pool", "square standard errors into a column of variances; of hazard ratios effect_sizes "
       "takes se= as it is"),
    _a("V", "covariance", "pool"),
    _a("ai event.e", "events_t", _COUNTED),
    _a("ci event.c", "events_c", _COUNTED),
    _a("n1i n.e", "n_t", _COUNTED),
    _a("n2i n.c", "n_c", _COUNTED),
    _a("bi", "n_t", _COUNTED, "which is ai + bi: all patients of the arm"),
    _a("di", "n_c", _COUNTED, "which is ci + di: all patients of the arm"),
    _a("xi event", "events", _ONE_ARM),
    _a("ni", "n", _ONE_ARM),
    _a("mi", "n", _ONE_ARM, "which is xi + mi: all patients"),
    _a("x1i", "events_t", "effect_sizes pool_glmm pool_mantel_haenszel"),
    _a("x2i", "events_c", "effect_sizes pool_glmm pool_mantel_haenszel"),
    _a("t1i time.e", "time_t", "effect_sizes pool_glmm pool_mantel_haenszel"),
    _a("t2i time.c", "time_c", "effect_sizes pool_glmm pool_mantel_haenszel"),
    _a("ti", "time", "effect_sizes pool_glmm"),
    _a("m1i mean.e", "mean_t", "effect_sizes"),
    _a("m2i mean.c", "mean_c", "effect_sizes"),
    _a("sd1i sd.e", "sd_t", "effect_sizes"),
    _a("sd2i sd.c", "sd_c", "effect_sizes"),
    _a("lower", "ci_low", "effect_sizes"),
    _a("upper", "ci_high", "effect_sizes"),
    _a("sm", "measure", "pool effect_sizes pool_glmm"),
    _a("studlab slab", "study", "pool effect_sizes pool_glmm"),
    _a("byvar subgroup", "by", "pool_subgroups", "with the pooling function as using="),
    _a("mods", "formula", "regress regress_multilevel", "such as '~ line + C(kras)'"),
    _a("random", "levels", "pool_multilevel regress_multilevel", "nested levels from the outermost in; crossed ones "
       "are crossed=. In meta random=TRUE is what pool does, unless method='CE'"),
    _a("struct", "structure", "pool_multivariate"),
    _a("method.tau", "method", "pool"),
    _a("test method.random.ci hakn method.ci.random", "ci", "pool", "such as ci='HKSJ'"),
    _a("method.predict", "prediction", "pool"),
    _a("level.ma level.comb level.predict conf.level", "level", "pool"),
    _a("method.ci", "study_interval", "plot.forest"),
    _a("common comb.fixed", "method", "pool", "method='CE' is the common effect; plot.forest has common=True, which "
       "draws it beside the other"),
    _a("fixed comb.random", "method", "pool", "method='CE' is the common effect, any other random effects"),
    _a("tau.common", "common_tau2", "pool_subgroups"),
    _a("incr cc", "add", "effect_sizes"),
    _a("MH.exact", how="pool_mantel_haenszel adds nothing to a cell, as meta does with MH.exact = TRUE; by its default "
       "0.5 is added to the cells of trials with an empty one"),
    _a("allstudies", how="a trial without events in both arms says nothing of a ratio: drop00=True of effect_sizes "
       "leaves it out"),
    _a("model.glmm", "model", "pool_glmm"),
    _a("nAGQ", "points", "pool_glmm"),
    _a("backtransf transf", how="result.tidy(transform=True) is on the natural scale"),
    _a("atransf", how="ratios and proportions are printed and drawn on their natural scale"),
    _a("xlab smlab", "effect", "plot.forest"),
    _a("leftcols", "left", "plot.forest"),
    _a("rightcols", "right", "plot.forest"),
    _a("label.left label.right", "favours", "plot.forest", "both words together"),
    _a("layout", "journal", "plot.forest"),
    _a("alim", "xlim", "plot.forest"),
    _a("at", "ticks", "plot.forest"),
    _a("refline", how="plot functions return matplotlib's axes, which take it"),
    _a("subset exclude", how="leave the rows out of the table that is given"),
    _a("sortvar order", "sort", "plot.forest", "and cumulative goes by the order of rows in the table that is pooled"),
    _a("cluster", how="robust variances are the method robust of what pool_multilevel and regress_multilevel return"),
    _a("control verbose digits", how="there is no such option: iterations run until the digits stand"),
)  # fmt: skip

_MEASURES = """PHI YUQ YUY RTET PBIT OR2D OR2DN OR2DL MPRD MPRR MPOR MPORC MPPETO MPORM SMDH SMD1 SMD1H ROM CVR VR
    RPB RBIS
    D2OR D2ORN D2ORL COR UCOR ZCOR PCOR ZPCOR SPCOR MN MRAW MLN MNLN CVLN SDLN SMN MC SMCC SMCR SMCRH ROMC CVRC VRC ARAW
    AHW ABT REH VE DOR RRR ARR NNT NNH"""
_MH = ("MH", "Mantel-Haenszel")
VALUES = (
    Value("method", ("FE", "EE", "fixed", "common"), "CE", "the common effect"),
    Value("method", ("random", "RE"), "REML", "random effects; every method but CE has them"),
    Value("method", ("Inverse", "IV"), how="inverse variance is what mo.pool does, with any of these estimators",
          beside="REML"),
    Value("method", _MH, how="mo.pool_mantel_haenszel", beside="REML"),
    Value("method", ("Peto",), how="mo.pool_peto", beside="REML"),
    Value("method", ("GLMM",), how="mo.pool_glmm", beside="REML"),
    Value("method", ("MP",), "PM", "Mandel and Paule's, of Paule and Mandel 1982"),
    Value("method", ("SJIT", "DLIT", "GENQM", "SSW", "LRP"), how=LACKING, beside="REML"),
    Value("method", ("KNHA", "HK", "HKSJ"), "HKSJ", "an interval, not an estimator of tau²", "REML", "ci"),
    Value("ci", ("knha", "hk", "hakn", "hksj", "HKSJ"), "HKSJ", "Hartung-Knapp-Sidik-Jonkman"),
    Value("ci", ("adhoc", "hk-adhoc"), "HKSJ-adhoc", "Hartung-Knapp, never narrower than Wald's standard error"),
    Value("ci", ("z", "norm", "normal", "classic"), "wald", "the normal quantile"),
    Value("ci", ("kr", "kenward"), "KR", "Kenward-Roger"),
    Value("ci", ("hc", "henmi"), "HC", "Henmi-Copas"),
    Value("ci", ("knha", "hk", "hakn", "hksj", "HKSJ"), how="effects with variances have it, in mo.pool; a mixed model "
          "of counts has wald, t and profile", beside="t"),
    Value("measure", ("ORR", "CR", "DCR"), "PLO", "of a response rate, which is a proportion, on the logit scale; 'PR' "
          "is its raw scale. An odds ratio is 'OR', a risk ratio 'RR'"),
    Value("measure", ("ORR", "CR", "DCR"), how="a response rate is a proportion of one arm: mo.pool_glmm", beside="OR"),
    Value("measure", ("PLOGIT",), "PLO", "the logit of a proportion"),
    Value("measure", ("PRAW",), "PR", "a proportion as it is"),
    Value("measure", ("ASD",), "AS", "the arcsine difference"),
    Value("measure", ("logHR", "lnHR", "log_hr"), "HR", "the log hazard ratio"),
    Value("measure", ("logOR", "lnOR", "log_or"), "OR", "the log odds ratio"),
    Value("measure", ("logRR", "lnRR", "log_rr"), "RR", "the log risk ratio"),
    Value("measure", tuple(_MEASURES.split()), how=LACKING, beside="OR"),
    Value("study_interval", ("CP", "Clopper-Pearson"), "exact", "Clopper-Pearson"),
    Value("study_interval", ("WS",), "wilson", "Wilson"),
    Value("study_interval", ("AC",), "agresti-coull", "Agresti-Coull"),
    Value("method", ("CP", "Clopper-Pearson"), "exact", "Clopper-Pearson"),
    Value("method", ("WS",), "wilson", "Wilson"),
    Value("method", ("AC",), "agresti-coull", "Agresti-Coull"),
)  # fmt: skip
