"""The reviewer's path: an edition executed and built anew, everything in it compared, and a certificate of that.

`surveybook.verify.running` says what is done and in which order. Each check is a function that returns a
`Check`: what was looked at, by what, how much of it, what is wrong with it, and what could not be looked at.
"""
