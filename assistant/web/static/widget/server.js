// Talking to the assistant's server: sessions, questions as streams of events, and each refusal in words.

import { say } from "../parts/texts.js";

const SILENCE = 60_000; // milliseconds without a byte; the server sends one every 15 seconds

export class Refused extends Error {
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

export class Server {
  constructor({ server, token, texts }) {
    this.address = server;
    this.token = token;
    this.texts = texts;
    this.session = null;
  }

  async get(path) {
    return (await this.send(path, { headers: {} })).json();
  }

  async post(path, body, accept = "application/json", signal = null) {
    const headers = { "content-type": "application/json", accept };
    return this.send(path, { method: "POST", headers, body: JSON.stringify(body), signal });
  }

  // The events of an answer: [name, data]. A stream may be cut anywhere, inside a character too.
  async* ask(body, stop) {
    let watch = null;
    const alive = () => { clearTimeout(watch); watch = setTimeout(() => stop.abort(new Refused(this.texts.noServer, this.texts.noServerHint)), SILENCE); };
    try {
      alive();
      const response = await this.post("api/ask", body, "text/event-stream", stop.signal);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        alive();
        const blocks = (rest + value).split(/\r?\n\r?\n/);
        rest = blocks.pop();
        yield* blocks.map(eventOf).filter(Boolean);
      }
    } catch (error) {
      throw stop.signal.aborted ? stop.signal.reason : error instanceof Refused ? error : new Refused(this.texts.noServer, this.texts.noServerHint);
    } finally {
      clearTimeout(watch);
    }
  }

  // A session may have run out or been forgotten by the server: it is asked for anew, once.
  async send(path, request) {
    const once = async () => {
      if (this.token) request.headers.authorization = `Bearer ${await this.key()}`;
      return fetched(this, path, request);
    };
    let response = await once();
    if (response.status === 401 && this.token) {
      this.session = null;
      response = await once();
    }
    if (!response.ok) throw await this.refusal(response);
    return response;
  }

  async key() {
    if (!this.session || Date.now() > this.session.until) {
      const token = await tokenOf(this.token).catch(() => { throw new Refused(this.texts.noSession, this.texts.noSessionHint); });
      const body = JSON.stringify({ token });
      const response = await fetched(this, "api/session", { method: "POST", headers: { "content-type": "application/json" }, body });
      if (!response.ok) throw await this.refusal(response);
      const { session, seconds } = await response.json();
      this.session = { session, until: Date.now() + (seconds - 5) * 1000 };
    }
    return this.session.session;
  }

  async refusal(response) {
    const { texts } = this;
    const told = await response.json().catch(() => ({}));
    switch (response.status) {
      case 401: return new Refused(texts.noSession, texts.noSessionHint);
      case 403: return new Refused(texts.forbidden, texts.forbiddenHint);
      case 429: return new Refused(texts.busy, say(texts.busyHint, { n: Number(response.headers.get("retry-after")) || 10 }));
      default: return new Refused(told.error || texts.failed, told.hint || texts.back);
    }
  }
}

async function fetched(server, path, request) {
  try {
    // Credentials of the site itself go along only where the server is behind the same address.
    return await fetch(new URL(path, server.address), { credentials: "same-origin", ...request });
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new Refused(server.texts.noServer, server.texts.noServerHint);
  }
}

// A site gives a token, or a function or an address that yields one, as text or as {"token"}.
async function tokenOf(given) {
  if (typeof given === "function") return given();
  if (!/^(https?:)?\//.test(given)) return given;
  const answer = await (await fetch(given, { cache: "no-store" })).text();
  return answer.startsWith("{") ? JSON.parse(answer).token : answer.trim();
}

function eventOf(block) {
  const lines = block.split(/\r?\n/);
  const name = lines.find((line) => line.startsWith("event:"))?.slice(6).trim();
  const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5)).join("\n");
  return name && data ? [name, JSON.parse(data)] : null;
}
