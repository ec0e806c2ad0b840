"""Findings that say the same of several rows, told once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from ...base.check import named_in

FEW = 3  # rows from which on the same is said once


def grouped(found: pd.DataFrame) -> list[list[Mapping[Hashable, Any]]]:
    """Return findings in their order; those that say the same of `FEW` rows or more stand together at the first."""
    records = found.to_dict("records")
    keys = [(one["rule"], one["severity"], one["expected"], one["fix"], said(one)) for one in records]
    groups: dict[tuple[Any, ...], list[Mapping[Hashable, Any]]] = {}
    for i, (key, one) in enumerate(zip(keys, records, strict=True)):
        groups.setdefault(key if keys.count(key) >= FEW else (i,), []).append(one)
    return list(groups.values())


def said(finding: Mapping[Hashable, Any]) -> str:
    """Return what a finding says, without the row that it is about."""
    return named_in(str(finding["message"]))[1]
