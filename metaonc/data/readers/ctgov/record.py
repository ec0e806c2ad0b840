"""A record of ClinicalTrials.gov as the reader sees it: what is of the wrong kind is absent, nothing is guessed."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_ESCAPED = re.compile(r"\\([\\\[\]<>*_#~`+=.()!|{}^$&%'\"-])")
_LONGEST = 20_000  # characters of a text that are looked at
_SHORT = 1_000  # of a title
MOST = 20_000  # measurements of one measure


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a measure; its id means nothing outside the measure."""

    id: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Measurement:
    """What is printed for one group; all are texts."""

    group: str
    value: str
    spread: str
    low: str | None
    high: str | None
    comment: str


@dataclass(frozen=True, slots=True)
class Category:
    """A row of a class."""

    title: str
    measurements: tuple[Measurement, ...]


@dataclass(frozen=True, slots=True)
class Class:
    """A class of a measure, with its own numbers of participants where it has them, by group."""

    title: str
    n: Mapping[str, str]
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """A statistical analysis of a measure: its groups, and its fields as texts, by their names in the registry."""

    groups: tuple[str, ...]
    fields: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


@dataclass(frozen=True, slots=True)
class Heading:
    """What an outcome measure is called, before its results are looked at; `held` is all of it."""

    number: int
    type: str
    title: str
    status: str
    param: str
    unit: str
    held: Mapping[str, Any]

    def bare(self) -> Heading:
        """Return the heading without its measure, whose memory is then free."""
        return Heading(self.number, self.type, self.title, self.status, self.param, self.unit, {})


