import pytest

from layers.catalogue import Catalogue
from service.errors import NotFound
from service.statistics.predicates import PREDICATES
from service.statistics.rules import chosen, rule, rules
from tests.geo.shapes import square
from tests.service.statistics.readings import reading, text


@pytest.mark.parametrize("id", rules())
def test_every_rule_names_layers_and_a_predicate_that_exist(id: str) -> None:
    found = rule(id, rules())
    assert all(name in Catalogue.load() for name in found.layers)
    assert found.predicate in PREDICATES


@pytest.mark.parametrize("id", rules())
def test_every_rule_has_its_clause_in_both_languages_and_a_source(id: str) -> None:
    found = rule(id, rules())
    assert found.clause_zh and found.clause_en and found.source


def test_an_unknown_rule_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="park-area"):
        rule("nope", rules())


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ({}, ["a", "b", "c"]),
        ({"landuse_code": "M0"}, ["b"]),
        ({"landuse_code": "01*"}, ["a"]),
        ({"id": ["a", "c"]}, ["a", "c"]),
        ({"landuse_code": "M0", "id": "a"}, []),
    ],
)
def test_features_are_chosen_by_value_list_or_beginning(where, ids) -> None:
    codes = text("0101", "M0", None)
    parcels = reading("parcels", *[square(10)] * 3, landuse_code=codes)
    assert chosen(parcels, where).ids.tolist() == ids
