"""Names, zip codes and addresses, read from free text. Conservative: what is not found is asked for."""

import re
from dataclasses import dataclass

from switchboard.reading.words import words_of

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip
STATE_CODES = {name.lower(): code for code, name in STATES.items()} | {code.lower(): code for code in STATES}
STATE = rf"({'|'.join(sorted(STATE_CODES, key=len, reverse=True))})\b"
STREET = (
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|court|ct|boulevard|blvd|way|place|pl|terrace|square|sq|highway|hwy"
    r"|parkway|pkwy|circle|trail|alley|row|walk|broadway)\b\.?"
)
SECOND_LINE = r"((?:apartment|apt|suite|ste|unit|floor|room)\b\.?\s{0,2}#?\w{1,6}|#\s?\w{1,6})"
STREET_WORD = r"(?:\d{1,3}(?:st|nd|rd|th)|[^\W\d_](?:[\w'-]{0,25}|\w{0,2}\.))"
"""A word of a street's name. It ends no sentence, and begins with a digit only as in 5th."""
ADDRESS = re.compile(
    rf"(?<![\w#])(\d{{1,6}}[a-z]?[ \t]{{1,2}}(?:{STREET_WORD}[ \t]{{1,2}}){{0,4}}?{STREET}(?:[ \t][nsew]{{1,2}}\b)?)"
    rf"(?:[,\s]{{1,4}}{SECOND_LINE})?[,\s]{{1,4}}([^\W\d_](?:[^\W\d_]|[.' -]){{1,40}}?)[,\s]{{1,4}}{STATE}"
    r"[,\s]{1,4}(\d{5})(?:-\d{4})?(?!\d)",
    re.IGNORECASE,
)
CAPITAL = r"\b(?-i:[A-Z])(?:[^\W\d_]|['’-]){1,30}"
"""A word as names and cities are written."""
ZIPS = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        r"\b(?:zip|postal|post|plz|postleitzahl|code postal|código postal|c\.?p\.?)[ -]?(?:code)?(?:'s)?"
        r"(?:\s(?:to|is|was|would|should|be|number|here|there|now|ist|lautet|est|es|of mine)){0,3}[\s:=-]{0,3}"
        r"(?P<zip>\d{5})(?:-\d{4})?(?!\w)",
        r"(?<![\w#])(?P<zip>\d{5})(?:-\d{4})?\s{1,2}(?:is (?:my|the) )?(?:zip|postal|post)",
        # "me", "in" and "or" are words too: a state's code counts in capitals or after a comma.
        rf"(?:\b(?:{'|'.join(STATES.values())}|(?-i:{'|'.join(STATES)}))|,\s?(?:{'|'.join(STATES)}))[,\s]{{1,3}}"
        r"(?P<zip>\d{5})(?:-\d{4})?(?!\w)",
        r"\b(?:live|living|located|based|staying|reside|residing) (?:in|at|near)\b[^\n\d]{0,60}(?P<zip>\d{5})(?!\w)",
        r"\b(?:i['’]?m|i am|this is|name is|it['’]s) [^\W\d_][\w'’-]{0,30} [^\W\d_][\w'’-]{0,30}[,.]? "
        r"(?:zip )?(?P<zip>\d{5})(?!\w)",
        r"^[ \t]{0,9}(?:[^\W\d_]{2,30} [^\W\d_]{2,30}(?:[,.]? |, (?:[^\W\d_]{2,20} ){0,2}[^\W\d_]{2,20},? ))?"
        r"(?P<zip>\d{5})(?:-\d{4})?[ \t.!]{0,9}$",
        # Behind a name or a city: "Ada Stone, 97301", "from Salem 97301".
        rf"(?:{CAPITAL},|\bhere,?|(?:,|\b(?:in|from|of|near|at)) (?:{CAPITAL} ){{0,2}}{CAPITAL},?) (?P<zip>\d{{5}})"
        r"(?:-\d{4})?(?!\w|[.,-]?\d)",
    )
)

