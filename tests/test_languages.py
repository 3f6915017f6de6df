"""Language packs: all of them say the same, nothing that customers hear stands in the code, and requests read alike in each."""

import ast
import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.effort import growth
from support.patterns import Found
from support.toys import run, team, told
from test_linear import LENGTH, SOME, steep

from switchboard.declare.human import Prepared
from switchboard.declare.moves import Say, call
from switchboard.declare.play import Process, Slot
from switchboard.declare.team import Limits
from switchboard.declare.transcript import View
from switchboard.declare.vocabulary import Vocabulary
from switchboard.errors import DeclarationError
from switchboard.money import amounts, money_in
from switchboard.plays.slots import told_in, value_for
from switchboard.reading.languages import SPOKEN, language_for, language_told, languages, said
from switchboard.reading.learning.features import stem
from switchboard.reading.left_alone import parts_of
from switchboard.reading.meant import languages_of, meant
from switchboard.reading.tongues import Tongue, folded, folded_form, letters, tongue_of, with_verbs

ROOT = Path(__file__).parent.parent
OTHERS = [language for language in SPOKEN if language != "en"]


def test_every_pack_says_the_same_messages_with_the_same_fields() -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    english = {name: fields(text) for name, text in languages()["en"].says.items()}
    for language in OTHERS:
        assert {name: fields(text) for name, text in languages()[language].says.items()} == english, language


def test_every_pack_has_what_is_read_and_spelled_by() -> None:
    assert all(languages()[language].reading.keys() == languages()["de"].reading.keys() for language in OTHERS)
    assert all(isinstance(tongue_of(language), Tongue) for language in OTHERS) and tongue_of("en") is None
    assert all(languages()[language].spelling.keys() == languages()["en"].spelling.keys() for language in SPOKEN)
    assert all(len(languages()[one].spelling["months"].split()) == 12 for one in SPOKEN)


SENTENCE = re.compile(r"[A-Za-z]{2,}'?[a-z]* [a-z]{2,} \S*[a-z]{2,}")
SPEAKERS = ("plays", "loop/closing.py", "loop/executor.py", "loop/drive.py", "consent/record.py", "consent/codes.py")
OF_COLLEAGUES = {
    "raise",
    "Refused",
    "NotConfirmed",
    "stop",
    "warning",
    "error",
    "exception",
    "NotSent",
    "_hand_over",
    "compile",
}
"""What is raised, logged, or said to who takes the case over."""
READ_BY_COLLEAGUES = (
    "Nothing was found in the sources", "Not known whether done", ", which would be something else",
    "The customer", "The run has ended", "An operator", "The case was to go", "It asked a question", "This call waits",
    "They wrote", " waits for an operator", "The operator", "nothing was changed",
    " was not run: its", " needs", "did not approve",
)  # fmt: skip


def sentences_in(tree: ast.AST, inside: tuple[str, ...] = ()) -> list[str]:
    """The string constants of a module that are sentences, but for docstrings and what only colleagues read."""
    found: list[str] = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Assign) and any(getattr(one, "id", "") == "SMALL_TALK" for one in node.targets):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        named = (*inside, "raise" if isinstance(node, ast.Raise) else name)
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if SENTENCE.search(text) and not OF_COLLEAGUES & {*named} and not text.startswith(READ_BY_COLLEAGUES):
            found.append(text)
        found += sentences_in(node, named)
    return found


def test_no_sentence_for_customers_stands_in_the_code() -> None:
    files = [file for name in SPEAKERS for file in sorted((ROOT / "switchboard" / name).rglob("*.py") or [])]
    files += [ROOT / "switchboard" / name for name in SPEAKERS if name.endswith(".py")]
    assert len(files) > 10
    assert {file.name: found for file in files if (found := sentences_in(ast.parse(file.read_text("utf-8"))))} == {}


@pytest.mark.parametrize(
    ("text", "ours", "told"),
    [
        ("B-101", "de", ""),
        ("Bitte den Saal absagen", "de", "de"),
        ("An was denken Sie, also so in etwa?", "de", "de"),
        ("Please tell me what this is about", "de", "en"),
        ("Je voudrais une autre salle, pouvez-vous aider", "de", "fr"),
        ("Vorrei una sala per domani, grazie", "de", "it"),
        ("Где мой зал", "fr", "ru"),
        ("¿Dónde está la sala que reservé?", "fr", "es"),
        ("on me la donne", "fr", "fr"),
        ("Where is it and how do I pay", "es", "en"),
        ("no lo cancele", "es", "es"),
        ("merci", "de", "fr"),
        ("yes", "en", ""),
    ],
)
def test_a_text_tells_its_language_apart_from_that_of_the_team(text: str, ours: str, told: str) -> None:
    assert language_told(text, ours) == told
    assert language_for([text], ours) == (told if told in SPOKEN else ours)


