"""``atlas load``, ``migrate``, ``backup``, ``restore`` and ``audit``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from geo.errors import BilingualError
from layers.catalogue import Catalogue
from service import backup as backups
from service.errors import BadRequest
from service.loading import load_initial
from service.settings import Settings
from service.stores import migration, open_store
from service.stores.auditing import Audit

console = Console(highlight=False)


class _Act(StrEnum):
    """What can be done with the audit log."""

    VERIFY = "verify"


_Verify = Annotated[_Act, typer.Argument(metavar="[verify]", help="校验")]
_Noted = Annotated[
    str,
    typer.Option(metavar="SEQ:HASH", help="What an earlier check printed. 先前所记"),
]
#: Of a noted hash.
_LEAST_DIGITS = 8
_Yes = Annotated[bool, typer.Option("--yes", help="Do not ask. 不再询问。")]


def load() -> None:
    """Publish the first version of layers that have none. 首次载入图层。"""
    with _told(), closing(open_store(Settings().store_url)) as store:
        for version in load_initial(store, Catalogue.load()):
            console.print(f"{version.layer}  {version.feature_count}")


def migrate(
    to: Annotated[str, typer.Option("--to", help="gpkg:PATH or postgresql://…")],
) -> None:
    """Copy everything, history included, into an empty store. 迁移到另一存储。"""
    with (
        _told(),
        closing(open_store(Settings().store_url)) as source,
        closing(open_store(to)) as target,
        _progress() as progress,
    ):
        migration.migrate(source, target, Catalogue.load(), progress=progress)


def backup(path: Path) -> None:
    """Write one file that holds everything, while the service goes on. 备份。"""
    store = open_store(Settings().store_url)
    with _told(), closing(store), _progress() as progress:
        backups.backup(store, path, Catalogue.load(), progress=progress)
    console.print(f"{path}  ({path.stat().st_size:,} bytes)")


def restore(path: Path, yes: _Yes = False) -> None:
    """Put a backup in the place of everything; the service must be stopped. 恢复。"""
    url = Settings().store_url
    if not yes:
        typer.confirm("Replace everything in the store? 将替换现有全部数据", abort=True)
    with _told(), _progress() as progress:
        backups.restore(path, url, Catalogue.load(), progress=progress)


def audit(_act: _Verify = _Act.VERIFY, noted: _Noted = "") -> None:
    """Check that nobody has changed the audit log or cut it short. 校验审计记录。"""
    with _told(), closing(open_store(Settings().store_url)) as store:
        assert isinstance(store, Audit)
        found = list(_amiss(store, noted))
        entries, digest = store.audit_head()
    for line in found:
        console.print(line)
    if found:
        raise typer.Exit(1)
    console.print(
        f"{entries} entries, unbroken. 共 {entries} 条，完整。\n"
        "Note this elsewhere and ask for it next time. 另行记录，下次据此核对："
        f"\n--noted {entries}:{digest[:16]}"
    )


def _amiss(store: Audit, noted: str) -> Iterator[str]:
    if (broken := store.audit_break()) is not None:
        yield f"Changed or cut off at entry {broken}. 自第 {broken} 条起被改动或缺失。"
    for version in store.unaudited():
        yield f"No entry tells of {version}. 缺少 {version} 的发布记录。"
    seq, _, digest = noted.partition(":")
    if noted and not (seq.isdecimal() and len(digest) >= _LEAST_DIGITS):
        raise BadRequest(
            f"--noted takes what an earlier check printed, not {noted[:80]!r}.",
            f"--noted 须为先前校验时显示的值，而不是“{noted[:80]}”。",
        )
    if noted and not store.has_audited(int(seq), digest):
        yield f"Entry {seq} is not what was noted. 第 {seq} 条与所记录的不符。"


def add_to(command: typer.Typer) -> None:
    """Make these commands of ``atlas``."""
    for function in (load, migrate, backup, restore, audit):
        command.command()(function)


@contextmanager
def _told() -> Iterator[None]:
    """What is refused is said in a sentence, not as a traceback."""
    try:
        yield
    except BilingualError as error:
        console.print(f"[red]{error.detail}[/red]\n{error.detail_zh}")
        raise typer.Exit(1) from None


@contextmanager
def _progress() -> Iterator[migration.Progress]:
    with Progress(console=console) as bar:
        tasks = {}

        def told(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what)
            bar.update(tasks[what], completed=done, total=total)

        yield told
