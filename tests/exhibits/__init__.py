from typing import Any

from surveybook.exhibits.exhibit import Exhibit


def records_of(chart: Exhibit | None, **wanted: Any) -> list[dict[str, Any]]:
    """Return what a chart is drawn from, or those records that have certain values."""
    assert chart
    assert chart.spec
    records = chart.spec["data"]["values"]
    return [record for record in records if all(record.get(field) == value for field, value in wanted.items())]
