"""Which levels of a subgroup share patients, by the words that name them: a whole and its parts, mutant and G12C.

The one rule for all who must not count a patient twice: the audit of a table, and the pools of its rows.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import inf

WHOLE = ("", "all", "overall", "total", "itt", "all patients", "whole", "everyone", "all comers", "all-comers",
         "unselected", "intention to treat", "intention-to-treat", "whole population", "full population")  # fmt: skip
# Words that turn a level into another one beside it: "not altered", "non-small", "very low", "A plus B"
_BESIDE = frozenset(
    ("not", "non", "no", "without", "un", "other", "very", "intermediate", "borderline", "plus", "and", "with", "then")
)
_SAME = {"mutated": "mutant", "mutation": "mutant", "mutations": "mutant", "mut": "mutant", "mt": "mutant",
         "altered": "mutant", "alteration": "mutant", "wildtype": "wild type", "wt": "wild type", "pos": "positive",
         "neg": "negative", "patients": "", "tumour": "", "tumours": "", "tumor": "", "tumors": ""}  # fmt: skip
_VARIANT = re.compile(r"([acdefghiklmnpqrstvwy]\d{1,4})([acdefghiklmnpqrstvwyx]?)")  # G12C, or its codon: G12
_GENE = re.compile(r"[A-Z][A-Z0-9]{1,7}")
_NO_GENE = frozenset(
    ("ALL", "ANY", "ITT", "MT", "MUT", "MUTANT", "NEG", "NO", "NON", "NOT", "POS", "WT", "WILD", "TYPE")
)
_FAMILY = {"kras": "ras", "nras": "ras", "hras": "ras"}
_NUMBER = r"(\d+(?:\.\d+)?)\s*%?"
Range = tuple[str, tuple[float, bool], tuple[float, bool]]
_RANGE = re.compile(
    rf"(?P<words>.*?)(?:(?P<sign>>=|<=|≥|≤|>|<)\s*{_NUMBER}|{_NUMBER}\s*(?:-|–|to)\s*{_NUMBER})(?P<unit>.*)"
)


def is_whole(level: str) -> bool:
    """Tell whether a level is of all patients."""
    return level.strip().casefold() in WHOLE


@lru_cache(maxsize=4096)
def overlapping(a: str, b: str) -> bool:
    """Tell whether two levels of one variable share patients, by their names.

    The whole holds every level; a level holds what its words are a part of, as mutant holds G12 mutant, G12C and exon
    19 mutant, and RAS mutant holds KRAS mutant; ranges such as ≥ 1% and ≥ 50% are compared as numbers.

    Examples
    --------
    >>> overlapping("mutant", "G12C"), overlapping("mutant", "wild-type"), overlapping("<1%", ">=1%")
    (True, False, False)
    """
    return part_of(a, b) or part_of(b, a) or _ranges_meet(a, b)


@lru_cache(maxsize=4096)
def part_of(a: str, b: str) -> bool:
    """Tell whether the patients of level `a` are among those of level `b`, by their names."""
    if is_whole(a) or is_whole(b):
        return is_whole(b)
    first, second = _ranges(a, b)
    if first is not None and second is not None:
        same = first[0] == second[0]
        return same and second[1] <= first[1] and first[2] <= second[2]
    fewer, more = _tokens(b), _tokens(a)
    if fewer == more:
        return _plain(a) == _plain(b)
    fewer = fewer if _genes(a) else fewer - _genes(b)  # G12C is part of KRAS mutant, as a rule without its gene
    fewer, more = _of_one_family(fewer, more)
    return bool(fewer) and fewer <= more and not (more - fewer) & _BESIDE and not _combined(a, b)


def _plain(level: str) -> str:
    return re.sub(r"[\s_-]+", "", level.casefold())


def _tokens(level: str) -> frozenset[str]:
    """Return the words of a level, a variant with its codon and the word mutant."""
    text = re.sub(r"(?<=[\w)])(\+(?!\w)|\s*\+\s*$)", " positive", level.casefold())
    text = re.sub(r"(?<=[\w)])[-−](?!\s*\w)", " negative", text)
    words = [word for found in re.findall(r"[a-z0-9]+", text) for word in _SAME.get(found, found).split()]
    variants = [found for word in words if (found := _VARIANT.fullmatch(word))]
    more = [word for found in variants for word in (found[1], "mutant")]
    return frozenset(words + more + ["mutant"] * bool({"exon", "codon"} & set(words)))


def _genes(level: str) -> frozenset[str]:
    words = re.findall(r"[A-Za-z0-9]+", level)
    return frozenset(
        w.casefold() for w in words
        if _GENE.fullmatch(w) and w not in _NO_GENE and not _VARIANT.fullmatch(w.casefold())
    )  # fmt: skip


def _of_one_family(held_by: frozenset[str], part: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of two levels so that a family of genes and its members can be compared.

    Who has a mutation of KRAS has one of RAS; who has none of RAS has none of KRAS.
    """
    if "ras" in held_by and "mutant" in part:
        return held_by, part | {_FAMILY[word] for word in part if word in _FAMILY}
    if "ras" in part and "wild" in part:
        return frozenset(_FAMILY.get(word, word) for word in held_by), part
    return held_by, part


def _combined(a: str, b: str) -> bool:
    """Tell whether one of the two is a combination, such as A + B beside A, which is of other patients."""
    return any(re.search(r"\w(\s+\+\s*|\+)[a-z]", level.casefold()) for level in (a, b))


def _ranges(a: str, b: str) -> tuple[Range | None, Range | None]:
    """Return two levels as ranges of numbers; a number alone is one beside a range, as ECOG 0 is beside ECOG 0-1."""
    first, second = _range(a), _range(b)
    if (first is None) == (second is None):
        return first, second
    return (_number(a), second) if first is None else (first, _number(b))


def _number(level: str) -> Range | None:
    found = re.fullmatch(rf"(?P<words>.*?){_NUMBER}", level.strip())
    return None if found is None else (_plain(found["words"]), (float(found[2]), False), (float(found[2]), True))


def _range(level: str) -> Range | None:
    """Return the words of a range of numbers, and its ends with whether they are just above or up to the number."""
    found = _RANGE.fullmatch(level.strip())
    if found is None:
        return None
    numbers = [float(n) for n in re.findall(r"\d+(?:\.\d+)?", found[0].removeprefix(found["words"]))]
    words = _plain(found["words"] + (found["unit"] or ""))
    if found["sign"] is None:
        return words, (numbers[0], False), (numbers[1], True)
    if found["sign"] in (">=", "≥", ">"):
        return words, (numbers[0], found["sign"] == ">"), (inf, True)
    return words, (-inf, False), (numbers[0], found["sign"] != "<")


def _ranges_meet(a: str, b: str) -> bool:
    first, second = _ranges(a, b)
    if first is None or second is None or first[0] != second[0]:
        return False
    low, high = max(first[1], second[1]), min(first[2], second[2])
    return low < high
