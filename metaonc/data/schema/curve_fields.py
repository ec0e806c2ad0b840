"""What each column of the tables about published curves means and may hold."""

from __future__ import annotations

from dataclasses import replace

from .fields import OUTCOMES
from .records import Field, Table

CURVE_UNITS = ("days", "weeks", "months", "years")
POINTS = ("corners", "clicks", "pixels")
TIMES = tuple(o.code for o in OUTCOMES.values() if o.kind == "time")
NOISE = 0.02  # that a reading by hand may carry survival beyond 0 or 1

_CURVE_ID = Field("curve_id", "text", "Curve, in the table of curves.", True)
_TIME = Field("time", "number", "Time, in the unit of the curve.", True, minimum=0)
_CURVES = (
    Field("curve_id", "text", "Name of the curve: stable, unique, readable.", True),
    Field("trial", "text", "Trial, by the name it is known by.", True),
    Field("arm_id", "text", "Arm that the curve is of, in the table of arms.", True),
    Field("subgroup_variable", "text", "What divides the arm; blank for all its patients."),
    Field("subgroup_level", "text", "Which part of the arm; blank for all its patients."),
    Field("outcome", "text", "Endpoint.", True, allowed=TIMES),
    Field("unit", "text", "Unit of all times of the curve.", True, CURVE_UNITS),
    Field(
        "points",
        "text",
        "What was read off the figure: corners of the staircase (from a vector figure), clicks along it by hand, or "
        "pixels of a raster figure, one reading a column.",
        True,
        POINTS,
    ),
    Field("n", "count", "Patients; blank where the numbers at risk say it at time 0.", minimum=1),
    Field("events", "count", "Total of events, where it is printed.", minimum=0),
    Field("median", "number", "Median as printed, in the unit of the curve; reconstructions are compared with it.",
          minimum=0),
    Field("data_cut", "date", "Date of the data cut."),
    Field("figure", "text", "Figure, as the document numbers it.", True),
    Field("page", "count", "Page of the document that the figure is on.", minimum=1),
    Field("figure_file", "text", "File of the figure beside this table, where it may be shipped."),
    Field("figure_label", "text", "Name of the curve in the figure's key."),
    Field("source_id", "text", "Document that holds the figure, in the table of sources.", True),
    Field("digitized_by", "text", "Who read the coordinates.", True),
    Field("digitized_with", "text", "With what: program and way.", True),
    Field("digitize_options", "text", "Options of curves.digitize, as JSON, where they are not its defaults."),
    Field("note", "text", "What a user of the curve must know."),
)  # fmt: skip
_OWN = {
    "arm_id": Field("arm", "text", "Arm, in words.", True),
    "outcome": Field("outcome", "text", f"Endpoint: {', '.join(TIMES)}, or another in words.", True),
    "source_id": Field("source", "text", "Document that holds the figure: how to cite it."),
}
_OWN_MAY_LACK = ("figure", "digitized_by", "digitized_with")
_OWN_LACKS = ("figure_file", "figure_label", "digitize_options")
_ARE_OF = {"curve_id": "curves.curve_id"}


def _own(f: Field) -> Field:
    return replace(_OWN.get(f.name, f), required=False) if f.name in _OWN_MAY_LACK else _OWN.get(f.name, f)


_AT_RISK = Field("n_risk", "count", "Patients at risk: with time >= this one.", True, minimum=0)
COORDINATES = ("points", "at_risk", "censor_marks")

CURVE_TABLES = {
    t.name: t
    for t in (
        Table(
            "curves",
            "Published curves, one a row",
            _CURVES,
            "curve_id",
            {"arm_id": "arms.arm_id", "source_id": "sources.source_id"},
        ),
        Table(
            "own_curves",
            "A user's own curves, one a row",
            tuple(_own(f) for f in _CURVES if f.name not in _OWN_LACKS),
            "curve_id",
            takes_others=True,
        ),
        Table(
            "points",
            "Coordinates read off the figures, in the order of the curve",
            (
                _CURVE_ID,
                _TIME,
                Field(
                    "survival",
                    "number",
                    "Survival as a proportion, whatever the axis shows.",
                    True,
                    minimum=-NOISE,
                    maximum=1 + NOISE,
                ),
            ),
            None,
            _ARE_OF,
        ),
        Table("at_risk", "Numbers at risk, as printed below the figures", (_CURVE_ID, _TIME, _AT_RISK), None, _ARE_OF),
        Table("censor_marks", "Times of the censoring marks on the curves", (_CURVE_ID, _TIME), None, _ARE_OF),
        Table(
            "patients",
            "Patients reconstructed from the curves: derived by `metaonc patients`, never edited",
            (
                _CURVE_ID,
                _TIME,
                Field("event", "count", "1 where the time ends with the event, 0 where it is censored.", True,
                      minimum=0, maximum=1),
            ),
            None,
            _ARE_OF,
        ),
        Table(
            "reconstructions",
            "How each reconstruction was made and agrees with its curve: derived by `metaonc patients`, never edited",
            (
                Field("curve_id", "text", "Curve, in the table of curves.", True),
                Field("points", "text", "How the coordinates were read.", True, POINTS),
                Field("n", "count", "Patients reconstructed.", True, minimum=1),
                Field("events", "count", "Events reconstructed.", True, minimum=0),
                Field("events_given", "count", "Total of events that was given.", minimum=0),
                Field("at_risk_rows", "count", "Numbers at risk that were given.", True, minimum=0),
                Field("at_risk_max_difference", "count", "Largest difference from one of them.", True, minimum=0),
                Field("censor_marks", "count", "Censoring marks that were given.", True, minimum=0),
                Field("median", "number", "Median of the patients; blank where it is not reached.", minimum=0),
                Field("median_published", "number", "Median as printed.", minimum=0),
                Field("bias", "number", "Mean error of survival at the points, patients less read.", True),
                Field("rmse", "number", "Root mean square of that error.", True, minimum=0),
                Field("max_abs", "number", "Largest such error.", True, minimum=0),
                Field("flags", "text", "What the curve leaves open or contradicts."),
            ),
            "curve_id",
            _ARE_OF,
        ),
    )
}  # fmt: skip
