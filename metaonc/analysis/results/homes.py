"""Where each kind of result is at home: the names of ``mo.results``, by which ``from_dict`` finds a class."""

from ...base.lazy import homes_of

HOMES = homes_of(
    "metaonc",
    {
        "analysis.interaction.several_levels_result": ("InteractionLevelsResult",),
        "analysis.interaction.two_levels_result": ("InteractionResult",),
        "analysis.pooling.bayes.pool": ("BayesResult",),
        "analysis.pooling.common_effect.mantel_haenszel": ("MantelHaenszelResult",),
        "analysis.pooling.common_effect.peto": ("PetoResult",),
        "analysis.pooling.common_effect.result": ("CommonEffectResult",),
        "analysis.pooling.counts.result": ("BetaBinomialResult", "CountResult", "GlmmResult"),
        "analysis.pooling.inverse_variance.result": ("MetaResult",),
        "analysis.pooling.multilevel.result": ("MultilevelResult",),
        "analysis.pooling.multivariate.result": ("MultivariateResult",),
        "analysis.pooling.regression.result": ("RegressionResult",),
        "analysis.pooling.subgroups.result": ("SubgroupResult",),
        "analysis.results.pooled": ("PooledResult",),
        "analysis.results.studies": ("LeftOut", "Studies"),
        "analysis.results.reading": ("from_dict", "from_json"),
        "analysis.sensitivity.permutation_result": ("PermutationResult",),
        "analysis.sensitivity.subsets_result": ("SubsetsResult",),
        "analysis.survival.cox.fitted": ("FittedHazardRatio",),
        "analysis.survival.cox.result": (
            "CoxHazardRatio",
            "CurveHazardRatio",
            "LogHazardRatio",
            "TwoArmHazardRatio",
        ),
        "analysis.survival.curve.result": ("KaplanMeier",),
        "analysis.survival.ensembles.combine": ("Combined",),
        "analysis.survival.ensembles.hazard_ratio": ("EnsembleHazardRatio",),
        "analysis.survival.published": ("PublishedCheck",),
        "base.result": ("Provenance", "Result"),
        "data.curves.arms": ("ReconstructedArms",),
        "data.curves.ensemble": ("Ensemble",),
        "data.curves.reconstruction": ("Reconstruction",),
        "data.curves.summary": ("ModelledPatients",),
        "data.digitize.result": ("Digitized",),
    },
)
