"""The API of a company that sells tents, as companies have them: not made for Switchboard, of which it imports nothing.

It is served in a process of its own: `python tests/support/kestrel.py PORT`.
"""

import os
import sys
import threading
from typing import Annotated, Any, Literal
from uuid import uuid4

import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException, Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Money(Model):
    value: str = Field(examples=["84.50"])
    currency_code: str = Field(examples=["EUR"])


class Contact(Model):
    full_name: str
    mail: str


class Client(Model):
    client_id: str
    contact: Contact
    marketing_consent: bool = False


class Fulfilment(Model):
    stage: Literal["PICKING", "IN_TRANSIT", "DELIVERED", "VOIDED"]
    carrier: str | None = None
    expected_on: str | None = None


class Line(Model):
    label: str
    qty: int
    unit_price: Money


class Order(Model):
    order_ref: str
    placed_by: Client
    placed_at: str
    fulfilment: Fulfilment
    lines: list[Line]
    grand_total: Money
    margin_pct: float = Field(description="Internal.")


class OrderSummary(Model):
    order_ref: str
    placed_at: str
    stage: str


class PageInfo(Model):
    next_cursor: str | None = None
    page_size: int


class ClientPage(Model):
    data: list[Client]
    page_info: PageInfo


class OrderPage(Model):
    data: list[OrderSummary]
    page_info: PageInfo


class Reason(Model):
    code: Literal["CLIENT_REQUEST", "OUT_OF_STOCK", "FRAUD"]
    remark: str | None = Field(default=None, max_length=200)


class VoidRequest(Model):
    reason: Reason
    notify_client: bool = True


class Voided(Model):
    void_ref: str
    order_ref: str
    refund: Money


CLIENTS = [
    Client(client_id="cl_8841", contact=Contact(full_name="Ines Ferro", mail="ines@example.com")),
    Client(client_id="cl_9020", contact=Contact(full_name="Tom Baker", mail="tom@example.com")),
]


def eur(value: str) -> Money:
    return Money(value=value, currency_code="EUR")


def order(ref: str, client: int, stage: Any, total: str, label: str, expected: str | None = None) -> Order:
    return Order(
        order_ref=ref,
        placed_by=CLIENTS[client],
        placed_at="2031-05-02T09:14:00Z",
        fulfilment=Fulfilment(stage=stage, carrier="Posta" if stage != "PICKING" else None, expected_on=expected),
        lines=[Line(label=label, qty=1, unit_price=eur(total))],
        grand_total=eur(total),
        margin_pct=31.5,
    )


ORDERS = {
    one.order_ref: one
    for one in (
        order("ORD-2031-77", 0, "IN_TRANSIT", "184.50", "Tent Arolla 2", "2031-05-14"),
        order("ORD-2031-81", 0, "PICKING", "39.90", "Camping stove"),
        order("ORD-2031-82", 0, "PICKING", "259.00", "Sleeping bag Corno", "2031-06-02"),
        order("ORD-2031-90", 1, "DELIVERED", "12.00", "Tent pegs", "2031-05-04"),
    )
}
VOIDS: dict[str, Voided] = {}
LOCK = threading.Lock()
PAGE = 2


def key_holder(x_api_key: Annotated[str | None, Header()] = None) -> None:
    if x_api_key != os.environ["KESTREL_KEY"]:
        raise HTTPException(403, {"error": {"code": "KEY_UNKNOWN", "message": "This key opens nothing."}})


app = FastAPI(title="Kestrel Outdoor Back Office", version="2.14.0")
guarded = [Depends(key_holder)]


@app.get("/v2/clients", response_model=ClientPage, operation_id="searchClients", dependencies=guarded)
def search_clients(mail: Annotated[str, Query(max_length=200)]) -> Any:
    """Clients by their mail address."""
    found = [one for one in CLIENTS if one.contact.mail.lower() == mail.lower()]
    return ClientPage(data=found, page_info=PageInfo(page_size=PAGE))


@app.get("/v2/clients/{clientId}/orders", response_model=OrderPage, operation_id="listClientOrders", dependencies=guarded)
def list_client_orders(client_id: Annotated[str, Path(alias="clientId")], cursor: str | None = None) -> Any:
    """Orders of a client, two on a page."""
    refs = [ref for ref, one in ORDERS.items() if one.placed_by.client_id == client_id]
    begin = refs.index(cursor) if cursor in refs else 0
    more = refs[begin + PAGE : begin + PAGE + 1]
    page = [ORDERS[ref] for ref in refs[begin : begin + PAGE]]
    found = [OrderSummary(order_ref=one.order_ref, placed_at=one.placed_at, stage=one.fulfilment.stage) for one in page]
    return OrderPage(data=found, page_info=PageInfo(next_cursor=more[0] if more else None, page_size=PAGE))


@app.get("/v2/orders/{orderRef}", response_model=Order, operation_id="fetchOrder", dependencies=guarded)
def fetch_order(order_ref: Annotated[str, Path(alias="orderRef", pattern=r"^ORD-\d{4}-\d{2}$")]) -> Any:
    """One order, whole."""
    if order_ref not in ORDERS:
        raise HTTPException(404, {"error": {"code": "NO_SUCH_ORDER", "message": "There is no such order."}})
    return ORDERS[order_ref]


@app.post("/v2/orders/{orderRef}/void", response_model=Voided, status_code=201, operation_id="voidOrder", dependencies=guarded)
def void_order(
    body: VoidRequest,
    order_ref: Annotated[str, Path(alias="orderRef")],
    idempotency_key: Annotated[str | None, Header()] = None,
) -> Any:
    """Void an order that has not left, and give the money back. The same Idempotency-Key is one voiding."""
    with LOCK:
        if idempotency_key in VOIDS:
            return VOIDS[idempotency_key]
        found = ORDERS[order_ref]
        if found.fulfilment.stage != "PICKING":
            return JSONResponse({"error": {"code": "ALREADY_LEFT", "message": "The order has left."}}, 422)
        ref = f"VD-{len(VOIDS) + 1:03d}"
        made = Voided(void_ref=ref, order_ref=order_ref, refund=found.grand_total)
        VOIDS[idempotency_key or str(uuid4())] = made
        ORDERS[order_ref] = found.model_copy(update={"fulfilment": Fulfilment(stage="VOIDED")})
        return made


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
