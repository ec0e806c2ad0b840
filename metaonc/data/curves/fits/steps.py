"""Patients behind an exact staircase: the cheapest path of numbers at risk through its drops and the table's rows.

A drop from S to S' with n at risk has d = n (1 - S'/S) events, so the height of a drop tells n for each possible d.
Which d, and how many were censored in between, is the path of least cost (Viterbi) whose Kaplan-Meier levels follow the
staircase, whose numbers at risk are those of the table, and whose censorings are as even as that leaves room for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from .clean import Floats

Ints = NDArray[np.int_]

_WIDEST = 120  # states kept a node
_WORST = 40.0  # states dearer than the best by more are dropped
_TIE = 1.5  # cost of each event more at one time: ties are rarer than single events
_MANY = 1.2  # mean events a drop from which ties are the rule
_TRIALS = 8  # prices of an event tried to meet a total


@dataclass(frozen=True, slots=True)
class Node:
    """A drop of the staircase, or a row of the at-risk table (then `known` is its number).

    Attributes
    ----------
    time
        When.
    upper, lower
        Level before and after; equal at a row.
    low, high
        Bounds of the number at risk just before.
    expected
        Censorings expected since the node before.
    known
        The number at risk where the table gives it.
    """

    time: float
    upper: float
    lower: float
    low: int
    high: int
    expected: float
    known: int | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """Numbers at risk just before each node, events at each node, and the cost."""

    at_risk: Ints
    events: Ints
    cost: float


def solve(nodes: Sequence[Node], n: int, noise: float, events: int | None) -> Path:
    """Return the cheapest path; with `events`, the one whose total comes nearest by pricing each event."""
    tie = _TIE
    path = _viterbi(nodes, n, noise, tie)
    drops = sum(node.known is None for node in nodes)
    mean = path.events.sum() / max(drops, 1)
    if mean > _MANY:  # times are coarse, and events tied as in a geometric distribution of this mean
        tie = -float(np.log1p(-1.0 / mean))
        path = _viterbi(nodes, n, noise, tie)
    if events is None or path.events.sum() == events:
        return path
    return _steered(nodes, n, noise, tie, path, events)


def _steered(nodes: Sequence[Node], n: int, noise: float, tie: float, path: Path, events: int) -> Path:
    sign = 1.0 if path.events.sum() > events else -1.0
    low, high, price = 0.0, np.inf, 1.0
    for _ in range(_TRIALS):
        trial = _viterbi(nodes, n, noise, tie + sign * price)
        path = min(path, trial, key=lambda p: (abs(int(p.events.sum()) - events), p.cost))
        over = sign * (int(trial.events.sum()) - events)
        if over == 0:
            break
        low, high = (price, high) if over > 0 else (low, price)
        price = (low + high) / 2 if np.isfinite(high) else 2.0 * price
    return path


def _viterbi(nodes: Sequence[Node], n: int, noise: float, price: float) -> Path:
    at, level, cost = np.array([n]), np.array([1.0]), np.array([0.0])
    trail: list[tuple[Ints, Ints, Ints]] = []
    for node in nodes:
        states = _states(node, noise, int(at[np.argmin(cost)]))
        censored = at - states[:, None]
        paid = cost + _censoring_cost(censored, node.expected)
        came = np.argmin(paid, axis=1)
        cost, level = paid[np.arange(len(states)), came], level[came]
        deaths, after, emitted = _drop(node, states, level, noise, price)
        total = (cost[:, None] + emitted).ravel()
        keep = np.argsort(total, kind="stable")[:_WIDEST]
        keep = np.sort(keep[total[keep] <= total[keep[0]] + _WORST])
        source = keep // deaths.shape[1]
        trail.append((states[source], deaths.ravel()[keep], came[source]))
        at = states[source] - deaths.ravel()[keep]
        level, cost = after.ravel()[keep], total[keep]
    return _back(trail, cost)


def _back(trail: Sequence[tuple[Ints, Ints, Ints]], cost: Floats) -> Path:
    i = int(np.argmin(cost))
    total = float(cost[i])
    at_risk, events = [], []
    for states, deaths, came in reversed(trail):
        at_risk.append(int(states[i]))
        events.append(int(deaths[i]))
        i = int(came[i])
    return Path(np.array(at_risk[::-1], dtype=int), np.array(events[::-1], dtype=int), total)


def _states(node: Node, noise: float, most: int) -> Ints:
    """Return the numbers at risk that the height of the drop allows, those nearest to the path so far when many."""
    if node.known is not None:
        return np.array([node.known])
    fall = node.upper - node.lower
    slack = 4.0 * noise + 1e-9
    if node.lower <= slack or fall <= slack:
        found = np.arange(node.low, node.high + 1)
    else:
        single_low, single_high = node.upper / (fall + slack), (node.upper + slack) / (fall - slack)
        d = np.arange(1, int(node.high / single_low) + 2)
        low = np.maximum(np.ceil(d * single_low), node.low).astype(int)
        high = np.minimum(np.floor(d * single_high), node.high).astype(int)
        some = [np.arange(a, b + 1) for a, b in zip(low, high, strict=True) if b >= a]
        found = np.unique(np.concatenate(some)) if some else np.arange(node.low, node.high + 1)
    if len(found) > _WIDEST:
        found = found[np.argsort(np.abs(found - (most - node.expected)), kind="stable")[:_WIDEST]]
    return np.sort(found)


def _censoring_cost(count: Ints, expected: float) -> Floats:
    """Return minus the log of a negative binomial with twice the variance of a Poisson; infinite below 0."""
    size = expected + 0.5
    c = np.maximum(count, 0)
    cost = gammaln(size) + gammaln(c + 1.0) - gammaln(c + size)
    cost = cost - size * np.log(size / (size + expected)) - c * np.log(expected / (size + expected))
    return np.where(count < 0, 1e6 - 1e3 * count, cost)


def _drop(node: Node, states: Ints, level: Floats, noise: float, price: float) -> tuple[Ints, Floats, Floats]:
    """Return, for each state and choice, the events, the level after them and the cost."""
    if node.known is not None:
        return np.zeros((len(states), 1), dtype=int), level[:, None], np.zeros((len(states), 1))
    exact = states * (1.0 - node.lower / level)
    base = np.floor(exact).astype(int)
    deaths = np.clip(np.column_stack([base, base + 1]), 1, states[:, None])
    if node.lower <= 0:
        deaths = np.column_stack([states, states])
    after = level[:, None] * (1.0 - deaths / states[:, None])
    off = np.minimum(((after - node.lower) / (noise + 1e-9)) ** 2 / 2, 1e9)
    return deaths, after, off + price * deaths


def bounded(nodes: Sequence[Node], n: int) -> list[Node]:
    """Return the nodes with the bounds that the table and the number of drops put on the numbers at risk."""
    high, out = n, []
    for node in nodes:
        high = node.known if node.known is not None else high
        out.append(replace(node, high=high))
        high -= node.known is None
    low = 0 if nodes and nodes[-1].lower <= 0 else 1
    for i in range(len(out) - 1, -1, -1):
        low = out[i].known or 0 if out[i].known is not None else low + 1
        if i == len(out) - 1 and out[i].known is None and out[i].lower <= 0:
            low = 1
        out[i] = replace(out[i], low=low, high=max(low, out[i].high))
    return out
