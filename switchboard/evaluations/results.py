"""What an evaluation found: trials, how many of them passed and how surely, and how one evaluation compares with another."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import comb, sqrt
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from switchboard.errors import OperatorError

SURE = 1.96
"""Standard deviations on each side of an interval that holds the true share in 95 of 100 cases."""
MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class Trial:
    """One try of a case: whether it came out right, and why not; what it cost, in US dollars, None where a price is unknown."""

    case: str
    passed: bool
    why: tuple[str, ...] = ()
    model_calls: int = 0
    cost_usd: float | None = 0.0
    seconds: float = 0.0


@dataclass(frozen=True)
class Share:
    """A share of cases, and the interval that holds the true one in 95 of 100 cases (Wilson's score interval)."""

    share: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.share:.1%} ({self.low:.1%} to {self.high:.1%})"


@dataclass(frozen=True)
class Evaluation:
    """All trials of one evaluation; each case is tried equally often. `by` is `rules`, or the models that answered."""

    kind: str
    by: str
    trials: tuple[Trial, ...] = ()

    @property
    def cases(self) -> Mapping[str, list[Trial]]:
        found: dict[str, list[Trial]] = defaultdict(list)
        for trial in self.trials:
            found[trial.case].append(trial)
        return found

    @property
    def most(self) -> int:
        """How often each case was tried."""
        return min(map(len, self.cases.values()), default=0)

    def pass_hat(self, k: int) -> Share:
        """pass^k: the share of cases of which k trials, drawn from those made, all pass (tau-bench, Yao et al. 2024)."""
        tried = self.cases.values()
        each = [comb(sum(one.passed for one in trials), k) / comb(len(trials), k) for trials in tried]
        return wilson(sum(each), len(each))


def wilson(right: float, of: int) -> Share:
    """The share of right ones with its interval; of none, any share may be true."""
    if of == 0:
        return Share(0.0, 0.0, 1.0)
    share, square = right / of, SURE**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = SURE * sqrt(share * (1 - share) / of + square / (4 * of**2)) / (1 + square / of)
    return Share(share, max(0.0, middle - half), min(1.0, middle + half))


@dataclass(frozen=True)
class Change:
    """How often a case passed in one evaluation and in another."""

    case: str
    before: float
    after: float


def changes(before: Evaluation, after: Evaluation) -> list[Change]:
    """The cases of both evaluations that passed more or less often, those that became worse first."""
    old, new = before.cases, after.cases
    shared = [Change(name, _share(old[name]), _share(new[name])) for name in old if name in new]
    return sorted((one for one in shared if one.before != one.after), key=lambda one: (one.after - one.before, one.case))


def compared(before: Evaluation, after: Evaluation) -> dict[str, object]:
    """Two evaluations of one kind as JSON data: the figures of both, each of their cases, and those that differ once more."""
    old, new = before.cases, after.cases
    return {
        "kind": after.kind,
        "before": _figures(before),
        "after": _figures(after),
        "changed": [vars(change) for change in changes(before, after)],
        "cases": {
            name: {"before": _share(old[name]) if name in old else None, "after": _share(new[name]) if name in new else None}
            for name in sorted(old.keys() | new.keys())
        },
    }


def _figures(one: Evaluation) -> dict[str, object]:
    return {"by": one.by, "cases": len(one.cases), "trials": len(one.trials), "pass^1": vars(one.pass_hat(1))}


def _share(trials: Sequence[Trial]) -> float:
    return sum(one.passed for one in trials) / len(trials)


_FORM = TypeAdapter(list[Evaluation])


def as_data(found: Sequence[Evaluation]) -> list[object]:
    """Evaluations as JSON data, with their shares."""
    data = _FORM.dump_python(list(found), mode="json")
    shares = [{f"pass^{k}": vars(one.pass_hat(k)) for k in sorted({1, one.most} - {0})} for one in found]
    return [{**one, "shares": each} for one, each in zip(data, shares, strict=True)]


def read_evaluations(path: Path) -> list[Evaluation]:
    """Evaluations that `--json` has written. Raises OperatorError where the file holds none."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise OperatorError(f"{path} has more than {MOST_BYTES:,} bytes, and so is no evaluation.")
        rows = TypeAdapter(list[dict[str, object]]).validate_json(path.read_bytes())
        return _FORM.validate_python([{name: value for name, value in row.items() if name != "shares"} for row in rows])
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}.") from None
    except ValidationError:
        advice = f"`switchboard eval scenarios --json > {path.name}` writes one."
        raise OperatorError(f"{path} holds no evaluation. {advice}") from None
