"""The manifest of an edition as ``codecheck.yml``, in the form of the CODECHECK community, version 1.0."""

from collections.abc import Mapping
from typing import Any

import yaml

from surveybook.model import paths

VERSION = "https://codecheck.org.uk/spec/config/1.0/"
HEAD = "%YAML 1.1\n---\n# Written by `make certificate`. A program issued it, and no person has put a name to it.\n"
CHECKER = "surveybook verify (a program; no person checked this)"


def codecheck(certificate: Mapping[str, Any], report: str) -> dict[str, Any]:
    """Return what ``codecheck.yml`` says.

    It has no number of the CODECHECK register, which people award, and no ORCID, which people have.

    Parameters
    ----------
    certificate : mapping
        The certificate of the run.
    report : str
        Where the certificate is, from the file's folder.
    """
    content = certificate["content"]
    passed, left_out = content["result"] == "passed", len(content["not_checked"])
    manifest = [
        {
            "file": entry["source"],
            "comment": f"Chapter {entry['chapter']}: {entry['outputs_compared']} outputs executed again and compared",
            "size": (paths.root() / entry["source"]).stat().st_size,
            "sha256": entry["sha256"],
        }
        for entry in content["chapters"]
    ]
    return {
        "version": VERSION,
        "manifest": manifest,
        "paper": {
            "title": f"Why ICT? The living report, {content['edition']['name']}",
            "authors": [{"name": "The Why ICT? living report contributors"}],
            "reference": report,
        },
        "codechecker": [{"name": CHECKER}],
        "report": report,
        "summary": (
            "Every chapter was executed anew and compared with its committed outputs, and every page was built and "
            f"held against the data. {'Nothing was wrong' if passed else 'Something was wrong'}. "
            f"{left_out} {'thing' if left_out == 1 else 'things'} could not be checked; the report names them."
        ),
        "check_time": certificate["time"]["began"].replace("T", " ").removesuffix("+00:00"),
        "surveybook": {"content_sha256": certificate["content_sha256"], "issued_by": certificate["issued_by"]},
    }


def codecheck_text(certificate: Mapping[str, Any], report: str) -> str:
    """Return ``codecheck.yml`` as text."""
    body = yaml.safe_dump(codecheck(certificate, report), sort_keys=False, allow_unicode=True, width=110)
    return HEAD + body
