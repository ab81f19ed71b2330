"""The question of this report alone: which way of access to public services does best at what."""

from surveybook.model.figures import figures_of, populations_asked
from surveybook.model.survey import Survey
from surveybook.model.wording import Phrase, in_sentence, listing, phrase, share_text
from surveybook.words.asked import nothing_to_show
from surveybook.words.changes import with_changes
from surveybook.words.naming import people


def channel_winners(survey: Survey, question: str = "channel_attributes") -> Phrase:
    """Return which way of access has the published lead at which attributes."""
    rows = figures_of(survey, question)
    if rows.empty or not populations_asked(survey, question):
        return nothing_to_show(survey, question)
    numbers = rows[rows["status"] == "number"].sort_values("share", ascending=False, kind="stable")
    best = numbers.groupby("item_id", sort=False).head(1)
    parts = []
    for response, label in survey.codebook.kind_of(question).labels.items():
        won = best[best["response"] == response]
        named = listing(f"{in_sentence(row['short_label'])} ({share_text(row)})" for _, row in won.iterrows())
        parts.append(f"the {in_sentence(label)} for {named or 'nothing on the list'}")
    who = people(survey, rows["population"].iloc[0])
    return with_changes(survey, phrase(f"To {who}, the best way is {'; '.join(parts)}.", best), question)
