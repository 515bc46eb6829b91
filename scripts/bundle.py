"""The page joined: one script and no style sheet to wait for (docs/decisions/0019).

esbuild, which npm brought with the other assets, is a program of its own: no Node runs.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

from environment import CACHE, ROOT, say
from web import STATIC, WORK

sys.path.insert(
    0, str(ROOT)
)  # this part of the service needs the standard library only
from service.bundle import BUILT, DIGEST, PAGE, digest, sources

PLACE = STATIC / BUILT
URL = f"/static/{BUILT}"
OPTIONS = ["--minify", "--target=es2022", "--charset=utf8", "--legal-comments=none"]
OPTIONS += ["--log-level=warning"]
PICTURES = ["--loader:.png=file", f"--public-path={URL}"]
STYLE = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)">\n')
ASKED_EARLY = re.compile(r'<link rel="(?:modulepreload|preload)" href="/static/.*>\n')
#: A script that the page starts beside itself.
BESIDE = re.compile(r'(<meta name="tile-worker" content=)"/static/([^"]+)">')
SCRIPT = re.compile(
    r'<script( type="module"|) src="/static/([^"]+)"( defer|)></script>'
)


def inputs() -> list[str]:
    """What a bundle depends on, as paths from the root."""
    own = [path.relative_to(ROOT).as_posix() for path in sources(STATIC)]
    lock = "static/package-lock.json"
    return [*own, lock, "scripts/bundle.py", "service/bundle.py"]


def join_page(*, test: bool = False) -> None:
    """Make static/built/, or leave it empty where esbuild does not run: then the page
    is served module by module, as it was written."""
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir()
    program = bundler()
    if not (STATIC / PAGE).exists():  # an image brings its packages before the rest
        return
    if program is None:
        say("no bundler for this machine: the page is served module by module")
        return
    say("the page, joined")
    try:
        page = joined((STATIC / PAGE).read_text(encoding="utf-8"), program)
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"not joined ({error}): the page is served module by module")
        shutil.rmtree(PLACE)
        PLACE.mkdir()
        return
    keep(PAGE, page)
    (PLACE / DIGEST).write_text(digest(STATIC), encoding="utf-8")


def bundler() -> Path | None:
    """esbuild for this machine, if npm found one."""
    platforms = WORK / "node_modules" / "@esbuild"
    found = [*platforms.glob("*/bin/esbuild"), *platforms.glob("*/esbuild.exe")]
    return found[0] if found else None


def joined(page: str, program: Path) -> str:
    """The page with its styles inside, its scripts under names made of their bytes,
    and nothing asked for early that it no longer needs."""
    styles = styles_of(STYLE.findall(page), program)
    page = ASKED_EARLY.sub("", page)
    page = STYLE.sub("", page)

    def script(found: re.Match[str]) -> str:
        kind, source, late = found.groups()
        text = minified(source, program, module=bool(kind))
        if not (kind or late):  # wanted before the first paint
            return f"<script>{text}</script>"
        return f'<script{kind} src="{named(source, text)}"{late}></script>'

    def beside(found: re.Match[str]) -> str:
        head, source = found.groups()
        return f'{head}"{named(source, minified(source, program, module=True))}">'

    page = SCRIPT.sub(script, page)
    page = BESIDE.sub(beside, page)
    return page.replace("</head>", f"<style>{styles}</style>\n</head>", 1)


def minified(source: str, program: Path, *, module: bool) -> str:
    """A script, with everything it imports if it is a module."""
    more = ["--bundle", "--format=esm"] if module else []
    return esbuild(program, [str(STATIC / source), *more])


def named(source: str, text: str) -> str:
    """Keep a script under a name made of its bytes; its address."""
    mark = hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
    name = f"{Path(source).stem}-{mark}.js"
    keep(name, text)
    return f"{URL}/{name}"


def keep(name: str, text: str) -> None:
    """A file, and before it the same compressed as far as it goes."""
    packed = gzip.compress(text.encode(), 9, mtime=0)
    (PLACE / f"{name}.gz").write_bytes(packed)
    (PLACE / name).write_text(text, encoding="utf-8", newline="\n")


def styles_of(names: list[str], program: Path) -> str:
    """All style sheets in the order of the page; pictures they show lie beside."""
    folder = CACHE / "styles"
    folder.mkdir(parents=True, exist_ok=True)
    sheet = folder / "page.css"
    lines = (f'@import "{(STATIC / name).as_posix()}";\n' for name in names)
    sheet.write_text("".join(lines), encoding="utf-8")
    out = PLACE / "page.css"
    esbuild(program, [str(sheet), "--bundle", f"--outfile={out}", *PICTURES])
    text = out.read_text(encoding="utf-8")
    out.unlink()
    return text


def esbuild(program: Path, arguments: list[str]) -> str:
    """What it prints, with our options; it fails aloud."""
    command = [str(program), *arguments, *OPTIONS]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return done.stdout.decode("utf-8").strip()
