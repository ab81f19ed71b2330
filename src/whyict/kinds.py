"""The kind of question that only this report has: which of three ways of access does best at something."""

from surveybook.model.kinds import Kind


class Channel(Kind):
    """Attributes of services, for each of which people say which way of access does best."""

    kind = "channel"
    is_quoted = False
    how_asked = "said which way of access does best at each"
    how_listed = "one way for each"
