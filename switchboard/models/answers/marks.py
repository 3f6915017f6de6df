"""What models write around their answers: thinking, and the tokens of their templates.

All of it is linear in the length of the text, which its readers bound first.
"""

import re

TAG = re.compile(
    r"<[|｜]/?[^<>|｜\n]{1,60}[|｜]>"  # <|im_end|>, <｜end▁of▁sentence｜>
    r"|<[|｜][a-z_]{1,30}>|<[a-z_]{1,30}[|｜]>"  # <|channel>, and its end <channel|>
    r"|</?[A-Za-z][\w:.-]{0,60}(?:[ \t][^<>\n]{0,100})?>"  # <think>, </s>
    r"|\[/?[A-Z_]{3,20}\]"  # [THINK], [/INST]
    r"|◁/?[a-z]{3,20}▷"
)
NAMES_OF_THINKING = "think thinking thought thoughts reasoning reflection scratchpad analysis monologue rationale"
THINKING = frozenset(NAMES_OF_THINKING.split())
"""Of these words one is in the name of a mark of thinking, as `think`, `antml:thinking` or `begin_of_thought`."""
STARTS = {"unused94": True, "unused95": False}
"""Tokens that begin (True) or end thinking and do not say so."""
FENCED = re.compile(r"\A\s*```(?:think|thinking|thoughts?|reasoning)[ \t]*\n.*?(?:```\s*|\Z)", re.I | re.S)
LABELLED = re.compile(r"\A[*#>\s]{0,4}(?:thoughts?|thinking|reasoning)[*\s]{0,4}:", re.I)
ANSWERED = re.compile(r"^[*#> \t]{0,4}(?:final )?(?:answer|response|reply)[* \t]{0,4}:[* \t]{0,4}", re.I | re.M)
"""Headings: of thinking that begins an answer, and of the answer behind it."""
FRAMES = ("answer", "final_answer", "final", "response", "reply", "output")
"""Elements in which a whole answer stands."""
SPEAKER = re.compile(r"\A(?:assistant|ai|bot|model|chatbot) ?:\s+", re.I)
PLAIN_TOKENS = ("end_of_turn", "start_of_turn", "eos", "bos", "inst", "tool_calls")
"""Tokens of templates that look like tags of a text."""
HEAD = re.compile(r"\s*[A-Za-z_]{0,20}\n?")
GOES_ON = re.compile(r"\s*<\|(?:start\|>assistant|channel\|>)")
"""What stands behind the end of a part of the model's own turn, where that goes on."""
ENDS_TURN = ("im_end", "eot_id", "eom_id", "end_of_turn", "endoftext", "end_of_text", "end▁of▁sentence", "end", "return",
             "call", "end_of_turn_token", "eos")  # fmt: skip
STARTS_TURN = ("im_start", "start_of_turn", "start_header_id", "start", "start_of_turn_token")
ROLES = ("assistant", "model", "bot", "ai", "chatbot")
OTHERS_TURN = ("user", "system", "human", "tool", "observation")


def without_halves(text: str) -> str:
    """The text without halves of surrogate pairs and NUL, which no row keeps: of a cut emoji nothing is left."""
    return text.replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def _kind(tag: str) -> tuple[str, bool]:
    """The name in a tag, and whether it is a closing one."""
    inner = tag.strip("<>[]◁▷").strip("|｜")
    closes = inner.startswith("/") or (tag[1] not in "|｜" and tag[-2] in "|｜")
    return inner.lstrip("/").lower().split(" ")[0], closes


def _begins_thinking(name: str, closes: bool) -> bool | None:
    """Whether a mark begins thinking, or ends it; None where it is none of thinking."""
    parts = set(re.split(r"[\W_]+", name))
    return STARTS.get(name, not closes and "end" not in parts if THINKING & parts else None)


def without_thinking(text: str) -> str:
    """The text without what stands between marks of thinking.

    Where only the end is marked all before it was thinking; where only the beginning is, all after it.
    """
    text = FENCED.sub("", text)
    kept: list[str] = []
    place, thinking, in_a_part = 0, False, False
    for found in TAG.finditer(text):
        name, closes = _kind(found[0])
        piece = text[place : found.start()]
        begins = _begins_thinking(name, closes)
        opens = not closes and name in ("channel", *STARTS_TURN)
        if opens:
            head = HEAD.match(text, found.end())
            starts = head is not None and head[0].strip().lower() in THINKING
            begins = starts if starts or name == "channel" or in_a_part else None
            in_a_part = starts
        elif in_a_part and name in (*ENDS_TURN, "channel"):
            begins, in_a_part = False, False
        if begins is None:
            continue
        if not thinking:
            kept.append(piece)
            if not begins and not opens and name != "channel":
                kept.clear()
        thinking, place = begins, found.start() if opens and not begins else found.end()
    return "".join([*kept, "" if thinking else text[place:]]).strip() if place or thinking else text


def without_headings(text: str) -> str:
    """What stands under the heading of the answer, where an answer begins with one of thinking; nothing where none does."""
    if not LABELLED.match(text):
        return text
    found = list(ANSWERED.finditer(text))
    return text[found[-1].end() :].strip() if found else ""


def without_tokens(text: str) -> str:
    """The text without tokens of a template, and without the turn of somebody else that a model writes on with."""
    text = _without_frame(text)
    kept: list[str] = []
    place, spoke = 0, False
    for found in TAG.finditer(text):
        name, _ = _kind(found[0])
        is_token = {found[0][1], found[0][-2]} & {*"|｜"}
        if not (is_token or name in PLAIN_TOKENS) or found.start() < place:
            continue
        kept.append(text[place : found.start()])
        spoke, place = spoke or bool(kept[-1].strip()), found.end()
        head = HEAD.match(text, place)
        said = head[0].strip().lower() if head else ""
        over = name in OTHERS_TURN or (name in STARTS_TURN and said in OTHERS_TURN)
        if spoke and (over or (name in ENDS_TURN and not GOES_ON.match(text, place))):
            return "".join(kept).strip()
        if head and (name == "channel" or (name in STARTS_TURN and said in ROLES)):
            place = head.end()
    return "".join([*kept, text[place:]]).strip() if place else text


def _without_frame(text: str) -> str:
    """The text without the marks of its begin and end, which inside of a text are tags that strike through, an element of the
    whole answer and the name of who speaks.
    """
    bare = text.strip()
    name = next((one for one in FRAMES if bare[:20].lower().startswith(f"<{one}>")), "")
    if name and bare[-20:].lower().endswith(f"</{name}>"):
        return bare[len(name) + 2 : -len(name) - 3].strip()
    if SPEAKER.match(bare):
        return SPEAKER.sub("", bare)
    if bare.startswith("<s>") and "</s>" not in bare[:-4]:
        bare = bare[3:].removesuffix("</s>")
    elif bare.endswith("</s>") and "<s>" not in bare:
        bare = bare[:-4]
    else:
        return text
    return bare.strip()
