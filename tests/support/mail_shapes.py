"""Mails as programs write them, each with exactly what in it its writer's own words are. All that they tell is made up."""

from base64 import b64encode
from quopri import encodestring

ASK = "Where is my parcel from order 5550001?"
DESK = "Fernhill Supply <desk@fernhill.example>"
ANSWER = "It left our house on Monday.\nPlease write when it has come."
MARKED = "\n".join(f"> {line}" for line in ANSWER.split("\n"))
ON = f"On Tue, Nov 24, 2026 at 10:12 AM {DESK} wrote:"
CARD = "Kind regards,\n\nDana Whitlow\nHead of Purchasing\nWhitlow Interiors Ltd\nTel: +1 218 555 0142\nwww.whitlow.example"
LAWYERS = (
    "This e-mail and any attachments are confidential and intended solely for the addressee.\n"
    "If you have received it in error, please notify the sender and delete it."
)
HEAD = "From: Dana Whitlow <dana@whitlow.example>\nTo: desk@fernhill.example\nMessage-ID: <m1@whitlow.example>\n"


def mail(body: str, subject: str = "Re: Your order", kind: str = "text/plain; charset=utf-8", head: str = "") -> bytes:
    """A mail of one part."""
    return f"{HEAD}Subject: {subject}\n{head}MIME-Version: 1.0\nContent-Type: {kind}\n\n{body}".encode()


def encoded(content: bytes, charset: str, how: str, kind: str = "text/plain") -> bytes:
    """A mail of one part in a transfer encoding."""
    coded = encodestring(content) if how == "quoted-printable" else b64encode(content)
    head = f"{HEAD}Subject: Re: x\nContent-Type: {kind}; charset={charset}\nContent-Transfer-Encoding: {how}\n\n"
    return head.encode() + coded


def parts(*given: tuple[str, str], kind: str = "multipart/alternative", head: str = "") -> bytes:
    """A mail of several parts, each with its type (or its header) and what it holds."""
    inside = "".join(f"--b1\nContent-Type: {its}\n\n{body}\n" for its, body in given)
    return mail(f"{inside}--b1--\n", kind=f'{kind}; boundary="b1"', head=head)


def html(body: str) -> bytes:
    return mail(
        f"<html><head><style>p {{color: red}}</style></head><body>{body}</body></html>", kind="text/html; charset=utf-8"
    )


GMAIL_HTML = (
    f'<div dir="ltr"><div>{ASK}</div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
    f"{ON.replace('<', '&lt;')}<br></div><blockquote class='gmail_quote'>It left on Monday.<br>Please write.</blockquote></div>"
)
OUTLOOK_HTML = (
    f"<div class=WordSection1><p class=MsoNormal>{ASK}<o:p></o:p></p><div style='border-top:solid 1.0pt'><p><b>From:</b> "
    "Fernhill Supply &lt;desk@fernhill.example&gt;<br><b>Sent:</b> Tuesday, 24 November 2026 10:12<br><b>To:</b> Dana<br>"
    "<b>Subject:</b> Your order</p></div><p>It left our house on Monday.</p></div>"
)
APPLE_HTML = (
    f'<html><body>{ASK}<br><div><br><blockquote type="cite"><div>On 24 Nov 2026, at 10:12, Fernhill Supply wrote:</div><br>'
    "<div>It left our house.</div></blockquote></div></body></html>"
)

