"""Der eigene Agent der Prophylaxe rechnet."""

from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="was_kostet_die_reinigung",
    title="Der eigene Agent der Prophylaxe rechnet",
    team=desk(__file__),
    opening="Was kostet die professionelle Zahnreinigung für zwei Personen?",
    expected=Expected(
        end="resolved",
        department="prophylaxe",
        says=("190,00 EUR",),
    ),
)
