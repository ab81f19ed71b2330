"""Nothing is called first where an answer without a figure may be larger."""

from surveybook.exhibits import charts
from surveybook.words import findings
from tests.waves import wave_2004, wave_with

FEW = {"public.services_improved.agree": 28, "public.services_improved.disagree": 18}
HALF = {"public.services_improved.agree": 28, "public.services_improved.disagree": None}
LOST = {"public.customer_satisfaction.chosen": None, "public.value_for_money.chosen": 45}


def test_of_two_sides_the_larger_does_not_lead_beside_a_larger_rest():
    said = findings.leading_answers(wave_with(FEW), "services_improved", "public").text
    assert "leads" not in said
    assert said.endswith("more of the public agree than disagree; 54% gave another answer or none")


def test_an_answer_alone_is_told_as_its_share():
    said = findings.leading_answers(wave_with(HALF), "services_improved", "public").text
    assert said.endswith("28% of the public agree; 72% gave another answer or none")


def test_an_answer_that_no_other_can_pass_still_leads():
    whole = wave_with({"public.services_improved.agree": 52, "public.services_improved.disagree": 18})
    assert "“Agree” leads among the public" in findings.leading_answers(whole, "services_improved", "public").text


def test_those_who_took_a_side_are_called_so():
    said = findings.agree_or_disagree(wave_with(FEW), "public", "services_improved").text
    assert "of those who took a side, those who agree are ahead by 10 points" in said
    assert "and 54% took none" in said


def test_an_item_without_a_figure_may_be_first():
    wave = wave_with(LOST)
    assert "and of the answers that are known, value for money comes first" in (
        findings.leader(wave, "quality_indicators", "public").text
    )
    assert "f the answers that are known, the public put value for money" in (
        findings.first_places(wave, "quality_indicators").text
    )
    chart = charts.ranked(wave, "quality_indicators", "public", name="uses")
    assert chart
    assert "f the answers that are known, value for money leads among the public" in str(chart.title)


def test_a_whole_list_is_ranked_as_before():
    assert "answers that are known" not in findings.leaders(wave_2004(), "quality_indicators").text
