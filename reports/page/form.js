/* What the form does. `FORM` holds the rules and texts of the checklist; `evaluator` works out the outcomes.
   A session lives in this browser until somebody deletes it; nothing leaves the device but the files that the
   rater saves or shares. */

const { origin, words } = FORM.texts;
const engine = evaluator(FORM.rules);
const fromRight = document.documentElement.dir === "rtl";
const byId = (id) => document.getElementById(id);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const text = (value) => (typeof value === "string" ? value : "");

/* Numbers, ranges and codes run from left to right in every language. */
const ltr = (told) => (fromRight ? `\u2066${told}\u2069` : `${told}`);
const say = (key, facts = {}) => words[key].replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
const either = (names) => names.reduce((one, other) => say("or", { one, other }));

function element(tag, look, ...children) {
  const made = document.createElement(tag);
  if (look) made.className = look;
  made.append(...children);
  return made;
}

// ---- sessions: each is kept under a key of its own, so that two open tabs do not overwrite each other

const PLACE = `fidelity-form ${origin.checklist} ${origin.fingerprint} `;
const GROUPS = ["fields", "facts", "answers", "comments"];
const store = storeOfBrowser();
const kept = new Map();
let settings = { current: "", clearAfter: false };
let session = null;
let lastTold = null; // what was read aloud last
let pending = null; // what waits for "save all the same"
let sure = null; // what waits for "delete"

function storeOfBrowser() {
  try {
    localStorage.setItem(`${PLACE}tried`, "");
    localStorage.removeItem(`${PLACE}tried`);
    return localStorage;
  } catch {
    return null;
  }
}

function keep(key, value) {
  try {
    store?.setItem(PLACE + key, JSON.stringify(value));
    byId("no-draft").hidden = Boolean(store);
  } catch {
    byId("no-draft").hidden = false;
  }
}

function readStore() {
  kept.clear();
  for (const key of Object.keys(store ?? {}).filter((each) => each.startsWith(PLACE))) {
    const held = parsed(store.getItem(key)), name = key.slice(PLACE.length);
    if (name === "settings" && held) settings = { current: text(held.current), clearAfter: held.clearAfter === true };
    if (name.startsWith("session ") && held) kept.set(name.slice(8), tidy(name.slice(8), held));
  }
}

function parsed(held) {
  try {
    const found = JSON.parse(held);
    return found && typeof found === "object" ? found : null;
  } catch {
    return null;
  }
}

/* Whatever was kept there, it comes back as texts by name. */
function tidy(id, held) {
  const texts = (group) =>
    Object.fromEntries(Object.entries(Object(held[group])).filter(([, value]) => typeof value === "string" && value));
  return {
    ...Object.fromEntries(GROUPS.map((group) => [group, texts(group)])),
    id,
    number: Number(held.number) || 0,
    box: text(held.box),
    left: Number(held.left) || 0,
    unsent: held.unsent !== false,
  };
}

function newSession() {
  const signs = [...crypto.getRandomValues(new Uint8Array(8))].map((each) => each.toString(16).padStart(2, "0"));
  const number = 1 + Math.max(0, ...[...kept.values()].map((each) => each.number));
  const presets = all("select[data-preset]").map((each) => [each.dataset.field, each.dataset.preset]);
  return tidy(signs.join(""), { number, fields: Object.fromEntries(presets), left: 1 });
}

function isBlank(one) {
  const typed = Object.entries(one.fields).filter(([key, value]) => byField(key)?.dataset.preset !== value);
  return !typed.length && !one.box && ["facts", "answers", "comments"].every((group) => !Object.keys(one[group]).length);
}

const sessions = () => [...kept.values()].sort((one, other) => one.number - other.number);
const unsent = () => sessions().filter((each) => each.unsent && !isBlank(each));

function keepSession(one) {
  kept.set(one.id, one);
  keep(`session ${one.id}`, one);
}

