"""A payments API as a company may have one, in a process of its own: it keeps what it did in a file, once for each key.

`python payments_api.py PORT FOLDER`. The file `next` in the folder says how the next requests to pay are answered, a word each:
`late` does it and answers after a while, `error` does it and answers 500, `dies` does it and kills itself, and `refuses` does
nothing.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel

LATE_SECONDS = 3.0


class Payment(BaseModel):
    member_id: str
    amount: float
    reference: str = ""


class Paid(BaseModel):
    id: str
    amount: float


class Member(BaseModel):
    id: str
    email: str


def app_on(folder: Path) -> FastAPI:
    app = FastAPI(title="Members")
    kept = folder / "payments.jsonl"

    def payments() -> list[dict[str, Any]]:
        return [json.loads(line) for line in kept.read_text("utf-8").splitlines()] if kept.exists() else []

    def how() -> str:
        said = folder / "next"
        words = said.read_text("utf-8").split() if said.exists() else []
        said.write_text(" ".join(words[1:]), encoding="utf-8")
        return words[0] if words else ""

    @app.get("/members", operation_id="findMember")
    def find_member(email: str) -> Member:
        if email != "ada@example.com":
            raise HTTPException(404)
        return Member(id="M-7", email=email)

    @app.post("/payments", operation_id="pay", status_code=201)
    def pay(payment: Payment, idempotency_key: Annotated[str | None, Header()] = None) -> Paid:
        way = how()
        if way == "refuses":
            raise HTTPException(422, {"code": "over-the-limit", "message": "That is more than a member gets in a day."})
        before = [one for one in payments() if idempotency_key and one["key"] == idempotency_key]
        if not before:
            line = {"key": idempotency_key, "reference": payment.reference, "amount": payment.amount}
            with kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
                file.flush()
                os.fsync(file.fileno())
        if way == "late":
            time.sleep(LATE_SECONDS)
        if way == "error":
            raise HTTPException(500, "It broke after it was done.")
        if way == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        return Paid(id="P-1", amount=payment.amount)

    @app.get("/payments", operation_id="findPayment")
    def find_payment(member_id: str) -> Paid:
        if not payments():
            raise HTTPException(404)
        return Paid(id="P-1", amount=payments()[0]["amount"])

    return app


if __name__ == "__main__":
    uvicorn.run(app_on(Path(sys.argv[2])), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
