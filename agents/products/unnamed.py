"""Whether a question on goods says which: "what does it cost?", "78 x 60, the price please" name none."""

import re

from agents.requests.lexicon import words
from agents.requests.reading import read
from agents.routing.elsewhere import goods
from switchboard.reading.words import words_of

COLOURS = words_of("beige black blue brown cream gold golden gray green grey orange pink purple red silver white yellow")
UNNAMED = COLOURS | words_of("""
    a about add again also am an and any are article articles assist assistance at availability available be best better
    brand buy by can cheap cheaper cheapest cm colour colours comfortable compare cost costs depth detail details
    difference different dimension dimensions do does expensive explain few for from get give good goods have height
    hello help hi how i in inch inches info information is it item items kg kgs kindly know length less list looking
    low lower lowest ltr material materials may me measure measurement measurements measures ml mm model models money
    more much my need new no not now of offer ok on one ones option options or order other others our out piece pieces
    please price prices pricing prize product products purchase quality quantity quote range rate rates recommend
    require required sell set several show sir size sizes so some something specification specifications stock stuff
    suggest tell that the them there these thing things this those to total type types u useful variant variants want
    wanted weight what when where which width will with x you your
""")
"""Words of questions on goods, of which none names any."""
WHICH_PRODUCT = (
    "Which product is it about? Write what it is called, and I tell you what it costs, which options there are and what is "
    "in stock."
)
WORD = re.compile(r"[^\W\d_]+")
ON_GOODS = re.compile(
    r"\b(?:prices?|prize|costs?|quality|dimensions?|weights?|measure(?:ment)?s?|heights?|widths?|materials?|cheap\w*|expensive|products?|items?|sizes?|variants?|models?|specifications?|inch(?:es)?|"
    rf"{'|'.join(sorted(COLOURS))}|"
    r"kgs?|cm|mm|available|availability|in stock|add|buy|purchase|which (?:one|is))\b|"
    r"\d\W?(?:kgs?|cm|mm|inch|ml|[\"”″])|\d ?[x×*] ?\d",
    re.IGNORECASE,
)
MOST_WORDS = 20
OF_SOME_GOODS = re.compile(
    r"\b(?:prices?|costs?|products?|items?|sizes?|models?|brands?|flavou?rs?|packs?|packets?|quality|ingredients?|stock|"
    r"availab\w+|quantity|pieces?|(?:suit\w*|good|best|useful|use[ds]?|meant|made|safe|is (?:this|it)) for)\b"
    r"|\bhow much\W+(?:is|are|for|this|it|that|these|those)\b(?! (?:in|left|there)\b)",
    re.IGNORECASE,
)
"""Where a question that nothing answers is about some goods."""
WANTED = re.compile(
    r"\W*(?:(?:hi+|hello|hey|sir|madam|please|dear|ok|yes|so)\W+){0,3}(?:(?:i|we)\W+)?(?:(?:am|are|would|will|['’]?d|['’]?m)\W+)?"
    r"(?:need|want|require[sd]?|like|looking for|searching(?: for)?|interested in|in need of)\W+"
    r"(?:to (?:buy|order|purchase|get|have|try)\W+)?(?:(?:an?|some|one|the|new|\d+)\W+){0,3}[^\W\d_]{3,}",
    re.IGNORECASE,
)
IS_SOLD = re.compile(
    r"\W*(?:(?:hi+|hello|hey|sir|madam|please|so|and)\W+){0,3}(?:do|would|can) (?:you|u) (?:also |still )?"
    r"(?:sell|stock|carry)\W+(?:(?:any|an?|some|other)\W+){0,2}"
    r"(?!(?:online|abroad|overseas|world|international|direct|only|outside|through|from)\w*\b)(?=[^\W\d_]{3})",
    re.IGNORECASE,
)
"""The question whether something is sold, up to its name."""
OTHER_SIZE = re.compile(
    r"(?=.*\b(?:is there|are there|do you|comes?|any(?:thing)?|available|in stock)\b)"
    r"(?!.*\b(?:my|takes?|taking|no longer|reason|why|how)\b)"
    r".*\b(?:bigg|small|larg|long|short|wid|narrow|tall|thick|thinn)e(?:r|st)\b",
    re.IGNORECASE | re.DOTALL,
)
"""The question for goods of another size than those that are known."""
COMES_AGAIN = re.compile(
    r"\b(?:come|comes|coming|be|is|are|been|return\w*)\b[^.!?\n]{0,60}\b(?:again|(?<!my )(?<!your )back)\b|"
    r"\b(?:get|have|available|sell)\b[^.!?\n]{0,60}\bagain\b|\bback in stock\b|\brestock\w*",
    re.IGNORECASE,
)
OF_COMING_AGAIN = UNNAMED | words_of(
    "again any anytime time back been come comes coming ever getting restock restocked return returning soon will stocked"
)
"""Words of a question whether goods are there again, of which none names any."""
OTHER_WISH = re.compile(
    r"\b(?:to (?!buy|order|purchase|get|have|try)\w+|help\w*|assist\w*|support|info\w*|details?|refund\w*|money|cancel\w*|"
    r"return\w*|orders? (?:of|from|number)|my|your|you|it|this|that|them|account\w*|password|code|invoices?|bills?|receipts?|"
    r"services?|plans?|connections?|discounts?|offers?|updates?|call|number|answers?|repl\w+|problems?|errors?|issues?|not|what|"
    r"when|how|why|where|card|status|quote|warranty|delivery|shipping|time|reason|person|human|agent|manager|complain\w*|"
    r"reimburse\w*|compensation|"
    r"talk|speak|chat|know|try|tell|ask|learn|check|see)\b|n['’]t\b",
    re.IGNORECASE,
)
"""What is wanted where it is no goods."""
THIS_ONE = re.compile(
    r"\b(?:this|that|these|those|the|your)\s+(?:products?|items?|brands?|models?|flavou?rs?|things?|ones?)\b", re.IGNORECASE
)
"""Goods that the writer sees before them, and we do not."""
SERVICE = re.compile(
    r"\b(?:sign(?:ing)? ?(?:up|yp)|subscribe|join|enrol+)\b|\b(?:new|your|some|a|another|other) (?:\w+ )?services?\b", re.I
)
WHICH_SERVICE = (
    "Which service do you mean? There is the membership Fernhill Plus, and an account with us is free; services such as "
    "internet, phone or television we do not offer. Write which one it is about."
)