function changed() {
  session.unsent = true;
  byId("done").hidden = true;
  byId("open").hidden = true;
  refresh();
  keepSession(session);
  listSessions();
}

function open(one, isNew = false) {
  session = one;
  settings.current = one.id;
  keep("settings", settings);
  for (const id of ["done", "open"]) byId(id).hidden = true;
  all(".marked").forEach((each) => each.classList.remove("marked"));
  fill();
  lastTold = null;
  refresh();
  listSessions();
  if (isNew) {
    byId("form").scrollIntoView();
    byId("form").querySelector("input, select, textarea").focus();
  }
}

function forget(ones) {
  for (const each of ones) {
    kept.delete(each.id);
    store?.removeItem(`${PLACE}session ${each.id}`);
  }
  open(sessions().pop() ?? newSession(), true);
}

// ---- controls: what they hold goes into the session, and back

const byField = (key) => byId(`f-${key}`);
const entries = new Map(
  all("[data-entry]").map((each) => [
    each.dataset.entry,
    { radios: all("input[type=radio]", each), typed: each.querySelector("textarea, input[type=text]") },
  ]),
);
const radiosOf = (key) => entries.get(key).radios;
const typedOf = (key) => entries.get(key).typed;
const homeOf = (key) => (key.startsWith("fact.") ? ["facts", key.slice(5)] : ["answers", key]);
const put = (group, key, value) => {
  if (value.trim()) session[group][key] = value;
  else delete session[group][key];
};

function fill() {
  for (const each of all("[data-field]")) {
    const value = session.fields[each.dataset.field] ?? "", other = byId(`o-${each.dataset.field}`);
    each.value = value;
    if (other) {
      const known = [...each.options].some((option) => option.value === value);
      each.value = known ? value : "*";
      other.value = known ? "" : value;
      other.parentElement.hidden = known;
    }
  }
  for (const [key, { radios, typed }] of entries) {
    const [group, name] = homeOf(key), value = session[group][name] ?? "";
    for (const radio of radios) radio.checked = radio.value === value;
    if (typed) typed.value = radios.some((radio) => radio.checked) ? "" : value;
  }
  for (const each of all("[data-note]")) {
    each.value = session.comments[each.dataset.note] ?? "";
    each.closest("details").open = Boolean(each.value);
  }
  byId("box").value = session.box;
}

byId("form").addEventListener("input", ({ target }) => {
  const entry = target.closest("[data-entry]"), field = target.closest(".field");
  if (entry) {
    const [group, name] = homeOf(entry.dataset.entry), typed = typedOf(entry.dataset.entry);
    if (target.type === "radio" && typed) typed.value = "";
    if (target === typed) radiosOf(entry.dataset.entry).forEach((each) => (each.checked = false));
    put(group, name, target.value);
    entry.closest(".item").classList.remove("marked");
  } else if (field) {
    fieldChanged(field.querySelector("[data-field]"));
    field.classList.remove("marked");
  } else if (target.dataset.note) put("comments", target.dataset.note, target.value);
  else if (target.id === "box") session.box = target.value;
  else return;
  changed();
});

function fieldChanged(control) {
  const other = byId(`o-${control.dataset.field}`);
  if (other) other.parentElement.hidden = control.value !== "*";
  put("fields", control.dataset.field, control.value === "*" ? other.value : control.value);
}

byId("form").addEventListener("click", ({ target }) => {
  const button = target.closest("[data-clear]");
  if (!button) return;
  const key = button.dataset.clear, [group, name] = homeOf(key);
  radiosOf(key).forEach((each) => (each.checked = false));
  if (typedOf(key)) typedOf(key).value = "";
  put(group, name, "");
  changed();
  radiosOf(key)[0].focus();
});

byId("form").addEventListener("submit", (event) => event.preventDefault());

// ---- what a session says: its data in canonical codes, its outcomes, what is open or wrong in it