WISHES: dict[str, dict[str, list[str]]] = {
    "de": {
        "asked": [
            "Sagen Sie bitte den Kurs am Dienstag ab.", "Ich möchte gern K-7 abbestellen", "K-7 bitte abbestellen",
            "Koennen Sie K-7 absagen?", "Ich bitte Sie, K-7 abzusagen", "Der Kurs, den ich gebucht habe, soll abgesagt werden",
            "Falls es noch geht, sagen Sie K-7 ab", "Ich kann nicht kommen und will K-7 absagen",
            "Sagen Sie den Kurs, der am Montag anfängt, bitte ab", "Am 3. August kann ich nicht, bitte absagen",
            "Nehmen Sie bitte die Absage von K-7 vor", "Ich brauche K-7 nicht mehr bitte absagen", "Dann sagen Sie K-7 halt ab",
        ],
        "denied": [
            "Bitte sagen Sie den Kurs nicht ab", "K-7 auf keinen Fall absagen", "Ich will K-7 nicht absagen",
            "Sagen Sie den Kurs, der am Montag anfängt, bitte nicht ab", "Bitte K-7 absagen. Ach nein, doch nicht.",
            "Ziehen Sie die Absage von K-7 zurück", "Sagen Sie keinesfalls ab", "Ich möchte keine Absage",
            "Ich will auf gar keinen Fall, dass K-7 abgesagt wird", "Ich habe nicht vor, K-7 abzusagen",
            "Unterlassen Sie eine Absage",
            "Es ist nicht nötig, K-7 abzusagen", "Sie brauchen K-7 nicht abzusagen", "Bitte K-7 nicht mehr absagen",
        ],
        "settled": ["Ich habe K-7 schon abgesagt", "K-7 wurde bereits abbestellt", "Ich habe K-7 nie abgesagt"],
        "open": [
            "Kann ich K-7 absagen?", "Wie sage ich K-7 ab?", "Was kostet es, K-7 abzusagen?", "Vielleicht sage ich K-7 ab",
            "Wenn es schneit, sagen Sie K-7 ab", "Bitte K-7 absagen, falls es schneit", "Warum wurde K-7 nicht abgesagt?",
            "Meine Frau meint, ich soll K-7 absagen", "Ich überlege, ob ich K-7 absage",
            "Ich habe eine Frage zur Absage von K-7", "Ich möchte wissen, wie ich K-7 absage",
        ],
    },
    "fr": {
        "asked": [
            "Annulez le cours de mardi, s'il vous plaît", "Je voudrais annuler K-7", "Je n'en ai plus besoin, annulez K-7",
            "Pourriez-vous annuler K-7 ?", "Si c'est encore possible, annulez K-7", "Merci d'annuler K-7",
        ],
        "denied": [
            "Ne l'annulez pas", "n'annulez surtout pas K-7", "Je ne veux pas annuler K-7", "Annulez K-7. Finalement non.",
            "Pas besoin d'annuler K-7", "Vous n'avez plus besoin d'annuler K-7",
            "Évitez d'annuler K-7",
            "Je refuse que vous annuliez K-7",
            "Il n'est pas utile, à ce jour, d'annuler K-7", "Il ne faut pas annuler K-7",
            "Annulez K-7, je plaisante, n'annulez rien",
        ],
        "settled": ["J'ai déjà annulé K-7", "K-7 a été annulé hier", "Je n'ai jamais annulé K-7"],
        "open": [
            "Puis-je annuler K-7 ?", "Comment annuler K-7 ?", "J'hésite à annuler K-7", "Annulez K-7 s'il neige",
            "Combien coûte une annulation ?", "Pourquoi K-7 n'a pas été annulé ?", "Mon mari dit qu'il faut annuler K-7",
        ],
    },
    "es": {
        "asked": [
            "Cancele el curso del martes, por favor", "Quiero cancelar K-7", "Ya no lo necesito, cancele K-7",
            "¿Podría cancelar K-7?", "Si es posible, cancele K-7", "No podemos ir, así que cancele K-7",
        ],
        "denied": ["No lo cancele", "no lo canceles", "No quiero cancelar K-7", "Cancele K-7. Mejor no.",
            "Ya no necesito cancelar K-7", "No hace falta cancelar K-7", "Evite cancelar K-7", "No necesito que cancele K-7",
        ],
        "settled": ["Ya cancelé K-7", "K-7 fue cancelado ayer", "Nunca he cancelado K-7"],
        "open": [
            "¿Puedo cancelar K-7?", "¿Cómo cancelo K-7?", "Quizás cancele K-7", "Cancele K-7 si nieva",
            "¿Por qué no se canceló K-7?", "Mi marido dice que cancele K-7",
            "Tengo una pregunta sobre cancelar K-7",
        ],
    },
}  # fmt: skip
DEEDS = {"de": r"\b(?:absag|abbestell)\w*", "fr": r"\bannul\w*", "es": r"\bcancel\w*"}