def which_one(question: str) -> str:
    """The question back where goods or services are asked for, and nothing says which; empty where something does."""
    if names_nothing(question) or (THIS_ONE.search(question[:500]) and len(WORD.findall(question[:500])) <= MOST_WORDS):
        return WHICH_PRODUCT
    return WHICH_SERVICE if SERVICE.search(question[:500]) else ""


def comes_again(question: str) -> bool:
    """Whether a short text asks when some goods are there again, and nothing says which."""
    said = [word.lower() for word in WORD.findall(question[:500])]
    if len(said) > MOST_WORDS or read(question).facts.order_ids or not COMES_AGAIN.search(question):
        return False
    return "money" not in said and all(word in OF_COMING_AGAIN for word in said)


def which_goods(question: str) -> str:
    """The question back where nothing found what is asked for, and the words are about goods without a name, or about some
    service; empty where they are about neither.
    """
    short = len(WORD.findall(question[:500])) <= MOST_WORDS
    return which_one(question) or (WHICH_PRODUCT if short and OF_SOME_GOODS.search(question) else "")


def wants_goods(text: str) -> bool:
    """Whether a short text says that the writer wants a thing, by its name, or asks whether there is such a one, and wants
    nothing to be done.
    """
    text = text[:500]
    if len(WORD.findall(text)) > MOST_WORDS:
        return False
    if OTHER_SIZE.match(text) and not goods().isdisjoint(words(text)):
        return True
    return asks_if_sold(text) or bool(WANTED.match(text) and not OTHER_WISH.search(text))


def asks_if_sold(text: str) -> bool:
    """Whether a text asks whether we have some goods, by their name."""
    asked = IS_SOLD.match(text[:500])
    return bool(asked and not OTHER_WISH.search(text[asked.end() : 500]))


def names_nothing(question: str) -> bool:
    """Whether a short text asks for something of goods, and for what of them, but not of which."""
    said = [word.lower() for word in WORD.findall(question[:500])]
    facts = read(question).facts
    if facts.order_ids or facts.item_ids or facts.product_ids or len(said) > MOST_WORDS:
        return False
    return bool(ON_GOODS.search(question)) and all(word in UNNAMED for word in said)
