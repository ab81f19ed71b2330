"""A made-up survey of residents as files of respondents hold one: battery, list, scale, numbers, texts, design."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

SIZE = 400
CONTENT = {1.0: "Very satisfied", 2.0: "Fairly satisfied", 3.0: "Dissatisfied", 9.0: "Don't know"}
SPORTS = {1.0: "Football", 2.0: "Swimming", 3.0: "Running", 4.0: "Something else"}
AGREE = {1.0: "Strongly agree", 2.0: "Agree", 3.0: "Neither agree nor disagree", 4.0: "Disagree", 9.0: "Refused"}
LABELS = {
    "respid": "Respondent number",
    "wt": "Weight",
    "gender": "Gender",
    "q1_1": "How satisfied are you with … Parks",
    "q1_2": "How satisfied are you with … Snow removal",
    "q1_3": "How satisfied are you with … Libraries",
    "q2_1": "Which do you use (choose up to two): Bus",
    "q2_2": "Which do you use (choose up to two): Bicycle",
    "q2_3": "Which do you use (choose up to two): None of these",
    "q3": "Which sport do you like best?",
    "q4": "The city is well run",
    "years": "Years lived here",
    "email": "E-mail address",
    "why": "Why do you say that?",
}


def make_people() -> pd.DataFrame:
    """Return the answers."""
    random = np.random.default_rng(7)
    people = pd.DataFrame({"respid": np.arange(SIZE) + 1.0, "wt": random.uniform(0.5, 2, SIZE)})
    people["gender"] = random.integers(1, 3, SIZE).astype(float)
    for name in ("q1_1", "q1_2", "q1_3"):
        people[name] = random.choice(list(CONTENT), SIZE, p=[0.3, 0.4, 0.2, 0.1])
    none = random.random(SIZE) < 0.2
    for name in ("q2_1", "q2_2"):
        people[name] = np.where(none, 0.0, random.integers(0, 2, SIZE))
    people["q2_3"] = none.astype(float)
    people["q3"] = random.choice(list(SPORTS), SIZE)
    people["q4"] = random.choice(list(AGREE), SIZE)
    people["years"] = random.integers(0, 60, SIZE).astype(float)
    people["email"] = [f"person{number}@example.org" for number in range(SIZE)]
    people["why"] = [f"Because of {number}" for number in range(SIZE)]
    return people


def write_people(folder: Path) -> Path:
    """Write the answers as an SPSS file with labels, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    values = {**dict.fromkeys(("q1_1", "q1_2", "q1_3"), CONTENT), "q3": SPORTS, "q4": AGREE}
    values |= {"gender": {1.0: "Female", 2.0: "Male"}}
    people = make_people()
    labels = [LABELS[name] for name in people]
    pyreadstat.write_sav(people, str(folder / "people.sav"), column_labels=labels, variable_value_labels=values)
    return folder / "people.sav"
