"""What docs/maps.md tells people to type does what it says."""

from __future__ import annotations

import ast
import re
import shlex
import textwrap

import pytest
import typer
from starlette.testclient import TestClient

from service.commands import command
from service.maps.exporting import Exhibit, read_batch
from service.settings import PROJECT_DIR

PAGE = (PROJECT_DIR / "docs" / "maps.md").read_text(encoding="utf-8")


def snippets(language: str) -> list[str]:
    found = re.findall(rf"^ *```{language}\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(text) for text in found]


def batch() -> list[Exhibit]:
    (text,) = snippets("yaml")
    return read_batch(text)


@pytest.mark.parametrize("path", re.findall(r"^GET (\S+)", PAGE, re.MULTILINE))
def test_every_address_on_the_page_is_answered(client: TestClient, path: str) -> None:
    if "dossiers" in path and "id=" not in path:
        pytest.skip("whole books are made by the tests of books")
    answer = client.get(path)
    assert answer.status_code == 200, answer.text


def test_the_notebook_s_request_is_answered_with_what_it_prints(
    client: TestClient,
) -> None:
    (text,) = snippets("python")
    tree = ast.parse(text)
    values = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    asked = ast.literal_eval(values["asked"])
    path = re.search(r"\{host\}(/[^\"]+)", text)
    answer = client.get(path[1] if path else "", params=asked)
    assert answer.status_code == 200
    for header in re.findall(r"headers\[\"([^\"]+)\"\]", text):
        assert answer.headers[header]
    assert answer.text.startswith("<svg")


def test_the_batch_makes_the_files_that_the_latex_takes_in() -> None:
    made = {exhibit.file for exhibit in batch()}
    (text,) = snippets("latex")
    taken = set(re.findall(r"\{figures/([^}]+)\}", text))
    assert taken and taken <= made


def test_a_figure_of_the_text_is_no_wider_than_the_text() -> None:
    (text,) = snippets("latex")
    figure = re.search(r"includegraphics\{figures/([^}]+)\}", text)
    given = {e.file: e.given for e in batch()}[figure[1] if figure else ""]
    assert int(given["width"]) / 96 * 25.4 <= 160  # mm of A4's 210


@pytest.mark.parametrize("line", re.findall(r"^atlas [^\n(]+", PAGE, re.MULTILINE))
def test_every_command_on_the_page_is_understood(line: str) -> None:
    words = shlex.split(re.split(r" {3,}", line)[0])[1:]
    program = typer.main.get_command(command)
    context = program.make_context("atlas", words, resilient_parsing=True)
    group, name = words[0], words[1]
    told = program.get_command(context, group)  # type: ignore[attr-defined]
    options = told.get_command(context, name).params  # type: ignore[attr-defined]
    known = {option for param in options for option in param.opts}
    assert {word for word in words if word.startswith("--")} <= known
