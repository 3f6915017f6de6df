"""Who may work at a desk, who is signed in, and what was done: each use case once, by these names."""

from switchboard.service.accounts.by_provider import sign_in_by_provider
from switchboard.service.accounts.keeping import (
    ListedAccount,
    add_account,
    any_accounts,
    disable,
    enable,
    list_accounts,
    set_password,
    set_role,
)
from switchboard.service.accounts.log import audit, check_chain, names_in_log, seal_anew
from switchboard.service.accounts.people import Person, any_admin, has_password, person_called
from switchboard.service.accounts.signing_in import (
    SignedIn,
    TooManyTries,
    WrongPassword,
    check_password,
    csrf_of,
    sign_in,
    sign_out,
    whose,
)
from switchboard.service.accounts.tokens import Holder, ListedToken, NewToken, add_token, holder_of, list_tokens, revoke_token

__all__ = [
    "Holder",
    "ListedAccount",
    "ListedToken",
    "NewToken",
    "Person",
    "SignedIn",
    "TooManyTries",
    "WrongPassword",
    "add_account",
    "add_token",
    "any_accounts",
    "any_admin",
    "audit",
    "check_chain",
    "check_password",
    "csrf_of",
    "disable",
    "enable",
    "has_password",
    "holder_of",
    "list_accounts",
    "list_tokens",
    "names_in_log",
    "person_called",
    "revoke_token",
    "seal_anew",
    "set_password",
    "set_role",
    "sign_in",
    "sign_in_by_provider",
    "sign_out",
    "whose",
]
