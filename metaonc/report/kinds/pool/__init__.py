"""Pools of trials: what all say alike, and one module a kind with what it says otherwise."""
