"""A process that makes calls of a model within a budget until none may be made: `python spender.py URL NAME TOKENS TAKES`."""

import sys
import time

from switchboard.cases.spending.budgets import Budgets
from switchboard.database import open_engine
from switchboard.declare.outcomes import Wasted
from switchboard.models.money.budgets import Budget, Estimate


def main(url: str, name: str, tokens: int, takes: int) -> None:
    engine = open_engine(url)
    budgets = Budgets(lambda: engine, [Budget("day", "tokens", tokens)])
    made = 0
    while True:
        case_id = f"{name}-{made}"
        begun = budgets.begin(case_id, lambda: Estimate(takes, 0.0, 60.0))
        for warning in begun.warnings:
            print(f"warned: {warning}")
        if begun.refused:
            break
        time.sleep(0.01)
        budgets.settle(case_id, begun.day, Wasted(1, takes, 0.0))
        made += 1
    print(f"made {made}: {begun.refused}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
