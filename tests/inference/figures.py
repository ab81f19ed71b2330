"""Real figures of the 2004 survey, typed from the report, and what property tests have in common."""

import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st

# No deadline, because a busy machine isn't a failure; the same examples each time, to repeat a failure.
properties = settings(max_examples=60, deadline=None, derandomize=True)
table_properties = settings(properties, max_examples=15)

shares = st.floats(0, 1, allow_subnormal=False)
percentages = st.integers(0, 100)
bases = st.integers(1, 5000)
levels = st.sampled_from([0.8, 0.9, 0.95, 0.99])

PUBLIC_BASE, FRONTLINE_BASE = 1000, 500

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
EFFICIENCY = {  # Table 6: public, frontline
    "valuable_spending": (45, 64),
    "better_management": (40, 54),
    "staff_for_customers": (39, 33),
    "it_new_ways": (16, 17),
    "service_planning": (12, 15),
    "staff_cuts": (12, 8),
    "private_investment": (11, 5),
    "spending_cuts": (10, 2),
}
ENABLERS = [36, 35, 26, 20, 18, 17, 17, 11, 10, 7]  # Table 3: frontline


def estimates(question_id: str, percents: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """Return estimates on a question from percentages of the public and of the frontline."""
    whole = {"wave": "2004", "domain": "", "question_id": question_id, "response": "chosen", "decimals": 0}
    rows = [
        whole | {"population": population, "item_id": item_id, "share": percent / 100, "base": base}
        for item_id, pair in percents.items()
        for population, percent, base in zip(("public", "frontline"), pair, (PUBLIC_BASE, FRONTLINE_BASE), strict=True)
    ]
    return pd.DataFrame(rows)
