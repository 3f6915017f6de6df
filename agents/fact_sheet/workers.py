"""What the lead and its workers say to each other."""

NOT_FOUND = "Nothing was found."
"""What the searcher tells of a task on which the sources hold nothing."""
NO_FIGURES = "none"
"""What the reckoner tells of a text without any."""