@pytest.mark.parametrize(
    ("language", "wants", "text"), [(a, b, c) for a, kinds in WISHES.items() for b, texts in kinds.items() for c in texts]
)
def test_what_words_want_of_a_deed(language: str, wants: str, text: str) -> None:
    deed = re.compile(DEEDS[language], re.IGNORECASE)
    for written in (text, text.upper(), text.lower(), letters(text, language)):
        assert meant(written, deed, languages_of(written, language, language)) == wants, written


def test_the_most_careful_of_several_readings_counts() -> None:
    deed = re.compile(r"\b(?:cancel|stornier)\w*", re.IGNORECASE)
    both = "Bitte den Kurs nicht stornieren, danke\nok thank you for all of that"
    assert meant(both, deed, languages_of(both, "en", "en")) == "denied"
    assert languages_of("Please cancel it", "en", "en") == ["en"]


@pytest.mark.parametrize(
    ("written", "read"),
    [("Sagen Sie K-7 ab.", "absagen"), ("K-7 abzusagen", "absagen"), ("ich rufe morgen an und sage ab", "absage")],
)
def test_a_verb_whose_parts_stand_apart_is_found(written: str, read: str) -> None:
    assert read in with_verbs(letters(written, "de"), "de").split()


@given(st.text(max_size=60), st.sampled_from(OTHERS))
def test_folded_letters_know_where_they_stand(text: str, language: str) -> None:
    read = folded(text, language)
    assert len(read.places) == len(read.text) + 1 and list(read.places) == sorted(read.places)
    assert "".join(part.text + part.mark for part in parts_of(text, re.compile("x"), language)) == text


def test_umlauts_and_accents_may_be_left_out() -> None:
    forms = ("kündigen", "kuendigen", "KÜNDIGEN", "kundigen", "ku\u0308ndigen")
    assert all(folded_form("kündig", "de").search(letters(form, "de")) for form in forms)
    slot = Slot("day", "Wann?", r"\b(?:märz|mai)\b")
    view = View("desk", "im Maerz", "im Maerz", language="de", team_language="de")
    assert value_for(slot, view, {}) == "Maerz"
    assert stem("buchungen", "de") == stem("buchung", "de") and stem("annulees", "fr") == stem("annuler", "fr")


@pytest.mark.parametrize(
    ("language", "text", "alone"),
    [
        ("de", "K-7 absagen, nicht K-8", ["nicht K-8"]),
        ("de", "K-8 möchte ich behalten", ["K-8 möchte ich behalten"]),
        ("de", "alles absagen außer K-8 am 3. August", ["außer K-8 am 3. August"]),
        ("fr", "annulez K-7 mais pas K-8", ["mais pas K-8"]),
        ("fr", "annulez tout sauf K-8", ["sauf K-8"]),
        ("es", "cancele K-7, no K-8", ["no K-8"]),
        ("es", "cancele todo excepto K-8", ["excepto K-8"]),
        ("es", "cancele K-7 porque no lo necesito", []),
    ],
)
def test_what_is_left_alone(language: str, text: str, alone: list[str]) -> None:
    assert [part.text for part in parts_of(text, re.compile("absag|annul|cancel"), language) if part.left_alone] == alone


@pytest.mark.parametrize(
    ("language", "currency", "amount", "spelled"),
    [
        ("en", "USD", 4999, "49.99 USD"),
        ("en", "USD", -123456, "-1,234.56 USD"),
        ("de", "EUR", 4999, "49,99 EUR"),
        ("de", "EUR", 123456, "1.234,56 EUR"),
        ("fr", "EUR", 123456, "1 234,56 EUR"),
        ("es", "EUR", 123456, "1.234,56 EUR"),
        ("de", "CHF", 5, "0,05 CHF"),
        ("en", "JPY", 1234, "1,234 JPY"),
        ("de", "KWD", 1234567, "1.234,567 KWD"),
    ],
)
def test_amounts_are_spelled_as_the_team_writes_them(language: str, currency: str, amount: int, spelled: str) -> None:
    assert Vocabulary(currency=currency, language=language).money(amount) == spelled


