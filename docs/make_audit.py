"""Write audit.md, the page of the rules, from the table of rules: ``python docs/make_audit.py``."""

from __future__ import annotations

from pathlib import Path

from metaonc.data.audit.listing import rules

PAGE = Path(__file__).parent / "audit.md"
_HEAD = """# What the audit asks

`metaonc.audit(table)` and `metaonc check FILE` ask these rules of a table of published results. A finding says that
figures of the table do not go together once rounding is undone, not which of them is wrong; no finding does not say
that a figure is right. Rows of a registry record (`mo.read_ctgov`) beside rows of the paper that name it in
`registry_id` are held against each other, figure by figure (`registry_differs`). `docs/make_audit.py` writes this page
from the table of rules, `metaonc.data.audit.RULES`.

- **error**: cannot be. `metaonc check` then ends with status 1; without errors with 0, with 2 if it cannot read.
- **warning**: unlikely, or misleading as it stands.
- **note**: to be known before the rows are pooled.

| rule | severity | asks that | needs columns |
|---|---|---|---|
"""


def page() -> str:
    """Return the page."""
    table = rules()
    lines = (
        f"| `{name}` | {row['severity']} | {row['asks that']} | {row['needs']} |" for name, row in table.iterrows()
    )
    return _HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
