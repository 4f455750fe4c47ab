// The page: a pad that sends strokes, and what the models answer. It keeps nothing and asks this server alone.

const PEN_WIDTH = 0.05; // of the side of the pad
const ERASER = 0.05 + PEN_WIDTH / 2; // its radius
const STEPS = 200; // that can be undone
const SMALLEST = 0.03; // of the side: what is smaller is not read
const PAUSE = 100; // milliseconds from one question to the next, while one draws
const SETTLED = 250; // milliseconds without a change until it is asked what speaks for a digit
const PATIENCE = 8000; // milliseconds until an answer is given up
const FOR = [45, 150, 255], AGAINST = [255, 140, 0], NEUTRAL = [205, 205, 205]; // as in the window
const FLOOR = 2; // nats: a map that is nowhere stronger is not stretched to full colour
const WIDEST = 50; // units side by side
const NO_LAYERS = "The file of this model holds its answer alone, so there are no layers to show.";
const NOT_ONE_DIGIT = "Not recognised as a single digit";

const $ = (id) => document.getElementById(id);
const pad = $("pad");
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)}\u00a0%`; // as in the window

const drawing = { strokes: [], version: 0 };
let cards = []; // of the models, the smallest first
let focus = ""; // the name of a model
let target = null; // the digit that is to be explained, where it is not the one that the model in focus reads
let answer = null; // the last of /v1/digits:compare, of the drawing that is on the pad or was a moment ago

// ---- The pad

let pointer = null; // the one that draws
let pen = null; // where it is, on the pad or beyond
let rubber = null; // while it erases: where the eraser is at, and the strokes before
let past = [], future = []; // the strokes before each change, and after those that were undone

function draw() {
  const side = Math.round(pad.clientWidth * devicePixelRatio);
  if (pad.width !== side) pad.width = pad.height = side;
  const context = pad.getContext("2d"), style = getComputedStyle(document.documentElement);
  context.clearRect(0, 0, side, side);
  context.strokeStyle = style.getPropertyValue("--line");
  context.lineWidth = devicePixelRatio;
  context.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  context.strokeRect(0.16 * side, 0.16 * side, 0.68 * side, 0.68 * side);
  context.setLineDash([]);
  context.strokeStyle = style.getPropertyValue("--ink");
  context.lineWidth = PEN_WIDTH * side;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of drawing.strokes) {
    context.beginPath();
    context.moveTo(stroke[0][0] * side, stroke[0][1] * side);
    for (const [x, y] of stroke.length > 1 ? stroke.slice(1) : stroke) context.lineTo(x * side, y * side);
    context.stroke();
  }
  if (!rubber) return;
  context.lineWidth = devicePixelRatio;
  context.beginPath();
  context.arc(rubber.at[0] * side, rubber.at[1] * side, ERASER * side, 0, 2 * Math.PI);
  context.stroke();
}

function place(event) {
  const box = pad.getBoundingClientRect(), edge = pad.clientLeft;
  return [event.clientX - box.left, event.clientY - box.top].map((at) => Math.round((1e4 * (at - edge)) / pad.clientWidth) / 1e4);
}

pad.addEventListener("pointerdown", (event) => {
  if (pointer !== null || ![0, 2, 5].includes(event.button)) return; // 5: a pen that is turned round
  event.preventDefault();
  pad.focus({ preventScroll: true, focusVisible: false });
  pointer = event.pointerId;
  pad.setPointerCapture(pointer);
  if (event.button !== 0 || isErasing()) {
    rubber = { at: place(event), before: drawing.strokes };
    erase(rubber.at);
    return;
  }
  remember();
  pen = place(event).map((at) => Math.min(Math.max(at, 0), 1));
  drawing.strokes = [...drawing.strokes, [pen]];
  changed();
});
pad.addEventListener("pointermove", (event) => {
  if (event.pointerId !== pointer) return;
  if (rubber) {
    erase(place(event));
    return;
  }
  const points = event.getCoalescedEvents?.() ?? [];
  for (const point of points.length ? points : [event]) ink(place(point));
  changed();
});
for (const end of ["pointerup", "pointercancel"]) {
  pad.addEventListener(end, (event) => { if (event.pointerId === pointer) lift(); });
}
pad.addEventListener("contextmenu", (event) => event.preventDefault()); // the right button erases

/** Lengthen the stroke. Only what is on the pad leaves ink: the stroke ends where it leaves, and a new one comes back. */
function ink(to) {
  const part = onPad(pen, to);
  pen = to;
  if (!part) return;
  const [start, end] = part, last = drawing.strokes.at(-1).at(-1);
  if (start[0] !== last[0] || start[1] !== last[1]) drawing.strokes = [...drawing.strokes, [start]];
  drawing.strokes.at(-1).push(end);
}

/** Return both ends of what is on the pad of the way between two points, or null (Liang and Barsky 1984). */
function onPad(from, to) {
  let enter = 0, leave = 1;
  for (const axis of [0, 1]) {
    const way = to[axis] - from[axis];
    if (!way && (from[axis] < 0 || from[axis] > 1)) return null;
    if (!way) continue;
    const [near, far] = [-from[axis] / way, (1 - from[axis]) / way].sort((one, other) => one - other);
    [enter, leave] = [Math.max(enter, near), Math.min(leave, far)];
  }
  const at = (share) => [0, 1].map((axis) => Math.round(1e4 * (from[axis] + share * (to[axis] - from[axis]))) / 1e4);
  return enter <= leave ? [at(enter), at(leave)] : null;
}

function lift() {
  pointer = rubber = null;
  requestAnimationFrame(draw);
}

const isErasing = () => $("eraser").getAttribute("aria-pressed") === "true";

function take(eraser) {
  $("eraser").setAttribute("aria-pressed", eraser);
  pad.classList.toggle("erasing", eraser);
}

/** Take away the ink that the eraser passes on its way to a place. */
function erase(to) {
  const from = rubber.at;
  const rests = drawing.strokes.flatMap((stroke) => rest(stroke, from, to));
  rubber.at = to;
  requestAnimationFrame(draw);
  if (rests.length === drawing.strokes.length && rests.every((stroke, at) => stroke === drawing.strokes[at])) return;
  if (rubber.before === drawing.strokes) remember(); // one step of undo, however much it takes away
  drawing.strokes = rests;
  changed();
}

/** Return what an eraser leaves of a stroke: the stroke itself, or pieces of it. */
function rest(stroke, from, to) {
  const fine = stroke.flatMap((end, at) => {
    const start = stroke[at - 1] ?? end, steps = Math.ceil(100 * Math.hypot(end[0] - start[0], end[1] - start[1])) || 1;
    return Array.from({ length: steps }, (_, step) => [0, 1].map((axis) => start[axis] + ((step + 1) / steps) * (end[axis] - start[axis])));
  });
  const pieces = [[]];
  for (const point of fine) {
    if (distance(point, from, to) > ERASER) pieces.at(-1).push(point);
    else pieces.push([]);
  }
  return pieces.length === 1 ? [stroke] : pieces.filter((piece) => piece.length > 3);
}

/** Return how far a point is from the way between two. */
function distance([x, y], [left, top], [right, bottom]) {
  const width = right - left, height = bottom - top, square = width ** 2 + height ** 2;
  const at = square && Math.min(Math.max(((x - left) * width + (y - top) * height) / square, 0), 1);
  return Math.hypot(x - left - at * width, y - top - at * height);
}

const undo = () => step(past, future), redo = () => step(future, past);
$("eraser").addEventListener("click", () => take(!isErasing()));
$("undo").addEventListener("click", undo);
$("redo").addEventListener("click", redo);
$("clear").addEventListener("click", () => replace([]));
document.addEventListener("keydown", (event) => {
  const isPlain = document.activeElement === pad || document.activeElement === document.body;
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (key === "y" || (key === "z" && event.shiftKey)) redo();
    else if (key === "z") undo();
    else return;
  } else if (isPlain && ["delete", "backspace"].includes(key)) replace([]);
  else if (isPlain && ["e", "p"].includes(key)) take(key === "e");
  else return;
  event.preventDefault();
});
$("example").addEventListener("click", async () => {
  const digit = $("example-digit").value;
  try {
    replace((await fetchJson(`/v1/digits:example${digit && `?digit=${digit}`}`)).strokes);
  } catch (error) {
    failed(error);
  }
});

function remember() {
  past = [...past, drawing.strokes].slice(-STEPS);
  future = [];
}

function replace(strokes) {
  if (!strokes.length && !drawing.strokes.length) return;
  remember();
  put(strokes);
}

function step(from, to) {
  if (!from.length) return;
  to.push(drawing.strokes);
  put(from.pop());
}

function put(strokes) {
  pointer = rubber = target = null;
  drawing.strokes = strokes;
  changed();
}

function changed() {
  drawing.version += 1;
  requestAnimationFrame(draw);
  $("clear").disabled = !drawing.strokes.length;
  $("undo").disabled = !past.length;
  $("redo").disabled = !future.length;
  if (!isReadable()) answer = null;
  if (!isAway && !(asking && isReadable())) banner(""); // what was refused was the drawing before
  $("said").textContent = "";
  show();
  ask();
}

function isReadable() {
  const extent = (axis) => {
    const places = drawing.strokes.flat().map((point) => point[axis]);
    return places.reduce((most, at) => Math.max(most, at), 0) - places.reduce((least, at) => Math.min(least, at), 1);
  };
  return drawing.strokes.length > 0 && Math.max(extent(0), extent(1)) >= SMALLEST;
}

// ---- Questions: one at a time. The newest drawing waits for its turn, and older ones are forgotten.

let asking = false;
let answered = 0; // the version of the drawing that the last answer is of
let explained = ""; // what the last saliency was of

async function ask() {
  if (asking) return;
  asking = true;
  let failures = 0;
  while (isReadable() && focus) {
    const version = drawing.version, wanted = [version, focus, target, $("layers").open].join();
    const isSettled = version === answered; // asked again, with saliency
    if (isSettled) {
      if (wanted === explained) break;
      for (let waited = 0; waited < SETTLED && version === drawing.version; waited += 50) await sleep(50);
      if (version !== drawing.version) continue;
    }
    const next = sleep(PAUSE);
    try {
      const saliency = { model: focus, ...(target !== null && { digit: target }) };
      const more = { saliency, ...($("layers").open && { layers: focus }) };
      const found = await fetchJson("/v1/digits:compare", { strokes: drawing.strokes, ...(isSettled && more) });
      failures = 0;
      banner("");
      if (isReadable()) {
        answer = found;
        answered = version;
        if (isSettled) explained = wanted;
        show();
        if (isSettled && version === drawing.version) say();
      }
      await next;
    } catch (error) {
      failed(error);
      if (isAway) break; // asked again when it is back
      const isFinal = error.status < 500 && error.status !== 408;
      if (isFinal && version === drawing.version) break; // this drawing would be refused again
      await sleep(Math.min(500 * 2 ** failures++, 4000));
    }
  }
  asking = false;
}

async function fetchJson(path, content) {
  const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) };
  const response = await fetch(path, { ...(content && post), cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  const found = await response.json();
  if (!response.ok) throw Object.assign(new Error(found.error), { status: response.status });
  return found;
}

let isAway = false; // the connection

/** Say what was refused, in the words of the server, or that the connection is gone, and then wait for it. */
async function failed(error) {
  if (error.status) banner(error.message);
  else await waitForConnection();
}

/** Say that the connection is gone until it is back; then ask. */
async function waitForConnection() {
  if (isAway) return;
  isAway = true;
  banner("The connection is gone. Draw on: your drawing is read as soon as it is back.");
  for (let failures = 0; isAway; failures++) {
    await sleep(Math.min(500 * 2 ** failures, 4000));
    isAway = !(await fetchJson("/health").then(() => true, () => false));
  }
  banner("");
  ask();
}

function banner(text) {
  if ($("banner").textContent === text) return;
  $("banner").textContent = text;
  $("banner").hidden = !text;
}

// ---- Answers

function show() {
  const isEmpty = !drawing.strokes.length;
  showFocus(isEmpty ? "Draw a digit, and every model answers while you draw." : isReadable() ? "" : "Draw a little larger.");
  showVote();
  showRows();
  showTiles();
  showLayers();
}

function showFocus(hint) {
  const card = cards.find((card) => card.name === focus), said = answer?.models[focus];
  const texts = { digit: "", sentence: "", sure: "", more: "", hint: answer ? "" : hint };
  if (said) {
    const [first, second] = order(said.probabilities), sure = said.probabilities[first];
    const left = said.candidates, two = `${first} or ${second}`;
    if (!left.length) {
      Object.assign(texts, { sentence: NOT_ONE_DIGIT, more: `nearest: ${first} (${percent(sure)})` });
    } else if (answer.vote.is_doubtful) {
      const alone = left.length === 1 ? `${first}, ${percent(sure)} confidence` : two;
      Object.assign(texts, { sentence: NOT_ONE_DIGIT, more: `this model alone: ${alone}` });
    } else if (left.length === 2) {
      const more = `${first}: ${percent(sure)} · ${second}: ${percent(said.probabilities[second])}`;
      Object.assign(texts, { digit: `${two}?`, sure: "cannot tell which", more });
    } else {
      const more = `runner-up ${second} (${percent(said.probabilities[second])})`;
      Object.assign(texts, { digit: `${first}`, sure: `${percent(sure)} confidence`, more });
    }
  }
  for (const [id, text] of Object.entries(texts)) $(id).textContent = text;
  $("digit").classList.toggle("two", texts.digit.length > 1);
  $("facts").textContent = card ? facts(card) : "";
  for (const [digit, button] of [...$("bars").children].entries()) {
    const share = said?.probabilities[digit] ?? 0;
    button.title = said ? percent(share) : "";
    button.setAttribute("aria-label", said ? `${digit}: ${percent(share)}` : digit);
    button.querySelector("i").style.height = `${85 * share}%`;
    button.classList.toggle("most", !!said && digit === said.digit);
    button.setAttribute("aria-pressed", digit === target);
  }
}

function facts(card) {
  const lines = [`${card.parameters.toLocaleString("en")} parameters`];
  if (accuracy(card)) lines.push(`MNIST accuracy ${percent(accuracy(card), 2)}`);
  return lines.join("\n");
}

function accuracy(card) {
  const score = card.metrics.mnist_test;
  return score ? score.correct / score.total : 0;
}

function showVote() {
  const vote = answer?.vote, words = $("vote-words");
  const models = answer ? Object.keys(answer.models).length : 0;
  let text = "Draw a digit to see the vote";
  if (vote?.candidates.length) {
    text = models === 1 ? `One model says ${vote.digit} · ` : `${vote.summary} · `;
    text += `${percent(vote.probabilities[vote.digit])} ${models === 1 ? "confidence" : "mean confidence"}`;
  } else if (vote) text = NOT_ONE_DIGIT;
  words.textContent = text;
  words.classList.toggle("none", !vote);
  words.classList.toggle("split", !!vote && (vote.agreement < 1 || vote.is_doubtful));
  $("vote-digit").textContent = vote ? vote.candidates.join("/") || "?" : "";
  $("vote-digit").classList.toggle("doubt", !!vote && !vote.candidates.length);
  const parts = vote ? order(vote.counts).filter((digit) => vote.counts[digit]) : [];
  $("split").replaceChildren(...parts.map((digit) => {
    const part = make("span", digit, digit === vote.digit && !vote.is_doubtful ? "agrees" : "");
    part.style.flex = vote.counts[digit];
    return part;
  }));
}

function sign(said) {
  if (!said) return "";
  if (said.candidates.length !== 1) return "unsure";
  const { vote } = answer;
  const agrees = !vote.is_doubtful && said.digit === vote.digit;
  return agrees || Object.keys(answer.models).length === 1 ? "" : `says ${said.digit}`;
}

const rows = new Map(); // of the table, by the name of the model

function showRows() {
  for (const card of cards) {
    const { row, cells, bars } = rows.get(card.name), said = answer?.models[card.name], says = sign(said);
    row.className = says.startsWith("says") ? "differs" : says;
    cells.digit.textContent = said ? said.digit : "";
    cells.percent.textContent = said ? percent(said.probabilities[said.digit]) : "";
    cells.vote.textContent = says;
    for (const [digit, bar] of bars.entries()) {
      bar.style.height = `${100 * (said?.probabilities[digit] ?? 0)}%`;
      bar.classList.toggle("most", !!said && digit === said.digit);
    }
    cells.title.firstChild.setAttribute("aria-pressed", card.name === focus);
  }
}

const SORTS = { // by what the rows are sorted; what has no value stands last
  title: (card) => card.title.toLowerCase(),
  digit: (card) => answer?.models[card.name]?.digit,
  confidence: (card) => Math.max(...(answer?.models[card.name]?.probabilities ?? [NaN])) || undefined,
  accuracy: (card) => accuracy(card) || undefined,
  parameters: (card) => card.parameters,
  vote: (card) => ["s", "u"].indexOf(sign(answer?.models[card.name])[0]) & 3, // says, unsure, and 3 for all others
};
let sort = "parameters", isDescending = false;

function sortBy(key) {
  isDescending = key !== "vote" && (key === sort ? !isDescending : ["accuracy", "confidence"].includes(key));
  sort = key;
  sortRows();
}

function sortRows() {
  const key = SORTS[sort], known = cards.filter((card) => key(card) !== undefined);
  known.sort((one, other) => (isDescending ? -1 : 1) * (key(one) < key(other) ? -1 : +(key(one) > key(other))));
  const sorted = [...known, ...cards.filter((card) => key(card) === undefined)];
  const wanted = sorted.map((card) => rows.get(card.name).row);
  if (wanted.some((row, place) => $("rows").children[place] !== row)) $("rows").append(...wanted);
  for (const button of $("headings").querySelectorAll("button")) {
    const order = button.dataset.key === sort ? (isDescending ? "descending" : "ascending") : "none";
    button.closest("th").setAttribute("aria-sort", order);
  }
}

function explainedDigit() {
  return target ?? answer?.models[focus]?.digit ?? null;
}

function showTiles() {
  const digit = explainedDigit(), map = answer?.saliency;
  const isThere = map && map.model === focus && map.digit === digit;
  paint($("seen"), (row, column) => Array(3).fill(answer.image[row][column]));
  const most = isThere ? Math.max(FLOOR, ...map.map.flat().map(Math.abs)) : 0;
  paint($("saliency"), (row, column) => {
    const ink = answer.image[row][column] / 255;
    if (!isThere) return Array(3).fill(ink * 127);
    const strength = map.map[row][column] / most, to = strength > 0 ? FOR : AGAINST;
    return NEUTRAL.map((grey, channel) => ink * (grey + Math.abs(strength) * (to[channel] - grey)));
  });
  $("saliency-title").textContent = digit === null ? "Evidence" : `Evidence for ${digit}`;
  $("reference-title").textContent = digit === null ? "Reference" : `Reference ${digit}`;
  $("reference").hidden = digit === null;
  if (digit !== null && $("reference").dataset.digit !== `${digit}`) {
    $("reference").dataset.digit = digit;
    $("reference").src = `/reference/${digit}.png`;
    $("reference").alt = `How ${digit === 8 ? "an" : "a"} ${digit} is written`;
  }
}

function paint(canvas, colour) {
  const context = canvas.getContext("2d"), picture = context.createImageData(28, 28);
  for (let pixel = 0; pixel < 784; pixel++) {
    picture.data.set([...(answer ? colour(Math.floor(pixel / 28), pixel % 28) : [0, 0, 0]), 255], 4 * pixel);
  }
  context.putImageData(picture, 0, 0);
}

let outputs = null; // of the layers that are shown

function showLayers() {
  const layers = answer && (answer.layers ?? outputs); // those of the drawing a moment ago stay until it settles
  if (layers === outputs) return;
  outputs = layers?.model === focus ? layers : null;
  $("outputs").replaceChildren(...(outputs?.layers ?? []).map(({ title, kind, values }) => {
    const figure = make("figure"), canvas = make("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", title);
    paintLayer(canvas, kind === "feature maps" ? values : [kind === "rows" ? values : inRows(values)]);
    figure.append(make("figcaption", title), canvas);
    return figure;
  }));
  if (outputs && !outputs.layers.length) $("outputs").textContent = NO_LAYERS;
}

const inRows = (units) => Array.from({ length: Math.ceil(units.length / WIDEST) }, (_, row) => units.slice(row * WIDEST, (row + 1) * WIDEST));

/** Paint maps side by side, as the window does: what is above 0 blue, below it orange. */
function paintLayer(canvas, maps) {
  const height = maps[0].length, width = maps[0][0].length;
  const columns = Math.min(maps.length, 16, Math.max(1, Math.floor(200 / width))), lines = Math.ceil(maps.length / columns);
  canvas.width = columns * (width + 1) - 1;
  canvas.height = lines * (height + 1) - 1;
  canvas.style.width = `${canvas.width * Math.max(1, Math.min(12, Math.floor(600 / canvas.width)))}px`;
  const most = maps.flat(2).reduce((highest, value) => Math.max(highest, Math.abs(value)), 1e-9);
  const context = canvas.getContext("2d");
  for (const [place, map] of maps.entries()) {
    const picture = context.createImageData(width, height);
    for (const [at, value] of map.flat().entries()) {
      const colour = value > 0 ? FOR : AGAINST;
      picture.data.set([...colour.map((channel) => (channel * Math.abs(value)) / most), 255], 4 * at);
    }
    context.putImageData(picture, (place % columns) * (width + 1), Math.floor(place / columns) * (height + 1));
  }
}

/** Say to a screen reader what has come out, once a drawing has settled. */
function say() {
  const title = cards.find((card) => card.name === focus).title;
  const one = [$("digit"), $("sentence"), $("sure"), $("more")].map((line) => line.textContent).filter(Boolean).join(", ");
  $("said").textContent = `${title}: ${one}. All models: ${$("vote-words").textContent}.`;
  sortRows();
}

function order(values) {
  return [...values.keys()].sort((one, other) => values[other] - values[one]);
}

// ---- At first

function make(tag, text = "", name = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = name;
  return made;
}

function build() {
  const short = cards.map((card) => card.title.replace(/ \([^()]*\)/, ""));
  for (const [place, card] of cards.entries()) {
    const text = short.filter((other) => other === short[place]).length > 1 ? card.title : short[place];
    const row = make("tr"), button = make("button", text), bars = Array.from({ length: 10 }, () => make("i"));
    button.type = "button";
    button.addEventListener("click", () => choose(card.name));
    const cells = {
      title: make("td"), digit: make("td", "", "said"), percent: make("td", "", "number"), bars: make("td", "", "small-bars"),
      accuracy: make("td", accuracy(card) ? percent(accuracy(card), 2) : "", "number accuracy"),
      parameters: make("td", card.parameters.toLocaleString("en"), "number parameters"), vote: make("td"),
    };
    cells.title.append(button);
    const chart = make("span");
    chart.setAttribute("aria-hidden", "true");
    chart.append(...bars);
    cells.bars.append(chart);
    row.append(...Object.values(cells));
    rows.set(card.name, { row, cells, bars });
  }
  for (const card of [...cards].sort((one, other) => one.title.localeCompare(other.title))) $("model").add(new Option(card.title, card.name));
  for (let digit = 0; digit < 10; digit++) {
    const button = make("button");
    button.type = "button";
    button.append(make("span", digit), make("i"));
    button.addEventListener("click", () => { target = target === digit ? null : digit; show(); ask(); });
    $("bars").append(button);
    $("example-digit").add(new Option(digit, digit));
  }
  $("example-digit").add(new Option("Any", ""), 0);
  $("example-digit").value = "";
  $("model").addEventListener("change", () => choose($("model").value));
  for (const button of $("headings").querySelectorAll("button")) button.addEventListener("click", () => sortBy(button.dataset.key));
  $("layers").addEventListener("toggle", ask);
  new ResizeObserver(draw).observe(pad);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  sortRows();
}

function choose(name) {
  focus = $("model").value = name;
  target = null;
  show();
  ask();
}

async function begin() {
  for (let failures = 0; !cards.length; failures++) {
    try {
      cards = (await fetchJson("/v1/models")).models.filter((card) => !card.error);
      banner("");
    } catch (error) {
      await failed(error);
      await sleep(Math.min(500 * 2 ** failures, 4000));
    }
  }
  build();
  $("state").textContent = `${cards.length} model${cards.length === 1 ? "" : "s"} ready`;
  choose(cards.reduce((best, card) => (accuracy(card) > accuracy(best) ? card : best)).name);
}

begin();
