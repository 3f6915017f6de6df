"""French: closed lists of small words, and nothing of any trade."""

from switchboard.grounding.tongues.tongue import Tongue, beginnings, listed, phrases

FRENCH = Tongue(
    small=listed(
        "je vous nous est ou ma mon mes le la les une des du et pas ne pour avec que qui sur c bonjour merci votre vos un "
        "de a au aux en dans il elle se ce cette par sont ete avons ai si plus sera"
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
    by_now=listed("maintenant deja desormais"),
    moving=listed("route cours effectue effectuee traite traitee chemin"),
    please=listed("plait veuillez"),
    give=listed(
        "envoyer envoyez donner donnez indiquer indiquez communiquer communiquez saisir saisissez confirmer confirmez quel "
        "quelle"
    ),
    secrets=(
        "mot de passe",
        "code pin",
        "cvv",
        "cvc",
        "numero de carte",
        "numero de votre carte",
        "code de securite",
        *("trois chiffres", "date de naissance", "dos de votre carte"),
    ),
    polite=listed(
        "desole desolee excuses excusez merci bonjour cordialement bien sur plaisir aider aide question questions autre "
        "chose desagrement patience comprends moment bonne journee hesitez contacter heureux heureuse espere"
    ),
    third=("le client", "la cliente", "du client"),
    before_nouns=listed("jours le la les l un une des du de d ma mon votre vos cette ce"),
    how_much=("combien", "quel est le prix", "quel prix", "quels sont les prix", "quel est le delai"),
    soon=phrases(
        "un instant, un moment, je verifie, je vais, nous allons, mets en relation, reviendrons, reviens vers, patientez, "
        "je regarde, nous verifions, vous recontacter, dans les plus brefs"
    ),
    ours=listed("je nous equipe collegue conseiller service quelqu"),
    shall=listed("va vont allons vais"),
    denials=listed("ne n pas plus jamais rien aucun aucune"),
    can=listed("peut peuvent pouvez peux possible pourra"),
    absolutes=(
        listed("free gratuit gratuite gratuits gratuites gratuitement offert offerte"),
        listed("guaranteed garanti garantie garantis"),
        listed("always toujours"),
        listed("included inclus incluse compris"),
    ),
    refusals=beginnings("refus rejet declin"),
    consents=beginnings("approuv accord accept autoris valid permis permet possible"),
)