const SUBJECTS = FORM.texts.fields.slice(0, 1).map((each) => each.key);
const WANTED = new Set([...SUBJECTS, "date", "rater"]);
const optionalKeys = new Set(FORM.texts.optional);

const codeOf = (said, raw) => (said.given && said.number !== null ? said.code : raw.trim());

function dataOf(one) {
  const data = { id: one.id, fields: {}, facts: {}, answers: {}, comments: {} };
  const wrong = [];
  for (const { key, label, kind } of FORM.texts.fields) {
    const raw = text(one.fields[key]).trim();
    const number = kind === "number" ? readNumber(raw, FORM.rules.comma) : null;
    const fits =
      kind === "number" ? number && number.top >= 0n : kind !== "day" || /^\d{4}-\d\d-\d\d$/.test(raw);
    if (raw && !fits) wrong.push({ id: `f-${key}`, name: label });
    else if (raw) data.fields[key] = number ? written(number) : raw;
  }
  const take = (group, known, speak, keyOf, nameOf) => {
    for (const each of known) {
      const raw = text(one[group][keyOf(each)]), said = raw ? speak(each, raw) : null;
      if (typeof said === "string") wrong.push({ id: idOf(group, each), name: nameOf(each) });
      else if (said) data[group][keyOf(each)] = each.scale.kind === "text" ? raw : codeOf(said, raw);
    }
  };
  take("facts", engine.facts, engine.sayFact, (each) => each.id, (each) => FORM.texts.facts[each.id]);
  take("answers", engine.questions, engine.sayAnswer, (each) => each.key, nameOfQuestion);
  for (const { id } of FORM.rules.items) if (text(one.comments[id]).trim()) data.comments[id] = one.comments[id];
  return { data, wrong };
}

const idOf = (group, each) => (group === "facts" ? `fact.${each.id}` : `i-${each.item}`);
const nameOfQuestion = (one) => FORM.texts.items[one.item];

/* What is asked and not answered; free text and optional items may stay blank. */
function gapsOf(one, data, outcome) {
  const gaps = FORM.texts.fields
    .filter(({ key }) => WANTED.has(key) && !data.fields[key])
    .map(({ key, label }) => ({ id: `f-${key}`, name: label }));
  for (const each of engine.facts) {
    if (!(each.id in data.facts)) gaps.push({ id: `fact.${each.id}`, name: FORM.texts.facts[each.id] });
  }
  for (const each of countedQuestions(outcome)) {
    if (!(each.key in data.answers)) gaps.push({ id: `i-${each.item}`, name: nameOfQuestion(each) });
  }
  for (const item of outcome.commentsNeeded) {
    gaps.push({ id: `i-${item}`, name: `${FORM.texts.items[item]} (${say("note wanted")})`, isNote: true });
  }
  if (sessions().some((other) => other.id !== one.id && isSame(dataOf(other).data, data))) {
    gaps.push({ id: byField("session") ? "f-session" : "f-site", name: say("same code"), isTwice: true });
  }
  return gaps;
}

/* Two sessions under one name: whoever imports them would take the second for a correction of the first. */
const isSame = (one, other) => observationName(one) !== one.id && observationName(one) === observationName(other);

const countedQuestions = (outcome) =>
  engine.questions.filter(
    (each) => each.scale.kind !== "text" && !optionalKeys.has(each.key) && !outcome.absent.includes(each.key),
  );

function standing(one) {
  const { data, wrong } = dataOf(one), outcome = engine.evaluate(data);
  return { data, wrong, outcome, gaps: gapsOf(one, data, outcome) };
}

// ---- what the page shows

