"""What each column of an evidence table means and may hold: the one description of the tables."""

from __future__ import annotations

from dataclasses import replace

from .records import Field, Outcome, Table

OUTCOMES = {
    o.code: o
    for o in (
        Outcome("orr", "objective response rate", "proportion", "response"),
        Outcome("cr", "complete response rate", "proportion", "response"),
        Outcome("dcr", "disease control rate", "proportion", "response"),
        Outcome("pfs_rate", "progression-free rate at a time", "proportion", "survival"),
        Outcome("dfs_rate", "disease-free rate at a time", "proportion", "survival"),
        Outcome("os_rate", "survival rate at a time", "proportion", "survival"),
        Outcome("pfs", "progression-free survival", "time", "survival"),
        Outcome("dfs", "disease-free survival", "time", "survival"),
        Outcome("os", "overall survival", "time", "survival"),
        Outcome("dor", "duration of response", "time", "survival"),
        Outcome("efs", "event-free survival", "time", "survival"),
        Outcome("efs_rate", "event-free rate at a time", "proportion", "survival"),
        Outcome("tb", "tuberculosis", "proportion", "incidence"),
    )
}
VERIFICATIONS = ("read", "reproduced", "unverified")
UNITS = ("percent", "months", "weeks", "days", "years")
MONTHS = {"months": 1.0, "weeks": 7 / 30.4375, "days": 1 / 30.4375, "years": 12.0}  # a month has 30.4375 days
_LIMITS = ("estimate", "ci_low", "ci_high")
_LINES = (
    *("first line", "second line", "third line or later", "previously treated", "recurrent", "maintenance"),
    *("neoadjuvant", "adjuvant", "locoregional", "mixed", "not applicable"),
)
_WORKED_OUT = ("n", "events", "estimate", "n_comparator", "events_comparator")
PRINTED = (  # the figures that a source prints, and that may have been read in it
    *("n", "events", "estimate", "ci_low", "ci_high", "se", "n_comparator", "events_comparator", "n_both"),
    *("events_both", "o_minus_e", "v", "log_hr", "log_hr_se", "odds_ratio", "or_low", "or_high"),
    *("hr", "hr_low", "hr_high", "p_value", "p_interaction"),
)

