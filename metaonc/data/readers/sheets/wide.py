"""Sheets with a row a trial and the same columns for each subgroup: how rows are made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ....base.messages.advice import in_python, option
from ...schema.synonyms import key
from .names import name_of

_TWO = 2
_MOST = 4  # subgroups that are written out


def rows_wanted(names: Sequence[str]) -> str:
    """Return how a sheet is made one of a row a subgroup, in lines of pandas; nothing where no columns repeat.

    >>> rows_wanted(["Study", "N mut", "N wt", "Responders mut", "Responders wt"])[:75]
    " Columns repeat for subgroups ('mut', 'wt'): make one row a subgroup, as by"
    """
    groups = {suffix: fields for suffix, fields in _by_subgroup(names).items() if len(fields) > 1}
    most = max((set(fields) for fields in groups.values()), key=len, default=set())
    of: dict[tuple[str, ...], str] = {}
    for suffix, fields in groups.items():  # "arm A" and "A" are of the same columns: the longer word says more
        columns = tuple(sorted(fields.values()))
        of[columns] = max(suffix, of.get(columns, ""), key=len)
    same = {suffix: groups[suffix] for suffix in of.values() if set(groups[suffix]) == most}
    if len(same) < 2:
        return ""
    arms = list(same.items())
    if len(arms) == _TWO and {*most} == {"events", "n"} and all(_is_arm(suffix) for suffix in same):
        return _arms_wanted(arms)
    own = {column for fields in same.values() for column in fields.values()}
    kept = [name for name in names if name not in own]
    parts = [
        f"df[{[*kept, *fields.values()]!r}].rename(columns={ {old: new for new, old in fields.items()}!r})"
        f".assign(subgroup={suffix!r})"
        for suffix, fields in same.items()
    ]
    shown = ", ".join([*parts[:_MOST], *(["..."] if len(parts) > _MOST else [])])
    return (
        f" Columns repeat for subgroups ({', '.join(map(repr, same))}): make one row a subgroup{in_python()}, as by "
        f"pd.concat([{shown}]), and ask for {option('by', 'subgroup')}."
    )


def _is_arm(suffix: str) -> bool:
    """Whether words say no more than which arm: "arm A", "B", "group 2"."""
    words = [word.casefold() for word in suffix.split() if word.casefold() not in ("arm", "group", "gruppe")]
    return len(words) == 1 and (len(words[0]) == 1 or words[0] == "ii")


def _arms_wanted(arms: Sequence[tuple[str, Mapping[str, str]]]) -> str:
    """Return how it is said which of two arms is the control."""
    said = []
    for control, other in ((1, 0), (0, 1)):
        roles = {arms[other][1][of]: of for of in ("events", "n")}
        roles |= {arms[control][1][of]: f"{of}_comparator" for of in ("events", "n")}
        said.append(f"{option('columns', roles)} if {arms[control][0]!r} is")
    return (
        f" The columns are of two arms ({', '.join(repr(suffix) for suffix, _ in arms)}), and none says which is the "
        f"control: give {'; '.join(said)}."
    )


def _by_subgroup(names: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return subgroup -> {figure: column}, of names that are a figure's with other words before or behind."""
    found: dict[str, dict[str, str]] = {}
    for name in names:
        words = name.replace("_", " ").replace(".", " ").split()
        for cut in range(1, len(words)):
            for figure, rest in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
                said, other = name_of(" ".join(figure)), " ".join(rest)
                is_figure = said is not None and said.field in ("events", "n", "hr", "estimate", "value", "median")
                if is_figure and said is not None and name_of(other) is None and key(other):
                    found.setdefault(other, {}).setdefault(said.field, name)
    return found
