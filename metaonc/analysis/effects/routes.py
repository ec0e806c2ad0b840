"""The ways from a report's numbers to an effect: one record each, in order of preference."""

from __future__ import annotations

from . import agreement, checks
from .formulas import hazard, means, reported
from .roles import TWO_MEANS, TWO_MEDIANS
from .route import Route

TIERNEY = "Tierney 2007, doi:10.1186/1745-6215-8-16"
PARMAR = "Parmar, Torri and Stewart 1998"
_ARMS = ("events_t", "events_c")

# In order of preference: a row is taken by the first whose numbers it has. First what a model of all follow-up
# estimated, with its own error; then the log-rank test's numbers, whose one-step effect is too near 1 where hazards
# differ much; then errors that follow from p, which is printed with few digits; then those from the number of
# events, with hr or with p alone; last what is a hazard ratio only if hazards are constant or proportional.
HR_ROUTES = {
    r.id: r
    for r in (
        Route(
            id="interval",
            label="hr and {level} % interval",
            words="taken as published with their {level}% interval",
            roles=("hr", "ci_low", "ci_high"),
            optional=("p",),
            optional_label="p",
            compute=hazard.interval,
            check=checks.hazard_ratio,
            review=agreement.of_interval,
            source=f"{PARMAR}; {TIERNEY}",
        ),
        Route(
            id="standard error",
            label="hr and standard error of its logarithm",
            words="taken as published with the standard error of their logarithm",
            roles=("hr", "se"),
            optional=("p",),
            optional_label="p",
            compute=hazard.standard_error,
            check=checks.hazard_ratio,
            review=agreement.of_standard_error,
            source=TIERNEY,
        ),
        Route(
            id="O - E and V",
            label="O - E and V",
            words="computed from observed minus expected events and their variance by the log-rank test",
            roles=("o_minus_e", "v"),
            compute=hazard.logrank,
            check=checks.logrank,
            source=f"Yusuf et al. 1985, doi:10.1016/s0033-0620(85)80003-7; {TIERNEY}",
        ),
        Route(
            id="observed and expected",
            label="observed and expected events of each arm",
            words="computed from observed and expected events of each arm",
            roles=("observed_t", "expected_t", "observed_c", "expected_c"),
            compute=hazard.observed_expected,
            check=checks.all_positive,
            source=f"{PARMAR}; {TIERNEY}",
        ),
        Route(
            id="V",
            label="hr and V",
            words="taken as published, with the variance from that of the log-rank test",
            roles=("hr", "v"),
            compute=hazard.information,
            check=checks.all_positive,
            source=f"{PARMAR}; {TIERNEY}",
        ),
        Route(
            id="p",
            label="hr and p",
            words="taken as published, with the standard error from the p-value",
            roles=("hr", "p"),
            optional=_ARMS,
            optional_label="the events of each arm",
            compute=hazard.p_value,
            check=checks.hazard_ratio_with_p,
            suffices=checks.hazard_ratio_with_p_suffices,
            review=agreement.of_p_value,
            source=f"{PARMAR}; {TIERNEY}",
        ),
        Route(
            id="hr and events of each arm",
            label="hr and events of each arm",
            words="taken as published, with the variance from the events of each arm",
            roles=("hr", *_ARMS),
            compute=hazard.ratio_and_events_by_arm,
            check=checks.hazard_ratio_with_events,
            suffices=checks.some_events,
            source=TIERNEY,
        ),
        Route(
            id="hr, events and allocation",
            label="hr, all events and patients of each arm",
            words="taken as published, with the variance from all events and the patients of each arm",
            roles=("hr", "events", "n_t", "n_c"),
            compute=hazard.ratio_events_and_allocation,
            check=checks.hazard_ratio_with_events,
            suffices=checks.some_events,
            source=TIERNEY,
        ),
        Route(
            id="hr and events, 1:1",
            label="hr and all events, allocation 1:1",
            words="taken as published, with the variance from all events of two arms of one size",
            roles=("hr", "events"),
            compute=hazard.ratio_and_events,
            check=checks.hazard_ratio_with_events,
            suffices=checks.some_events,
            source=TIERNEY,
        ),
        Route(
            id="p and events of each arm",
            label="p and events of each arm",
            words="computed from the p-value and the events of each arm",
            roles=("p", "sign", *_ARMS),
            compute=hazard.p_and_events_by_arm,
            check=checks.p_with_sign,
            suffices=checks.some_events,
            source=f"{PARMAR}; {TIERNEY}",
        ),
        Route(
            id="p, events and allocation",
            label="p, all events and patients of each arm",
            words="computed from the p-value, all events and the patients of each arm",
            roles=("p", "sign", "events", "n_t", "n_c"),
            compute=hazard.p_events_and_allocation,
            check=checks.p_with_sign,
            suffices=checks.some_events,
            source=f"{PARMAR}; {TIERNEY}",
        ),
        Route(
            id="p and events, 1:1",
            label="p and all events, allocation 1:1",
            words="computed from the p-value and all events of two arms of one size",
            roles=("p", "sign", "events"),
            compute=hazard.p_and_events,
            check=checks.p_with_sign,
            suffices=checks.some_events,
            source=f"{PARMAR}; {TIERNEY}",
        ),
        Route(
            id="medians and events",
            label="medians and events, constant hazards",
            words="computed from medians and events, as of constant hazards",
            roles=("median_t", "events_t", "median_c", "events_c"),
            compute=hazard.medians,
            check=checks.medians_with_events,
            suffices=checks.some_events,
            source="ratio of two exponential hazards",
            assumes="constant hazards, which medians cannot show",
        ),
        Route(
            id="medians and intervals",
            label="medians and their {level} % intervals, constant hazards",
            words="computed from medians and their {level}% intervals, as of constant hazards",
            roles=TWO_MEDIANS,
            compute=hazard.median_intervals,
            check=checks.two_medians,
            source="ratio of two exponential hazards",
            label_open="medians and limits of their {level} % intervals that were reached, constant hazards",
            words_open="computed from medians and those limits of their {level}% intervals that were reached, as of "
            "constant hazards",
            assumes="constant hazards, which medians cannot show",
        ),
        Route(
            id="landmark survival",
            label="survival at one time, proportional hazards",
            words="computed from survival at one time, as of proportional hazards",
            roles=("surv_t", "se_surv_t", "surv_c", "se_surv_c"),
            compute=hazard.landmark,
            check=checks.landmark,
            suffices=checks.landmark_suffices,
            source="delta method on log(-log S)",
            assumes="proportional hazards, which survival at one time cannot show",
        ),
    )
}

