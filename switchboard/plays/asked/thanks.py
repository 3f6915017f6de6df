"""Messages that are thanks and nothing else: they want nothing, and open nothing again."""

import re

from switchboard.characters import plain_letters
from switchboard.reading.words import words_of

WORD = re.compile(r"[^\W_]+|[^\w\s.,;:!¡'’()-]")
"""A word, or a sign that may mean something, such as a face."""
FRIENDLY = "\U0001f44d\U0001f64f❤\ufe0f\U0001f600\U0001f601\U0001f603\U0001f604\U0001f60a\U0001f642"
MOST_WORDS, MOST_CHARACTERS = 20, 400
THANKS = words_of("thanks thank thankyou thx ty cheers danke dank dankeschon merci gracias")
BESIDE_THANKS = words_of(
    "s you ever so very much a lot many all again for the your that this it is was great helped help answer reply quick "
    "quickly ok okay perfect wonderful super good bye goodbye have nice day evening weekend kind best regards hi hello and "
    "vielen herzlichen besten schon schoen sehr fur fuer die das ihre eure schnelle antwort hilfe ist war prima toll perfekt "
    "schonen schoenen tag abend noch einen wunsche wuensche ich ihnen euch liebe viele freundliche grusse gruesse mit auf "
    "wiedersehen tschuss hallo und beaucoup bien mille pour votre aide la le reponse rapide bonne journee soiree parfait au "
    "revoir cordialement vous bonjour et muchas mil muchisimas por su tu ayuda respuesta rapida perfecto genial buen dia "
    "saludos un adios muy amable hola y"
)


def only_thanks(text: str) -> bool:
    """Whether a message is thanks, with what is polite beside them, in en, de, fr or es, and nothing else: it wants nothing."""
    said = WORD.findall(plain_letters(text.lower()).replace("ß", "ss")) if len(text) <= MOST_CHARACTERS else []
    if "?" in text or len(said) > MOST_WORDS:
        return False
    return not THANKS.isdisjoint(said) and all(word in THANKS or word in BESIDE_THANKS or word in FRIENDLY for word in said)
