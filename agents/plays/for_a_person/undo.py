"""Something is to be undone."""

from switchboard.declare.play import Play

play = Play(
    name="undo",
    about="The customer wants something undone that was done already.",
    says=(
        "What is done I cannot take back myself, and I am sorry for that. A colleague looks at once whether it can still be "
        "undone, and writes to you."
    ),
    examples=(
        "please undo that",
        "actually undo that, I still want it",
        "can you undo the cancellation",
        "undo my last change please",
        "take back the cancellation",
        "please reverse the cancellation of my order",
        "can you reinstate my cancelled order",
        "un-cancel my order",
        "I cancelled it by accident, can you bring it back",
        "bring back the order that I cancelled",
        "revert the change of the address",
        "you cancelled my order and I want it after all",
        "I would like to undo my return",
        "can I reactivate my cancelled order",
        "restore the order I cancelled yesterday",
        "please change it back to how it was",
    ),
    unlike=(
        "cancel my order, I changed my mind",
        "I changed my mind and want to return it",
        "please do not cancel it after all",
        "do not cancel my order, I still want it",
        "leave my order as it is",
        "I want my money back after all",
        "give it back to me",
        "undo the screws of the shelf",
    ),
    names=("und", "un-", "take", "revers", "reinst", "bring", "revert", "reactiv", "restor", "back", "after"),
)
