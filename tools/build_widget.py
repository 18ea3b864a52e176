"""Build the widget: our script modules and style sheets joined and made small, as one classic script.

It knows just what our modules use: imports of names at the start of a line, `export` before a declaration. Whatever
else it meets is an error here, not a broken script in a browser. Run after a change of the sources: make widget
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path

STATIC = Path(__file__).parent.parent / "assistant" / "web" / "static"
BUILT = STATIC / "widget.js"
ENTRY = "widget/main.js"
SHEETS = ("theme.css", "parts/answers.css", "widget/widget.css")

_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.{1,2}/[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|let|function|class)\b)", re.MULTILINE)
_DECLARED = re.compile(r"^(?:export )?(?:async )?(?:const|let|function\*?|class) (\w+)", re.MULTILINE)
_EXPORTED = re.compile(r"^export (?:async )?(?:const|let|function\*?|class) (\w+)", re.MULTILINE)
_LEFT = re.compile(r"^\s*(?:import|export)\b|\bimport\(|\bimport\.meta\b", re.MULTILINE)


class BundleError(ValueError):
    """A module uses a form that is not joined here; it names the module and the form."""


def main() -> None:
    """Build and say how large it became."""
    import minify

    modules, sheets = sources()
    joined = join({**modules, "widget/styles.js": f"export const STYLES = {json.dumps(small_styles(sheets))};\n"})
    BUILT.write_text(f"/* {digest()} */\n{minify.string('application/javascript', joined)}\n")
    print(f"{BUILT.name}: {BUILT.stat().st_size} bytes")


def digest() -> str:
    """What the built script says of its sources: their SHA-256, to tell whether it was built from these."""
    modules, sheets = sources()
    return hashlib.sha256(json.dumps([modules, sheets]).encode()).hexdigest()


def sources() -> tuple[dict[str, str], list[str]]:
    """The modules that the widget is made of, in the order of their imports, and its style sheets."""
    modules: dict[str, str] = {}
    _collect(ENTRY, modules, ())
    return modules, [(STATIC / sheet).read_text() for sheet in SHEETS]


def join(modules: Mapping[str, str]) -> str:
    """Modules as one classic script that declares no global name. Raises BundleError for what it cannot join."""
    owner: dict[str, str] = {}
    for module, text in modules.items():
        for name in _DECLARED.findall(text):  # in one script all modules share their names
            if name in owner:
                raise BundleError(f"{name} is declared in {owner[name]} and in {module}")
            owner[name] = module
    body = []
    for module, text in modules.items():
        bare = _EXPORT.sub("", _IMPORT.sub("", text))
        if left := _LEFT.search(bare):
            raise BundleError(f"{module} holds {left.group().strip()!r}, which cannot be joined")
        body.append(bare)
    return f';(() => {{\n"use strict";\n{"".join(body)}}})();\n'


def small_styles(sheets: list[str]) -> str:
    """The style sheets as one. What the pages set on their root is set on the widget's own."""
    import minify

    small: str = minify.string("text/css", "\n".join(sheets).replace(":root", ".da-root"))
    return small


def _collect(name: str, modules: dict[str, str], above: tuple[str, ...]) -> None:
    if name in above:
        raise BundleError(f"{name} imports itself by way of {', '.join(above)}")
    text = (STATIC / name).read_text()
    for names, path in _IMPORT.findall(text):
        imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        if imported not in modules:
            _collect(imported, modules, (*above, name))
        missing = {wanted.strip() for wanted in names.split(",")} - {*_EXPORTED.findall(modules[imported])}
        if missing:
            raise BundleError(f"{name} imports {', '.join(sorted(missing))}, which {imported} does not export")
    modules[name] = text


if __name__ == "__main__":
    main()