@dataclass(frozen=True, slots=True)
class Measure:
    """An outcome measure with its results."""

    heading: Heading
    description: str
    time_frame: str
    population: str
    dispersion: str
    of: str  # what is analysed when it is not participants
    groups: tuple[Group, ...]
    n: Mapping[str, str]
    classes: tuple[Class, ...]
    analyses: tuple[Analysis, ...]

    @property
    def number(self) -> int:
        """Its place in the record, from 0."""
        return self.heading.number

    @property
    def title(self) -> str:
        """Its title."""
        return self.heading.title

    @property
    def unit(self) -> str:
        """Its unit."""
        return self.heading.unit

    @property
    def param(self) -> str:
        """What is given: NUMBER, MEDIAN, ..."""
        return self.heading.param


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm of the protocol."""

    label: str
    type: str


@dataclass(frozen=True, slots=True)
class Record:
    """A record: what it is called, its arms, and its outcome measures."""

    nct: str
    title: str
    acronym: str
    conditions: tuple[str, ...]
    allocation: str
    updated: str
    results_posted: str
    arms: tuple[Arm, ...]
    measures: tuple[Heading, ...]


def text(held: Mapping[str, Any], key: str, longest: int = _LONGEST) -> str:
    """Return a text, or a number as one, without the registry's escapes; empty where it is none."""
    value = held.get(key)
    if not isinstance(value, str):
        return repr(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""
    if value.isalnum() and len(value) <= longest:  # ids, whole numbers, one word: as most are
        return value
    plain = " ".join(value[:longest].split())
    if "\\" in plain:
        plain = _ESCAPED.sub(r"\1", plain)
    return html.unescape(plain) if "&" in plain else plain


def part(held: object, *keys: str) -> Mapping[str, Any]:
    """Return the object below these keys; an empty one where there is none."""
    for key in keys:
        held = held.get(key) if isinstance(held, dict) else None
    return held if isinstance(held, dict) else {}


def parts(held: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return the objects of a list; an empty list where there is none."""
    value = held.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(held: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return the texts of a list."""
    value = held.get(key)
    return tuple(item[:_SHORT] for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def record_of(study: Mapping[str, Any]) -> Record:
    """Return the record that an object of the registry's API holds."""
    protocol = part(study, "protocolSection")
    named, status = part(protocol, "identificationModule"), part(protocol, "statusModule")
    measures = parts(part(study, "resultsSection", "outcomeMeasuresModule"), "outcomeMeasures")
    browse = part(study, "derivedSection", "conditionBrowseModule")
    mesh = [text(term, "term", _SHORT) for key in ("meshes", "ancestors") for term in parts(browse, key)]
    conditions = part(protocol, "conditionsModule")
    return Record(
        nct=text(named, "nctId", 40),
        title=text(named, "briefTitle", _SHORT),
        acronym=text(named, "acronym", 100),
        conditions=(*texts(conditions, "conditions"), *texts(conditions, "keywords"), *mesh),
        allocation=text(part(protocol, "designModule", "designInfo"), "allocation", 40),
        updated=text(part(status, "lastUpdatePostDateStruct"), "date", 40),
        results_posted=text(part(status, "resultsFirstPostDateStruct"), "date", 40),
        arms=tuple(
            Arm(text(arm, "label", _SHORT), text(arm, "type", 40))
            for arm in parts(part(protocol, "armsInterventionsModule"), "armGroups")
        ),
        measures=tuple(_heading(i, measure) for i, measure in enumerate(measures)),
    )


def _heading(number: int, held: Mapping[str, Any]) -> Heading:
    return Heading(
        number=number,
        type=text(held, "type", 40),
        title=text(held, "title", _SHORT),
        status=text(held, "reportingStatus", 40),
        param=text(held, "paramType", 60),
        unit=text(held, "unitOfMeasure", 200),
        held=held,
    )


def measure_of(heading: Heading) -> Measure:
    """Return an outcome measure with its results."""
    held = heading.held
    return Measure(
        heading=heading,
        description=text(held, "description"),
        time_frame=text(held, "timeFrame", _SHORT),
        population=text(held, "populationDescription"),
        dispersion=text(held, "dispersionType", 100),
        of=text(held, "typeUnitsAnalyzed", 100) or text(held, "denomUnitsSelected", 100),
        groups=tuple(
            Group(text(g, "id", 100), text(g, "title", _SHORT), text(g, "description")) for g in parts(held, "groups")
        ),
        n=_denominators(held),
        classes=tuple(_class(c) for c in parts(held, "classes")),
        analyses=tuple(_analysis(a) for a in parts(held, "analyses")),
    )


def titles_within(heading: Heading) -> list[str]:
    """Return the titles of the classes and categories of a measure."""
    classes = parts(heading.held, "classes")
    return [text(x, "title", _SHORT) for c in classes for x in (c, *parts(c, "categories"))]


def _denominators(held: Mapping[str, Any]) -> dict[str, str]:
    """Return the numbers of participants by group, where participants are what is counted."""
    of_people = [d for d in parts(held, "denoms") if text(d, "units", 100).casefold() in ("participants", "")]
    return {text(c, "groupId", 100): text(c, "value", 40) for d in of_people[:1] for c in parts(d, "counts")}


def _class(held: Mapping[str, Any]) -> Class:
    categories = tuple(
        Category(text(c, "title", _SHORT), tuple(_measurement(m) for m in parts(c, "measurements")[:MOST]))
        for c in parts(held, "categories")
    )
    return Class(text(held, "title", _SHORT), _denominators(held), categories)


def _measurement(held: Mapping[str, Any]) -> Measurement:
    low, high = (text(held, k, 100) if k in held else None for k in ("lowerLimit", "upperLimit"))
    return Measurement(
        text(held, "groupId", 100), text(held, "value", 100), text(held, "spread", 100), low, high,
        text(held, "comment", _SHORT),
    )  # fmt: skip


def _analysis(held: Mapping[str, Any]) -> Analysis:
    fields = {str(key): text(held, key, 2_000) for key in held if key != "groupIds"}
    return Analysis(texts(held, "groupIds"), {key: value for key, value in fields.items() if value})
