"""What is deployed is what the settings take: Dockerfile, compose.yaml, units and tables."""

from __future__ import annotations

import re
import subprocess
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from flask import Flask

from board.config import PREFIX, Settings, read_settings
from board.search import differing, server_key

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "docs" / "deploy"
NAMES = {PREFIX + field.name.upper() for field in fields(Settings)}
ENVIRONMENT = {
    "BABILLARD_BASE_URL": "https://board.example.org",
    "BABILLARD_SMTP_URL": "smtp://mail.example.org:587",
    "BABILLARD_MAIL_FROM": "board@example.org",
    "BABILLARD_RESPONSIBLE_PERSON": "Ana",
    "BABILLARD_RESPONSIBLE_EMAIL": "ana@example.org",
    "POSTGRES_PASSWORD": "secret",
    "MEILI_MASTER_KEY": "another secret, and long",
}
PORTS = {"postgres": 5432, "redis": 6379, "meilisearch": 7700}


def compose() -> dict[str, Any]:
    """Read compose.yaml as an engine does, with the variables of its head."""
    text = (ROOT / "compose.yaml").read_text("utf-8")
    for name, value in ENVIRONMENT.items():
        text = text.replace(f"${{{name}:?}}", value)
    assert "${" not in text, "a variable of compose.yaml is not in its head"
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def files() -> list[Path]:
    """Everything that names settings."""
    documents = [
        ROOT / name for name in ("Dockerfile", "compose.yaml", "README.md", "README.fr.md")
    ]
    return [*documents, *(ROOT / "docs").glob("*.md"), *DEPLOY.iterdir()]


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_every_variable_that_is_named_is_a_setting(path: Path) -> None:
    named = set(re.findall(r"BABILLARD_[A-Z_]*[A-Z]", path.read_text("utf-8")))
    assert named <= NAMES


def test_the_board_starts_with_what_compose_gives_it(tmp_path: Path) -> None:
    services = compose()["services"]
    given = services["board"]["environment"]
    settings = read_settings({**given, "BABILLARD_DATA": str(tmp_path)})
    for address in (settings.database_url, settings.redis_url, settings.meilisearch_url):
        parts = urlsplit(address)
        assert parts.hostname in services, address
        assert parts.port == PORTS[parts.hostname or ""], address
    database = services["postgres"]["environment"]
    parts = urlsplit(settings.database_url)
    assert (parts.username, parts.password) == (
        database["POSTGRES_USER"],
        database["POSTGRES_PASSWORD"],
    )
    assert parts.path == "/" + database["POSTGRES_DB"]
    assert not settings.development_helpers


def test_in_compose_the_worker_alone_holds_the_admin_key(tmp_path: Path) -> None:
    services = compose()["services"]
    board, worker = (services[name]["environment"] for name in ("board", "worker"))
    assert worker.keys() - board.keys() == {"BABILLARD_MEILISEARCH_KEY"}
    assert {name: worker[name] for name in board} == board
    settings = read_settings({**worker, "BABILLARD_DATA": str(tmp_path)})
    master = services["meilisearch"]["environment"]["MEILI_MASTER_KEY"]
    assert settings.meilisearch_key == master
    assert not [name for name, value in board.items() if master in str(value)]
    folder = {"BABILLARD_DATA": str(tmp_path), "BABILLARD_MEILISEARCH_URL": "http://m:7700"}
    server_key.keep(settings, "the key that only searches")
    assert server_key.read(read_settings(folder)) == "the key that only searches"


def test_compose_runs_the_search_server_that_the_page_about_it_names() -> None:
    image = str(compose()["services"]["meilisearch"]["image"])
    told = (ROOT / "docs" / "search-server.md").read_text("utf-8")
    assert f"`{image}`" in told
    least = re.search(r"(\d+)\.(\d+) or later", told)
    assert least is not None
    major, minor = map(int, image.rpartition(":v")[2].split("."))
    assert (major, minor) >= (int(least[1]), int(least[2]))


