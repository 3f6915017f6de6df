"""A claim under warranty."""

from switchboard.declare.play import Play

play = Play(
    name="warranty_claim",
    about="The customer wants something put right that broke in use: look at its day of delivery and the warranty.",
    says=(
        "I am sorry that it broke. Devices have a 2-year warranty from the day of delivery, also where the 30 "
        "days for a return are over. Please have the serial number at hand and write what exactly happens; a "
        "colleague looks at the claim and tells you whether it is repaired, replaced or paid back."
    ),
    examples=(
        "it broke after three weeks and I want my money back",
        "my kettle died after a month, please send a new one",
        "the grinder gave up, I want a replacement under warranty",
        "I would like to make a warranty claim",
        "it stopped working and it is still under warranty, what will you do about it",
        "the zip of the jacket tore after a few days, refund please",
        "the device is defective, I demand a repair",
        "can you repair the machine I bought from you, it leaks",
        "the handle fell off after one week of use, I want it replaced",
        "my new lamp quit after ten days and I would like a refund",
        "the speaker is faulty and I bought it only in spring",
        "broken after two uses, I expect my money back",
        "bought it last year and now it does not turn on any more, is that covered",
        "it drips since last week, do I still have warranty on it",
        "the motor burned out after half a year, guarantee claim",
        "the seam came apart after the first wash, give me my money back",
        "the battery holds no charge any more and it is not even a year old, please exchange it",
        "the pump failed, I want it fixed for free",
        "wheel came off after some days, send me a new one",
        "it went dead within the guarantee, who repairs it",
        "the product failed after a short time and I want compensation for it under warranty",
        "it no longer works after a fortnight, refund me",
    ),
    unlike=(
        "what does the warranty cover",
        "how long is the warranty",
        "the lamp does not connect to the wifi",
        "my speaker stutters, what can I do",
        "the app shows error E4",
        "how do I descale the machine",
        "it arrived broken",
        "the box was crushed and the cup inside is in pieces",
        "I do not like it, I want my money back",
        "it does not fit, I want to return it",
        "the machine makes no coffee, what can I try",
        "my router keeps losing the connection",
        "it is smaller than I thought, refund me",
        "I was charged twice and want my money back",
        "the vacuum does not charge",
        "my bike battery does not charge, what shall I do",
    ),
)
