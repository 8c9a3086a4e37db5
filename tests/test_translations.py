"""The Spanish catalogue is whole: every text of the sources, none of them fuzzy, placeholders intact."""

import pytest

from supportdesk import catalogue


@pytest.mark.parametrize("locale", catalogue.LOCALES)
def test_every_text_is_translated(locale: str) -> None:
    assert catalogue.gaps(locale) == []
