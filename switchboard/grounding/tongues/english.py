"""English: closed lists of small words, and nothing of any trade."""

from switchboard.grounding.tongues.tongue import Tongue, beginnings, listed, phrases

ENGLISH = Tongue(
    small=listed(
        "i you we it is are was the a an and not for with of to my your have has do does did can what where how this that "
        "on in be been will would there here them they if or as at by from its our so no yes but any am were had us me"
    ),
    me=listed("i we"),
    yours=listed("your"),
    perfect=listed("has have had was were been being got"),
    present=listed("is are"),
    participle=r"[a-z-]{2,}ed",
    irregular=listed("sent paid made done given put taken set got bought sold lost kept left brought begun written built cut"),
    looking=beginnings("check look found see seen review note underst receiv got need want want tri confirmed list attach"),
    conditions=listed("if whether once when whenever after before unless until while soon should"),
    hedges=listed(
        "can could may might must cannot not no never nothing none neither nor without would unable only perhaps maybe"
    ),
    denials=listed("not no never nothing none neither nor cannot nobody"),
    over=listed("done sorted settled handled resolved fixed complete completed finished all+set"),
    by_now=listed("now already just currently meanwhile"),
    moving=listed("way underway transit through completed complete processed progress happening arrived"),
    please=listed("please kindly"),
    give=listed("send give tell share provide reply type submit confirm need what enter read dictate write"),
    secrets=(
        *beginnings("password passcode pin cvv cvc otp"),
        *("card number", "card details", "number of your card", "security code", "verification code", "one-time code"),
        *("login code", "sms code", "social security", "bank login", "four digits", "expiry date", "expiration date"),
        *("three digits", "back of your card", "date of birth", "mother s maiden"),
    ),
    polite=listed(
        "sorry afraid news thank thanks apologise apologize apologies inconvenience trouble welcome hello hi hey dear regards "
        "kind best wishes sincerely happy glad pleasure help helps assist assistance anything else question questions "
        "further day nice great good understand patience patient contacting reaching touch reach writing wrote message "
        "confusion course sure certainly moment wait waiting let know feel team wish hope enjoy appreciate gladly "
        "unfortunately great lovely still ever today again more letting mistake mind according records tell ask always "
        "hear"
    ),
    third=("the customer", "the user", "this customer", "a customer"),
    before_nouns=listed("a an the"),
    how_much=("how much", "how many", "how long", "how often", "what is the price", "what does it cost", "what do you charge"),
    soon=phrases(
        "one moment, a moment, just a second, let me, please hold, hold on, please wait, bear with, connect you, get back "
        "to you, be in touch, looking into, look into, transfer you, put you through, stand by, working on it, going to "
        "check, reach out to, as soon as possible, keep you posted, keep you updated, am going to, are going to"
    ),
    ours=listed(
        "i we team colleague colleagues specialist agent manager someone somebody department they supervisor warehouse"
    ),
    shall=listed("will shall"),
    can=listed("can ca could may possible able cannot"),
    to_come=listed("will shall"),
    absolutes=(
        listed("free no+cost no+charge no+extra+charge no+extra+cost costs+nothing cost+nothing pay+nothing complimentary"),
        listed("guaranteed guarantee guarantees guaranteeing"),
        listed("always"),
        listed("forever permanent permanently for+good"),
        listed("automatically automatic"),
        listed("included worldwide"),
    ),
    widening=(
        listed("everyone everybody everything anyone anybody anything"),
        listed("all every each both whole"),
        listed("only solely exclusively"),
    ),
    modest=listed("know sure promise say tell give guess see find"),
    must=listed("must need+to have+to"),
    causes=listed("because until unless"),
    light=listed(
        "little neither early able already altogether another asked back both bought change check come contain cost "
        "currently usd dollar date day detail details done each end everything exact exactly far find firm first full get "
        "give go goes going half here hold include info information item keep last late later leave left like little long "
        "longer look make matter mean means next nothing number only order other overall part per prefer price product "
        "purchase right running runs same second see set put made given taken old show side something stand state status "
        "step sum take thing third time times together total want way went whole within yes yesterday"
    ),
    usual=listed("most mostly usually often normally typically"),
    days=listed("today tomorrow tonight soon shortly"),
    refusals=beginnings("refus declin reject denied disapprov turned"),
    consents=beginnings("approv agree allow authori permit accept grant possible consent"),
)
