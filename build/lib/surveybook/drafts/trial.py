"""A drafted question tried on its file, so that what is drafted builds: answers too many, and codes that don't fit."""

from dataclasses import replace

from surveybook.drafts.records import DraftQuestion
from surveybook.model.kinds import make_kind
from surveybook.model.problems import Problem
from surveybook.respondents.columns import Columns
from surveybook.respondents.encoding import encode_question
from surveybook.respondents.files import Respondents
from surveybook.respondents.mapping import PopulationMapping, PopulationRules, QuestionMapping


def try_question(source: Respondents, one: DraftQuestion) -> tuple[DraftQuestion | None, str]:
    """Return a question as the file bears it, and what whoever knows the survey has to decide.

    Returns
    -------
    tuple of DraftQuestion, str
        The question, where some gave too many answers with the rule that leaves them out; None with the reason where
        its answers can't be read. The text is empty where nothing is to be said.
    """
    rules = PopulationRules.model_validate({"questions": {one.question: dict(one.rules)}})
    items: dict[str, tuple[str, ...]] = {item: (label, label) for item, label in one.items.items()}
    labels = one.answers or {"chosen": "", "agree": "", "disagree": ""}
    mapping = QuestionMapping(one.question, make_kind(one.kind, labels), rules.questions[one.question], items)
    problems: list[Problem] = []
    columns = Columns(source, PopulationMapping("", rules, (mapping,)), problems, lambda _: None)
    most = float(one.max_choices) if one.max_choices.isdigit() else float("inf")
    excess = encode_question(columns, mapping, most).excess
    if excess:
        problems = [problem for problem in problems if "gave too many answers" not in problem.found]
    if problems:
        return None, problems[0].found
    if not excess:
        return one, ""
    told = "“none” beside others" if most == float("inf") else f"more than {one.max_choices}, or “none” beside others"
    doubt = f"“{one.title}”: {excess} people ticked {told}; they are left out of its base (excess)"
    return replace(one, rules={**one.rules, "excess": "exclude"}), doubt
