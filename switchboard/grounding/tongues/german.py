"""German: closed lists of small words, and nothing of any trade."""

from switchboard.grounding.tongues.tongue import Tongue, beginnings, listed, phrases

GERMAN = Tongue(
    small=listed(
        "ich sie wir ist wo meine mein meinen der die das und nicht ein eine fuer für mit von auf bitte danke hallo kann "
        "habe ihre ihr ihren ihrer ihnen es den dem des im in zu bei an wird wurde haben sind noch auch nach aus als wenn "
        "oder dann sich"
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
    by_now=listed("jetzt nun bereits schon soeben inzwischen"),
    moving=listed("unterwegs weg abgeschlossen durch veranlasst"),
    please=listed("bitte"),
    give=listed("senden schicken nennen geben teilen sagen mitteilen bestatigen eingeben wie lautet brauche"),
    secrets=(
        "passwort",
        "kennwort",
        "pin",
        "cvv",
        "cvc",
        "kartennummer",
        "sicherheitscode",
        "tan",
        "kreditkartennummer",
        *("drei ziffern", "geburtsdatum", "ruckseite ihrer karte"),
    ),
    polite=listed(
        "entschuldigung entschuldigen leid tut danke vielen dank gern gerne hallo guten tag herzlich herzliche grusse "
        "liebe freundlichen freundliche helfen hilfe frage fragen weiter weitere sonst etwas moment schonen geduld "
        "verstandnis melden melde bescheid naturlich selbstverstandlich team freut freue hoffe willkommen"
    ),
    third=("der kunde", "die kundin", "dem kunden", "des kunden"),
    before_nouns=listed(
        "der die das den dem des ein eine einen einem einer ihr ihre ihren ihrem ihrer kein keine zum zur im am"
    ),
    how_much=("wie viel", "wieviel", "wie lange", "wie oft", "wie teuer", "was kostet", "was kosten"),
    soon=phrases(
        "einen moment, moment bitte, ein augenblick, ich schaue, ich prufe, wir prufen, ich kummere, wir kummern, melden "
        "uns, melde mich, verbinde sie, leite sie, ich leite, bitte warten, bleiben sie dran, in kurze"
    ),
    ours=listed("ich wir team kollege kollegin kollegen mitarbeiter abteilung jemand"),
    shall=listed("werde werden wird"),
    denials=listed("nicht kein keine keinen nie niemals nichts"),
    can=listed("kann konnen konnte darf durfen moglich"),
    absolutes=(
        listed("free kostenlos kostenfrei gratis umsonst versandkostenfrei"),
        listed("guaranteed garantiert garantieren"),
        listed("always immer"),
        listed("included inbegriffen weltweit"),
    ),
    refusals=beginnings("abgelehnt ablehn verweiger zuruckgewiesen"),
    consents=beginnings("genehmig freigegeb freigab bewillig zugestimm zustimm erlaub gestatt moglich"),
)
