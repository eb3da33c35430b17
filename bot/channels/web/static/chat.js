// The chat page. What it shows was made by the bot, as HTML; this script sends what the person answers, and adds what the
// bot says. Without it the page works as well, a page load an answer.

import { Feed } from "./feed.js";
import { newId, Outgoing } from "./outgoing.js";
import { figureOf, isPicture, sendPhotos } from "./photos.js";

const ANSWER_WITHIN = 1500; // milliseconds after which an answer that has not come is asked for
const MOST_SHOWN = 600; // characters of an own message; the bot shows no more either
const LARGEST_FILE = 20000; // bytes

const $ = (id) => document.getElementById(id);
const config = $("script").dataset;
const base = `/t/${config.trial}/chat`;
const words = Object.fromEntries(
  Array.from(document.querySelectorAll("[data-notice]"), (each) => [each.dataset.notice, each.textContent]),
);
const log = $("log");
let answerDue;
let news = null; // the first thing that was said since the form was last exchanged

// --- what is said

const feed = new Feed(base, Number(config.last), { item: add, gone: () => say("gone") });

function add(item) {
  clearTimeout(answerDue);
  if (item.cleared) {
    log.replaceChildren();
    outgoing.forget(); // what was written before the erasure is erased as well
  }
  if (item.own) own(item.id)?.remove();
  for (const html of [item.own, item.html]) {
    if (!html) continue;
    log.insertAdjacentHTML("beforeend", html);
    news ??= log.lastElementChild;
  }
  for (const pending of log.querySelectorAll(".own.pending")) log.append(pending);
  if (item.progress) showProgress(...item.progress);
  if (!item.panel) return;
  if (item.locale !== config.locale) {
    location.reload(); // what stands around the conversation changes its language too
    return;
  }
  showPanel(item.panel);
  showButtons();
  show(news ?? log.lastElementChild);
  news = null;
}

function own(id) {
  return id ? log.querySelector(`.own[data-id="${CSS.escape(id)}"]`) : null;
}

function showProgress(number, total) {
  const bar = $("progress");
  Object.assign(bar, { value: number, max: total, hidden: false });
  bar.setAttribute("aria-label", [...log.querySelectorAll(".step")].at(-1)?.textContent ?? `${number} / ${total}`);
}

// Replace the form, and keep what was being written and where the keyboard was.
function showPanel(html) {
  const before = $("panel");
  const written = $("answer")?.value ?? "";
  const focused = before.contains(document.activeElement) ? document.activeElement.id : null;
  $("place").innerHTML = html;
  if ($("answer")) $("answer").value = written;
  if (focused !== null) ($(focused) ?? $("panel")).focus({ preventScroll: true });
}

// Bring what is new into view: all of it, or, where it is taller than the window, its beginning.
function show(first) {
  const height = $("panel").getBoundingClientRect().bottom - first.getBoundingClientRect().top;
  const fits = height < innerHeight - document.querySelector("header").offsetHeight;
  if (fits) $("place").scrollIntoView({ block: "end" });
  else first.scrollIntoView({ block: "start" });
}

// What only a script can do is not shown without one.
function showButtons() {
  for (const button of document.querySelectorAll(".by-script[hidden]")) button.hidden = false;
}

// --- what is sent

const outgoing = new Outgoing(`${base}/say`, config.chat, {
  confirmed(message) {
    own(message.said.id)?.classList.remove("pending");
    answerDue = setTimeout(() => feed.catchUp(), ANSWER_WITHIN);
  },
  refused(message, status) {
    own(message.said.id)?.remove();
    $("panel").classList.remove("sent");
    if (status === 410) showErasure();
    else say(status === 401 ? "gone" : "refused");
  },
  trouble: say,
});

function send(said, label) {
  showPending(outgoing.add(said, label));
  if (said.kind !== "text") $("panel").classList.add("sent");
}

function showPending({ said, label }) {
  if (!label || own(said.id)) return;
  const article = document.createElement("article");
  article.className = "own pending";
  article.dataset.id = said.id;
  const speaker = document.createElement("span");
  speaker.className = "vh";
  speaker.textContent = words.you;
  const text = document.createElement("p");
  text.dir = "auto";
  text.textContent = label.length > MOST_SHOWN ? `${label.slice(0, MOST_SHOWN)}…` : label;
  const state = document.createElement("small");
  state.textContent = words.pending;
  article.append(speaker, text, state);
  log.append(article);
  show(article);
}

function sendText(text) {
  if (text.trim()) send({ kind: "text", text }, text);
}

