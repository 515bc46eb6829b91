"""The page as it is shipped, in one script; only that tests still reach its modules."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from service.bundle import BUILT, DIGEST, Bundle, digest

ROOT = Path(__file__).resolve().parents[2]
ESBUILD = ROOT / ".cache" / "web" / "node_modules" / "@esbuild"
BUNDLED = ["--bundle", "--format=esm", "--minify", "--target=es2022", "--charset=utf8"]


def with_reachable_modules(place: Path) -> None:
    """What lies in ``place`` is the page as it was written and as it was joined. Joined
    once more, every module can be asked for by its own address, and is the one that the
    page runs. Left as it was where that cannot be done."""
    program = next(ESBUILD.glob("*/bin/esbuild"), None)
    if program is None or Bundle(place).page().parent.name != BUILT:
        shutil.rmtree(place / BUILT, ignore_errors=True)
        return
    modules = {f"/static/{path.relative_to(place).as_posix()}": path
               for path in sorted((place / "js").rglob("*.js"))}  # fmt: skip
    (script,) = (place / BUILT).glob("main-*.js")
    script.write_bytes(_bundle(program, place, modules))
    script.with_name(f"{script.name}.gz").unlink()
    for address, names in _exports(program, place, modules).items():
        found = f"await globalThis.MODULES[{json.dumps(address)}]()"
        modules[address].write_text(f"export const {{ {names} }} = {found};\n")
    (place / BUILT / DIGEST).write_text(digest(place))


def _bundle(program: Path, place: Path, modules: dict[str, Path]) -> bytes:
    found = (f'"{address}":()=>import("{path.as_posix()}")'
             for address, path in modules.items())  # fmt: skip
    main = (place / "js" / "main.js").as_posix()
    entry = f'import "{main}";\nglobalThis.MODULES = {{{",".join(found)}}};'
    command = [str(program), *BUNDLED]
    return subprocess.run(
        command, input=entry.encode(), cwd=place, check=True, capture_output=True
    ).stdout


def _exports(program: Path, place: Path, modules: dict[str, Path]) -> dict[str, str]:
    """What each module exports, ready to be taken apart."""
    told = place.parent / "exports"
    command = [str(program), *map(str, modules.values()), f"--outdir={told}"]
    command += ["--metafile=exports.json", "--log-level=error", "--format=esm"]
    subprocess.run(command, cwd=place.parent, check=True, capture_output=True)
    meta = json.loads((place.parent / "exports.json").read_text())
    shutil.rmtree(told)
    exports = {made["entryPoint"]: made["exports"] for made in meta["outputs"].values()}
    return {address: ", ".join(exports[path.relative_to(place.parent).as_posix()])
            for address, path in modules.items()}  # fmt: skip
