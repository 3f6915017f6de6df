"""What people would not mean as a plain yes to what was read back to them is none, and what they would mean as one is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.consent.answers import ReadBack, Stance, answers_to, stance_of
from switchboard.consent.repeated import WORD

CANCEL = (
    "Cancel all of order #K2000417 (Tent, for two, green; Camping Stove, 30 x 20 cm), reason: ordered by mistake. "
    "Back to you: 71.30 USD to the gift card, at once."
)
SEND = "Send order #K2000418 to another address: 12 Mill Road, Salem, OR 97301, USA."
EXCHANGE = "Exchange in order #K2000419: Lantern, 1.5 l, yellow for Lantern, 1.5 l, black. It costs 4.00 USD more."


def listed(texts: str) -> list[str]:
    return [text.strip() for line in texts.strip().splitlines() for text in line.split("|")]


NOT_YES = {
    CANCEL: """
        👍|yes 🤔|yes 👎|not 👍|yeah right|Yeah, right.|Yeah right, thank you very much|sure is great|Sure is good of you
        correct it|Please correct it|Correct that please|Correct the order|Please correct everything|ok correct it
        please confirm|Please confirm it to me|Confirm, please.|Yes, please confirm|Bestätige das bitte|Confirme, por favor
        confirme s'il vous plaît|Please proceed to confirm it
        is that correct|is it ok|is everything correct|is this all ok with you|do you agree|do I confirm|do you confirm it
        am I ok|ist das klar|ist das so in ordnung|passt das|so is it ok
        ja und|yes and|Yes, and...|yes to|oui et|ok so|sí y|ja wenn
        oui si|sí si|si es correcto|oui, si
        it's ok, thanks|that's ok thank you very much|it is ok|is klar
        yes, 30.71 USD|yes, 71 USD|yes, 30 USD|yes, 20|Yes, €71.30|yes, 71.30 €|yes %|yes, 71.3
        yes, by mistake|ok mistake|this is all by mistake, ok|yes, to the card|yes, to the gift card|Yes, back|ok back
        yes two|sure order two|Yes, order the tent|ok, order it|yes, the tent|Yes, cancel the tent|yes green
        yes cancel the stove
        yes, reason|ok by you|yes #K2000418|yes cancel order #K2000418|yes #K2000417 #K2000418|yes, you order
        ok hello|mach es gut|Machen Sie es gut, danke|na ja|na ja gut|yes then|ok it's|alles klar|todo claro|fine, whatever
    """,
    SEND: """
        Please correct the address|correct address|yes, another address|Yes, to another address please|ok another|yes, 12 Road
        yes, another road|yes, 12|yes, mill|Correct another address
    """,
    EXCHANGE: """
        yes, yellow|Yes, the yellow please|yes, yellow for black|yes the black for the yellow|yes, 5.1 l|yes, 1 l|yes, 5
        yes more|yes, exchange black for yellow|yes, both yellow|yes, in yellow|yes, 4
    """,
}
PLAIN = {
    "yes": """
        Yes, do it, whatever.
        Yes.|Yes please|yes pls|yes, please do|Yes, go ahead and do it|OK|ok go ahead|Sure, thanks|yup|I confirm|I confirm it
        yes I confirm|confirmed|Confirm|That is correct|that's correct|Correct.|Correct, thanks|yes, it's correct|That's right
        Of course!|certainly|Absolutely|Yes, exactly|Proceed|Yes, I'm sure|yes it is|Sounds good, go ahead|go for it
        yes 👍|YES!!! 👍🏽|Ja 🙂|ok ❤️
        Yes, cancel it|Yes, please cancel it. Thanks!|yes cancel the order|Yes, cancel my order|Yes, cancel all of it
        Yes, cancel order #K2000417|Yes, cancel #K2000417 please|Yes, please cancel order K2000417.|Yes, #K2000417
        please go ahead and cancel it|Hello, yes please|Ja, gerne|Machen Sie das bitte|Ich bin einverstanden|Ich bestätige das
        Genau|Natürlich|passt so|na klar|oui svp|C'est d'accord|Bien sûr|Tout à fait|Oui, faites-le|Je confirme|C'est entendu
        si|si por favor|si, de acuerdo|Claro que sí|Por supuesto|Lo confirmo|Hágalo|Sí, es correcto|Correcto|Exacto
    """,
    "no": """
        Do not cancel it|No, don't cancel it|please do not cancel order #K2000417|No, please don't cancel my order|No, keep it
        I do not agree|I don't agree|No way|Of course not|absolutely not|not at all|I don't want it|forget it|Bitte nicht
        Non, laissez comme ça|no, déjelo|no 👍|auf keinen Fall|pas du tout|claro que no|por supuesto que no|no, por favor
    """,
}


@pytest.mark.parametrize(("question", "words"), [(q, one) for q, some in NOT_YES.items() for one in listed(some)])
def test_what_nobody_means_as_a_plain_yes_is_none(question: str, words: str) -> None:
    assert stance_of(words, question) != "yes"


@pytest.mark.parametrize(("stance", "words"), [(s, one) for s, some in PLAIN.items() for one in listed(some)])
def test_a_plain_answer_may_name_what_it_is_about(stance: Stance, words: str) -> None:
    assert stance_of(words, CANCEL) == stance


@given(st.lists(st.sampled_from(WORD.findall(CANCEL.casefold())[3:]), min_size=1, max_size=4))
def test_a_yes_that_repeats_only_the_middle_of_the_question_is_none(middle: list[str]) -> None:
    said = " ".join(["yes", *middle])
    if {"all", "of", "to", "you", "the", "#k2000417"}.isdisjoint(middle):
        assert stance_of(said, CANCEL) != "yes"


TWO = ("Cancel order #K12; 71.30 USD go back to the card.", "Return the poles of order #K13.")
SEVERAL = {
    (): """
        Yes, cancel #K13|yes cancel 2|yes return 1|ok return #K12|yes, cancel the poles|yes the poles of #K12|yes, 1 of 2
        just one second please|one second|Yes, one second.|just 1 second|un segundo|second|seconde|OK second please
        yes 2 of them|yes 1 to 2|yes, 1/2|first 2|the first 2|2 first|yes, 2 first|the second first|yes 71|yes, card|yes order
        Don't cancel #K12
    """,
    (1,): "Yes, cancel #K12|yes, cancel it|Yes, #K12 please|the first|1",
    (2,): "yes, return #K13|Yes, return the poles|the second one|2|yes, 2|Yes, K13",
    (1, 2): "yes|Yes, cancel #K12 and return #K13|both|1 and 2|Yes, 1 and 2.|the first and the second",
}


@pytest.mark.parametrize(("places", "words"), [(p, one) for p, some in SEVERAL.items() for one in listed(some)])
def test_of_two_calls_those_are_let_pass_that_an_answer_names(places: tuple[int, ...], words: str) -> None:
    calls = [ReadBack(f"call_{n}", str(n), text) for n, text in enumerate(TWO, start=1)]
    assert tuple(n for n, stance in enumerate(answers_to(words, calls).values(), start=1) if stance == "yes") == places
