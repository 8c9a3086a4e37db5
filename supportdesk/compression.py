"""Compressing static files once."""

from collections.abc import Iterator
from pathlib import Path

from whitenoise.compress import Compressor


class PatientCompressor(Compressor):  # type: ignore[misc]  # whitenoise has no types
    """Leaves alone what is compressed already: a hashed name stands for its content.

    Brotli at its best takes seconds for all files together, and every start collects them.
    """

    def compress(self, path: str) -> Iterator[str]:
        """Write the compressed forms of a file and yield their paths."""
        if not all(Path(path + ending).exists() for ending in (".gz", ".br")):
            yield from super().compress(path)
