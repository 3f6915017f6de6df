"""The words that requests are read by, in own lists: FORMS gives each meaning its written forms, CUES say which
meanings in one sentence speak for which request, and how strongly (1 a hint, 3 enough alone, 5 beyond doubt).

Forms are small letters without contractions ("not working" also stands for "isn't working"). `orderid` is any order id.
"""

FORMS: dict[str, str] = {
    "refund": (
        "refund, refunds, refunded, refunding, reimburse, reimbursed, reimbursement, money back, my money, get "
        "back what i paid, credit me back, pay me back, give me back"
    ),
    "askrefund": (
        "want a refund, want the refund, want my money back, want a full refund, want to be refunded, like a refund, like my "
        "money back, need a refund, request a refund, ask for a refund, get a refund, demand a refund, refund me, please refund"
    ),
    "part": "part, partial, partially, partly, portion, half, percentage, fraction, some of, difference, one of",
    "whole": "full, fully, whole, complete, entire, everything, all of it",
    "charge": (
        "charge, charges, charged, charging, billed, debited, deducted, deduction, withdrawn, taken from my, took "
        "money, took it twice, taken twice, took the money, fee, fees, bank statement, surcharge, debit, transaction, "
        "transactions"
    ),
    "pay": "pay, paid, paying, payment, payments",
    "bill": "bill, bills, billing",
    "twice": (
        "twice, two times, double, doubled, duplicate, duplicates, duplicated, second time, 2 times, 2x, two "
        "charges, two payments, identical payments, identical charges, same charge, same payment, same amount, "
        "again for the same, three times, more "
        "than once, second payment, second charge"
    ),
    "why": (
        "why, what is this, what is that, what is the, what are these, explain, explanation, reason for, what "
        "for, how come, where does, break down, breakdown, clarify"
    ),
    "strange": (
        "recognise, recognize, unknown, strange, unexpected, extra, unfamiliar, incorrect, wrong amount, too "
        "much, too high, higher, more than, overcharged, understand, suspicious, not authorise, not authorize, "
        "additional, hidden"
    ),
    "invoice": "invoice, invoices, receipt, receipts, proof of purchase, copy of my bill, vat, tax document",
    "see": "see, view, send, get, find, download, copy, show, need, print",
    "paymethod": (
        "payment method, payment methods, payment option, payment options, credit card, debit card, bank card, "
        "card, cards, paypal, gift card, gift cards, visa, mastercard, way to pay, ways to pay, method of "
        "payment, apple pay"
    ),
    "accept": ("accept, accepted, accepts, take, support, supported, add, remove, save, saved, on file, balance, register"),
    "other": "another, different, differently, other, new, instead, something else",
    "change": (
        "change, changed, changes, changing, update, updated, updating, edit, modify, modified, amend, alter, "
        "correct, switch, switching, adjust, fix the, replace my, move to"
    ),
    "order": (
        "order, orders, orderid, purchase, purchased, parcel, parcels, package, packages, shipment, delivery, "
        "deliveries, box, ordered, bought, what i bought"
    ),
    "item": (
        "item, items, product, products, article, lamp, lamps, tent, stove, chair, table, headphones, speaker, "
        "kettle, jacket, boots, mug, backpack, rug, blanket, pillow, goods, it, them, this, these, that, one, "
        "unit, thing, charger, hose, drill"
    ),
    "through": "go through, gone through, went through, come through, came through",
    "listing": (
        "list my, list all, show all my, show me all my, what did i order, what have i ordered, what did i buy, order history, "
        "orders so far, my past orders, my previous orders, show my orders, see my orders, see all my orders"
    ),
    "instead": "instead, rather have",
    "pricegap": "difference",
    "where": (
        "where, track, tracking, trace, locate, whereabouts, status, progress, on its way, en route, out for "
        "delivery, when will, when does, when is, how long, how soon, eta, expected, heard, when can i expect, "
        "when do, update on, shipped yet, dispatched, has it shipped, any news"
    ),
    "ship": (
        "ship, shipped, shipping, dispatch, dispatched, deliver, delivered, delivering, delivery, arrive, "
        "arriving, arrives, sent, courier, carrier"
    ),
    "missing": (
        "not arrived, not arrive, never arrived, not received, never received, not come, never came, not got, not "
        "gotten, not shown up, not turned up, not seen, not here, nothing has arrived, nothing arrived, not "
        "appeared, still waiting, waiting for, still missing, nowhere, not reached, no sign, yet to receive, "
        "nothing so far, still no, not delivered, not been delivered, not yet, not been refunded, not refunded, not "
        "credited, not in my account"
    ),
    "late": (
        "late, delayed, delay, overdue, should have arrived, should have been here, should have come, supposed to "
        "arrive, supposed to be here, past the date, taking so long, taking forever, lost, stuck, was due, been "
        "due, behind schedule"
    ),
    "cancel": (
        "cancel, cancels, canceled, cancelled, canceling, cancelling, cancellation, call off, stop my order, stop "
        "the order, stop this order, no longer need, no longer want, withdraw my order, take back my order"
    ),
    "mistake": "mistake, by accident, accidentally, mistakenly",
    "address": "address, addresses, street, zip code, postcode",
    "shipto": (
        "shipping address, delivery address, ship to, ship it to, send it to, deliver to, deliver it to, sent to, "
        "going to my old, somewhere else, redirect, wrong address"
    ),
    "moved": "moved, move house, moving, new home, new house, new flat, new apartment, relocated, relocating",
    "profile": (
        "profile, default address, my account, account details, my details, personal details, home address, on "
        "file, contact details, my records, phone number, last name, surname, my name"
    ),
    "option": (
        "colour, color, size, model, version, variant, option, material, larger, smaller, bigger, style, black, "
        "white, red, blue, green, grey, gray, silver, yellow, orange, purple, pink, brown, medium, small, large, "
        "the other one, length of"
    ),
    "pending": "pending, before it ships, before you ship, has not left, still being prepared, just ordered",
    "unsent": (
        "not shipped, not shipped yet, not yet shipped, not been shipped, not been shipped yet, not sent yet, not been sent, "
        "not been sent yet"
    ),
    "return": (
        "return, returns, returned, returning, send back, send it back, send them back, send this back, sending "
        "back, give it back, bring back, ship it back, take it back, return label, give back, giving "
        "back, hand back, handing back, goes back, is going back, should go back, can go back"
    ),
    "handing": "send the, send my, send these, send both, send one, sending the, hand, ship, bring, mail",
    "backward": "back",
    "remove": "remove, removed, removing, take out, taken out, take off, drop, take the, take my, take just, leave out",
    "outof": "out of, out of my, from my order, from the order, from orderid, off my order, off the order, off orderid",
    "makeit": "make it, make them, make the, make my, made into, rather have, would prefer, want it in, like it in, become",
    "toosmall": "too small, too big, too large, too tight, too short, too long, too wide, too loose, not fit, right size",
    "exchange": (
        "exchange, exchanged, exchanging, swap, swapped, swapping, replacement, replacements, replace, replaced, trade it"
    ),
    "damaged": (
        "damaged, damage, broken, cracked, a crack, shattered, smashed, scratched, scratch, dented, a dent, torn, a tear, "
        "ripped, a rip, hole, holes, a stain, stains, stained, faulty, fault, defective, defect, leaking, in pieces, chipped, "
        "bent, dead on arrival, crushed, snapped, mouldy, moldy, arrived open, worn, worn out, looks used, look used, used "
        "already, used before"
    ),
    "arrived": (
        "arrived, arrive, received, delivered, came, got, unpacked, opened, sent me, shipped me, in the box, "
        "turned up, out of the box, on arrival, package"
    ),
    "wrong": (
        "wrong item, wrong product, wrong one, wrong colour, wrong color, wrong size, wrong thing, wrong order, "
        "not what i ordered, someone elses, instead of the, missing part, missing parts, parts missing, is "
        "missing, missing from the, incomplete, wrong lamp, wrong model, empty box"
    ),
    "password": "password, passwords, passcode, passphrase, pin, forgot my login, username",
    "login": (
        "log in, login, sign in, signin, log into, sign into, logging in, signing in, get into my account, access "
        "my account, access to my account, get in to my account"
    ),
    "not": "not, unable, fails, failed, failing, no, impossible, cannot, trouble, problem, problems, lost",
    "forgot": "forgot, forgotten, reset, resetting, recover, remember, lost",
    "locked": (
        "locked, locked out, get into, get in my, access my, no access, "
        "blocked, suspended, frozen, disabled, deactivated, unlock, unblock, reactivate, restricted"
    ),
    "account": "account, accounts, profile, registration",
    "twofactor": (
        "2fa, two factor, two step, twofactor, authenticator, verification code, security code, one time code, "
        "one time password, otp, login code, sign in code, second factor, sms code, authentication code, backup "
        "codes"
    ),
    "close": (
        "close, closed, closing, delete, deleted, deleting, erase, deactivate, terminate, remove my data, erase "
        "my data, shut down, get rid of, cancel"
    ),
    "subscription": (
        "subscription, subscriptions, membership, fernhill plus, plus membership, auto renewal, autorenewal, "
        "renewal, subscribed, subscriber, my plan, free trial, trial"
    ),
    "plan": (
        "plan, plans, tier, tiers, fernhill plus, membership, memberships, subscriptions, subscription, package deal, bundle"
    ),
    "switchplan": (
        "upgrade, downgrade, pause, resume, renew, unsubscribe, stop, end, switch, change, cancel, start, join, "
        "turn off, sign up, quit, cancelled, cancelling, subscribe, opt out"
    ),
    "ask": (
        "what, which, how, does, do, is, are, can, tell me, information, info, explain, interested, benefits, "
        "included, include, worth, about, compare, difference between, looking for, recommend"
    ),
    "price": (
        "price, prices, pricing, priced, cost, costs, how much is, how much are, how much does, how much do, how "
        "much for, cheap, cheaper, cheapest, expensive, discount, discounts, coupon, promo, promotion, voucher, "
        "sale, deal, deals, offer, offers, quote, special offer, price match"
    ),
    "stock": (
        "in stock, available, availability, do you have, do you sell, do you carry, do you stock, do you offer, "
        "sell, looking for, looking to buy, want to buy, need to buy, need to purchase, wish to buy, like to buy, "
        "interested in, recommend, recommendation, "
        "which one, come in, back in stock, out of stock, sold out, like to order, would like to purchase, want "
        "to purchase"
    ),
    "feature": (
        "waterproof, battery life, warranty, guarantee, compatible, compatibility, dimensions, weigh, weight, "
        "capacity, features, specifications, specs, is it made of, are they made of, how big is, how heavy, how "
        "long does the battery, difference between, fit, fits, suitable, dishwasher"
    ),
    "trouble": (
        "not working, not work, stopped working, stops working, not turn on, not switch on, not start, not "
        "starting, not connect, not connecting, not pair, not pairing, not charge, not charging, not load, not "
        "loading, not open, not respond, not responding, not sync, keeps crashing, crashing, crashes, crashed, "
        "crash, freezes, freezing, frozen screen, blinking, blinks, flashing, beeping, overheats, overheating, "
        "glitch, glitches, bug, malfunction, malfunctioning, troubleshoot, troubleshooting, disconnects, "
        "disconnecting, drops the connection, unresponsive, broke down, dead, keeps restarting, no sound, no "
        "power, turns itself off, turns off, shuts off, will not update, error, errors, error code"
    ),
    "setup": (
        "set up, setup, install, installing, installation, configure, connect, pair, firmware, manual, "
        "instructions, reset the, factory reset, descale, assemble, assembly, replace the battery, calibrate, "
        "update the app, software update"
    ),
    "device": (
        "app, devices, website, web site, site, page, device, wifi, bluetooth, router, firmware, software, "
        "screen, battery, thermostat, speaker, headphones, camera, lamp, sensor, machine, kettle, stove, remote, "
        "printer, laptop, charger, hub, watch"
    ),
    "area": ("area, surface, square metres, square meters, square feet, square foot, square metre, sq ft, sqm, surface area"),
    "shape": "rectangle, rectangular, circle, circular, triangle, triangular, square, round, radius, diameter, oval",
    "size": "how big, how large, how many square, what size, calculate, work out, compute, cover, need for a",
    "math": (
        "calculate, compute, work out, plus, minus, times, divided by, multiplied by, multiply, divide, add up, "
        "sum of, square root, percent of, total of, subtract"
    ),
    "callme": (
        "call me, please call, can you call, give me a call, call my number, call to my, call on my, "
        "ring me, phone me, contact me, callback, call back, call me back, get back to me, reach me, "
        "email me, text me, write to me, return my call, someone call, someone contact, my phone number is, leave "
        "my details, be contacted"
    ),
    "human": (
        "human, real person, actual person, live agent, live person, representative, rep, human agent, somebody "
        "real, someone real, real human, manager, supervisor, operator, an agent, your boss, customer service, a "
        "person, live chat, real agent, real people"
    ),
    "talk": (
        "talk, speak, speaking, talking, chat, transfer, connect me, put me through, get me, escalate, give me, "
        "pass me, want, need, reach"
    ),
    "complain": (
        "complaint, complaints, complain, complaining, claim against your, claim against you, claim against ur, claim against "
        "the company, claim against the shop, consumer claim, customer claim, reclamation"
    ),
    "anger": (
        "unacceptable, terrible, disgusted, disgusting, disgrace, worst, ridiculous, rude, disappointed, "
        "disappointing, fed up, angry, furious, awful, horrible, outrageous, appalling, scam, joke, useless, "
        "pathetic, sick of, never again"
    ),
    "hello": "hello, hi, hey, good morning, good afternoon, good evening, greetings, howdy, hiya, good day",
    "thanks": "thanks, thank you, thank, cheers, appreciate, great help, perfect, wonderful, thx, ty, nice day, goodbye, bye",
}

