"""Callers of the API as fixtures. Imports wait until Django is set up."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.api.callers import ApiCaller, Callers
    from tests.factories import Desk


@pytest.fixture
def caller() -> "Callers":
    """`caller(desk.agent)`: a program with a fresh token of that person."""
    from tests.api.callers import call_as

    return call_as


@pytest.fixture
def anonymous(desk: "Desk") -> "ApiCaller":
    """A program that says nothing about itself."""
    from tests.api.callers import ApiCaller

    return ApiCaller(desk.tenant.slug)
