"""What is none of the shop's: a bank's card, a flight, the program of another; and which passage says who does that."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from zlib import crc32

from agents.requests.lexicon import lexicon, words
from agents.requests.reading import read
from agents.routing.danger import danger_of
from agents.routing.plays import MOST_OF_A_PLAY, plays
from switchboard.reading.learning.classifier import Classifier, hash_of, kept_or_learned, learned_from
from switchboard.reading.learning.features import stem
from switchboard.reading.left_alone import CUT
from switchboard.reading.words import lines, word_groups, words_of
from switchboard.search.index import index_of
from switchboard.search.passages import Passage
from tools.knowledge import ARTICLES

HERE = Path(__file__).parent
NAMES, OURS = HERE / "foreign" / "names.txt", HERE / "foreign" / "ours.txt"
EXAMPLES = HERE / "examples"
ANY = "not-offered-services.md#questions-beside-our-goods"
"""The passage on whatever has no passage of its own."""
LEARNED = HERE / "learned_elsewhere.json"
NOT_OFFERED = "not-offered"
"""What the files of the articles on it begin with."""
OWN, FOREIGN = "own", "foreign"
AS_MANY = 2
"""How often a sentence about what is ours in the words of others is learned."""
STAR, GOODS = "*", "ours"
UNMISTAKABLE, SURE, SURE_UNNAMED = 0.05, 0.5, 0.97
"""The probability from which on a text is about what others do: with a word that hardly means anything else, with one that
names it, and with none.
"""
SURE_BESIDE_OURS = 0.9
"""The probability that is needed where goods of the shop or its deliveries are spoken of too."""
OF_OUR_POST = re.compile(
    r"\b(?:(?:my|the|an|this|that) orders?|ordered|parcels?|couriers?|shipments?|ship|shipping|deliver\w*|invoices?|tracking|"
    r"fernhill|(?:write|mail|text|send it) to me|your (?:e-?)?mails?|(?:e-?)?mails? from you)\b",
    re.IGNORECASE,
)
REPORTED = re.compile(
    r"\b(?:ord[er]{1,3}d|bought|purchased|paid|received?|recieved?|came|arrived|delivered|my order|"
    r"order (?:no|number|status|id))\b",
    re.IGNORECASE,
)
"""What is told of an order, whatever was in it."""
NEVER_OURS = (
    "not-offered-goods",
    "not-offered.md#advice-on-health",
    "not-offered-services.md#restaurants",
)
"""The passages on what we never had: whatever is asked of it, we do not have it."""
BANK = "not-offered.md#bank-accounts-cards-and-loans"
A_CARD = re.compile(
    r"\b(?:my|the|a|your|new|another|replacement|bank|credit|debit|atm|physical|virtual|for) "
    r"(?:(?:new|second|replacement|bank|credit|debit|atm|physical|virtual) ){0,3}"
    r"(?:credit[ -]?|debit[ -]?)?cards?\b(?! (?:readers?|games?|holders?|numbers?|details?|data|payments?))",
    re.IGNORECASE,
)
AWAITED_OR_LOST = re.compile(
    r"\b(?:arriv\w*|deliver\w*|came|comes?|wait\w*|expect\w*|receiv\w*|sent|send|ship\w*|mailed|post(?:ed)?|track\w*|status|"
    r"on (?:its|the) way|when|(?:gets?|got|be|is) (?:here|to me|to us)|"
    r"happened|lost|lose|stolen|stole|missing|misplaced|block|freeze|activat\w*|apply|issue[ds]?|"
    r"order(?:ed)?)\b",
    re.IGNORECASE,
)
OF_PAYING = re.compile(
    r"\b(?:gift|vouchers?|refund\w*|money|charg\w*|pay|paid|pays|paying|payments?|declin\w*|reject\w*|sav(?:ed?|ing)|remove|"
    r"invoices?|membership|plus|fernhill|bought|buy|purchas\w*|(?:my|the|this|an|your) (?:orders?|parcels?|packages?|items?)|"
    r"ordered (?!a\b|my\b|the\b|it\b)\w+|with (?:my|the|a))\b|#",
    re.IGNORECASE,
)
"""What else is said of a card: that something is paid by it. One that is awaited or lost is a bank's: of ours there are gift
cards alone.
"""
BILLS = "not-offered-services.md#bills-of-other-companies"
BILL_OF = re.compile(r"\b([a-z]{2,}) bills?\b", re.IGNORECASE)
OF_ANY_BILL = words_of("""
    a about all an and any as at by check copy current delivery did digital do download duplicate electronic email
    entire fernhill final find first for from full get give have her his in is last latest locate looking mail many
    me membership missing month monthly months my need new next no of old on online open or order other our own paid
    paper past pay paying pdf please plus previous print purchase quarter receive right sales see send shipping shop
    show store subscription tax that the this to today total two unpaid ur vat view want was week weeks what which
    whole whose with wrong year yearly years your
