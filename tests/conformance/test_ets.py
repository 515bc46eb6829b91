"""The OGC's own executable test suite for Features Parts 1 and 2, where there is one.

``ATLAS_ETS_JAR`` names the all-in-one jar of ets-ogcapi-features10 (1.9 or newer,
built from its repository or taken from Maven Central; needs Java 17). Without it this
is skipped: the abstract tests are re-implemented beside this file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

PROPERTIES = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE properties SYSTEM "http://java.sun.com/dtd/properties.dtd">
<properties version="1.0"><entry key="iut">{url}/api</entry>\
<entry key="noofcollections">-1</entry></properties>
"""
#: docs/decisions/0013-boxes.md: a box over the antimeridian is refused.
REFUSED = "177"


@pytest.fixture(scope="module")
def jar() -> Path:
    """The suite, or a visible skip."""
    named = os.environ.get("ATLAS_ETS_JAR", "")
    if not named:
        pytest.skip("ATLAS_ETS_JAR names no ets-ogcapi-features10 …-aio.jar")
    assert Path(named).is_file(), f"no jar at {named}"
    assert shutil.which("java"), "the suite needs Java 17"
    return Path(named)


def failures(results: Path) -> list[str]:
    """What failed, but for what is refused on purpose."""
    found = []
    for method in ElementTree.parse(results).iter("test-method"):
        asked = " ".join(value.text or "" for value in method.iter("value"))
        if method.get("status") == "FAIL" and REFUSED not in asked:
            message = method.findtext("exception/message") or ""
            found.append(f"{method.get('name')}: {message.strip()[:300]}")
    return found


def test_the_suite_of_the_ogc_passes(jar: Path, live_url: str, tmp_path: Path) -> None:
    properties = tmp_path / "test-run-props.xml"
    properties.write_text(PROPERTIES.format(url=live_url))
    command = ["java", "-jar", str(jar), "-o", str(tmp_path), str(properties)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    results = list(tmp_path.rglob("testng-results.xml"))
    assert results, run.stdout[-2000:] + run.stderr[-2000:]
    passed = ElementTree.parse(results[0]).getroot().get("passed", "0")
    assert int(passed) > 0, run.stdout[-2000:]
    assert failures(results[0]) == []


def test_a_report_of_the_suite_is_read(tmp_path: Path) -> None:
    fault = "<exception><message>bad</message></exception>"
    box = "<params><param><value>177.0,65.0,-177.0,70.0</value></param></params>"
    report = tmp_path / "testng-results.xml"
    report.write_text(
        f'<r><test-method status="PASS" name="a"/><test-method status="FAIL" name="b">'
        f'{box}{fault}</test-method><test-method status="FAIL" name="c">{fault}'
        "</test-method></r>"
    )
    assert failures(report) == ["c: bad"]
