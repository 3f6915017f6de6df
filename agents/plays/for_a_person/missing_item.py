"""Missing item."""

from switchboard.declare.play import Play

play = Play(
    name="missing_item",
    about="Something of the order was missing in the parcel.",
    says=(
        "I am sorry that something was missing. A colleague looks at how the parcel was packed and sends what is "
        "missing, or gives its price back. Please keep the box and its label until then."
    ),
    examples=(
        "the box only had the lamp in it, no shade",
        "there was only one thing in the parcel",
        "only the tent was inside, the pegs were not",
        "my package had just the cups in it",
        "in the carton was nothing but the manual",
        "no bulbs in the box although I paid for them",
        "one item was missing from my parcel",
        "the box was empty when I opened it",
        "only two of the three items arrived",
        "part of my order is missing",
        "there were only the poles in the package, the tent is missing",
        "I got an empty box",
        "my delivery was incomplete",
        "the second lamp was not in the parcel",
        "I ordered four plugs and received three",
        "the package came without the charger",
        "half of my order did not come",
        "nothing was inside the envelope",
        "the screws are missing from the shelf",
        "my order arrived but one thing is not there",
        "you forgot to pack the bottle",
        "the parcel was opened and something was taken out",
        "not everything I ordered was in the box",
        "a piece is missing in my order",
        "item missing",
        "parcel was empty",
        "one of the plugs did not come",
        "2 of the 3 were in the box",
        "where is the rest of my order, only one thing came",
        "the cable was left out",
        "I received just one out of two",
        "there was no lid with the pan",
        "something is missing from the delivery",
    ),
)
