"""Methods and results of Kaplan-Meier curves, in the words of a manuscript."""

from __future__ import annotations

from ..analysis.survival import KaplanMeier
from .km_data import km_key


def survival_methods(result: KaplanMeier) -> list[str]:
    """Return the paragraphs of a methods section that Kaplan-Meier curves rest on."""
    percent, v = f"{100 * result.level:g}%", result.provenance.versions
    groups = f" by {result.by}" if result.by else ""
    return [
        f"Survival was estimated{groups} by the method of Kaplan and Meier, with Greenwood's variance and pointwise "
        f"{percent} confidence intervals (type {result.ci}); the limits of a median are where these cross one half.",
        f"Analyses were made with metaonc {v['metaonc']} (Python {v['python']}, lifelines {v['lifelines']}).",
    ]


def survival_results(result: KaplanMeier) -> list[str]:
    """Return a sentence on each curve: patients, events and median."""
    key = km_key(result)
    median = key.columns[-1]
    unit = f" {result.unit}" if result.unit else ""
    percent = f"{100 * result.level:g}%"
    names = [f"{group}: " if result.by else "" for group in key.index]
    return [
        f"{name}{row.events} of {row.n} patients had the event; median {shown.replace('(', f'({percent} CI ')}{unit}."
        for name, row, shown in zip(names, result.medians.itertuples(), key[median], strict=True)
    ]
