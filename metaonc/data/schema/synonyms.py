"""Words of which people make the names of columns, and what they mean: data, and the way a name is taken apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple


class Word(NamedTuple):
    """What a word of a name says: its kind, and which of that kind."""

    kind: str
    value: str = ""


_PHRASES = {  # words that mean something together -> one word
    "hazard ratio": "hr", "odds ratio": "or", "risk ratio": "rr", "relative risk": "rr", "rate ratio": "irr",
    "overall survival": "os", "progression free survival": "pfs", "disease free survival": "dfs",
    "event free survival": "efs", "relapse free survival": "rfs", "recurrence free survival": "rfs",
    "metastasis free survival": "mfs", "duration of response": "dor", "time to progression": "ttp",
    "objective response rate": "orr", "overall response rate": "orr", "objective response": "orr",
    "overall response": "orr", "response rate": "orr", "cr pr": "orr events", "complete response rate": "cr",
    "complete response": "cr", "complete responses": "cr", "disease control rate": "dcr", "disease control": "dcr",
    "p cr": "pcr",
    "pathological complete response": "pcr", "pathologic complete response": "pcr", "standard error": "se",
    "std err": "se", "std error": "se", "s e": "se", "sample size": "n", "p value": "pval", "p val": "pval",
    "confidence interval": "ci", "intervalo de confianza": "ci", "effect size": "effect",
    "events or responders": "events", "effect estimate": "effect", "point estimate": "estimate",
    "risk estimate": "effect",
}  # fmt: skip


_OUTCOMES = (
    *("os", "pfs", "dfs", "efs", "rfs", "mfs", "dmfs", "css", "ttp", "ttf", "dor"),
    *("orr", "dcr", "pcr", "cbr"),
)
_WORDS = {  # (kind, value) -> words
    ("measure", "hr"): "hr hazardratio",
    ("measure", "odds_ratio"): "or oddsratio",
    ("measure", "risk_ratio"): "rr riskratio",
    ("measure", "effect"): "effect estimate es",
    ("log", ""): "log ln",
    ("logged", "effect"): "te yi",
    ("side", "low"): "low lower lb lcl ll lci lo lwr lowerci lowlimit start inferior untere unteres unten inf linf",
    ("side", "high"): "high upper ub ucl ul uci hi upr up upp upperci uplimit end superior obere oberes oben sup lsup",
    ("se", ""): "se stderr sei",
    ("variance", ""): "var variance vi",
    (
        "ci",
        "",
    ): "ci cl ic ki confidence conf interval limit limits bound limite límite grenze konfidenzintervall",
    (
        "count",
        "events",
    ): "events event responders responder responses responded ev cases evts ereignisse ereignis eventos",
    (
        "count",
        "n",
    ): "n total patients subjects participants pts evaluable randomized randomised enrolled samplesize ntotal "
    "npatients patienten pacientes",
    (
        "arm",
        "t",
    ): "t trt treat treatment treated intervention experimental exp ex tx e int active verum experimentell",
    ("arm", "c"): "c ctrl ctr ctl control controls comparator comp co con cont placebo plac pbo soc kontrolle kontroll",
    ("judge", "investigator"): "inv investigator investigators",
    ("judge", "BICR"): "bicr irc irrc icr central independent",
    ("judge", "unclear"): "cnt",  # central, or control
    ("median", ""): "median med mediana",
    ("rate", ""): "rate percent proportion pct prozent anteil",
    ("unit", "months"): "months month mo mos mths monate meses mois",
    ("unit", "weeks"): "weeks week wks wochen semanas semaines",
    ("unit", "days"): "days day tage días jours",
    ("p", ""): "p pval pvalue pwert",
    ("noise", ""): "of the no number value wert arm group gruppe itt pop population analyzed analysed analysis",
    ("dead", "death"): "death deaths died mortality dead deceased tod todesfälle tote muertes",
    ("outcome", "cr"): "cr crr",
    **{("outcome", code): code for code in _OUTCOMES},
    ("outcome", "orr"): "orr response",
}
RESPONSES = frozenset(("responders", "responder", "responses", "responded"))  # of the words for events
WORDS: Mapping[str, Word] = {word: Word(*said) for said, words in _WORDS.items() for word in words.split()}

# Names whose whole is known: field -> names, the surest first; of several columns the first that is there counts.
NAMES: Mapping[str, tuple[str, ...]] = {
    "trial": ("trial", "study", "studlab", "slab", "trialid", "studyid", "trialname", "studyname", "estudio",
              "identificacióndelestudio", "studie", "étude", "trialacronym", "acronym", "studyauthor",
              "authoryear", "authorandyear", "firstauthorandyear", "firstauthor", "author", "autor", "studyidentifier",
              "nctid", "nct",
              "nctnumber", "nctno", "trialregistration", "source", "name", "studylabel", "studies", "trials",
              "trialauthor", "authortrial", "authorstudy", "trialnameacronym", "clinicaltrial", "studyyear",
              "trialyear", "firstauthoryear", "authors", "autores", "auteur", "estudo", "studio", "studynumber",
              "studyno", "studycode", "trialnumber", "trialcode", "protocol", "publication", "paper", "article",
              "citation", "reference", "ref", "label", "cohort", "pmid", "rowname", "id"),
    "outcome": ("outcome", "endpoint", "outcomename", "desenlace", "endpunkt"),
    "measure": ("measure", "effectmeasure", "metric", "effecttype", "measuretype", "sm"),
    "comparator": ("comparator", "comparatorarm"),
    "data_cut": ("datacut", "datacutoff"),
    "unit": ("unit", "units"),
}  # fmt: skip
WEAK = frozenset(  # of the names of trials those that may be another's: they count where no surer one is there
    ("publication", "paper", "article", "citation", "reference", "ref", "label", "cohort", "pmid", "rowname", "id")
)
_TWO_ARMS = ("events", "n", "events_comparator", "n_comparator")
_FOURFOLD = ("events", "non_events", "events_comparator", "non_events_comparator")
SETS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (  # names that are known together only, and their fields
    (("ai", "n1i", "ci", "n2i"), _TWO_ARMS),
    (("xt", "nt", "xc", "nc"), _TWO_ARMS),
    (("ee", "ne", "ec", "nc"), _TWO_ARMS),
    (("et", "nt", "ec", "nc"), _TWO_ARMS),
    (("rt", "nt", "rc", "nc"), _TWO_ARMS),
    (("x1", "n1", "x2", "n2"), _TWO_ARMS),
    (("xi", "ni"), ("events", "n")),
    (("ai", "bi", "ci", "di"), _FOURFOLD),
    (("tpos", "tneg", "cpos", "cneg"), _FOURFOLD),
    (("xi", "mi"), ("events", "non_events")),
)
MEASURES: Mapping[str, str] = {  # values of a column of measures
    "hr": "hr", "hazard ratio": "hr", "or": "odds_ratio", "odds ratio": "odds_ratio", "rr": "risk_ratio",
    "risk ratio": "risk_ratio", "relative risk": "risk_ratio",
}  # fmt: skip
_LETTERS = re.compile(r"[^\W\d_]+|\d+")
_GLUED = (  # loghr, hrlower, mpfs, nevents, cilow
    *("se", "var", "log", "ln", "hr", "or", "rr", "os", "pfs", "ci", "events", "event", "ev", "m", "n"),
)


def key(name: str) -> str:
    """Return a name without what people write differently: case, blanks, dots, underscores and other signs."""
    return "".join(_LETTERS.findall(unicodedata.normalize("NFKC", name).casefold()))


def parts(name: str) -> list[str]:
    """Return the words of a name, phrases as one: ``OS_HR.lower`` is os, hr, lower."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", name))
    text = " ".join(_LETTERS.findall(text.casefold().replace("%", " percent ")))
    for phrase, word in _PHRASES.items():
        text = re.sub(rf"\b{phrase}\b", word, text)
    words = [word for part in text.split() for word in _unglued(part)]
    median = {i for i, pair in enumerate(pairwise(words)) if pair[0] == "m" and pair[1] in WORDS}
    return ["median" if i in median else word for i, word in enumerate(words)]


def _unglued(word: str) -> list[str]:
    if word in WORDS or word.isdigit():
        return [word]
    if word in ("lhr", "lor", "lrr"):
        return ["log", word[1:]]
    for first in _GLUED:
        rest = word.removeprefix(first)
        if rest == word:
            continue
        if first in ("hr", "or", "rr") and rest in ("l", "u"):  # HRL and HRU
            return [first, rest]
        if len(rest) < 2:
            continue
        inner = _unglued(rest)
        if all(part in WORDS and WORDS[part].kind != "noise" for part in inner):
            return ["median" if first == "m" else first, *inner]
    return [word]
