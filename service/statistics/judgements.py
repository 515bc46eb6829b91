"""What people judged of findings: who, when, why. Nothing judged is ever overwritten.

A judgement is of a finding, as measured in the version that was looked at. It stands in
later versions for as long as the conflict measures the same in the same place; there it
is marked as ``earlier``. Where the conflict has changed, or has gone and come back
otherwise, it is still shown, but decides nothing any more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from geo.surface import Basis
from service.stores.base import Store

KIND = "judgement"
WITHDRAWN = "withdrawn"
_PAGE = 1_000
#: A conflict that measures the same within this is the same one.
_RELATIVE, _ABSOLUTE = 1e-6, 1e-3
#: And lies where it lay, within a decimetre or two.
_DEGREES = 2e-6
Judgement = Mapping[str, Any]


def kept(store: Store, wanted: Mapping[str, Any] | None = None) -> Iterator[Judgement]:
    """Every judgement whose members equal those ``wanted``, newest first."""
    offset = 0
    while found := store.records(KIND, match=wanted, limit=_PAGE, offset=offset):
        yield from (record.data for record in found)
        offset += _PAGE


class Judgements:
    """All of them, asked by finding."""

    def __init__(self, newest_first: Iterable[Judgement] = ()) -> None:
        self._of: dict[tuple[str, str, str | None], list[Judgement]] = {}
        for each in newest_first:
            key = (each["rule"], each["layer"], each.get("feature"))
            self._of.setdefault(key, []).append(each)
        for judged in self._of.values():
            judged.sort(key=lambda each: -each["version"])

    def of_finding(
        self, rule: str, layer: str, version: int, told: Mapping[str, Any], basis: Basis
    ) -> dict[str, Any] | None:
        """The newest judgement of a finding, made in this version or before."""
        for each in self._of.get((rule, layer, told["feature"]), ()):
            same = "other" not in each or each["other"] == told["other"]
            if same and each["version"] <= version:
                return _marked(each, version, stands=_same(each, version, told, basis))
        return None

    def of_rule(
        self, rule: str, layer: str, versions: Mapping[str, int]
    ) -> dict[str, Any] | None:
        """The newest judgement of a rule as a whole: it stands for just the versions
        it was made of."""
        version = versions[layer]
        for each in self._of.get((rule, layer, None), ()):
            if each["version"] <= version:
                return _marked(each, version, stands=each["versions"] == versions)
        return None

    def last(
        self, rule: str, layer: str, feature: str | None, other: str | None
    ) -> Judgement | None:
        """The last word on a finding, unless it was withdrawn."""
        for each in self._of.get((rule, layer, feature), ()):
            if other is None or each.get("other") == other:
                return None if each["outcome"] == WITHDRAWN else each
        return None


def _marked(each: Judgement, version: int, *, stands: bool) -> dict[str, Any] | None:
    if each["outcome"] == WITHDRAWN:
        return None
    return {**each, "earlier": each["version"] < version, "stands": stands}


def _same(each: Judgement, version: int, told: Mapping[str, Any], basis: Basis) -> bool:
    measured = each.get("measured")
    if measured is None:  # made before conflicts were kept: for that version alone
        return bool(each["version"] == version)
    amounts = (measured[basis], told["amount"])
    if not math.isclose(*amounts, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE):
        return False
    was, now = each.get("middle"), told.get("middle")
    return not was or bool(now and math.dist(was, now) < _DEGREES)


_ABOUT = ("rule", "layer", "version", "feature", "other")


def standing(newest_first: Iterable[Judgement]) -> Iterator[dict[str, Any]]:
    """Each with whether it is the last word on its finding in its version."""
    seen = set()
    for each in newest_first:
        about = tuple(each.get(n) for n in _ABOUT)
        last = about not in seen
        seen.add(about)
        yield {**each, "last": last and each["outcome"] != WITHDRAWN}
