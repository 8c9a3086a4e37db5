"""A receipt as it is drawn: short ones whole, long ones summed up without losing an hour."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sla.receipt_words import KEPT_AT_ENDS, MOST_STRETCHES, draw
from sla.receipts import Part, Segment

ZONE = ZoneInfo("Asia/Karachi")
START = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
OPEN, DAY = timedelta(hours=9), timedelta(days=1)


def days(count: int) -> list[Segment]:
    """Nine open hours and a night, that many times, between being received and being breached."""
    lines = [Segment(Part.RECEIVED, START, START)]
    for number in range(count):
        opens = START + DAY * number
        lines.append(Segment(Part.COUNTED, opens, opens + OPEN, counted=OPEN))
        lines.append(Segment(Part.OUTSIDE_HOURS, opens + OPEN, opens + DAY))
    end = START + DAY * count
    return [*lines, Segment(Part.BREACHED, end, end)]


def test_a_week_is_drawn_stretch_by_stretch() -> None:
    drawing = draw(days(7), now=START + DAY * 7, zone=ZONE)
    assert len(drawing.segments) == 14
    assert [words for _at, words in drawing.words][:3] == [
        "Received",
        "9 h counted: Mon 09:00\u201318:00 Karachi",
        "15 h outside support hours",
    ]


def test_two_years_take_a_few_lines_that_still_add_up() -> None:
    drawing = draw(days(730), now=START + DAY * 730, zone=ZONE)
    assert len(drawing.segments) == 2 * KEPT_AT_ENDS + 1 < MOST_STRETCHES
    said = [words for _at, words in drawing.words]
    hours = 9 * (730 - KEPT_AT_ENDS)
    assert said[KEPT_AT_ENDS + 1] == f"{hours} business hours counted"
    assert said[KEPT_AT_ENDS + 2].endswith("outside support hours")
    assert said[0] == "Received"
    assert said[-1] == "Breached"


def test_the_band_runs_from_end_to_end() -> None:
    for count in (1, 7, 730):
        drawing = draw(days(count), now=START, zone=ZONE)
        first, last = drawing.segments[0], drawing.segments[-1]
        assert first["x"] == 0
        assert last["x"] + last["width"] in (1000, 1001)


def test_pauses_and_holidays_of_a_long_receipt_keep_their_lines() -> None:
    lines = days(100)
    at = lines[99].end
    lines[100:100] = [Segment(Part.PAUSED, at, at + DAY, status="pending", by="Ali Agent")]
    said = [words for _at, words in draw(lines, now=START, zone=ZONE).words]
    assert any("Ali Agent" in words for words in said)


def test_what_was_spared_would_have_counted() -> None:
    received, counted = days(1)[:2]
    met = Segment(Part.MET, counted.end, counted.end)
    after = Segment(
        Part.COUNTED,
        counted.end,
        counted.end + timedelta(hours=2),
        counted=timedelta(hours=2),
        projected=True,
    )
    said = [words for _at, words in draw([received, counted, met, after], now=met.start, zone=ZONE).words]
    assert said[-2:] == ["Met", "2 h would have counted: Mon 18:00\u201320:00 Karachi"]
    said = [words for _at, words in draw([received, counted, after], now=met.start, zone=ZONE).words]
    assert said[-1] == "2 h will count: Mon 18:00\u201320:00 Karachi"
