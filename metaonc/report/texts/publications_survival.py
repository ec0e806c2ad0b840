"""Publications on survival across trials.

Unless a line says otherwise, their data are recalled and were not read in the publication.
"""

from __future__ import annotations

from .publication import Publication

_SIM = "Statistics in Medicine"

SURVIVAL = {
    "Combescure et al. 2014": Publication(
        "Combescure C, Foucher Y, Jackson D",
        "Meta-analysis of single-arm survival studies: a distribution-free approach for estimating summary survival "
        "curves with random effects", _SIM, "33(15):2521-2537",
    ),
    "Jackson et al. 2010": Publication(
        "Jackson D, White IR, Thompson SG",
        "Extending DerSimonian and Laird's methodology to perform multivariate random effects meta-analyses", _SIM,
        "29(12):1282-1297",
    ),
}  # fmt: skip
