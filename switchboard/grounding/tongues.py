"""What is known of the languages that an answer can be judged in: closed lists of small words, and nothing of any trade."""

import re
from dataclasses import dataclass
from functools import cached_property

from switchboard.grounding.wording import folded, script, words

FEW_WORDS = 4
"""A text of fewer words has no language that could be told."""


def listed(text: str) -> frozenset[str]:
    return frozenset(folded(text).split())


def beginnings(text: str) -> tuple[str, ...]:
    return tuple(text.split())


@dataclass(frozen=True)
class Tongue:
    """A language, by lists of its words in small letters without accents.

    `small`: words that every other sentence holds. `me`: who speaks. `yours`: what makes a noun one of this case. `perfect`:
    what stands before a participle that says that something was done, `present`: that it is so. `participle`: the endings of
    participles; `irregular` ones beside. `looking`: deeds that change nothing, by their beginnings. `hedges`: conditions,
    denials and what is only possible. `over`: that all is finished. `moving`: that something is on its way. `please`: words of
    a request; `give`: verbs that ask somebody to tell something; `secrets`: what nobody may be asked for. `polite`: words that
    say nothing of a case. `third`: how the customer is called who is not spoken to. `before_nouns`: behind these no participle
    stands. `soon`: how somebody puts off; `ours`: who else does something for us, `shall`: what they will.
    """

    small: frozenset[str]
    me: frozenset[str] = frozenset()
    yours: frozenset[str] = frozenset()
    perfect: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    participle: str = "(?!)"
    irregular: frozenset[str] = frozenset()
    looking: tuple[str, ...] = ()
    conditions: frozenset[str] = frozenset()
    hedges: frozenset[str] = frozenset()
    denials: frozenset[str] = frozenset()
    over: frozenset[str] = frozenset()
    moving: frozenset[str] = frozenset()
    please: frozenset[str] = frozenset()
    give: frozenset[str] = frozenset()
    secrets: tuple[str, ...] = ()
    polite: frozenset[str] = frozenset()
    third: tuple[str, ...] = ()
    before_nouns: frozenset[str] = frozenset()
    soon: tuple[str, ...] = ()
    ours: frozenset[str] = frozenset()
    shall: frozenset[str] = frozenset()

    @cached_property
    def _participle(self) -> re.Pattern[str]:
        return re.compile(self.participle)

    def is_participle(self, word: str) -> bool:
        """Of a word with its accents."""
        return folded(word) in self.irregular or bool(self._participle.fullmatch(word))

    def only_looks(self, word: str) -> bool:
        return word.startswith(self.looking) if self.looking else False


