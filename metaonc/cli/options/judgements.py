"""Options of ``metaonc analyse`` on what people judged: risk of bias, domains of certainty, baselines."""

from __future__ import annotations

import argparse
from typing import Any

from ...base.messages.advice import option, setting
from ...errors import OptionError

DOWN = ("inconsistency", "indirectness", "imprecision", "publication_bias")
UP = ("large_effect", "dose_response", "confounding")
NUMBERS = ("minimal_difference", "threshold")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what is judged."""
    group = parser.add_argument_group("what people judged (of the pool of all trials)")
    group.add_argument(
        "--risk-of-bias", metavar="FILE",
        help="judgements as R's robvis has them (Study, D1, ..., Overall): lights in the forest plot, pools by level",
    )  # fmt: skip
    group.add_argument("--tool", help="that they are by: 'RoB 2', ROBINS-I or QUADAS-2")
    group.add_argument(
        "--design",
        help="randomised, non-randomised or single-arm: suggests the certainty (GRADE), with a summary of findings",
    )
    group.add_argument("--minimal-difference", type=float, help="the least difference that matters, such as 0.8")
    group.add_argument("--threshold", type=float, help="of one arm: what its share is compared with, such as 0.2")
    for name in (*DOWN, *UP):
        levels = "'not serious', serious or 'very serious'" if name in DOWN else "no or yes, of trials not randomised"
        what = f"{name.replace('_', ' ')} as you judge it, alone or with the reason: {levels}"
        group.add_argument(f"--{name.replace('_', '-')}", nargs="+", metavar=("LEVEL", "WHY"), help=what)
    group.add_argument(
        "--baseline", metavar="NAME=SHARE", action="append",
        help="share with the event under control, of hazard ratios the survival, such as 0.4, alone or with a name, "
        "for people per 1,000; may be repeated",
    )  # fmt: skip
    group.add_argument("--at", help="of hazard ratios: the time of the baseline, such as '12 months'")
    group.add_argument(
        "--participants", type=int, metavar="N",
        help="patients of all trials, for the summary of findings; those of the rows (n, n_comparator, n_both) when "
        "not given",
    )  # fmt: skip
    group.add_argument("--event", help="whether the event is unfavourable (death) or favourable (response)")


def asked(options: argparse.Namespace) -> dict[str, Any]:
    """Return what ``judged`` takes.

    Raises
    ------
    OptionError
        More than a level and a reason of one domain; a baseline that is no number, or that is given twice.
    """
    stated: dict[str, Any] = {name: getattr(options, name) for name in NUMBERS}
    for name in (*DOWN, *UP):
        said = getattr(options, name)
        if said is not None and len(said) > 2:
            raise OptionError(f"{setting(name, said)}: give a level and, in quotes, the reason.")
        stated[name] = said and (said[0] if len(said) == 1 else tuple(said))
    stated = {name: value for name, value in stated.items() if value is not None}
    baselines = [_baseline(text) for text in options.baseline or ()]
    twice = next((name for i, (name, _) in enumerate(baselines) if name in dict(baselines[:i])), None)
    if twice is not None:
        raise OptionError(f"two baselines have the name {twice!r}: name them apart, as in {_named()}.")
    return {
        "assessment": options.risk_of_bias, "tool": options.tool, "design": options.design, "stated": stated,
        "baseline": dict(baselines) or None,
        "at": options.at, "event": options.event, "participants": options.participants,
    }  # fmt: skip


def _baseline(text: str) -> tuple[str, float]:
    from ...base.numbers import NotANumber, number_of  # imports pandas, which --help can do without

    name, _, share = text.rpartition("=")
    try:
        return name.strip(), number_of(share.strip())
    except NotANumber:
        raise OptionError(
            f"{setting('baseline', text)} is no share: write a number, or a name with it, as in {_named()}."
        ) from None


def _named() -> str:
    return option("baseline", {"high risk": 0.4})
