"""File → outcome: every odd and broken file of the shared collection gives features or
an explanation. The table is the test; REGEN=1 writes it anew, to be read and judged.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from geo.errors import BilingualError
from tests.service.uploads.bench_folder import about, codes, diagnosed

TABLE = Path(__file__).with_name("outcomes.csv")
NAMES = ("path", "outcome", "format", "encoding", "crs", "codes")
_COMPANIONS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outcome(path: Path, folder: Path) -> dict[str, str]:
    """What becomes of a file: the count of its features, or the refusal's name."""
    files = [path]
    if path.suffix == ".shp":
        parts = sorted(path.parent.glob(f"{path.stem}.*"))
        files = [part for part in parts if part.suffix in _COMPANIONS]
    try:
        upload = diagnosed(folder, files)
    except BilingualError as refusal:
        assert refusal.detail and refusal.detail_zh
        return {"outcome": type(refusal).__name__}
    found = about(upload)
    return {
        "outcome": str(found["feature_count"]),
        "format": found["format"],
        "encoding": found.get("encoding", ""),
        "crs": found["crs"] or "",
        "codes": " ".join(sorted(codes(upload))),
    }


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["path"])
def test_a_file_has_its_outcome(
    shared: Path, tmp_path: Path, row: dict[str, str]
) -> None:
    expected = {name: row[name] for name in NAMES[1:]}
    found = dict.fromkeys(NAMES[1:], "") | outcome(
        shared / "testdata" / row["path"], tmp_path
    )
    assert found == expected


@pytest.mark.skipif(not os.environ.get("REGEN"), reason="REGEN=1 rewrites the table")
def test_regenerate(shared: Path, tmp_path: Path) -> None:
    root = shared / "testdata"
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, NAMES, restval="", lineterminator="\n")
        writer.writeheader()
        for number, row in enumerate(PATHS):
            folder = tmp_path / str(number)
            folder.mkdir()
            writer.writerow({"path": row, **outcome(root / row, folder)})


PATHS = [row["path"] for row in rows()] if TABLE.exists() else []
