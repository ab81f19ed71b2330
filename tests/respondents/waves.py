"""A small wave of respondents, made in a copied data folder, for tests to read and to spoil."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from surveybook.model.problems import DataError
from surveybook.model.survey import Survey
from surveybook.model.tables import list_columns, read_schemas
from surveybook.waves import open_wave
from surveybook.waves.checks import DISCLOSURE_ITEMS

ASKED = list_columns(read_schemas()["asked"])
WAVE = "trial"
PEOPLE = 240
MAPPING: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("mapping.yml").read_text(encoding="utf-8"))
QUESTIONS: dict[str, dict[str, Any]] = MAPPING["questions"]


def respondents(people: int = PEOPLE, seed: int = 7) -> pd.DataFrame:
    """Return answers as a survey platform exports them: text in every cell."""
    random = np.random.default_rng(seed)
    picks = [random.permutation(5)[:2] for _ in range(people)]
    frame = pd.DataFrame(
        {
            "id": np.arange(people) + 1,
            "wt": np.round(random.uniform(0.5, 2.0, people), 3),
            "region": random.integers(1, 5, people),
            "sex": random.choice([1, 2], people),
            "age": random.integers(16, 91, people),
        }
    ).astype(str)
    for option in range(5):
        frame[f"q1_{option + 1}"] = [str(int(option in row)) for row in picks]
    frame["q1_8"] = frame["q1_9"] = "0"
    second = [random.permutation(np.arange(1, 8))[:2] for _ in range(people)]
    frame["q2_a"], frame["q2_b"] = [str(row[0]) for row in second], [str(row[1]) for row in second]
    frame["q3"] = [";".join(map(str, random.permutation(np.arange(1, 9))[:2])) for _ in range(people)]
    frame["q4"] = random.choice([1, 2, 3], people).astype(str)
    frame["q5"] = random.choice([1, 2, 3, 4, 5, 8], people).astype(str)
    return frame


def mapping(**changes: Any) -> dict[str, Any]:
    """Return how the public's file is to be read, with changes; None takes a key out."""
    return {key: value for key, value in (MAPPING | changes).items() if value is not None}


def not_disclosed() -> list[dict[str, Any]]:
    """Return the disclosure items of a wave of which nobody says anything."""
    listed = enumerate(DISCLOSURE_ITEMS, start=1)
    return [{"item": number, "status": "not disclosed", "text": title} for number, title in listed]


def question(name: str, **changes: Any) -> dict[str, Any]:
    """Return the mapping with one question changed; None takes a key out."""
    own = {key: value for key, value in (QUESTIONS[name] | changes).items() if value is not None}
    return mapping(questions=QUESTIONS | {name: own})


def write_wave(
    data: Path,
    frame: pd.DataFrame | None = None,
    block: dict[str, Any] | None = None,
    *,
    asked: dict[str, dict[str, str]] | None = None,
    file: str = "responses_public.csv",
    wave: str = WAVE,
    **public: str,
) -> Path:
    """Write the wave and return its folder; `asked` changes cells of asked.csv by question, `public` of wave.yml."""
    folder = data / "waves" / wave
    folder.mkdir(exist_ok=True)
    block = mapping() if block is None else block
    frame = respondents() if frame is None else frame
    metadata = {
        "id": wave,
        "title": "A trial",
        "populations": {
            "public": {
                "fieldwork": "May 2026", "conducted_by": "us", "mode": "telephone", "universe": "adults",
                "sample_size": len(frame) or None, **public,
            }
        },
        "responses": {"public": block},
        "disclosure": {"items": not_disclosed()},
    }  # fmt: skip
    (folder / "wave.yml").write_text(yaml.safe_dump(metadata, sort_keys=False), encoding="utf-8")
    rows = []
    for name in block.get("questions", {}):
        row = dict.fromkeys(ASKED, "") | {
            "population": "public", "question_id": name, "wording": "A question",
            "mode": "telephone",
            "max_choices": "2" if name.endswith("indicators") else "1", "source": "responses",
        }  # fmt: skip
        rows.append(row | (asked or {}).get(name, {}))
    pd.DataFrame(rows, columns=ASKED).to_csv(folder / "asked.csv", index=False)
    frame.to_csv(folder / file, index=False)
    return folder


def opened(data: Path, frame: pd.DataFrame | None = None, block: dict[str, Any] | None = None, **more: Any) -> Survey:
    """Return the wave after writing it."""
    write_wave(data, frame, block, **more)
    return open_wave(WAVE)


def problems(data: Path, frame: pd.DataFrame | None = None, block: dict[str, Any] | None = None, **more: Any) -> str:
    """Return what is said of a spoilt wave, a line a problem."""
    write_wave(data, frame, block, **more)
    return problems_now()


def problems_now() -> str:
    """Return what is said of the wave as it stands."""
    try:
        open_wave(WAVE)
    except DataError as error:
        return "\n".join(str(problem) for problem in error.problems)
    return ""


def figure(survey: Survey, item: str, response: str = "chosen", domain: str = "") -> pd.Series:
    """Return one row of the estimates."""
    rows = survey.estimates
    rows = rows[(rows["item_id"] == item) & (rows["response"] == response) & (rows["domain"] == domain)]
    assert len(rows) == 1, (item, response, domain, len(rows))
    return rows.iloc[0]
