"""What the models behind pools differ in, as data: a reader must know it of each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """What the model behind a pool is like; the defaults are those of most models.

    Attributes
    ----------
    interval_label : str
        ``CI``, or ``CrI`` of credible intervals.
    common_effect : bool
        Whether the model has one effect for all trials, whatever its method.
    pools_counts : bool
        Whether counts are pooled, not effects of the trials.
    inverse_variance : bool
        Whether effects are weighted by inverse variances.
    models_dependence : bool
        Whether the rows of one trial may depend on each other.
    gives_weights : bool
        Whether the model gives trials weights of its own.
    has_test : bool
        Whether the pooled effect has a standard error, and so a test.
    adds_to_one_trial : bool
        Whether the pool of one trial is more than that trial as it is, as with priors.
    """

    interval_label: str = "CI"
    common_effect: bool = False
    pools_counts: bool = False
    inverse_variance: bool = False
    models_dependence: bool = False
    gives_weights: bool = True
    has_test: bool = True
    adds_to_one_trial: bool = False
