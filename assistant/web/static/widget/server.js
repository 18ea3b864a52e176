// Talking to the assistant's server: sessions, questions as streams of events, and each refusal in words.

import { el } from "../parts/dom.js";
import { say } from "../parts/texts.js";
import { told } from "./settings.js";

const SESSION = "api/session";

// A token holds once: what it was exchanged for is there for whoever else brings it, also when all is drawn anew.
const exchanged = {}; // the answer by its token

export class Refused extends Error {
  constructor(message, hint = "") {
    super(message);
    this.hint = hint;
  }
}

// `heard` is told who asks, once a token has said it.
export function connect({ server, nonce, token, texts }, heard) {
  let session, until;
  let met = false; // whether it has answered this page

  // The events of an answer: [name, data]. A stream may be cut anywhere, inside a character too.
  async function* ask(body, signal) {
    const reader = (await send("api/ask", body, signal)).body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ;) {
      const { value, done } = await reader.read().catch(() => gone(signal));
      if (done) return;
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop();
      yield* blocks.map(eventOf).filter(Boolean);
    }
  }

  // With a body it is posted. A session may have run out or be forgotten by the server: it is asked for anew, once.
  async function send(path, body, signal, again = true) {
    const known = token && path !== SESSION;
    const headers = known ? { authorization: `Bearer ${await key()}` } : {};
    if (body) headers["content-type"] = "application/json";
    const request = { method: body ? "POST" : "GET", body: body && JSON.stringify(body), headers, signal };
    const response = await fetch(server + path, request).catch(() => gone(signal));
    met = true;
    if (response.status === 401 && known && again) {
      session = null;
      return send(path, body, signal, false);
    }
    if (!response.ok) throw await refusal(response);
    return response;
  }

  async function key() {
    if (!session || Date.now() > until) {
      const given = await tokenOf(token).catch(() => { throw refused("noSession"); });
      exchanged[given] ??= send(SESSION, { token: given }).then((response) => response.json());
      const found = await exchanged[given].catch((fault) => { delete exchanged[given]; throw fault; });
      session = found.session;
      heard(found.known_as);
      until = Date.now() + (found.seconds - 5) * 1000;
    }
    return session;
  }

  const refused = (name, values = {}) => new Refused(texts[name], say(texts[`${name}Hint`], values));

  // What a fetch that failed means: it was stopped, this page may not ask, or the server cannot be reached.
  async function gone(signal) {
    if (signal?.aborted) throw signal.reason;
    if (met || !await sendsScript(server, nonce)) throw refused("noServer");
    told(`this page may not ask; put ${location.origin} into allowed_origins, and ${server} into connect-src.`);
    throw refused("forbidden");
  }

  async function refusal(response) {
    const name = { 401: "noSession", 403: "forbidden", 429: "busy" }[response.status];
    const { error, hint } = await response.json().catch(() => ({}));
    return name ? refused(name, { n: response.headers.get("retry-after") || 10 }) : new Refused(error || texts.failed, hint);
  }

  return { ask, send, key };
}

// A browser does not tell a script that its page was refused from a server that is gone. The widget's script, though, is
// sent to every page: a server that sends it, and never answered anything else, refuses this one.
const sendsScript = (server, nonce) => new Promise((tell) => {
  const script = el("script", { src: `${server}widget.js?${Date.now()}`, nonce, onload: () => tell(true), onerror: () => tell(false) });
  document.head.append(script);
  script.remove();
}).catch(() => false);

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
