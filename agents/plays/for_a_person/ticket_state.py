"""State of a ticket."""

from switchboard.declare.play import Play

play = Play(
    name="ticket_state",
    about="The customer asks how a ticket or a complaint of theirs stands.",
    says="A colleague looks up how it stands and writes to you.",
    examples=(
        "what is the progress of my request",
        "is there any update on what I asked you for",
        "Any news on ticket T000017?",
        "what is the status of my ticket",
        "how far is ticket T000230",
        "has anybody looked at my ticket yet",
        "I opened a ticket a week ago and heard nothing",
        "when do I get an answer to T000101",
        "is my case T000055 still open",
        "please reopen ticket T000019",
        "could you check my support ticket",
        "update on my ticket please",
        "my ticket was closed and the problem is not solved",
        "reopen my case",
        "did anyone read my complaint yet",
        "I complained two weeks ago and nobody answered",
        "what has become of my complaint",
        "is there an answer to the claim that I sent you",
    ),
    unlike=(
        "open a ticket for me",
        "I want to create a support ticket",
        "my train ticket",
        "I want to complain about your driver",
        "I have a complaint",
    ),
    names=("ticket", "t0", "case", "complain", "claim"),
)
