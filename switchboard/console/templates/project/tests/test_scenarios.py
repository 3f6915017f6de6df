"""Every scenario goes as told, by rules alone."""

import pytest

from switchboard.console.testing import complaints_of, scenarios_of


@pytest.mark.parametrize("name", scenarios_of(__file__))
def test_the_scenario_goes_as_told(name: str) -> None:
    assert complaints_of(__file__, name) == []
