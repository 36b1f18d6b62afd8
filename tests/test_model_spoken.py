"""A checklist is shown in one of its languages; what is missing or old of it can be seen."""

from fidelity.language.reading import load, load_programme
from fidelity.model.spoken import marked, spoken, spoken_programme, unmarked
from fidelity.model.wording import Locked, fingerprint_of, source_texts

SOURCE = """checklist demo "Demo"
  version 1.0.0
  about "Watch the whole session."
  about "Rate on the same day."
  therapist called "helper", "helpers"
fact format "Format" is one of individual "One to one", group "Group"
fact minutes "Length" is a count from 0 to 90 in "minutes"
scale tick "Seen?" from 0 to 2 in "points"
  note "Whole points only."
  answer 0 "Not seen"
  answer 2 "Fully seen"
section warm "Warmth" on scale tick with comment "Where"
  note "From the greeting on."
  item waits "Waits 10 seconds"
    note "Count in your head."
    note "Do not look at the clock."
    anchor 2 "Waits, and looks up."
    evidence "Silence on the recording."
  item names "Names the feeling" with comment "In which words"
section cold "Distance" on scale tick
  item away "Looks away"
threshold mark "Mark" is 50%
threshold mark "Mark for warmth" of warm is 60%
  note "Agreed in 2025."
score part "Part" for each section is percent of its items
result good "Good enough" from part of warm
  level low "Low" below mark
    note "Talk about it."
  level high "High" at least mark
flag odd "Odd" when away is 2
"""
TEXTS = {
    "checklist": "Onyesho",
    "about": "Tazama kikao chote.",
    "about 2": "Pima siku hiyo hiyo.",
    "therapist": "msaidizi",
    "therapists": "wasaidizi",
    "fact format": "Muundo",
    "answer individual of format": "Mmoja mmoja",
    "answer group of format": "Kikundi",
    "fact minutes": "Muda",
    "unit of minutes": "dakika",
    "scale tick": "Imeonekana?",
    "note of tick": "Alama kamili tu.",
    "unit of tick": "alama",
    "answer 0 of tick": "Haikuonekana",
    "answer 2 of tick": "Imeonekana kabisa",
    "section warm": "Ukarimu",
    "note of warm": "Tangu salamu.",
    "comment of warm": "Wapi",
    "item waits": "Anasubiri sekunde 10",
    "note of waits": "Hesabu kimoyomoyo.",
    "note 2 of waits": "Usitazame saa.",
    "anchor 2 of waits": "Anasubiri na kutazama juu.",
    "evidence of waits": "Ukimya kwenye rekodi.",
    "item names": "Anataja hisia",
    "comment of names": "Kwa maneno gani",
    "section cold": "Umbali",
    "item away": "Anatazama kando",
    "threshold mark": "Alama ya kufikia",
    "threshold mark of warm": "Alama ya ukarimu",
    "note of mark of warm": "Ilikubaliwa mwaka 2025.",
    "score part": "Sehemu",
    "result good": "Nzuri vya kutosha",
    "level low of good": "Chini",
    "note of low of good": "Zungumzeni.",
    "level high of good": "Juu",
    "flag odd": "Ajabu",
}
BLOCK = 'translation sw "Kiswahili"\n  translated by "Two translators" on 2026-02-11\n'
WHOLE = SOURCE + BLOCK + "".join(f'  text {name} "{text}"\n' for name, text in TEXTS.items())
PARTLY = (
    SOURCE + BLOCK + '  text item waits "Anasubiri sekunde 10"\n  text note 2 of waits "Usitazame saa."\n'
)


def test_every_text_can_be_translated() -> None:
    checklist = load(WHOLE, "demo.rubric")
    assert {each.name for each in source_texts(checklist)} == TEXTS.keys()
    assert set(checklist.translations[0].texts.values()) == set(TEXTS.values())


