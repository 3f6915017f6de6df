"""Cancel a subscription."""

from switchboard.declare.play import Play

play = Play(
    name="cancel_subscription",
    about="The customer wants a subscription or membership of theirs ended.",
    says=(
        "A colleague ends it for you and confirms it by e-mail. Nothing is ended before that mail; if you would "
        "rather do it yourself, it is under Account > Subscriptions."
    ),
    examples=(
        "cancel my coffee subscription",
        "please end my Fernhill Plus membership",
        "I want to cancel my subscription SUB2003",
        "stop the monthly deliveries",
        "terminate my plan please",
        "I no longer want the subscription, cancel it",
        "please cancel my membership right away",
        "end my subscription at the end of the month",
        "stop charging me for Plus and cancel it",
        "cancel the beans subscription",
        "I would like to unsubscribe from the monthly box, please cancel it for me",
        "please stop my subscription now",
        "cancel my yearly plan",
        "end my membership",
        "I want to leave Fernhill Plus",
        "close my subscription",
        "I do not want Plus any more",
        "stop my plan",
    ),
    names=("subscri", "member", "plus", "plan", "sub1", "sub2", "monthly", "yearly"),
    unlike=(
        "pause my subscription for a month",
        "please pause the beans subscription",
        "how do I cancel my subscription",
        "how can I end my membership",
        "which plan am I on",
        "renew my plan",
        "please cancel my order, I ordered it by mistake",
        "cancel it please, I no longer need it",
        "what does the membership cost",
        "can I cancel the plan at any time",
    ),
)
