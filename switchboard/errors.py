"""Errors, named after who can mend them."""


class SwitchboardError(Exception):
    """Root of every error this package raises on purpose. `who` can mend it."""

    who = "developer"


class OperatorError(SwitchboardError):
    """The installation or the command is wrong: a setting, a file, a name. The message says what to do."""

    who = "operator"


class DeclarationError(SwitchboardError):
    """A tool, agent, team or scenario is declared wrongly, or an agent's rules name what was never declared."""

    who = "developer"


class ToolError(SwitchboardError):
    """A tool refuses or cannot do what was asked. Its text is told to the model, and says what would work."""

    who = "model"


class Refused(ToolError):
    """The call is not allowed: wrong agent, wrong customer, not verified, or a decision said no."""


class ModelUnavailable(SwitchboardError):
    """No configured model endpoint answered."""

    who = "other side"


class Stopped(SwitchboardError):
    """A human stopped the run."""

    who = "operator"


class GaveUp(Exception):
    """A tool did not finish in time, and its transaction cannot be used any more. The text is for the model."""
