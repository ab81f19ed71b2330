"""A scale has two sides where its words say so, and none where they leave a doubt."""

import pytest

from surveybook.drafts.sides import find_sides


@pytest.mark.parametrize(
    "labels",
    [
        "Daily/Weekly/Never",
        "Extremely important/Very important/Moderately important/Slightly important/Not at all important",
        "Very safe/A bit unsafe/Very unsafe/Safe",
        "A great deal/A fair amount/Not very much/Not at all",
        "Satisfied/No longer a customer/Abroad/Dissatisfied",
        "Other/Satisfied/Dissatisfied",
        "Very satisfied/Fairly satisfied",
        "Neutral/Average",
        "Employed full time/Employed part time/Unemployed",
    ],
)
def test_where_words_leave_a_doubt_there_are_no_sides(labels: str) -> None:
    assert find_sides({str(place): label for place, label in enumerate(labels.split("/"))}) == ()


def test_words_without_codes_have_sides_whatever_their_order() -> None:
    labels = ("Dissatisfied", "Fairly satisfied", "Neither", "Very dissatisfied", "Very satisfied")
    assert find_sides(dict(zip(labels, labels, strict=True))) == ()
    up, down = find_sides(dict(zip(labels, labels, strict=True)), ordered=False)
    assert (up.answers, down.answers) == (("Fairly satisfied", "Very satisfied"), ("Dissatisfied", "Very dissatisfied"))


@pytest.mark.parametrize(
    ("labels", "headline", "opposite"),
    [
        ("Fully distrust/Rather distrust/Neither trust, nor distrust/Rather trust/Fully trust",
         ("Trust", "34"), ("Distrust", "01")),
        ("Completely disagree/Rather disagree than agree/Rather agree than disagree/Completely agree",
         ("Agree", "23"), ("Disagree", "01")),
        ("Do not support at all/Rather not support/Partially support, partially not/Rather support/Fully support",
         ("Support", "34"), ("Not support", "01")),
        ("BUENO/MUY BUENO/MALO/MUY MALO",
         ("BUENO OR MUY BUENO", "01"), ("MALO OR MUY MALO", "23")),
        ("Very familiar/Familiar/Unfamiliar", ("Very familiar or familiar", "01"), ("Unfamiliar", "2")),
        ("Very satisfied/Fairly satisfied/Neither/Fairly dissatisfied/Very dissatisfied",
         ("Satisfied", "01"), ("Dissatisfied", "34")),
        ("Very dissatisfied/Dissatisfied/Neutral/Satisfied/Very satisfied",
         ("Satisfied or very satisfied", "34"), ("Very dissatisfied or dissatisfied", "01")),
        ("Strongly agree/Tend to agree/Neither agree nor disagree/Tend to disagree/Strongly disagree",
         ("Agree", "01"), ("Disagree", "34")),
        ("Excellent/Very good/Good/Fair/Poor", ("Excellent, very good or good", "012"), ("Poor", "4")),
        ("Very likely/Somewhat likely/Not very likely/Not at all likely", ("Likely", "01"), ("Not likely", "23")),
        ("Very important/Fairly important/Not important", ("Important", "01"), ("Not important", "2")),
        ("Very confident/Fairly confident/Not very confident/Not at all",
         ("Confident", "01"), ("Not very confident or not at all", "23")),
        ("Much better/A little better/About the same/Worse", ("Better", "01"), ("Worse", "3")),
        ("Satisfied/In between/Dissatisfied", ("Satisfied", "0"), ("Dissatisfied", "2")),
        ("Yes, definitely/Yes, to some extent/No", ("Yes", "01"), ("No", "2")),
        ("No/Yes", ("Yes", "1"), ("No", "0")),
    ],
)  # fmt: skip
def test_the_words_of_answers_say_on_which_side_they_are(
    labels: str, headline: tuple[str, str], opposite: tuple[str, str]
) -> None:
    sides = find_sides({str(place): label for place, label in enumerate(labels.split("/"))})
    assert [(side.label, "".join(side.answers)) for side in sides] == [headline, opposite]
