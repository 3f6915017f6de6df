"""A wish for the delivery."""

from switchboard.declare.play import Play

play = Play(
    name="delivery_wish",
    about="The customer wishes that a parcel is held, or delivered at another time or in another way.",
    says=(
        "I have noted when and how you would like to have it. A colleague asks the carrier, who can not always do "
        "it, and tells you what is possible."
    ),
    examples=(
        "can you hold my parcel until I am back",
        "please deliver it next week, I am away",
        "I am on holiday, do not deliver before the 10th",
        "could the driver leave it with my neighbour",
        "can you delay the shipment by a few days",
        "please deliver in the evening only",
        "I need it delivered on Saturday instead",
        "hold the package at the depot for me",
        "can my order come a week later",
        "ask the driver to ring twice and leave it in the garage",
        "please postpone the delivery of my order",
        "I will not be at home on Friday, deliver on Monday",
        "can you send it later, we are travelling",
        "please deliver on Thursday instead",
        "bring it next Tuesday",
        "can the courier come after six",
        "leave the parcel at the back of the house",
        "hold it at the post office until Monday",
        "could it come on the 12th and not tomorrow",
        "can the delivery be moved to another day",
        "is it possible to get it two days later than planned",
        "please bring it on another day, I work tomorrow",
        "I would rather have it delivered next month",
        "we are away until the 5th, can you keep the package",
    ),
    unlike=(
        "when will my order be delivered",
        "can I choose a delivery time",
        "change the delivery address to my office",
        "my parcel was to come on Friday and did not",
    ),
)