@given(st.integers(0, 10**12), st.sampled_from(SPOKEN), st.sampled_from(["USD", "EUR", "GBP", "CHF", "JPY", "KWD", "PLN"]))
def test_an_amount_that_is_spelled_is_read_as_the_same(amount: int, language: str, currency: str) -> None:
    written = Vocabulary(currency=currency, language=language).money(amount)
    assert list(amounts(f"x {written}.", money_in(currency))) == [amount]


@pytest.mark.parametrize(
    ("language", "spelled"),
    [
        ("en", "August 3, 2026; Monday, August 3, 2026; 2:30 pm; 1234.56; a, b and c"),
        ("de", "3. August 2026; Montag, 3. August 2026; 14:30 Uhr; 1.234,56"),
        ("fr", "3 août 2026; lundi 3 août 2026; 14 h 30; 1 234,56"),
        ("es", "3 de agosto de 2026; lunes, 3 de agosto de 2026; 14:30; 1.234,56"),
    ],
)
def test_dates_and_times_of_templates_are_spelled(language: str, spelled: str) -> None:
    found = {"one": {"day": "2026-08-03", "at": "2026-08-03T14:30:00+02:00", "cents": 123456}}
    template = "{one.day:date}; {one.at:weekday}; {one.at:time}; {one.cents:money}"
    assert told_in(template, found, language, "EUR") == spelled.removesuffix("; a, b and c")
    assert told_in("On {one.at:date}. {one.cents:date}", {"one": {"at": "soon", "cents": 5}}, language) == ""
    assert told_in("At {one:time}.", {"one": "09:05"}, "en") == "At 9:05 am."
    assert told_in("Le {one:date}.", {"one": "2026-05-01"}, "fr") == "Le 1er mai 2026."


def test_a_form_that_no_template_has_is_refused() -> None:
    with pytest.raises(DeclarationError, match=":money, :units, :date, :weekday, :time"):
        Process("{customer:hour}")
    with pytest.raises(DeclarationError, match="en, de, fr, es"):
        team(language="it")


def endless(view: View) -> Any:
    return call("look_up", number=len(view.calls))


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(
    ("worker", "human", "limits", "ids"),
    [
        (endless, None, Limits(tool_calls=2), ["case.limit", "case.write_again"]),
        (lambda view: call("break_down"), None, Limits(), ["case.failed", "case.nothing_done"]),
        (lambda view: call("look_up", number=1), None, Limits(), ["case.loop"]),
        (lambda view: Say("Oui.") if view.calls else call("pay", cents=9000), Prepared([], []), Limits(), []),
    ],
)
def test_the_loop_closes_in_the_language_of_the_team(
    tmp_path: Path, language: str, worker: Any, human: Any, limits: Limits, ids: list[str]
) -> None:
    result = run(tmp_path, team(worker, language=language, limits=limits), "12", human)
    assert all(said(one, language) in told(result) for one in ids), told(result)
    assert not re.search(r"\b(?:the|you|your|this|was|with)\b", told(result)), told(result)


def test_the_customers_own_language_is_answered_where_there_is_a_pack(tmp_path: Path) -> None:
    failing = team(lambda view: call("break_down"), language="de")
    assert said("case.failed", "fr") in told(run(tmp_path / "fr", failing, "Je voudrais mon argent, s'il vous plaît"))
    assert said("case.failed", "de") in told(run(tmp_path / "it", failing, "Vorrei i miei soldi, per favore, grazie"))


@pytest.mark.slow
@pytest.mark.parametrize("language", OTHERS)
def test_nothing_that_reads_another_language_takes_work_out_of_proportion(language: str) -> None:
    tongue = tongue_of(language)
    forms = [Found(f"{language}.{name}", one) for name, one in vars(tongue).items() if isinstance(one, re.Pattern)]
    assert steep(forms, every=SOME) == {}
    deed = re.compile(DEEDS[language], re.IGNORECASE)
    uses = {
        "meant": lambda text: meant(text, deed, languages_of(text, language, language)),
        "parts_of": lambda text: parts_of(text, deed, language),
        "with_verbs": lambda text: with_verbs(letters(text, language), language),
    }
    parts = ("ab ", "nicht, ", "ne annule pas, ", "absagen, ", "und ", "¿", "wenn ", "sagen ab. ", "cancele no ", "ä", "ae")
    texts = [(part * (LENGTH // len(part)), part * (LENGTH // 4 // len(part))) for part in parts]
    tried = [(f"{name} of {text[:9]!r}", growth(use, text, part)) for name, use in uses.items() for text, part in texts]
    assert [one for one in tried if one[1]] == []
