"""Addresses and log-ins of the demo, printed by `make run`. Knows no Django."""

from supportdesk.demo.content import SLUGS, DeskContent, read_desk

PASSWORD = "demo-desk-2026"  # noqa: S105  known to everybody on purpose: the demo holds invented people only

OPERATOR = "operator@desk.example"


def lines(base_url: str) -> list[str]:
    """One line a desk and one a person that is worth trying; the same password for all."""
    base_url = base_url.rstrip("/")
    printed = [f"Everybody's password is {PASSWORD}"]
    for slug in SLUGS:
        desk = read_desk(slug)
        printed += ["", f"{desk.name}: {base_url}/t/{slug}/"]
        printed += [f"  {role:<15} {email}" for role, email in _worth_trying(desk)]
    return [
        *printed,
        "",
        f"Operator of the installation: {base_url}/admin/",
        f"  {'operator':<15} {OPERATOR}",
    ]


def _worth_trying(desk: DeskContent) -> list[tuple[str, str]]:
    company = desk.companies[0]
    staff = [(role, desk.staff_with(role)[0].email) for role in ("owner", "supervisor", "agent")]
    return [
        *staff,
        ("customer admin", company.people[0].email),
        ("customer", company.people[1].email),
    ]
