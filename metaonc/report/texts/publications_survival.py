"""Publications on survival across trials.

Unless a line says otherwise, their data are recalled and were not read in the publication.
"""

from __future__ import annotations

from .publication import Publication

_SIM = "Statistics in Medicine"

SURVIVAL = {
    "Burke et al. 2017": Publication(
        "Burke DL, Ensor J, Riley RD",
        "Meta-analysis using individual participant data: one-stage and two-stage approaches, and why they may differ",
        _SIM, "36(5):855-875",
    ),
    "Combescure et al. 2014": Publication(
        "Combescure C, Foucher Y, Jackson D",
        "Meta-analysis of single-arm survival studies: a distribution-free approach for estimating summary survival "
        "curves with random effects", _SIM, "33(15):2521-2537",
    ),
    "Fisher et al. 2017": Publication(
        "Fisher DJ, Carpenter JR, Morris TP, Freeman SC, Tierney JF",
        "Meta-analytical methods to identify who benefits most from treatments: daft, deluded, or deft approach?",
        "BMJ", "356:j573",
    ),
    "Jackson et al. 2010": Publication(
        "Jackson D, White IR, Thompson SG",
        "Extending DerSimonian and Laird's methodology to perform multivariate random effects meta-analyses", _SIM,
        "29(12):1282-1297",
    ),
    "McGrath et al. 2019": Publication(
        "McGrath S, Zhao X, Qin ZZ, Steele R, Benedetti A",
        "One-sample aggregate data meta-analysis of medians", _SIM, "38(6):969-984",
    ),
    "Ripatti and Palmgren 2000": Publication(
        "Ripatti S, Palmgren J", "Estimation of multivariate frailty models using penalized partial likelihood",
        "Biometrics", "56(4):1016-1022",
    ),
    "Therneau et al. 2003": Publication(
        "Therneau TM, Grambsch PM, Pankratz VS", "Penalized survival models and frailty",
        "Journal of Computational and Graphical Statistics", "12(1):156-175",
    ),
}  # fmt: skip