function refresh() {
  const now = standing(session), { data, outcome } = now;
  session.left = now.gaps.length + now.wrong.length;
  byId("not-for-this").hidden = outcome.applies !== false;
  for (const [key, { typed }] of entries) {
    const [group, name] = homeOf(key);
    if (typed) invalid(typed, Boolean(session[group][name]) && !(name in data[group]));
  }
  for (const each of all("[data-clear]")) {
    const [group, name] = homeOf(each.dataset.clear);
    each.hidden = !(name in session[group]);
  }
  for (const each of all("input[data-field]")) {
    const key = each.dataset.field;
    invalid(each, Boolean(session.fields[key]) && !(key in data.fields));
  }
  const raised = raisedBy(outcome, data);
  for (const each of all("[data-item]")) showItem(each, now, raised.get(each.dataset.item) ?? []);
  for (const each of all(".fact.marked, .field.marked")) showGap(each, now);
  all("[data-part]").forEach((each) => each.replaceChildren(ltr(partTold(each.dataset.part, outcome))));
  byId("result")?.replaceChildren(...outcomeTold(outcome, raised));
  const title = byId("result-title");
  if (title) title.textContent = say(session.left ? "result" : "result final");
  showBar(now);
}

const invalid = (control, is) =>
  is ? control.setAttribute("aria-invalid", "true") : control.removeAttribute("aria-invalid");

function showItem(item, now, lines) {
  const id = item.dataset.item, { outcome, data } = now;
  const asked = engine.questions.filter((each) => each.item === id);
  const isOff = asked.length > 0 && asked.every((each) => outcome.absent.includes(each.key));
  const isKept = isOff && asked.some((each) => each.key in data.answers);
  item.classList.toggle("off", isOff);
  const absent = item.querySelector(".absent");
  absent.hidden = !isOff;
  absent.textContent = isOff ? say(isKept ? "kept" : "absent") : "";
  item.querySelector(".asked").hidden = isOff && !isKept;
  item.classList.toggle("stopped", lines.length > 0);
  const raised = item.querySelector(".raised");
  raised.hidden = !lines.length;
  raised.replaceChildren(...lines.map(([told, look]) => element("p", look, told)));
  const note = item.querySelector(".note");
  if (note) {
    const isWanted = outcome.wantComment.includes(id), isNeeded = outcome.commentsNeeded.includes(id);
    note.classList.toggle("needed", isNeeded);
    note.querySelector(".usual").hidden = isWanted;
    note.querySelector(".wanted").hidden = !isWanted;
    note.querySelector("textarea").required = isWanted;
    if (isNeeded) note.open = true;
  }
  showGap(item, now);
}

/* Only what somebody tried to save is told to be open. */
function showGap(place, { gaps }) {
  const id = place.id || place.dataset.fact || place.querySelector("[data-field]").id;
  const isOpen = place.classList.contains("marked") && gaps.some((each) => each.id === id && !each.isNote && !each.isTwice);
  const told = place.querySelector(".gap");
  if (told) told.hidden = !isOpen;
}

/* Gates that fail, by the items whose answers fired them: what the checklist itself says, and no more. */
function raisedBy(outcome, data) {
  const raised = new Map();
  for (const [key, { state, why }] of outcome.gates) {
    if (state !== "fails") continue;
    const items = new Set(
      engine.questions.filter((each) => why.includes(each.key) && each.key in data.answers).map((each) => each.item),
    );
    for (const item of items) raised.set(item, [...(raised.get(item) ?? []), ...gateTold(key)]);
  }
  return raised;
}

function gateTold(key) {
  const gate = FORM.texts.gates[key], result = resultText(gate.result), level = result.levels[gate.cap];
  const cap = say("cap", { result: result.title, level: level.title });
  return [[gate.title, ""], ...[...gate.notes, cap, ...level.notes].map((told) => [told, "more"])];
}

const resultText = (key) => FORM.texts.results.find((each) => each.key === key);

function scoreTold({ percent, places }, exact) {
  const number = places === null ? trimmed(exact, percent ? 1 : 2) : shownAs(exact, places);
  return percent ? `${number}%` : number;
}

function levelsTold(key, outcome) {
  const { possible } = outcome.results.get(key), { levels } = resultText(key);
  return possible.map((id) => levels[id].title);
}

