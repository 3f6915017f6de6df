"""The shop's words: the numbers that its tools give, and what they do, as texts in four languages speak of it."""

from switchboard.declare.vocabulary import Deed, Vocabulary
from tools.ids import CURRENCY, ORDER, in_text


def beginnings(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MONEY = ("money", "amount", "sum", "funds", "geld", "betrag", "argent", "montant", "somme", "dinero", "importe", "payment")
BACK = ("back", "return", "zuruck", "retour", "vuelta", "revers")

vocabulary = Vocabulary(
    ids=(r"\bT\d{6}\b", r"\bRF\d{6}\b", in_text(ORDER)),
    currency=CURRENCY,
    deeds=(
        Deed(
            "refund",
            beginnings(
                "refund reimburs credited crediting reversed reversal payback repaid repay erstatt zuruckerstatt ruckerstatt "
                "zuruckgezahlt zuruckuberw gutgeschrieben gutschrift ruckzahlung uberwiesen rembours recredit reembols abonad "
                "devuelto devolvimos"
            )
            + tuple(f"{one}+{other}" for one in MONEY for other in BACK),
            ('"refunds":', '"transaction_type":"refund"', '"kind":"refund"'),
            pays=True,
            # ordered at the payment provider, and not known to be paid
            unconfirmed=(("state", "requested"), ("refund_state", "requested")),
        ),
        Deed(
            "cancel",
            beginnings("cancel stornier storno gekundigt abbestellt annul cancelad anulad anulacion"),
            ("cancelled",),
        ),
        Deed(
            "return",
            beginnings("returned ruckgabe zuruckgegeben rucksend retourn retour+accept devolucion"),
            ("return requested", "returned"),
            closed_by="returns_closed_on",
        ),
        Deed(
            "exchange",
            beginnings("exchang replac swapped umgetausch ausgetausch umtausch echang remplac intercambi reemplaz"),
            ("exchange requested", "exchanged"),
        ),
        Deed(
            "modif",
            beginnings(
                "changed updated modified corrected saved switched amended geandert aktualisiert gespeichert hinterlegt modifi "
                "changee change+adresse jour+mise jour+mis enregistr cambiad cambie modificad actualizad guardad corregid"
            ),
            ("modified", "changed"),
        ),
        Deed(
            "transfer",
            beginnings(
                "passed+colleague passed+team transferred forwarded escalated connected connecting transferring weitergeleitet "
                "ubergeben"
            )
            + beginnings("transfere transmis transferid derivad"),
            ("A human takes over",),
        ),
        Deed(
            "ticket",
            beginnings("opened+ticket opened+case created+ticket created+case raised filed logged+ticket eroffnet angelegt")
            + beginnings("ouvert+dossier ouvert+ticket cree+dossier cree+ticket abierto+caso cread"),
            ("ticket",),
        ),
    ),
    states=(
        ("deliver", "arrived geliefert zugestellt ausgeliefert angekommen livre arrivee entregad lleg"),
        ("process", "unterwegs versendet versandt verschickt bearbeitet expedie envoye traite enviad procesad tramitad"),
        ("process", "shipped sent dispatched packed handed left+us left+our way underway transit carrier"),
        ("charg", "belastet abgebucht berechnet debite preleve facture factur cobrad cargad made paid"),
        ("placed", "bestellt aufgegeben passe realizad pedid bought ordered"),
        ("promised", "zugesagt versprochen prevu promis prometid previst expected due"),
        ("payment", "bezahlt paye reglee pagad paid charged made"),
        ("pending", "offen ausstehend vorbereit prepared preparing"),
        ("order", "parcel package purchase"),
        ("total", "cost kost coute cuesta"),
        ("price", "cost kost coute cuesta"),
        ("refund", "sent+refund issued+refund sent+back"),
        ("request", "registered"),
        ("cancel", "storniert annule cancelad anulad"),
    ),
    alternatives=(
        ("pending", "processed", "delivered", "cancelled"),
        ("credit", "debit", "gift", "paypal", "cash", "cheque", "invoice"),
        ("active", "paused", "ended"),
    ),
)
