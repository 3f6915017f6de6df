"""A question about paying that is not about anything of the customer's own: the article that answers it."""

from agents.plays.searching import SEARCHES, THE_WORDS, answer
from switchboard.declare.play import Play, Process

play = Play(
    name="question",
    about="The customer has a question about paying.",
    process=Process(slots=(THE_WORDS,), reads=(SEARCHES,), told=answer, most_questions=2),
    of_customer=False,
)
