"""Customers and their people out of a CSV file: reading it, and saying for each row what would be done.

Nothing is written here: `services.importing` does what `plan_import` says. A file may be sent again after
mending some rows: what is there already is left as it is. Plans are unknown here: what a row says of a
contract is judged and given by whoever calls (`sla.services.importing`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import CONTACT_ROLES, Customer, HostingModel, Membership, Role
from accounts.oneline import one_line

MOST_ROWS = 500
LARGEST_FILE = 512 * 1024
LONGEST_NAME, LONGEST_NOTES, LONGEST_EMAIL = 120, 10_000, 254
COLUMNS = (
    *("company", "hosting", "coordinator", "notes", "name", "email", "role"),
    *("plan", "first_day", "last_day"),
)
# Heads as people write them, in both languages of the product.
_ALIASES = {
    "customer": "company",
    "empresa": "company",
    "cliente": "company",
    "alojamiento": "hosting",
    "coordinador": "coordinator",
    "notas": "notes",
    "nombre": "name",
    "persona": "name",
    "person": "name",
    "correo": "email",
    "e-mail": "email",
    "rol": "role",
    "from": "first_day",
    "first day": "first_day",
    "desde": "first_day",
    "primer día": "first_day",
    "until": "last_day",
    "last day": "last_day",
    "hasta": "last_day",
    "último día": "last_day",
}


class UnreadableFile(Exception):
    """The file is no table that can be imported; `words` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def words(self) -> str:
        """What is wrong with it, for people."""
        return self.message


@dataclass(frozen=True)
class Row:
    """One line of the file, `line` counted as editors do; what the file has no column for is ""."""

    line: int
    company: str = ""
    hosting: str = ""
    coordinator: str = ""
    notes: str = ""
    name: str = ""
    email: str = ""
    role: str = ""
    plan: str = ""
    first_day: str = ""
    last_day: str = ""


class RowRefused(Exception):
    """A row cannot be taken after all; the message says why."""


@dataclass(frozen=True)
class PlannedContract:
    """A plan that a row gives its company: `ends_on` is the first day without it, None for no end."""

    plan_id: int
    plan: str
    starts_on: date
    ends_on: date | None

    @property
    def last_day(self) -> date | None:
        return self.ends_on - timedelta(days=1) if self.ends_on else None


@dataclass
class PlannedRow:
    """What a row would do: add its company, invite its person, give a contract, some of it or nothing; or
    what is wrong with it."""

    row: Row
    adds_company: bool = False
    invites: bool = False
    errors: list[str] = field(default_factory=list)
    hosting_model: str = HostingModel.SHARED
    role: str = Role.MEMBER
    coordinator: Membership | None = None
    contract: PlannedContract | None = None

    @property
    def does_something(self) -> bool:
        """Not all of it is there already."""
        return self.adds_company or self.invites or self.contract is not None

    @property
    def does_nothing(self) -> bool:
        """All of it is there already."""
        return not (self.errors or self.does_something)


Check = Callable[[PlannedRow], None]
"""Judges what a row says of a contract, whose company and person are judged before."""


@dataclass
class _Known:
    """What the desk has, by names and addresses in small letters; and what rows before have added."""

    companies: set[str]
    people: dict[str, Membership]
    seen_people: dict[str, int] = field(default_factory=dict)