# Words that start or follow a sentence like a name does, and are none; a project adds those of its trade.
NO_NAMES = words_of(
    """a able about absolutely actually afraid after again all already also always am an and angry annoyed another any
    anymore are area as asking at available back because been being best but by call called calling cheers clearly
    code completely concerning confused contact contacting correct currently código damaged deeply definitely didn
    disappointed do does done dont down due email error et every everyone everything extremely fed finally fine
    first for from frustrated fully furious getting glad going gone good had happy has have having he hello help her
    here hey hi his hoping how i if in incorrect incredibly interested is it its just kind kindly last late left
    listed locked looking lost mad maybe me meine missing misspelled mit mon more most mr mrs ms my name need never
    new no not nothing now number of off ok on one only or our out package phone please plz postal postleitzahl
    quite ready really regarding regards running sad second seriously shocked should sick simply sincerely sir so
    some sorry spelled spelling status still stuck such super support supposed sure terribly thank thanks that the
    their them there these they third this those tired to today told too totally trouble truly trying two unable
    unacceptable und under unhappy unsure until up upset urgent us using utterly very waiting want was we well were
    what when where which who why will with without wondering wrong yes yet you your yours zip"""
)
AFTER_NAME = words_of("and from with here my i at in zip calling writing again order email living on about regarding the but")
PARTICLES = words_of("von van de der den di da del la le al el bin ter")
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_])){0,29}(?:(?<=\b\w)\.)?(?!\w)")
GAP = re.compile(r"[ \t]{1,3}")
SAYS_NAME = re.compile(
    r"\b(?:my (?:full )?name(?:'s|’s| is|:)|(?:full |customer )?name(?: on (?:it|the order|the account))?(?: is|['’]s|:)"
    r"|under the name(?: of)?|in the name of"
    r"|(?:mein |der )?name (?:ist|lautet)|ich hei(?:ß|ss)e|je m['’]appelle|mon nom(?: est|:)|me llamo|mi nombre(?: es|:))"
    r"[ \t]{1,3}",
    re.IGNORECASE,
)
LABELLED = re.compile(
    r"\b(?P<label>first|given|fore|last|sur|family|second)[ -]?name\b(?:['’]s|\W{1,3}(?:is|was|would be|:))?\W{1,3}"
    r"(?P<name>[^\W\d_][\w'’-]{0,30})",
    re.IGNORECASE,
)
"""A first or a last name that is called so."""
FIRST_NAMES = ("first", "given", "fore")
SHORTEST = 8
"""Characters of a text that says something."""
SAYS_I_AM = re.compile(r"\b(?:i['’]m|i am|im|this is|ich bin|je suis|soy)[ \t]{1,3}", re.IGNORECASE)
SIGNED = re.compile(
    r"(?:\b(?:regards|sincerely|thanks|thank you|cheers|best|wishes|yours|faithfully|truly)\b[,.! \t]{0,4}"
    r"(?:\n\s{0,6}|(?<=, ))[-–—~ ]{0,4}|\n[ \t]{0,4}[-–—~]{1,2}[ \t]{0,3})([^\n]{3,60}?)[\s.]{0,20}\Z",
    re.IGNORECASE,
)
BEFORE_ZIP = re.compile(
    r"(?:^|[.!?:,]\s)[ \t]{0,9}(?!name['’]s)(?=[^\W\d_][\w'’-]{0,30} [^\W\d_][\w'’-]{0,30}(?:[,.]? |[,.]?\n)(?:and )?(?:my )?"
    rf"(?:(?:(?:from|in|of) |(?<=, ))(?:[^\W\d_]{{2,20}} ){{0,2}}[^\W\d_]{{2,20}},? (?:{STATE},? )?)?"
    r"(?:(?:zip|postal|post) ?(?:code)?(?: is|:)? )?\d{5}(?!\w))",
    re.IGNORECASE | re.MULTILINE,
)
I_AM_FROM = re.compile(
    r"\b(?:i['’]?m|i am|this is|it['’]s) (?=[^\W\d_][\w'’-]{1,30} [^\W\d_][\w'’-]{1,30}"
    r"(?:[,.]?| (?:from|in|of) (?:[^\W\d_]{2,20} ){0,2}[^\W\d_]{2,20},?) (?:zip )?\d{5}(?!\w))",
    re.IGNORECASE,
)
HERE = re.compile(r"(?:^|[.!?,]\s)(?:(?i:he+y+|hi+|hiya|hello+|yo) )?(?=[^\W\d_])(?=[^\n]{3,60}? here\b)", re.MULTILINE)


@dataclass(frozen=True)
class Name:
    """Somebody's name."""

    first: str
    last: str


@dataclass(frozen=True)
class Address:
    """A complete address in the United States; `address2` may be empty."""

    address1: str
    address2: str
    city: str
    state: str
    country: str
    zip: str


def names_in(text: str, others: frozenset[str]) -> tuple[Name, ...]:
    """Names that the text gives as somebody's name: said ("my name is"), or signed at its end. A word of `others` is none."""
    no_names = NO_NAMES | others
    found: dict[int, Name | None] = {m.end(): name_at(text, m.end(), no_names, said=True) for m in SAYS_NAME.finditer(text)}
    found |= labelled(text, no_names)
    for match in BEFORE_ZIP.finditer(text):
        before_zip = name_at(text, match.end(), no_names, said=True)
        if before_zip and not {before_zip.last.lower(), f"{before_zip.first} {before_zip.last}".lower()} & STATE_CODES.keys():
            found[match.end()] = before_zip  # and not St. Paul MN 55101, or New York, NY 10001
    found |= {m.end(): name_at(text, m.end(), no_names, said=True) for m in I_AM_FROM.finditer(text)}
    for match in SAYS_I_AM.finditer(text):
        found.setdefault(match.end(), name_at(text, match.end(), no_names, said=False))
    for match in HERE.finditer(text):
        found.setdefault(match.end(), name_at(text, match.end(), no_names, said=False, then="here"))
    if signed := SIGNED.search(text[-120:]):
        line = signed[1]
        found[len(text)] = name_at(line, 0, no_names, said=False, then="")
    return tuple(dict.fromkeys(name for _, name in sorted(found.items()) if name))