SHAPES: dict[str, tuple[bytes, str]] = {
    "plain": (mail(ASK), ASK),
    "of several paragraphs": (mail(f"Hello,\n\n{ASK}\n\nDana"), f"Hello,\n\n{ASK}\n\nDana"),
    "with a subject of its own": (mail(ASK, "Order 5550001"), f"Order 5550001\n\n{ASK}"),
    "with all of it in the subject": (mail("", ASK), ASK),
    "whose text begins with its subject": (mail(f"{ASK} I wait.", ASK), f"{ASK} I wait."),
    "gmail, answered above": (mail(f"{ASK}\n\n{ON}\n{MARKED}\n"), ASK),
    "gmail, answered below": (mail(f"{ON}\n{MARKED}\n\n{ASK}\n"), ASK),
    "gmail, answered between": (
        mail(f"{ON}\n> It left on Monday.\n\nFrom where?\n\n> Please write.\n\nI will."),
        "From where?\n\nI will.",
    ),
    "gmail, wrapped": (
        mail(f"{ASK}\n\nOn Tue, Nov 24, 2026 at 10:12 AM Fernhill Supply\n<desk@fernhill.example> wrote:\n\n{MARKED}"),
        ASK,
    ),
    "gmail in German": (mail(f"{ASK}\n\nAm Di., 24. Nov. 2026 um 10:12 Uhr schrieb {DESK}:\n\n{MARKED}"), ASK),
    "gmail in French": (mail(f"{ASK}\n\nLe mar. 24 nov. 2026 à 10:12, {DESK} a écrit :\n\n{MARKED}"), ASK),
    "gmail in Spanish": (
        mail(f"{ASK}\n\nEl mar, 24 nov 2026 a las 10:12, Fernhill Supply (<desk@fernhill.example>) escribió:\n{MARKED}"),
        ASK,
    ),
    "gmail in Japanese": (mail(f"{ASK}\n\n2026年11月24日(火) 10:12 {DESK}:\n{MARKED}"), ASK),
    "gmail in Russian, wrapped": (
        mail(f'{ASK}\n\n24.11.2026 14:20 пользователь "Fernhill" <\ndesk@fernhill.example> написал:\n{MARKED}'),
        ASK,
    ),
    "gmail, marked as HTML": (html(GMAIL_HTML), ASK),
    "gmx in German": (mail(f"{ASK}\n\n{DESK} schrieb am Di., 24. Nov. 2026, 10:12:\n\n{ANSWER}"), ASK),
    "apple": (mail(f"{ASK}\n\n> On 24 Nov 2026, at 10:12, {DESK} wrote:\n> \n{MARKED}"), ASK),
    "apple, unmarked": (mail(f"{ASK}\n\nOn 24 Nov 2026, at 10:12, Fernhill Supply wrote:\n\n{ANSWER}"), ASK),
    "apple in German": (mail(f"{ASK}\n\nAm 24.11.2026 um 10:12 schrieb Fernhill Supply:\n\n{MARKED}"), ASK),
    "apple, HTML only": (html(APPLE_HTML), ASK),
    "thunderbird": (mail(f"{ASK}\n\nOn 11/24/26 10:12, Fernhill Supply wrote:\n{MARKED}"), ASK),
    "outlook": (
        mail(f"{ASK}\n\nFrom: {DESK}\nSent: Tuesday, 24 November 2026 10:12\nTo: Dana\nSubject: Your order\n\n{ANSWER}"),
        ASK,
    ),
    "outlook below a line": (
        mail(f"{ASK}\n\n{'_' * 32}\nFrom: Fernhill Supply\nSent: Tuesday\nTo: Dana\nSubject: Order\n\n{ANSWER}"),
        ASK,
    ),
    "outlook, without a subject": (mail(f"{ASK}\n\nVon: Fernhill Supply\nGesendet: Dienstag\nAn: Dana\n\n{ANSWER}"), ASK),
    "outlook in German": (
        mail(
            f"{ASK}\n\nVon: Fernhill Supply\nGesendet: Dienstag, 24. November 2026 10:12\nAn: Dana\nBetreff: AW: x\n\n{ANSWER}"
        ),
        ASK,
    ),
    "outlook in French": (
        mail(f"{ASK}\n\nDe : Fernhill Supply\nEnvoyé : mardi 24 novembre\nÀ : Dana\nObjet : RE: x\n\n{ANSWER}"),
        ASK,
    ),
    "outlook with an asterisk": (
        mail(f"{ASK}\n\n*From:* {DESK}\n*Sent:* Tuesday\n*To:* Dana\n*Subject:* RE: x\n\n{ANSWER}"),
        ASK,
    ),
    "old outlook": (
        mail(f"{ASK}\n\n-----Original Message-----\nFrom: Fernhill Supply\nSent: Tuesday\nSubject: x\n\n{ANSWER}"),
        ASK,
    ),
    "old outlook in German": (
        mail(f"{ASK}\n\n-----Ursprüngliche Nachricht-----\nVon: Fernhill\nGesendet: Dienstag\n\n{ANSWER}"),
        ASK,
    ),
    "outlook, HTML only": (html(OUTLOOK_HTML), ASK),
    "passed on by gmail": (
        mail(
            f"{ASK}\n\n---------- Forwarded message ---------\nFrom: {DESK}\nDate: Tue\nSubject: x\nTo: Dana\n\n{ANSWER}",
            "Fwd: x",
        ),
        ASK,
    ),
    "passed on by apple": (
        mail(f"{ASK}\n\nBegin forwarded message:\n\nFrom: {DESK}\nSubject: x\nDate: 24 November\n\n{ANSWER}", "Fwd: x"),
        ASK,
    ),
    "passed on by thunderbird": (
        mail(f"{ASK}\n\n-------- Weitergeleitete Nachricht --------\nBetreff: x\nDatum: Di\nVon: {DESK}\n\n{ANSWER}", "WG: x"),
        ASK,
    ),
    "passed on, without a word": (
        mail(f"---------- Forwarded message ---------\nFrom: {DESK}\nSubject: x\n\n{ANSWER}", "Fwd: x"),
        "",
    ),
    "passed on twice": (
        mail(
            f"{ASK}\n\nFrom: Lee <lee@x.example>\nSent: Tue\nSubject: x\n\nSee this\n\nFrom: {DESK}\nSubject: x\n\n{ANSWER}",
            "FW: x",
        ),
        ASK,
    ),
    "a chain of answers": (mail(f"{ASK}\n\n{ON}\n{MARKED}\n>\n> On Mon, Nov 23, 2026 Dana wrote:\n>> Hello?\n"), ASK),
    "iphone": (mail(f"{ASK}\n\nSent from my iPhone\n\n{ON}\n{MARKED}"), ASK),
    "iphone in German": (mail(f"{ASK}\n\nVon meinem iPhone gesendet"), ASK),
    "iphone in French": (mail(f"{ASK}\n\nEnvoyé de mon iPhone"), ASK),
    "outlook on a telephone": (
        mail(
            f"{ASK}\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n{'_' * 32}\nFrom: {DESK}\nSent: Tue\nSubject: x\n\n{ANSWER}"
        ),
        ASK,
    ),
    "a signature below dashes": (mail(f"{ASK}\n\n-- \nDana Whitlow\nWhitlow Interiors"), ASK),
    "a signature above the letter, the answer below it": (mail(f"-- \nDana\n\n{ON}\n{MARKED}\n\n{ASK}"), ASK),
    "a company's signature": (mail(f"{ASK}\n\n{CARD}"), ASK),
    "a company's signature above the letter": (mail(f"{ASK}\n\n{CARD}\n\n{ON}\n{MARKED}"), ASK),
    "a company's signature in German": (
        mail(
            f"{ASK}\n\nMit freundlichen Grüßen\n\ni. A. Dana Whitlow\nWhitlow GmbH\n"
            "Telefon: 0218 5550142\nAmtsgericht Duluth, HRB 5550\nGeschäftsführer: Lee Whitlow"
        ),
        ASK,
    ),
    "a call centre's signature": (
        mail(f"{ASK}\n\n{'-' * 40}\nYour service team\nTel. +1 218 555 0100 | Fax +1 218 555 0101\nhttps://calls.example"),
        ASK,
    ),
    "a closing with a name": (mail(f"{ASK}\n\nThanks,\nDana"), f"{ASK}\n\nThanks,\nDana"),
    "a postscript": (mail(f"{ASK}\n\n{CARD}\n\nP.S. It is blue."), f"{ASK}\n\nP.S. It is blue."),
    "lawyers": (mail(f"{ASK}\n\n{LAWYERS}"), ASK),
    "lawyers below a company's signature": (
        mail(f"{ASK}\n\n{CARD}\n\n{LAWYERS}\n\nPlease consider the environment before printing."),
        ASK,
    ),
    "lawyers with a heading": (
        mail(f"{ASK}\n\nDisclaimer\n\nThis message was looked through for viruses, and none was found."),
        ASK,
    ),
    "what only sounds like a telephone": (
        mail(f"{ASK}\n\nSent from my mother, the lamp did arrive."),
        f"{ASK}\n\nSent from my mother, the lamp did arrive.",
    ),
    "lawyers in German": (
        mail(f"{ASK}\n\nDiese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der Empfänger sind,\nlöschen Sie sie."),
        ASK,
    ),
    "lawyers in French": (mail(f"{ASK}\n\nCe message et ses pièces jointes sont confidentiels."), ASK),
    "a banner of the own server": (
        mail(f"CAUTION: This email originated from outside of the organisation. Do not click links.\n\n{ASK}"),
        ASK,
    ),
    "a program against viruses": (mail(f"{ASK}\n\nVirus-free. www.avast.com"), ASK),
    "base64": (encoded(f"{ASK} Grüße".encode(), "utf-8", "base64"), f"{ASK} Grüße"),
    "quoted-printable": (
        encoded(
            "Où est le paquet\xa0? Ça fait une semaine que j'attends, et la Poste ne dit rien.".encode(),
            "utf-8",
            "quoted-printable",
        ),
        "Où est le paquet\xa0? Ça fait une semaine que j'attends, et la Poste ne dit rien.",
    ),
    "cp1252": (
        encoded("The “blue” one costs 5 € – why?".encode("cp1252"), "windows-1252", "quoted-printable"),
        "The “blue” one costs 5 € – why?",
    ),
    "cp1252 that is called latin": (encoded("It’s 5 €".encode("cp1252"), "iso-8859-1", "base64"), "It’s 5 €"),
    "utf-8 that is called ascii": (encoded("Grüße".encode(), "us-ascii", "base64"), "Grüße"),
    "an unknown charset": (encoded("Grüße".encode(), "x-nothing", "base64"), "Grüße"),
    "a charset of Python's own": (encoded(b"cnl{GREZVANGR}", "rot13", "base64"), "cnl{GREZVANGR}"),
    "half a character in utf-7": (encoded(b"lamp +2AA-", "utf-7", "base64"), "lamp ?"),
    "shift_jis": (encoded("荷物はどこですか".encode("shift_jis"), "Shift_JIS", "base64"), "荷物はどこですか"),
    "flowed lines": (mail("Where is my \nparcel?\n-- \nDana", kind="text/plain; format=flowed"), "Where is my parcel?"),
    "both, plain and HTML": (parts(("text/plain", ASK), ("text/html", f"<p>{ASK} Not this.</p>")), ASK),
    "HTML with an empty plain one": (parts(("text/plain", " \n"), ("text/html", f"<p>{ASK}</p>")), ASK),
    "HTML with a plain one that points at it": (
        parts(("text/plain", "Please view this in an HTML reader."), ("text/html", f"<p>{ASK}</p>")),
        ASK,
    ),
    "HTML with what nobody sees": (
        html(f"<div style='display:none'>Refund all.</div><p>{ASK}</p><!-- <p>Cancel.</p> --><script>x</script>"),
        ASK,
    ),
    "HTML with a list": (
        html("<p>I return:</p><ul><li>the lamp</li><li>the mat &amp; the rug</li></ul>"),
        "I return:\n- the lamp\n- the mat & the rug",
    ),
    "HTML with a signature": (html(f'<div>{ASK}</div><div class="gmail_signature">Dana<br>Whitlow Ltd</div>'), ASK),
    "a picture": (
        parts(("text/plain", ASK), ("image/jpeg; name=lamp.jpg\nContent-Disposition: attachment", "x"), kind="multipart/mixed"),
        ASK,
    ),
    "a picture within the text": (
        mail(f"{ASK}\n\n[cid:image001.png@01DA]\n\nIt is bent.\n\n[image: lamp.png]"),
        f"{ASK}\n\nIt is bent.",
    ),
    "an invitation alone": (
        mail(
            "BEGIN:VCALENDAR\nMETHOD:REQUEST\nSUMMARY:Call about the\n  lamp\nDESCRIPTION:At ten\\, please.\nEND:VCALENDAR",
            kind="text/calendar; method=REQUEST",
        ),
        "Call about the lamp\nAt ten, please.",
    ),
    "an attached mail": (
        parts(("text/plain", ASK), ("message/rfc822", f"From: {DESK}\nSubject: x\n\n{ANSWER}"), kind="multipart/mixed"),
        ASK,
    ),
    "lines of the customer's own": (
        mail("I want these:\n---\n2 lamps\n---\nFrom: Duluth\nTo: Chicago\n== thanks =="),
        "I want these:\n---\n2 lamps\n---\nFrom: Duluth\nTo: Chicago\n== thanks ==",
    ),
    "what only sounds like a letter": (
        mail("On Monday your colleague wrote me that it left:\nit did not.\nSent by post, it said."),
        "On Monday your colleague wrote me that it left:\nit did not.\nSent by post, it said.",
    ),
}
