"""Build the widget's one script from its modules and style sheets, with esbuild and terser. After a change of them:
make widget

The result is kept with the sources, so that nobody else needs these; a test tells when it was not built from them.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import string
import subprocess
import sys
from collections import Counter
from pathlib import Path

STATIC = Path(__file__).parent.parent / "assistant" / "web" / "static"
BUILT = STATIC / "widget.js"
SHEETS = ("theme.css", "parts/answers.css", "widget/widget.css")
# Properties of the widget's own objects, which get a letter. Those that go to a server, a page or a store, or are of
# the browser, keep their names.
OWN = (
    "bubble build button cited closed escape feedback fill given isOpen keep leave log node nodes opened panel placed"
    " redraw retry running settings speak talk turn wasOpen"
)


def main() -> None:
    """Build, or say what is missing."""
    lacking = [tool for tool in ("esbuild", "terser") if not shutil.which(tool)]
    if lacking:
        sys.exit(f"The widget cannot be built without {' and '.join(lacking)}: npm install -g esbuild terser")
    # What the pages set on their root is set on the widget's own.
    sheets = "\n".join((STATIC / sheet).read_text() for sheet in SHEETS).replace(":root", ".da-root")
    # Spaces in the value of a custom property are kept by esbuild, which cannot know what it is for.
    styles = re.sub(r"(?<=[:,]) (?=light-dark|#)", "", _esbuild("--loader=css", text=sheets).strip())
    script = _esbuild(
        str(STATIC / "widget" / "main.js"),
        "--bundle",
        "--format=iife",
        "--target=es2022",
        f"--define:STYLES={json.dumps(styles)}",
        '--define:SERVED="__SERVED__"',
    )
    # It may be made part of another script, whose last statement need not have ended.
    BUILT.write_text(f"/* {digest()} */\n;{_minified(_shortened(script))}")
    print(f"{BUILT.name}: {BUILT.stat().st_size} bytes")


def digest() -> str:
    """The first half of the SHA-256 of the sources, which the script bears in its first line."""
    files = sorted([*STATIC.glob("widget/*"), *STATIC.glob("parts/*.js"), *(STATIC / sheet for sheet in SHEETS)])
    texts = [(str(file.relative_to(STATIC)), file.read_text()) for file in dict.fromkeys(files)]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:32]


def _shortened(script: str) -> str:
    """The script with a letter for each of our custom properties, all of which the widget's root sets itself."""
    names = [name for name, _ in Counter(re.findall(r"--da-[a-z-]+", script)).most_common()]
    letters = dict(zip(names, string.ascii_letters, strict=False))
    return re.sub(r"--da-[a-z-]+", lambda found: f"--{letters[found[0]]}", script)


def _minified(script: str) -> str:
    """The script as terser has it, which is 3 % smaller when compressed than what esbuild makes alone."""
    own = f"regex=/^({OWN.replace(' ', '|')})$/"
    compress = "passes=3,unsafe,unsafe_arrows,pure_getters,sequences=false,keep_fargs=false"
    command = ["terser", "--compress", compress, "--mangle", "--mangle-props", own]
    command += ["--ecma", "2022"]
    return subprocess.run(command, check=True, input=script, stdout=subprocess.PIPE, text=True).stdout.strip()


def _esbuild(*arguments: str, text: str | None = None) -> str:
    command = ["esbuild", *arguments, "--minify", "--charset=utf8", "--log-level=warning"]
    return subprocess.run(command, check=True, input=text, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
