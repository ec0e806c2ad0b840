"""A figure whose axes nothing can read, of known patients, and where its curves and axes lie."""

from __future__ import annotations

import http.client
import threading

import matplotlib.pyplot as plt
import numpy as np
from curve_renders import curve, patients

COLOURS = ("#1f77b4", "#d62728")
LABELS = ("Drug", "Control")
END = 42.0
SEED = 7


def blind_figure(path, dpi=110, colours=COLOURS, width=1.4, event=False):
    """Draw two arms without any axis; return the arms, and a function from time and survival to pixels."""
    data = patients(2, SEED, 150)[::-1]  # the longer survival first
    fig, ax = plt.subplots(figsize=(5.5, 4.0), layout="none")
    for arm, colour in zip(data, colours, strict=True):
        t, _, _, s = curve(*arm)
        level = np.append(1, s)
        ax.plot(np.append(0, t), 1 - level if event else level, drawstyle="steps-post", color=colour, lw=width)
    ax.set(xlim=(0, 44), ylim=(0, 1.02))
    ax.axis("off")
    fig.savefig(path, dpi=dpi)
    high = 4.0 * dpi
    there = ax.transData.frozen()
    scale = dpi / fig.dpi

    def place(time, survival):
        x, y = there.transform((time, 1 - survival if event else survival)) * scale
        return float(x - 0.5), float(high - y - 0.5)

    plt.close(fig)
    return data, place


def stated(place):
    """Return the axes of the figure, as a record has them."""
    (x0, y0), (x1, _), (_, y1) = place(0, 0), place(END, 0), place(0, 1)
    return {"x_axis": [[x0, 0], [x1, END]], "y_axis": [[y0, 0], [y1, 1]]}


def on_the_line(arm, place, time):
    """Return where an arm's line lies at a time."""
    t, _, _, s = curve(*arm)
    return place(time, float(np.append(1, s)[np.searchsorted(t, time, side="right")]))


def visit(address):
    """Open the page at an address and close it, as a browser does."""
    host, token = address.removeprefix("http://").split("/", 1)

    def go():
        connection = http.client.HTTPConnection(host, timeout=30)
        connection.request("GET", f"/{token}")
        assert b"<svg" in connection.getresponse().read()
        connection.request("POST", f"/{token}bye", "", {"Origin": f"http://{host}"})
        assert connection.getresponse().status == 204
        connection.close()

    threading.Thread(target=go).start()
    return True
