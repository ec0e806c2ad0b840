"""Publications on survival of one trial and of several.

None of the publications was read: their data were read where they are cited, which the notes name. Those of a record
without a note are as remembered, and to be looked up.
"""

from __future__ import annotations

from .publication import Publication

_SIM = "Statistics in Medicine"

SURVIVAL = {
    # the publisher's page of its abstract, all but the pages, which are as remembered
    "Combescure et al. 2014": Publication(
        "Combescure C, Foucher Y, Jackson D",
        "Meta-analysis of single-arm survival studies: a distribution-free approach for estimating summary survival "
        "curves with random effects",
        _SIM,
        "33(15):2521-2537",
        "10.1002/sim.6111",
    ),
    # the documentation of Stata's mvmeta
    "Jackson et al. 2010": Publication(
        "Jackson D, White IR, Thompson SG",
        "Extending DerSimonian and Laird's methodology to perform multivariate random effects meta-analyses",
        _SIM,
        "29:1282-1297",
        "10.1002/sim.3602",
    ),
    # documentation that cites it for data of the book
    "Fleming and Harrington 1991": Publication(
        "Fleming TR, Harrington DP",
        "Counting processes and survival analysis",
        "New York: Wiley",
    ),
    # the documentation of R's survival
    "Grambsch and Therneau 1994": Publication(
        "Grambsch PM, Therneau TM",
        "Proportional hazards tests and diagnostics based on weighted residuals",
        "Biometrika",
        "81:515-526",
        "10.1093/biomet/81.3.515",
    ),
    # as remembered: looked for where it could be cited, and not found
    "Jackson, White and Riley 2013": Publication(
        "Jackson D, White IR, Riley RD",
        "A matrix-based method of moments for fitting the multivariate random effects model for meta-analysis and "
        "meta-regression",
        "Biometrical Journal",
        "55(2):231-245",
        "10.1002/bimj.201200152",
    ),
    # documentation of R packages for survival in networks
    "Jansen 2011": Publication(
        "Jansen JP",
        "Network meta-analysis of survival data with fractional polynomials",
        "BMC Medical Research Methodology",
        "11:61",
        "10.1186/1471-2288-11-61",
    ),
    # the documentation of R's hdcuremodels
    "Maller and Zhou 1996": Publication(
        "Maller RA, Zhou X",
        "Survival analysis with long-term survivors",
        "John Wiley & Sons",
    ),
    # authors, title and journal: the list of references of Tierney 2007 at its publisher; the rest is as remembered
    "Parmar, Torri and Stewart 1998": Publication(
        "Parmar MKB, Torri V, Stewart L",
        "Extracting summary statistics to perform meta-analyses of the published literature for survival endpoints",
        _SIM,
        "17(24):2815-2834",
        "10.1002/(sici)1097-0258(19981230)17:24<2815::aid-sim110>3.0.co;2-8",
    ),
    # several bibliographies of software, alike
    "Royston and Parmar 2013": Publication(
        "Royston P, Parmar MKB",
        "Restricted mean survival time: an alternative to the hazard ratio for the design and analysis of randomized "
        "trials with a time-to-event outcome",
        "BMC Medical Research Methodology",
        "13:152",
        "10.1186/1471-2288-13-152",
    ),
    # the documentation of lifelines' SplineFitter
    "Royston and Parmar 2002": Publication(
        "Royston P, Parmar MKB",
        "Flexible parametric proportional-hazards and proportional-odds models for censored survival data, with "
        "application to prognostic modelling and estimation of treatment effects",
        _SIM,
        "21(15):2175-2197",
        "10.1002/sim.1203",
    ),
    # the documentation of R's prodlim; the DOI: bibliographies of software
    "Schemper and Smith 1996": Publication(
        "Schemper M, Smith TL",
        "A note on quantifying follow-up in studies of failure time",
        "Controlled Clinical Trials",
        "17(4):343-346",
        "10.1016/0197-2456(96)00075-x",
    ),
    # several bibliographies of software, alike
    "Tierney 2007": Publication(
        "Tierney JF, Stewart LA, Ghersi D, Burdett S, Sydes MR",
        "Practical methods for incorporating summary time-to-event data into meta-analysis",
        "Trials",
        "8:16",
        "10.1186/1745-6215-8-16",
    ),
    # a catalogue of publications, by its DOI
    "Wei et al. 2015": Publication(
        "Wei Y, Royston P, Tierney JF, Parmar MKB",
        "Meta-analysis of time-to-event outcomes from randomized trials using restricted mean survival time: "
        "application to individual participant data",
        _SIM,
        "34(21):2881-2898",
        "10.1002/sim.6556",
    ),
    # several bibliographies of software, alike
    "Burke et al. 2017": Publication(
        "Burke DL, Ensor J, Riley RD",
        "Meta-analysis using individual participant data: one-stage and two-stage approaches, and why they may differ",
        _SIM,
        "36(5):855-875",
        "10.1002/sim.7141",
    ),
    # the DOI: the description of R's metamedian; the rest is as remembered
    "McGrath et al. 2019": Publication(
        "McGrath S, Zhao X, Qin ZZ, Steele R, Benedetti A",
        "One-sample aggregate data meta-analysis of medians",
        _SIM,
        "38(6):969-984",
        "10.1002/sim.8013",
    ),
    # bibliographies of software built on R's coxme
    "Ripatti and Palmgren 2000": Publication(
        "Ripatti S, Palmgren J",
        "Estimation of multivariate frailty models using penalized partial likelihood",
        "Biometrics",
        "56(4):1016-1022",
        "10.1111/j.0006-341x.2000.01016.x",
    ),
    # bibliographies of software built on R's coxme
    "Therneau et al. 2003": Publication(
        "Therneau TM, Grambsch PM, Pankratz VS",
        "Penalized survival models and frailty",
        "Journal of Computational and Graphical Statistics",
        "12(1):156-175",
        "10.1198/1061860031365",
    ),
}
