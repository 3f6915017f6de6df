"""What rules read from a ticket: what it is about, how soon it must be seen, and how its writer feels."""

import re

from agents.requests.lexicon import lexicon
from agents.requests.reading import read
from agents.routing.danger import danger_of
from agents.routing.departments import Department, route
from agents.routing.mood import is_furious, urgency
from switchboard.reading import mood
from switchboard.tickets.kinds import URGENCIES, Category, Classification, Sentiment, Urgency

CATEGORY: dict[Department, Category] = {"billing": "billing", "support": "technical", "account": "account"}
"""Departments by whose examples a category is told; all others are general."""
LEAST = 0.35
"""The probability below which a ticket is general."""
FOR_ALL = re.compile(
    r"\b(?:data (?:loss|breach|leak)|(?:is|are|went|been) (?:all )?down for (?:everyone|everybody|all)|outage|"
    r"none of (?:us|our \w+) can|(?:whole|entire) (?:team|office|company|site|system) (?:is|cannot|can['’]?t))\b",
    re.IGNORECASE,
)
"""That many are hit at once."""
ABUSE = re.compile(
    r"\b(?:furious|outrag\w*|livid|disgust\w*|(?:bunch|pack) of \w+|scam(?:mers)?|thieves|crooks|liars?|unacceptable|"
    r"worst .{0,30}\bever|fed up|sick (?:and tired )?of|never again|fuck\w*|bullshit|idiots?)\b",
    re.IGNORECASE,
)
PRESSING = re.compile(
    r"\b(?:immediate (?:attention|action|help|assistance|response|support)|downtime|"
    r"(?:critical|severe|serious|major) (?:issue|problem|failure|fault|incident|error|disruption)s?|"
    r"losing (?:money|data|sales|orders|customers|business)|"
    r"(?:nobody|no one|none of (?:us|them)) can (?:work|sell|ship)|"
    r"(?:we|i) (?:cannot|can['’]t|cant|can not|can no longer|could not) (?:work|sell|ship)|"
    r"(?:stops?|blocks?|halts?|halted|blocked|cripples?) (?:us|our|all|the whole|everyone|everybody)|"
    r"dringend\w*|sofort|umgehend|so schnell wie möglich|eilt|steht still|(?:kann|können) nicht (?:mehr )?arbeiten)\b",
    re.IGNORECASE,
)
"""That work stands still, money is lost, or somebody is to act at once."""
LET_DOWN = re.compile(
    r"\b(?:on hold|(?:still|been|keep|kept) waiting|waited|(?:third|fourth|fifth|umpteenth|3rd|4th|5th) time|"
    r"(?:waiting|hold|been|took|taken|spent|stuck|sat|for over|for more than) .{0,25}\b(?:minutes|mins?|hours?|hrs?|days|weeks|"
    r"months)|(?:no|zero) (?:answer|response|reply|help|explanation|apolog\w+|communication|updates?)|"
    r"(?:nobody|no ?one) (?:answers?|helps?|picks?|responds?|cares?|knows|called|replied)|"
    r"(?:won['’]?t|refuse[sd]?|refusing|unwilling|failed) (?:to )?(?:help|answer|refund|respond|tell|explain)|"
    r"wast(?:e|ed|ing) (?:of )?(?:my |our )?(?:time|money|hours?)|let (?:me|us) down|broken promises?|ruin(?:ed|ing|s)|"
    r"lack of|never (?:heard|answered|replied|called|again)|do better|how (?:hard|difficult) (?:is|can)|hung up|stranded|"
    r"not (?:happy|pleased|impressed|acceptable|helpful|fair|good enough)|"
    r"why (?:can['’]?t|won['’]?t) (?:you|anyone|anybody|someone|i|we)|"
    r"schon wieder|enttäuscht\w*|ärgerlich|verärgert|unverschämt\w*|frechheit|niemand (?:antwortet|hilft|meldet)|"
    r"keine (?:antwort|hilfe|rückmeldung))\b",
    re.IGNORECASE,
)
"""That somebody was kept waiting, was not helped, or got less than was promised."""
PLEASED = re.compile(
    r"\b(?:(?:thank (?:you|u)|thanks) for (?:such|being|making|getting)|kudos|props to|"
    r"shout ?out|well done|good (?:job|work)|you (?:guys )?(?:rock|rule)|made my (?:day|week)|keep it up|best .{0,20}\bever|"
    r"super (?:service|arbeit))\b",
    re.IGNORECASE,
)
"""Praise, or thanks for what was done."""


def classified(text: str) -> Classification:
    """What the rules find."""
    where = route(text)
    category = CATEGORY.get(where.department, "general") if where.confidence >= LEAST else "general"
    soon, soon_by = _urgency(text)
    feels, feels_by = _sentiment(text)
    said = (f"Most like what {where.department} is asked ({where.confidence:.0%}).", soon_by, feels_by)
    return Classification(category=category, urgency=soon, sentiment=feels, reasoning=" ".join(filter(None, said))[:500])


def at_least(found: Classification, text: str) -> Classification:
    """A model's classification, which takes back nothing that is surely so: what is urgent by the rules stays as urgent, and
    who is angry stays it.
    """
    ours = classified(text)
    soon = max(found.urgency, ours.urgency, key=URGENCIES.index) if ours.urgency in ("high", "critical") else found.urgency
    feels = ours.sentiment if ours.sentiment == "angry" else found.sentiment
    return found.model_copy(update={"urgency": soon, "sentiment": feels})


def _urgency(text: str) -> tuple[Urgency, str]:
    if danger := danger_of(text):
        return "critical", danger.for_operators
    if found := FOR_ALL.search(text):
        return "critical", f"Many are hit: “{found[0]}”."
    soon = urgency(text)
    if soon == "normal" and (pressing := PRESSING.search(text)):
        return "high", f"It presses: “{pressing[0]}”."
    match soon:
        case "high":
            return "high", "They say that it cannot wait."
        case "low":
            return "low", "They say that there is time."
    return "medium", "Nothing says that it is sooner or later than others."


def _sentiment(text: str) -> tuple[Sentiment, str]:
    if is_furious(text):
        return "angry", "They threaten or shout."
    feels = mood.sentiment(text, lexicon())
    if feels == "negative" and (found := ABUSE.search(text)):
        return "angry", f"They are angry: “{found[0]}”."
    if feels != "negative" and (found := LET_DOWN.search(text)):
        return "negative", f"They were let down: “{found[0]}”."
    if feels == "neutral" and (read(text).request.kind == "thanks" or PLEASED.search(text)):
        return "positive", "They give thanks."
    return feels, "" if feels == "neutral" else f"Their words are {feels}."
