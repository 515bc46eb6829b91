from service.statistics.kept import Kept


def test_what_was_put_is_there() -> None:
    kept = Kept()
    kept.put("a", b"answer")
    assert (kept.get("a"), kept.get("b")) == (b"answer", None)


def test_the_least_recently_used_goes_first() -> None:
    kept = Kept(max_bytes=40)
    for key in "abcd":
        kept.put(key, b"0123456789")
    kept.get("a")
    kept.put("e", b"0123456789")
    assert [key for key in "abcde" if kept.get(key)] == ["a", "c", "d", "e"]


def test_what_would_crowd_out_the_rest_is_not_kept() -> None:
    kept = Kept(max_bytes=40)
    kept.put("big", b"0" * 11)
    assert kept.get("big") is None