def test_the_whole_checklist_is_said_in_the_language() -> None:
    shown = spoken(load(WHOLE, "demo.rubric"), "sw", {})
    waits, names, away = shown.items
    assert (shown.title, shown.about.about, shown.about.therapist) == (
        "Onyesho",
        ("Tazama kikao chote.", "Pima siku hiyo hiyo."),
        ("msaidizi", "wasaidizi"),
    )
    assert (waits.title, waits.note) == ("Anasubiri sekunde 10", "Hesabu kimoyomoyo. Usitazame saa.")
    assert waits.anchors == (("2", "Anasubiri na kutazama juu."),)
    assert [each.comment_label for each in (waits, names, away)] == ["Wapi", "Kwa maneno gani", ""]
    assert [each.title for each in shown.questions[0].scale.choices] == ["Haikuonekana", "Imeonekana kabisa"]
    assert (shown.scales[0].unit, shown.fact["minutes"].scale.unit) == ("alama", "dakika")
    assert [each.title for each in shown.scores] == ["Sehemu · Ukarimu", "Sehemu · Umbali"]
    assert [each.title for each in shown.results[0].levels] == ["Chini", "Juu"]
    assert [each.title for each in shown.thresholds] == ["Alama ya kufikia", "Alama ya ukarimu"]
    assert not [each.text for each in shown.small_texts if marked(each.text)[1]]


def test_only_texts_change_and_the_original_language_changes_nothing() -> None:
    checklist = load(WHOLE, "demo.rubric")
    shown = spoken(checklist, "sw", {})
    assert (shown.fingerprint, shown.order, shown.treat) == (
        checklist.fingerprint,
        checklist.order,
        checklist.treat,
    )
    assert [each.formula for each in shown.scores] == [each.formula for each in checklist.scores]
    assert spoken(checklist, "en", {}) == checklist
    assert spoken(checklist, "en", {}).shown_in is None


def test_what_is_not_translated_ends_in_the_code_of_the_original() -> None:
    shown = spoken(load(PARTLY, "demo.rubric"), "sw", {})
    waits = shown.items[0]
    assert waits.title == "Anasubiri sekunde 10"
    assert waits.note == "Count in your head. [en] Usitazame saa."
    assert shown.scores[0].title == "Part [en] · Warmth [en]"
    assert shown.about.therapist == ("helper", "helpers")  # inside sentences no mark could be read
    assert shown.shown_in is not None
    assert shown.shown_in[:6] == ("sw", "Kiswahili", "en", 36, 2, 0)


def test_what_is_older_than_its_text_ends_in_old_and_is_counted() -> None:
    lock = {"sw": {"item waits": Locked(fingerprint_of("Waits 5 seconds"), "Waits 5 seconds")}}
    shown = spoken(load(WHOLE, "demo.rubric"), "sw", lock)
    assert shown.items[0].title == "Anasubiri sekunde 10 [old]"
    assert shown.items[1].title == "Anataja hisia"
    assert shown.shown_in is not None
    assert (shown.shown_in.translated, shown.shown_in.older, shown.shown_in.draft) == (36, 1, False)


def test_marks_are_read_again() -> None:
    assert marked("Low [en]") == ("Low", "en")
    assert marked("Chini [old]") == ("Chini", "old")
    assert marked("See [1]") == ("See [1]", "")
    assert unmarked("Not seen [pt-BR] (no)") == "Not seen (no)"


PROGRAMME = """programme path "The path"
  version 1.0.0
  about "For all sites."
fact hours "Hours of training" is a count
threshold enough "Hours that are enough" is 40
stage trained "Training done"
  note "On paper."
  needs therapist with hours is at least enough
dose often "Often enough" is at least 3 contacts within 6 months
translation sw "Kiswahili"
  translated by "Two translators" on 2026-02-11
  text programme "Njia"
  text about "Kwa vituo vyote."
  text fact hours "Saa za mafunzo"
  text note of trained "Kwenye karatasi."
  text stage trained "Mafunzo yamekamilika"
"""


def test_a_programme_is_said_in_its_languages_too() -> None:
    programme = load_programme(PROGRAMME, "path.rubric")
    assert [each.name for each in source_texts(programme)] == [
        "programme",
        "about",
        "fact hours",
        "threshold enough",
        "stage trained",
        "note of trained",
        "dose often",
    ]
    shown = spoken_programme(programme, "sw", {})
    assert (shown.title, shown.about.about) == ("Njia", ("Kwa vituo vyote.",))
    assert [each.title for each in shown.stages] == ["Mafunzo yamekamilika"]
    assert [each.title for each in shown.doses] == ["Often enough [en]"]
    assert [each.title for each in shown.thresholds] == ["Hours that are enough [en]"]
