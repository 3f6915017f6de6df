"""Stripe as the payment provider, by its own library; `pip install 'switchboard-desk[stripe]'`."""

import stripe

from tools.payments import Declined, NoAnswer, Unreachable

RETRIES = 1
"""What a try leaves open is asked for again later, so that nobody waits long for it now."""
TIMEOUT_SECONDS = 5.0
OURS = "switchboard_key"
"""The name, in a refund's metadata, of the key that it was asked for with."""


class StripePayments:
    """Refunds of Stripe's charges ("ch_...") and payment intents ("pi_...").

    `timeout` is in seconds and for each try of each of the two requests that a refund takes.
    """

    def __init__(self, api_key: str, api_base: str | None = None, timeout: float = TIMEOUT_SECONDS) -> None:
        self._client = stripe.StripeClient(
            api_key,
            base_addresses={"api": api_base.rstrip("/")} if api_base else {},
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=timeout),
        )

    def refund(self, reference: str, cents: int, key: str) -> str:
        """Send cents of a charge back, once for one key; returns Stripe's number of the refund ("re_...").

        Stripe forgets an idempotency key after a day, and repeats the error of a request that broke on its side until then
        (https://docs.stripe.com/api/idempotent_requests). So a refund with this key is looked for first. Raises Declined
        or NoAnswer.
        """
        try:
            made = self._made(reference, key) or self._make(reference, cents, key)
        except (stripe.InvalidRequestError, stripe.CardError) as refusal:
            raise Declined(_reason(refusal)) from refusal
        except (stripe.AuthenticationError, stripe.PermissionError) as refusal:
            raise Unreachable("Stripe does not take the key: correct SWITCHBOARD_STRIPE_API_KEY.") from refusal
        except (stripe.APIConnectionError, stripe.RateLimitError) as trouble:
            raise Unreachable(f"Stripe cannot be asked now ({type(trouble).__name__}).") from trouble
        except stripe.StripeError as trouble:
            raise NoAnswer(f"Stripe could not say what came of it ({type(trouble).__name__}).") from trouble
        if made.status in ("failed", "canceled"):
            raise Declined(f"The refund {made.id} {made.status}: {made.failure_reason or 'no reason given'}.")
        if made.status != "succeeded":
            raise NoAnswer(f"Stripe took it as {made.id}, which is {made.status}.")
        return made.id

    def _made(self, reference: str, key: str) -> stripe.Refund | None:
        if reference.startswith("pi_"):
            found = self._client.v1.refunds.list({"payment_intent": reference, "limit": 100})
        else:
            found = self._client.v1.refunds.list({"charge": reference, "limit": 100})
        for one in found.auto_paging_iter():
            known = one.metadata
            if known and OURS in known and known[OURS] == key:
                return one
        return None

    def _make(self, reference: str, cents: int, key: str) -> stripe.Refund:
        metadata = {OURS: key}
        if reference.startswith("pi_"):
            return self._client.v1.refunds.create(
                {"payment_intent": reference, "amount": cents, "metadata": metadata}, {"idempotency_key": key}
            )
        return self._client.v1.refunds.create(
            {"charge": reference, "amount": cents, "metadata": metadata}, {"idempotency_key": key}
        )


def _reason(refusal: stripe.StripeError) -> str:
    """Stripe's words, on one line and short: they go to an agent and into a ticket."""
    words = " ".join((refusal.user_message or refusal.code or type(refusal).__name__).split())
    return words[:200] if words.endswith(".") else f"{words[:199]}."
