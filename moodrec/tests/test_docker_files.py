"""The image and the services, as their files promise them."""

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from moodrec.pages.about import PAPERS

ROOT: Path = settings.BASE_DIR
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("web", "worker", "scheduler", "demo")


def instructions(word: str) -> list[str]:
    """Return what follows each instruction of that word, its continued lines joined."""
    lines = re.sub(r"\\\n\s*", "", DOCKERFILE).splitlines()
    return [line.partition(" ")[2] for line in lines if line.startswith(f"{word} ")]


def ignore_rules() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_the_image_runs_as_a_user_without_rights_named_by_number() -> None:
    [user] = instructions("USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)


def test_the_image_keeps_everything_in_one_volume() -> None:
    assert instructions("VOLUME") == ["/config"]
    assert "DATA_DIR=/config" in instructions("ENV")[-1]


def test_the_image_alone_runs_everything_and_stops_on_sigterm() -> None:
    assert instructions("CMD") == ['["python", "manage.py", "up"]']
    assert instructions("STOPSIGNAL") == ["SIGTERM"]


def test_the_image_knows_whether_it_is_healthy() -> None:
    [check] = instructions("HEALTHCHECK")
    assert "/healthz" in check


def test_the_image_installs_only_what_the_hashes_vouch_for() -> None:
    [install] = [line for line in instructions("RUN") if "install --require-hashes" in line]
    assert "--only-binary :all:" in install
    assert instructions("ADD") == []


def test_the_image_carries_no_secret() -> None:
    for line in instructions("ENV") + instructions("ARG"):
        assert not re.search(r"(?i)secret|token|password|_keys?\b", line)


def test_the_build_is_given_only_what_is_named() -> None:
    rules = ignore_rules()
    assert rules[0] == "*"
    assert not {"!.git", "!data", "!.venv", "!.env"} & set(rules)


def test_the_build_is_given_every_app() -> None:
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")} | {"moodrec"}
    assert {f"!{app}" for app in apps} <= set(ignore_rules())


def test_the_build_is_given_every_document_that_the_page_about_offers() -> None:
    named = {file for file, _told in PAPERS.values()}
    given = [rule.removeprefix("!") for rule in ignore_rules() if rule.startswith("!")]
    assert not {file for file in named if not any(fnmatch(file, rule) for rule in given)}


@pytest.mark.parametrize("name", OURS)
def test_every_part_is_the_same_image_with_the_same_volume(name: str) -> None:
    service = SERVICES[name]
    assert service["image"] == "moodrec"
    assert service["volumes"] == ["config:/config"]
    assert "config" in COMPOSE["volumes"]


@pytest.mark.parametrize("name", ["web", "worker", "scheduler"])
def test_every_service_of_up_has_its_container(name: str) -> None:
    assert SERVICES[name]["command"] == f"python manage.py up {name}"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_container_gets_by_without_privileges(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "mem_limit" in service


def test_only_the_web_has_a_port_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["web"]


@pytest.mark.parametrize("name", ["redis", "postgres", "demo"])  # the scheduler hears Plex
def test_what_needs_nobody_outside_reaches_nobody_outside(name: str) -> None:
    assert SERVICES[name]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_the_queue_outlives_a_restart_of_redis() -> None:
    assert "--appendonly yes" in SERVICES["redis"]["command"]
    assert "redis:/data" in SERVICES["redis"]["volumes"]


def test_postgres_and_the_demo_start_only_when_asked_for() -> None:
    optional = {name for name, service in SERVICES.items() if "profiles" in service}
    assert optional == {"demo", "postgres"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_secret_stands_in_the_compose_file(name: str) -> None:
    environment = SERVICES[name].get("environment", {})
    assert not [
        key
        for key, value in environment.items()
        if value and re.search(r"SECRET|TOKEN|PASSWORD|KEY", key)
    ]
