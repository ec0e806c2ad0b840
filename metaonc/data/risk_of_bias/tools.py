"""The tools by which risk of bias is judged, as records: domains, judgements, their signs, and where they are from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...base.labels import folded
from ...base.messages.advice import setting
from ...errors import OptionError

_NOT_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A judgement of one domain or of the whole.

    Attributes
    ----------
    word
        As the tool has it, such as ``Some concerns``.
    sign
        What tells it from the others in print without colours.
    colour, ink
        Of the disc and of the sign in it: after Okabe and Ito, for readers who are colour-blind, and each of another
        brightness, for print in grey.
    severity
        0 low, 1 in between, 2 high, 3 critical; -1 where nothing could be judged.
    read_as
        What people write for it, in lower case.
    """

    word: str
    sign: str
    colour: str
    ink: str
    severity: int
    read_as: tuple[str, ...]


_GREEN, _YELLOW, _RED, _DARK, _BLUE = "#66CCAA", "#F0E442", "#D55E00", "#7A1500", "#56B4E9"
_BLACK, _WHITE = "#000000", "#FFFFFF"
# Word in lower case -> judgement, of all tools: one sign means one severity in all of them.
JUDGEMENTS = {
    judgement.word.lower(): judgement
    for judgement in (
        Judgement(word="Low", sign="+", colour=_GREEN, ink=_BLACK, severity=0, read_as=("l", "low risk")),
        Judgement(word="Some concerns", sign="!", colour=_YELLOW, ink=_BLACK, severity=1,
                  read_as=("s", "sc", "some", "some concern", "concerns")),
        Judgement(word="Moderate", sign="!", colour=_YELLOW, ink=_BLACK, severity=1,
                  read_as=("m", "mod", "moderate risk")),
        Judgement(word="Unclear", sign="?", colour=_YELLOW, ink=_BLACK, severity=1, read_as=("u", "unclear risk")),
        Judgement(word="High", sign="−", colour=_RED, ink=_BLACK, severity=2, read_as=("h", "high risk")),
        Judgement(word="Serious", sign="−", colour=_RED, ink=_BLACK, severity=2,
                  read_as=("s", "ser", "serious risk")),
        Judgement(word="Critical", sign="×", colour=_DARK, ink=_WHITE, severity=3,
                  read_as=("c", "crit", "critical risk")),
        Judgement(word="No information", sign="?", colour=_BLUE, ink=_BLACK, severity=-1,
                  read_as=("n", "ni", "no info")),
    )
}  # fmt: skip
_WHOLE = re.compile(r"\s*(risk )?(of bias)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A tool.

    Attributes
    ----------
    name
        As it is known.
    domains
        Code -> what the domain is on.
    words
        Its judgements, from the least risk to the largest, in lower case.
    borrowed
        Words of other tools that are read as one of its own, which is then said.
    rests_on_worst
        Whether its overall judgement cannot be better than that of any domain.
    kind
        The studies that it is for.
    reference
        Publication, in short.
    """

    name: str
    domains: dict[str, str]
    words: tuple[str, ...]
    borrowed: dict[str, str]
    rests_on_worst: bool
    kind: str
    reference: str

    @property
    def judgements(self) -> list[Judgement]:
        """Its judgements, from the least risk to the largest."""
        return [JUDGEMENTS[word] for word in self.words]


def _domains(*names: str) -> dict[str, str]:
    return {f"D{i}": name for i, name in enumerate(names, 1)}


ROB_TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            name="RoB 2",
            domains=_domains(
                "randomisation process", "deviations from intended interventions", "missing outcome data",
                "measurement of the outcome", "selection of the reported result",
            ),
            words=("low", "some concerns", "high", "no information"), borrowed={}, rests_on_worst=True,
            kind="randomised trials", reference="Sterne et al. 2019, doi:10.1136/bmj.l4898",
        ),
        Tool(
            name="ROBINS-I",
            domains=_domains(
                "confounding", "selection of participants", "classification of interventions",
                "deviations from intended interventions", "missing data", "measurement of outcomes",
                "selection of the reported result",
            ),
            words=("low", "moderate", "serious", "critical", "no information"), borrowed={}, rests_on_worst=True,
            kind="non-randomised studies of interventions", reference="Sterne et al. 2016, doi:10.1136/bmj.i4919",
        ),
        Tool(
            name="QUADAS-2",
            domains=_domains("patient selection", "index test", "reference standard", "flow and timing"),
            words=("low", "unclear", "high"), borrowed={"some concerns": "unclear", "no information": "unclear"},
            rests_on_worst=False, kind="studies of diagnostic accuracy",
            reference="Whiting et al. 2011, doi:10.7326/0003-4819-155-8-201110180-00009",
        ),
    )
}  # fmt: skip
"""Tools by which risk of bias is judged: their domains and words, by the name that one is asked for."""


def tool_of(name: object) -> Tool:
    """Return a tool by its name, however that is spelt: ``ROB2`` is ``RoB 2``.

    Raises
    ------
    OptionError
        When there is none of this name; lists those there are.
    """
    plain = _plain(name)
    for tool in ROB_TOOLS.values():
        if isinstance(name, str) and _plain(tool.name) == plain:
            return tool
    raise OptionError(f"{setting('tool', name)} is not an option; choose from {', '.join(map(repr, ROB_TOOLS))}.")


def _plain(text: object) -> str:
    return _NOT_WORD.sub("", str(text).lower())


def read_judgement(tool: Tool, text: str) -> tuple[Judgement, str] | None:
    """Return the judgement that a word means in a tool, and the word where it is of another tool; None of no word.

    >>> read_judgement(ROB_TOOLS["RoB 2"], "sc")[0].word, read_judgement(ROB_TOOLS["ROBINS-I"], "S")[0].word
    ('Some concerns', 'Serious')
    """
    said = _WHOLE.sub("", folded(text))
    for words, own in ((tool.words, True), (tuple(tool.borrowed), False)):
        for word in words:
            if said == word or said in JUDGEMENTS[word].read_as:
                judgement = JUDGEMENTS[word if own else tool.borrowed[word]]
                return judgement, "" if own else JUDGEMENTS[word].word
    return None


def judgement_of(word: str) -> Judgement | None:
    """Return the judgement of a word of any tool, whatever its case; None where it is none."""
    return JUDGEMENTS.get(word.strip().lower())


def signs_said(judgements: list[Judgement]) -> str:
    """Return what signs mean, as a key prints it."""
    return ", ".join(f"{one.sign} {one.word.lower()}" for one in judgements)