def decode(content: bytes) -> str:
    """The text of a file: UTF-8, else what older spreadsheets write. Raises UnreadableFile."""
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(_("The file is larger than %(n)d KB.") % {"n": LARGEST_FILE // 1024})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read_rows(text: str) -> list[Row]:
    """The rows below the head, empty ones left out. Raises UnreadableFile."""
    text = text.removeprefix("\ufeff")
    if len(text) > LARGEST_FILE:
        raise UnreadableFile(_("The file is larger than %(n)d KB.") % {"n": LARGEST_FILE // 1024})
    if "\0" in text:
        raise UnreadableFile(_("This is not a CSV file. Export the table as CSV in UTF-8."))
    separator = max((",", ";", "\t"), key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        columns = _columns(next(reader, []))
        rows = []
        for cells in reader:
            values = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
            if any(values.values()):
                rows.append(Row(line=reader.line_num, **values))
            if len(rows) > MOST_ROWS:
                raise UnreadableFile(_("The file has more than %(n)d rows. Divide it.") % {"n": MOST_ROWS})
    except csv.Error as error:
        raise UnreadableFile(_("This is not a CSV file. Export the table as CSV in UTF-8.")) from error
    if not rows:
        raise UnreadableFile(_("There is no row below the head of the table."))
    return rows


def _columns(head: Sequence[str]) -> list[str]:
    """What each column holds, "" for one that is not known. Raises UnreadableFile without a company."""
    names = [name.strip().lower() for name in head]
    columns = [_ALIASES.get(name, name) for name in names]
    columns = [name if name in COLUMNS else "" for name in columns]
    if "company" not in columns:
        raise UnreadableFile(
            _("The first line has to name the columns: %(columns)s. “company” is needed.")
            % {"columns": ", ".join(COLUMNS)}
        )
    named = [name for name in columns if name]
    if len(set(named)) < len(named):
        raise UnreadableFile(_("Two columns have the same name."))
    return columns


def plan_import(rows: Sequence[Row], *, by: Membership, check: Check) -> list[PlannedRow]:
    """What each row would do, in the desk of `by`. A few queries, however many rows."""
    known = _known(rows, by)
    staff = {
        person.user.email.lower(): person
        for person in Membership.objects.visible_to(by).staff().active().select_related("user")
    }
    return [_plan(row, known, staff, check) for row in rows]


def _known(rows: Sequence[Row], by: Membership) -> _Known:
    names = {one_line(row.company).lower() for row in rows}
    companies = Customer.objects.visible_to(by).annotate(key=Lower("name")).filter(key__in=names)
    emails = {row.email.lower() for row in rows if row.email}
    people = Membership.objects.visible_to(by).filter(user__email__in=emails)
    return _Known(
        companies={name.lower() for name in companies.values_list("name", flat=True)},
        people={person.user.email.lower(): person for person in people.select_related("user", "customer")},
    )


def _plan(row: Row, known: _Known, staff: dict[str, Membership], check: Check) -> PlannedRow:
    planned = PlannedRow(row)
    _check_company(planned, staff)
    if row.email or row.name or row.role:
        _check_person(planned, known)
    check(planned)
    if planned.errors:
        return planned
    company = one_line(row.company).lower()
    planned.adds_company = company not in known.companies
    known.companies.add(company)
    email = row.email.lower()
    planned.invites = bool(email) and email not in known.people
    if email:
        known.seen_people[email] = row.line
    return planned


def _check_company(planned: PlannedRow, staff: dict[str, Membership]) -> None:
    row, errors = planned.row, planned.errors
    company = one_line(row.company)
    if not company:
        errors.append(_("The company is missing."))
    elif len(company) > LONGEST_NAME:
        errors.append(_("The company's name is longer than %(n)d characters.") % {"n": LONGEST_NAME})
    if len(row.notes) > LONGEST_NOTES:
        errors.append(_("The notes are longer than %(n)d characters.") % {"n": LONGEST_NOTES})
    if row.hosting:
        found = _choice(row.hosting, HostingModel.choices)
        if found is None:
            said = ", ".join(HostingModel.values)
            errors.append(
                _("“%(hosting)s” is no hosting: %(known)s.") % {"hosting": row.hosting, "known": said}
            )
        planned.hosting_model = found or HostingModel.SHARED
    if row.coordinator:
        planned.coordinator = staff.get(row.coordinator.lower())
        if planned.coordinator is None:
            errors.append(_("Nobody of the staff has the address “%(email)s”.") % {"email": row.coordinator})


def _check_person(planned: PlannedRow, known: _Known) -> None:
    row, errors = planned.row, planned.errors
    email = row.email.lower()
    try:
        validate_email(email)
        MaxLengthValidator(LONGEST_EMAIL)(email)
    except ValidationError:
        errors.append(_("“%(email)s” is not an email address.") % {"email": row.email})
    if not one_line(row.name):
        errors.append(_("The person's name is missing."))
    elif len(one_line(row.name)) > LONGEST_NAME:
        errors.append(_("The person's name is longer than %(n)d characters.") % {"n": LONGEST_NAME})
    if row.role:
        roles = [(role.value, role.label) for role in CONTACT_ROLES]
        found = _choice(row.role, roles)
        if found is None:
            said = ", ".join(role.value for role in CONTACT_ROLES)
            errors.append(_("“%(role)s” is no role: %(known)s.") % {"role": row.role, "known": said})
        planned.role = found or Role.MEMBER
    if email in known.seen_people:
        said = _("The same address stands in line %(line)d.")
        errors.append(said % {"line": known.seen_people[email]})
    person = known.people.get(email)
    if person is not None and not _is_at(person, row.company):
        errors.append(_("This address belongs to somebody else in this desk."))


def _is_at(person: Membership, company: str) -> bool:
    return person.customer is not None and person.customer.name.lower() == one_line(company).lower()


def _choice(text: str, choices: Sequence[tuple[str, object]]) -> str | None:
    """The value that a text means: the value itself or its label, whatever the case."""
    wanted = text.strip().lower().replace("-", "_").replace(" ", "_")
    for value, label in choices:
        if wanted in (value, str(label).lower().replace(" ", "_")):
            return value
    return None


def import_words(planned: Sequence[PlannedRow]) -> str:
    """What all rows together do, in a sentence."""
    companies = sum(one.adds_company for one in planned)
    people = sum(one.invites for one in planned)
    contracts = sum(one.contract is not None for one in planned)
    added = ngettext("%(n)d customer", "%(n)d customers", companies) % {"n": companies}
    invited = ngettext("%(n)d invitation", "%(n)d invitations", people) % {"n": people}
    values = {"customers": added, "invitations": invited}
    if not contracts:
        return _("%(customers)s and %(invitations)s") % values
    given = ngettext("%(n)d contract", "%(n)d contracts", contracts) % {"n": contracts}
    return _("%(customers)s, %(invitations)s and %(contracts)s") % (values | {"contracts": given})
