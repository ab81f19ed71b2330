"""Real figures of the 2004 survey, typed from the report, and what property tests have in common."""

import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st

# No deadline, because a busy machine isn't a failure; the same examples each time, to repeat a failure.
properties = settings(max_examples=60, deadline=None, derandomize=True)

shares = st.floats(0, 1, allow_subnormal=False)
percentages = st.integers(0, 100)
bases = st.integers(1, 5000)
levels = st.sampled_from([0.8, 0.9, 0.95, 0.99])

PUBLIC_BASE = 1000

QUALITY = {  # Table 1: public, frontline
    "customer_satisfaction": (68, 83),
    "staff_job_satisfaction": (35, 66),
    "value_for_money": (56, 32),
    "performance_targets": (22, 14),
    "political_objectives": (7, 2),
}
CUSTOMER_FOCUS = {  # Table 4: public, frontline
    "staff_competence": (33, 47),
    "spending_well": (35, 29),
    "choice_of_provider": (33, 13),
    "attentive_staff": (30, 24),
    "flexibility": (25, 10),
    "responsiveness": (18, 27),
    "tailored_services": (11, 19),
}
ENABLERS = [36, 35, 26, 20, 18, 17, 17, 11, 10, 7]  # Table 3: frontline


def figure(share: float, base: float = float("nan"), error: float = float("nan"), **values: object) -> pd.Series:
    """Return one row of estimates: published on a base or, with a standard error, estimated from respondents."""
    row = {
        "population": "public", "domain": "", "question_id": "quality_indicators", "item_id": "value_for_money",
        "response": "chosen", "share": share, "base": base, "effective_base": base, "standard_error": error,
        "degrees_of_freedom": float("nan"), "decimals": float("nan"),
        "method": "Wilson" if error != error else "logit, Taylor",
    }  # fmt: skip
    return pd.Series(row | values)
