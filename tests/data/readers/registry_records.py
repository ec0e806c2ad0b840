"""Records made up for the tests: what the registry's API gives, as small as it can be."""

from __future__ import annotations

import json

import metaonc as mo

ARMS = (("Drug", "EXPERIMENTAL"), ("Control", "ACTIVE_COMPARATOR"))


def values(*each, **more):
    """Measurements of the groups in order: a text, or (value, low, high), or a dict."""
    made = []
    for i, v in enumerate(each):
        if v is None:
            continue
        if isinstance(v, str):
            v = {"value": v}
        elif isinstance(v, tuple):
            v = {k: x for k, x in zip(("value", "lowerLimit", "upperLimit"), v, strict=True) if x is not None}
        made.append({"groupId": f"OG{i:03}", **v, **more})
    return made


def klass(*each, title=None, n=None):
    """A class with one category."""
    held = {"categories": [{"measurements": values(*each)}]}
    if title is not None:
        held["title"] = title
    return held | ({"denoms": denoms(n)} if n else {})


def categories(title=None, **each):
    """A class whose categories are given by name (underscores are blanks)."""
    held = [{"title": k.replace("_", " "), "measurements": values(*v)} for k, v in each.items()]
    return {"categories": held} | ({"title": title} if title else {})


def denoms(n, units="Participants"):
    return [{"units": units, "counts": [{"groupId": f"OG{i:03}", "value": str(x)} for i, x in enumerate(n)]}]


def analysis(
    value=None,
    low=None,
    high=None,
    *,
    groups=("OG000", "OG001"),
    param="Hazard Ratio (HR)",
    level="95",
    sides="TWO_SIDED",
    **more,
):
    """An analysis of two groups."""
    fields = {"paramType": param, "paramValue": value, "ciLowerLimit": low, "ciUpperLimit": high}
    fields |= {"ciPctValue": level, "ciNumSides": sides} if value else {"paramType": None}
    return {"groupIds": list(groups)} | {k: v for k, v in (fields | more).items() if v is not None}


def measure(
    title,
    unit,
    param,
    *classes,
    groups=("Drug", "Control"),
    n=(100, 90),
    ci="95% Confidence Interval",
    analyses=(),
    **more,
):
    """An outcome measure."""
    held = {
        "type": "PRIMARY",
        "title": title,
        "unitOfMeasure": unit,
        "paramType": param,
        "dispersionType": ci,
        "groups": [{"id": f"OG{i:03}", "title": g} for i, g in enumerate(groups)],
        "denoms": denoms(n),
        "classes": list(classes),
        "analyses": list(analyses),
    }
    return {k: v for k, v in (held | more).items() if v not in (None, [])}


def record(*measures, nct="NCT00000001", arms=ARMS, **protocol):
    """A record of version 2."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": nct, "briefTitle": "A trial"},
            "armsInterventionsModule": {"armGroups": [{"label": label, "type": kind} for label, kind in arms]},
            **protocol,
        },
        "resultsSection": {"outcomeMeasuresModule": {"outcomeMeasures": list(measures)}},
        "hasResults": True,
    }


def read(tmp_path, *measures, **more):
    """Write a record and read it."""
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record(*measures, **more)), "utf-8")
    return mo.read_ctgov(path)


def rows(registry):
    """The evidence as dicts, by (arm, level or time or cut), without blanks."""
    return [{k: v for k, v in row.items() if v == v and v is not None} for row in registry.evidence.to_dict("records")]


def reasons(registry):
    return registry.unread["reason"].tolist()
