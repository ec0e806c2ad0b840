"""The public verb: a page in the browser on which a figure is read by hand."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from ...base.messages.advice import option
from ...base.messages.arguments import known_arguments
from ...base.output.writing import write_file
from ...errors import OptionError
from .document import page_document
from .server import PageServer
from .session import Session

_HEIGHT = 900  # pixels of the page in a notebook
QUESTIONS = frozenset({"keep", "solve", "trace", "save"})


def _show(address: str) -> None:
    """Say where the page is, and open it in the browser."""
    print(f"The page is at {address} (Ctrl-C ends it).", flush=True)
    webbrowser.open(address)


def _show_in_notebook(address: str) -> None:
    """Show the page below the cell of a notebook."""
    try:
        notebook = import_module("IPython.display")
    except ImportError:
        raise OptionError(
            f"{option('widget', True)} shows the page in a notebook, and IPython is not installed: leave it out to "
            "open the page in the browser."
        ) from None
    notebook.display(notebook.IFrame(address, "100%", _HEIGHT))
    print("The cell ends when the page is closed (clear its output) or the kernel is interrupted.", flush=True)


@known_arguments
def page(
    path: str | Path,
    *,
    out: str | Path | None = None,
    html: str | Path | None = None,
    page: int = 1,
    force: bool = False,
    widget: bool = False,
    show: Callable[[str], object] = _show,
) -> Path:
    """Show a figure on a page in the browser, to read by hand what a program cannot, and to see its patients at once.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    The figure is shown with what was found drawn over it. Points of the axes are dragged and their values typed, lines
    are followed by a click, points of curves added, moved and deleted; numbers at risk, patients, events and what the
    paper prints are typed. After each change the patients are reconstructed, and their Kaplan-Meier curves, residuals,
    medians and hazard ratio shown.

    Parameters
    ----------
    path : str or path
        A PNG, JPEG, TIFF, WebP, GIF, PDF or SVG.
    out : str or path, optional
        Folder for its files; the name of the figure with ``_patients`` when left out. All that is placed and typed is
        kept there after each change, and taken up again by the next page of the same figure.
    html : str or path, optional
        Write the page to this file instead: it needs no server, and exports the project, which
        ``metaonc reconstruct --project`` reads.
    page : int, default 1
        Page of a PDF, counted from 1.
    force : bool, default False
        Whether the files of another run in `out` may be removed.
    widget : bool, default False
        Whether the page is shown in the notebook from which it is called, below the cell, in place of the browser's
        own window. The notebook's kernel must run on this computer: no other reaches the page.
    show : callable, optional
        What is done with the address of the page: it is printed and opened in the browser.

    Returns
    -------
    Path
        The folder, when the page is closed; or the file.

    Raises
    ------
    DataError
        When the file is no figure or cannot be read, or `out` holds the files of another run.
    OptionError
        When `out` or `widget` is given with `html`, or `widget` without IPython.

    Notes
    -----
    The page is served to this computer alone (127.0.0.1, a free port), at an address with a secret of 256 bits; nothing
    is sent elsewhere, and requests that name another host or come from another page are refused. The server ends when
    the page is closed, or on Ctrl-C. With `widget`, notebooks at 127.0.0.1 or localhost may show it within their page.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [1, 2, 2, 3, 4, 5, 6, 8] * 2, "event": [1, 1, 0, 1] * 4, "arm": ["A"] * 8 + ["B"] * 8}
    >>> curves = mo.survival.kaplan_meier(patients, by="arm", unit="months")
    >>> _ = mo.save(mo.plot.km(curves), "figure.pdf")
    >>> mo.page("figure.pdf", html="page.html").name
    'page.html'
    """
    path = Path(path)
    if html is not None:
        if out is not None:
            raise OptionError(
                f"{option('out')} is the folder of a served page, {option('html')} a file that needs none: give one "
                "of them."
            )
        if widget:
            raise OptionError(f"{option('html')} writes a file, which no notebook shows: leave {option('widget')} out.")
        session = Session(path, page=page)
        return write_file(html, page_document(session, served=False)[0])
    folder = Path(f"{path.stem}_patients") if out is None else Path(out)
    session = Session(path, page=page, out=folder, force=force)
    document, policy = page_document(session, served=True, framed=widget)
    server = PageServer(document, policy, session.answer, QUESTIONS, framed=widget)
    try:
        (_show_in_notebook if widget else show)(server.address)
    except BaseException:
        server.server_close()
        raise
    server.run()
    return folder