""")
"""Words before a bill that do not tell from whom it is, or that it is ours."""
REPAIRS = "not-offered-goods.md#repairs-of-other-devices"
_DEVICE = (
    r"(?:(?:(?:i|smart|android |samsung |cell |mobile )?phone|mobile|iphone \w{1,3}|ipad|macbook(?: air| pro)?|laptop|notebook|"
    r"chromebook|pc|computer|desktop|printer|tv|television|playstation|xbox|console|fridge|refrigerator|"
    r"freezer|washing machine|washer|dryer|dishwasher|boiler|camera|radio|air ?con(?:ditioner|ditioning)?)s?)"
)
A_DEVICE = re.compile(
    rf"\b{_DEVICE}\b(?![ -](?:stand|case|holder|cover|mount|charger|cable|app|sleeve|bag|number|store|call|line|desk|dock|"
    r"table|arm|shelf|plan|contract|bill|service|connection|data|network|internet|tariff|package)s?\b)",
    re.IGNORECASE,
)
"""A device that we do not sell, and nothing that is made for one."""
USED_WITH_OURS = re.compile(
    r"(?<!screen )(?<!display )(?<!battery )(?<!glass )"
    r"\b(?:on|from|with|to|via|by|in|using|through|near) (?:my |our |the |an? |any |your )?(?:(?:new|old|work|other) )?"
    rf"{_DEVICE}\b|"
    r"\b(?:apps?|connect\w*|pair\w*|bluetooth|wi-?fi|sync\w*|finds?|sign\w*|log\w*|codes?|accounts?|passwords?|numbers?|e?-?mails?|confirm\w*|"
    r"stands?|holders?|cases?|protectors?|compatible)\b",
    re.IGNORECASE,
)
"""Where something of ours may be used beside such a device."""
TO_BE_MENDED = re.compile(
    r"\b(?:repair\w*|fix(?:ed|ing|es)?|mend(?:ed|ing|s)?|brok(?:e|en)|crack(?:s|ed)?|smashed|shattered|leak(?:s|ed|ing)?|dead|died|"
    r"wet|fell|fallen|dropped|froze|frozen|stuck|overheats?|no (?:picture|image|sound|power|signal)|"
    r"(?:screen|display|battery|keyboard|motherboard|hinge)s?(?! (?:protector|size))|"
    r"(?:is|does|do|will|can|has|wo|ca)(?: not|n['’]?t| no longer) (?:\w+ )?"
    r"(?:turn|switch|start|boot|power|charge|cool|heat|work|spin|drain|print|run|react|respond|show)\w*|"
    r"service cent(?:er|re))\b",
    re.IGNORECASE,
)
A_TOOL = re.compile(
    r"\b[^\W\d_]{3,} (?:press|stone|pan|cutter|maker|tray|peel|knife|toaster|grill|bottle|mug|tin|mould|rack|scale|slicer|bag)"
    r"(?:e?s)?\b",
    re.IGNORECASE,
)
"""What is made for food, as a burger press is: a shop for the kitchen may have it."""
TRAVEL = "not-offered-services.md#flights-hotels-and-travel"
A_TRIP = re.compile(
    r"\b(?:an?|one|two|three|\d|for|return|single|one-way|bus|train|plane|the|cheap\w*) tickets? "
    r"(?:(?:for|on) [^\W\d_]{2,10} )?(?:from [^\W\d_]{3,} )?"
    r"to (?!(?:the|my|your|our|me|us|you|an?|it|this|that|high|low|be|get|support|someone|somebody|sales|billing|tech\w*|human|"
    r"person|agents?|staff|report|ask|complain|track|fix|return|cancel|solve|resolve|follow|see|make|have|do|check|find|know)\b)"
    r"[^\W\d_]{3,}",
    re.IGNORECASE,
)
"""A ticket to some place; one of ours goes to support, or is there to do something."""
LEFT_OPEN = 0.04
"""The probability of a whole text below which no part of it makes it another's."""
FEWEST_WORDS, KNOWN = 5, 0.7
"""Words of a text that names nothing, and the share of them that was learned: a text of unknown words says nothing."""
SPEAKS_OF_US = re.compile(
    r"\b(?:orders?|ordered|purchase\w*|bought|parcels?|couriers?|packages?|shipments?|deliver\w*|tracking|"
    r"your|fernhill|plus|shop|store|site|website|charg\w+|refund\w*|password|discount\w*)\b",
    re.IGNORECASE,
)
"""What a part of a text speaks of that another part does not make another's."""
MOST_SENTENCES, MOST_OF_ONE = 12, 300


