"""Every use case of a console once: what customers and operators do with cases, returning values.

Nothing in here prints, reads a terminal, or knows how it is shown. What takes a case takes its id, an unambiguous beginning
of it, or the id of one of its runs. Raises OperatorError where a thing cannot be done, with how things stand instead.
"""
