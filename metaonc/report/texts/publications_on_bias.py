"""Publications on small-study effects and on bias, as those of ``publications``."""

from __future__ import annotations

from .publication import Publication

ON_BIAS = {
    # the documentation of R's metasens
    "Copas and Shi 2000": Publication(
        "Copas J, Shi JQ", "Meta-analysis, funnel plots and sensitivity analysis", "Biostatistics", "1(3):247-262",
        "10.1093/biostatistics/1.3.247",
    ),
    # PubMed
    "Turner et al. 2009": Publication(
        "Turner RM, Spiegelhalter DJ, Smith GCS, Thompson SG", "Bias modelling in evidence synthesis",
        "Journal of the Royal Statistical Society: Series A", "172(1):21-47", "10.1111/j.1467-985X.2008.00547.x",
    ),
}  # fmt: skip
