// Talking to the assistant's server: sessions, questions as streams of events, and each refusal in words.

import { say } from "../parts/texts.js";

const SESSION = "api/session";

export class Refused extends Error {
  constructor(message, hint = "") {
    super(message);
    this.hint = hint;
  }
}

export class Server {
  constructor({ server, token, texts }) {
    Object.assign(this, { server, token, texts, session: null });
  }

  // The events of an answer: [name, data]. A stream may be cut anywhere, inside a character too.
  async* ask(body, signal) {
    const reader = (await this.send("api/ask", body, signal)).body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ;) {
      const { value, done } = await reader.read().catch(this.gone(signal));
      if (done) return;
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop();
      yield* blocks.map(eventOf).filter(Boolean);
    }
  }

  // With a body it is posted. A session may have run out or be forgotten by the server: it is asked for anew, once.
  async send(path, body, signal, again = true) {
    const known = this.token && path !== SESSION;
    const headers = known ? { authorization: `Bearer ${await this.key()}` } : {};
    if (body) headers["content-type"] = "application/json";
    const request = { method: body ? "POST" : "GET", body: body && JSON.stringify(body), headers, signal, credentials: "same-origin" };
    const response = await fetch(this.server + path, request).catch(this.gone(signal));
    if (response.status === 401 && known && again) {
      this.session = null;
      return this.send(path, body, signal, false);
    }
    if (!response.ok) throw await this.refusal(response);
    return response;
  }

  async key() {
    if (!this.session || Date.now() > this.until) {
      const token = await tokenOf(this.token).catch(() => { throw new Refused(this.texts.noSession, this.texts.noSessionHint); });
      const { session, seconds } = await (await this.send(SESSION, { token })).json();
      this.session = session;
      this.until = Date.now() + (seconds - 5) * 1000;
    }
    return this.session;
  }

  // What a fetch that failed means: it was stopped, or the server cannot be reached.
  gone(signal) {
    const { noServer, noServerHint } = this.texts;
    return () => { throw signal?.aborted ? signal.reason : new Refused(noServer, noServerHint); };
  }

  async refusal(response) {
    const { texts } = this;
    const name = { 401: "noSession", 403: "forbidden", 429: "busy" }[response.status];
    const told = await response.json().catch(() => ({}));
    return name ? new Refused(texts[name], say(texts[`${name}Hint`], { n: response.headers.get("retry-after") || 10 }))
      : new Refused(told.error || texts.failed, told.hint);
  }
}

// A site gives a token, or a function or an address that yields one, as text or as {"token"}.
async function tokenOf(given) {
  if (typeof given === "function") return given();
  if (!/^(https?:)?\//.test(given)) return given;
  const answer = await (await fetch(given, { cache: "no-store" })).text();
  return answer[0] === "{" ? JSON.parse(answer).token : answer.trim();
}

function eventOf(block) {
  const fields = Object.fromEntries(block.split(/\r?\n/).map((line) => line.split(/: ?([^]*)/)));
  return fields.data && [fields.event, JSON.parse(fields.data)];
}
