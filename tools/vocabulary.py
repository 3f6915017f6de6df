"""The shop's words: the numbers that its tools give, what they do, and how texts in four languages say that it was done."""

from switchboard.declare.vocabulary import NEVER, Deed, Vocabulary

TICKET = r"\b(?:ticket|case|fall|dossier|cas|caso)\b"

vocabulary = Vocabulary(
    ids=(r"\bT\d{6}\b", r"\bRF\d{6}\b", r"#W(\d{7})\b"),
    currency="USD",
    rules="orders|items|products|pending orders",
    conditions="orders? (?:that|which)",
    nothing_done="To be clear: nothing was changed in this conversation; no order, payment or address was touched.",
    deeds=(
        Deed(
            "refund",
            "refunded|reimbursed",
            "refund|reimburse",
            "refund|reimbursement",
            "(?:zurück)?erstattet|zurückgezahlt|remboursée?s?|reembolsad[oa]s?",
            r'"refunds":|"transaction_type":"refund"|refunded',
            nouns_elsewhere="erstattung|rückerstattung|rückzahlung|remboursement|reembolso",
            pays=True,
            unconfirmed='"state":"requested"|refund_state',  # ordered at the payment provider, and not known to be paid
        ),
        Deed(
            "cancel",
            "cancell?ed",
            "cancel",
            "cancell?ation",
            "storniert|annulée?s?|(?:cancel|anul)ad[oa]s?",
            "cancelled",
        ),
        Deed("return", "returned", NEVER, "return", "zurückgegeben|retournée?s?", "return requested|returned"),
        Deed(
            "exchange",
            r"exchanged|(?:sent|shipped) (?:you |out )?(?:an? |the |your )?(?:\w+ )?replacement",
            "exchange|replace",
            "exchange|replacement",
            "umgetauscht|ausgetauscht|échangée?s?|intercambiad[oa]s?",
            "exchange requested|exchanged",
        ),
        Deed(
            "modif",
            "changed|updated|modified|corrected",
            "change|update|modify|correct",
            "change|update|address",
            "geändert|aktualisiert|modifiée?s?|changée?s?|mise? à jour|(?:modific|cambi|actualiz)ad[oa]s?",
            "modified|changed",
        ),
        Deed("transfer", "transferred", "transfer", NEVER, "weitergeleitet|transférée?s?|transferid[oa]s?", "transferred"),
        Deed(
            "ticket",
            "opened|created|raised|filed",
            NEVER,
            NEVER,
            "eröffnet|angelegt|erstellt|créé|ouvert|cread[oa]|abierto",
            "ticket",
            TICKET,
        ),
    ),
)
