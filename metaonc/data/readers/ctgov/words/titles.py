"""Which outcome a measure of the registry is: a table of rules over its title, unit and parameter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from .pattern import Words, words_of
from .units import Unit, unit_of


class Named(NamedTuple):
    """The outcome of a measure, or why it is none, and whether other rules may still find one in its categories."""

    outcome: str | None
    reason: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class TitleRule:
    """A rule over titles; the first that fits decides.

    Attributes
    ----------
    name
        What the title is about; the reason where nothing is read.
    pattern
        What the title must hold.
    unless
        What it must not hold.
    outcomes
        Kind of unit -> outcome; empty where nothing is read.
    open
        Whether categories of response still give an outcome where nothing is read.
    """

    name: str
    pattern: Words
    unless: Words | None = None
    outcomes: Mapping[str, str] = field(default_factory=dict)
    open: bool = False

    def fits(self, title: str) -> bool:
        """Tell whether the title is one of these."""
        return self.pattern.fits(title) and not (self.unless and self.unless.fits(title))


_PFS = r"progress\w*[- ]*free|(?<![a-z])PFS\b|without (?:disease )?progression"
_PFS += r"|\bfree(?:dom)? (?:from|of) (?:disease |tumou?r )?progression (?:or|and|/) death"
_DFS = r"(?:disease|relapse|recurrence)[- ]*free|\bi?DFS\b|\bRFS\b"
_OS = r"overall survival|(?-i:\bOS\b)"
_SURVIVAL = rf"{_PFS}|{_DFS}|{_OS}|\bsurviv"
_GOES_ON = rf"(?:{_PFS}|{_DFS}|{_OS}).*(?:adverse|safety|toxicit|tolerab|MTD)"
_RATE = {"percent": "orr", "proportion": "orr", "count": "orr"}


def _all(outcome: str) -> dict[str, str]:
    return dict.fromkeys(("percent", "proportion", "count"), outcome)


def _survival(outcome: str) -> dict[str, str]:
    return {"time": outcome, "count": outcome, "percent": f"{outcome}_rate", "proportion": f"{outcome}_rate"}


RULES = (
    TitleRule("pathological response", words_of(
        r"patholog|\b\w{0,3}pCR\b|\bRCB\b|residual cancer burden|miller[- ]payne|histolog\w* respon|\bypT"),
        unless=words_of(rf"^(?:{_PFS}|{_DFS}|{_OS})")),
    TitleRule("time to progression, recurrence, response or another event, not survival", words_of(
        r"\btime[- ](?:to|until|of)\b(?: first| the| confirmed| documented| disease| tumou?r| objective| overall| best"
        r"| clinical| symptomatic| invasive| disease-free| survival| \(\w+\))*[ -]*"
        r"(?:progress|recurr|relaps|treatment|respon|failure|event|next|deteriorat|distant|metasta|death)|\bTTP\b"
        r"|\bTTF\b"
        r"|\bTTR\b"), unless=words_of(rf"or death|(?:{_OS}|{_PFS})[^a-z]*(?:defined as|i\.?e\.?|or)?[^a-z]*time to"
                                   r"|\btime[- ]to[- ]death[^a-z]+(?:overall survival|OS\b)")),
    TitleRule("event-free, failure-free, metastasis-free or second-line survival", words_of(
        r"event[- ]*free|\bEFS\b|failure[- ]*free|\bFFS\b|metasta\w+[- ]*free|\bD?MFS\b|\bdistant\b"
        r"|(?:second|2nd)[- ]line.*(?:surviv|\bPFS)|\bPFS[- ]?2\b|next[- ]line|interval|symptom[- ]free"
        r"|treatment[- ]free"
        r"|(?:leuk\w+|toxicity|cancer|biochemical\w*|PSA|GVHD|disease)[- ]*(?:progression[- ]*)?free(?! survival)"
        r"|(?:biochemical|PSA|leuk\w+|cancer|GVHD|GRFS|invasive breast cancer)[- ](?:progression[- ])?free"
        r"|(?:cancer|disease|cause|lymphoma|myeloma)[- ]specific|post[- ]progression|after progression|mortality"
        r"|death rate"
        r"|survival free of|\bprobability of (?:dying|death)")),
    TitleRule("a period or an analysis of its own: after crossover, retreatment, adjusted", words_of(
        r"\b(?:after|post|following|upon|during)[- ](?:the )?(?:cross-?over|switch|re-?challenge|re-?treatment)"
        r"|\bcross-?over (?:period|phase|part|treatment)|\bre-?treatment (?:period|phase)"
        r"|\b(?:open[- ]label )?extension (?:period|phase|study|part)"
        r"|adjust\w* for (?:cross-?over|switch\w*)|cross-?over[- ]adjusted|\bRPSFTM?\b|rank[- ]preserving")),
    TitleRule("one site only", words_of(
        r"\bCNS\b|central nervous|intra-?cranial|\bbrain\b|neurologic|cerebral|leptomeninge|\blocal(?:-regional)?\b"
        r"|loco-?regional|ipsilateral|contralateral|abscopal|in the breast|\bin(?:-| )field|hepatic (?:respon|progress)"
        r"|(?:bone|liver|nodal|lesion|skin|ovarian) (?:lesion )?(?:metastas\w+ )?respon|target lesion respon"),
        unless=words_of(r"brain metastas\w+[- ](?:negative|free)|\blocal (?:investigator|radiolog|assess|review|read)"
                      r"|central nervous system lymphoma|disease[- ]free survival")),
    TitleRule("not efficacy", words_of(
        r"adverse|toxicit|\bDLTs?\b|\bMTD\b|tolerat|safety|tolerab|\bpain\b|quality of life|\bQoL\b|\bQLQ|questionnaire"
        r"|symptom|antibod|immunogen|vaccin|\bserum\b|\bplasma\b|skeletal|transfusion|\bMRD\b|residual disease"
        r"|molecular"
        r"|cytogenetic|\bPSA\b|\bASAS|\bASDAS|\bEASI|\bACR ?\d|\bPASI|emesis|emetic|vomit|nausea|hearing|mucositis"
        r"|concentration|\bCmax\b|\bAUC\b|pharmac|neutropeni|thrombocyt|hemoglobin|haemoglobin|platelet|bone mineral"
        r"|hot flash|fatigue|questionnaire|depress|anxiety|infection|virolog|viral|hearing|feasib|complian|adheren"
        r"|\bFACT-\w|health[- ]related|performance status|mammogr|imaging agent|diagnos\w+ (?:accuracy|yield)"
        r"|sensitivity|specificity|predictive value|biomarker level"), unless=words_of(_GOES_ON)),
    TitleRule("a response of a laboratory value, of an image or of immunity", words_of(
        r"(?:h(?:a?e)matolog\w*|metabolic|PET|biochemical|marker|CA[- ]?125|viral|immun\w+|cell\w*|humoral"
        r"|erythroid|cardiac"
        r"|renal|T[- ]cell|antigen|serolog\w*|biolog\w*|hormon\w*|endocrine|psycho\w*|genetic|stress|inflammatory"
        r"|pharmacodynamic|ki-?67|transcript\w*|major|minor|radiation|skin|symptomatic|therapeutic|treatment"
        r"|dose) respon"
        r"|in response to|respon\w* (?:of|in) (?:the )?(?:bone marrow|laborat|serum|gene|biomark|marker|cell|lesion)"
        r"|change (?:in|from)|correlat|associat|predict|relationship|concordance|agreement|(?:rate|duration"
        r"|time).*SUV"),
        unless=words_of(rf"{_SURVIVAL}|(?:objective|overall|complete|best) respon.*(?:treatment|dose) respon"
                      r"|objective treatment respon")),
    TitleRule("two outcomes in one title", words_of(
        rf"^(?=.*(?:{_PFS}))(?=.*(?:{_DFS}|{_OS}))|^(?=.*(?:{_DFS}))(?=.*(?:{_OS}))"
        rf"|^(?=.*(?:{_PFS}|{_OS}|{_DFS}))(?=.*(?:respon\w* rate|\bORR\b|objective respon|duration of respon))"
        r"|^(?=.*(?:respon\w* rate|\bORR\b|objective respon))(?=.*(?:disease control|\bDCR\b))")),
    TitleRule("progression-free survival", words_of(_PFS), unless=words_of(r"biopsy"), outcomes=_survival("pfs")),
    TitleRule("disease-free survival", words_of(_DFS), outcomes=_survival("dfs")),
    TitleRule("overall survival", words_of(
        rf"{_OS}|surviv\w*(?: for)? at least|\balive at\b|\bsurvival(?: rates?)? (?:at|after) \w+[- ]?\w*"
        r"|\b(?:\d+|one|two|three|four|five|ten)[- ](?:year|month|week)[- ]survival|\bmedian survival"
        r"|^survival(?: time| rate)?$"),
        unless=words_of(r"free|without|implant|graft|prosthes|flap|restoration"), outcomes=_survival("os")),
    TitleRule("duration of response", words_of(
        r"duration of (?:the )?(?:objective |overall |tumou?r |best |confirmed |clinical |disease )*respon"
        r"|(?-i:\bDOR\b|\bDoR\b)"
        r"|\brespon\w+ duration"), unless=words_of(r"duration of (?:\w+ )*complete|stable|benefit"),
        outcomes={"time": "dor"}),
    TitleRule("duration of something else", words_of(r"\bduration\b|\btime to\b"), unless=words_of(_SURVIVAL)),
    TitleRule("clinical benefit: stable disease of its own length", words_of(r"clinical benefit|\bCBR\b|\bCB\b")),
    TitleRule("disease control", words_of(r"disease[- ]control|\bDCR\b"), outcomes=_all("dcr")),
    TitleRule("stable or progressive disease counted as a response", words_of(
        r"stable disease|(?-i:\bSD\b)|progressive disease|(?-i:\bPD\b)"), open=True),
    TitleRule("clinical response: by what is not said", words_of(
        r"clinical (?:objective )?respon|\bcalliper|\bpalpation|ultraso|radiograph\w* respon"
        r"|\bbreast m(?:agnetic|ri)")),
    TitleRule("partial response alone", words_of(r"partial respon|(?-i:\bPR\b)"),
              unless=words_of(r"complete|(?-i:\bCR\b)|objective|overall|\bORR\b")),
    TitleRule("complete response", words_of(r"complete respon|complete tumou?r respon|(?-i:\bCRR?\b)"),
              unless=words_of(r"partial|(?-i:\bPR\b)|objective|overall (?:tumou?r )?respon|\bORR\b"
                            r"|best (?:overall )?respon"
                            r"|near[- ]complete|creatinin|complete remission"), outcomes=_all("cr")),
    TitleRule("objective response", words_of(
        r"\b(?:objective|overall|tumou?r|best|confirmed|disease)\b[^.;:]{0,60}?\brespon(?:se|ses|ders?)\b"
        r"|\bc?B?ORR\b|(?-i:\bBOR\b)|complete\b[^.;]{0,40}\bpartial\b|partial\b[^.;]{0,40}\bcomplete\b"
        r"|(?-i:\bCR\b)[^.;]{0,25}(?-i:\bPR\b)|^(?:\w+[ :]+){0,4}response rates?\b|\brespon\w*\b[^.;]{0,40}\bRECIST\b"),
        unless=words_of(r"cystoscop|hearing|partial[- ](?:agonist|breast)"), outcomes=_all("orr")),
    TitleRule("a response that the title does not name", words_of(r"respon|remission|progress"), open=True),
)  # fmt: skip
_CRITERIA = words_of(
    r"response (?:evaluation|assessment) (?:criteria )?(?:in|for|of)?\s*(?:solid )?(?:tumou?rs?|neuro[- ]?oncology)?"
    r"|response (?:evaluation )?criteria\b|criteria (?:for|of) respon\w+"
)
_RECIST = " RECIST "
_WORTH = words_of(r"surviv|free|\bPFS|\bi?DFS|\bRFS|\bOS\b|respon|\bc?B?ORR\b|\bBOR\b|\bCRR?\b|\bDOR\b"
                r"|disease[- ]control|\bDCR\b"
                r"|alive|progress|partial|complete|remission|benefit|\bCBR\b|\bEFS\b")  # fmt: skip
_FREE = words_of(
    r"(?:event|progress\w*|disease|relapse|recurrence)[- ]*free|(?:without|no|free (?:of|from)|neither)\b[^.;]{0,80}"
)
EVENTS = words_of(r"\bevents?\b|recurrence|relapse|\bdeaths?\b|\bdied\b|\bprogress(?:ed|ion)\b|\bfailures?\b")
_NO_RULE = "no rule names an outcome of ours"


@lru_cache(maxsize=4096)
def named(title: str, unit: str, param_type: str) -> Named:
    """Return the outcome of a measure, or why it is none."""
    plain = _CRITERIA.sub(_RECIST, title)
    if not _WORTH.fits(plain):
        return Named(None, "not efficacy" if _rule("not efficacy").fits(plain) else _NO_RULE, open=True)
    rule = next((rule for rule in RULES if rule.fits(plain)), None)
    if rule is None:
        return Named(None, _NO_RULE, open=True)
    if not rule.outcomes:
        return Named(None, rule.name, rule.open)
    kind = unit_of(unit)
    outcome = rule.outcomes.get(kind.kind)
    if outcome is None:
        return Named(None, f"{rule.name}, but unit {unit!r} is not one of its units")
    why = _why_not(kind, param_type, title, unit) or _why_not_events(kind, outcome, plain, unit)
    return Named(None, f"{rule.name}: {why}") if why else Named(outcome, "")


def _rule(name: str) -> TitleRule:
    return next(rule for rule in RULES if rule.name == name)


def _why_not(unit: Unit, param: str, title: str, words: str) -> str:
    """Return why a parameter does not go with a unit: a mean is no median, a median of percentages no rate."""
    param = param.upper().replace(" ", "_") or "NUMBER"
    if unit.kind == "time":
        said = param == "NUMBER" and re.search(r"\bmedian\b", f"{title} {words}", re.I)
        return "" if param == "MEDIAN" or said else f"{param} of a time is no median"
    fitting = {
        "count": ("NUMBER", "COUNT_OF_PARTICIPANTS"),
        "percent": ("NUMBER", "MEAN"),
        "proportion": ("NUMBER", "MEAN"),
    }
    return "" if param in fitting[unit.kind] else f"{param} does not go with unit {words!r}"


def _why_not_events(unit: Unit, outcome: str, title: str, words: str) -> str:
    """Return why a number of a survival outcome is not clear: with events, or free of them."""
    events = EVENTS.fits(_FREE.sub(" ", f"{title}. {words}"))
    if outcome.endswith("_rate") and events:
        return "whether of patients with events or free of them is not clear"
    if outcome in ("orr", "cr") and re.search(r"progressive|stable", words, re.I):
        return f"unit {words!r} is of patients without response"
    if unit.kind == "count" and outcome in ("pfs", "dfs", "os") and not events:
        return "a number of patients with events, or free of them: which is not said"
    return ""


def ctgov_outcome(title: str, unit: str, param_type: str) -> str | None:
    """Return the outcome that a measure of ClinicalTrials.gov is, by its title, unit and parameter.

    Parameters
    ----------
    title : str
        Title of the outcome measure.
    unit : str
        Its unit of measure, free text: "Months", "percentage of participants", "Participants".
    param_type : str
        What is given: ``"NUMBER"``, ``"MEDIAN"``, ``"MEAN"``, ``"COUNT_OF_PARTICIPANTS"``, ...

    Returns
    -------
    str or None
        One of orr, cr, dcr, pfs, dfs, os, dor (times, or counts of events), pfs_rate, dfs_rate, os_rate; None where no
        rule names one of them for certain: time to progression, event-free survival, pathological response, one site,
        clinical benefit, a mean of times, a count that may be of patients with the event or free of it.

    Examples
    --------
    >>> import metaonc as mo
    >>> mo.ctgov_outcome("Progression Free Survival (PFS) at 6 Months", "percentage of participants", "NUMBER")
    'pfs_rate'
    >>> print(mo.ctgov_outcome("Time to Progression", "months", "MEDIAN"))
    None
    """
    return named(" ".join(str(title).split())[:1000], str(unit), str(param_type)).outcome
