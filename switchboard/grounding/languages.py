"""The languages in which answers can be judged, and which one a text is in."""

from switchboard.grounding.tongues.english import ENGLISH
from switchboard.grounding.tongues.french import FRENCH
from switchboard.grounding.tongues.german import GERMAN
from switchboard.grounding.tongues.spanish import SPANISH
from switchboard.grounding.tongues.tongue import Tongue, listed
from switchboard.grounding.wording import script, words

FEW_WORDS = 4
"""A text of fewer words has no language that could be told."""
JUDGED = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}
"""The languages in which an answer can be judged; one in another is not sent."""
TOLD_APART = {
    **JUDGED,
    "it": Tongue(
        listed(
            "io il lo gli le una e non per con che di dove mio mia ciao grazie vorrei ho sono suo sua stato stata al "
            "del della abbiamo"
        )
    ),
    "pt": Tongue(
        listed("eu voce meu minha o os as um uma e nao para com que de em esta onde ola obrigado quero tenho foi seu sua")
    ),
    "nl": Tongue(
        listed("ik u je wij is waar mijn de het een en niet voor met van naar bedankt hallo kan heb wil uw werd zijn")
    ),
}


def language_of(text: str) -> str:
    """The language of a text: "en" and the like, "other" for another script; empty where it cannot be told."""
    letters = [c for c in text[:4000] if c.isalpha()]
    if letters and sum(script(c) != "LATIN" for c in letters) * 3 > len(letters):
        return "other"
    spoken = words(text[:4000])
    counts = {name: sum(word in one.small for word in spoken) for name, one in TOLD_APART.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""


def is_in(text: str, language: str) -> bool:
    """Whether a sentence may be in that language: no other one explains its small words much better."""
    spoken = words(text)
    letters = [c for c in text if c.isalpha()]
    if sum(script(c) != "LATIN" for c in letters) > len(letters) // 3:
        return language == "other"
    if len(spoken) < FEW_WORDS:
        return True
    counts = {name: sum(word in one.small for word in spoken) for name, one in TOLD_APART.items()}
    own = counts.get(language, 0)
    return not any(count >= 2 and count > 2 * own for name, count in counts.items() if name != language)
