"""The store of finished pages stays small."""

from weatherapp.pages.shared_pages import SharedPage, SharedPages


def page(length=10):
    return SharedPage('W/"1"', 200, (), b"x" * length, b"", None, 0.0)


def test_what_was_asked_for_last_stays():
    pages = SharedPages(most=2)
    pages.keep("first", page())
    pages.keep("second", page())
    pages.find("first")
    pages.keep("third", page())

    assert pages.find("second") is None
    assert pages.find("first")
    assert pages.find("third")


def test_bytes_are_bounded():
    pages = SharedPages(most_bytes=100)
    for number in range(50):
        pages.keep(str(number), page(30))

    assert len(pages) == 3
    assert pages.size == 90


def test_what_is_larger_than_all_room_is_not_kept():
    pages = SharedPages(most_bytes=100)
    pages.keep("large", page(101))

    assert pages.find("large") is None
    assert pages.size == 0


def test_a_page_that_is_kept_again_counts_once():
    pages = SharedPages()
    for _ in range(3):
        pages.keep("one", page(30))

    assert pages.size == 30
