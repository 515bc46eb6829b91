"""The modules of the page fit together; no browser and no other tool is needed."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[1] / "static"
SCRIPTS = STATIC / "js"
FILES = sorted(SCRIPTS.rglob("*.js"))
IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";$', re.M)
MAX_FILE_LINES = 250


def name(path: Path) -> str:
    return path.relative_to(SCRIPTS).as_posix()


@cache
def text(path: Path) -> str:
    return path.read_text("utf-8")


def imported(path: Path) -> list[tuple[str, str, Path]]:
    """What a module takes by name: as it is called there, as here, and from where."""
    found = []
    for names, target in IMPORT.findall(text(path)):
        for each in filter(None, map(str.strip, names.split(","))):
            there, _, here = each.partition(" as ")
            found.append((there, here or there, (path.parent / target).resolve()))
    return found


@cache
def words(path: Path) -> list[str]:
    return re.findall(r"[\w$]+", text(path))


def test_no_file_imports_in_a_circle() -> None:
    target = re.compile(r'(?:from |import\(|^import )"(\.[^"]+)"', re.M)
    arrows = {
        path: {(path.parent / each).resolve() for each in target.findall(text(path))}
        for path in FILES
    }
    assert len(list(TopologicalSorter(arrows).static_order())) >= len(FILES) > 50


@pytest.mark.parametrize("path", FILES, ids=name)
def test_what_is_imported_is_used(path: Path) -> None:
    body = re.sub(r"^import [^;]*;$", "", text(path), flags=re.M)
    used = set(re.findall(r"[\w$]+", body))
    assert [here for _, here, _ in imported(path) if here not in used] == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_what_is_imported_is_there(path: Path) -> None:
    gone = [
        there
        for there, _, target in imported(path)
        if not re.search(
            rf"^export .*(?<![\w$]){re.escape(there)}\b", text(target), re.M
        )
    ]
    assert gone == []


def test_what_is_given_away_is_asked_for() -> None:
    """By another module or a test; otherwise its ``export`` misleads."""
    given = re.compile(
        r"^export (?:async )?(?:function\*?|const|let|class) ([\w$]+)", re.M
    )
    readers = [*FILES, *Path(__file__).parent.rglob("*.py")]
    everywhere = Counter(word for path in readers for word in words(path))
    lonely = [
        f"{name(path)}: {each}"
        for path in FILES
        for each in given.findall(text(path))
        if everywhere[each] == words(path).count(each)
    ]
    assert lonely == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_file_of_the_page_is_long(path: Path) -> None:
    words_only = path.parent.name == "i18n"
    assert words_only or text(path).count("\n") <= MAX_FILE_LINES


def keys(lang: str) -> set[str]:
    return set(re.findall(r'"([\w.]+)":', text(SCRIPTS / "i18n" / f"{lang}.js")))


def test_words_exist_in_both_languages() -> None:
    assert keys("zh") ^ keys("en") == set()


def test_every_word_is_said_somewhere() -> None:
    """By its key, or by the pattern of one: `draw.start.${mode}`."""
    page = STATIC / "index.html"
    said = "".join(text(f) for f in [*FILES, page] if f.parent.name != "i18n")
    patterns = re.findall(r"`([a-z][\w.]*\.\$\{[^`{}]*\}[\w.]*)`", said)
    whole = [re.sub(r"\$\{[^}]*\}", "[^ ]+", each) for each in set(patterns)]
    silent = [
        key
        for key in keys("zh") - set(re.findall(r"[\w.]+", said))
        if not any(re.fullmatch(each, key) for each in whole)
    ]
    assert silent == []


def test_no_style_looks_at_what_follows() -> None:
    """For one such rule the browser styles the whole page anew, whatever comes or goes
    in it: each tile of the map too."""
    sheets = {p.name: p.read_text("utf-8") for p in (STATIC / "css").glob("*.css")}
    assert [
        name for name, text in sheets.items() if re.search(r":has\(\s*[+~]", text)
    ] == []


def test_every_module_that_comes_later_is_known_to_the_worker() -> None:
    (listed,) = re.findall(r"LATER = \[(.*?)\]", text(SCRIPTS / "offline.js"), re.S)
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    eager = set(re.findall(r'modulepreload" href="/static/js/([^"]+)"', page))
    later = set(map(name, FILES)) - eager - {"main.js", "theme.js"}
    assert set(re.findall(r'"([^"]+)"', listed)) == later
