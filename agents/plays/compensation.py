"""A wish for compensation."""

from switchboard.declare.play import Play

play = Play(
    name="compensation",
    about="The customer asks for compensation beyond a refund of what they paid: nothing was promised by the desk.",
    says=(
        "I am sorry for the trouble. I cannot grant a compensation myself; a colleague looks at what happened and "
        "decides on it."
    ),
    examples=(
        "I want a compensation for the delay",
        "give me 20 dollars for the late delivery",
        "you owe me something for the trouble",
        "I expect a goodwill credit",
        "how will you compensate me for this",
        "I was promised ten dollars and did not get them",
        "where is the credit that your agent promised me",
        "I demand a discount for my wasted time",
        "pay me for the two days that I waited at home",
        "you should give me a voucher for this mess",
        "I still wait for the credit that I was promised",
        "my last delivery was late too, I want something back for that",
        "refund me the shipping because it came too late",
        "I want my shipping fee back, the parcel was late",
        "please credit my account for the inconvenience",
        "what do I get for all this waiting",
        "some kind of reimbursement for the bad service would be fair",
        "you said that I would get 10 dollars for it",
        "a gesture of goodwill would be nice after all this",
        "refund me 10 dollars because the delivery was late",
        "pay me 20 dollars for the late parcel or I complain about you publicly",
        "I want 25 dollars back because order #W1000123 came so late",
        "pay back 10 dollars of #W1000077 for the late delivery",
        "take something off the price of order #W1000099, it came weeks late",
        "give me $20 for the delay of my order or I write a bad review",
        "refund me a part of the price for the late parcel or you hear from the authorities",
    ),
    unlike=(
        "where is my order, it is late",
        "how late may a parcel be",
        "refund my order",
        "I was charged twice",
        "do you have a voucher for new customers",
        "can I get a discount",
        "how long does a refund take",
        "when do I get my refund",
        "how much is shipping",
        "the code for my voucher does not work",
        "my balance of the gift card",
        "refund the second charge",
        "refund order #W1000123",
        "order #W1000077 is late, where is it",
        "I want my money back for order #W1000099, it never came",
    ),
)