@cache
def not_offered() -> dict[str, Passage]:
    """The passages on what the shop does not offer, by their citation."""
    return {cited: one for cited, one in index_of(ARTICLES).sections.items() if cited.startswith(NOT_OFFERED) and one.asked}


@cache
def names() -> dict[str, dict[str, float]]:
    """Citation -> what names it, one to four words -> the probability that is enough beside it."""
    groups = word_groups(NAMES)
    return {cited: dict(map(_name, groups[one.anchor])) for cited, one in not_offered().items()}


def _name(written: str) -> tuple[str, float]:
    return written.rstrip(STAR).replace("_", " "), UNMISTAKABLE if written.endswith(STAR) else SURE


@cache
def goods() -> frozenset[str]:
    """The words for the shop's own goods."""
    return frozenset(word_groups(NAMES)[GOODS])


def rows() -> list[tuple[str, str]]:
    """(sentence, citation or `own`) of all that is learned from."""
    found = [(line, cited) for cited, one in not_offered().items() for line in (*one.asked, one.heading)]
    found += [(name, cited) for cited, said in names().items() for name in said for _ in (1, 2)]
    found += [(line, OWN) for line in lines(OURS) if not line.startswith("#") for _ in range(AS_MANY)]
    ours = (one for cited, one in index_of(ARTICLES).sections.items() if cited not in not_offered())
    found += [(line, OWN) for one in ours for line in (*one.asked, one.heading)]
    found += [(example, OWN) for play in plays().values() for example in (*play.examples[:MOST_OF_A_PLAY], *play.unlike)]
    found += [(line, OWN) for line in lines(EXAMPLES / "orders.txt")]
    found += [(line, named(line) or ANY) for line in lines(EXAMPLES / "general-errands.txt")]
    others = (line for name in ("account", "billing", "sales", "support") for line in lines(EXAMPLES / f"{name}.txt"))
    found += [(line, cited) for line in others if (cited := named(line, UNMISTAKABLE))]
    return sorted(found, key=lambda row: (crc32(row[0].encode()), row))


def named(sentence: str, enough: float = SURE) -> str:
    """The passage that most words of a sentence name, where this probability is enough beside them; empty where none does."""
    said = words(sentence)
    groups = {" ".join(said[at : at + n]) for n in (1, 2, 3, 4) for at in range(len(said))}
    found = {c: sum(_weight(name, known) for name in groups if known.get(name, 2.0) <= enough) for c, known in names().items()}
    best = max(found, key=lambda cited: found[cited])
    return best if found[best] else ""


def _weight(name: str, known: dict[str, float]) -> int:
    """How much a name says: several words say more than one, and what is unmistakable says more than what is not."""
    return len(name.split()) + (known[name] == UNMISTAKABLE)


