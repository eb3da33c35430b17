// What the person sends, kept in the browser until the bot has confirmed that it is stored.
//
// Every message is an item of its own in localStorage, named by when it was made and by its id, so that several tabs
// share one queue. A message that is sent twice has the same id, and the bot takes it once.

const FIRST_WAIT = 1000; // milliseconds; doubled at each failure
const LONGEST_WAIT = 15000;

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // an address without TLS has no randomUUID
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

class Kept {
  // localStorage, or, where the browser allows none, memory alone.
  #memory = new Map();

  set(key, value) {
    this.#memory.set(key, value);
    try {
      localStorage.setItem(key, value);
    } catch {
      // full or forbidden: it is kept as long as the page is open
    }
  }

  delete(key) {
    this.#memory.delete(key);
    try {
      localStorage.removeItem(key);
    } catch {
      // see above
    }
  }

  keys(prefix) {
    const stored = [];
    try {
      for (let place = 0; place < localStorage.length; place++) stored.push(localStorage.key(place));
    } catch {
      // see above
    }
    return [...new Set([...stored, ...this.#memory.keys()])].filter((key) => key.startsWith(prefix)).sort();
  }

  get(key) {
    try {
      return localStorage.getItem(key) ?? null;
    } catch {
      return this.#memory.get(key) ?? null;
    }
  }
}

export class Outgoing {
  // `on.confirmed(message)`, `on.refused(message, status)`: what became of one. `on.trouble(kind)`: "offline", "busy",
  // or null when it is over.
  #url;
  #prefix;
  #kept = new Kept();
  #on;
  #running = false;
  #failures = 0;
  #timer;

  constructor(url, name, on) {
    this.#url = url;
    this.#prefix = `prescreen:${name}:`;
    this.#on = on;
    addEventListener("online", () => this.flush());
  }

  // The messages not confirmed yet, the oldest first.
  waiting() {
    return this.#kept.keys(this.#prefix).map((key) => JSON.parse(this.#kept.get(key) ?? "null")).filter(Boolean);
  }

  add(said, label) {
    const message = { key: `${this.#prefix}${Date.now().toString().padStart(15, "0")}:${newId()}`, label, said };
    said.id = message.key.slice(-36);
    this.#kept.set(message.key, JSON.stringify(message));
    this.flush();
    return message;
  }

  forget() {
    for (const key of this.#kept.keys(this.#prefix)) this.#kept.delete(key);
  }

  async flush() {
    if (this.#running) return;
    this.#running = true;
    clearTimeout(this.#timer);
    try {
      let [message] = this.waiting();
      while (message && (await this.#send(message))) [message] = this.waiting();
    } finally {
      this.#running = false;
    }
  }

  // Send one message; whether the next may follow.
  async #send(message) {
    let response;
    try {
      response = await fetch(this.#url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(message.said),
      });
    } catch {
      return this.#later("offline");
    }
    if (response.status === 202) {
      this.#done(message);
      this.#on.confirmed(message);
      return true;
    }
    if (response.status === 429 || response.status >= 500) {
      const seconds = Number(response.headers.get("Retry-After")) || 0;
      return this.#later(response.status === 429 ? "busy" : "offline", seconds * 1000);
    }
    this.#done(message);
    this.#on.refused(message, response.status);
    return true;
  }

  #done(message) {
    this.#kept.delete(message.key);
    this.#failures = 0;
    this.#on.trouble(null);
  }

  #later(kind, least = 0) {
    this.#on.trouble(kind);
    const wait = Math.max(least, Math.min(FIRST_WAIT * 2 ** this.#failures, LONGEST_WAIT));
    this.#failures += 1;
    this.#timer = setTimeout(() => this.flush(), wait);
    return false;
  }
}
