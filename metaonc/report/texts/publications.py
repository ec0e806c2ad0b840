"""The publications that records of methods cite in short, as in ``Knapp and Hartung 2003, doi:...``.

Unless a line says otherwise, their data were read in the help pages of R's metafor, not in the publication.
"""

from __future__ import annotations

from .publication import Publication
from .publications_robustness import ROBUSTNESS
from .publications_survival import SURVIVAL

_SIM, _RSM = "Statistics in Medicine", "Research Synthesis Methods"

PUBLICATIONS = ROBUSTNESS | SURVIVAL | {
    "Begg and Mazumdar 1994": Publication(
        "Begg CB, Mazumdar M", "Operating characteristics of a rank correlation test for publication bias",
        "Biometrics", "50(4):1088-1101", "10.2307/2533446",
    ),
    "Berkey et al. 1998": Publication(
        "Berkey CS, Hoaglin DC, Antczak-Bouckoms A, Mosteller F, Colditz GA",
        "Meta-analysis of multiple outcomes by regression with random effects", _SIM, "17(22):2537-2550",
        "10.1002/(sici)1097-0258(19981130)17:22<2537::aid-sim953>3.0.co;2-c",
    ),
    "Brannick et al. 2019": Publication(
        "Brannick MT, Potter SM, Benitez B, Morris SB",
        "Bias and precision of alternate estimators in meta-analysis: benefits of blending Schmidt–Hunter and Hedges "
        "approaches", "Organizational Research Methods", "22(2):490-514", "10.1177/1094428117741966",
    ),
    # the documentation of R's meta
    "Deeks et al. 2005": Publication(
        "Deeks JJ, Macaskill P, Irwig L",
        "The performance of tests of publication bias and other sample size effects in systematic reviews of "
        "diagnostic test accuracy was assessed", "Journal of Clinical Epidemiology", "58:882-893",
    ),
    "Citkowicz and Vevea 2017": Publication(
        "Citkowicz M, Vevea JL", "A parsimonious weight function for modeling publication bias",
        "Psychological Methods", "22(1):28-41", "10.1037/met0000119",
    ),
    "DerSimonian and Laird 1986": Publication(
        "DerSimonian R, Laird N", "Meta-analysis in clinical trials", "Controlled Clinical Trials", "7(3):177-188",
        "10.1016/0197-2456(86)90046-2",
    ),
    "Duval and Tweedie 2000": Publication(
        "Duval SJ, Tweedie RL",
        "Trim and fill: a simple funnel-plot-based method of testing and adjusting for publication bias in "
        "meta-analysis", "Biometrics", "56(2):455-463", "10.1111/j.0006-341x.2000.00455.x",
    ),
    "Duval and Tweedie, JASA 2000": Publication(
        "Duval SJ, Tweedie RL",
        'A nonparametric "trim and fill" method of accounting for publication bias in meta-analysis',
        "Journal of the American Statistical Association", "95(449):89-98", "10.1080/01621459.2000.10473905",
    ),
    "Egger et al. 1997": Publication(
        "Egger M, Davey Smith G, Schneider M, Minder C", "Bias in meta-analysis detected by a simple, graphical test",
        "British Medical Journal", "315(7109):629-634", "10.1136/bmj.315.7109.629",
    ),
    # the documentation of R's metawho
    "Fisher et al. 2017": Publication(
        "Fisher DJ, Carpenter JR, Morris TP, Freeman SC, Tierney JF",
        "Meta-analytical methods to identify who benefits most from treatments: daft, deluded, or deft approach?",
        "BMJ", "356:j573", "10.1136/bmj.j573",
    ),
    "Follmann and Proschan 1999": Publication(
        "Follmann DA, Proschan MA", "Valid inference in random effects meta-analysis", "Biometrics", "55(3):732-737",
        "10.1111/j.0006-341x.1999.00732.x",
    ),
    "Francis 2013": Publication(
        "Francis G", "Replication, statistical consistency, and publication bias", "Journal of Mathematical Psychology",
        "57(5):153-169", "10.1016/j.jmp.2013.02.003",
    ),
    "Gleser and Olkin 2009": Publication(
        "Gleser LJ, Olkin I", "Stochastically dependent effect sizes",
        "In: Cooper H, Hedges LV, Valentine JC, eds. The Handbook of Research Synthesis and Meta-Analysis. 2nd ed. "
        "New York: Russell Sage Foundation", "357-376",
    ),
    # the help of Stata's metafloat, by its authors; last page not known
    "Godolphin et al. 2023": Publication(
        "Godolphin PJ, White IR, Tierney JF, Fisher DJ",
        "Estimating interactions and subgroup-specific treatment effects in meta-analysis without aggregation bias: "
        "a within-trial framework", _RSM, "14:68", "10.1002/jrsm.1590",
    ),
    "Harbord et al. 2006": Publication(
        "Harbord RM, Egger M, Sterne JAC",
        "A modified test for small-study effects in meta-analyses of controlled trials with binary endpoints", _SIM,
        "25(20):3443-3457", "10.1002/sim.2380",
    ),
    "Hardy and Thompson 1996": Publication(
        "Hardy RJ, Thompson SG", "A likelihood approach to meta-analysis with random effects", _SIM, "15(6):619-629",
        "10.1002/(sici)1097-0258(19960330)15:6<619::aid-sim188>3.0.co;2-a",
    ),
    "Hedges 1981": Publication(
        "Hedges LV", "Distribution theory for Glass's estimator of effect size and related estimators",
        "Journal of Educational Statistics", "6(2):107-128", "10.3102/10769986006002107",
    ),
    "Hedges and Olkin 1985": Publication(
        "Hedges LV, Olkin I", "Statistical methods for meta-analysis", "San Diego: Academic Press",
    ),
    "Henmi and Copas 2010": Publication(
        "Henmi M, Copas JB",
        "Confidence intervals for random effects meta-analysis and robustness to publication bias", _SIM,
        "29(29):2969-2983", "10.1002/sim.4029",
    ),
    "Higgins and Thompson 2004": Publication(
        "Higgins JPT, Thompson SG", "Controlling the risk of spurious findings from meta-regression", _SIM,
        "23(11):1663-1682", "10.1002/sim.1752",
    ),
    # the documentation of R's pimeta, which has its second edition
    "Hunter and Schmidt 2004": Publication(
        "Hunter JE, Schmidt FL", "Methods of meta-analysis: correcting error and bias in research findings",
        "2nd ed. Thousand Oaks: Sage",
    ),
    "Ioannidis and Trikalinos 2007": Publication(
        "Ioannidis JPA, Trikalinos TA", "An exploratory test for an excess of significant findings", "Clinical Trials",
        "4(3):245-253", "10.1177/1740774507079441",
    ),
    "Jackson et al. 2017": Publication(
        "Jackson D, Law M, Rücker G, Schwarzer G",
        "The Hartung-Knapp modification for random-effects meta-analysis: a useful refinement but are there any "
        "residual concerns?", _SIM, "36(25):3923-3934", "10.1002/sim.7411",
    ),
    "Knapp and Hartung 2003": Publication(
        "Knapp G, Hartung J", "Improved tests for a random effects meta-regression with a single covariate", _SIM,
        "22(17):2693-2710", "10.1002/sim.1482",
    ),
    "Konstantopoulos 2011": Publication(
        "Konstantopoulos S", "Fixed effects and variance components estimation in three-level meta-analysis", _RSM,
        "2(1):61-76", "10.1002/jrsm.35",
    ),
    "Laird and Mosteller 1990": Publication(
        "Laird NM, Mosteller F", "Some statistical methods for combining experimental results",
        "International Journal of Technology Assessment in Health Care", "6(1):5-30", "10.1017/S0266462300008916",
    ),
    # its author's manuscript
    "Lin 2021": Publication(
        "Lin L", "Factors that impact fragility index and their visualizations",
        "Journal of Evaluation in Clinical Practice", "27(2):356-364", "10.1111/jep.13428",
    ),
    "Macaskill et al. 2001": Publication(
        "Macaskill P, Walter SD, Irwig L", "A comparison of methods to detect publication bias in meta-analysis", _SIM,
        "20(4):641-654", "10.1002/sim.698",
    ),
    "Mantel and Haenszel 1959": Publication(
        "Mantel N, Haenszel W", "Statistical aspects of the analysis of data from retrospective studies of disease",
        "Journal of the National Cancer Institute", "22(4):719-748", "10.1093/jnci/22.4.719",
    ),
    "Miller 1978": Publication(
        "Miller JJ", "The inverse of the Freeman-Tukey double arcsine transformation", "American Statistician",
        "32(4):138", "10.1080/00031305.1978.10479283",
    ),
    "Morris, White and Crowther 2019": Publication(
        "Morris TP, White IR, Crowther MJ", "Using simulation studies to evaluate statistical methods", _SIM,
        "38(11):2074-2102", "10.1002/sim.8086",
    ),
    "Morris 1983": Publication(
        "Morris CN", "Parametric empirical Bayes inference: theory and applications",
        "Journal of the American Statistical Association", "78(381):47-55", "10.2307/2287098",
    ),
    "Olkin, Dahabreh and Trikalinos 2012": Publication(
        "Olkin I, Dahabreh IJ, Trikalinos TA", "GOSH - a graphical display of study heterogeneity", _RSM,
        "3(3):214-223", "10.1002/jrsm.1053",
    ),
    "Orwin 1983": Publication(
        "Orwin RG", "A fail-safe N for effect size in meta-analysis", "Journal of Educational Statistics",
        "8(2):157-159", "10.3102/10769986008002157",
    ),
    # as articles that cite it have it
    # as articles that cite it have it
    "Partlett and Riley 2017": Publication(
        "Partlett C, Riley RD",
        "Random effects meta-analysis: coverage performance of 95% confidence and prediction intervals following REML "
        "estimation", _SIM, "36(2):301-317", "10.1002/sim.7140",
    ),
    "Paule and Mandel 1982": Publication(
        "Paule RC, Mandel J", "Consensus values and weighting factors",
        "Journal of Research of the National Bureau of Standards", "87(5):377-385", "10.6028/jres.087.022",
    ),
    "Peters et al. 2006": Publication(
        "Peters JL, Sutton AJ, Jones DR, Abrams KR, Rushton L",
        "Comparison of two methods to detect publication bias in meta-analysis",
        "Journal of the American Medical Association", "295(6):676-680", "10.1001/jama.295.6.676",
    ),
    # the documentation of R's meta
    "Pustejovsky and Rodgers 2019": Publication(
        "Pustejovsky JE, Rodgers MA", "Testing for funnel plot asymmetry of standardized mean differences", _RSM,
        "10:57-71",
    ),
    "Preston et al. 2004": Publication(
        "Preston C, Ashby D, Smyth R", "Adjusting for publication bias: modelling the selection process",
        "Journal of Evaluation in Clinical Practice", "10(2):313-322", "10.1111/j.1365-2753.2003.00457.x",
    ),
    "Pustejovsky and Tipton 2022": Publication(
        "Pustejovsky JE, Tipton E",
        "Meta-analysis with robust variance estimation: expanding the range of working models", "Prevention Science",
        "23:425-438", "10.1007/s11121-021-01246-3",
    ),
    "Raudenbush and Bryk 1985": Publication(
        "Raudenbush SW, Bryk AS", "Empirical Bayes meta-analysis", "Journal of Educational Statistics", "10(2):75-98",
        "10.3102/10769986010002075",
    ),
    # as articles that cite it have it
    "Roever 2020": Publication(
        "Röver C", "Bayesian random-effects meta-analysis using the bayesmeta R package",
        "Journal of Statistical Software", "93(6):1-51", "10.18637/jss.v093.i06",
    ),
    "Rosenberg 2005": Publication(
        "Rosenberg MS",
        "The file-drawer problem revisited: a general weighted method for calculating fail-safe numbers in "
        "meta-analysis", "Evolution", "59(2):464-468", "10.1111/j.0014-3820.2005.tb01004.x",
    ),
    "Rosenthal 1979": Publication(
        "Rosenthal R", 'The "file drawer problem" and tolerance for null results', "Psychological Bulletin",
        "86(3):638-641", "10.1037/0033-2909.86.3.638",
    ),
    # the documentation of R's meta
    "Schwarzer, Antes and Schumacher 2007": Publication(
        "Schwarzer G, Antes G, Schumacher M", "A test for publication bias in meta-analysis with sparse binary data",
        _SIM, "26:721-733",
    ),
    # as articles that cite it have it
    "Rücker et al. 2011": Publication(
        "Rücker G, Schwarzer G, Carpenter JR, Binder H, Schumacher M",
        "Treatment-effect estimates adjusted for small-study effects via a limit meta-analysis", "Biostatistics",
        "12(1):122-142", "10.1093/biostatistics/kxq046",
    ),
    "Sidik and Jonkman 2005": Publication(
        "Sidik K, Jonkman JN", "Simple heterogeneity variance estimation for meta-analysis",
        "Journal of the Royal Statistical Society, Series C", "54(2):367-384", "10.1111/j.1467-9876.2005.00489.x",
    ),
    "Stanley and Doucouliagos 2014": Publication(
        "Stanley TD, Doucouliagos H", "Meta-regression approximations to reduce publication selection bias", _RSM,
        "5(1):60-78", "10.1002/jrsm.1095",
    ),
    "Stijnen, Hamza and Ozdemir 2010": Publication(
        "Stijnen T, Hamza TH, Ozdemir P",
        "Random effects meta-analysis of event outcome in the framework of the generalized linear mixed model with "
        "applications in sparse data", _SIM, "29(29):3046-3067", "10.1002/sim.4040",
    ),
    # the documentation of R's meta
    "Thompson and Sharp 1999": Publication(
        "Thompson SG, Sharp SJ", "Explaining heterogeneity in meta-analysis: a comparison of methods", _SIM,
        "18:2693-2708",
    ),
    # as articles that cite it have it
    # the metafor project's list of what cites it
    "Van Aert and van Assen 2022": Publication(
        "Van Aert RCM, van Assen MALM",
        "Correcting for publication bias in a meta-analysis with the p-uniform* method", "MetaArXiv",
        doi="10.31222/osf.io/zqjr9",
    ),
    "Vevea and Hedges 1995": Publication(
        "Vevea JL, Hedges LV",
        "A general linear model for estimating effect size in the presence of publication bias", "Psychometrika",
        "60(3):419-435", "10.1007/BF02294384",
    ),
    "Vevea and Woods 2005": Publication(
        "Vevea JL, Woods CM",
        "Publication bias in research synthesis: sensitivity analysis using a priori weight functions",
        "Psychological Methods", "10(4):428-443", "10.1037/1082-989X.10.4.428",
    ),
    "Viechtbauer 2005": Publication(
        "Viechtbauer W", "Bias and efficiency of meta-analytic variance estimators in the random-effects model",
        "Journal of Educational and Behavioral Statistics", "30(3):261-293", "10.3102/10769986030003261",
    ),
    "Viechtbauer and Cheung 2010": Publication(
        "Viechtbauer W, Cheung MWL", "Outlier and influence diagnostics for meta-analysis", _RSM, "1(2):112-125",
        "10.1002/jrsm.11",
    ),
    "Viechtbauer 2021": Publication(
        "Viechtbauer W", "Median-unbiased estimators for the amount of heterogeneity in meta-analysis",
        "Talk at the European Congress of Methodology, Valencia",
    ),
    # PubMed
    "Walsh et al. 2014": Publication(
        "Walsh M, Srinathan SK, McAuley DF, Mrkobrada M, Levine O, Ribic C, Molnar AO, Dattani ND, Burke A, Guyatt G, "
        "Thabane L, Walter SD, Pogue J, Devereaux PJ",
        "The statistical significance of randomized controlled trial results is frequently fragile: a case for a "
        "Fragility Index", "Journal of Clinical Epidemiology", "67(6):622-628", "10.1016/j.jclinepi.2013.10.019",
    ),
    # the documentation of R's netmeta; the DOI was not read there
    "Woods, Hawkins and Scott 2010": Publication(
        "Woods BS, Hawkins N, Scott DA",
        "Network meta-analysis on the log-hazard scale, combining count and hazard ratio statistics accounting for "
        "multi-arm trials: a tutorial", "BMC Medical Research Methodology", "10:54", "10.1186/1471-2288-10-54",
    ),
    "Yusuf et al. 1985": Publication(
        "Yusuf S, Peto R, Lewis J, Collins R, Sleight P",
        "Beta blockade during and after myocardial infarction: an overview of the randomized trials",
        "Progress in Cardiovascular Diseases", "27(5):335-371", "10.1016/s0033-0620(85)80003-7",
    ),
}  # fmt: skip
