"""A real MediaWiki (Debian's package) with a folder and a database of its own, served by PHP's own server."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from tests.browser import php

PROGRAM = Path("/usr/share/mediawiki")
MISSING = (
    None
    if shutil.which("php") and (PROGRAM / "index.php").exists()
    else "there is no MediaWiki; `make mediawiki` installs Debian's packages and runs these tests"
)
# It asks nobody else, does no jobs while a page is shown, and keeps nothing outside its folder.
_SETTINGS = """
$wgCacheDirectory = "{folder}/cache";
$wgUploadDirectory = "{folder}/images";
$wgFavicon = "/resources/assets/mediawiki.png";
$wgLogos = [ "1x" => "/resources/assets/mediawiki.png" ];
$wgJobRunRate = 0;
"""


@dataclass(frozen=True, slots=True)
class MediaWiki:
    """Its address and its folder, which holds LocalSettings.php."""

    address: str
    folder: Path

    def write(self, title: str, source: str) -> None:
        """A page, as `Harbour tram` or `MediaWiki:Common.js`."""
        _run(self.folder, "edit", title, written=source)

    def url(self, title: str) -> str:
        """The address of a page as the wiki's own links have it, up to what need not be percent-encoded."""
        return f"{self.address}/index.php/{quote(title.replace(' ', '_'))}"

    def export(self, file: Path) -> None:
        """The newest form of all pages as XML, as docs/widget.md has it."""
        _run(self.folder, "dumpBackup", "--current", f"--output=file:{file}")

    def shown(self, title: str) -> bytes:
        """A page as MediaWiki renders it, without what stands around it."""
        with urlopen(f"{self.url(title)}?action=render", timeout=20) as answer:
            content: bytes = answer.read()
        return content

    @contextmanager
    def set(self, settings: str) -> Iterator[None]:
        """With these lines of PHP at the end of LocalSettings.php."""
        file = self.folder / "LocalSettings.php"
        before = file.read_text()
        file.write_text(f"{before}{settings}\n")
        try:
            yield
        finally:
            file.write_text(before)


@contextmanager
def served(folder: Path) -> Iterator[MediaWiki]:
    """A MediaWiki that keeps all it has in `folder` and answers until it is left."""
    address = php.free_address()
    database = ("--dbtype=sqlite", f"--dbpath={folder / 'database'}", "--dbname=wiki")
    place = (f"--confpath={folder}", f"--server={address}", "--scriptpath=")
    _run(folder, "install", *database, *place, "--skins=Vector", "--pass=not to be signed in with", "City", "Keeper")
    with (folder / "LocalSettings.php").open("a") as settings:
        settings.write(_SETTINGS.replace("{folder}", str(folder)))
    at_once = ("-d", "opcache.revalidate_freq=0")  # settings are read anew when they were changed
    with php.serving(PROGRAM, address, folder / "php.log", *at_once, environment=_environment(folder)):
        yield MediaWiki(address, folder)


def _run(folder: Path, script: str, *arguments: str, written: str = "") -> None:
    """One of MediaWiki's own maintenance scripts."""
    command = ["php", str(PROGRAM / "maintenance" / f"{script}.php"), *arguments]
    done = subprocess.run(command, input=written, env=_environment(folder), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{script} failed: {done.stdout}{done.stderr}")


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "MW_CONFIG_FILE": str(folder / "LocalSettings.php")}
