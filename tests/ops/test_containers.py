"""What can be said of Dockerfile and docker-compose.yml without an engine: they agree with one another."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from supportdesk.embedded.postgres import _programs
from supportdesk.roles import steps_around_row_security
from tests.database import addresses, with_path

ROOT = Path(__file__).resolve().parents[2]
DESK = ("web", "worker", "beat", "migrate")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The compose file as data."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def test_all_services_are_there(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {*DESK, "postgres", "redis"}


def test_every_lasting_service_has_a_health_check(compose: dict[str, Any]) -> None:
    lasting = set(compose["services"]) - {"migrate"}
    assert {name for name in lasting if "healthcheck" in compose["services"][name]} == lasting


def test_nothing_starts_before_what_it_needs(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    for name in ("web", "worker", "beat"):
        conditions = {other: need["condition"] for other, need in services[name]["depends_on"].items()}
        assert conditions == {"migrate": "service_completed_successfully", "redis": "service_healthy"}


def test_only_the_migration_knows_the_owner(compose: dict[str, Any]) -> None:
    knowing = {name for name in DESK if "DATABASE_OWNER_URL" in compose["services"][name]["environment"]}
    assert knowing == {"migrate"}


def test_images_are_pinned(compose: dict[str, Any]) -> None:
    images = [s["image"] for s in compose["services"].values() if s["image"] != "supportdesk:latest"]
    images += re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert len(images) == 4
    for image in images:
        assert re.fullmatch(r"[\w/-]+:\d+\.\d+(\.\d+)?-\w[\w.-]*", image), image


def test_containers_run_without_privileges(compose: dict[str, Any]) -> None:
    last_stage = (ROOT / "Dockerfile").read_text().rpartition("FROM ")[2]
    assert re.search(r"^USER desk$", last_stage, re.MULTILINE)
    for name in DESK:
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]


def test_the_image_installs_the_lock_with_its_hashes() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert text.count("--require-hashes") == 2
    assert "collectstatic" in text
    assert "catalogue compile" in text
    for name in re.findall(r"COPY (.+) \./", text):
        assert all((ROOT / file).exists() for file in name.split())


def test_no_lock_says_where_packages_lie() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        pins = re.findall(r"^[a-z0-9]\S*==", text, re.MULTILINE)
        assert len(pins) == len(re.findall(r"^[a-z0-9]\S*==[^\n]*\\\n +--hash=sha256:", text, re.MULTILINE))


def _variables(text: str) -> set[str]:
    return set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", text, re.MULTILINE))


def test_every_variable_of_the_example_means_something(compose: dict[str, Any]) -> None:
    known = (ROOT / "docker-compose.yml").read_text() + (ROOT / "supportdesk/settings.py").read_text()
    known += (ROOT / "supportdesk/run.py").read_text()
    for name in _variables((ROOT / ".env.example").read_text()):
        assert name in known, name


def test_every_variable_of_the_settings_is_documented() -> None:
    documented = (ROOT / "docs/operations.md").read_text()
    text = (ROOT / "supportdesk/settings.py").read_text()
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', text)) | {"DATABASE_URL", "DATABASE_OWNER_URL"}
    assert {name for name in names if f"`{name}`" not in documented} == set()


def test_the_database_image_makes_the_same_two_roles(tmp_path: Path) -> None:
    found = addresses()
    where = psycopg.conninfo.conninfo_to_dict(found["ADMIN_URL"])
    with psycopg.connect(found["ADMIN_URL"], autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS container WITH (FORCE)")
        admin.execute("CREATE DATABASE container")
    passwords = {
        key: str(psycopg.conninfo.conninfo_to_dict(found[url])["password"])
        for key, url in (("DESK_OWNER_PASSWORD", "DATABASE_OWNER_URL"), ("DESK_APP_PASSWORD", "DATABASE_URL"))
    }
    env = {
        "PATH": f"{_programs()}{os.pathsep}{os.environ['PATH']}",
        "PGHOST": str(where["host"]),
        "PGPORT": str(where["port"]),
        "PGPASSWORD": str(where["password"]),
        "POSTGRES_USER": str(where["user"]),
        "POSTGRES_DB": "container",
        "ROLES_SQL": str(ROOT / "supportdesk" / "roles.sql"),
        **passwords,
    }
    done = subprocess.run(
        [ROOT / "docker" / "roles.sh"], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert passwords["DESK_APP_PASSWORD"] not in done.stdout
    with psycopg.connect(with_path(found["DATABASE_URL"], "container")) as app:
        assert not steps_around_row_security(app)
    with psycopg.connect(with_path(found["DATABASE_OWNER_URL"], "container")) as owner:
        assert steps_around_row_security(owner)
        owner.execute("CREATE TABLE a_table (id int)")
