from service.exports.shapefile import cut_text, short_names


def test_short_names_are_cut_between_characters() -> None:
    assert short_names(["规划用地性质"])["规划用地性质"] == "规划用"


def test_short_names_stay_different() -> None:
    names = short_names([f"landuse_code_{n}" for n in range(12)])
    assert len({name.casefold() for name in names.values()}) == 12
    assert all(len(name.encode()) <= 10 for name in names.values())


def test_text_is_cut_to_bytes() -> None:
    assert len(cut_text("荔" * 100, 254).encode()) == 252
