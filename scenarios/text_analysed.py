"""Three look at a text side by side, and one tells what they found."""

import json

from groupchats.text_analysis import team
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="text_analysed",
    title="A review is read for its sentiment, its topics and whom it names, at once",
    team=team,
    opening="I am happy with the lamp, but it came late: ordered on Monday, for $34.50, and Marta Lind sent it on Friday.",
    expected=Expected(end="resolved", says=("Sentiment: mixed", "Topics:", "amounts: $34.50", "Marta Lind")),
    script={"sentiment": [json.dumps({"sentiment": "mixed", "shown_by": ["happy", "it came late"]})]},
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
