"""A small study on disk: a programme, its two checklists, observations of both, the tables beside them."""

from pathlib import Path

PROGRAMME = """\
programme way "From training to clients"
  version 1.0.0
  uses skills_form version 1.0.0
  uses session_form version 1.0.0
  therapist called "helper", "helpers"

fact hours "Hours of training" is a number from 0 to 200 by 1/2
fact visit "Kind of visit" is one of first "First", later "Later"

stage trained "Training done"
  needs therapist with hours is at least 40

stage checked "Check passed" after trained
  needs 2 observations in total of skills_form from role_play by supervisor
    with no skill is 1 and mark is at least 70%

stage delivering "Sees clients" after checked
  needs 1 observation in total of session_form with fidelity is high
  lasts 30 days
  renewed by 1 observation in total of skills_form with no skill is 1
  lost when 2 of the last 2 observations of session_form with fidelity is low

sample observed "Observed sessions" of session_form
  takes the first 1 with visit is later
  takes 1 in 2 of the rest rounded up
  seed 3

drift falls "Falls" of adherence in session_form
  baseline the first 1 observations
  method fall_from_baseline with last 1
  minimum 2 observations
  watch from 5 to below 10
  act at least 10

dose enough "Enough contact" is at least 2 contacts within 1 month

summary usual "Usual" is mean of adherence in session_form needing at least 2 observations
"""

SKILLS = """\
checklist skills_form "Skills in a role play"
  version 1.0.0
scale tick "Seen?"
  answer not_seen "No" scores 0
  answer seen "Yes" scores 1
competency listening "Listening" on scale tick
  item l1 "Listens"
competency risk "Asking about harm" on scale tick
  item r1 "Asks"
score mark "Mark" is percent of items
result skill "Skill" for each competency
  level 1 "Harmful" when none of its items are seen
  level 2 "Basic" when any of its items are seen
"""

SESSION = """\
checklist session_form "Session"
  version 1.0.0
scale tick "Done?"
  answer not_done "No" scores 0
  answer done "Yes" scores 1
section start "Start" on scale tick
  item a "Greets"
  item b "Asks"
threshold standard "Standard" of adherence is 70%
score adherence "Adherence" is percent of items
score mark "Mark" is percent of items
result fidelity "Fidelity" from adherence
  level low "Low: talk" below 50%
  level high "High" at least 50%
"""

CHECKS = """\
observation,therapist,date,rater_role,evidence,checklist,version,l1,r1
K1,T1,2026-03-02,supervisor,role_play,skills_form,1.0.0,seen,seen
K2,T1,2026-03-03,supervisor,role_play,skills_form,1.0.0,seen,seen
K3,T2,2026-03-03,supervisor,role_play,skills_form,1.0.0,seen,not_seen
K4,T2,2026-03-04,supervisor,role_play,skills_form,1.0.0,seen,seen
"""

VISITS = """\
observation,therapist,client,date,rater_role,evidence,site,fact.visit,a,b
S1,T1,C1,2026-03-09,supervisor,live,north,first,done,done
S2,T1,C1,2026-03-16,supervisor,live,north,later,done,not_done
S3,T4,C9,2026-03-16,supervisor,live,south,later,done,done
"""

THERAPISTS = """\
therapist,site,fact.hours
T1,north,48
T2,south,39.5
T3,south,44
"""

CONTACTS = """\
therapist,client,date
T1,C1,2026-03-09
T1,C1,2026-03-16
T1,C2,2026-03-20
"""


def write_study(folder: Path) -> Path:
    """The study below a folder."""
    study = folder / "study"
    (study / "observations").mkdir(parents=True)
    texts = {
        "programme.rubric": PROGRAMME,
        "skills.rubric": SKILLS,
        "session.rubric": SESSION,
        "observations/checks.csv": CHECKS,
        "observations/visits.csv": VISITS,
        "therapists.csv": THERAPISTS,
        "contacts.csv": CONTACTS,
    }
    for name, text in texts.items():
        (study / name).write_text(text, encoding="utf-8")
    return study
