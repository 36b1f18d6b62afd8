"""What lies behind the page of a form: the lists of its drop-downs, and the notes to find its way back by."""

from collections.abc import Iterable
from typing import Any

from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName

from fidelity.form.sheet import Form
from fidelity.model.form import COPIED, COPY, HEAD, LISTS_SHEET, META_SHEET, PROTOCOL, Entry, checksum, serial
from fidelity.model.number import read_number
from fidelity.spreadsheet import put


def write_lists(form: Form) -> None:
    """The hidden sheet of labels and codes, and the names by which drop-downs find them."""
    sheet = form.workbook.create_sheet(LISTS_SHEET)
    sheet.sheet_state = "hidden"
    for number, (offered, name) in enumerate(form.lists.items()):
        labels, codes = 2 * number + 1, 2 * number + 2
        put(sheet.cell(1, labels), name)
        put(sheet.cell(1, codes), "code")
        for row, option in enumerate(offered, 2):
            put(sheet.cell(row, labels), _number_or(option.label))
            put(sheet.cell(row, codes), option.code)
        column = sheet.cell(1, labels).column_letter
        where = f"{LISTS_SHEET}!${column}$2:${column}${len(offered) + 1}"
        form.workbook.defined_names[name] = DefinedName(name, attr_text=where)


def _number_or(label: str) -> float | str:
    """A label that is a number stands as one: then typing it is allowed, too; a third is no such number."""
    number = read_number(label)
    return label if number is None or "/" in label else float(number)


def write_meta(form: Form, protocol: str = PROTOCOL) -> None:
    """The very hidden sheet: which checklist it is, and the map; it begins like the document properties."""
    sheet = form.workbook.create_sheet(META_SHEET)
    sheet.sheet_state = "veryHidden"
    head = dict(zip(HEAD, _head(form, protocol), strict=True))
    rows: list[Iterable[str]] = [*head.items(), (), Entry._fields, *form.entries]
    for number, texts in enumerate(rows, 1):
        for column, text in enumerate(texts, 1):
            put(sheet.cell(number, column), text)
    workbook: Any = form.workbook  # its types do not know custom properties yet
    for key in COPIED:
        workbook.custom_doc_props.append(StringProperty(name=COPY + key, value=head[key]))


def _head(form: Form, protocol: str) -> tuple[str, ...]:
    checklist, languages = form.checklist, form.languages
    number = serial(checklist, languages, form.entries)
    origin = (checklist.id, checklist.about.version, checklist.fingerprint)
    return (protocol, *origin, languages, number, checksum(form.entries))
