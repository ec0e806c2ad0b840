"""Settings of hypothesis for all tests: its own deadline is of wall time, and machines are shared."""

from hypothesis import settings

settings.register_profile("tests", deadline=None)
settings.load_profile("tests")
