"""The mark of a logo, "240x64-8f3a12cd4b5e": it stands in its address and says its size, so that a page keeps
the place for it free before it has come."""


def size_of(mark: str) -> tuple[int, int]:
    """The width and height in pixels that a mark says."""
    width, _x, height = mark.partition("-")[0].partition("x")
    return int(width), int(height)


def box_of(mark: str, highest: int, widest: int) -> tuple[int, int]:
    """The width and height in CSS pixels at which a logo stands that may be so high and so wide."""
    width, height = size_of(mark)
    scale = min(highest / height, widest / width)
    return max(1, round(width * scale)), max(1, round(height * scale))
