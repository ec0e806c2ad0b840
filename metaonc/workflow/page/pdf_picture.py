"""Draws a page of a PDF as PNG. Run in a process of its own, which bounds time and memory.

Reads the file from its input; arguments are the page (from 1), pixels a point, the most pixels, and the limits of
memory and seconds. It imports nothing of this package. Answers with the PNG, or with a text that says what is wrong.
"""

from __future__ import annotations

import io
import sys


def drawn(data: bytes, number: int, scale: float, most: int) -> bytes:
    """Return a page as PNG."""
    import pypdfium2

    page = pypdfium2.PdfDocument(data)[number - 1]
    width, height = page.get_size()
    scale = min(scale, (most / max(width * height, 1.0)) ** 0.5)
    out = io.BytesIO()
    page.render(scale=scale, draw_annots=False).to_pil().convert("RGB").save(out, "PNG")
    return out.getvalue()


def main() -> None:
    """Answer with the picture."""
    number, scale, most, memory, seconds = (float(a) for a in sys.argv[1:])
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    except (ImportError, ValueError, OSError):
        pass  # the system has no such limits; the caller's limit of time remains
    try:
        answer = drawn(sys.stdin.buffer.read(), int(number), scale, int(most))
    except Exception as problem:
        answer = f"{type(problem).__name__}: {problem}".encode()
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
