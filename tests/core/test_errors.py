"""All errors are one family, and the module's picture of it is true."""

import re

from morgen.core import errors


def test_the_family_tree_in_the_docstring_is_the_family():
    """Every error stands in the drawing, and nothing else does."""
    drawn = set(re.findall(r"\b(\w+Error)\b", errors.__doc__ or ""))

    assert drawn == set(errors.__all__)


def test_every_error_descends_from_morgen_error():
    """One except clause catches what Morgen raises on purpose."""
    assert all(issubclass(getattr(errors, name), errors.MorgenError) for name in errors.__all__)


def test_all_is_sorted_and_complete():
    """The public names are exactly the errors of the module."""
    names = (name for name, value in vars(errors).items() if isinstance(value, type))
    found = sorted(name for name in names if name.endswith("Error"))

    assert found == errors.__all__
