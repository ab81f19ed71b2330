"""Nothing is called first where an answer without a figure may be larger."""

from surveybook.exhibits import charts
from surveybook.words import findings
from tests.waves import wave_2004, wave_with

FEW = {"public.services_improved.agree": 28, "public.services_improved.disagree": 18}
HALF = {"public.services_improved.agree": 28, "public.services_improved.disagree": None}
LOST = {"public.customer_satisfaction.chosen": None, "public.value_for_money.chosen": 45}


def test_of_two_sides_the_larger_does_not_lead_beside_a_larger_rest():
    said = findings.leading_answers(wave_with(FEW), "services_improved", "public").text
    assert "most common" not in said
    assert said.endswith("28% of the public agree and 18% disagree; 54% gave another answer or none")


def test_an_answer_alone_is_told_as_its_share():
    said = findings.leading_answers(wave_with(HALF), "services_improved", "public").text
    assert said.endswith("28% of the public agree; 72% gave another answer or none")


def test_an_answer_that_no_other_can_pass_still_leads():
    whole = wave_with({"public.services_improved.agree": 52, "public.services_improved.disagree": 18})
    assert (
        "“Agree” (52%) is the most common answer among the public"
        in findings.leading_answers(whole, "services_improved", "public").text
    )


def test_those_who_took_a_side_are_called_so():
    said = findings.agree_or_disagree(wave_with(FEW), "public", "services_improved").text
    assert said == "28% of the public agree and 18% disagree; 54% took no side."


def test_an_item_without_a_figure_may_be_first():
    wave = wave_with(LOST)
    first = "Of the answers with figures, value for money (45%) comes first among the public"
    assert findings.leader(wave, "quality_indicators", "public").text.startswith(first)
    assert findings.first_places(wave, "quality_indicators").text.startswith(first)
    chart = charts.ranked(wave, "quality_indicators", "public", name="uses")
    assert chart
    assert chart.title == first


def test_a_whole_list_is_ranked_as_before():
    assert "with figures" not in findings.first_places(wave_2004(), "quality_indicators").text
