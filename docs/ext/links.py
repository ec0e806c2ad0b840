"""Links that the texts of the site bear without being written: articles by DOI, and public names to the reference."""

import re
from collections.abc import Callable
from urllib.parse import quote

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

SICI = r"10\.1002/\(sici\)[^\s,\"]+?;2-\w"  # old identifiers have brackets and semicolons of their own
DOI = re.compile(rf"\bdoi:({SICI}|10\.\d{{4,9}}/[^\s,;\"<>]*[^\s,;\"<>.)\]:])", re.IGNORECASE)
NAME = re.compile(r"\bmo\.([A-Za-z]\w*(?:\.[A-Za-z]\w*)*)")
ASIDE = (nodes.literal_block, nodes.reference, nodes.FixedTextElement, nodes.raw, nodes.title, addnodes.pending_xref)


def article(match: re.Match[str]) -> nodes.Node:
    """Return the link to an article."""
    return nodes.reference("", match[0], refuri=f"https://doi.org/{quote(match[1], safe='/:;()')}", internal=False)


def public(name: str, shown: nodes.Node) -> nodes.Node:
    """Return a link to the page of a public name, which stays as it is shown where there is none."""
    link = addnodes.pending_xref("", refdomain="py", reftype="obj", reftarget=f"metaonc.{name}", refexplicit=True)
    link += shown
    return link


def linked(text: str, pattern: re.Pattern[str], link: Callable[[re.Match[str]], nodes.Node]) -> list[nodes.Node]:
    """Return a text as what stands between matches, and the links of these; nothing where there is no match."""
    found: list[nodes.Node] = []
    end = 0
    for match in pattern.finditer(text):
        found += [nodes.Text(text[end : match.start()])] * (match.start() > end)
        found.append(link(match))
        end = match.end()
    return found + [nodes.Text(text[end:])] * (0 < end < len(text))


def _inside(node: nodes.Node, kinds: tuple[type, ...]) -> bool:
    while node.parent is not None:
        node = node.parent
        if isinstance(node, kinds):
            return True
    return False


class Links(SphinxTransform):
    """Make the links of one document; blocks of code, titles and what is a link already stay."""

    default_priority = 700

    def apply(self, **_options: object) -> None:
        """Go over its texts."""
        for literal in list(self.document.findall(nodes.literal)):
            match = NAME.match(literal.astext())
            if match and not _inside(literal, ASIDE):
                literal.replace_self(public(match[1], literal.deepcopy()))
        kept = (nodes.literal, *ASIDE)
        for pattern, link in ((DOI, article), (NAME, lambda m: public(m[1], nodes.Text(m[0])))):
            for text in list(self.document.findall(nodes.Text)):
                if not _inside(text, kept) and (parts := linked(text.astext(), pattern, link)):
                    text.parent.replace(text, parts)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the transform, after docstrings have become text."""
    app.add_transform(Links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
