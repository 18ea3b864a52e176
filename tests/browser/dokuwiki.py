"""A real DokuWiki (Debian's package) with a folder of its own, served by PHP's own server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from tests.browser import php

PROGRAM = Path("/usr/share/dokuwiki")
_SETUP = Path("/etc/dokuwiki")
MISSING = (
    None
    if shutil.which("php") and (PROGRAM / "doku.php").exists()
    else "there is no DokuWiki; install Debian's packages dokuwiki, php-cli and php-xml to run these tests"
)


@dataclass(frozen=True, slots=True)
class DokuWiki:
    """Its address, its folder of pages and its folder of settings, where the hooks are."""

    address: str
    pages: Path
    conf: Path

    def write(self, name: str, source: str) -> None:
        """A page, as `city:tram`."""
        path = self.pages / f"{name.replace(':', '/')}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)

    def url(self, name: str) -> str:
        """The address of a page."""
        return f"{self.address}/doku.php?id={name}"

    def shown(self, name: str) -> bytes:
        """A page as DokuWiki renders it, without what stands around it."""
        with urlopen(f"{self.url(name)}&do=export_xhtmlbody", timeout=20) as answer:
            content: bytes = answer.read()
        return content


@contextmanager
def served(folder: Path) -> Iterator[DokuWiki]:
    """A DokuWiki that keeps all it has in `folder` and answers until it is left."""
    conf, data = folder / "conf", folder / "data"
    shutil.copytree(_SETUP, conf, ignore=shutil.ignore_patterns("*.auth.php", "local.php", "apache.conf"))
    for part in (
        "attic",
        "cache",
        "index",
        "locks",
        "log",
        "media",
        "media_attic",
        "media_meta",
        "meta",
        "pages",
        "tmp",
    ):
        (data / part).mkdir(parents=True)
    (conf / "local.php").write_text(f"<?php $conf['title'] = 'City'; $conf['savedir'] = '{data}'; $conf['useacl'] = 0;")
    first = folder / "first.php"
    first.write_text(f"<?php define('DOKU_MAIN_CONF', '{conf}/'); define('DOKU_CONF', '{conf}/');")
    address = php.free_address()
    with php.serving(PROGRAM, address, folder / "php.log", "-d", f"auto_prepend_file={first}"):
        yield DokuWiki(address, data / "pages", conf)
