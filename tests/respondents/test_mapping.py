"""What ``wave.yml`` says of respondents is checked against itself, the codebook and ``asked.csv``, all at once."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from surveybook.model.codebook import WaveFolder, read_codebook
from surveybook.respondents.files import Respondents
from surveybook.respondents.mapping import QuestionMapping, QuestionRules, describe_question, read_mapping
from tests.respondents.waves import QUESTIONS, mapping, question


def faults(block: object, **metadata: Any) -> str:
    """Return what is said of a block of responses, a line a problem; asked.csv takes all questions from respondents."""
    folder = WaveFolder(Path(), read_codebook())
    rows = [{"population": "public", "question_id": name, "source": "responses"} for name in QUESTIONS]
    whole = {"populations": {}} | ({} if block is None else {"responses": block}) | metadata
    read_mapping(folder, whole, pd.DataFrame(rows))
    return "\n".join(map(str, folder.problems))


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (mapping(wieght="wt"), "responses.public: the key 'wieght' isn't known; did you mean weight?"),
        (question("preferred_channel", base=None), "questions.preferred_channel.base: the key is missing"),
        (question("services_improved", dont_know=None), "questions.services_improved.dont_know: it is missing"),
        (question("preferred_channel", codes={1: "channel_webiste"}), "did you mean channel_website?"),
        (question("services_improved", collapse={"agreed": [1]}), "'agreed' is no answer of this question"),
        (question("services_improved", collapse=[1]), "it isn't a list of responses with their codes"),
        (question("services_improved", columns={"q5": "services_improved"}), "neither or both of column and columns"),
        (question("preferred_channel", codes={True: "channel_website"}), "'True' isn't a name or a code"),
        (mapping(weight=""), "responses.public.weight: nothing stands here; write a name, or null where there is none"),
        (mapping(lonely="ignore"), "lonely: 'ignore' stands here; it should be 'fail', 'adjust'"),
        (mapping(census="perhaps"), "responses.public.census: 'perhaps' stands here; write true or false"),
        (mapping(domains={"sex": {"column": "sex", "values": {1: "=cmd()"}}}), "a group's name holds signs"),
        (mapping(domains={"a": {"column": "age", "ranges": {"x": [1, 50], "y": [40, 60]}}}), "overlaps another"),
        (mapping(replicates={"columns": ["r*"], "kind": "BRR"}), "replicate weights stand beside strata"),
        (mapping(questions={}), "responses.public.questions: {} stands here; write at least one"),
        (mapping(questions={"quality_indicator": {"base": "asked"}}), "did you mean quality_indicators?"),
        ([1, 2], "responses.public: [1, 2] stands here; write its keys below it"),
        (question("quality_indicators", columns=None, column="q1"), "columns: a column an option needs a list"),
        (question("quality_indicators", codes={1: "other"}), "codes stand beside a column an option"),
        (question("efficiency_indicators", column=None, columns=["q3", "q4"]), "this encoding has one column"),
        (question("customer_focus_indicators", columns={"q2_a": "flexibility"}), "write the names of columns alone"),
        (question("customer_focus_indicators", columns=[]), "columns: no column is named"),
        (question("preferred_channel", codes=None), "no code is mapped"),
        (question("services_improved", column=None, columns={"q5": "speak_highly"}), "has the item 'speak_highly'"),
        (question("services_improved", collapse={"agree": [1, "01"]}), "the code 1 stands under two responses"),
        (
            question("quality_indicators", columns={"a": "value_for_money", "b": "value_for_money"}),
            "two columns have the",
        ),
        (mapping(domains={"Sex!": {"column": "sex", "values": {1: "male"}}}), "'Sex!' can't name a domain"),
        (mapping(domains={"sex": {"column": "sex"}}), "it has neither values nor ranges"),
        (mapping(domains={"age": {"column": "age", "ranges": {"x": [50, 1]}}}), "the range is empty"),
        (mapping(domains={"age": {"column": "age", "ranges": {"x": ["young", 50]}}}), "write [16, 34] or [55, null]"),
        (mapping(ignore=["x", "x"]), "a name stands twice"),
        (
            question("preferred_channel", encoding="scale"),
            "'scale' isn't known for this kind of question; write single",
        ),
        (mapping(questions={"nothing_like_it": {"base": "asked"}}), "add it to codebook/questions.csv"),
    ],
)
def test_a_mapping_that_cannot_be_followed_is_named(block: Any, said: str) -> None:
    assert said in faults({"public": block})


def test_a_mapping_in_order_is_not_complained_of() -> None:
    assert faults({"public": mapping()}) == ""
    assert faults({"public": question("customer_focus_indicators", column="q2", columns=None)}) == ""


def test_statements_of_several_items_need_a_column_each() -> None:
    block = {"base": "answered", "column": "best", "collapse": {"website": 1}}
    said = faults({"public": mapping(questions={"channel_attributes": block})})
    assert "channel_attributes.column: the question has 8 items; write columns: {name: item}" in said


def test_all_that_is_wrong_with_several_populations_is_said_at_once() -> None:
    said = faults({"public": mapping(lonely="ignore", census="perhaps"), "nobody": {}, "frontline": 1}).splitlines()
    assert len(said) == 4
    assert "the population 'nobody' isn't known" in "".join(said)


@pytest.mark.parametrize("block", [[1], "yes", 3])
def test_what_is_no_block_is_refused(block: object) -> None:
    assert "wave.yml, responses: it isn't a block of keys and values" in faults(block)


def test_asked_and_mapping_have_to_agree() -> None:
    assert "asked.csv takes 5 questions from respondents, and nothing says how to read them" in faults(None)
    fewer = {name: rules for name, rules in QUESTIONS.items() if name != "preferred_channel"}
    said = faults({"public": mapping(questions=fewer | {"more_online": QUESTIONS["services_improved"]})})
    assert "questions.preferred_channel: asked.csv takes it from respondents, and the mapping hasn't got it" in said
    assert "questions.more_online: it is mapped, and asked.csv doesn't take it from respondents" in said


def test_people_who_chose_themselves_are_no_sample_wherever_that_is_said() -> None:
    metadata = {"responses": {"public": mapping()}, "populations": {"public": {"probability": False}}}
    rows = pd.DataFrame({"population": "public", "question_id": list(QUESTIONS), "source": "responses"})
    found = read_mapping(WaveFolder(Path(), read_codebook()), metadata, rows)
    assert found["public"].rules.probability is False


def test_labels_that_differ_between_columns_are_released_in_the_order_of_the_file():
    codes = [str(code) for code in range(12)]
    labels = {column: {code: f"{column} {code}" for code in codes} for column in ("q1", "q2")}
    rules = QuestionRules(columns={"q1": "first", "q2": "second"}, collapse={"agree": codes}, base="answered")
    own = QuestionMapping("services_improved", read_codebook().kind_of("services_improved"), rules, {})
    told = describe_question(own, Respondents("", pd.DataFrame(), value_labels=labels))
    assert list(told["relabelled"]["q2"]) == codes
