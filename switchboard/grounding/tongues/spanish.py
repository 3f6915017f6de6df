"""Spanish: closed lists of small words, and nothing of any trade."""

from switchboard.grounding.tongues.tongue import Tongue, beginnings, listed, phrases

SPANISH = Tongue(
    small=listed(
        "yo usted mi mis el la los las un una y no por para con que de en esta donde hola gracias quiero tengo como su sus "
        "le lo se es del al ha he hemos si ya mas o sera son fue"
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
    by_now=listed("ahora ya actualmente"),
    moving=listed("camino curso proceso completado tramite"),
    please=listed("favor"),
    give=listed("enviar envie enviarme envieme dar deme digame indique indicar facilite comparta confirme escriba cual"),
    secrets=(
        "contrasena",
        "pin",
        "cvv",
        "cvc",
        "numero de tarjeta",
        "numero de su tarjeta",
        "codigo de seguridad",
        "clave",
        *("tres digitos", "fecha de nacimiento", "reverso de su tarjeta"),
    ),
    polite=listed(
        "siento lamento disculpe disculpas gracias hola saludos cordiales gusto ayudar ayudarle ayuda pregunta preguntas "
        "algo mas molestia molestias paciencia entiendo momento buen dia claro encantado espero"
    ),
    third=("el cliente", "la clienta", "del cliente"),
    before_nouns=listed("el la los las un una su sus mi mis tu este esta del al"),
    how_much=("cuanto", "cuanta", "que precio", "cual es el precio", "que plazo", "cual es el plazo"),
    soon=phrases(
        "un momento, voy a, vamos a, permitame, dejeme, le pongo, nos pondremos, le contactara, le paso, espere, estoy "
        "revisando, lo antes posible, le avisaremos, lo reviso"
    ),
    ours=listed("yo nosotros equipo companero companera agente departamento alguien"),
    shall=listed("va van vamos voy"),
    denials=listed("no nunca nada ningun ninguna tampoco"),
    can=listed("puede pueden podemos podra posible"),
    absolutes=(
        listed("free gratis gratuito gratuita gratuitos gratuitas"),
        listed("guaranteed garantizado garantizada garantizamos"),
        listed("always siempre"),
        listed("included incluido incluida"),
    ),
    refusals=beginnings("rechaz deneg"),
    consents=beginnings("aprob acept autoriz permit posible concedi"),
)