_EVIDENCE = (
    Field("row_id", "text", "Name of the row: stable, unique, readable.", True),
    Field("trial", "text", "Trial, by the name it is known by.", True),
    Field("arm_id", "text", "Arm that the row reports, in the table of arms.", True),
    Field(
        "subgroup_variable",
        "text",
        "What divides the arm; blank for all its patients. KRAS is KRAS alone; MAPK any of a set of genes.",
    ),
    Field("subgroup_level", "text", "Which part of the arm; blank for all its patients."),
    Field("outcome", "text", "Outcome.", True, allowed=tuple(OUTCOMES)),
    Field(
        "assessor",
        "text",
        "Who judged it: blinded independent central review or the investigators.",
        True,
        ("BICR", "investigator", "not stated", "not applicable"),
    ),
    Field(
        "confirmed",
        "text",
        "Whether responses had to be confirmed.",
        True,
        ("yes", "no", "not stated", "not applicable"),
    ),
    Field("n", "count", "Patients (or regimens, see unit_of_analysis) that the figure rests on.", minimum=1),
    Field("events", "count", "Responders, patients controlled, or events of a time to event.", minimum=0),
    Field("estimate", "number", "Percentage, or median time, as printed.", minimum=0),
    Field("ci_low", "number", "Lower limit of its interval.", minimum=0),
    Field("ci_high", "number", "Upper limit of its interval.", minimum=0),
    Field("ci_level", "number", "Level of the interval, as a proportion: 0.95."),
    Field("unit", "text", "Unit of estimate and interval.", allowed=UNITS),
    Field(
        "not_reached",
        "words",
        "Which of estimate and limits the source prints as not reached; they are blank.",
        allowed=_LIMITS,
    ),
    Field(
        "time_months",
        "number",
        "Time in months at which a rate is taken, or that stable disease had to last.",
        minimum=0,
    ),
    Field(
        "unit_of_analysis",
        "text",
        "What is counted: patients, or regimens (several a patient, not independent).",
        True,
        ("patient", "regimen"),
    ),
    Field("se", "number", "Standard error of the estimate, in its unit.", minimum=0),
    Field("comparator", "text", "Arm that a comparison is with; blank where no other arm is meant."),
    Field("n_comparator", "count", "Patients of the comparator.", minimum=1),
    Field("events_comparator", "count", "Responders of the comparator, or its events of a time to event.", minimum=0),
    Field("n_both", "count", "Patients of both arms together, where they are not given by arm.", minimum=1),
    Field("events_both", "count", "Events of both arms together, where they are not given by arm.", minimum=0),
    Field("o_minus_e", "number", "Log-rank observed minus expected events of this arm."),
    Field("v", "number", "Variance of o_minus_e.", minimum=0),
    Field("log_hr", "number", "Natural logarithm of the hazard ratio, where printed so."),
    Field("log_hr_se", "number", "Standard error of log_hr.", minimum=0),
    Field("odds_ratio", "number", "Odds ratio of this arm to the comparator."),
    Field("or_low", "number", "Lower limit of the odds ratio."),
    Field("or_high", "number", "Upper limit of the odds ratio."),
    Field("or_level", "number", "Level of its interval, as a proportion: 0.95."),
    Field("hr", "number", "Hazard ratio of this arm to the comparator."),
    Field("hr_low", "number", "Lower limit of the hazard ratio."),
    Field("hr_high", "number", "Upper limit of the hazard ratio."),
    Field("hr_level", "number", "Level of its interval, as a proportion: 0.95."),
    Field("p_value", "number", "p value of the comparison; blank where only a bound is printed.", minimum=0, maximum=1),
    Field("p_sided", "count", "Sides of the p value, 1 or 2; blank if not stated.", minimum=1, maximum=2),
    Field("p_interaction", "number", "p value of treatment by subgroup_variable.", minimum=0, maximum=1),
    Field("data_cut", "date", "Date of the data cut; blank where none was found."),
    Field("published", "date", "Year of publication, or date of disclosure: what orders rows without data_cut."),
    Field("supersedes", "words", "row_id of the older rows about the same patients that this row replaces."),
    Field(
        "derived", "words", "Which of n, events and estimate were worked out instead of printed.", allowed=_WORKED_OUT
    ),
    Field("source_id", "text", "Document that holds the figures, in the table of sources.", True),
    Field("source_where", "text", "Where the figures were read, or that they were not.", True),
    Field("read_fields", "words", "Which of the printed figures were read in the source.", allowed=PRINTED),
    Field(
        "verification",
        "text",
        "read: all printed figures are in read_fields; reproduced: not all were read, but published figures "
        "that were read give them by arithmetic, or are what the rows pooled together come to; unverified: neither.",
        True,
        VERIFICATIONS,
    ),
    Field("note", "text", "What a user of the row must know."),
)

_USER_NEEDS = ("trial",)
_FREE = ("outcome", "assessor")  # a user's own words may stand there
_OF_COMPARATOR = tuple(
    Field(f"{name}_comparator", "number", f"{what} of the comparator, in the unit of the arm's own.", minimum=0)
    for name, what in (("estimate", "Median time, as printed,"), ("ci_low", "Lower limit of the median"),
                       ("ci_high", "Upper limit of the median"))
)  # fmt: skip
_SIDES = tuple(
    Field(
        f"{prefix}_sides",
        "count",
        f"Sides of the interval of the {word}: 1 where its level is one-sided, with one limit; blank if not stated.",
        minimum=1,
        maximum=2,
    )
    for prefix, word in (("ci", "estimate"), ("hr", "hazard ratio"), ("or", "odds ratio"), ("rr", "risk ratio"))
)
_AS_PRINTED = (
    Field("p_bound", "text", "Bound that is printed in place of the p value: <0.001."),
    Field("cut", "text", "Name of the data cut, where the source gives no date: interim, final analysis."),
)
_USER_ONLY = tuple(
    field
    for word, prefix, point in (("risk ratio", "rr", "risk_ratio"), ("odds ratio", "or", ""))
    for field in (
        *(
            (
                Field(point, "number", f"{word.capitalize()} of this arm to the comparator."),
                Field(f"{prefix}_low", "number", f"Lower limit of the {word}."),
                Field(f"{prefix}_high", "number", f"Upper limit of the {word}."),
                Field(f"{prefix}_level", "number", "Level of its interval, as a proportion: 0.95."),
            )
            if point
            else ()
        ),
        Field(f"log_{prefix}", "number", f"Natural logarithm of the {word}, where printed so."),
        Field(f"log_{prefix}_se", "number", f"Standard error of log_{prefix}.", minimum=0),
    )
)

