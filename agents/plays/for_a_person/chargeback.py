"""Chargeback."""

from switchboard.declare.play import Play

play = Play(
    name="chargeback",
    about="The customer names a chargeback or a dispute with their bank: give no refund beside it.",
    says=(
        "Thank you for telling us. While your bank looks at a charge we do not send the same money a second time; a "
        "colleague takes this up with you and the bank."
    ),
    examples=(
        "I have opened a dispute with my bank",
        "I filed a chargeback for this order",
        "my credit card company is reversing the payment",
        "I disputed the charge with my bank",
        "I told my bank to take the money back",
        "I am going to do a chargeback",
        "PayPal dispute opened for my order",
        "my bank has started a chargeback against you",
        "the card issuer is investigating your charge",
        "I asked Visa to reverse your charge",
        "I will dispute this payment with my card company",
        "claim opened at PayPal about your shop",
        "the bank already returned the money to me after my complaint",
        "I contested the transaction at my bank",
        "I opened a PayPal case against you",
        "dispute filed with the card issuer",
        "my bank is looking into your charge",
        "there is a PayPal claim about this order",
    ),
    unlike=(
        "send one charge back, I was charged twice",
        "please charge back what you took twice",
        "you took the money twice, give one charge back",
        "when do I get my money back on my card",
        "my bank shows two charges",
        "PayPal please",
        "with PayPal",
        "by credit card",
        "my Visa",
        "the PayPal account, not the card",
        "put the difference on my PayPal",
        "pay it with the Mastercard",
    ),
    names=("chargeback", "disput", "bank", "paypal", "issuer", "visa", "mastercard", "card", "contest"),
    of_customer=False,
)
