// What the bot says, as it says it: by server-sent events, or by asking again and again where those do not come through.

const HELLO_WITHIN = 4000; // milliseconds; a stream that says nothing until then is held up by something on the way
const BEAT_WITHIN = 50000; // the bot gives a sign of life every 20 seconds
const ASK_EVERY = 2000;
const AGAIN_AFTER = 3000;

export class Feed {
  // `on.item(item)`: the next message, each once and in order. `on.gone()`: the conversation is not ours any more.
  #base;
  #on;
  #last;
  #source = null;
  #watch;
  #asking;

  constructor(base, last, on) {
    this.#base = base;
    this.#last = last;
    this.#on = on;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#rest() : this.start()));
    addEventListener("online", () => this.start());
    addEventListener("pageshow", (event) => event.persisted && this.start());
  }

  start() {
    this.#rest();
    const source = new EventSource(`${this.#base}/stream?after=${this.#last}`);
    this.#source = source;
    this.#expect(HELLO_WITHIN);
    for (const name of ["hello", "beat"]) source.addEventListener(name, () => this.#alive());
    source.addEventListener("message", (event) => {
      this.#alive();
      this.#take(JSON.parse(event.data));
    });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED && source === this.#source) this.#ask(AGAIN_AFTER);
    });
  }

  // Ask once, now or soon: for an answer that should have come by now.
  async catchUp() {
    let response;
    try {
      response = await fetch(`${this.#base}/messages?after=${this.#last}`);
    } catch {
      return; // no connection: the stream, or the next question, finds out what was missed
    }
    if (response.status === 401) {
      this.#rest();
      this.#on.gone();
    }
    if (!response.ok) return;
    for (const item of (await response.json()).items) this.#take(item);
  }

  #take(item) {
    if (item.number <= this.#last) return;
    this.#last = item.number;
    this.#on.item(item);
  }

  #rest() {
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#watch);
    clearInterval(this.#asking);
    this.#asking = null;
  }

  #alive() {
    clearInterval(this.#asking);
    this.#asking = null;
    this.#expect(BEAT_WITHIN);
  }

  #expect(within) {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#ask(0), within);
  }

  // Go on by asking, and try the stream again every now and then.
  #ask(after) {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.start(), after || BEAT_WITHIN);
    if (this.#asking) return;
    this.catchUp();
    this.#asking = setInterval(() => this.catchUp(), ASK_EVERY);
  }
}