function partTold(group, outcome) {
  const score = FORM.texts.scores.find((each) => each.group === group);
  const exact = score ? outcome.scores.get(score.key).exact : null;
  const result = FORM.texts.results.find((each) => each.group === group);
  const levels = result ? levelsTold(result.key, outcome) : [];
  const told = [exact ? scoreTold(score, exact) : "", levels.length === 1 ? levels[0] : ""];
  return told.filter(Boolean).join(" · ");
}

// ---- the result

function outcomeTold(outcome, raised) {
  const scores = FORM.texts.scores.map((each) => scoreBlock(each, outcome));
  const results = FORM.texts.results
    .filter((each) => !FORM.texts.scores.some((score) => score.key === each.of))
    .map((each) => element("div", "outcome", element("h3", "", each.title), ...levelsBlock(each.key, outcome)));
  const gates = [...outcome.gates].filter(([, each]) => each.state === "fails").map(([key]) => gateBlock(key));
  const flags = [...outcome.flags]
    .filter(([, value]) => value === true)
    .map(([id]) => element("p", "watch", FORM.texts.flags[id]));
  const lists = [...outcome.lists].filter(([, ids]) => ids.length).map(([id, ids]) => listBlock(id, ids));
  const wanted = outcome.commentsNeeded.map((id) => FORM.texts.items[id]);
  const notes = wanted.length ? [element("p", "watch", `${say("notes wanted")}: `, wanted.join(" · "))] : [];
  return [...gates, ...flags, ...scores, ...results, ...lists, ...notes];
}

function scoreBlock(score, outcome) {
  const { exact, low, high, answered, applicable, why } = outcome.scores.get(score.key);
  const more = [];
  if (exact === null) more.push(whyNot(score, why, answered, applicable));
  if (low !== null && high !== null && order(low, high)) {
    more.push(say("range", { low: ltr(scoreTold(score, low)), high: ltr(scoreTold(score, high)) }));
  }
  const results = FORM.texts.results.filter((each) => each.of === score.key);
  return element(
    "div",
    "outcome",
    element("h3", "", score.title),
    element("p", "value", exact === null ? "–" : ltr(scoreTold(score, exact))),
    ...results.flatMap((each) => levelsBlock(each.key, outcome)),
    ...more.map((told) => element("p", "more", told)),
  );
}

function levelsBlock(key, outcome) {
  const levels = levelsTold(key, outcome), { possible } = outcome.results.get(key);
  if (levels.length > 1) {
    return [element("p", "levels", either(levels)), element("p", "more", say("still possible"))];
  }
  const notes = levels.length ? resultText(key).levels[possible[0]].notes : [];
  return [
    element("p", "levels", levels[0] ?? say("no level")),
    ...notes.map((told) => element("p", "more", told)),
  ];
}

function gateBlock(key) {
  const [first, ...more] = gateTold(key);
  return element("div", "alert", element("div", "", first[0]), ...more.map(([told]) => element("div", "more", told)));
}

function listBlock(id, ids) {
  const names = ids.map((each) => FORM.texts.items[each] ?? FORM.texts.groups[each] ?? each).join(" · ");
  return element("p", "", say("listed", { list: FORM.texts.lists[id], names }));
}

function whyNot(score, why, answered, applicable) {
  const told = {
    nothing_applied: "nothing applied",
    nothing_to_divide_by: "nothing to divide",
    only_when: "only when",
    does_not_apply: "part absent",
    checklist_does_not_apply: "score absent",
    undecided: "score undecided",
  };
  if (why !== "too_few_answered") return say(told[why]);
  const needed = neededOf(FORM.rules.scores.find((each) => each.key === score.key), applicable);
  return say(needed ? "too few needed" : "too few", { number: answered, all: applicable, needed });
}

function neededOf({ formula, needing }, applicable) {
  if (formula[0] !== "of") return "";
  const [kind, part, whole] = formula[4] ?? needing;
  return kind === "number" ? part : Math.ceil((applicable * part) / whole);
}

