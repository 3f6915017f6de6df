"""A wish for a quote."""

from switchboard.declare.play import Play

play = Play(
    name="quote",
    about="Somebody wants to buy in quantity, on invoice or on terms: sales makes a quote.",
    says=(
        "From 10 pieces of one product our sales team makes a quote, within 2 business days. A colleague has your "
        "message; you can also write to sales@fernhill.example.com with the products and quantities."
    ),
    examples=(
        "we need 50 chairs for our school, can you make us a quote",
        "I would like a quotation for 30 lamps",
        "bulk order for our hotel, what price can you do",
        "can our company pay on invoice with 30 days",
        "do you offer net 30 terms for businesses",
        "we want to buy 100 bottles with our logo",
        "please send an offer for 25 desks to our office",
        "what is your best price for 200 units",
        "we are a company and want to order in quantity",
        "wholesale enquiry for 80 blankets",
        "I need a formal quote for my purchasing department",
        "can we open a business account with payment terms",
        "looking to furnish an office of 40 people, who can make an offer",
        "our team wants to purchase twenty jackets, please quote",
        "request for quotation: 15 routers",
        "volume pricing for 60 pieces please",
    ),
    unlike=(
        "what does the desk cost",
        "how much are two lamps",
        "do you have discounts",
        "is there a student discount",
        "I want to order a chair",
        "how can I pay",
        "where is my invoice",
        "do you have a price match",
        "can I have the invoice for my order",
        "what payment methods do you take",
        "how much would 3 blankets be",
    ),
    of_customer=False,
)
