"""What every store does with versions, whichever database keeps it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import orjson
import pytest
import shapely

from geo.area import area_m2
from layers.catalogue import Field
from service.errors import BadRequest, Conflict, NotFound, Unprocessable
from service.stores import publishing
from service.stores.base import Changes, ItemQuery, Publication, Store

from .conftest import FIELDS, layer
from .samples import (
    EVERYTHING,
    LAYER,
    features,
    frame,
    grid,
    ids,
    objects,
    publish,
    square,
)


# -- versions ----------------------------------------------------------------------
def test_an_empty_store_is_at_version_zero(store: Store) -> None:
    assert store.current_version(LAYER) == 0
    assert store.current_versions() == {}


def test_preparing_twice_changes_nothing(store: Store) -> None:
    publish(store, frame(["a"]))
    store.prepare([layer()])
    assert ids(store, 1) == ["a"]


def test_a_version_tells_what_it_comes_to(store: Store) -> None:
    version = publish(store, frame(["a", "b"], [square(0), None]))
    assert (version.number, version.feature_count, version.located_count) == (1, 2, 1)
    assert version.extent == pytest.approx(square(0).bounds, abs=1e-12)
    assert version.area_m2 == pytest.approx(area_m2(objects([square(0)]))[0])


def test_a_version_counts_adds_changes_and_removes(store: Store) -> None:
    publish(store, frame(["a", "b", "c"]))
    second = publish(store, frame(["b", "d"]), ["c", "never-there"])
    assert (second.adds, second.changes, second.removes) == (1, 1, 1)
    assert second.feature_count == 3


def test_extent_and_places_are_recounted_when_the_edge_goes(store: Store) -> None:
    publish(store, grid(5))
    publish(store, frame(["nowhere"], [None]), ["p002002"])
    assert (found := store.version(LAYER, 2)).located_count == 24
    assert found.extent == store.version(LAYER, 1).extent
    publish(store, frame(["p000000"], [None]), [f"p004{y:03d}" for y in range(5)])
    newest = store.version(LAYER, 3)
    shapes = store.frame(LAYER, 3).geometry
    assert newest.located_count == 18
    assert newest.extent == pytest.approx(tuple(shapely.total_bounds(shapes)))


def test_a_layer_emptied_and_filled_again_is_whole(store: Store) -> None:
    publish(store, grid(20))
    publish(store, None, grid(20).ids.tolist())
    assert store.version(LAYER, 2).extent is None
    version = publish(store, grid(19))
    assert (version.adds, version.feature_count) == (361, 361)
    assert store.items(LAYER, 3, EVERYTHING).returned == 361


def test_features_beyond_one_section_are_all_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "CHUNK", 7)
    monkeypatch.setattr(publishing, "SECTION", 3 * 7)
    publish(store, grid(20))
    listed = features(store.items(LAYER, 1, EVERYTHING))
    assert {one["id"] for one in listed} == set(grid(20).ids)
    for one in listed:
        assert orjson.loads(store.item(LAYER, 1, one["id"]) or b"") == one


def test_publishing_tells_how_far_it_is(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "CHUNK", 3)
    told: list[tuple[int, int]] = []
    changes = Changes(grid(3), objects([]))
    step = told.append
    store.publish(changes, Publication(LAYER, 0, "an"), told=lambda *n: step(n))
    assert told == [(3, 9), (6, 9), (9, 9)]


def test_an_unknown_version_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        store.version(LAYER, 7)


def test_versions_are_listed_newest_first(store: Store) -> None:
    publish(store, frame(["a"]))
    publish(store, frame(["b"]), note="two")
    assert [(v.number, v.note) for v in store.versions(LAYER)] == [(2, "two"), (1, "")]
    assert store.versions(LAYER)[0] == store.version(LAYER, 2)


def test_a_publication_on_an_old_version_is_refused(store: Store) -> None:
    publish(store, frame(["a"]))
    with pytest.raises(Conflict):
        publish(store, frame(["b"]), base_version=0)
    assert store.current_version(LAYER) == 1


def test_the_version_of_a_time_is_the_one_current_then(store: Store) -> None:
    first = publish(store, frame(["a"]))
    second = publish(store, frame(["b"]))
    assert store.version_as_of(LAYER, "2001-01-01T00:00:00Z") == 0
    assert store.version_as_of(LAYER, first.published_at) == 1
    assert store.version_as_of(LAYER, second.published_at.replace("Z", "+00:00")) == 2


def test_another_process_sees_a_publication_at_once(
    store: Store, open_again: Callable[[], Store]
) -> None:
    other = open_again()
    assert other.current_version(LAYER) == 0
    publish(store, frame(["a"]))
    assert other.current_version(LAYER) == 1
    assert ids(other, 1) == ["a"]


def test_of_two_who_publish_at_once_one_is_refused(
    store: Store, open_again: Callable[[], Store]
) -> None:
    def attempt(one: Store) -> bool:
        try:
            publish(one, grid(5), base_version=0)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, [store, open_again()])) == [False, True]


# -- history -----------------------------------------------------------------------
def test_an_old_version_stays_readable(store: Store) -> None:
    publish(store, frame(["a", "b"], name_zh=["one", "one"]))
    publish(store, frame(["a", "c"], name_zh=["two", "two"]), ["b"])
    assert sorted(ids(store, 1)) == ["a", "b"]
    assert sorted(ids(store, 2)) == ["a", "c"]
    assert b'"one"' in (store.item(LAYER, 1, "a") or b"")
    assert store.item(LAYER, 2, "b") is None


def test_an_old_version_is_found_by_bbox(store: Store) -> None:
    publish(store, grid(20))
    publish(store, frame(["p000000"], [square(500)]), ["p001000"])
    bbox = ItemQuery(bbox=(113.2, 23.1, 113.2019, 23.1009))
    assert sorted(ids(store, 1, bbox)) == ["p000000", "p001000"]
    assert ids(store, 2, bbox) == []


def test_a_feature_tells_its_life_newest_first(store: Store) -> None:
    publish(store, frame(["a"]))
    publish(store, frame(["a"], name_zh=["new"]), approver="bo", changeset="c2")
    publish(store, None, ["a"])
    publish(store, frame(["a"]))
    life = store.history(LAYER, "a")
    assert [(line.version, line.change) for line in life] == [
        (4, "add"),
        (3, "remove"),
        (2, "change"),
        (1, "add"),
    ]
    assert (life[2].approver, life[2].changeset) == ("bo", "c2")
    assert life[1].feature is None


def test_an_id_that_never_was_has_no_history(store: Store) -> None:
    publish(store, frame(["a"]))
    assert store.history(LAYER, "zz") == []


# -- writing -----------------------------------------------------------------------
def test_text_in_a_number_field_is_refused_by_name(store: Store) -> None:
    with pytest.raises(Unprocessable) as refused:
        publish(store, frame(["a", "b"], height_m=[1.5, "tall"]))
    assert refused.value.extra == {"feature": "b", "field": "height_m"}
    assert store.current_version(LAYER) == 0


def test_one_id_twice_is_refused(store: Store) -> None:
    with pytest.raises(Conflict):
        publish(store, frame(["a", "a"]))


def test_publishing_marks_the_changeset(store: Store) -> None:
    store.put("changeset", "c1", {"status": "submitted", "note": "n"})
    publish(store, frame(["a"]), changeset="c1")
    record = store.get("changeset", "c1")
    assert record is not None
    assert (record.data["status"], record.data["version"]) == ("published", 1)
    assert record.data["note"] == "n"


def test_a_changeset_is_kept_as_it_is(store: Store) -> None:
    kept = frame(["a", "b"], [square(0), None], height_m=np.array([1.0, np.nan]))
    store.save_changes("c1", LAYER, Changes(kept, objects(["z"])))
    back = store.changes("c1")
    assert back.upserts.ids.tolist() == ["a", "b"]
    assert back.removes.tolist() == ["z"]
    assert shapely.equals_exact(back.upserts.geometry[0], square(0), 0)
    assert np.isnan(back.upserts.columns["height_m"][1])


def test_a_changeset_saved_again_is_replaced(store: Store) -> None:
    for id in ("a", "b"):
        store.save_changes("c1", LAYER, Changes(frame([id]), objects([])))
    assert store.changes("c1").upserts.ids.tolist() == ["b"]


def test_a_changeset_never_kept_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        store.changes("c9")


def test_new_fields_of_the_catalogue_get_columns(store: Store) -> None:
    publish(store, frame(["a"]))
    store.prepare([layer(fields=(*FIELDS, Field("owner", "string", "权属", "Owner")))])
    publish(store, frame(["b"], owner=["国有"]))
    owners = store.frame(LAYER, 2).columns["owner"]
    assert owners.tolist() == [None, "国有"]


def test_a_filter_on_an_unknown_property_is_refused(store: Store) -> None:
    publish(store, frame(["a"]))
    query = ItemQuery(filter={"op": "=", "args": [{"property": "nope"}, 1]})
    with pytest.raises(BadRequest):
        store.items(LAYER, 1, query)


# -- the newest state of one feature -----------------------------------------------
def test_the_newest_state_comes_with_its_version(store: Store) -> None:
    publish(store, frame(["a", "b"]))
    publish(store, frame(["b"], [square(3)]))
    for id in ("a", "b"):
        assert store.newest(LAYER, id) == (2, store.item(LAYER, 2, id))


def test_what_was_removed_has_no_newest_state(store: Store) -> None:
    publish(store, frame(["a", "b"]))
    publish(store, frame([]), ["b"])
    assert store.newest(LAYER, "b") is None
    assert store.newest(LAYER, "never-there") is None


def test_what_is_written_together_is_written_whole_or_not_at_all(store: Store) -> None:
    with pytest.raises(Conflict), store.transaction():
        store.put("token", "t1", {})
        store.save_changes("c1", LAYER, Changes(frame(["a"]), objects([])))
        store.append_audit("an", "login", "web", None)
        store.put("token", "t1", {}, expect=0)
    assert store.get("token", "t1") is None
    assert list(store.audit()) == []
    with pytest.raises(NotFound):
        store.changes("c1")
    with store.transaction():
        store.put("token", "t1", {})
    assert store.get("token", "t1") is not None


def test_odd_characters_come_back_as_they_were(store: Store) -> None:
    odd = ["tab\tline\nreturn\r", 'back\\slash "quoted"', "\\N", "", None, "荔枝湾"]
    publish(store, frame([f"i\\{n}\t" for n in range(6)], name_zh=odd))
    found = features(store.items(LAYER, 1, EVERYTHING))
    assert [one["properties"]["name_zh"] for one in found] == odd
    assert store.frame(LAYER, 1).columns["name_zh"].tolist() == odd
    assert store.item(LAYER, 1, "i\\2\t") is not None
