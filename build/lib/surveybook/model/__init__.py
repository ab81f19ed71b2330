"""What a survey is: the report and its codebook, kinds of question, figures of a wave, problems of a file."""
