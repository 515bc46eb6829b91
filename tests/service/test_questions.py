import pytest

from service.questions import DOCUMENT, document, path_of, questions

QUESTIONS = questions()


def test_there_are_twenty_four() -> None:
    assert len(QUESTIONS) == 24


@pytest.mark.parametrize("number", range(1, 25))
def test_every_question_is_answered_by_its_call(client, number: int) -> None:
    answer = client.get(path_of(QUESTIONS[number - 1]["call"]))
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q["en"][:40])
def test_the_document_shows_every_question_with_its_call(question) -> None:
    text = DOCUMENT.read_text("utf-8")
    assert question["zh"] in text
    assert question["call"] in text


def test_the_document_can_be_written_again(client) -> None:
    text = document(lambda path: client.get(path).json())
    assert text.count("\n## ") == 24
    assert "None" not in text
