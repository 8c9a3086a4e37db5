"""What a browser sends of the two large forms, ready to be changed by a test."""

from typing import Any

from tests.factories import DeskClient

WEEKDAYS = range(5)


def calendar_form(**changes: Any) -> dict[str, Any]:
    """Monday to Friday from nine to six in Lahore."""
    data: dict[str, Any] = {
        "name": "Shop hours",
        "zone": "Asia/Karachi",
        "week_slots": "3",
        "exceptions": "1",
        "exception_slots": "2",
        "holiday_country": "",
        "holiday_subdivision": "",
        "action": "save",
    }
    for day in WEEKDAYS:
        data |= {f"week_{day}_0_opens": "09:00", f"week_{day}_0_closes": "18:00"}
    return data | changes


def plan_form(calendar: int, **changes: Any) -> dict[str, Any]:
    """A plan that promises a first response to critical tickets in 2 to 4 business hours."""
    data: dict[str, Any] = {
        "name": "Bronze",
        "position": "1",
        "calendar": str(calendar),
        "first_response_critical_unit": "business_time",
        "first_response_critical_aim": "2",
        "first_response_critical_limit": "4",
    }
    return data | changes


def apply_draft_of(client: DeskClient, saved: Any, reach: str = "new") -> None:
    """Apply the draft to which saving a form has led."""
    assert saved.status_code == 302, saved.content.decode()
    assert client.post(f"{saved['Location']}apply/", {"reach": reach}).status_code == 302
