"""The page as one HTML document: its parts, the figure and what was found in it, and what it may do."""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape
from importlib.resources import files

from .session import Session, as_json

SCRIPTS = ("model.js", "trace.js", "view.js", "tools.js", "forms.js", "results.js", "talk.js", "main.js")


NOTEBOOKS = "http://127.0.0.1:* http://localhost:*"  # which may show a page within their own


def page_document(session: Session, *, served: bool, framed: bool = False) -> tuple[str, str]:
    """Return the page, and the policy that its browser holds it to.

    Parameters
    ----------
    session
        The figure.
    served
        Whether a server answers it; else it stands alone: it exports the project, and forbids itself all requests.
    framed
        Whether a notebook of this computer may show it within its own page.
    """
    script = "\n".join(_part(name) for name in SCRIPTS)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        f"connect-src {chr(39)}{'self' if served else 'none'}{chr(39)}; base-uri 'none'; form-action 'none'"
    )
    boot = session.boot() | {"served": served}
    parts = {
        "policy": policy,
        "title": escape(session.source.path.name),
        "style": _part("page.css"),
        "boot": as_json(boot),
        "picture": session.picture.address,
        "script": script,
    }
    page = re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found.group(1)], _part("page.html"))
    return page, f"{policy}; frame-ancestors {NOTEBOOKS if framed else chr(39) + 'none' + chr(39)}"


def _part(name: str) -> str:
    return (files(__package__) / "static" / name).read_text(encoding="utf-8")
