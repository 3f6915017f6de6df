"""What mail programs, companies and their customers write around a letter, in the languages that they do it in."""

import re


def _any(*phrases: str) -> str:
    return f"(?:{'|'.join(phrases)})"


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts), re.IGNORECASE)


_FROM = _any("from|von|de|da|van|från|fra|od|от|kimden|发件人|寄件者|差出人", "보낸 사람")
_SUBJECT = _any(
    "subject|betreff|betrifft|objet|sujet|asunto|oggetto|onderwerp|assunto|ämne|emne|předmět|temat|тема",
    "konu|主题|主旨|件名|제목",
)
_OTHERS = _any(
    "sent|date|to|cc|reply-to|gesendet|datum|an|envoyé|à|fecha|para|inviato|data|a|verzonden|aan|skickat",
    "till|sendt|til|odesláno|komu|wysłano|do|отправлено|кому|发送时间|收件人|日時|宛先",
    "antwort an",
    "date d'envoi",
    "enviado(?: el)?",
)
_COLON = r"\*?\s?[:：]"
SENDER = _pattern(r"\A\s*\*?", _FROM, _COLON)
SUBJECT = _pattern(r"\A\s*\*?", _SUBJECT, _COLON)
SENT = _pattern(
    r"\A\s*\*?(?:sent|gesendet|envoyé|enviado(?: el)?|inviato|verzonden|skickat|sendt|odesláno|wysłano|отправлено)", _COLON
)
LABEL = _pattern(r"\A\s*\*?", _any(_FROM, _SUBJECT, _OTHERS), _COLON)
"""Lines of the header that is put above a letter."""

LETTER = _pattern(
    _any(
        "message|nachricht|mensaje|messaggio|bericht|mensagem|meddelande|melding|meddelelse|zpráva|wiadomo",
        "сообщени|forwarded|weitergeleitet|transféré|reenviado|inoltrato|doorgestuurd|encaminhada|邮件|メッセージ",
        r"e-?mail\b",
        r"mail\b",
        "above this line",
        "dieser zeile",
    )
)
"""What stands within the dashes above a letter."""
FORWARDED = _pattern(
    r"\A\s*",
    _any(
        "begin forwarded message",
        "anfang der weitergeleiteten (?:nachricht|e-?mail)",
        "début du (?:message|courriel) (?:transféré|réexpédié)",
        "inicio del mensaje reenviado",
        "inizio messaggio inoltrato",
        "begin doorgestuurd bericht",
    ),
    r"\s?:\s*\Z",
)
BEGINS_ATTRIBUTION = _pattern(r"\A\s*", _any("on|am|le|el|il|op|em|den|dne|dnia|på|pe", "w dniu"), r"\b")
WROTE = _pattern(
    r"\b",
    _any(
        "wrote|writes|schrieb|escribió|schreef|escreveu|skrev|пишет|написал",
        "a [ée]crit",
        "ha scritto",
    ),
    r"\b|\bnaps(?:al|ał)a?\b|\bnapisał",
)
MOBILE = _pattern(
    r"\A\s*",
    _any(
        "sent from (?:my|mail|yahoo|outlook|proton|samsung|gmail|aol)",
        "sent (?:via|with) (?:my|the|proton|outlook|spark)",
        "get outlook for",
        "von mein(?:em|er) .{1,40} gesendet",
        "gesendet (?:mit|von|aus|über) (?:der|dem|mein|meine[rm]|outlook|mail|yahoo)",
        "diese nachricht wurde .{0,40}gesendet",
        "(?:holen|laden) sie (?:sich )?outlook",
        "outlook für (?:ios|android)",
        "envoyé (?:de|depuis|à partir de|avec) (?:mon|ma|outlook|yahoo|la)",
        "télécharge[rz] outlook",
        "obtene[rz] outlook",
        "enviado (?:desde|do|de) (?:mi|meu|outlook|yahoo)",
        r"inviato da(?:l mio)? \w+",
        r"(?:verzonden|verstuurd) (?:vanaf|met) \w+",
        "(?:skickat från|sendt fra) min",
    ),
    r"\b[^?,]{0,80}\Z",
)
"""What a telephone writes below each mail."""

