"""The files of tau2-bench's retail domain, read and checked: a store of users, orders and products, and tasks.

Only what `tools/store.py` takes is checked; what else a file holds is left alone.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, FiniteFloat, TypeAdapter, ValidationError

from switchboard.errors import OperatorError

Json = Mapping[str, Any]
TAKE = "Take users.json, orders.json and products.json of one store of tau2-bench's retail domain."
TASKS = 'Take a list of tasks with "id", "user", "actions" and, where rows are compared, "expected_diff".'


class Name(BaseModel):
    first_name: str
    last_name: str


class Address(BaseModel):
    address1: str
    address2: str
    city: str
    country: str
    state: str
    zip: str


class Method(BaseModel):
    source: Literal["credit_card", "paypal", "gift_card"]
    brand: str | None = None
    last_four: str | None = None
    balance: FiniteFloat | None = None


class User(BaseModel):
    name: Name
    address: Address
    email: str
    payment_methods: dict[str, Method]
    orders: list[str]


class Item(BaseModel):
    name: str
    product_id: str
    item_id: str
    price: FiniteFloat
    options: dict[str, str]


class Parcel(BaseModel):
    tracking_id: list[str]
    item_ids: list[str]


class Line(BaseModel):
    transaction_type: str
    amount: FiniteFloat
    payment_method_id: str


class Order(BaseModel):
    order_id: str
    user_id: str
    address: Address
    items: list[Item]
    fulfillments: list[Parcel]
    status: str
    payment_history: list[Line]


class Variant(BaseModel):
    options: dict[str, str]
    available: bool
    price: FiniteFloat


class Product(BaseModel):
    name: str
    variants: dict[str, Variant]


class Action(BaseModel):
    name: str
    kwargs: dict[str, Any]


class Task(BaseModel):
    id: str | int
    user: dict[str, Any] | None = None
    actions: list[Action]
    expected_diff: dict[str, dict[str, Any]] | None = None


class Store(NamedTuple):
    """The three files as they are; amounts are dollars."""

    users: Json
    orders: Json
    products: Json


def read_store(users: Path, orders: Path, products: Path) -> Store:
    """The three files. Raises OperatorError, naming the file and the place in it, where one is not in the shape of a store."""
    store = Store(_checked(users, User), _checked(orders, Order), _checked(products, Product))
    methods = {method for user in store.users.values() for method in user["payment_methods"]}
    for key, order in store.orders.items():
        paid_by = {line["payment_method_id"] for line in order["payment_history"]}
        if order["order_id"] != key:
            raise OperatorError(f"{orders}: the order {key} calls itself {order['order_id']}. {TAKE}")
        if order["user_id"] not in store.users or not paid_by <= methods:
            raise OperatorError(f"{orders}: {users} does not hold who ordered {key}, or what it was paid with. {TAKE}")
    return store


def read_tasks(path: Path) -> Sequence[Json]:
    """The tasks of a file. Raises OperatorError, naming the place in it, where it holds none."""
    found: Sequence[Json] = read_json(path)
    try:
        tasks = TypeAdapter(list[Task]).validate_python(found)
    except ValidationError as error:
        first = error.errors()[0]
        place = " ".join(map(str, first["loc"])) or "the whole file"
        raise OperatorError(f"{path} does not hold tasks: {place}: {first['msg']}. {TASKS}") from error
    if not tasks:
        raise OperatorError(f"{path} holds no task. {TASKS}")
    return found


def read_json(path: Path) -> Any:
    """What a file of JSON holds. Raises OperatorError where it cannot be read as that."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise OperatorError(f"{path} cannot be read as JSON: {error}.") from error


def _checked(path: Path, row: type[BaseModel]) -> Json:
    found: Json = read_json(path)
    try:
        TypeAdapter(dict[str, row]).validate_python(found)  # type: ignore[valid-type]
    except ValidationError as error:
        first = error.errors()[0]
        place = " ".join(map(str, first["loc"])) or "the whole file"
        raise OperatorError(f"{path} does not hold {row.__name__.lower()}s: {place}: {first['msg']}. {TAKE}") from error
    return found