// ---- the bar, and what is read aloud

function showBar({ outcome, data }) {
  const counted = countedQuestions(outcome), number = counted.filter((each) => each.key in data.answers).length;
  byId("progress").textContent = say("answered", { number: ltr(number), all: ltr(counted.length) });
  byId("line").style.inlineSize = `${counted.length ? (100 * number) / counted.length : 0}%`;
  const warnings = [
    ...[...outcome.gates].filter(([, each]) => each.state === "fails").map(([key]) => FORM.texts.gates[key].title),
    ...[...outcome.flags].filter(([, value]) => value === true).map(([id]) => FORM.texts.flags[id]),
  ];
  byId("message").textContent = warnings.join(" · ");
  const score = FORM.texts.scores.find((each) => each.key === FORM.texts.headline && !each.group);
  const exact = score ? outcome.scores.get(score.key).exact : null;
  byId("score").textContent = !score ? "" : exact === null ? "–" : ltr(scoreTold(score, exact));
  const result = FORM.texts.results.find((each) => !each.group && (!score || each.of === score.key));
  const levels = result ? levelsTold(result.key, outcome) : [];
  byId("level").textContent = levels.length === 1 || levels.length === 2 ? either(levels) : "";
  const told = [...warnings, exact === null ? "" : `${score.title}: ${byId("score").textContent}`, byId("level").textContent];
  if (counted.length && number === counted.length) told.push(byId("progress").textContent);
  aboveTheBar();
  aloud(told.filter(Boolean).join(". "));
}

/* What has the focus stays in sight, however high the bar has become. */
function aboveTheBar() {
  const bar = document.querySelector(".bar").getBoundingClientRect(), at = document.activeElement;
  document.documentElement.style.scrollPaddingBlockEnd = `${bar.height + 12}px`;
  document.body.style.paddingBlockEnd = `${bar.height + 24}px`;
  if (!at.closest("main")) return;
  const covered = (at.closest(".option") ?? at).getBoundingClientRect().bottom - bar.top;
  if (covered > 0 && covered < bar.height) window.scrollBy(0, covered + 12);
}

/* Progress alone is not read out: the answer itself was. */
function aloud(told) {
  if (lastTold !== null && told !== lastTold) byId("live").textContent = told;
  lastTold = told;
}

// ---- the list of sessions

function nameOf(one) {
  const codes = FORM.texts.fields
    .filter(({ key }) => ["therapist", "site", "session", "date"].includes(key))
    .map(({ key }) => text(one.fields[key]).trim());
  return codes.filter(Boolean).join(" · ") || say("unnamed");
}

const stateOf = (one) => (!one.unsent ? "state saved" : one.left ? "state open" : "state unsent");

function listSessions() {
  const listed = sessions().filter((each) => !isBlank(each) || each === session);
  const waiting = unsent();
  byId("sessions").hidden = listed.length < 2 && isBlank(session);
  byId("counts").textContent = [
    say("open", { number: ltr(waiting.filter((each) => each.left).length) }),
    say("unsent", { number: ltr(waiting.filter((each) => !each.left).length) }),
  ].join(" · ");
  byId("list").replaceChildren(...listed.map((each) => element("li", "", sessionButton(each))));
  byId("which").hidden = waiting.filter((each) => each !== session).length < 1;
  byId("which-all").textContent = say("all", { number: ltr(waiting.length) });
  if (byId("which").hidden) all("[name=which]")[0].checked = true;
}

function sessionButton(one) {
  const made = element("button", "", element("strong", "", element("bdi", "", nameOf(one))));
  made.append(element("span", "state", say(stateOf(one))));
  made.type = "button";
  if (one === session) made.setAttribute("aria-current", "true");
  made.addEventListener("click", () => open(one, true));
  return made;
}

byId("new").addEventListener("click", () => open(isBlank(session) ? session : newSession(), true));

