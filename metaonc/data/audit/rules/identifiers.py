"""Registry numbers, PubMed identifiers and DOIs: their form, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...schema.identifiers import FORMS, has_form
from ..records import AuditRule, Finding, Reading
from ..rows import Row

_REGISTRIES = {
    "NCT": (r"NCT\d{8}", "NCT and eight digits"),
    "ISRCTN": (r"ISRCTN\d{8}", "ISRCTN and eight digits"),
    "ACTRN": (r"ACTRN\d{14}", "ACTRN and fourteen digits"),
    "UMIN": (r"UMIN(-CTR)?-?(C?\d{9})", "UMIN and nine digits"),
    "EUDRACT": (r"EUDRACT\s*\d{4}-\d{6}-\d{2}", "year, six digits, two digits"),
}
_EUDRACT = r"20\d\d-\d{6}-\d{2}(-\d{2})?"  # EudraCT, and with two digits more the European CTIS
_TWO_NAMES = re.compile(r"\S\s+(/|&|and)\s+\S")
_WORD = r"[A-Z][A-Z0-9-]*\d*( \d{1,4})?"


def _malformed(reading: Reading) -> Iterator[Finding]:
    for row in reading.rows:
        for column, text in (("registry_id", row.text("registry_id")), ("trial", _number_as_name(row))):
            for part in filter(None, re.split(r"\s*[;,]\s*", text)):
                prefix = next((p for p in _REGISTRIES if part.upper().startswith(p)), "")
                form, words = _REGISTRIES.get(prefix, ("", ""))
                if form and not re.fullmatch(form, part.upper()):
                    yield _bad_form(row, column, part, words)
                elif (
                    not prefix
                    and column == "registry_id"
                    and re.fullmatch(r"[\d-]+", part)
                    and not re.fullmatch(_EUDRACT, part)
                ):
                    yield _bad_form(row, column, part, "the name of a registry and its digits, such as NCT04625270")
        for column, (_, words) in FORMS.items():
            text = row.text(column)
            if text and not has_form(column, text):
                yield _bad_form(row, column, text, words)


def _number_as_name(row: Row) -> str:
    return row.trial if row.trial.upper().startswith("NCT") else ""


def _bad_form(row: Row, column: str, text: str, words: str) -> Finding:
    return Finding(
        (row,), (column,), f"{column}={text}", words, f"{column}={text!r} does not have the form of one: {words}.",
        "Copy it again from the registry or the paper.",
    )  # fmt: skip


def _of_another(reading: Reading) -> Iterator[Finding]:
    """Find a number under two trials, or two numbers under one."""
    named = [row for row in reading.rows if row.trial and row.trial != row.record]  # a record has no other name
    for rows in reading.grouped(lambda row: row.text("registry_id").upper() or None, named):
        names = list(dict.fromkeys(row.trial for row in rows))
        if len(names) > 1:
            counts = [sum(row.trial == name for row in rows) for name in names]
            odd = names[counts.index(min(counts)) if min(counts) < max(counts) else -1]
            yield _clash(rows, "trial", odd, f"registry_id={rows[0].text('registry_id')} stands for {_list(names)}")
    for rows in reading.grouped(lambda row: row.trial if row.text("registry_id") else None, named):
        numbers = list(dict.fromkeys(row.text("registry_id").upper() for row in rows))
        if len(numbers) > 1:
            counts = [sum(row.text("registry_id").upper() == number for row in rows) for number in numbers]
            odd = numbers[counts.index(min(counts)) if min(counts) < max(counts) else -1]
            yield _clash(rows, "registry_id", odd, f"the trial has {_list(numbers)}")


def _clash(rows: list[Row], column: str, odd: str, what: str) -> Finding:
    first = [row for row in rows if row.text(column).casefold() == odd.casefold()]
    others = [row for row in rows if row not in first]
    return Finding(
        (*first, *others), ("trial", "registry_id"), what, "one number for one trial", f"{what}.",
        "Look up the number in the registry; one of the rows has that of another trial, or a trial has two names here.",
    )  # fmt: skip


def _list(names: list[str]) -> str:
    return " and ".join(repr(name) for name in names)


def _paper_shared(reading: Reading) -> Iterator[Finding]:
    """Find a paper under two trials, where most trials have their own: a review holds many, a trial's report one."""
    for column in ("pmid", "doi"):
        with_paper = [row for row in reading.rows if row.text(column) and row.trial]
        by_paper = reading.grouped(lambda row, c=column: row.text(c).casefold(), with_paper)  # type: ignore[misc]
        single = sum(len({row.trial for row in rows}) == 1 for rows in by_paper)
        for rows in by_paper:
            names = list(dict.fromkeys(row.trial for row in rows))
            if len(names) == 2 and 2 * single >= len(by_paper):
                what = f"{column}={rows[0].text(column)} stands for {_list(names)}"
                last = [row for row in rows if row.trial == names[-1]]
                yield Finding(
                    (*last, *(row for row in rows if row not in last)), (column,), what, "a paper of its own",
                    f"{what}.", "Look it up: does the paper report both trials?",
                )  # fmt: skip


def _two_trials(reading: Reading) -> Iterator[Finding]:
    """Find a name made of two names of trials; authors joined by & are a name."""
    for rows in reading.grouped(lambda row: row.trial or None):
        parts = re.split(r"\s+(?:/|and|\+)\s+", rows[0].trial)
        if len(parts) > 1 and all(re.fullmatch(_WORD, part) for part in parts):
            number = rows[0].text("registry_id")
            yield Finding(
                tuple(rows), ("trial",), f"{rows[0].trial}{f', {number}' if number else ''}", "one trial a row",
                f"{rows[0].trial!r} names {len(parts)} trials, so one row holds the figures of either or of both.",
                "Look up whose figures these are, and give each trial its own rows and its own registry number.",
            )  # fmt: skip


RULES = (
    AuditRule(
        "identifier_form",
        "registry numbers, PMIDs and DOIs have their form",
        "error",
        (("registry_id",), ("pmid",), ("doi",), ("trial",)),
        _malformed,
        ("identifier_of_another",),
    ),
    AuditRule(
        "identifier_of_another",
        "a registry number is of one trial, and a trial has one number",
        "error",
        (("trial", "registry_id"),),
        _of_another,
    ),
    AuditRule(
        "paper_of_another", "a paper is of one trial", "note", (("trial", "pmid"), ("trial", "doi")), _paper_shared
    ),
    AuditRule("two_trials_in_one", "a row is about one trial", "error", (("trial",),), _two_trials),
)
