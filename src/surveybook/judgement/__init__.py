"""How a statement is tested against a wave's figures: one class for each kind of test, and the verdicts."""