_MAIL = _any("e-?mail", "mail", "message", "courriel", "nachricht", "correo", "mensaje", "communication", "transmission")
DISCLAIMER = _pattern(
    r"\A\W{0,5}",
    _any(
        rf"(?:(?:the )?(?:information|contents?)(?: contained)? (?:in|of) )?(?:this|the) {_MAIL}\b",
        rf"(?:diese|ce|cet|este|le présent) {_MAIL}\b",
        rf"(?:die|der) .{{0,40}}diese[rs]? {_MAIL}\b",
        "confidentiality",
        "disclaimer",
        "haftungsausschluss",
        "vertraulich",
        "avis de confidentialité",
        "if you (?:are not the|have received|received) ",
        "(?:sollten|wenn|falls) sie (?:nicht|diese)",
        "si vous (?:n.êtes pas|avez reçu)",
        r"caution|\[?external|warning|achtung|virus-free|virenfrei",
        "(?:please )?(?:consider|think)|bitte (?:prüfen|denken)",
        "you don.t often",
    ),
)
"""How a paragraph of lawyers or of a mail server begins."""
DISCLAIMED = _pattern(
    _any(
        r"\A\W{0,5}(?:disclaimer|haftungsausschluss|confidentiality notice|avis de confidentialité)\W{0,5}\Z",
        "for viruses|auf viren",
        "confidential|privileged|intended|recipient|vertraulich|empfänger|adressat|irrtümlich|confidentiel",
        "destinataire|confidencial|destinatario|originated|print|umwelt|avast",
        "in error",
        "environment before",
        r"avg\.",
        "often get e-?mail",
        "outside (?:of )?(?:the|your)",
        "external (?:sender|e-?mail)",
        "externe[rn]? (?:absender|e-?mail)",
    )
)
"""What stands in it."""

GREETING = _pattern(
    r"\A\s*",
    _any(
        "(?:hello|hi|hey|good (?:morning|day|afternoon|evening)|hallo|guten (?:tag|morgen|abend)|bonjour|hola|buenos días)",
        "(?:hello|hi|dear|hallo|guten tag|liebe[rs]?|sehr geehrte[rs]?|bonjour|hola|estimad[oa]s?)"
        r" [^\W\d_][\w .'-]{0,50}(?=\s?,)",
    ),
    r"\s?[,!.]?\s*\Z",
)
CLOSING = _pattern(
    r"\A\s*",
    _any(
        "(?:with )?(?:kind(?:est)?|best|warm(?:est)?|many)? ?(?:regards|wishes)",
        "(?:yours )?(?:sincerely|faithfully|truly)",
        "best|cheers|thank you|(?:many )?thanks(?: and regards| in advance)?",
        "(?:mit )?(?:freundliche|beste|viele|liebe|herzliche|schöne)[nm]? gr(?:ü|ue)(?:ß|ss)en?",
        "(?:mit )?(?:freundliche|beste|liebe|herzliche|schöne)[nm] gru(?:ß|ss)|gru(?:ß|ss)|mfg|lg|vg",
        "(?:bien )?cordialement|(?:sincères |meilleures )?salutations",
        "(?:un )?saludos?(?: cordial(?:es)?)?|atentamente",
        "(?:distinti|cordiali) saluti|met vriendelijke groet(?:en)?|atenciosamente",
    ),
    r"\s*[,.!]?\s*\Z",
)
ON_CARD = _pattern(
    r"\b(?:tel|phone|mobile?|fax|handy|telefon|téléphone|tél|e-?mail|web|internet)\b\.?\s?[:.(+]",
    r"|\A\s*[tmfpew]\s?[:.]\s?[+(\w]|www\.|https?://|\S@\S|\+\d[\d ()/-]{7,20}|\w \| \w",
    r"|\b(?:gmbh|ltd|llc|inc|ag|kg|s\.?à\.?r\.?l|sarl|bv|plc)\b|\bhrb\b|\bust-?id\b|geschäftsführ|amtsgericht|registergericht",
    r"|\bregistered (?:office|in)\b",
)
"""What stands on a business card, and below the letters of companies."""
AWAY = _pattern(
    r"\A\s*",
    _any(
        "automatic reply|auto(?:matic)?[ -]?(?:reply|response|responder)|out of (?:the )?office|autoreply",
        "automatische (?:antwort|e-?mail)|abwesenheits(?:notiz|nachricht|meldung)|abwesenheit|réponse automatique",
        "(?:message d.)?absence(?: du bureau)?|respuesta automática|fuera de la oficina|risposta automatica",
        "automatisch antwoord",
    ),
    r"(?:\s?[:：]|\s*\Z| - )",
)
"""How the subject of a notice of absence begins."""
