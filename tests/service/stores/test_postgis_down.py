"""A PostgreSQL that does not answer is told at once, not waited for by everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from service.errors import StoreUnavailable

psycopg = pytest.importorskip("psycopg")


def test_what_was_found_down_is_not_asked_again_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from service.stores.postgis.connection import PostgresDatabase

    asked: list[str] = []
    connect = psycopg.connect

    def counted(conninfo: str, **options: Any) -> Any:
        asked.append(conninfo)
        return connect(conninfo, **options)

    monkeypatch.setattr(psycopg, "connect", counted)
    database = PostgresDatabase(f"postgresql://nobody@/none?host={tmp_path}")
    for _ in range(3):
        with pytest.raises(StoreUnavailable) as found:
            database.one("SELECT 1")
        assert found.value.extra["retry_after"] > 0
    assert len(asked) == 1
    database.close()
