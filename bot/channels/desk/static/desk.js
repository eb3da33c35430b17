// Shows what changes without a page being loaded again. Without it everything works by forms and links.

const live = () => document.querySelectorAll("[data-live]");
const reference = document.querySelector("[data-reference]")?.dataset.reference;
// The page of a contact is the answer to a form: what is loaded again is the card, without the contact.
const here = (reference ? `/desk/referral/${reference}` : location.pathname) + location.search;

/** Takes over the parts of a newer page, but for one in which somebody is writing. */
function swap(html) {
  const newer = new DOMParser().parseFromString(html, "text/html");
  for (const part of live()) {
    const next = newer.getElementById(part.id);
    if (!next || part.innerHTML === next.innerHTML || isWritten(part)) continue;
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    const wasAtEnd = part.scrollHeight - part.scrollTop - part.clientHeight < 40;
    part.replaceWith(next);
    if (focused) (document.getElementById(focused) ?? document.getElementById("main")).focus();
    if (wasAtEnd) next.scrollTop = next.scrollHeight;
  }
}

const isWritten = (part) =>
  part.querySelector("details[open]") || [...part.querySelectorAll("textarea")].some((field) => field.value);

/** Loads the page as it is now. Where nobody is signed in any more, it leads to where one signs in. */
async function refresh() {
  const answer = await fetch(here, { headers: { Accept: "text/html", "X-By-Itself": "yes" } });
  if (answer.redirected) location.replace(answer.url);
  else if (answer.ok) swap(await answer.text());
}

let waiting = 0;

/** Changes that come together are shown together. */
function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => refresh().catch(() => {}), 150);
}

function listen() {
  const stream = new EventSource("/desk/stream");
  let lost = false;
  stream.addEventListener("changed", (event) => {
    if (!reference || JSON.parse(event.data).reference === reference) soon();
  });
  stream.addEventListener("out", () => location.replace(here));
  stream.addEventListener("error", () => {
    lost = true;
    if (stream.readyState === EventSource.CLOSED) soon(); // it was refused: where nobody is signed in, the page goes
  });
  stream.addEventListener("hello", () => {
    if (lost) soon();
    lost = false;
  });
  addEventListener("pagehide", () => stream.close());
}

listen();
for (const part of live()) part.scrollTop = part.scrollHeight;
