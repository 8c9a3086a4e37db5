"""The published policies as presets: clause by clause against what a new desk gets, and what is refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import HostingModel, Membership, Role, Tenant
from accounts.services import create_tenant
from accounts.tenancy import tenant_scope
from knowledge.models import Edition
from sla.business_time import BusinessCalendar
from sla.coverage_terms import CoverageTerms, coverage_said_by, exclusions_said_by
from sla.maintenance_terms import MaintenanceTerms, terms_said_by
from sla.models import CalendarVersion, Metric, Plan, PlanVersion, SupportCalendar, Target, TargetUnit
from sla.presets import PresetError, apply_preset, load_preset, preset_names, read_preset
from tickets.lifecycle import Priority
from tickets.models import Category, CategoryPurpose, IntakeForm

AT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
HOUR = 3600
HOURS, DAYS, CLOCK = TargetUnit.BUSINESS_TIME, TargetUnit.BUSINESS_DAYS, TargetUnit.ELAPSED_TIME


def new_desk(preset_name: str) -> Tenant:
    """A desk that has taken on a preset."""
    preset = load_preset(preset_name)
    tenant = create_tenant(
        slug=preset_name,
        name=preset_name,
        ticket_prefix=preset.ticket_prefix,
        language=preset.language,
        time_zone=preset.time_zone,
        at=AT,
    )
    apply_preset(tenant=tenant, preset=preset, at=AT)
    return tenant


def version_of(plan_name: str) -> PlanVersion:
    return PlanVersion.objects.select_related("calendar").get(plan__name=plan_name)


def maintenance_of(plan_name: str) -> MaintenanceTerms:
    return terms_said_by(version_of(plan_name))


def targets_of(plan_name: str, metric: str) -> dict[str, tuple[str, int, int]]:
    """Unit, aim and limit by priority."""
    rows = Target.objects.filter(plan_version=version_of(plan_name), metric=metric)
    return {row.priority: (row.unit, row.aim, row.limit) for row in rows}


def hours_of(calendar: SupportCalendar) -> CalendarVersion:
    return CalendarVersion.objects.get(calendar=calendar)


def filed_under() -> dict[str, str]:
    """The names of the categories that take what the desk files by itself."""
    return dict(CategoryPurpose.objects.values_list("purpose", "category__name"))


def s1_thirteen_kinds_of_service() -> None:
    assert Category.objects.count() == 13
    assert set(Category.objects.values_list("name", flat=True)) >= {"Bug", "API integration", "Performance"}
    assert all(Category.objects.values_list("description", flat=True))


def covered_by(plan_name: str, kind: str) -> set[str]:
    """The names of the categories of which a plan says that."""
    terms = coverage_of_plan(plan_name)
    return {category.name for category in Category.objects.all() if terms.of(category.pk) == kind}


def coverage_of_plan(plan_name: str) -> CoverageTerms:
    return coverage_said_by(version_of(plan_name))


def s1_coverage_varies_by_plan() -> None:
    assert covered_by("Standard", "billable") == {"Performance", "API integration"}
    assert covered_by("Standard", "not_covered") == {"Feature improvement", "Dedicated enterprise support"}
    assert covered_by("Priority", "billable") == {"Feature improvement"}
    assert len(covered_by("Dedicated enterprise", "covered")) == 13


def s2_channels_and_a_coordinator_for_enterprise_customers() -> None:
    official = ("portal", "email", "phone", "remote", "meeting")
    plans = ("Standard", "Priority", "Dedicated enterprise")
    assert [coverage_of_plan(plan).channels for plan in plans] == [official] * 3
    assert [coverage_of_plan(plan).has_coordinator for plan in plans] == [False, False, True]


def s3_monday_to_saturday_in_lahore() -> None:
    version = hours_of(version_of("Standard").calendar)
    assert version.spec["tz"] == "Asia/Karachi"
    assert sorted(version.spec["week"]) == ["0", "1", "2", "3", "4", "5"]
    assert version.holiday_country == "PK"
    assert "Pakistan Day" in version.spec["holidays"]["2026-03-23"]


def s3b_faster_plans_and_one_around_the_clock() -> None:
    response = Metric.FIRST_RESPONSE
    for priority, (unit, aim, limit) in targets_of("Priority", response).items():
        standard = targets_of("Standard", response)[priority]
        assert unit != standard[0] or (aim, limit) < standard[1:]
    assert targets_of("Dedicated enterprise", response)[Priority.CRITICAL] == (HOURS, HOUR / 2, HOUR)
    calendar = BusinessCalendar.from_spec(hours_of(version_of("Dedicated enterprise").calendar).spec)
    emergencies = {
        plan: version_of(plan).emergencies_a_month for plan in ("Standard", "Dedicated enterprise")
    }
    assert emergencies == {"Standard": None, "Dedicated enterprise": 0}
    assert version_of("Dedicated enterprise").emergency_rota.name == "Emergencies"
    assert calendar.is_open(datetime(2026, 3, 8, 22, 0, tzinfo=UTC))  # Monday, 03:00 in Lahore


def s4_response_times_as_ranges_with_definitions() -> None:
    assert targets_of("Standard", Metric.FIRST_RESPONSE) == {
        Priority.CRITICAL: (HOURS, 2 * HOUR, 4 * HOUR),
        Priority.HIGH: (HOURS, 4 * HOUR, 8 * HOUR),
        Priority.MEDIUM: (DAYS, 1, 1),
        Priority.LOW: (DAYS, 2, 3),
    }
    definitions = version_of("Standard").definitions
    assert set(definitions) == set(Priority.values)
    assert "point of sale" in definitions["high"]


def s4b_resolution_is_promised_apart_from_response() -> None:
    assert targets_of("Standard", Metric.RESOLUTION) == {}
    assert targets_of("Priority", Metric.RESOLUTION)[Priority.CRITICAL][0] == HOURS
    assert Priority.LOW not in targets_of("Priority", Metric.RESOLUTION)


def s5_s6_notice_of_planned_work_by_plan() -> None:
    notice = {plan: maintenance_of(plan).notice_hours for plan in ("Standard", "Dedicated enterprise")}
    assert notice == {"Standard": 48, "Dedicated enterprise": 72}
    assert maintenance_of("Standard").reminder_hours == (24, 1)
    assert maintenance_of("Dedicated enterprise").pauses
    assert not maintenance_of("Standard").pauses


def s9_backups_by_plan_and_hosting_model() -> None:
    every = {
        (plan, hosting): backup.every_hours
        for plan in ("Standard", "Priority", "Dedicated enterprise")
        for hosting in HostingModel.values
        if (backup := maintenance_of(plan).backup_for(hosting))
    }
    assert every == {
        ("Standard", "shared"): 24,
        ("Standard", "dedicated"): 24,
        ("Priority", "shared"): 24,
        ("Priority", "dedicated"): 12,
        ("Dedicated enterprise", "shared"): 12,
        ("Dedicated enterprise", "dedicated"): 6,
    }
    assert Category.objects.get(is_outage=True).name == "Backup and recovery"
    assert targets_of("Priority", Metric.RESTORE)[Priority.CRITICAL] == (HOURS, 4 * HOUR, 8 * HOUR)


def s9_what_files_itself_stands_where_it_belongs() -> None:
    assert filed_under() == {
        "alarm": "Hosting and monitoring",
        "backup": "Hosting and monitoring",
        "restore": "Backup and recovery",
    }


def s8_seven_exclusions_on_every_plan() -> None:
    for version in PlanVersion.objects.all():
        exclusions = exclusions_said_by(version)
        assert all(exclusion.title and exclusion.text for exclusion in exclusions)
        keys = [exclusion.key for exclusion in exclusions]
        assert len(keys) == len(set(keys)) == 7
        assert {"custom_development", "customer_hardware", "on_site_visit"} < set(keys)


def questions_of(category: str) -> dict[str, bool]:
    """What a category asks for, and whether an answer is required."""
    form = IntakeForm.objects.get(category__name=category)
    return {question.key: question.required for question in form.asked}


def s7_the_facts_are_asked_for() -> None:
    facts = {"steps": True, "expected": True, "actual": True, "service": False, "since": False}
    for category in ("Technical issue", "Bug", "ERP workflow", "API integration"):
        assert facts.items() <= questions_of(category).items()
    assert {"where", "actual", "since"} <= questions_of("Performance").keys()
    assert not IntakeForm.objects.filter(category__name="Feature improvement").exists()


def s7_los_datos_se_piden() -> None:
    facts = {"pasos": True, "esperado": True, "ocurrido": True, "servicio": False, "desde": False}
    assert questions_of("Uso del sistema") == facts
    assert {"alcance", "ocurrido", "servicio", "desde"} <= questions_of(
        "Conectividad y disponibilidad"
    ).keys()


def b1_monday_to_friday_in_mexico_in_spanish() -> None:
    version = hours_of(version_of("Soporte ilimitado").calendar)
    assert version.spec["tz"] == "America/Mexico_City"
    assert version.spec["week"] == {str(day): [["09:00", "18:00"]] for day in range(5)}
    assert version.spec["holidays"]["2026-09-16"] == "Día de la Independencia"
    assert Tenant.objects.get(slug="codigo-binario").language == "es"


def b1_by_email_or_chat_without_extra_cost() -> None:
    terms = coverage_of_plan("Soporte ilimitado")
    assert {"email", "chat"} < set(terms.channels)
    assert not terms.coverage


def b2_four_nines_with_planned_work_counted() -> None:
    terms = maintenance_of("Soporte ilimitado")
    assert (terms.availability, terms.counts_planned) == (Decimal("99.99"), True)


def b3_database_and_files_every_day() -> None:
    for hosting in (HostingModel.SHARED, HostingModel.DEDICATED):
        backup = maintenance_of("Soporte ilimitado").backup_for(hosting)
        assert backup is not None
        assert (backup.every_hours, backup.parts) == (24, ("database", "files"))


def b3_b5_b6_kinds_of_support() -> None:
    names = set(Category.objects.values_list("name", flat=True))
    assert {"Respaldos", "Restablecimiento", "Uso del sistema", "Usuarios y contraseñas"} < names
    assert {"Cuenta, suscripción y facturación", "Actualización de la plataforma"} < names
    articles = Edition.objects.filter(published__isnull=False, language="es")
    titles = dict(articles.values_list("title", "guide_url"))
    assert {"Restablecer su contraseña", "Dar de alta o de baja a un usuario"} < titles.keys()
    assert titles["Guía oficial de ERPNext"].startswith("https://"), "official guides instead of texts"


def s7_what_customers_do_themselves() -> None:
    articles = Edition.objects.filter(published__isnull=False, language="en")
    titles = set(articles.values_list("title", flat=True))
    assert {"Reset your password", "Add or remove a user", "What to write in a ticket"} < titles


def b3_b4_what_files_itself_stands_where_it_belongs() -> None:
    assert filed_under() == {
        "alarm": "Conectividad y disponibilidad",
        "backup": "Respaldos",
        "restore": "Restablecimiento",
    }


def b4_restored_within_two_hours_at_any_hour() -> None:
    for plan in Plan.objects.all():
        for metric in (Metric.RESOLUTION, Metric.RESTORE):
            unit, _aim, limit = targets_of(plan.name, metric)[Priority.CRITICAL]
            assert (unit, limit) == (CLOCK, 2 * HOUR)
    outages = set(Category.objects.filter(is_outage=True).values_list("name", flat=True))
    assert outages == {"Conectividad y disponibilidad", "Restablecimiento"}
    assert "restablecer" in version_of("Soporte ilimitado").definitions["critical"]


def b7_nine_exclusions_with_the_way_out() -> None:
    exclusions = exclusions_said_by(version_of("Soporte ilimitado"))
    assert len({exclusion.key for exclusion in exclusions}) == 9
    assert all(exclusion.title and "Success Pack" in exclusion.text for exclusion in exclusions)


def b8_written_limits_for_agents() -> None:
    terms = version_of("Soporte con guardia").terms
    assert "no modifica los datos ni los flujos de trabajo" in terms


CLAUSES: list[tuple[str, str, Callable[[], None]]] = [
    ("S1", "salsabeel-erp", s1_thirteen_kinds_of_service),
    ("S1, coverage", "salsabeel-erp", s1_coverage_varies_by_plan),
    ("S2", "salsabeel-erp", s2_channels_and_a_coordinator_for_enterprise_customers),
    ("S3", "salsabeel-erp", s3_monday_to_saturday_in_lahore),
    ("S3b", "salsabeel-erp", s3b_faster_plans_and_one_around_the_clock),
    ("S4", "salsabeel-erp", s4_response_times_as_ranges_with_definitions),
    ("S4b", "salsabeel-erp", s4b_resolution_is_promised_apart_from_response),
    ("S5, S6", "salsabeel-erp", s5_s6_notice_of_planned_work_by_plan),
    ("S7", "salsabeel-erp", s7_the_facts_are_asked_for),
    ("S7, Spanish", "codigo-binario", s7_los_datos_se_piden),
    ("S9", "salsabeel-erp", s9_backups_by_plan_and_hosting_model),
    ("S9, tickets", "salsabeel-erp", s9_what_files_itself_stands_where_it_belongs),
    ("S8", "salsabeel-erp", s8_seven_exclusions_on_every_plan),
    ("B1", "codigo-binario", b1_monday_to_friday_in_mexico_in_spanish),
    ("B1, channels", "codigo-binario", b1_by_email_or_chat_without_extra_cost),
    ("B2", "codigo-binario", b2_four_nines_with_planned_work_counted),
    ("B3", "codigo-binario", b3_database_and_files_every_day),
    ("B3, B5, B6", "codigo-binario", b3_b5_b6_kinds_of_support),
    ("S7", "salsabeel-erp", s7_what_customers_do_themselves),
    ("B3, B4", "codigo-binario", b3_b4_what_files_itself_stands_where_it_belongs),
    ("B4", "codigo-binario", b4_restored_within_two_hours_at_any_hour),
    ("B7", "codigo-binario", b7_nine_exclusions_with_the_way_out),
    ("B8", "codigo-binario", b8_written_limits_for_agents),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("clause", "preset", "holds"), CLAUSES, ids=[row[0] for row in CLAUSES])
def test_the_clause_of_the_policy_is_configured(clause: str, preset: str, holds: Callable[[], None]) -> None:
    with tenant_scope(new_desk(preset).pk):
        holds()


@pytest.mark.django_db
def test_the_small_preset_gives_a_start() -> None:
    with tenant_scope(new_desk("starter").pk):
        assert Category.objects.count() == 3
        assert set(targets_of("Standard", Metric.FIRST_RESPONSE)) == set(Priority.values)


def test_every_preset_can_be_read() -> None:
    assert preset_names() == ["codigo-binario", "salsabeel-erp", "starter"]
    for name in preset_names():
        assert load_preset(name).name == name


GOOD = (Path(__file__).parents[2] / "sla" / "presets" / "starter.toml").read_text()


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ('language = "en"', "", "test.toml: language: is missing."),
        ('language = "en"', 'language = "fr"', "test.toml: language: “fr” is not one of en, es."),
        ('time_zone = "UTC"', 'time_zone = "Mars/X"', "test.toml: time_zone: “Mars/X” is not a time zone."),
        ('"DESK"', '"desk"', "ticket_prefix: “desk” has to be 2 to 10 capital letters and digits."),
        ("accent", "acent", "test.toml: accent: is missing."),
        ('["09:00-17:00"]', '["9-17"]', "calendars.standard.week.monday: “9-17” has to read like"),
        ("monday =", "mondy =", "calendars.standard.week.mondy: is not known here."),
        ('calendar = "standard"', 'calendar = "other"', "plans.standard.calendar: “other” is not one of"),
        (
            '"4-8 business hours"',
            '"8-4 business hours"',
            "first_response.high: “8-4 business hours”: the first",
        ),
        ('"1 business day"', '"soon"', "plans.standard.targets.first_response.medium: “soon” has to read"),
        ("targets.first_response", "targets.first", "plans.standard.targets.first: is not one of"),
        ('low = "A question or a wish."', "", "test.toml: definitions.low: is missing."),
        ('name = "Question"', 'nome = "Question"', "test.toml: categories[1].name: is missing."),
        (
            'name = "Question"',
            'name = "Question"\npurposes = ["restore"]',
            "categories[1].purposes: do not fit is_outage.",
        ),
        ("[definitions]", "[definitions", "test.toml: "),
        (
            "notice_hours = 72",
            'notice_hours = "3 days"',
            "maintenance.notice_hours: has to be a whole number",
        ),
        ("[72, 24, 1]", "[72, 0]", "maintenance.reminder_hours: has to be a list of whole numbers above 0."),
        ("[72, 24, 1]", '[72]\navailability = "high"', "availability: “high” has to read like 99.99."),
        ("[72, 24, 1]", '[72]\navailability = "101"', "maintenance.availability: is not possible."),
        ("[72, 24, 1]", '[72]\npauses_resolution = "yes"', "pauses_resolution: has to be true or false."),
        ("[72, 24, 1]", "[72]\n[plans.standard.backups.cloud]", "backups.cloud: is not one of shared,"),
        (
            "[72, 24, 1]",
            '[72]\n[plans.standard.coverage]\ncovered = ["Problem", "Question"]',
            "plans.standard.coverage: “Request” is not named.",
        ),
        (
            "[72, 24, 1]",
            '[72]\n[plans.standard.coverage]\ncovered = ["Problem"]\nbillable = ["Problem"]',
            "plans.standard.coverage.billable: “Problem” is named twice.",
        ),
        (
            "[72, 24, 1]",
            '[72]\n[plans.standard.coverage]\nchannels = ["fax"]',
            "plans.standard.coverage.channels: has to be a list out of portal,",
        ),
        (
            "[[categories]]",
            '[[sections]]\nname = "Help"\n[[sections.articles]]\ntitle = "x"\n[[categories]]',
            "sections[0].articles[0]: needs a body or a guide_url.",
        ),
        (
            "[[categories]]",
            '[[sections]]\nname = "Help"\n[[sections.articles]]\ntitle = "x"\nguide_url = "file:x"\n'
            "[[categories]]",
            "articles[0].guide_url: “file:x” is not an address of a page.",
        ),
        ("[72, 24, 1]", "[72]\n[plans.standard.backups.shared]", "parts: has to be a list out of database,"),
        (
            "[72, 24, 1]",
            '[72]\n[[plans.standard.ladder]]\nof = ["resolution"]\nat = "the limit"',
            "plans.standard.ladder[0].of: has to be a list out of first_response, next_response.",
        ),
        (
            "[72, 24, 1]",
            '[72]\n[[plans.standard.ladder]]\nof = ["first_response"]\nat = "soon"\ntells = ["assignee"]',
            "plans.standard.ladder[0].at: “soon” has to read like 50 % of the limit,",
        ),
        (
            "[72, 24, 1]",
            '[72]\n[[plans.standard.ladder]]\nof = ["first_response"]\nat = "the aim"\ntells = ["on_call"]',
            "plans.standard.ladder[0].tells: the plan names no rota whose people could be told.",
        ),
        (
            "[72, 24, 1]",
            '[72]\n[[plans.standard.ladder]]\nof = ["first_response"]\nat = "the aim"\ntells = ["assignee"]',
            "plans.standard.ladder: says of first_response, critical nothing that happens at the limit.",
        ),
    ],
)
def test_a_faulty_preset_is_refused_with_file_and_key(
    tmp_path: Path, before: str, after: str, complaint: str
) -> None:
    path = tmp_path / "test.toml"
    assert before in GOOD
    path.write_text(GOOD.replace(before, after, 1))
    with pytest.raises(PresetError) as refused:
        read_preset(path)
    assert complaint in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_unknown_preset_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PresetError, match=r"no preset “other”.*codigo-binario"):
        load_preset("other")


@pytest.mark.django_db
def test_create_tenant_opens_a_desk_and_prints_the_owners_invitation(capsys: Any) -> None:
    call_command(
        "create_tenant",
        slug="lahore",
        name="Lahore Desk",
        owner="Owner@lahore.example",
        preset="salsabeel-erp",
        host="support.lahore.example",
        prefix="LHR",
    )
    tenant = Tenant.objects.get(slug="lahore")
    assert (tenant.ticket_prefix, tenant.time_zone, tenant.accent) == ("LHR", "Asia/Karachi", "teal")
    with tenant_scope(tenant.pk):
        owner = Membership.objects.get()
        assert (owner.role, owner.user.email) == (Role.OWNER, "owner@lahore.example")
        assert hours_of(version_of("Standard").calendar).spec["holidays"][
            str(date(owner.created_at.year, 12, 25))
        ]
    assert "://support.lahore.example/" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"preset": "other"}, "There is no preset “other”"),
        ({"slug": "not a slug"}, "--slug: "),
        ({"language": "fr"}, "--language: "),
        ({"prefix": "x"}, "--prefix: "),
        ({"time_zone": "Mars/X"}, "--time-zone: "),
        ({"owner": "nobody"}, "--owner: "),
    ],
)
def test_create_tenant_refuses_in_one_line(options: dict[str, str], complaint: str) -> None:
    values = {"slug": "lahore", "name": "Lahore Desk", "owner": "owner@lahore.example", **options}
    with pytest.raises(CommandError) as refused:
        call_command("create_tenant", **values)
    assert complaint in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not Tenant.objects.exists()


@pytest.mark.django_db
def test_create_tenant_refuses_a_slug_that_is_taken() -> None:
    new_desk("starter")
    with pytest.raises(CommandError, match="--slug: "):
        call_command("create_tenant", slug="starter", name="Other", owner="owner@lahore.example")
