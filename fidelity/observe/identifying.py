"""Columns and values -> what looks as if it named a person: a study keeps codes, and nothing else."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from fidelity.errors import Facts, Problem, ProblemsFound
from fidelity.model.checklist import Checklist
from fidelity.model.columns import KNOWN_COLUMNS
from fidelity.model.number import plain_digits
from fidelity.model.observation import Observation
from fidelity.observe.form_file import form_file
from fidelity.observe.saved_form import is_saved
from fidelity.observe.table import Table

Sort = Literal["name", "phone", "birth", "e_mail", "address", "number"]

# Usual headings, whole, in small letters and without accents; a language a line.
HEADINGS: Mapping[Sort, str] = {
    "name": """
        name, names, full name, first name, last name, surname, family name, given name, nickname,
        middle name, client name, patient name, participant name, therapist name,
        rater name, person name,
        initials,
        nom, noms, prenom, prenoms, nom complet, nom de famille,
        nombre, nombres, nombre completo, apellido, apellidos, nome, nome completo, sobrenome, cognome,
        vorname, nachname, familienname, naam, voornaam, achternaam,
        jina, jina kamili, majina, jina la kwanza, izina, amazina, erinnya,
        ad, isim, soyad, soyadi, soyisim, adi soyadi, ad soyad, nav, pasnav,
        الاسم, اسم, الاسم الكامل, الاسم الاول, اللقب, اسم العائلة,
        نام, نام خانوادگی, نوم, تخلص, ناو, نام کامل,
        שם, שם מלא, שם פרטי, שם משפחה,
        имя, фамилия, отчество, фио, имя и фамилия, ім'я, прізвище, піб,
        नाम, पूरा नाम, थर, নাম, ስም, ሙሉ ስም, ስም ከነ አባት, பெயர், نام ولد,
        姓名, 名字, 名前, 氏名, 이름, 성명, ชื่อ, tên, họ tên
    """,
    "phone": """
        phone, phones, phone number, phone no, telephone, telephone number, tel, tel no, mobile,
        mobile number, mobile phone, cell, cell phone, cellphone, whatsapp, whatsapp number,
        signal, viber, contact number,
        numero de telephone, portable, gsm, telefono, numero de telefono, celular, movil, telefone,
        telemovel,
        telefon, telefonnummer, handy, handynummer, mobilnummer, telefoon, telefoonnummer,
        simu, namba ya simu, nambari ya simu, telefoni, nimero ya telefone, cep telefonu, telefon numarasi,
        هاتف, الهاتف, رقم الهاتف, موبايل, جوال, تلفون, تلفن, شماره تلفن, موبایل, فون, فون نمبر,
        טלפון, מספר טלפון, נייד, телефон, номер телефона, мобильный, номер телефону,
        फोन, फोन नम्बर, मोबाइल, ফোন, মোবাইল, ስልክ, ስልክ ቁጥር,
        电话, 手机, 電話番号, 전화번호, โทรศัพท์, điện thoại
    """,
    "birth": """
        dob, d o b, date of birth, birth date, birthdate, birthday, born, born on, day of birth,
        date de naissance, ne le, nee le, naissance, fecha de nacimiento, nacimiento, data de nascimento,
        nascimento, data di nascita, geburtsdatum, geburtstag, geboortedatum,
        tarehe ya kuzaliwa, siku ya kuzaliwa, itariki y'amavuko, dogum tarihi,
        تاريخ الميلاد, تاريخ الولادة, تاریخ تولد, پیدائش کی تاریخ, תאריך לידה, дата рождения,
        дата народження,
        जन्म मिति, जन्मतिथि, জন্ম তারিখ, የትውልድ ቀን, 出生日期, 生年月日, 생년월일, วันเกิด, ngày sinh
    """,
    "e_mail": """
        email, e mail, mail, email address, e mail address, courriel, adresse email, adresse e mail,
        correo, correo electronico, e mail adresse, barua pepe, eposta, e posta,
        البريد الالكتروني, بريد الكتروني, ایمیل, אימייל, דואל,
        эл почта, почта, електронна пошта, ইমেইল, ኢሜይል
    """,
    "address": """
        address, home address, street, street address, postcode, post code, postal code, zip, zip code,
        house number, gps, gps coordinates, latitude, longitude, coordinates, ip address,
        adresse, rue, code postal, direccion, calle, codigo postal, endereco, morada, indirizzo, via,
        anschrift, strasse, plz, postleitzahl, adres, straat, anwani, mtaa, aderesi, sokak, posta kodu,
        العنوان, عنوان, آدرس, پتہ, כתובת, адрес, адреса, ठेगाना, पता,
        ঠিকানা, አድራሻ, 地址, 住所, 주소, ที่อยู่, địa chỉ
    """,
    "number": """
        national id, national id number, national number, identity number, id number, id card,
        identity card,
        passport, passport number, ssn, social security number, nhs number, insurance number, tax number,
        driving licence, unhcr number, unhcr id, ration card, case number unhcr, proges id,
        numero national, carte d'identite, numero de securite sociale, cedula, dni, nie, curp, cpf, rg, nif,
        personalausweis, ausweisnummer, steuernummer, sozialversicherungsnummer, bsn, nida, kitambulisho,
        namba ya kitambulisho, indangamuntu, nin, tc, tc no, tc kimlik no, kimlik no,
        الرقم الوطني, رقم الهوية, الهوية, جواز السفر, کد ملی, شناختی کارڈ, تذکره,
        תעודת זהות, מספר זהות, паспорт, инн, снилс, ипн, aadhaar, aadhar, nagarikta,
        身份证, 身份证号, 주민등록번호
    """,
}
WORDS = {"name": "names", "phone": "phone numbers", "birth": "dates of birth", "e_mail": "e-mail addresses",
         "address": "addresses", "number": "national numbers"}  # fmt: skip

# What may hold a code only; a site is no person, but its column is looked at for phones and e-mail as well.
CODED = ("observation", "session", "therapist", "client", "rater", "site")
PEOPLE = ("therapist", "client", "rater")
WORKBOOKS = (".xlsx", ".xlsm")
MOST_CELLS = 10  # that are named

_E_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]{2,}")
_PHONE = re.compile(r"(?:\+|00|\(0|0)[\d()./ -]{7,20}|\d{9,14}|\d{3,4}[ ./-]\d{3}[ ./-]\d{3,4}")
_IN_TEXT = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]{2,}|(?<![\w+])\+?\d[\d()./ -]{7,18}\d(?!\w)")
_DAY = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
_PARTED = re.compile(r"[\s_.:/-]+")


def identifying_columns(
    table: Table, checklist: Checklist, declared: Collection[str] = ()
) -> Iterator[Problem]:
    """RB501 for each heading under which people usually write who somebody is.

    A question that is answered on a scale cannot name anybody, however its column is called.
    """
    for index, heading in enumerate(table.headings):
        if heading in declared or heading in KNOWN_COLUMNS or not _is_free(heading, checklist):
            continue
        if (sort := sort_of(heading)) is not None:
            place, facts = table.heading_spot(index)
            yield Problem("RB501", place, {**facts, "personal": heading, "sort": WORDS[sort]})


def identifying_values(
    observations: Iterable[Observation], declared: Collection[str] = ()
) -> Iterator[Problem]:
    """RB501 for each column of codes whose values look like names, phone numbers or e-mail addresses."""
    found: dict[tuple[str, str, Sort], list[Observation]] = {}
    for each in observations:
        for column in CODED:
            sort = None if column in declared else shape_of(str(getattr(each, column)), column)
            if sort is not None:
                found.setdefault((each.place.file, column, sort), []).append(each)
    for (_, column, sort), rows in found.items():
        first = rows[0]
        facts = {
            "personal_values": column,
            "like": WORDS[sort],
            "begins": masked(str(getattr(first, column))),
        }
        yield Problem("RB501", first.place, {**facts, **_where(column, rows)})


def identifying_texts(observations: Iterable[Observation]) -> Iterator[Problem]:
    """A warning for each column of notes that hold something like a phone number or an e-mail address."""
    found: dict[tuple[str, str], list[Observation]] = {}
    for each in observations:
        notes = {f"{name}.comment": text for name, text in each.comments.items()}
        for column, text in (*notes.items(), *each.answers.items(), *each.facts.items()):
            if len(text) > 8 and any(_is_telling(hit[0]) for hit in _IN_TEXT.finditer(plain_digits(text))):
                found.setdefault((each.place.file, column), []).append(each)
    for (_, column), rows in found.items():
        facts = {"telling_text": column, **_where(column, rows)}
        yield Problem("RB501", rows[0].place, facts, graded="warning")


def sort_of(heading: str) -> Sort | None:
    """What stands under a heading like this, if it is one under which people are named."""
    plain = _plain(heading.removeprefix("fact.").removesuffix(".comment"))
    return next((sort for sort, known in _KNOWN.items() if plain in known), None)


def shape_of(value: str, column: str) -> Sort | None:
    """What a value looks like that is meant to be a code."""
    plain = plain_digits(value).strip()
    if _E_MAIL.search(plain):
        return "e_mail"
    if _DAY.fullmatch(plain):
        return "birth" if column in PEOPLE else None
    if _PHONE.fullmatch(plain) and sum(each.isdigit() for each in plain) >= 7:
        return "phone"
    return "name" if column in PEOPLE and _is_like_a_name(plain) else None


def masked(value: str) -> str:
    """Enough of a value to find it, and never the whole."""
    return value[: 2 if len(value) > 4 else 1] + "…"


def _where(column: str, rows: Sequence[Observation]) -> Facts:
    """How many they are, and where: the cells of a form, the sessions of a saved one, or the first row."""
    place, times = rows[0].place, {"times": str(len(rows))}
    path = Path(place.file)
    if is_saved(path):
        return {**times, "sessions": _listed("Session", [str(each.place.line) for each in rows])}
    cells, sheet = _cells(path, column, rows)
    if cells:
        return {**times, "cells": _listed("Cell", cells), "sheet": sheet}
    return {**times, "row": str(place.line) if place.line > 1 else ""}


def _cells(path: Path, column: str, rows: Sequence[Observation]) -> tuple[list[str], str]:
    """The cells of a form that a column is filled from; none of what is no form."""
    if path.suffix.lower() not in WORKBOOKS:
        return [], ""
    try:
        form = form_file(path)
    except (OSError, ProblemsFound):
        return [], ""
    own = next((each.cell for each in form.entries if each.column == column), "")
    if form.is_keyed and own:
        letters = own.rstrip("0123456789")
        return [f"{letters}{each.place.line}" for each in rows], form.sheet
    return ([own] if own else []), form.sheet


def _listed(what: str, places: Sequence[str]) -> str:
    shown = ", ".join(places[:MOST_CELLS]) + (", …" if len(places) > MOST_CELLS else "")
    return f"{what} {shown}" if len(places) == 1 else f"{what}s {shown}"


def _is_free(heading: str, checklist: Checklist) -> bool:
    """Whether anything can be written under it: no answer of a scale, and no fact with given answers."""
    if heading in checklist.question:
        return checklist.question[heading].scale.kind == "text"
    fact = checklist.fact.get(heading.removeprefix("fact."))
    if fact is not None:
        return not fact.scale.choices
    return not heading.endswith(".comment") and not heading.startswith("reported.")


def _is_like_a_name(plain: str) -> bool:
    """Words of letters only, two of them as names are written: codes have a digit, a sign, or one word."""
    words = plain.split()
    letters = all(len(word) > 1 and word.replace("'", "").replace("-", "").isalpha() for word in words)
    # A script without capitals has no letter that is one.
    names = [word for word in words if word[0].isupper() or word[0].lower() == word[0].upper()]
    return letters and 1 < len(words) <= 5 and len(names) > 1


def _is_telling(hit: str) -> bool:
    digits = sum(each.isdigit() for each in hit)
    return "@" in hit or (digits >= 8 and not _DAY.search(hit))


def _plain(heading: str) -> str:
    bare = unicodedata.normalize("NFKD", heading.casefold())
    letters = "".join(each for each in bare if not unicodedata.combining(each) or _is_needed(each))
    return _PARTED.sub(" ", letters.replace("ı", "i").replace("ـ", "")).strip()


def _is_needed(mark: str) -> bool:
    """A mark that is a vowel of its own, as in Devanagari, and no accent."""
    return unicodedata.combining(mark) in (0, 7, 9) or ord(mark) > 0x900


_KNOWN: Mapping[Sort, frozenset[str]] = {
    sort: frozenset(_plain(each) for each in known.split(",") if each.strip())
    for sort, known in HEADINGS.items()
}
