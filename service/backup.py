"""Backups: whatever the store, a backup is one GeoPackage that opens as a store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from layers.catalogue import Layer
from service.errors import Conflict, Unprocessable
from service.stores import open_store
from service.stores.auditing import Audit
from service.stores.base import Store
from service.stores.gpkg import GeoPackageStore
from service.stores.migration import Progress, migrate

PAGES = 4000


def backup(
    store: Store,
    path: Path,
    layers: Iterable[Layer],
    *,
    progress: Progress = lambda what, done, total: None,
) -> None:
    """Write a backup while the service goes on; ``path`` appears only when whole."""
    if path.exists():
        raise Conflict(
            f"{path} is already there. Name a new file, so that no backup is lost.",
            f"{path} 已存在，请换一个文件名，以免覆盖旧备份。",
        )
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    if isinstance(store, GeoPackageStore):
        _copy_file(store.path, part, progress)
    else:
        with closing(open_store(f"gpkg:{part}")) as copy:
            migrate(store, copy, layers, progress=progress)
        _settle(part)
    part.replace(path)


def restore(
    path: Path,
    url: str,
    layers: Iterable[Layer],
    *,
    progress: Progress = lambda what, done, total: None,
) -> None:
    """Put a backup in the place of everything that the store holds. The service must
    be stopped. Raises ``Unprocessable`` for a file that is no sound backup and
    ``Conflict`` while a GeoPackage is in use."""
    known = list(layers)
    check_backup(path)
    target = open_store(url)
    with closing(target):
        if isinstance(target, GeoPackageStore):
            _free(target.path)
            _copy_file(path, target.path, progress)
            return
        with closing(open_store(f"gpkg:{path}")) as source:
            migrate(source, target, known, progress=progress, replace=True)


def check_backup(path: Path) -> None:
    """Raise ``Unprocessable`` unless the file is whole and its audit log unbroken."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
            sound = file.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            file.execute("SELECT 1 FROM atlas_versions").fetchone()
    except sqlite3.Error:
        sound = False
    if not sound:
        raise Unprocessable(
            f"{path} is not a whole backup of Liwan Atlas.",
            f"{path} 不是完整的荔湾规划一张图备份。",
        )
    with closing(open_store(f"gpkg:{path}")) as store:
        assert isinstance(store, Audit)
        if (broken := store.audit_break()) is not None:
            raise Unprocessable(
                f"The audit log in {path} is broken at entry {broken}:"
                " someone has changed it. Use another backup.",
                f"{path} 中的审计记录自第 {broken} 条起不连续，"
                "内容可能被改动，请换用其他备份。",
            )


def _copy_file(source: Path, target: Path, progress: Progress) -> None:
    """SQLite's online backup: a consistent copy, readers and writers undisturbed."""
    with (
        closing(sqlite3.connect(source)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(
            writing,
            pages=PAGES,
            progress=lambda _, left, total: progress(source.name, total - left, total),
        )
    _settle(target)


def _settle(path: Path) -> None:
    """One file, nothing beside it, until it is opened as a store again."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = DELETE")


def _free(path: Path) -> None:
    """Raise ``Conflict`` while another process has the file open."""
    try:
        with closing(sqlite3.connect(path, timeout=1.0)) as file:
            file.execute("PRAGMA locking_mode = EXCLUSIVE")
            file.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        raise Conflict(
            f"{path} is in use. Stop the service, then restore.",
            f"{path} 正在使用中，请先停止服务再恢复。",
        ) from None
