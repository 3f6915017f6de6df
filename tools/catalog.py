"""What the shop sells: products, and the items that they can be bought as."""

from typing import Any

from sqlalchemy import select

from switchboard.declare.tool import Context, tool
from switchboard.errors import ToolError
from tools.nouns import ItemId, ProductId
from tools.shop import Product, Variant


@tool(effect="read", public=True)
def list_all_product_types(ctx: Context) -> dict[str, str]:
    """List all product names with their product ids."""
    rows = ctx.session.execute(select(Product.name, Product.id).order_by(Product.name))
    return {row.name: row.id for row in rows}


@tool(effect="read", public=True)
def get_product_details(ctx: Context, product_id: ProductId) -> dict[str, Any]:
    """Get a product's items with options, availability and price."""
    product = ctx.session.get(Product, product_id)
    if product is None:
        why = f"There is no product {product_id}. list_all_product_types gives the product ids."
        raise ToolError(why, code="no_such_product", product_id=product_id)
    return {"name": product.name, "product_id": product.id, "variants": {v.id: _item(v) for v in product.variants}}


@tool(effect="read", public=True)
def get_item_details(ctx: Context, item_id: ItemId) -> dict[str, Any]:
    """Get an item's product, options, availability and price."""
    item = ctx.session.get(Variant, item_id)
    if item is None:
        why = f"There is no item {item_id}. get_product_details gives the item ids of a product."
        raise ToolError(why, code="no_such_item", item_id=item_id)
    return {"item_id": item.id, "name": item.product.name, "product_id": item.product_id, **_item(item)}


def _item(item: Variant) -> dict[str, Any]:
    return {"options": item.options, "available": item.available, "price": item.price_cents / 100}
