"""Subgroups in the words of a record: which part of the patients a class, a title or a group is about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .units import PEOPLE

Subgroup = tuple[str, str]
_DISEASE = re.compile(r"cancer|carcinoma|lymphoma|myeloma|leuk[a]?emia|melanoma|sarcoma|glioma|blastoma|neoplas"
                      r"|malignan"
                      r"|\bN?SCLC\b|mesothelioma|tumou?rs? (?:of|in)", re.I)  # fmt: skip
_OF_RESPONDERS = re.compile(r"\b(?:in|among|of|for)\s+(?:the\s+|confirmed\s+)*(?:non-?)?responders\b", re.I)
_GENES = (
    *("KRAS", "NRAS", "BRAF", "RAS", "EGFR", "ALK", "ROS1", "HER2", "HER3", "BRCA1/2"),
    *("BRCA1", "BRCA2", "BRCA", "PIK3CA", "ESR1", "TP53", "PTEN", "FLT3", "NPM1", "MGMT"),
    *("IDH1", "IDH2", "FGFR3", "FGFR2", "FGFR", "T790M", "PI3K", "AKT1", "HRD", "HRR"),
    *("TMB", "MSI", "dMMR", "pMMR", "MMR", "HPV", "EBV", "AR-V7", "CLDN18.2", "TROP2"),
    *("Ki-67", "STK11"),
)
MARKERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("PD-L1", re.compile(r"PD[- ]?L1|(?-i:\bCPS\b|\bTPS\b)|proportion score"
                         r"|programmed (?:cell )?death[- ]?(?:1 )?ligand(?:[- ]?1)?(?: \(PD-L1\))?", re.I)),
    *((gene, re.compile(rf"(?<![A-Za-z0-9]){re.escape(gene)}(?![a-z0-9])", re.I)) for gene in _GENES),
    ("MET", re.compile(r"(?-i:\bc?-?MET\b)(?!A)")),
    ("HER2", re.compile(r"human epidermal growth factor receptor[- ]?2|\berbB-?2", re.I)),
    ("EGFR", re.compile(r"\bexon ?(?:19|20|21)\b|\bL858R\b|\bex(?:19|20)del", re.I)),
    ("hormone receptor", re.compile(r"hormone[- ]receptor|(?-i:\bHR[+-]|\bER\b|\bPgR\b)|estrogen receptor", re.I)),
    ("triple-negative", re.compile(r"triple[- ]negative|(?-i:\bTNBC\b)", re.I)),
    ("age", re.compile(r"\bage[ds]?\b|\byears? (?:of age|old)\b|\b(?:<|>|<=|>=|≥|≤)\s*(?:65|75|70) (?:years|yrs)"
                       r"|elderly", re.I)),
    ("sex", re.compile(r"\bsex\b|\bgender\b|^(?:fe)?males?$|^(?:wo)?men$", re.I)),
    ("race", re.compile(r"\brace\b|\bethnic|\bhispanic|^(?:white|black|asian|caucasian|non-asian)s?\b", re.I)),
    ("region", re.compile(r"\bregion\b|\beurope|\bnorth america|\brest of (?:the )?world|\bjapan|\bchin(?:a|ese)\b"
                          r"|\basia|\bkorea", re.I)),
    ("performance status", re.compile(r"\bECOG\b|performance status|karnofsky", re.I)),
    ("line of therapy", re.compile(r"\b(?:first|second|third|fourth|1st|2nd|3rd|[1-4]L\+?)[- ]?line|(?-i:\b[1-3]L\b)"
                                   r"|treatment[- ]na[iï]ve|previously (?:un)?treated|\bprior (?:lines?|therap"
                                   r"|treatment|chemo)|\bno prior\b", re.I)),
    ("stage", re.compile(r"\bstage\b|locally advanced|^metastatic$", re.I)),
    ("histology", re.compile(r"histolog|squamous|adenocarcinoma", re.I)),
    ("metastases", re.compile(r"metastas[ei]s\b|\bvisceral\b", re.I)),
    ("smoking", re.compile(r"\bsmok", re.I)),
    ("menopausal status", re.compile(r"menopaus", re.I)),
    ("risk", re.compile(r"\b(?:high|low|intermediate|standard|poor|favou?rable)[- ]risk\b", re.I)),
)  # fmt: skip
_LEVEL_WORDS = re.compile(
    r"\b(?:positive|negative|mutant|mutated|mutations?|wild[- ]?type|WT|amplified|non-?amplified|deficient|proficient"
    r"|unknown|altered|stable|high|low|rearranged)\b|[+](?=\s|$)|>=|<=|≥|≤|[<>]\s*\d|\bat least \d|\bless than \d"
    r"|\bgreater than \d|\bor (?:more|higher|greater)\b",
    re.I,
)
_WITH = re.compile(rf"^(?:all )?{PEOPLE} (?:with|who (?:are|were|have|had))\s+", re.I)
_WEAK = frozenset(("high", "low", "stable", "unknown"))  # alone they divide patients by what is not said
_FILLERS = re.compile(
    rf"\b(?:{PEOPLE}|population|subgroup|subset|tumou?rs?|disease|status|expression|group|set|cohort|with|who|were"
    r"|are|in"
    r"|the|had|have|by|of)\b",
    re.I,
)
_ALL = re.compile(
    rf"(?:all|overall|total|entire|whole|full|any)?\s*(?:the\s+)?(?:randomi[sz]ed|treated|enrolled|evaluable|eligible"
    r"|assessable|analy[sz]ed|study|measurable|dosed)?\s*"
    rf"(?:{PEOPLE}|population|analysis set|overall|all|total|itt|itt population|intent(?:ion)?[- ]to[- ]treat"
    r"(?: \(itt\))?(?: population| analysis(?: set)?)?|full analysis(?: set)?|fas|all comers|as[- ]treated"
    r"|per[- ]protocol(?: population)?|pp population|efficacy(?: evaluable)?(?: population| set)?)",
    re.I,
)
_RESTRICTED = re.compile(
    rf"\b(?:in|among|of|for)\s+(?:the\s+|all\s+|randomi[sz]ed\s+)*"
    rf"(?:{PEOPLE}\s+(?:with|who (?:are|were|had|have)|whose|having|whom)\s+(?P<with>.+)"
    rf"|(?P<before>(?:(?!\b(?:in|among|of|for)\b)[^.;:]){{2,80}}?)[\s-]*"
    rf"(?:{PEOPLE}|population|subgroup|subset|subpopulation)\b(?P<after>\s+with\s.+)?)",
    re.I,
)


def is_all(text: str) -> bool:
    """Tell whether words mean all patients of a group."""
    return bool(_ALL.fullmatch(text.strip(" .:")))


def subgroup_of(text: str) -> Subgroup | None:
    """Return the variable and the level of a subgroup, the level in the record's words; None where it is none.

    Examples
    --------
    >>> subgroup_of("KRAS wild-type"), subgroup_of("PD-L1 >= 5%"), subgroup_of("Week 12")
    (('KRAS', 'wild-type'), ('PD-L1', '>= 5%'), None)
    """
    plain = _WITH.sub("", text.strip(" .:;,"))
    found = [(variable, match[0]) for variable, pattern in MARKERS if (match := pattern.search(plain))]
    if len(found) == 1:
        variable, written = found[0]
        rest = _rest(plain, written)
        return variable, rest if _says_something(rest) else plain
    if found:
        return ", ".join(dict.fromkeys(variable for variable, _ in found)), plain
    said = [m[0] for m in _LEVEL_WORDS.finditer(plain)]
    if not said or all(word.casefold() in _WEAK for word in said):
        return None
    words = re.findall(r"[A-Za-z][\w.]*(?:-[A-Za-z0-9]+)*", _FILLERS.sub(" ", _LEVEL_WORDS.sub(" ", plain)))
    return (words[0], _rest(plain, words[0]) or plain) if len(words) == 1 else ("subgroup", plain)


def _rest(text: str, variable: str) -> str:
    """Return a level without the name of its variable, where that stands at an end of it."""
    for cut in (text.removeprefix(variable), text.removesuffix(variable)):
        if cut != text:
            return re.sub(r"^(?:\s*(?:with|status|expression|:|=|-(?=[A-Za-z]))\s*)+", "", cut, flags=re.I).strip(
                " :;,"
            )
    return text


def _says_something(rest: str) -> bool:
    words = re.search(r"[A-Za-z0-9]", rest)
    level = _LEVEL_WORDS.search(rest) or re.search(r"\d|\b(?:yes|no|none|present|absent)\b", rest, re.I)
    return bool(words and level)


def restriction(title: str, about: Iterable[str]) -> tuple[Subgroup | None, str]:
    """Return the subgroup that a title restricts its measure to, and words of which it is not clear whether they do.

    Parameters
    ----------
    title
        Title of a measure: "Overall Survival in Participants With PD-L1 CPS of at Least 10".
    about
        Titles and conditions of the record: a marker that they name is one of all its patients.
    """
    others = " ; ".join(text for text in about if text != title)
    if found := _OF_RESPONDERS.search(title):
        return None, found[0]
    for found in _RESTRICTED.finditer(title):
        words = (found["with"] or f"{found['before']}{found['after'] or ''}").strip()
        if is_all(words) or (named := subgroup_of(words)) is None:
            continue
        markers = [pattern for _, pattern in MARKERS if pattern.search(words)]
        if markers and all(pattern.search(others) for pattern in markers):
            continue
        both = len(_LEVEL_WORDS.findall(words)) > 1 and re.search(r"\b(?:and|or)\b", words)
        both = both or re.search(r"\b(?:and|or)\s*$", title[: found.start()])
        return (None, words) if both or _DISEASE.search(words) else (named, "")
    return None, ""
