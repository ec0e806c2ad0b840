"""Where each kind of result is at home: the one line by which ``mo.results``, ``from_dict`` and the reports find it."""

from ...base.lazy import homes_of

# Module below metaonc -> its names in mo.results, each with the record below report.kinds that says what readers see of
# it; None where that of a parent class does, or nothing is shown. Messages list them in this order. Only names stand
# here: nothing of a report is imported.
_TABLE: dict[str, dict[str, str | None]] = {
    "analysis.pooling.inverse_variance.result": {"MetaResult": "pool.inverse_variance:KIND"},
    "analysis.pooling.common_effect.result": {"CommonEffectResult": "pool.common_effect:KIND"},
    "analysis.pooling.common_effect.mantel_haenszel": {"MantelHaenszelResult": None},
    "analysis.pooling.common_effect.peto": {"PetoResult": None},
    "analysis.pooling.counts.result": {
        "BetaBinomialResult": None,
        "CountResult": "pool.counts:KIND",
        "GlmmResult": None,
    },
    "analysis.pooling.bayes.pool": {"BayesResult": "pool.bayes:KIND"},
    "analysis.pooling.multilevel.result": {"MultilevelResult": "pool.multilevel:KIND"},
    "analysis.pooling.subgroups.result": {"SubgroupResult": "subgroups:KIND"},
    "analysis.interaction.two_levels_result": {"InteractionResult": "two_levels:KIND"},
    "analysis.interaction.several_levels_result": {"InteractionLevelsResult": "several_levels:KIND"},
    "analysis.pooling.regression.result": {"RegressionResult": "regression:KIND"},
    "analysis.pooling.multivariate.result": {"MultivariateResult": "multivariate:KIND"},
    "analysis.sensitivity.all_subsets.result": {"GoshResult": "sensitivity.gosh:KIND"},
    "analysis.sensitivity.blups.result": {"BlupResult": "sensitivity.blups:KIND"},
    "analysis.sensitivity.case_deletion.result": {"InfluenceResult": "sensitivity.influence:KIND"},
    "analysis.sensitivity.event_changes.result": {
        "FragilityResult": "sensitivity.fragility:OF_POOL",
        "TrialFragilityResult": "sensitivity.fragility:OF_TRIALS",
    },
    "analysis.sensitivity.choices.result": {"MultiverseResult": "sensitivity.multiverse:KIND"},
    "analysis.sensitivity.overturning.e_value_result": {"EValueResult": "sensitivity.e_value:KIND"},
    "analysis.sensitivity.overturning.tipping_result": {"TippingPointResult": "sensitivity.tipping_point:KIND"},
    "analysis.sensitivity.resampling.result": {"BootstrapResult": "sensitivity.bootstrap:KIND"},
    "analysis.sensitivity.several_left_out.result": {"LeaveKOutResult": "sensitivity.leave_k_out:KIND"},
    "analysis.sensitivity.permutation_result": {"PermutationResult": "sensitivity.permutation:KIND"},
    "analysis.sensitivity.subsets_result": {"SubsetsResult": "sensitivity.subsets:KIND"},
    "analysis.simulation.result": {"SimulationResult": "simulation.study:KIND"},
    "analysis.simulation.plan_result": {"PlanResult": "simulation.plan:KIND"},
    "analysis.bias.asymmetry.regression_result": {"RegressionTestResult": "bias.asymmetry:REGRESSION"},
    "analysis.bias.asymmetry.rank_result": {"RankTestResult": "bias.asymmetry:RANK"},
    "analysis.bias.adjusted.trim_fill_result": {"TrimFillResult": "bias.trim_fill:KIND"},
    "analysis.bias.adjusted.prior_bias_result": {"BiasAdjustedResult": "bias.prior_bias:KIND"},
    "analysis.bias.adjusted.result": {
        "AdjustedEffect": None,
        "LimitResult": "bias.adjusted:LIMIT",
        "PetPeeseResult": "bias.adjusted:PET_PEESE",
    },
    "analysis.bias.selected": {"CorrectedEffect": None, "SelectedTrials": None},
    "analysis.bias.copas_model.result": {"CopasResult": "bias.copas:KIND"},
    "analysis.bias.selection.result": {"SelectionResult": "bias.selection:WEIGHTED"},
    "analysis.bias.selection.p_uniform_result": {"PUniformResult": "bias.selection:P_UNIFORM"},
    "analysis.bias.significance.result": {
        "ExcessResult": "bias.significance:EXCESS",
        "FailSafeResult": "bias.significance:FAIL_SAFE",
    },
    "analysis.robustness.result": {"RobustnessResult": "sensitivity.robustness:KIND"},
    "analysis.survival.curve.result": {"KaplanMeier": "survival_curves:KIND"},
    "analysis.survival.cox.result": {
        "CoxHazardRatio": "hazard_ratios:COX",
        "CurveHazardRatio": "hazard_ratios:FROM_CURVES",
        "LogHazardRatio": None,
        "TwoArmHazardRatio": None,
    },
    "analysis.survival.cox.fitted": {"FittedHazardRatio": "hazard_ratios:FITTED"},
    "analysis.survival.ensembles.hazard_ratio": {"EnsembleHazardRatio": "hazard_ratios:OF_ENSEMBLE"},
    "analysis.survival.ensembles.combine": {"Combined": None},
    "analysis.synthesis.curves.result": {"PooledCurves": "synthesis.curves:KIND"},
    "analysis.synthesis.curves.curve": {"PooledCurve": None},
    "analysis.results.pooled": {"PooledResult": None},
    "analysis.results.studies": {"LeftOut": None, "Studies": None},
    "analysis.results.reading": {"from_dict": None, "from_json": None},
    "analysis.survival.published": {"PublishedCheck": None},
    "base.result": {"Provenance": None, "Result": None},
    "data.curves.arms": {"ReconstructedArms": None},
    "data.curves.ensemble": {"Ensemble": None},
    "data.curves.reconstruction": {"Reconstruction": None},
    "data.curves.summary": {"ModelledPatients": None},
    "data.digitize.result": {"Digitized": None},
}
HOMES = homes_of("metaonc", _TABLE)
KINDS = {f"metaonc.{module}.{name}": kind for module, names in _TABLE.items() for name, kind in names.items() if kind}
