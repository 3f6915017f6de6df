"""Marked as delivered."""

from switchboard.declare.play import Play

play = Play(
    name="not_received",
    about="The parcel is marked as delivered, and the customer has not got it.",
    says=(
        "I am sorry, that must be worrying. Please look with neighbours and at the places where parcels are left; a "
        "colleague opens a trace with the carrier meanwhile, and you hear from us what came of it."
    ),
    examples=(
        "tracking says delivered but I never got it",
        "my parcel is marked as delivered but it is not here",
        "it says delivered yesterday and there is nothing at my door",
        "the carrier claims that they delivered it, I have not received anything",
        "the package was stolen from my porch",
        "shows as delivered, but nobody in the house has seen it",
        "according to the website my order was delivered, it was not",
        "I did not receive my order although the status is delivered",
        "the driver took a photo of another house",
        "somebody took my parcel from the doorstep",
        "delivered to the wrong address, not mine",
        "the tracking number says left at front door but no package",
        "your mail says my order has arrived and I have nothing",
        "it was supposedly handed to a neighbour but none of them has it",
        "status delivered, still no parcel",
        "my package went missing after it was delivered",
        "parcel stolen",
        "my package has been stolen",
        "delivered according to you, but not to me",
        "the courier says it was dropped off, it was not",
        "never arrived although it says delivered",
        "no parcel in the mailbox though it was marked delivered",
    ),
)
