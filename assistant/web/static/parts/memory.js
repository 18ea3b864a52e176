// A conversation over page changes and reloads, in this tab only, by the name of where it is held (of the widget, its server);
// bounded, and of this version or nothing.

const TURNS = 10, CHARACTERS = 400_000;

const key = (name) => `document-assistant/1/${name}`;

export function remember(name, { turns, ...rest }, most = TURNS) {
  for (let kept = turns.slice(-most); ; kept = kept.slice(1)) {
    const written = JSON.stringify({ ...rest, turns: kept });
    if (written.length > CHARACTERS && kept.length) continue;
    try { sessionStorage.setItem(key(name), written); } catch { /* no room or no permission: then it lasts for this page */ }
    return;
  }
}

export function recall(name) {
  try {
    const found = JSON.parse(sessionStorage.getItem(key(name)));
    return Array.isArray(found?.turns) ? found : { turns: [] };
  } catch {
    return { turns: [] };
  }
}
