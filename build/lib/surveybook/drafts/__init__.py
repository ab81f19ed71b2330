"""A whole report drafted from a file of respondents: what the file asks, and the files that a report is made of."""
