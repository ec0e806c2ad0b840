"""Files from anywhere: each that cannot be read ends in one clear error, soon."""

from __future__ import annotations

import os
import signal
import zlib

import matplotlib.pyplot as plt
import pytest
from curve_renders import LOOKS, draw, patients

import metaonc as mo
from metaonc.errors import DataError

SOON = 20.0  # seconds of a processor, its workers included
XML = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
SVG = f'<svg {XML} width="400" height="300">{{}}</svg>'


def spent():
    """Return the processor seconds of this process and of those that it waited for."""
    return sum(os.times()[:4])


def pdf(content: bytes, *, page: bytes = b"", compressed: bool = False) -> bytes:
    """A PDF of one page with this content, and whatever else its dictionary should say."""
    body = zlib.compress(content, 9) if compressed else content
    filters = b"/Filter/FlateDecode" if compressed else b""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R" + page + b">>",
        b"<</Length %d%s>>stream\n%s\nendstream" % (len(body), filters, body),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + text + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 5\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 5/Root 1 0 R>>startxref\n%d\n%%%%EOF" % len(out)
    )


def nested(depth: int) -> str:
    return SVG.format("<g>" * depth + "</g>" * depth)


def laughs() -> str:
    """Symbols that use each other, doubling each time."""
    parts = ['<g id="a0"><path d="M0 0 L1 1"/></g>']
    parts += [f'<g id="a{k}"><use xlink:href="#a{k - 1}"/><use xlink:href="#a{k - 1}"/></g>' for k in range(1, 40)]
    return SVG.format(f"<defs>{''.join(parts)}</defs><use xlink:href='#a39'/>")


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<svg xmlns="http://www.w3.org/2000/svg"><text>&b;</text></svg>'
)
EXTERNAL = (
    '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    '<svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>'
)
TEXT_ONLY = SVG.format('<text x="10" y="20">Kaplan and Meier</text>')
SELF_USE = SVG.format('<g id="a"><use xlink:href="#a"/></g>')
FILES = {
    "empty": (b"", "is empty"),
    "neither": (b"\x00\x01\x02", "is none of PDF, SVG"),
    "svg without anything": (SVG.format(""), "draws nothing"),
    "svg of text": (TEXT_ONLY, "draws no lines, only text"),
    "svg cut": (SVG.format("<path d='M0 0 L10 10'/>")[:-8], "may be cut"),
    "svg with entities": (ENTITIES, "declares XML entities"),
    "svg with a file as entity": (EXTERNAL, "declares XML entities"),
    "svg nested": (nested(3000), "nests its elements more deeply"),
    "svg of symbols that double": (laughs(), "more objects|more deeply"),
    "svg that uses itself": (SELF_USE, "more objects|more deeply"),
    "svg with a damaged path": (
        SVG.format('<path d="M 0 0 L nonsense" stroke="black"/>'),
        "damaged <path>|draws nothing",
    ),
    "svg with a picture": (SVG.format('<image width="9" height="9" xlink:href="data:,"/>'), "as pixels"),
    "html": ("<html><body><p>no figure</p></body></html>", "is none of"),
    "svg of many commands": (SVG.format('<path d="M0 0' + "h1v1" * 200_000 + '" stroke="#c00"/>'), "more lines than"),
    "pdf cut": (pdf(b"0 0 m 10 10 l S")[:120], "may be cut|cannot be read|has 0 pages"),
    "pdf without anything": (pdf(b""), "draws nothing"),
    "pdf of one line": (pdf(b"0 0 m 100 100 l S"), "no two axes"),
    "pdf of garbage": (b"%PDF-1.7\n" + bytes(range(256)) * 40, "may be cut"),
    "pdf that unpacks to much": (
        pdf(b"0 0 m 1 1 l S " * 4_000_000, compressed=True),
        "more objects|30 s|memory|cannot be read",
    ),
    "pdf with one long path": (pdf(b"0 0 m " + b"1 1 l " * 2_500_000 + b"S", compressed=True), "more points"),
}


SLOW = "pdf that unpacks to much"


@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.slow] if n == SLOW else []) for n in FILES])
def test_each_bad_file_is_one_clear_error(tmp_path, name):
    content, said = FILES[name]
    path = tmp_path / "figure"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    start = spent()
    with pytest.raises(DataError, match=said):
        mo.curves.digitize(path)
    assert spent() - start < 2 * SOON


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(DataError, match="there is no file"):
        mo.curves.digitize(tmp_path / "none.pdf")
    with pytest.raises(DataError, match="cannot be read"):
        mo.curves.digitize(tmp_path)


def test_an_encrypted_pdf(tmp_path):
    path = tmp_path / "locked.pdf"
    encryption = b"<</Filter/Standard/V 1/R 2/P -4/O(%s)/U(%s)>>" % (b"x" * 32, b"y" * 32)
    content = pdf(b"0 0 m 9 9 l S").replace(b"/Root 1 0 R", b"/Root 1 0 R/ID[(a)(a)]/Encrypt " + encryption)
    path.write_bytes(content)
    with pytest.raises(DataError, match="is encrypted"):
        mo.curves.digitize(path)


def test_a_pdf_of_text_and_a_page_that_is_not_there(tmp_path):
    path = tmp_path / "text.pdf"
    fig = plt.figure()
    fig.patch.set_visible(False)
    fig.text(0.2, 0.5, "Kaplan and Meier")
    fig.savefig(path)
    plt.close(fig)
    with pytest.raises(DataError, match="only text"):
        mo.curves.digitize(path)
    with pytest.raises(DataError, match="has 1 pages, and page 7"):
        mo.curves.digitize(path, page=7)


def test_every_cut_of_a_good_figure_is_an_error(tmp_path):
    for form in ("pdf-truetype", "svg-text"):
        path = tmp_path / f"whole.{form[:3]}"
        draw(patients(1, 4), LOOKS["bars"], path, form)
        whole = path.read_bytes()
        for share in (0.01, 0.3, 0.9):
            cut = tmp_path / "cut"
            cut.write_bytes(whole[: int(share * len(whole))])
            with pytest.raises(DataError):
                mo.curves.digitize(cut)


@pytest.mark.skipif(not hasattr(signal, "SIGXCPU"), reason="the system counts no time of a processor")
def test_a_page_that_takes_too_long_is_refused_by_the_time_of_a_processor(tmp_path, monkeypatch):
    monkeypatch.setattr("metaonc.data.digitize.vector.pdf.SECONDS", 1)
    path = tmp_path / "figure.pdf"
    path.write_bytes(pdf(b"0 0 m 1 1 l S " * 400_000, compressed=True))
    with pytest.raises(DataError, match="takes more than 1 s of a processor to read"):
        mo.curves.digitize(path)
