"""
Statistical inference on published percentages: functions on numbers, on tables of estimates and on a survey.

Shares run from 0 to 1, a base is an effective one (divided by its design effect), and NaN stands for what wasn't
published: it goes in and comes out. Intervals and tests of independent shares are statsmodels'; it is imported where
it is called, because that takes a second, and a command that has nothing to work out needs none of it.
"""