// ---- saving

const chosen = () => (all("[name=which]").find((each) => each.checked)?.value === "all" ? unsent() : [session]);

function fileName(ones, ending) {
  const said = ones.length > 1 ? [`${ones.length}_sessions`] : nameOfFile(ones[0]);
  const plain = (part) => part.replace(/[^\p{L}\p{N}_-]+/gu, "-");
  return `${[origin.checklist, ...said].map(plain).filter(Boolean).join("_")}.${ending}`;
}

const nameOfFile = (one) =>
  ["therapist", "site", "session", "date"].map((key) => text(one.fields[key]).trim()).filter(Boolean);

const answersFile = (ones) =>
  `${JSON.stringify({ ...origin, sessions: ones.map((each) => dataOf(each).data) }, null, 2)}\n`;

/* As the importer and every other table of this program: quoted, and no text is run as a formula. */
function csvField(value) {
  const plain = value.replaceAll("\0", "\ufffd"), triggers = /^'*[=+\-@\t\r\n＝＋－＠]/;
  const mark = triggers.test(plain) && !/^[-+]?[0-9]+(?:[.,][0-9]+)?$/.test(plain) ? "'" : "";
  return `"${(mark + plain).replaceAll('"', '""')}"`;
}

function tableFile(ones) {
  const rows = ones.map((each) => rowOf(dataOf(each).data));
  const always = ["observation", "therapist", "date", ...FORM.columns];
  const known = [
    ...["observation", "session", "therapist", "client", "rater", "rater_role", "evidence", "date", "site", "minutes"],
    ...["checklist", "version"],
    ...engine.facts.map((each) => `fact.${each.id}`),
    ...FORM.columns,
    ...FORM.rules.items.map((each) => `${each.id}.comment`),
  ];
  const names = known.filter((name) => always.includes(name) || rows.some((row) => row[name]));
  const lines = [names, ...rows.map((row) => names.map((name) => row[name] ?? ""))];
  return `\ufeff${lines.map((line) => `${line.map(csvField).join(",")}\n`).join("")}`;
}

function rowOf(data) {
  const subject = data.fields.therapist ?? data.fields[SUBJECTS[0]] ?? "";
  return {
    ...data.fields,
    observation: observationName(data),
    therapist: subject,
    checklist: origin.checklist,
    version: origin.version,
    ...Object.fromEntries(Object.entries(data.facts).map(([id, value]) => [`fact.${id}`, value])),
    ...data.answers,
    ...Object.fromEntries(Object.entries(data.comments).map(([id, value]) => [`${id}.comment`, value])),
  };
}

/* As fidelity/observe/saved_form.py calls it. */
function observationName({ id, fields }) {
  const named = fields.session ?? (fields.site && fields.date ? `${fields.site}-${fields.date}` : "");
  return named && fields.rater ? `${named}-${fields.rater}` : id;
}

/* Goes on only when nothing is wrong, and nothing open unless the rater wants it so. */
function whenReady(act, anyway = false) {
  const ones = chosen(), states = ones.map((one) => ({ one, ...standing(one) }));
  const isWrong = states.some((each) => each.wrong.length);
  const isOpen = isWrong || (!anyway && states.some((each) => each.gaps.length));
  byId("open").hidden = !isOpen;
  byId("done").hidden = true;
  if (!isOpen) return act(ones);
  pending = act;
  showOpen(states, isWrong);
}

function showOpen(states, isWrong) {
  byId("open-title").textContent = say(isWrong ? "wrong" : "gaps");
  byId("save-open").hidden = isWrong;
  const here = states.find((each) => each.one === session), list = byId("open-list");
  const found = here ? (isWrong && here.wrong.length ? here.wrong : here.gaps) : [];
  const links = new Map(found.map((each) => [each.id, each]));
  list.replaceChildren(...[...links.values()].map((each) => element("li", "", linkTo(each))));
  const others = states.filter((each) => each.one !== session && (isWrong ? each.wrong : each.gaps).length);
  if (others.length) list.append(element("li", "", `${say("gaps other")}: ${others.map((each) => nameOf(each.one)).join("; ")}`));
  for (const { id } of found) placeOf(id)?.classList.add("marked");
  refresh();
  byId("open").focus();
}

