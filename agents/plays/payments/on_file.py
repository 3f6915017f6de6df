"""Invoices and ways of paying, from the customer's own account; how something is done an article says."""

import re

from agents.articles.articles import answers_to, quoted, search
from agents.articles.passages import article_borne_out
from agents.cases.case import kind_of, orders_of
from agents.money.methods import method
from agents.orders.account import due
from agents.plays.searching import SEARCHES, answer, query
from agents.plays.surely_them import ACCOUNT, is_sure_who, whose_zip
from agents.requests.reading import read
from agents.routing.assignment import asks_own_balance
from switchboard.declare.play import Condition, Found, Play, Process, Slot
from switchboard.declare.transcript import View

AN_INVOICE, OPEN_INVOICE = "Download an invoice", "An invoice is open"
OPEN = re.compile(r"\b(?:open|unpaid|due|outstanding)\b", re.IGNORECASE)
ON_FILE = re.compile(r"\b(?:saved|on file|which|what|show|list|see|methods?)\b", re.IGNORECASE)
"""Where a customer asks for the payment methods that they have, not for those that we take."""


def rows(view: View, found: Found) -> list[str]:
    """What the account holds of what is asked for."""
    account, is_invoice = found[ACCOUNT.tool], kind_of(view) == "invoice"
    methods = [*account.get("payment_methods", {}).values()]
    if asks_balance(view):
        held = [method(row) for row in methods if row["source"] == "gift_card"]
        return [f"On your account: {', '.join(held)}."] if held else []
    told = invoices(view, found) if is_invoice or "invoice" in view.text.lower() else []
    if methods and not is_invoice and (told or ON_FILE.search(view.text)):
        told.append("\n".join(["Your payment methods:", *(f"- {method(row)}" for row in methods)]))
    return told


def asks_balance(view: View) -> bool:
    return bool(view.facts.get("balance") or asks_own_balance(view.text))


def invoices(view: View, found: Found) -> list[str]:
    """The customer's invoices, or those of the orders that they name, a line each; empty where there are none."""
    every, named = found[ACCOUNT.tool].get("invoices", []), orders_of(view)
    chosen = [i for i in every if i["for"] in named] or every
    lines = [f"- {i['id']} for {i['for']}: {i['amount']}, {i['status']}" + due(i) for i in chosen]
    return ["\n".join(["Your invoices:", *lines])] if lines else []


def about(view: View, found: Found) -> str:
    """What an article is to say beside the rows, or instead of them where none are asked for."""
    is_invoice = kind_of(view) == "invoice"
    if asks_balance(view):
        return "" if rows(view, found) else view.text
    if not rows(view, found) and not (is_invoice and read(view.text).verdict("invoice") == "asked"):
        return view.text
    return OPEN_INVOICE if OPEN.search(view.text) else AN_INVOICE if is_invoice else ""


def told(view: View, found: Found) -> str:
    own, what = rows(view, found), about(view, found) or view.text
    article = article_borne_out(answers_to(view, search(what)), what) if what != view.text else None
    beside = [f"{article.excerpt.heading}:\n{quoted(article, what)}"] if article else []
    return "\n\n".join([*own, *beside]) or answer(view, found)


play = Play(
    name="on_file",
    about="The customer asks about their invoices or ways of paying.",
    process=Process(
        slots=(Slot("queries", find=lambda view, found: [query(what)] if (what := about(view, found)) else []),),
        reads=(ACCOUNT, SEARCHES),
        conditions=(Condition(lambda view, found: not rows(view, found) or is_sure_who(view, found), (True,), whose_zip),),
        told=told,
        most_questions=2,
    ),
)