CUES: dict[str, str] = {
    "refund_duplicate": "4 twice charge; 2.7 twice paymethod; 3.5 twice pay; 3 twice refund; 3.5 twice bill",
    "refund_full": "3 refund; 1 refund whole; 3 askrefund",
    "refund_partial": "4.5 part refund",
    "refund_status": "4.5 missing refund; 4 where refund; 4 late refund; 6.5 through refund",
    "explain_charge": (
        "3 charge why; 3 charge strange; 2.5 bill why; 2.5 bill strange; 2 charge; 2 pay why; 2.5 pay strange; "
        "1.2 bill; 1 strange"
    ),
    "invoice": "3.5 invoice; 2.5 bill see",
    "payment_method": "1.5 paymethod; 3 paymethod accept; 3 paymethod change; 1 pay; 2 pay accept; 2 pay ask paymethod",
    "order_status": (
        "3.5 where order; 4.5 listing; 3 where ship; 1.5 where item; 2 order ship; 2 unsent; 0.8 order; 1 where; 0.8 ship"
    ),
    "late_parcel": ("4 late order; 4 missing order; 2.5 missing item; 3 late ship; 2.5 missing ship; 1.5 late; 1 missing"),
    "cancel_order": "2.8 cancel; 1.7 cancel order; 3 mistake order; 1.2 cancel item; 3 remove outof",
    "change_address": (
        "2.5 change address; 3.5 shipto change; 3 shipto; 1.5 change address order; 2.6 other address; 1 other "
        "address ship; 2 address order; 1.5 change address ship"
    ),
    "user_address": "2.6 change address; 2 address profile; 3 address moved; 2.8 moved; 3.2 change profile",
    "change_items": (
        "3.2 change option; 2.5 change item order; 1.5 change option order; 1.5 pending option; 1.5 unsent option; "
        "2.6 change itemid; 2.4 makeit pending; 2.2 change order; 1.8 instead order; 3 pricegap change; 2.6 makeit option; "
        "1.8 instead option"
    ),
    "change_payment": (
        "3.5 paymethod change order; 3 other paymethod order; 2.5 other paymethod pay; 2.5 change pay order; 2.7 "
        "other pay; 1.6 other paymethod"
    ),
    "return_items": "3.2 return; 2.6 handing backward; 1 return item; 1 return order",
    "exchange_items": (
        "3.4 exchange; 1 exchange item; 1 exchange option; 1 exchange order; 1.5 arrived change option; 2.6 toosmall option"
    ),
    "damaged": "3.4 damaged arrived; 2.6 damaged; 1.5 damaged item; 3.4 wrong; 1 wrong arrived",
    "password": "3.6 password; 1.5 password forgot; 3.2 login not; 2.2 login; 1 login forgot",
    "locked": "3 locked; 2.5 locked account; 2 locked login",
    "two_factor": "6 twofactor",
    "close_account": "4.6 close account; 1.5 close profile",
    "plan_question": "2.4 plan; 1.6 plan ask; 1 plan price",
    "price_question": "3 price; 1 price item; 1.5 price stock; 0.5 price ask",
    "product_question": "2.6 stock; 1 stock item; 2.4 feature; 1 feature item; 1 stock ask",
    "subscription_change": "5 switchplan subscription; 3 switchplan plan; 1 subscription",
    "technical": "3.2 trouble; 1.5 trouble device; 2.8 setup; 1 setup device; 1 device not; 0.7 device",
    "area": "3.6 area; 3 shape size; 2.5 shape area; 4 measure shape; 3.5 measure area; 1 measure",
    "arithmetic": "2 math number; 3.6 sum; 1.5 math",
    "contact_me": "4.2 callme",
    "human": "4.5 human; 2 talk human",
    "complaint": "4 complain; 2.2 anger",
}
