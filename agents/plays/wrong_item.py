"""Wrong item."""

from switchboard.declare.play import Play

play = Play(
    name="wrong_item",
    about="The customer has got something else than they ordered.",
    says=(
        "I am sorry that something else came than you ordered. Please keep it and its packing as they are, and take "
        "a photo if you can: a colleague sends you the right one or your money back, and you do not pay for the way "
        "back."
    ),
    examples=(
        "You sent me the wrong item",
        "I received the wrong product",
        "this is not what I ordered",
        "I got somebody else's order in my parcel",
        "the box had a blanket in it but I bought a kettle",
        "you shipped a different model than the one I paid for",
        "wrong colour was delivered, I ordered blue",
        "I ordered two lamps and got a router instead",
        "the thing in the package is not mine",
        "I was sent the wrong size by mistake",
        "my parcel contains another customer's goods",
        "there was a mix up, I received a toaster instead of the grinder",
        "you delivered something I never ordered",
        "I opened the box and it is a completely different article",
        "the item that arrived does not match my order",
        "wrong one came, I need the one I ordered",
        "I bought the large one and you sent the small one",
        "someone packed the wrong thing in my box",
        "sent the wrong one",
        "wrong article arrived",
        "you mixed up my order",
        "got a different product than I bought",
        "I bought headphones and a pan arrived",
        "the colour is not the one I chose, I had picked green",
        "incorrect item delivered",
        "they put the wrong product in the parcel",
        "the delivered goods are not those on my receipt",
        "received something I did not buy",
        "I have a parcel here that is addressed to someone else",
        "the parcel of another customer was left at my door",
        "the driver gave me a package which belongs to a stranger",
        "I got a box with another name on it, what now",
        "got the wrong thing",
        "somebody packed the wrong goods for me",
    ),
    unlike=(
        "I bought this thing last week",
        "I ordered a blanket and a lamp",
        "I purchased it and paid by card",
        "I ordered it as a gift",
        "wrong size for me, I want to return it",
        "it is too small, can I exchange it for a larger one",
        "I ordered the wrong thing by mistake",
        "I chose the wrong colour, please change it",
        "I do not like it, send me a refund",
        "I was charged the wrong amount for this item",
        "the price on my receipt is wrong",
    ),
)
