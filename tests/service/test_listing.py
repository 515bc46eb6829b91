"""JSON bodies as HTML: what matters is shown, nothing is markup by accident."""

from __future__ import annotations

from service.listing import content_of

LINK = {"rel": "next", "href": "http://x/api/collections/a/items?offset=1"}


def features(**properties: object) -> dict[str, object]:
    feature = {"type": "Feature", "id": "荔/1", "properties": properties}
    return {"features": [feature], "layer": "a", "version": 3, "links": [LINK]}


def test_a_feature_leads_to_its_own_page() -> None:
    page = content_of(features(), "zh")
    assert 'href="/api/collections/a/items/%E8%8D%94%2F1?f=html"' in page


def test_what_people_wrote_is_text() -> None:
    page = content_of(features(name="<img src=x onerror=alert(1)>"), "zh")
    assert "<img" not in page and "&lt;img" in page


def test_only_web_addresses_become_links() -> None:
    page = content_of({"a": "javascript:alert(1)", "b": "https://example.org"}, "en")
    assert page.count("<a ") == 1


def test_long_texts_are_cut_in_tables() -> None:
    page = content_of(features(note="长" * 200), "zh")
    assert "长" * 41 not in page


def test_pages_can_be_turned() -> None:
    assert LINK["href"] in content_of(features(), "zh")


def test_layers_stand_under_their_groups() -> None:
    layer = {
        "id": "parcels", "group": "landuse", "title_zh": "地块", "title_en": "Parcels",
        "description_zh": "", "description_en": "", "feature_count": 7, "version": 2,
    }  # fmt: skip
    groups = [{"id": "landuse", "title_zh": "用地", "title_en": "Land use"}]
    page = content_of({"collections": [layer], "groups": groups, "links": []}, "en")
    assert page.index("Land use") < page.index("Parcels")
