"""Links of the site to the articles that it names: ``doi:10.1002/sim.1482`` becomes one."""

import re
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

SICI = r"10\.1002/\(sici\)[^\s,\"]+?;2-\w"  # old identifiers have brackets and semicolons of their own
DOI = re.compile(rf"\bdoi:({SICI}|10\.\d{{4,9}}/[^\s,;\"<>]*[^\s,;\"<>.)\]:])", re.IGNORECASE)


def linked(text: str) -> list[nodes.Node]:
    """Return a text as what stands between identifiers, and the identifiers as links."""
    found: list[nodes.Node] = []
    end = 0
    for match in DOI.finditer(text):
        found += [nodes.Text(text[end : match.start()])] * (match.start() > end)
        url = f"https://doi.org/{quote(match[1], safe='/:;()')}"
        found.append(nodes.reference("", match[0], refuri=url, internal=False))
        end = match.end()
    return found + [nodes.Text(text[end:])] * (0 < end < len(text))


class Articles(SphinxTransform):
    """Make links of the identifiers in the texts of a page; code and what is a link already stay."""

    default_priority = 700

    def apply(self, **_options: object) -> None:
        """Go over the texts of one document."""
        aside = (nodes.literal, nodes.literal_block, nodes.reference, nodes.FixedTextElement, nodes.raw, nodes.title)
        for text in list(self.document.findall(nodes.Text)):
            above, inside = text.parent, []
            while above is not None:
                inside.append(above)
                above = above.parent
            if any(isinstance(node, aside) for node in inside):
                continue
            if parts := linked(text.astext()):
                text.parent.replace(text, parts)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the transform, after docstrings have become text."""
    app.add_transform(Articles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
