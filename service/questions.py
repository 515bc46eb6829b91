"""``python -m service.questions``: asks the 24 questions of the service over its own
first layers (or of another one, ``--url``) and writes ``docs/questions.md``."""

from __future__ import annotations

import argparse
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from service.settings import PROJECT_DIR, Settings
from service.statistics.titles import title

QUESTIONS = Path(__file__).resolve().parent / "questions.toml"
DOCUMENT = PROJECT_DIR / "docs" / "questions.md"
ROWS = 25
Ask = Callable[[str], Any]

_HEAD = """# The 24 questions

Written by `python -m service.questions` from the answers of the service itself; do not
edit by hand. Every question is one call: repeat it against your own service, and the
figures follow your data. Areas are ellipsoidal (GRS80) unless the call says
`basis=plane`; shares are of the feature in the first column. **Evidence** is the
weakest that a figure rests on: what is *indicative* shows the method, not the ground.
"""


def questions() -> list[dict[str, Any]]:
    """The questions, in order."""
    found: list[dict[str, Any]] = tomllib.loads(QUESTIONS.read_text("utf-8"))[
        "questions"
    ]
    return found


def document(ask: Ask) -> str:
    """The whole document, by asking every question."""
    parts = [_told(n, each, ask) for n, each in enumerate(questions(), 1)]
    return _HEAD + "".join(parts)


def path_of(call: str) -> str:
    """The path and query of a documented call, ready to be sent."""
    return quote(call.removeprefix("GET "), safe="/?&=%'(),:<>")


def _told(number: int, question: Mapping[str, Any], ask: Ask) -> str:
    answer = ask(path_of(question["call"]))
    rows = _rows(answer, question)
    lines = [
        f"\n## {number}. {question['zh']}\n",
        f"{question['en']}\n",
        f"```\n{question['call']}\n```\n",
        _table(rows, question),
        _credentials(answer),
    ]
    if "needs_zh" in question:
        lines.append(f"\n尚需 · needs: {question['needs_zh']} {question['needs_en']}\n")
    return "\n".join(lines)


def _rows(answer: Any, question: Mapping[str, Any]) -> list[Any]:
    part = _member(answer, question["part"])
    rows = part if isinstance(part, list) else [part]
    word = question.get("match")
    return [r for r in rows if word is None or word in str(r)]


def _member(value: Any, path: str) -> Any:
    """``a.0.b`` of nested answers; None where there is nothing."""
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _table(rows: Sequence[Any], question: Mapping[str, Any]) -> str:
    if not rows:
        return "*（无 · none）*\n"
    columns = question["columns"]
    most = question.get("limit", ROWS)
    lines = [
        "| " + " | ".join(map(_heading, columns)) + " |",
        "|" + " --- |" * len(columns),
        *(
            "| " + " | ".join(_cell(c, _member(row, c)) for c in columns) + " |"
            for row in rows[:most]
        ),
    ]
    if len(rows) > most:
        lines.append(f"\n… {len(rows) - most} more rows")
    return "\n".join(lines) + "\n"


def _heading(column: str) -> str:
    name = column.replace(".", "_")
    return f"{title(name, 'zh')} {title(name, 'en')}"


def _cell(column: str, value: Any) -> str:
    """Rounded for reading only: the answers themselves are unrounded."""
    if isinstance(value, list):
        return "；".join(_brief(each) for each in value) or "—"
    if value is None:
        return "—"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).replace("|", "/")
    if "share" in column:
        return f"{value:.1%}"
    if column.endswith("residual_m2"):
        return f"{value:.1e}"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def _brief(each: Any) -> str:
    if not isinstance(each, Mapping):
        return str(each)
    share = each.get("share")
    name = str(each.get("name_zh") or each.get("key"))
    return f"{name} {share:.0%}" if isinstance(share, float) else name


def _credentials(answer: Any) -> str:
    """Basis, versions, evidence and what was left out, of an answer or of its check."""
    if not isinstance(answer, Mapping):
        return ""
    checks = answer.get("checks")
    head = checks[0] if checks else answer
    if "basis" not in head:
        return ""
    versions = ", ".join(f"{k} v{v}" for k, v in head["versions"].items())
    left = "; ".join(
        f"{o['layer']} {o['count']} ({o['reason_zh']} {o['reason']})"
        for o in head["left_out"]
    )
    told = f"口径 basis: {head['basis']} · 版本 versions: {versions}"
    told += f" · 依据 evidence: **{head['evidence'] or 'no data'}**"
    if head["accuracy_m"] is not None:
        told += f" (±{head['accuracy_m']:g} m)"
    return told + (f" · 未计入 left out: {left}" if left else "") + "\n"


@contextmanager
def _own_service() -> Iterator[Ask]:
    """A service over the first layers, in a folder that goes away."""
    from starlette.testclient import TestClient

    from service.app import create_app

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data_dir=Path(folder), store=f"gpkg:{folder}/atlas.gpkg", access_log=False
        )
        with TestClient(create_app(settings)) as client:
            yield lambda path: _answer(path, client.get(path))


@contextmanager
def _service_at(url: str) -> Iterator[Ask]:
    import httpx2 as httpx

    with httpx.Client(base_url=url, timeout=60) as client:
        yield lambda path: _answer(path, client.get(path))


def _answer(path: str, response: Any) -> Any:
    if response.status_code != 200:
        raise SystemExit(f"{path}\n  {response.status_code}: {response.text[:400]}")
    return orjson.loads(response.content)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write docs/questions.md.")
    parser.add_argument("--url", help="a running service; its own data otherwise")
    parser.add_argument("--output", type=Path, default=DOCUMENT)
    arguments = parser.parse_args()
    service = _service_at(arguments.url) if arguments.url else _own_service()
    with service as ask:
        arguments.output.write_text(document(ask), encoding="utf-8")
    print(f"{arguments.output}: {len(questions())} questions answered")


if __name__ == "__main__":
    main()
