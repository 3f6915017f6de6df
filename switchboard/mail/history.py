"""What a message holds beside its writer's own words: the letters that it answers or passes on, signatures and disclaimers.

Line by line, for mails as their programs write them and for what is pasted from one. Each line is looked at a few times, and
its first `MOST_LINE` characters alone, so that it takes time in proportion to the text.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from switchboard.mail import phrases

MOST_LINE = 400
MOST_ATTRIBUTION = 3
"""Lines that a mail program wraps "On …, … wrote:" into."""
MOST_HEADER = 8
MOST_SIGNATURE = 15
QUOTED = re.compile(r"\A\s*(?:>|\|)")
DASHES = re.compile(r"\A--\s*\Z")
BARE_RULE = re.compile(r"\A\s*(?:_{10,}|[-=*]{10,})\s*\Z")
RULE_IN_WORDS = re.compile(r"\A\s*[-_=#]{2,}\s*[^-_=#\s][^-_=#]{0,60}[-_=#]{2,}\s*\Z")
"""What mail programs put above another's letter: a line of dashes around a few words."""
ADDRESSED = re.compile(r"\A[^<>\n]{0,200}<[^<>@\s]{1,64}@[^<>\s]{1,190}>[^<>:\n]{0,40}:\s*\Z")
"""What mail programs put above the letter that they answer, in whatever language."""
BRACKETED = re.compile(r"<[^<>@\s]{1,64}@[^<>\s]{1,190}>")
TIME = re.compile(r"\d\s?[:h]\s?\d\d|\d\s?(?:am|pm|uhr)\b", re.IGNORECASE)
HEADER = re.compile(r"\A\s*\*?[^\W\d_][\w \-.]{0,20}\*?\s?[:：]\*?\s*\S")
PLACEHOLDER = re.compile(r"\A\s*\[(?:cid|image|inline|attached)\b[^\]\n]{0,300}\]\s*\Z", re.IGNORECASE)
"""What stands for a picture or another attachment."""
SUBJECT_LINE = re.compile(rf"{phrases.SUBJECT.pattern}\s*", re.IGNORECASE)
POSTSCRIPT = re.compile(r"\A\s*P\.?\s?S\b", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+")
MOST_NAMES = 2
"""Lines of a name below a closing."""
BLANKS = re.compile(r"\n(?:[^\S\n]*\n){2,}")


class Apart(NamedTuple):
    """A message in two: its writer's own words, and all the rest in its order, for people to look at."""

    own: str
    rest: str


def apart(text: str) -> Apart:
    """Take a message apart. Where there is nothing to take away, the own words are the text as it is."""
    lines = text.split("\n")
    own = _Reader(lines).own
    if all(own):
        return Apart(text, "")
    return Apart(_joined(lines, own, True), _joined(lines, own, False))


def own_words(text: str) -> str:
    """A message without what others wrote in it: quoted lines, a letter that is passed on or answered, and a signature."""
    return apart(text).own


def is_absence(text: str) -> bool:
    """Whether a text without a header begins with the subject of a notice of absence, on a line of its own."""
    subject, _, rest = text.lstrip()[: 2 * MOST_LINE].partition("\n")
    subject = SUBJECT_LINE.sub("", subject)
    return bool(rest.strip()) and len(subject) <= MOST_LINE and bool(phrases.AWAY.match(subject))


def without_courtesies(text: str, names: Collection[str]) -> str:
    """An answer without its greeting, closing and name: of "Hello, / yes. / Kind regards, / Ada" there remains "yes.". Nothing
    counts as a name but words of `names`, which are known otherwise.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    known = {word for name in names for word in WORD.findall(name.casefold())}
    last = len(lines)
    while last > 1 and len(lines) - last < MOST_NAMES and _is_name(lines[last - 1], known):
        last -= 1
    if last > 1 and phrases.CLOSING.match(lines[last - 1]):
        last -= 1
    first = 1 if last > 1 and phrases.GREETING.match(lines[0][:MOST_LINE]) else 0
    return text if (first, last) == (0, len(lines)) else "\n".join(lines[first:last])


def _is_name(line: str, known: Collection[str]) -> bool:
    words = WORD.findall(line[:MOST_LINE].casefold())
    return bool(words) and all(word in known for word in words)


def _joined(lines: Sequence[str], own: Sequence[bool], which: bool) -> str:
    joined = "\n".join(line for line, is_own in zip(lines, own, strict=True) if is_own == which)
    return BLANKS.sub("\n\n", joined).strip("\r\n")


class _Reader:
    """Says of each line whether it is the writer's own."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = [line[:MOST_LINE] for line in lines]
        self._next = self._next_written()
        self.own = [True] * len(lines)
        self._take_letters()
        for start, end in self._stretches():
            self._take_disclaimers(start, end)
        for start, end in self._stretches():
            self._take_signature(start, end)

    def _next_written(self) -> list[int]:
        """For each line the number of the first one from there on that is not blank."""
        found, newest = [0] * (len(self._lines) + 1), len(self._lines)
        for number in range(len(self._lines), -1, -1):
            if number < len(self._lines) and self._lines[number].strip():
                newest = number
            found[number] = newest
        return found

    def _written(self, number: int) -> str:
        """The first line from a number on that is not blank; "" behind the end."""
        at = self._next[min(number, len(self._lines))]
        return self._lines[at] if at < len(self._lines) else ""

    def _take(self, start: int, end: int) -> None:
        self.own[start:end] = [False] * (end - start)

    def _take_letters(self) -> None:
        """Quoted lines, and letters that stand below what is put above them: to their end where they are marked, else to the
        end of the message. A signature below two dashes goes to the next of these.
        """
        number, in_signature, count = 0, False, len(self._lines)
        while number < count:
            line = self._lines[number]
            end = self._above_letter(number)
            if end and not QUOTED.match(self._written(end)):
                self._take(number, count)
                return
            if end or QUOTED.match(line) or PLACEHOLDER.match(line):
                in_signature = in_signature and not end and not QUOTED.match(line)
                self._take(number, end or number + 1)
                number = end or number + 1
                continue
            in_signature = in_signature or bool(DASHES.match(line))
            self.own[number] = not in_signature
            number += 1

    def _above_letter(self, number: int) -> int:
        """Where what stands above a letter ends, if it begins at a line; else 0."""
        line = self._lines[number]
        if not line.strip():
            return 0
        if BARE_RULE.match(line):
            head = self._header(self._next[number + 1])
            has_words = any(self.own[place] and self._lines[place].strip() for place in range(max(0, number - 50), number))
            return head or (number + 1 if "_" in line and has_words else 0)
        if phrases.FORWARDED.match(line) or (RULE_IN_WORDS.match(line) and phrases.LETTER.search(line)):
            return self._header(self._next[number + 1]) or number + 1
        return self._header(number) or self._attribution(number)

    def _header(self, number: int) -> int:
        """Where the header of a letter ends that begins at a line; else 0."""
        if number >= len(self._lines) or not HEADER.match(self._lines[number]):
            return 0
        end = number
        while end < min(number + MOST_HEADER, len(self._lines)) and HEADER.match(self._lines[end]):
            end += 1
        head = self._lines[number:end]
        sender = next((place for place, line in enumerate(head) if phrases.SENDER.match(line)), None)
        if sender is None or sender > 3 or len(head) < 2:
            return 0
        if "@" in head[sender] or any(phrases.SUBJECT.match(line) or phrases.SENT.match(line) for line in head):
            known = next(place for place, line in enumerate(head) if phrases.LABEL.match(line) or place == sender)
            return end if known == 0 else 0
        return 0

    def _attribution(self, number: int) -> int:
        """Where "On …, … wrote:" ends, in whatever language and wrapped as it may be, if it begins at a line; else 0."""
        joined = ""
        for end in range(number, min(number + MOST_ATTRIBUTION, len(self._lines))):
            line = self._lines[end].strip()
            if not line or QUOTED.match(line):
                return 0
            joined = f"{joined} {line}".strip()
            if joined.endswith((":", "：")):
                return end + 1 if self._is_attribution(joined, end + 1) else 0
            if not (phrases.BEGINS_ATTRIBUTION.match(joined) or "<" in joined):
                return 0
        return 0

    def _is_attribution(self, joined: str, behind: int) -> bool:
        joined = joined.replace("< ", "<")
        if ADDRESSED.match(joined):
            return True
        if not phrases.WROTE.search(joined):
            return False
        if BRACKETED.search(joined):
            return True
        is_marked = bool(QUOTED.match(self._written(behind)))
        begins = bool(phrases.BEGINS_ATTRIBUTION.match(joined))
        return begins and any(c.isdigit() for c in joined) and (is_marked or bool(TIME.search(joined)))

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """The runs of own lines, each with its first number and the one behind it."""
        start = None
        for number, is_own in enumerate([*self.own, False]):
            if is_own and start is None:
                start = number
            elif not is_own and start is not None:
                yield start, number
                start = None

    def _take_disclaimers(self, start: int, end: int) -> None:
        """Paragraphs that lawyers or mail servers add, and at the end what a telephone adds."""
        number = start
        while number < end:
            if not self._lines[number].strip():
                number += 1
                continue
            last = number
            while last < end and self._lines[last].strip():
                last += 1
            paragraph = " ".join(self._lines[number : min(last, number + 6)])[: 2 * MOST_LINE]
            if phrases.DISCLAIMER.match(paragraph) and phrases.DISCLAIMED.search(paragraph):
                self._take(number, last)
            number = last
        while end > start and (not self.own[end - 1] or self._is_of_telephone(self._lines[end - 1])):
            end -= 1
            self.own[end] = False

    def _is_of_telephone(self, line: str) -> bool:
        return not line.strip() or bool(phrases.MOBILE.match(line))

    def _take_signature(self, start: int, end: int) -> None:
        """A closing with what is on a business card, or that below a line: to the end of a stretch, or its postscript."""
        written = [number for number in range(start, end) if self._lines[number].strip()][-MOST_SIGNATURE - 5 :]
        above = (phrases.CLOSING, BARE_RULE)
        begin = next((n for n in reversed(written) if any(one.match(self._lines[n]) for one in above)), end)
        stop = next((n for n in written if n > begin and POSTSCRIPT.match(self._lines[n])), end)
        block = [self._lines[n].strip() for n in written if begin < n < stop]
        short = len(block) <= MOST_SIGNATURE and not any(len(line) > 120 or line.endswith("?") for line in block)
        if short and sum(bool(phrases.ON_CARD.search(line)) for line in block) >= 2:
            self._take(begin, stop)