def labelled(text: str, no_names: frozenset[str]) -> dict[int, Name]:
    """The name whose first and last name a text gives one by one, in either order, at the place where it begins."""
    named = [(m, m["label"].lower() in FIRST_NAMES) for m in LABELLED.finditer(text) if m["name"].lower() not in no_names]
    first, last = ([m for m, is_first in named if is_first is wanted] for wanted in (True, False))
    return {named[0][0].start(): Name(written(first[-1]["name"]), written(last[-1]["name"]))} if first and last else {}


WHO = re.compile(
    r"\b(?:and )?(?:my )?(?:zip|postal|post) ?(?:code)?(?: is|:)? ?\d{5}(?:-\d{4})?\b[,.;]?|"
    r"\b(?:my (?:full )?name is|first name(?: is|:)?|last name(?: is|:)?|surname(?: is|:)?) "
    r"[^\W\d_][\w'’-]{0,30}(?: (?-i:[A-Z])[\w'’-]{0,30}){0,2}[,.;]?|"
    rf"(?:^|(?<=[.!?]\s))(?:(?:i['’]m|i am|this is|it['’]s) )?{CAPITAL} {CAPITAL}(?:[,.]?| (?:from|in|of)) "
    rf"(?:{CAPITAL},? ){{0,3}}\d{{5}}(?:-\d{{4}})?\b[,.;]?|"
    r"\b(?:and |but |(?:i['’]m|i am) afraid )?(?:i )?(?:do not|don['’]?t|can(?:no|['’]?)t) (?:know|remember|recall|have)\b"
    r"[^.!?\n]{0,30}\be-?mail\b[^.!?\n]{0,20}[.!?]?|"
    r"\b(?:my (?:user|customer|account) ?(?:id|name|number)(?: is|:)? [^\W\d_]{0,20}[\d_][\w.-]{0,30}|"
    r"(?:i['’]m|i am) [^\W_]{1,20}_\w{1,30})"
    r"(?:,[^.!?\n]{0,40})?[.!?]?",
    re.IGNORECASE | re.MULTILINE,
)
"""What says who writes, and nothing else."""


def without_who(text: str) -> str:
    """A text without the words by which its writer says who they are; all of it where it says nothing else, or an address."""
    rest = WHO.sub(" ", text).strip(" ,.;")
    return text if addresses_in(text) or len(rest) < SHORTEST else rest


def name_at(text: str, start: int, no_names: frozenset[str], *, said: bool, then: str | None = None) -> Name | None:
    """The name that starts there. Where it was not `said` to be one, it must look like one: two capitalised words,
    and after them the end of the clause or a word that goes on after a name (`then`, where only that one will do)."""
    words, end = words_at(text, start, no_names, any_first=said)
    if said and words and not any(word[0].isupper() for word in words):
        words = words[:2]
    elif not all(word[0].isupper() or word in PARTICLES for word in words):
        words = words[: next(i for i, word in enumerate(words) if not (word[0].isupper() or word in PARTICLES))]
    if len(words) < 2 or words[-1] in PARTICLES:
        return None
    if not said:
        following = WORD.match(text, end)
        after = following[0].lower() if following else ""
        if (then is not None and after != then) or (then is None and after and after not in AFTER_NAME):
            return None
        if any(word.isupper() and len(word) > 2 for word in words) or (words[0].endswith("ing") and len(words[0]) > 5):
            return None
    last = 1 if len(words) == 2 else next((i for i, w in enumerate(words) if i and w in PARTICLES), len(words) - 1)
    return Name(written(words[0]), " ".join(word if word in PARTICLES else written(word) for word in words[last:]))


def words_at(text: str, start: int, no_names: frozenset[str], *, any_first: bool) -> tuple[list[str], int]:
    """Up to four words on one line that can be a name, and where the text goes on after them. With `any_first` a
    capitalised first word may be a common word too: Will Stone."""
    words: list[str] = []
    end = start
    while len(words) < 4 and (match := WORD.match(text, end)):
        if match[0].lower() in no_names and not (any_first and not words and match[0].istitle()):
            break
        words.append(match[0])
        gap = GAP.match(text, match.end())
        end = gap.end() if gap else match.end()
        if not gap:
            break
    return words, end


def written(word: str) -> str:
    """A name with its capital: ada and ADA as Ada, McAllan as it is."""
    return word.title().replace("’S", "’s") if word.islower() or word.isupper() else word


def addresses_in(text: str) -> tuple[Address, ...]:
    """Complete addresses: number and street, city, state, zip."""
    found = []
    for match in ADDRESS.finditer(text):
        first, second, city, state, code = (" ".join((part or "").split()) for part in match.groups())
        found.append(Address(first, second, city.strip(" ,.-"), STATE_CODES[state.lower()], "USA", code))
    return tuple(dict.fromkeys(found))


def zips_in(text: str) -> tuple[str, ...]:
    """Zip codes (five digits) that the text gives as such."""
    found = {match.start("zip"): match["zip"] for pattern in ZIPS for match in pattern.finditer(text)}
    return tuple(dict.fromkeys(found[place] for place in sorted(found)))
