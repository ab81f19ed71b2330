import subprocess
import sys
from pathlib import Path

import surveybook

SOURCE = Path(surveybook.__path__[0]).parent


def test_importing_inference_loads_no_heavy_statistics():
    program = (
        "import sys, surveybook.stats\n"
        "heavy = [name for name in sys.modules if name.split('.')[0] in ('scipy', 'statsmodels')]\n"
        "print(len(heavy), *heavy[:5])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, check=True
    ).stdout
    assert printed.split() == ["0"]


def test_all_public_names_exist_and_are_documented():
    import surveybook.stats as inference

    for name in inference.__all__:
        assert getattr(inference, name).__doc__, name
