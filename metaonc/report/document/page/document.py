"""The page around the sections of a report: head, contents, style, and the script that sorts, filters and copies."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib.resources import files
from itertools import count

from ...blocks import Report, Section
from .elements import html_block


def html_page(report: Report) -> str:
    """Return a report as a page.

    The page forbids itself all requests, and all scripts but its own: the browser holds it to that.
    """
    css, script = _file("page.css"), _file("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'"
    )
    sections, names = list(enumerate(report.sections, start=1)), count(1)
    contents = "".join(f'<li><a href="#s{i}">{escape(section.title)}</a></li>' for i, section in sections)
    body = "\n".join(_section(section, f"s{i}", names) for i, section in sections)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(report.title)}</title>\n<style>\n{css}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">To the content</a>\n'
        f"<header>\n<h1>{escape(report.title)}</h1>\n<p>{escape(report.byline)}</p>\n</header>\n"
        f'<nav aria-label="Contents">\n<ol>{contents}</ol>\n</nav>\n'
        f'<main id="main" tabindex="-1">\n{body}\n</main>\n<script>{script}</script>\n</body>\n</html>\n'
    )


def _section(section: Section, anchor: str, names: count[int]) -> str:
    blocks = "\n".join(html_block(block, f"b{next(names)}") for block in section.blocks)
    head = f'<h2 id="{anchor}">{escape(section.title)}</h2>'
    return f'<section aria-labelledby="{anchor}">\n{head}\n{blocks}\n</section>'


def _file(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")
