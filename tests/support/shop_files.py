"""A small shop as files of a spreadsheet, and the commands that bring it in and out."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support import commands
from support.commands import document

CUSTOMERS = """customer_id,first_name,last_name,email,address1,city,state,zip,country,\
payment_method_id,payment_source,last_four,balance
C-1,Vera,Holm,vera@example.com,1 Quay,Bergen,VL,50031,Norway,credit_card_71,credit_card,0042,
C-1,,,,,,,,,gift_card_72,gift_card,,25.00
C-2,Paul,Adeyemi,paul@example.com,2 Pier,Lagos,LA,10001,Nigeria,paypal_73,paypal,,
"""
PRODUCTS = """product_id,product_name,item_id,options,price,available
5000000001,Copper Pan,6000000001,size=20 cm; lid=yes,49.99,yes
5000000001,Copper Pan,6000000002,size=28 cm; lid=yes,"1,249.00",no
5000000002,Linen Towel,6000000003,,"9,90",yes
"""
ORDERS = """order_id,customer_id,status,placed_on,delivered_on,item_id,price,quantity,\
payment_method_id,paid,paid_on,tracking_ids,carrier
#W7000001,C-1,pending,2026-11-20,,6000000001,49.99,1,credit_card_71,69.79,2026-11-20,,
#W7000001,,,,,6000000003,9.90,2,,,,,
#W7000002,C-2,processed,2026-11-10,,6000000003,9.90,1,paypal_73,9.90,2026-11-10,NP-1,Northway
"""
SHOP = {"customers": CUSTOMERS, "products": PRODUCTS, "orders": ORDERS}


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def brought(folder: Path, kind: str, text: str | bytes, *more: str, name: str = "", **variables: str) -> Any:
    """What `import` prints of a file with this text."""
    path = write(folder, name or f"{kind}.csv", text)
    return commands.switchboard(folder, "import", kind, path.name, *more, new=True, **variables)


def counts(folder: Path, kind: str, text: str | bytes, *more: str, **options: Any) -> dict[str, str]:
    """How many of each kind were new, changed, unchanged and kept, such as "1 0 2 0"."""
    done = brought(folder, kind, text, *more, "--json", **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return {name: " ".join(map(str, found.values())) for name, found in json.loads(done.stdout)["counts"].items()}


def whole_shop(folder: Path, files: Mapping[str, str] = SHOP, **variables: str) -> None:
    for kind, text in files.items():
        done = brought(folder, kind, text, **variables)
        assert done.returncode == 0, done.stderr


def exported(folder: Path, kind: str, ending: str = "csv", **variables: str) -> bytes:
    path = folder / f"out-{kind}.{ending}"
    done = commands.switchboard(folder, "export", kind, path.name, new=True, **variables)
    assert done.returncode == 0, done.stderr
    return path.read_bytes()


def ask(folder: Path, words: str, *more: str, **variables: str) -> Any:
    return document(folder, "ask", words, *more, new=True, **variables)
