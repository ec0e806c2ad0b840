"""Files made a little wrong: in bytes, in words, or where JSON, XML, CSV and archives hold their values."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import zipfile
from typing import Any

ODD = [
    "", " ", "0", "-0", "-1", "1e999", "-1e999", "1e-400", "NaN", "Infinity", "9" * 400, "1_0", "0x1f", "1.2.3", "1,5",
    "=1+1", "\u202e", "\x07", "\ud800", "\n", '"', "'", "\\", "true", "null", "[]", "{}", "NE", "\u2212", "\u0661", "%",
    "1e5", "A" * 3000, "inf", "#DIV/0!", "2020-01-01", "<", "&amp;", "url(#a)", "-", ".", "+", "31% (23-41)",
]  # fmt: skip
JSON_ODD: list[Any] = [
    None,
    True,
    [],
    {},
    "",
    "x",
    -1,
    0,
    1e308,
    -1e308,
    10**400,
    1e-320,
    [[]],
    {"a": 1},
    "1e999",
    [1, 2],
]
_TOKEN = re.compile(rb"[A-Za-z_]+|[-+]?[0-9.]+(?:e[-+]?[0-9]+)?|[^A-Za-z0-9]")


def mutated(seed: bytes, other: bytes, rng: random.Random) -> bytes:
    """Return a file made of another by one to three changes."""
    if seed.startswith(b"PK") and rng.random() < 0.7:
        return _member(seed, other, rng)
    if seed.startswith(b"\x1f\x8b") and rng.random() < 0.8:
        return gzip.compress(mutated(gzip.decompress(seed), other, rng), 1)
    if seed.startswith(b"{") and rng.random() < 0.6:
        return _json(seed, rng)
    for _ in range(rng.choice((1, 1, 2, 3))):
        seed = rng.choice((_bytes, _bytes, _token, _token, _token, _cut, _splice, _repeat))(seed, other, rng)
    return seed


def _bytes(data: bytes, _: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 2, 8))):
        if out:
            out[rng.randrange(len(out))] = rng.choice((0, 255, 127, 128, rng.randrange(256), rng.choice(b'0-.,"<>&\n')))
    return bytes(out)


def _token(data: bytes, _: bytes, rng: random.Random) -> bytes:
    """Exchange one word, number or sign for an odd one, or for another of the file."""
    found = list(_TOKEN.finditer(data))
    if not found:
        return data
    one, two = rng.choice(found), rng.choice(found)
    new = two.group() if rng.random() < 0.3 else rng.choice(ODD).encode("utf-8", "surrogatepass")
    return data[: one.start()] + new + data[one.end() :]


def _cut(data: bytes, _: bytes, rng: random.Random) -> bytes:
    a, b = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
    return data[:a] if rng.random() < 0.5 else data[:a] + data[b:]


def _splice(data: bytes, other: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def _repeat(data: bytes, _: bytes, rng: random.Random) -> bytes:
    a = rng.randrange(len(data) + 1)
    b = min(len(data), a + rng.choice((1, 10, 200)))
    return data[:b] + data[a:b] * rng.choice((1, 3, 50)) + data[b:]


def _member(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """Change one file of an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        changed = rng.choice(names)
        for name in names:
            content = old.read(name)
            new.writestr(name, mutated(content, other, rng) if name == changed else content)
    return out.getvalue()


def _json(data: bytes, rng: random.Random) -> bytes:
    """Exchange, drop or add one value of a JSON file."""
    tree = json.loads(data)
    places: list[tuple[Any, Any]] = []
    level = [tree]
    while level:
        here = level.pop()
        keys = list(here) if isinstance(here, dict) else range(len(here)) if isinstance(here, list) else ()
        places += [(here, key) for key in keys]
        level += [here[key] for key in keys]
    here, key = rng.choice(places)
    if rng.random() < 0.2:
        del here[key]
    else:
        here[key] = rng.choice(JSON_ODD)
    return json.dumps(tree).encode()