const placeOf = (id) => all(".fact").find((each) => each.dataset.fact === id) ?? byId(id)?.closest(".item, .field");

function linkTo({ id, name, isNote }) {
  const link = element("a", "", name);
  link.href = `#${id}`;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const place = placeOf(id), controls = isNote ? ".note textarea" : "input, select, textarea";
    place.scrollIntoView({ block: "center" });
    (place.querySelector(controls) ?? place).focus();
  });
  return link;
}

function hand(name, type, content) {
  const link = element("a", "");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function done(told, ones = [], file = "") {
  for (const each of ones) {
    each.unsent = false;
    keepSession(each);
  }
  listSessions();
  byId("done").textContent = told;
  byId("done").hidden = false;
  byId("done").scrollIntoView({ block: "nearest" });
  byId("live").textContent = told;
  if (ones.length && settings.clearAfter) ask(say("sure saved", { file: ltr(file) }), () => forget(ones));
}

function saveAnswers(ones) {
  const name = fileName(ones, "json");
  hand(name, "application/json", answersFile(ones));
  done(say("saved", { file: ltr(name) }), ones, name);
}

function saveTable(ones) {
  const name = fileName(ones, "csv");
  hand(name, "text/csv;charset=utf-8", tableFile(ones));
  done(say("saved table", { file: ltr(name) }));
}

/* Phones hand on a text under this name, and many refuse any other that a machine reads. */
const sharedFile = (ones) => new File([answersFile(ones)], fileName(ones, "json.txt"), { type: "text/plain" });

async function share(ones) {
  const file = sharedFile(ones);
  try {
    await navigator.share({ files: [file] });
    done(say("shared", { file: ltr(file.name) }), ones, file.name);
  } catch (refused) {
    if (refused.name !== "AbortError") saveAnswers(ones);
  }
}

byId("save").addEventListener("click", () => whenReady(saveAnswers));
byId("table").addEventListener("click", () => whenReady(saveTable));
byId("share").addEventListener("click", () => whenReady(share));
byId("save-open").addEventListener("click", () => whenReady(pending, true));
byId("print").addEventListener("click", () => window.print());

// ---- deleting

function ask(told, act) {
  sure = act;
  byId("ask-text").textContent = told;
  if (byId("ask").showModal) byId("ask").showModal();
  else if (window.confirm(told)) act();
}

byId("ask-keep").addEventListener("click", () => byId("ask").close());
byId("ask-delete").addEventListener("click", () => {
  byId("ask").close();
  sure();
});
byId("delete").addEventListener("click", () => ask(say("sure"), () => forget([session])));
byId("delete-all").addEventListener("click", () => ask(say("sure all"), () => forget(sessions())));
byId("clear-after").addEventListener("change", ({ target }) => {
  settings.clearAfter = target.checked;
  keep("settings", settings);
});

// ---- the beginning

/* Another tab has changed a session; nothing is written here, or the two would answer each other for ever. */
window.addEventListener("storage", ({ key }) => {
  if (key !== null && !key.startsWith(`${PLACE}session `)) return;
  readStore();
  session = kept.get(session.id) ?? session;
  fill();
  refresh();
  listSessions();
});

window.addEventListener("resize", aboveTheBar);

readStore();
byId("no-draft").hidden = Boolean(store);
byId("clear-after").checked = settings.clearAfter;
try {
  byId("share").hidden = !navigator.canShare?.({ files: [new File([""], "a.txt", { type: "text/plain" })] });
} catch {
  byId("share").hidden = true;
}
open(kept.get(settings.current) ?? sessions().pop() ?? newSession());