def test_compose_holds_together() -> None:
    read = compose()
    services, dockerfile = read["services"], (ROOT / "Dockerfile").read_text("utf-8")
    assert set(services) == {"board", "worker", *PORTS}
    for name, service in services.items():
        for mount in service["volumes"]:
            assert mount.partition(":")[0] in read["volumes"], name
        for other in service.get("depends_on", {}):
            assert "healthcheck" in services[other] or "HEALTHCHECK" in dockerfile, (name, other)
    assert services["board"]["ports"] == ["127.0.0.1:8000:8000"]
    assert not any("ports" in services[name] for name in PORTS), "only the board is reachable"
    assert services["board"]["volumes"] == services["worker"]["volumes"] == ["data:/data"]


def test_compose_runs_a_search_server_that_the_board_knows() -> None:
    image = compose()["services"]["meilisearch"]["image"]
    release = tuple(map(int, image.rpartition(":v")[2].split(".")))
    assert differing.OLDEST <= release < differing.NEWEST


def test_the_web_processes_are_started_without_the_admin_key(tmp_path: Path) -> None:
    for name in ("flask", "granian"):
        (tmp_path / name).write_text("#!/bin/sh\necho $0 ${BABILLARD_MEILISEARCH_KEY-none}\n")
        (tmp_path / name).chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "BABILLARD_DATA": str(tmp_path),
                   "BABILLARD_MEILISEARCH_KEY": "admin"}  # fmt: skip
    ran = subprocess.run(
        [DEPLOY / "board.sh"], env=environment, capture_output=True, text=True, check=True
    )
    lines = ran.stdout.splitlines()
    assert lines[0].endswith("flask admin")
    assert lines[-1].endswith("granian none")


def test_the_dockerfile_copies_and_starts_what_is_there() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    copied = re.findall(r"^COPY (\S+) ", text, re.M)
    assert copied
    assert all((ROOT / name).exists() for name in copied)
    started = re.findall(r'^CMD \["(.+?)"\]', text, re.M)
    assert started == ["docs/deploy/board.sh"]
    assert (ROOT / started[0]).stat().st_mode & 0o111
    assert f"FROM python:{minimum_python()}-" in text
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {"var", ".git", ".venv"} <= set(ignored)


def minimum_python() -> str:
    """The version that pyproject.toml asks for."""
    found = re.search(
        r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text("utf-8")
    )
    assert found is not None
    return found[1]


def test_scripts_and_units_name_commands_that_exist(app: Flask) -> None:
    assert subprocess.run(["/bin/sh", "-n", DEPLOY / "board.sh"], check=False).returncode == 0
    named = set()
    for path in files():
        named |= set(re.findall(r"flask --app wsgi ([a-z]+)", path.read_text("utf-8")))
    assert named <= {*app.cli.commands, "db"}
    assert {"worker", "backup", "restore", "import", "init"} <= named


def test_documents_link_to_files_that_exist() -> None:
    for path in files():
        if path.suffix == ".md":
            for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")):
                assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_the_table_tells_the_defaults() -> None:
    told = re.findall(
        r"^\| `BABILLARD_([A-Z_]+)` \| `([^`]+)` \|",
        (ROOT / "docs" / "settings.md").read_text("utf-8"),
        re.M,
    )
    assert len(told) > 8
    for name, shown in told:
        default = getattr(Settings(), name.lower())
        words = (
            {True: "on", False: "off"}.get(default) if isinstance(default, bool) else str(default)
        )
        assert shown == words, name


def test_what_the_table_calls_none_is_empty_by_default() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    for name in re.findall(r"^\| `BABILLARD_([A-Z_]+)` \| none \|", text, re.M):
        assert getattr(Settings(), name.lower()) == "", name


def test_the_board_is_healthy_before_its_worker_starts() -> None:
    """The worker waits for the board: its health cannot ask for a worker, as /readyz does."""
    health = (ROOT / "Dockerfile").read_text().split("HEALTHCHECK", 1)[1].split("\nCMD", 1)[0]
    assert "/healthz" in health
    assert "/readyz" not in health
