/* The rules of a checklist and one record -> its scores, levels, gates and flags, by the same meaning as
   fidelity/evaluate/row.py, whose files the parts below follow. Fractions are exact: { top, bottom }. */

// ---- exact fractions (fidelity/model/number.py)

const fraction = (top, bottom = 1n) => {
  let [a, b] = [top < 0n ? -top : top, bottom < 0n ? -bottom : bottom];
  while (b) [a, b] = [b, a % b];
  const part = bottom < 0n ? -a : a;
  return { top: top / part, bottom: bottom / part };
};
const fractionOf = (text) => {
  const [top, bottom] = text.split("/");
  return { top: BigInt(top), bottom: BigInt(bottom || 1) };
};
const NOUGHT = fraction(0n), ONE = fraction(1n), HUNDRED = fraction(100n);
const plus = (a, b) => fraction(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
const negative = (a) => ({ top: -a.top, bottom: a.bottom });
const minus = (a, b) => plus(a, negative(b));
const times = (a, b) => fraction(a.top * b.top, a.bottom * b.bottom);
const over = (a, b) => (b.top ? fraction(a.top * b.bottom, a.bottom * b.top) : null);
const order = (a, b) => {
  const apart = a.top * b.bottom - b.top * a.bottom;
  return apart < 0n ? -1 : apart > 0n ? 1 : 0;
};
const lowestOf = (values) => values.reduce((a, b) => (order(b, a) < 0 ? b : a));
const highestOf = (values) => values.reduce((a, b) => (order(b, a) > 0 ? b : a));
const exactly = (a) => (a === null ? null : a.bottom === 1n ? `${a.top}` : `${a.top}/${a.bottom}`);

function rounded(a, places, mode) {
  const scale = 10n ** BigInt(places), size = (a.top < 0n ? -a.top : a.top) * scale;
  let whole = size / a.bottom;
  const twice = 2n * (size % a.bottom);
  const up = {
    down: false,
    up: twice > 0n,
    half_away: twice >= a.bottom,
    half_even: twice > a.bottom || (twice === a.bottom && whole % 2n === 1n),
  };
  if (up[mode]) whole += 1n;
  return fraction(a.top < 0n ? -whole : whole, scale);
}

function shownAs(a, places) {
  const exact = rounded(a, places, "half_away"), sign = exact.top < 0n ? "-" : "";
  const size = ((exact.top < 0n ? -exact.top : exact.top) * 10n ** BigInt(places)) / exact.bottom;
  const digits = `${size}`.padStart(places + 1, "0");
  return places ? `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}` : sign + digits;
}

function trimmed(a, places) {
  const text = shownAs(a, places);
  return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
}

function written(a) {
  if (a.bottom === 1n) return `${a.top}`;
  for (let places = 1; places < 7; places += 1) {
    if ((a.top * 10n ** BigInt(places)) % a.bottom === 0n) return shownAs(a, places);
  }
  return `${a.top}/${a.bottom}`;
}

const DIGIT = /\p{Nd}/u;

/* The digits of every script stand in rows of ten. */
function plainDigit(sign) {
  if (sign === "٫") return ".";
  if (!DIGIT.test(sign)) return sign;
  let first = sign.codePointAt(0);
  while (DIGIT.test(String.fromCodePoint(first - 1))) first -= 1;
  return `${(sign.codePointAt(0) - first) % 10}`;
}

/* The exact number that a person wrote, in the digits of any script; null when it is no number. */
function readNumber(text, comma = false) {
  let plain = Array.from(text.trim(), plainDigit).join("");
  if (comma && plain.split(",").length === 2 && !plain.includes(".")) plain = plain.replace(",", ".");
  const below = plain.startsWith("-") || plain.startsWith("−");
  const found = /^(?:(\d{1,9})(?:\.(\d{1,6}))?|(\d{1,9})\/(\d{1,9}))$/.exec(below ? plain.slice(1) : plain);
  if (!found) return null;
  const [, whole, part = "", top, bottom] = found;
  if (top !== undefined && !BigInt(bottom)) return null;
  const number =
    top === undefined
      ? fraction(BigInt(whole + part), 10n ** BigInt(part.length))
      : fraction(BigInt(top), BigInt(bottom));
  return below ? negative(number) : number;
}

// ---- answers (fidelity/model/scale.py, answering.py)

const NON_ANSWERS = ["not_applicable", "not_observed", "declined", "missing"];
const given = (code, points = null, number = null) => ({ given: true, code, points, number });
const notGiven = (state, code = "") => ({ given: false, state, code });
const MISSING = notGiven("missing");
const doesNotApply = (answer) => !answer.given && answer.state === "not_applicable";
const optional = (text) => (text === null ? null : fractionOf(text));

const choiceOf = (scale, code) =>
  scale.choices.find((each) => each.id === code) ||
  scale.choices.find((each) => each.codes.includes(code)) ||
  null;

const answerOf = (choice) =>
  choice.means ? notGiven(choice.means, choice.id) : given(choice.id, choice.points, readNumber(choice.id));

/* What a raw value says on a scale, or the code of the problem with it. */
function understood(scale, raw, comma) {
  const code = raw.trim();
  if (!code) return MISSING;
  if (scale.kind === "text") return given(raw);
  let choice = choiceOf(scale, code);
  if (choice && choice.means) return answerOf(choice);
  if (!choice && NON_ANSWERS.includes(code)) return notGiven(code, code);
  const number = readNumber(raw, comma);
  if (!choice && number) {
    choice = scale.choices.find((each) => {
      const own = readNumber(each.id);
      return own && !order(own, number);
    });
  }
  if (choice && (choice.points !== null || !scale.span)) return answerOf(choice);
  if (!scale.span) return "RB503";
  return number && holds(scale.span, number) ? given(written(number), number, number) : "RB504";
}

function holds({ lowest, highest, step }, number) {
  const inside = order(lowest, number) <= 0 && (highest === null || order(number, highest) <= 0);
  return inside && (step === null || over(minus(number, lowest), step).bottom === 1n);
}

/* The scale's own answer of that meaning, so that `is na` holds however it was written. */
function inOwnWords(scale, answer) {
  if (answer.state === "missing" || choiceOf(scale, answer.code)) return answer;
  const own = scale.choices.find((each) => each.means === answer.state);
  return notGiven(answer.state, own ? own.id : answer.code);
}

function ofBin(bins, number) {
  if (!bins || number === null) return null;
  const found = bins.find(([, lowest, highest, withLowest, withHighest]) => {
    const from = lowest === null ? 1 : order(number, lowest);
    const to = highest === null ? -1 : order(number, highest);
    return (from > 0 || (from === 0 && withLowest)) && (to < 0 || (to === 0 && withHighest));
  });
  return found ? found[0] : null;
}

/* What an answer is worth: binned if it is a raw number, then turned round if the item is reversed. */
function pointsOf(question, answer) {
  const binned = ofBin(question.bins, answer.number);
  const worth = binned === null ? answer.points : binned;
  if (worth === null || !question.reversed || !question.points.length) return worth;
  const [first, last] = [question.points[0], question.points[question.points.length - 1]];
  return minus(plus(first, last), worth);
}

// ---- bounds (fidelity/evaluate/interval.py); an open end is null, and settled ones leave no room for a blank

const ANYTHING = { low: null, high: null, settled: false };

function joined(operator, left, right) {
  switch (operator) {
    case "+":
      return { low: sumOf(left.low, right.low), high: sumOf(left.high, right.high) };
    case "-":
      return joined("+", left, { low: opposite(right.high), high: opposite(right.low) });
    case "*":
      return product(left, right);
    default:
      return product(left, inverse(right));
  }
}

const settledAt = (value) => ({ low: value, high: value, settled: true });
const sumOf = (a, b) => (a === null || b === null ? null : plus(a, b));
const opposite = (a) => (a === null ? null : negative(a));

function product(left, right) {
  if ([left.low, left.high, right.low, right.high].every((end) => end !== null)) {
    const corners = [left.low, left.high].flatMap((a) => [right.low, right.high].map((b) => times(a, b)));
    return { low: lowestOf(corners), high: highestOf(corners) };
  }
  if (left.low !== null && right.low !== null && left.low.top >= 0n && right.low.top >= 0n) {
    const open = left.high === null || right.high === null;
    return { low: times(left.low, right.low), high: open ? null : times(left.high, right.high) };
  }
  return ANYTHING;
}

function inverse({ low, high }) {
  if (low === null || low.top < 0n || (high !== null && !high.top)) return ANYTHING;
  return { low: high === null ? NOUGHT : over(ONE, high), high: low.top ? over(ONE, low) : null };
}

// ---- functions (fidelity/evaluate/functions.py): parts are [value, weight, top]

const total = (values) => values.reduce(plus, NOUGHT);
const weighed = (parts) => total(parts.map(([value, weight]) => times(value, weight)));
const FUNCTIONS = {
  mean: (parts) => over(weighed(parts), total(parts.map(([, weight]) => weight))),
  sum: weighed,
  percent: (parts) =>
    over(times(weighed(parts), HUNDRED), total(parts.map(([, weight, top]) => times(top, weight)))),
  share: (parts) =>
    over(times(total(parts.map(([value]) => value)), HUNDRED), fraction(BigInt(parts.length))),
  count: (parts) => total(parts.map(([value]) => value)),
  lowest: (parts) => lowestOf(parts.map(([value]) => value)),
  highest: (parts) => highestOf(parts.map(([value]) => value)),
  median: (parts) => {
    const values = parts.map(([value]) => value).sort(order), middle = values.length >> 1;
    return values.length % 2
      ? values[middle]
      : over(plus(values[middle - 1], values[middle]), fraction(2n));
  },
};
const SIGNS = { "+": plus, "-": minus, "*": times, "/": over };
const COMPARISONS = {
  "at least": (apart) => apart >= 0,
  "at most": (apart) => apart <= 0,
  above: (apart) => apart > 0,
  below: (apart) => apart < 0,
  is: (apart) => apart === 0,
};

// ---- verdicts (fidelity/evaluate/condition.py): true, false or null, and the questions that decide it

function everyOf(verdicts) {
  const value = verdicts.some((each) => each[0] === false)
    ? false
    : verdicts.some((each) => each[0] === null) ? null : true;
  return [value, deciding(verdicts, value)];
}

function someOf(verdicts) {
  const value = verdicts.some((each) => each[0] === true)
    ? true
    : verdicts.some((each) => each[0] === null) ? null : false;
  return [value, deciding(verdicts, value)];
}

const deciding = (verdicts, value) => verdicts.filter((each) => each[0] === value).flatMap((each) => each[1]);
const not = ([value, why]) => [value === null ? null : !value, why];

function atLeast(verdicts, number) {
  const [sure, no] = [true, false].map((value) => verdicts.filter((each) => each[0] === value).length);
  const value = sure >= number ? true : verdicts.length - no < number ? false : null;
  return [value, deciding(verdicts, value)];
}

function howMany(quantifier, number, verdicts) {
  switch (quantifier) {
    case "any":
      return someOf(verdicts);
    case "no":
      return not(someOf(verdicts));
    case "every":
      return verdicts.length ? everyOf(verdicts) : [null, []];
    case "at least":
      return atLeast(verdicts, number);
    case "at most":
      return not(atLeast(verdicts, number + 1));
    default:
      return everyOf([atLeast(verdicts, number), not(atLeast(verdicts, number + 1))]);
  }
}

// ---- the evaluator

/* The rules made ready once; what comes back scores a record { answers, facts, comments } of raw values. */
function evaluator(rules) {
  const byKey = (list, key = "key") => new Map(list.map((each) => [each[key], each]));
  const codes = new Map(Object.entries(rules.codes));
  const scales = rules.scales.map((each) => ({
    ...each,
    choices: each.choices.map((choice) => ({ ...choice, points: optional(choice.points) })),
    span: each.span && {
      lowest: fractionOf(each.span.lowest),
      highest: optional(each.span.highest),
      step: optional(each.span.step),
    },
  }));
  const facts = rules.facts.map((each) => ({ ...each, scale: scales[each.scale] }));
  const questions = rules.questions.map((each) => ({
    ...each,
    scale: scales[each.scale],
    weight: fractionOf(each.weight),
    points: each.points.map(fractionOf),
    bins:
      each.bins &&
      each.bins.map(([points, lowest, highest, ...ends]) => [
        fractionOf(points),
        optional(lowest),
        optional(highest),
        ...ends,
      ]),
  }));
  const [question, score, result, gate, item, fact] = [
    byKey(questions),
    byKey(rules.scores),
    byKey(rules.results),
    byKey(rules.gates),
    byKey(rules.items, "id"),
    byKey(facts, "id"),
  ];
  const ofGroup = (group) =>
    group
      ? questions.filter((each) => item.get(each.item).group === group && each.scale.kind !== "text")
      : [];
  const skippedStates = (treat) => [
    "not_applicable",
    ...Object.keys(treat).filter((state) => treat[state] === "left_out"),
  ];
  const skipped = skippedStates(rules.treat);

  const sayFact = (one, raw) =>
    codes.has(raw.trim())
      ? notGiven(codes.get(raw.trim()), raw.trim())
      : understood(one.scale, raw, rules.comma);

  function sayAnswer(one, raw) {
    const answer = sayFact(one, raw);
    if (typeof answer === "string") return answer;
    if (answer.given) return { ...answer, points: pointsOf(one, answer) };
    return one.refused.includes(answer.state) ? "RB510" : inOwnWords(one.scale, answer);
  }

  function evaluate(record) {
    const found = {
      answers: new Map(),
      facts: new Map(),
      scores: new Map(),
      results: new Map(),
      gates: new Map(),
      applies: [true, []],
      absent: [],
      setAside: [],
    };
    const refused = [];
    const understand = (one, key, raw, say, into) => {
      const said = say(one, raw || "");
      if (typeof said === "string") refused.push({ key, code: said });
      else into.set(key, said);
    };
    for (const one of questions) {
      const raw = own(record.answers, one.key);
      if (raw) understand(one, one.key, raw, sayAnswer, found.answers);
      else found.answers.set(one.key, MISSING);
    }
    for (const one of facts) understand(one, one.id, own(record.facts, one.id), sayFact, found.facts);
    if (refused.length) return { refused };

    // ---- what a subject says

    const does = (answer) => !doesNotApply(answer);
    const absent = (group) => {
      const members = ofGroup(group);
      return members.length > 0 && !members.some((each) => does(found.answers.get(each.key)));
    };
    const whyOf = (kind, key) => (kind === "question" ? [key] : []);

    // ---- members (member.py): null if it does not apply, else [value, low, high, settled]

    function measured([kind, key], treat) {
      if (kind === "question") {
        const one = question.get(key);
        const ends = one.points.length
          ? [one.points[0], one.points[one.points.length - 1]]
          : [one.scale.span ? one.scale.span.lowest : null, null];
        return answered(key, treat, (answer) => answer.points, ends);
      }
      if (kind === "score") {
        if (absent(score.get(key).group)) return null;
        const { exact, low, high, settled } = found.scores.get(key);
        return [exact, low, high, settled];
      }
      const known = found.facts.get(key), number = known.given ? known.number : null;
      return [number, number, number, number !== null];
    }

    function counted([kind, key], rated, treat) {
      if (kind === "question") {
        const among = rated && sameAnswers(question.get(key).scale, rated);
        const oneOf = (answer) => (!rated || among.has(answer.code) ? ONE : NOUGHT);
        return answered(key, treat, oneOf, [NOUGHT, ONE]);
      }
      if (kind === "result") return levelCounted(found.results.get(key), rated);
      const reading = measured([kind, key], treat);
      if (reading === null) return null;
      return reading[0] === null ? [null, NOUGHT, ONE, false] : [ONE, ONE, ONE, true];
    }

    function levelCounted({ level, possible }, rated) {
      if (!possible.length) return null;
      const inside = possible.map((each) => !rated || rated.includes(each)), all = inside.every(Boolean);
      if ((!rated && level === null) || (inside.some(Boolean) && !all)) return [null, NOUGHT, ONE, false];
      const value = all ? ONE : NOUGHT;
      return [value, value, value, true];
    }

    function answered(key, treat, valueOf, [low, high]) {
      const answer = found.answers.get(key);
      let value = null;
      if (answer.given) value = valueOf(answer);
      else if (skippedStates(treat).includes(answer.state)) return null;
      else {
        const how = treat[answer.state];
        if (!how || how === "missing") return [null, low, high, false];
        value = valueOf({ code: "", points: fractionOf(how) });
      }
      return [value, value, value, value !== null];
    }

    /* A named step that nobody could see is not known, even where functions leave it out. */
    function named([kind, key], treat) {
      const reading = measured([kind, key], treat);
      if (reading !== null || kind !== "question") return reading;
      return does(found.answers.get(key)) ? [null, null, null, false] : null;
    }

    const member = (name, subject, rated, treat) =>
      name === "share" || name === "count" ? counted(subject, rated, treat) : measured(subject, treat);

    // ---- formulas (formula.py)

    const worth = (exact, bounds, answeredHere, applicable, why = "") => ({
      exact,
      bounds,
      answered: answeredHere,
      applicable,
      why,
    });

    function reckoned(node, needing, treat) {
      switch (node[0]) {
        case "number": {
          const value = fractionOf(node[1]);
          return worth(value, settledAt(value), 0, 0);
        }
        case "value": {
          const reading = named([node[1], node[2]], treat);
          if (reading === null) return worth(null, ANYTHING, 0, 0, "does_not_apply");
          const [value, low, high, settled] = reading, blank = value === null;
          return worth(value, { low, high, settled }, blank ? 0 : 1, 1, blank ? "too_few_answered" : "");
        }
        case "of":
          return aggregated(node, needing, treat);
        default:
          return combined(node[1], reckoned(node[2], needing, treat), reckoned(node[3], needing, treat));
      }
    }

    function aggregated([, name, subjects, rated, ownNeeding], needing, treat) {
      const members = subjects
        .map((subject) => [member(name, subject, rated, treat), ...weightAndTop(subject)])
        .filter(([reading]) => reading !== null);
      if (!members.length) return worth(null, ANYTHING, 0, 0, "nothing_applied");
      const known = members.filter(([reading]) => reading[0] !== null);
      const counts = [known.length, members.length];
      if (!known.length || !enough(ownNeeding || needing, ...counts)) {
        return worth(null, bounds(name, members), ...counts, "too_few_answered");
      }
      const exact = at(0, name, known);
      if (exact === null) return worth(null, ANYTHING, ...counts, "nothing_to_divide_by");
      const settled = members.every(([reading]) => reading[3]);
      return worth(exact, settled ? settledAt(exact) : bounds(name, members), ...counts);
    }

    function weightAndTop([kind, key]) {
      if (kind === "question") {
        const { weight, points } = question.get(key);
        return [weight, points.length ? points[points.length - 1] : NOUGHT];
      }
      if (kind === "score") return [ONE, optional(score.get(key).highest) || NOUGHT];
      return [ONE, ONE];
    }

    const enough = ([kind, first, second], known, applicable) =>
      kind === "number" ? known >= first : known * second >= applicable * first;
    const bounds = (name, members) => ({
      low: at(1, name, members),
      high: at(2, name, members),
      settled: false,
    });

    function at(end, name, members) {
      const parts = members.map(([reading, weight, top]) => [reading[end], weight, top]);
      return parts.every(([value]) => value !== null) ? FUNCTIONS[name](parts) : null;
    }

    function combined(operator, first, second) {
      const counts = [first.answered + second.answered, first.applicable + second.applicable];
      if (first.exact === null || second.exact === null) {
        return worth(null, joined(operator, first.bounds, second.bounds), ...counts, first.why || second.why);
      }
      const exact = SIGNS[operator](first.exact, second.exact);
      if (exact === null) return worth(null, ANYTHING, ...counts, "nothing_to_divide_by");
      const ends =
        first.bounds.settled && second.bounds.settled
          ? settledAt(exact)
          : joined(operator, first.bounds, second.bounds);
      return worth(exact, ends, ...counts);
    }

    /* How many of the different things that a formula reads were answered, and how many apply. */
    function tally(node, treat) {
      const readings = new Map();
      const walk = (each) => {
        if (each[0] === "value") readings.set(`${each[1]} ${each[2]}`, named([each[1], each[2]], treat));
        if (each[0] === "of") {
          for (const subject of each[2]) {
            readings.set(subject.join(" "), member(each[1], subject, each[3], treat));
          }
        }
        if (each[0] === "joined") [each[2], each[3]].forEach(walk);
      };
      walk(node);
      const present = [...readings.values()].filter((reading) => reading !== null);
      return [present.filter((reading) => reading[0] !== null).length, present.length];
    }

    // ---- conditions (condition.py)

    function test(node) {
      switch (node[0]) {
        case "and":
          return everyOf(node[1].map(test));
        case "or":
          return someOf(node[1].map(test));
        case "not":
          return not(test(node[1]));
        case "compare":
          return compared(side(node[1]), COMPARISONS[node[2]], side(node[3]));
        case "level":
          return levelled(node[1], levelsFitting(node));
        case "among":
          return among(node[1], node[2], node[3]);
        case "state":
          return [hasState(node[1], node[2], node[3]), whyOf(node[1], node[2])];
        case "gate": {
          const { state, why } = found.gates.get(node[1]);
          return [state === "undecided" ? null : (state === "passes") === node[2], why];
        }
        case "many":
          return howMany(
            node[1],
            node[2],
            node[3].filter(([kind, key]) => !passedOver(kind, key)).map(([, , each]) => test(each)),
          );
        default:
          return not(
            someOf(
              result
                .get(node[1])
                .levels.filter((each) => each.id !== node[2] && each.when !== null)
                .map((each) => test(each.when)),
            ),
          );
      }
    }

    /* [value, whether it does not apply, the questions behind it] */
    function side(node) {
      if (node[0] === "value" && node[1] === "question") {
        const answer = found.answers.get(node[2]);
        return answer.given ? [answer.points, false, [node[2]]] : [null, doesNotApply(answer), [node[2]]];
      }
      if (node[0] === "value" && node[1] === "score") return [found.scores.get(node[2]).exact, false, []];
      return [reckoned(node, ["share", 1, 1], rules.treat).exact, false, []];
    }

    function compared([first, firstAbsent, why], holdsHere, [second, secondAbsent, more]) {
      if (firstAbsent || secondAbsent) return [false, [...why, ...more]];
      if (first === null || second === null) return [null, []];
      return [holdsHere(order(first, second)), [...why, ...more]];
    }

    function levelsFitting([, key, comparison, level]) {
      const levels = result.get(key).levels.map((each) => each.id), mark = levels.indexOf(level);
      return levels.filter((each, place) => COMPARISONS[comparison](place - mark));
    }

    function levelled(key, levels) {
      const inside = found.results.get(key).possible.map((each) => levels.includes(each));
      return [inside.length && inside.every(Boolean) ? true : inside.some(Boolean) ? null : false, []];
    }

    function among(kind, key, rated) {
      if (kind === "result") return levelled(key, rated);
      const known = kind === "question" ? found.answers.get(key) : found.facts.get(key);
      const inside = sameAnswers((kind === "question" ? question : fact).get(key).scale, rated).has(known.code);
      if (kind === "fact") return [known.given ? inside : null, []];
      if (inside) return [true, [key]];
      return [known.given || doesNotApply(known) ? false : null, [key]];
    }

    function hasState(kind, key, state) {
      if (state !== "missing") return isScored(kind, key) !== (state === "not scored");
      if (kind !== "question") return !isScored(kind, key);
      const answer = found.answers.get(key);
      return !answer.given && answer.state === "missing";
    }

    function isScored(kind, key) {
      switch (kind) {
        case "score":
          return found.scores.get(key).exact !== null;
        case "result":
          return found.results.get(key).level !== null;
        case "gate":
          return found.gates.get(key).state !== "undecided";
        default:
          return (kind === "question" ? found.answers : found.facts).get(key).given;
      }
    }

    function passedOver(kind, key) {
      switch (kind) {
        case "question": {
          const answer = found.answers.get(key);
          return !answer.given && skipped.includes(answer.state);
        }
        case "score":
          return absent(score.get(key).group);
        case "result":
          return !found.results.get(key).possible.length;
        default:
          return false;
      }
    }

    // ---- scores, gates, results (row.py)

    function scoreOf(one) {
      const [applies] = found.applies;
      if (applies !== true) return unscored(applies === null ? "undecided" : "checklist_does_not_apply");
      if (absent(one.group)) return unscored("does_not_apply");
      const treat = { ...rules.treat, ...one.counting };
      let made = reckoned(one.formula, one.needing, treat);
      if (one.formula[0] !== "of") {
        const [known, applicable] = tally(one.formula, treat);
        made = { ...made, answered: known, applicable };
      }
      if (one.only_when !== null) {
        const [value] = test(one.only_when);
        if (value !== true) {
          made = { ...made, exact: null, bounds: value === null ? made.bounds : ANYTHING, why: "only_when" };
        }
      }
      return ended(one, made);
    }

    const unscored = (why) => ended({ rounding: null }, worth(null, ANYTHING, 0, 0, why));

    function ended({ rounding }, made) {
      const round = (value) => (value === null || !rounding ? value : rounded(value, ...rounding));
      const [low, high] = [round(made.bounds.low), round(made.bounds.high)];
      return {
        exact: round(made.exact),
        answered: made.answered,
        applicable: made.applicable,
        low,
        high,
        settled: made.bounds.settled && made.exact !== null,
        why: made.why,
      };
    }

    function gateOf(one) {
      const [value, why] = test(one.when);
      return { state: value === null ? "undecided" : value ? "fails" : "passes", why };
    }

    function resultOf(one) {
      const [applies] = found.applies;
      const places = one.levels.map((each, place) => place).filter((place) => one.levels[place].when !== null);
      if (applies === null) return undecided(one, places);
      if (applies === false || absent(one.group)) return { level: null, possible: [] };
      const verdicts = places.map((place) => [place, test(one.levels[place].when)[0]]);
      const sure = verdicts.filter(([, value]) => value === true);
      let possible = (sure.length ? sure : verdicts.filter(([, value]) => value === null)).map(([place]) => place);
      for (const each of rules.gates.filter((each) => each.result === one.key)) {
        const cap = one.levels.findIndex((level) => level.id === each.cap);
        const { state } = found.gates.get(each.key), lowered = possible.map((place) => Math.min(place, cap));
        possible = { passes: possible, fails: lowered, undecided: [...possible, ...lowered] }[state];
      }
      return undecided(one, [...new Set(possible)]);
    }

    function undecided(one, places) {
      const possible = [...places].sort((a, b) => a - b).map((place) => one.levels[place].id);
      // Only a level that was decided between is one; an open applicability leaves even a single one open.
      return { level: possible.length === 1 && found.applies[0] === true ? possible[0] : null, possible };
    }

    // ---- the order of work (evaluator.py)

    function ask(one) {
      if (one.applies === null) return;
      const [value] = test(one.applies), answer = found.answers.get(one.key);
      if (value === false) {
        found.absent.push(one.key);
        if (answer.given) found.setAside.push(one.key);
        if (does(answer)) found.answers.set(one.key, notGiven("not_applicable"));
      }
      if (value === null && does(answer)) {
        found.answers.set(one.key, MISSING);
      }
    }

    const begin = rules.order.findIndex(([kind]) => kind !== "question");
    rules.order.forEach(([kind, key], place) => {
      if (place === begin && rules.applies !== null) found.applies = test(rules.applies);
      if (kind === "question") ask(question.get(key));
      else if (kind === "score") found.scores.set(key, scoreOf(score.get(key)));
      else if (kind === "gate") found.gates.set(key, gateOf(gate.get(key)));
      else found.results.set(key, resultOf(result.get(key)));
    });
    if (begin < 0 && rules.applies !== null) found.applies = test(rules.applies);

    // ---- beside the scores (remarks.py)

    function needsComment(one) {
      const asked = questions.filter((each) => each.item === one.id);
      const marked = asked.some((each) => {
        const answer = found.answers.get(each.key);
        return (
          (one.always_comment && answer.given) ||
          each.scale.choices.some((choice) => choice.needs_comment && choice.id === answer.code)
        );
      });
      return marked || (one.comment_when !== null && test(one.comment_when)[0] === true);
    }

    function listed(one) {
      const items = one.questions
        .filter((key) => sameAnswers(question.get(key).scale, one.rated).has(found.answers.get(key).code))
        .map((key) => question.get(key).item);
      const groups = one.results
        .filter((key) => {
          const { possible } = found.results.get(key);
          return possible.length && possible.every((each) => one.rated.includes(each));
        })
        .map((key) => result.get(key).group || result.get(key).name);
      return [...new Set([...items, ...groups])];
    }

    return {
      refused: [],
      applies: found.applies[0],
      answers: found.answers,
      absent: found.absent,
      setAside: found.setAside,
      scores: new Map(rules.scores.map(({ key }) => [key, found.scores.get(key)])),
      results: found.results,
      gates: found.gates,
      flags: new Map(rules.flags.map((each) => [each.id, test(each.when)[0]])),
      lists: new Map(rules.lists.map((each) => [each.id, listed(each)])),
      wantComment: rules.items.filter(needsComment).map((each) => each.id),
      commentsNeeded: rules.items
        .filter((each) => needsComment(each) && !own(record.comments, each.id).trim())
        .map((each) => each.id),
    };
  }

  return { evaluate, questions, facts, sayAnswer, sayFact };
}

const own = (record, key) => (Object.prototype.hasOwnProperty.call(record, key) ? record[key] : "");

/* The codes as answers carry them: numbers are compared by value, so 2.50 is 2.5. */
const sameAnswers = (scale, codes) =>
  new Set(
    codes.map((code) => {
      const number = readNumber(code);
      return number === null || choiceOf(scale, code) ? code : written(number);
    }),
  );
