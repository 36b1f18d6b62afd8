"""What looks as if it named a person is found by its heading in many languages, and by its shape."""

import pytest

from fidelity.observe.identifying import masked, shape_of, sort_of


@pytest.mark.parametrize(
    ("heading", "sort"),
    [
        ("Name", "name"), ("client_name", "name"), ("Nom", "name"), ("Prénom", "name"), ("NOMBRE", "name"),
        ("jina", "name"), ("İsim", "name"), ("Soyadı", "name"), ("الاسم", "name"), ("نام", "name"),
        ("שם", "name"), ("नाम", "name"), ("Имя", "name"), ("姓名", "name"), ("fact.name", "name"),
        ("phone", "phone"), ("Tel.", "phone"), ("Téléphone", "phone"), ("رقم الهاتف", "phone"),
        ("Mobile-Number", "phone"), ("WhatsApp", "phone"),
        ("DOB", "birth"), ("Date_of_Birth", "birth"), ("Geburtsdatum", "birth"), ("תאריך לידה", "birth"),
        ("E-Mail", "e_mail"), ("correo electrónico", "e_mail"),
        ("Address", "address"), ("العنوان", "address"), ("GPS", "address"),
        ("National ID", "number"), ("passport", "number"), ("cédula", "number"), ("الرقم الوطني", "number"),
    ],
)  # fmt: skip
def test_a_heading_under_which_people_are_named(heading: str, sort: str) -> None:
    assert sort_of(heading) == sort


@pytest.mark.parametrize(
    "heading",
    [
        "welcome",
        "site",
        "names_feelings",
        "addresses_worries",
        "phone_used_in_session",
        "fact.format",
        "minutes",
    ],
)
def test_another_heading_is_left_alone(heading: str) -> None:
    assert sort_of(heading) is None


@pytest.mark.parametrize(
    ("value", "sort"),
    [
        ("+256 772 123456", "phone"), ("0772123456", "phone"),
        ("(077) 212-3456", "phone"), ("٠٧٧٢١٢٣٤٥٦", "phone"),
        ("123456789", "phone"), ("a.berg@example.org", "e_mail"), ("Anna Berg", "name"), ("محمد علي", "name"),
        ("Maria José da-Silva", "name"), ("1990-02-03", "birth"), ("3/2/1990", "birth"),
    ],
)  # fmt: skip
def test_a_value_that_is_no_code(value: str, sort: str) -> None:
    assert shape_of(value, "client") == sort


@pytest.mark.parametrize(
    "value",
    [
        "T01",
        "007",
        "C-2026-03-04",
        "S1-R1",
        "Rater A",
        "peer worker",
        "20260304",
        "PMG-01-G1",
        "anna",
        "O-25GOMA",
    ],
)
def test_a_value_that_is_a_code(value: str) -> None:
    assert shape_of(value, "client") is None


def test_a_site_may_have_two_words_and_a_session_may_be_a_day() -> None:
    assert shape_of("Beirut North", "site") is None
    assert shape_of("2026-03-04", "session") is None
    assert shape_of("0772123456", "site") == "phone"


def test_no_value_is_shown_whole() -> None:
    assert [masked(value) for value in ("Anna Berg", "Anna", "07")] == ["An…", "A…", "0…"]
