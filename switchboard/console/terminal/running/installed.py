"""Whether Python and the packages are what this program declares."""

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, version

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

PACKAGE = "switchboard-desk"
FOR_DEVELOPERS = "dev"
FORMERLY = {"autogen": Requirement("pyautogen>=0.9")}
"""What was published under another name before, and does as well: the tests are run on it, too."""


def trouble_with_python(wanted: str, here: str) -> str:
    """What is wrong with the version of Python, or ""."""
    return "" if SpecifierSet(wanted).contains(here) else f"Python is {here}, and {wanted} is needed."


def troubles_with(required: list[str]) -> Iterator[str]:
    """What is missing of what is required, or there in another version; what only an extra needs may be missing."""
    for requirement in map(Requirement, required):
        marker = requirement.marker
        is_needed = marker is None or marker.evaluate({"extra": ""})
        if not is_needed and not _is_of_an_extra(marker):
            continue
        found = _version(requirement.name)
        if found is None and (former := FORMERLY.get(requirement.name)) and (there := _version(former.name)):
            requirement, found = former, there
        if found is None:
            if is_needed:
                yield f"{requirement.name} is missing."
            continue
        if not requirement.specifier.contains(found, prereleases=True):
            yield f"{requirement.name} is {found}, and {requirement.specifier} is declared."


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def troubles() -> tuple[list[str], str]:
    """What is wrong with this installation, and in a few words what there is."""
    ours = distribution(PACKAGE)
    here = platform.python_version()
    python = trouble_with_python(ours.metadata["Requires-Python"] or "", here)
    told = f"{PACKAGE} {ours.version} on Python {here}, with packages as declared."
    return [*([python] if python else []), *troubles_with(ours.requires or [])], told


def _is_of_an_extra(marker: Marker | None) -> bool:
    """Whether a requirement belongs to an extra that is for those who run a desk, on a machine like this one."""
    extras = (word.strip("\"' )") for word in str(marker).split("extra == ")[1:])
    return any(extra != FOR_DEVELOPERS and marker is not None and marker.evaluate({"extra": extra}) for extra in extras)