ENGLISH = Tongue(
    small=listed(
        "i you we it is are was the a an and not for with of to my your have has do does did can what where how "
        "this that on in "
        "be been will would there here them they if or as at by from its our so no yes but any am were had us me"
    ),
    me=listed("i we"),
    yours=listed("your"),
    perfect=listed("has have had was were been being got"),
    present=listed("is are"),
    participle=r"[a-z-]{2,}ed",
    irregular=listed("sent paid made done given put taken set got bought sold lost kept left brought begun written built cut"),
    looking=beginnings("check look found see seen review note underst receiv ask need want want tri confirmed list attach"),
    conditions=listed("if once when whenever after before unless until while as soon should"),
    hedges=listed("can could may might must cannot not no never nothing none neither nor without would unable only"),
    denials=listed("not no never nothing none neither nor cannot"),
    over=listed("done sorted settled handled resolved fixed complete completed finished all+set"),
    moving=listed("way underway through completed complete processed progress happening arrived"),
    please=listed("please kindly"),
    give=listed("send give tell share provide reply type submit confirm need what enter read dictate write"),
    secrets=(
        *beginnings("password passcode pin cvv cvc otp"),
        *("card number", "card details", "number of your card", "security code", "verification code", "one-time code"),
        *("login code", "sms code", "social security", "bank login", "four digits", "expiry date", "expiration date"),
    ),
    polite=listed(
        "sorry news thank thanks apologise apologize apologies inconvenience trouble welcome hello hi hey dear regards "
        "kind best "
        "wishes sincerely happy glad pleasure help helps assist assistance anything else question questions "
        "further day nice "
        "great good understand patience patient contacting reaching touch reach writing wrote message confusion "
        "course sure "
        "certainly moment wait waiting let know feel free team wish hope enjoy appreciate gladly unfortunately "
        "great lovely "
        "still ever today again more letting mistake mind according records tell ask always hear"
    ),
    third=("the customer", "the user", "this customer", "a customer"),
    before_nouns=listed("a an the"),
    soon=(
        *(
            "one moment",
            "a moment",
            "just a second",
            "let me",
            "please hold",
            "hold on",
            "please wait",
            "bear with",
            "connect you",
        ),
        *(
            "get back to you",
            "be in touch",
            "looking into",
            "look into",
            "right away",
            "transfer you",
            "put you through",
            "stand by",
        ),
        *(
            "working on it",
            "going to check",
            "reach out to",
            "as soon as possible",
            "keep you posted",
            "keep you updated",
            "am going to",
            "are going to",
        ),
    ),
    ours=listed(
        "i we team colleague colleagues specialist agent manager someone somebody department they supervisor warehouse"
    ),
    shall=listed("will shall"),
)
GERMAN = Tongue(
    small=listed(
        "ich sie wir ist wo meine mein meinen der die das und nicht ein eine fuer für mit von auf bitte danke "
        "hallo kann habe "
        "ihre ihr ihren ihrer ihnen es den dem des im in zu bei an wird wurde haben sind noch auch nach aus als "
        "wenn oder dann sich"
    ),
    me=listed("ich wir"),
    yours=listed("ihre ihr ihren ihrer ihrem deine dein deinen"),
    perfect=listed("wurde wurden worden habe haben hat bin"),
    present=listed("ist sind"),
    participle=r"(?:\w*ge\w{2,}(?:t|en)|\w+iert|\w*(?:be|er|ver|zer|ent|über|unter|wider)\w{2,}(?:t|en))",
    looking=beginnings(
        "enthalt erhalt gepruft nachgesehen geschaut angesehen gefunden gesehen erhalten verstanden gelesen gebeten"
    ),
    conditions=listed("wenn falls sobald nachdem bevor sofern solange"),
    hedges=listed("kann konnen konnte konnten darf durfen muss mussen nicht nichts kein keine keinen nie ohne nur"),
    over=listed("erledigt fertig geregelt abgeschlossen geklart behoben"),
    moving=listed("unterwegs weg abgeschlossen durch veranlasst"),
    please=listed("bitte"),
    give=listed("senden schicken nennen geben teilen sagen mitteilen bestatigen eingeben wie lautet brauche"),
    secrets=("passwort", "kennwort", "pin", "cvv", "cvc", "kartennummer", "sicherheitscode", "tan", "kreditkartennummer"),
    polite=listed(
        "entschuldigung entschuldigen leid tut danke vielen dank gern gerne hallo guten tag herzlich herzliche "
        "grusse liebe "
        "freundlichen freundliche helfen hilfe frage fragen weiter weitere sonst etwas moment schonen geduld verstandnis "
        "melden melde bescheid naturlich selbstverstandlich team freut freue hoffe willkommen"
    ),
    third=("der kunde", "die kundin", "dem kunden", "des kunden"),
    before_nouns=listed(
        "der die das den dem des ein eine einen einem einer ihr ihre ihren ihrem ihrer kein keine zum zur im am"
    ),
    soon=(
        *(
            "einen moment",
            "moment bitte",
            "ein augenblick",
            "ich schaue",
            "ich prufe",
            "wir prufen",
            "ich kummere",
            "wir kummern",
        ),
        *("melden uns", "melde mich", "verbinde sie", "leite sie", "ich leite", "bitte warten", "bleiben sie dran", "in kurze"),
    ),
    ours=listed("ich wir team kollege kollegin kollegen mitarbeiter abteilung jemand"),
    shall=listed("werde werden wird"),
)
FRENCH = Tongue(
    small=listed(
        "je vous nous est ou ma mon mes le la les une des du et pas ne pour avec que qui sur c bonjour merci votre "
        "vos un de a "
        "au aux en dans il elle se ce cette par sont ete avons ai si plus sera"
    ),
    me=listed("je j nous"),
    yours=listed("votre vos"),
    perfect=listed("a ai avons avez ont ete avait viens venons"),
    present=listed("est sont"),
    participle=r"\w{2,}(?:é|ée|és|ées)",
    irregular=listed("fait faite mis mise remis remise emis pris rendu rendue recu recue ouvert ouverte parti partie transmis"),
    looking=beginnings("verifi regard trouv consult recu vu compris demand ete"),
    conditions=listed("si quand lorsque apres avant fois tant"),
    hedges=listed("peux peut pouvez pouvons pourrait pouvait dois doit pas rien aucun aucune jamais sans ne n"),
    over=listed("fait regle reglee termine terminee effectue effectuee resolu resolue"),
    moving=listed("route cours effectue effectuee traite traitee chemin"),
    please=listed("plait veuillez"),
    give=listed(
        "envoyer envoyez donner donnez indiquer indiquez communiquer communiquez saisir saisissez confirmer "
        "confirmez quel quelle"
    ),
    secrets=("mot de passe", "code pin", "cvv", "cvc", "numero de carte", "numero de votre carte", "code de securite"),
    polite=listed(
        "desole desolee excuses excusez merci bonjour cordialement bien sur plaisir aider aide question questions "
        "autre chose "
        "desagrement patience comprends moment bonne journee hesitez contacter heureux heureuse espere"
    ),
    third=("le client", "la cliente", "du client"),
    before_nouns=listed("le la les l un une des du de d ma mon votre vos cette ce"),
    soon=(
        *("un instant", "un moment", "je verifie", "je vais", "nous allons", "mets en relation", "reviendrons", "reviens vers"),
        *("patientez", "je regarde", "nous verifions", "vous recontacter", "dans les plus brefs"),
    ),
    ours=listed("je nous equipe collegue conseiller service quelqu"),
    shall=listed("va vont allons vais"),
)
SPANISH = Tongue(
    small=listed(
        "yo usted mi mis el la los las un una y no por para con que de en esta donde hola gracias quiero tengo "
        "como su sus le lo se "
        "es del al ha he hemos si ya mas o sera son fue"
    ),
    me=listed("yo he hemos nosotros acabo acabamos"),
    yours=listed("su sus tu tus"),
    perfect=listed("ha han he hemos sido fue fueron haya"),
    present=listed("esta estan es son queda quedan"),
    participle=r"\w{2,}(?:[ai]d[oa]s?|é|amos|imos)",
    irregular=listed("hecho hecha puesto puesta devuelto devuelta escrito abierto abierta resuelto resuelta"),
    looking=beginnings("revis comprob encontr mirad visto recib entend consult sido"),
    conditions=listed("si cuando despues antes cuanto vez mientras"),
    hedges=listed("puedo puede podemos pueden podria debe no nada ningun ninguna nunca sin"),
    over=listed("hecho listo lista resuelto resuelta solucionado arreglado terminado completado"),
    moving=listed("camino curso proceso completado tramite"),
    please=listed("favor"),
    give=listed("enviar envie enviarme envieme dar deme digame indique indicar facilite comparta confirme escriba cual"),
    secrets=("contrasena", "pin", "cvv", "cvc", "numero de tarjeta", "numero de su tarjeta", "codigo de seguridad", "clave"),
    polite=listed(
        "siento lamento disculpe disculpas gracias hola saludos cordiales gusto ayudar ayudarle ayuda pregunta "
        "preguntas algo mas "
        "molestia molestias paciencia entiendo momento buen dia claro encantado espero"
    ),
    third=("el cliente", "la clienta", "del cliente"),
    before_nouns=listed("el la los las un una su sus mi mis tu este esta del al"),
    soon=(
        *("un momento", "voy a", "vamos a", "permitame", "dejeme", "le pongo", "nos pondremos", "le contactara", "le paso"),
        *("espere", "estoy revisando", "lo antes posible", "le avisaremos", "lo reviso"),
    ),
    ours=listed("yo nosotros equipo companero companera agente departamento alguien"),
    shall=listed("va van vamos voy"),
)
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
