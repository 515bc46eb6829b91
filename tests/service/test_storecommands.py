"""The store's commands, as an administrator types them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.commands import command


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("ATLAS_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ATLAS_STORE", raising=False)
    runner = CliRunner()
    assert runner.invoke(command, ["load"]).exit_code == 0
    return runner


def test_a_second_load_publishes_nothing(run: CliRunner) -> None:
    assert run.invoke(command, ["load"]).output == ""


def test_a_backup_is_restored(run: CliRunner, tmp_path: Path) -> None:
    file = str(tmp_path / "backup.gpkg")
    assert run.invoke(command, ["backup", file]).exit_code == 0
    os.remove(tmp_path / "atlas.gpkg")
    assert run.invoke(command, ["restore", file, "--yes"]).exit_code == 0
    assert run.invoke(command, ["load"]).output == ""


def test_everything_migrates(run: CliRunner, tmp_path: Path) -> None:
    to = f"gpkg:{tmp_path / 'new.gpkg'}"
    assert run.invoke(command, ["migrate", "--to", to]).exit_code == 0
    again = run.invoke(command, ["migrate", "--to", to])
    assert again.exit_code == 1
    assert "already holds" in again.output


@pytest.mark.parametrize("words", [["audit"], ["audit", "verify"]])
def test_the_audit_log_is_checked(run: CliRunner, words: list[str]) -> None:
    checked = run.invoke(command, words)
    assert (checked.exit_code, "unbroken" in checked.output) == (0, True)


def test_the_audit_log_is_checked_against_what_was_noted(run: CliRunner) -> None:
    noted = run.invoke(command, ["audit"]).output.split("--noted ")[1].strip()
    verify = ["audit", "verify", "--noted"]
    assert run.invoke(command, [*verify, noted]).exit_code == 0
    seq = noted.partition(":")[0]
    other = run.invoke(command, [*verify, f"{seq}:{'0' * 16}"])
    assert (other.exit_code, "not what was noted" in other.output) == (1, True)
    assert "不是“x”" in run.invoke(command, [*verify, "x"]).output