function sendButton(button) {
  const { name, value, textContent: label, dataset } = button;
  const form = new FormData($("panel"));
  const session = dataset.session ?? form.get("session") ?? "";
  if (name === "choice") {
    const beside = "session" in dataset; // it stands beside a message: what it asks for shows by itself
    send({ kind: "choice", choice: value, step: Number(form.get("step") ?? 0), session }, beside ? "" : label);
  } else if (name === "command") send({ kind: "command", command: value }, label);
  else if (name === "locale") send({ kind: "language", locale: value }, label);
  $("menu").open = false;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("#panel") || event.target.dataset.state === "erased") return;
  event.preventDefault();
  const button = event.submitter;
  if (button && button.name !== "action") {
    if (!$("panel").classList.contains("sent") || button.name !== "choice") sendButton(button);
    return;
  }
  sendText($("answer").value);
  $("answer").value = "";
  $("answer").focus();
});

document.addEventListener("keydown", (event) => {
  const enter = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  if (enter && event.target.id === "answer") {
    event.preventDefault();
    $("panel").requestSubmit(document.querySelector(".send"));
  }
  if (event.key === "Escape" && $("menu").open) {
    $("menu").open = false;
    $("menu").querySelector("summary").focus();
  }
});

document.addEventListener("change", async (event) => {
  if (event.target.id !== "file") return;
  const files = [...event.target.files];
  const [file] = files;
  event.target.value = "";
  if (!file) return;
  if (files.some(isPicture)) return sendSlip(files.filter(isPicture));
  if (file.size > LARGEST_FILE) return say("file.too_large");
  const text = await file.text();
  if (text.includes("\0") || text.includes("\ufffd")) return say("file.not_text");
  say(null);
  sendText(text);
});

// Pictures are not kept in the browser: where they do not come through, the person is told, and sends them again.
async function sendSlip(files) {
  const said = { id: newId() };
  showPending({ said, label: words["photo.sent"] });
  say("photo.reading");
  const { status, picture } = await sendPhotos(`${base}/photo`, said.id, files);
  if (status !== 200) {
    own(said.id)?.remove();
    if (status === 410) return showErasure();
    return say({ 401: "gone", 413: "photo.too_large", 429: "busy", 400: "refused" }[status] ?? "offline");
  }
  say(null);
  own(said.id)?.classList.remove("pending");
  await feed.catchUp();
  const table = [...log.querySelectorAll(".slip_read")].at(-1);
  if (picture && table && !table.querySelector("figure")) {
    table.prepend(figureOf(picture, words["photo.alt"]));
    show(table);
  }
}

// All was deleted, in another tab or for its age: the last word of the conversation says so, where there is one.
async function showErasure() {
  await feed.catchUp();
  say($("panel").dataset.state === "erased" ? null : "gone");
}

// --- what stands around it

function say(key) {
  const notice = $("notice");
  notice.hidden = !key;
  notice.replaceChildren(key === "gone" ? startAgain() : key ? words[key] : "");
}

// Where the conversation is not this browser's any more, the sentence that says so leads to where one starts.
function startAgain() {
  const link = document.createElement("a");
  link.href = `/t/${config.trial}`;
  link.textContent = words.gone;
  return link;
}

document.addEventListener("click", (event) => {
  if (event.target.closest(".keyboard")) switchKeyboard(event.target);
  else if (event.target.closest(".print")) print();
  else if (!event.target.closest("#menu")) $("menu").open = false;
});

// A unit has letters: the keys for numbers are only where a phone begins.
function switchKeyboard(button) {
  const field = $("answer");
  const letters = field.inputMode === "decimal";
  field.inputMode = letters ? "text" : "decimal";
  button.textContent = letters ? "123" : "abc";
  field.blur();
  field.focus();
}

$("device").addEventListener("click", async () => {
  const response = await fetch(`${base}/code?lang=${config.locale}`, { method: "POST" }).catch(() => null);
  if (!response?.ok) return say(response?.status === 429 ? "busy" : "offline");
  $("dialog-content").innerHTML = (await response.json()).html;
  $("menu").open = false;
  $("dialog").showModal();
});

// On paper: the last result with its reasons, the last table of all answers, and the reference. Made here alone.
addEventListener("beforeprint", () => {
  for (const kind of ["assessed", "review_shown", "referral_requested"]) {
    const all = log.querySelectorAll(`.${kind}`);
    all.forEach((each, place) => (each.dataset.print = place === all.length - 1));
  }
  log.classList.toggle("has-result", log.querySelector(".assessed") !== null);
  $("printed").textContent = new Date().toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
});

for (const message of outgoing.waiting()) showPending(message);
outgoing.flush();
feed.start();
showButtons();
show([...log.querySelectorAll(".own")].at(-1) ?? log.firstElementChild);
