"""Static files as in production, less their compressed forms."""

from collections.abc import Iterator
from typing import Any

from supportdesk.storage import StaticStorage


class UncompressedStorage(StaticStorage):
    """Brotli at its best takes seconds, and Django's server for tests sends files as they are."""

    def compress_files(self, paths: Any) -> Iterator[tuple[str, str]]:
        """Compress none."""
        return iter(())
