"""Summaries: what many scored observations say about therapists, items, raters and sites.

All scores here are floats in the score's own unit (percents in percent): estimates that award no level.
"""

# ruff: noqa: F403 - so that a new row is written down in one place only
from fidelity.model.summary.agreement import *
from fidelity.model.summary.audit import *
from fidelity.model.summary.drift import *
from fidelity.model.summary.everybody import *
from fidelity.model.summary.row import *
from fidelity.model.summary.sampling import *
from fidelity.model.summary.therapist import *
