"""The model of the comparison: on loopback, in a process of its own, one asyncio loop and nothing but Python's library.

    python tests/bench/peers/model_server.py [seconds]

prints its base URL, and serves until its standard input is closed. Each answer is sent after so many seconds (0.2). Which
step of the refund case it is, the request says: the number of tool results since the customer's last words. A request that
asks who speaks next, as AutoGen's "auto" speaker selection makes them, is answered with the agent that gives refunds.
"""

import asyncio
import json
import re
import sys
from itertools import count
from typing import Any

ORDER = re.compile(r"#W\d{7}")
CENTS = 4250
NEXT_SPEAKER = "refunds"

_numbers = count(1)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The message that a request is answered with."""
    messages = request["messages"]
    if not request.get("tools") and "select the next role" in json.dumps(messages[-1]):
        return {"role": "assistant", "content": NEXT_SPEAKER}
    order_id = order_of(messages)
    match results_since_words(messages):
        case 0:
            return calling("list_charges", order_id=order_id)
        case 1:
            given = {"kind": "duplicate_charge", "amount_cents": CENTS, "reason": "Charged twice."}
            return calling("refund_order", order_id=order_id, **given)
    amount = f"{CENTS / 100:.2f} USD"
    words = f"I have refunded the duplicate charge of {amount} on order {order_id}. It arrives in 5 to 7 business days."
    return {"role": "assistant", "content": words}


def results_since_words(messages: list[dict[str, Any]]) -> int:
    """How many results of calls came after the last message of a user."""
    roles = [message["role"] for message in messages]
    last = max((n for n, role in enumerate(roles) if role == "user"), default=0)
    return roles[last:].count("tool")


def order_of(messages: list[dict[str, Any]]) -> str:
    """The order that a request is about."""
    found = ORDER.search(json.dumps([message for message in messages if message["role"] != "system"]))
    if not found:
        raise ValueError("no message of the request names an order")
    return found[0]


def calling(tool: str, **arguments: Any) -> dict[str, Any]:
    """A message with one call. Each has an id of its own, as with real models."""
    function = {"name": tool, "arguments": json.dumps(arguments)}
    call = {"id": f"call_{next(_numbers)}", "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def completion(body: bytes) -> bytes:
    """The chat completion for a request's body. Tokens are counted as characters / 4."""
    request = json.loads(body)
    message = answer(request)
    asked, said = len(body) // 4, len(json.dumps(message)) // 4
    document = {
        "id": f"chatcmpl-{next(_numbers)}",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": request.get("model", "scripted"),
        "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls" if "tool_calls" in message else "stop"}],
        "usage": {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said},
    }
    return json.dumps(document).encode()


def replied(body: bytes) -> bytes:
    """The HTTP response for a request's body: an error where no answer can be made of it, so that no peer waits."""
    try:
        status, reply = "200 OK", completion(body)
    except (KeyError, TypeError, ValueError) as error:
        status, reply = "400 Bad Request", json.dumps({"error": {"message": repr(error)}}).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(reply)}\r\n\r\n"
    return head.encode() + reply


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """One connection, kept open from request to request."""
    loop = asyncio.get_running_loop()
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            came = loop.time()
            length = re.search(rb"\r\ncontent-length: *(\d+)", head)
            reply = replied(await reader.readexactly(int(length[1]) if length else 0))
            await asyncio.sleep(came + seconds - loop.time())
            writer.write(reply)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        writer.close()  # the peer has hung up, or this server ends


async def main(seconds: float) -> None:
    server = await asyncio.start_server(lambda r, w: serve(r, w, seconds), "127.0.0.1", 0, backlog=1024, limit=2**22)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    async with server:
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 0.2))