MEDIAN_ROUTE = Route(
    id="interval",
    label="median and {level} % interval",
    words="taken as published with their {level}% interval",
    roles=("median", "ci_low", "ci_high"),
    compute=lambda c: reported.log_from_interval({**c, "estimate": c["median"]}),
    check=checks.median,
    source="Wald's interval on the log scale",
    label_open="median and lower limit of its {level} % interval",
    words_open="taken as published with the lower limit of their {level}% interval, the upper one not being reached",
    label_bound="median not reached, at a time that it exceeds, and lower limit of its {level} % interval",
    words_bound="not reached, and taken at a time that they exceed with the lower limit of their {level}% interval",
)
MEDIANS_ROUTE = Route(
    id="medians and intervals",
    label="medians and their {level} % intervals",
    words="computed from medians and their {level}% intervals",
    roles=TWO_MEDIANS,
    compute=hazard.ratio_of_medians,
    check=checks.two_medians,
    source="Wald's intervals on the log scale",
    label_open="medians and limits of their {level} % intervals that were reached",
    words_open="computed from medians and those limits of their {level}% intervals that were reached",
)
DIFFERENCE_ROUTE = Route(
    id="means",
    label="means, standard deviations and patients",
    words="computed from means, standard deviations and patients of each arm",
    roles=TWO_MEANS,
    compute=means.difference,
    check=checks.means,
    source="difference of two independent means",
)
STANDARDISED_ROUTE = Route(
    id="means",
    label="means, standard deviations and patients",
    words="computed from means, standard deviations and patients of each arm as Hedges' g, which corrects for small "
    "samples",
    roles=TWO_MEANS,
    compute=means.standardised_difference,
    check=checks.means,
    source="Hedges 1981, doi:10.3102/10769986006002107",
)
