"""The ``wave.yml`` that a new wave begins with: every key there is, with what it means."""

from surveybook.waves.disclosure import TITLES

HEAD = """\
# What is known of this wave, and what is not. Unknown is written null, never guessed.
# `surveybook wave check {wave}` lists everything that is missing or wrong, all at once.
id: "{wave}"                # the folder's name, in quotes
title: "Survey of ..., {wave}"
label: "{wave}"             # how pages call the wave
synthetic: false            # true for made-up data; every page then says so
source: null                # who published it, or null
baseline: null              # the earlier wave to compare with unless the command names one: "2004"

populations:                # take out a population that wasn't asked
  public:
    label: The public
    fieldwork: null         # as people read it: April 2026
    fieldwork_start: null   # "2026-04"
    fieldwork_end: null
    conducted_by: null
    sponsor: null
    mode: null              # telephone, postal, online, face to face
    frame: null             # the list or panel that people were drawn from
    universe: null          # adults aged 16 and over
    sample_size: null       # how many answered
    base_status: stated     # stated, assumed or unknown
    response_rate: null
    weighting: null
    design_effect: null
    probability: true       # false where people chose themselves or filled a quota
    same_people_as: null    # an earlier wave that the same people answered: changes since it are then not tested
    note: null
  frontline:
    label: Frontline staff
    fieldwork: null
    fieldwork_start: null
    fieldwork_end: null
    conducted_by: null
    sponsor: null
    mode: null
    frame: null
    universe: null
    sample_size: null
    base_status: stated
    response_rate: null
    weighting: null
    design_effect: null
    probability: true
    same_people_as: null
    note: null

"""

RESPONSES = """\
# Answers of single respondents, for the questions whose source in asked.csv is `responses`. Take out the block's
# '#' signs and write what is true of your file; `surveybook wave describe FILE` proposes the questions. Put the file
# beside this one as responses_public.csv (or .parquet, .sav, .dta): git ignores it, and it is never copied.
#
# responses:
#   public:
#     file: responses_public.sav  # may be left out: the only responses_public.* is taken
#     encoding: utf-8             # of a CSV file that is neither UTF-8 nor UTF-16: latin-1, cp1252
#     id: respondent              # so that nobody stands there twice
#     weight: wt                  # take out for an unweighted sample
#     largest_weight: 250         # only where a weight that many times the median is right
#     strata: region              # strata, clusters, and the clusters (or people) of each stratum in the
#     cluster: psu                # population, or the fraction sampled: as far as the sample has them
#     fpc: psu_total
#     lonely: fail                # a stratum with one cluster: fail, adjust, certainty or average
#     replicates:                 # instead of strata, clusters and fpc
#       columns: [rep*]           # names, or a stem and a star
#       kind: BRR                 # BRR, Fay, JK1, JK2, JKn, bootstrap, ACS, successive-difference, other
#       rho: 0.0                  # Fay's coefficient
#       scale: null               # only where the data's documentation gives one; JKn needs rscales: [...]
#       combined: true            # the columns hold weights; false: factors of the weight
#       mse: true                 # from the estimate; false: from the mean of the replicates
#       degrees_of_freedom: null
#     census: false               # true: everybody was asked, and there is no sampling error
#     probability: true           # false: a panel that people joined, or a quota; intervals then rest on a model
#     missing: [-9, 99]           # codes that are no answer, in every column
#     ignore: [q1_text]           # columns that look like a question's and aren't
#     domains:                    # groups that get figures of their own; lower-case names
#       sex: {column: sex, values: {1: male, 2: female}}
#       age: {column: age, ranges: {"16-34": [16, 34], "35-54": [35, 54], "55+": [55, null]}}
#       social_grade: {column: grade, values: {1: ABC1, 2: ABC1, 3: C2, 4: DE}}
#     questions:
#       quality_indicators:       # a question of data/codebook/questions.csv
#         encoding: columns       # a 0/1 column an option
#         columns: {q1_1: customer_satisfaction, q1_2: value_for_money, q1_8: other, q1_9: dont_know}
#         chosen: [1]             # what the columns hold for a choice, and for none
#         not_chosen: [0, 2]
#         nothing_chosen: no_answer  # a row without any choice: answered (none applied) or no_answer (skipped)
#         excess: error           # more choices than asked.csv allows, or "none" with others:
#                                 # error, exclude (from the base) or keep
#         base: answered          # a share is of those who answered, or of all that were asked
#         dont_know: in           # whether "don't know" counts for the base: in or out
#       efficiency_indicators:
#         encoding: choices       # a column each for the first and the second choice
#         columns: [q2_first, q2_second]
#         codes: {1: valuable_spending, 2: better_management, 97: other, 98: none, 99: no_answer}
#         base: asked
#       customer_focus_indicators:
#         encoding: delimited     # one column with several codes: 1;4
#         column: q3
#         separator: ";"
#         codes: {1: staff_competence, 2: spending_well, 97: other}
#         base: answered
#       preferred_channel:
#         encoding: single        # one column, one answer
#         column: q4
#         codes: {1: channel_one_stop_shop, 2: channel_telephone, 3: channel_website}
#         base: answered
#       services_improved:
#         encoding: scale         # statements: which codes make up which response
#         column: q5
#         collapse: {agree: [1, 2], neither: 3, disagree: [4, 5], dont_know: 8}
#         net: true               # the check shows agreement less disagreement, with its error
#         base: answered
#         dont_know: in
#         universe: {column: used_services, values: [1]}  # who was asked; take out for everybody
#       channel_attributes:       # several statements: a column each
#         encoding: scale
#         columns: {q6_1: helpful_staff, q6_2: confidentiality}
#         collapse: {one_stop_shop: 1, website: 2, telephone: 3, other: 9}
#         base: answered
#
# Answers that are no item of the codebook: other (counts for the base), none (an answer, and the only one),
# dont_know, no_answer (refused or skipped); for statements also neither.

"""


def template(wave: str) -> str:
    """Return the text of a new wave's ``wave.yml``."""
    disclosure = [
        "# The 11 items of the AAPOR Transparency Initiative. Write `stated` and the text where you know it.",
        "disclosure:",
        "  standard: AAPOR Transparency Initiative",
        "  source: aapor2014transparency",
        "  items:",
    ]
    for number, title in enumerate(TITLES, start=1):
        disclosure += [
            f"    - item: {number}",
            f"      title: {title}",
            "      status: not disclosed",
            "      text: Not disclosed by the source.",
        ]
    return HEAD.format(wave=wave) + RESPONSES + "\n".join(disclosure) + "\n"
