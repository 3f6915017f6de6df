"""Of 120 companies 50 are looked at, and the best three get a draft, of which the operator lets two out."""

import json

from groupchats.outreach import team
from switchboard.scenario import Expected, Scenario

WORDED = "Your desk lamps and floor lamps would stand well in a shop for home and garden goods."
INVENTED = "Your planters won 14 awards in Paris, and your prices are the lowest."
DRAFTS = [{"company": "Birch Mill", "paragraph": INVENTED}, {"company": "Alder Studio", "paragraph": WORDED}]

scenario = Scenario(
    name="companies_written_to",
    title="Companies of a file are found, ranked and written to, each letter after an approval",
    team=team,
    opening="Find 50 companies in the USA with 8 to 100 people, and write to the best three about our spring catalogue.",
    approvals=(False, True, True),
    expected=Expected(
        end="resolved",
        tools=("find_companies", "send_letter", "send_letter"),
        rows={
            "SELECT count(*) FROM outreach_letters": 2,
            "SELECT count(*) FROM outreach_letters WHERE state = 'queued' AND text LIKE '%about our spring catalogue.%'": 2,
            "SELECT count(*) FROM outreach_letters WHERE text LIKE '%, and we do not write to you again.'": 2,
            "SELECT count(*) FROM outreach_letters WHERE text LIKE '%awards%'": 0,
        },
        says=("73 of 120 companies fit, 50 are looked at", "100 of 100", "handed in, waits to be sent", "did not approve"),
        never_says=("awards",),
    ),
    script={"drafter": [json.dumps({"drafts": DRAFTS})]},
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
