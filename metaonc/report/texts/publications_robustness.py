"""Publications on whether a conclusion holds; none was read, and what the notes do not name was not looked up."""

from __future__ import annotations

from .publication import Publication

ROBUSTNESS = {
    # a database of abstracts
    "Atal et al. 2019": Publication(
        "Atal I, Porcher R, Boutron I, Ravaud P",
        "The statistical significance of meta-analyses is frequently fragile: definition of a fragility index for "
        "meta-analyses", "Journal of Clinical Epidemiology", "111:32-40", "10.1016/j.jclinepi.2019.03.012",
    ),
    # the documentation of R's boot
    "Efron 1987": Publication(
        "Efron B", "Better bootstrap confidence intervals", "Journal of the American Statistical Association",
        "82:171-185", "10.1080/01621459.1987.10478410",
    ),
    # the documentation of R's gsDesign
    "Lan and DeMets 1983": Publication(
        "Lan KKG, DeMets DL", "Discrete sequential boundaries for clinical trials", "Biometrika", "70:659-663",
    ),
    # the documentation of R's CoopGame
    "Shapley 1953": Publication(
        "Shapley LS", "A value for n-person games",
        "In: Kuhn H, Tucker AW, eds. Contributions to the Theory of Games II. Princeton University Press", "307-317",
    ),
    # its abstract was read
    "Wetterslev et al. 2009": Publication(
        "Wetterslev J, Thorlund K, Brok J, Gluud C",
        "Estimating required information size by quantifying diversity in random-effects model meta-analyses",
        "BMC Medical Research Methodology", "9:86", "10.1186/1471-2288-9-86",
    ),
    # authors and DOI: the documentation of R's multiverse
    "Steegen et al. 2016": Publication(
        "Steegen S, Tuerlinckx F, Gelman A, Vanpaemel W", "Increasing transparency through a multiverse analysis",
        "Perspectives on Psychological Science", "11(5):702-712", "10.1177/1745691616658637",
    ),
    # authors and DOI: the documentation of R's specr
    "Simonsohn et al. 2020": Publication(
        "Simonsohn U, Simmons JP, Nelson LD", "Specification curve analysis", "Nature Human Behaviour", "4:1208-1214",
        "10.1038/s41562-020-0912-z",
    ),
    # a page on R's EValue
    "VanderWeele and Ding 2017": Publication(
        "VanderWeele TJ, Ding P", "Sensitivity analysis in observational research: introducing the E-value",
        "Annals of Internal Medicine", "167(4):268-274", "10.7326/M16-2607",
    ),
    "Voracek et al. 2019": Publication(
        "Voracek M, Kossmeier M, Tran US",
        "Which data to meta-analyze, and how? A specification-curve and multiverse-analysis approach to meta-analysis",
        "Zeitschrift für Psychologie", "227(1):64-82", "10.1027/2151-2604/a000357",
    ),
    # a letter on it in the same journal names it
    "Altman 1998": Publication(
        "Altman DG", "Confidence intervals for the number needed to treat", "BMJ", "317:1309-1312",
        "10.1136/bmj.317.7168.1309",
    ),
    # not looked up
    "Guyatt et al. 2008": Publication(
        "Guyatt GH, Oxman AD, Vist GE, et al",
        "GRADE: an emerging consensus on rating quality of evidence and strength of recommendations", "BMJ",
        "336:924-926", "10.1136/bmj.39489.470347.AD",
    ),
    # none of these was looked up: as R's robvis and the authors of reviews cite them
    "Sterne et al. 2019": Publication(
        "Sterne JAC, Savović J, Page MJ, et al",
        "RoB 2: a revised tool for assessing risk of bias in randomised trials", "BMJ", "366:l4898",
        "10.1136/bmj.l4898",
    ),
    "Sterne et al. 2016": Publication(
        "Sterne JAC, Hernán MA, Reeves BC, et al",
        "ROBINS-I: a tool for assessing risk of bias in non-randomised studies of interventions", "BMJ", "355:i4919",
        "10.1136/bmj.i4919",
    ),
    "Whiting et al. 2011": Publication(
        "Whiting PF, Rutjes AWS, Westwood ME, et al",
        "QUADAS-2: a revised tool for the quality assessment of diagnostic accuracy studies",
        "Annals of Internal Medicine", "155(8):529-536", "10.7326/0003-4819-155-8-201110180-00009",
    ),
}  # fmt: skip