EVIDENCE_TABLES = {
    t.name: t
    for t in (
        Table(
            "arms",
            "Trial arms",
            (
                Field("arm_id", "text", "Name of the arm: stable, unique, readable.", True),
                Field("trial", "text", "Trial, by the name it is known by.", True),
                Field("registry_id", "text", "Number in a trial registry."),
                Field("arm", "text", "Arm, in words.", True),
                Field("regimen", "text", "Group of treatments, the same words for the same kind.", True),
                Field("treatment", "text", "Treatment, with dose where known.", True),
                Field("population", "text", "Who was treated.", True),
                Field(
                    "line",
                    "text",
                    "Where in the course of the disease.",
                    True,
                    _LINES,
                ),
                Field(
                    "randomised",
                    "text",
                    "Whether patients were randomised to the arm; part: some were.",
                    True,
                    ("yes", "no", "part"),
                ),
                Field("nested_in", "text", "arm_id of the arm that holds all these patients."),
                Field("note", "text", "What a user of the arm must know."),
            ),
            "arm_id",
            {"nested_in": "arms.arm_id"},
        ),
        Table(
            "evidence",
            "Published results, one set of figures a row",
            _EVIDENCE,
            "row_id",
            {"arm_id": "arms.arm_id", "comparator": "arms.arm_id", "source_id": "sources.source_id"},
        ),
        Table(
            "sources",
            "Documents",
            (
                Field("source_id", "text", "Name of the document: stable, unique, readable.", True),
                Field("citation", "text", "How to cite it.", True),
                Field("pmid", "text", "PubMed identifier."),
                Field("doi", "text", "Digital object identifier."),
                Field(
                    "identifiers_verified",
                    "text",
                    "Whether pmid and doi were read; blank if there are none.",
                    allowed=("yes", "no"),
                ),
                Field("kind", "text", "Kind of document.", True, ("article", "abstract", "label", "press", "dataset")),
                Field("year", "date", "Year of publication; blank if not found."),
            ),
            "source_id",
        ),
        Table(
            "covariates",
            "What trials differ in, one trial and variable a row",
            (
                Field("trial", "text", "Trial, by the name it is known by.", True),
                Field("variable", "text", "Name of the variable; becomes a column beside each row of the trial.", True),
                Field("value", "text", "Its value; a variable whose values are all numbers becomes a number.", True),
                Field("source_id", "text", "Document that states it.", True),
            ),
            None,
            {"trial": "arms.trial", "source_id": "sources.source_id"},
        ),
        Table(
            "guide",
            "Statements of a secondary source, as printed",
            (
                Field("guide_row", "text", "Name of the statement.", True),
                Field("trial", "text", "Trial, as printed.", True),
                Field("registry_id", "text", "Registry number, as printed.", True),
                Field("cancer", "text", "Cancer, as printed.", True),
                Field("combination", "text", "Treatment beside defactinib, as printed.", True),
                Field("population", "text", "Population, as printed.", True),
                Field("subgroup", "text", "Subgroup, as printed."),
                Field("outcome", "text", "Outcome, as printed.", True),
                Field("n", "count", "Patients, as printed.", minimum=1),
                Field("events", "count", "Patients with the outcome, as printed.", minimum=0),
                Field("estimate", "number", "Figure, as printed."),
                Field("unit", "text", "Unit, as printed."),
            ),
            "guide_row",
        ),
        Table(
            "corrections",
            "Each statement beside its primary source",
            (
                Field("guide_row", "text", "Statement.", True),
                Field("field", "text", "What in it is compared.", True),
                Field("guide_says", "text", "What it says.", True),
                Field("source_says", "text", "What the primary source says."),
                Field("row_id", "text", "Row of the evidence that holds it."),
                Field(
                    "verdict",
                    "text",
                    "Outcome of the comparison.",
                    True,
                    ("agrees", "contradicted", "inconsistent", "omitted", "unverified"),
                ),
                Field("why", "text", "Reason.", True),
            ),
            None,
            {"guide_row": "guide.guide_row", "row_id": "evidence.row_id"},
        ),
        Table(
            "trials",
            "A user's own results",
            tuple(
                replace(f, required=f.name in _USER_NEEDS, free=f.name in _FREE)
                for f in (*_EVIDENCE, *_USER_ONLY, *_OF_COMPARATOR, *_SIDES, *_AS_PRINTED)
                if f.name != "published"  # a user's own column of that name may say yes and no
            ),
            "row_id",
            takes_others=True,
        ),
    )
}
