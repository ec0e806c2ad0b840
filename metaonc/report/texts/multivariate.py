"""How a pool of several effects of each trial is named in lines below figures and tables."""

from __future__ import annotations


def together(method: str, structure: str = "") -> str:
    """Return the model by which several effects of each trial were pooled together."""
    if method == "CE":
        return "multivariate common effects"
    how = "method of moments" if method == "MM" else method
    return f"multivariate random effects ({', '.join(filter(None, (how, structure)))})"