def learned() -> Classifier:
    return learned_from(((sentence, OWN if cited == OWN else FOREIGN) for sentence, cited in rows()), lexicon())


def elsewhere_made_from() -> str:
    """A hash of all that learning depends on."""
    return hash_of([*sorted(ARTICLES.glob("*.md")), *sorted(EXAMPLES.glob("*.txt")), NAMES, OURS])


@cache
def elsewhere_classifier() -> Classifier:
    return kept_or_learned(LEARNED, elsewhere_made_from(), lexicon(), learned)


def elsewhere(text: str) -> str:
    """The citation of the passage that says whose a matter is that is none of the shop's; empty for what may be ours."""
    return read(text).once(_elsewhere)


def is_all_elsewhere(text: str, matters: Sequence[str]) -> bool:
    """Whether a message as a whole is about what is none of the shop's, and none of its matters speaks of an order."""
    return bool(elsewhere(text)) and not any(speaks_of_us(one) for one in matters if not elsewhere(one))


def _elsewhere(text: str) -> str:
    facts = read(text).facts
    if facts.order_ids or facts.item_ids or facts.product_ids or facts.ticket_ids or facts.error_codes or danger_of(text):
        return ""
    if read(text).language:
        return ""
    whole = text[:MOST_OF_ONE]
    if A_CARD.search(whole) and AWAITED_OR_LOST.search(whole) and not OF_PAYING.search(whole):
        return BANK
    if _is_bill_of_others(whole):
        return named(whole) or BILLS
    if _is_repair_of_others(whole):
        return REPAIRS
    if A_TRIP.search(whole) and not speaks_of_us(whole):
        return TRAVEL
    if (found := _of(whole)) or foreign(whole) < LEFT_OPEN:
        return found
    parts = [part for part in CUT.split(text) if part][:MOST_SENTENCES]
    theirs = {part: cited for part in parts if (cited := _of(part))}
    return "" if any(speaks_of_us(part) for part in parts if part not in theirs) else next(iter(theirs.values()), "")


def _is_bill_of_others(text: str) -> bool:
    """Whether a bill is spoken of by what it is for, and nothing of ours beside it."""
    of = [found[1].lower() for found in BILL_OF.finditer(text) if found[1].lower() not in OF_ANY_BILL]
    return bool(of) and not speaks_of_us(text)


def _is_repair_of_others(text: str) -> bool:
    """Whether a device is to be mended that we do not sell, and nothing says that it was bought from us."""
    if not (A_DEVICE.search(text) and TO_BE_MENDED.search(text)) or USED_WITH_OURS.search(text):
        return False
    return not (speaks_of_us(text) or OF_OUR_POST.search(text) or REPORTED.search(text))


def speaks_of_us(text: str) -> bool:
    """Whether a text speaks of an order, of the shop or of its goods."""
    return bool(SPEAKS_OF_US.search(text)) or not goods().isdisjoint(words(text))


def _of(sentence: str) -> str:
    likely, said = foreign(sentence), words(sentence)
    if A_TOOL.search(sentence) and likely < SURE_BESIDE_OURS:
        return ""
    never_ours = named(sentence, UNMISTAKABLE)
    if never_ours.startswith(NEVER_OURS) and goods().isdisjoint(said) and not REPORTED.search(sentence):
        return never_ours
    likely = likely if speaks_of_us(sentence) else max(likely, UNMISTAKABLE)
    if likely < SURE_BESIDE_OURS and (OF_OUR_POST.search(sentence) or not goods().isdisjoint(said)):
        return ""
    says_much = likely >= SURE_UNNAMED and len(said) >= FEWEST_WORDS and _are_known(said)
    return named(sentence, likely) or (ANY if says_much else "")


def foreign(sentence: str) -> float:
    """How likely it is, 0 to 1, that a sentence is about what is none of the shop's."""
    return elsewhere_classifier().scores(sentence)[FOREIGN]


def _are_known(said: list[str]) -> bool:
    return sum(stem(word) in elsewhere_classifier().known for word in said) >= KNOWN * len(said)
