"""The words of cases: what was said in each of them, to be found again."""
