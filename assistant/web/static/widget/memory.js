// The conversation over page changes, in this tab only, for each server; bounded, and of this version or nothing.

const TURNS = 10, CHARACTERS = 400_000;

const key = (server) => `document-assistant/1/${server}`;

export function remember(server, { turns, ...rest }) {
  for (let kept = turns.slice(-TURNS); ; kept = kept.slice(1)) {
    const written = JSON.stringify({ ...rest, turns: kept });
    if (written.length > CHARACTERS && kept.length) continue;
    try { sessionStorage.setItem(key(server), written); } catch { /* no room or no permission: then it lasts for this page */ }
    return;
  }
}

export function recall(server) {
  try {
    const found = JSON.parse(sessionStorage.getItem(key(server)));
    return Array.isArray(found?.turns) ? found : { turns: [] };
  } catch {
    return { turns: [] };
  }
}
