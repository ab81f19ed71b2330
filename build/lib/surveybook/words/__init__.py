"""What a wave shows, in words: every number and every direction chosen from its figures."""
