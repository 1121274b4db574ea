"""What the browser gets from other people's packages: an allowlist of exact files, and the sprite of icons."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from xml.etree import ElementTree

import django_htmx
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

from config.env import BASE_DIR

NODE_MODULES = BASE_DIR / "node_modules"
ICONS = NODE_MODULES / "lucide-static" / "icons"
SPRITE_NAME = "img/icons.svg"

# Address below /static/ -> file in node_modules. A style sheet or script that names a source map brings it along,
# or collecting the files fails.
NPM_FILES = {
    "npm/bootstrap/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "npm/bootstrap/bootstrap.min.css.map": "bootstrap/dist/css/bootstrap.min.css.map",
    "npm/tom-select/tom-select.css": "tom-select/dist/css/tom-select.css",
    "npm/tom-select/tom-select.css.map": "tom-select/dist/css/tom-select.css.map",
    "npm/tom-select/tom-select.complete.min.js": "tom-select/dist/js/tom-select.complete.min.js",
    "npm/tom-select/tom-select.complete.min.js.map": "tom-select/dist/js/tom-select.complete.min.js.map",
    "npm/github/combobox-nav.js": "@github/combobox-nav/dist/index.js",
    "npm/github/markdown-toolbar-element.js": "@github/markdown-toolbar-element/dist/index.js",
    "npm/github/paste-markdown.js": "@github/paste-markdown/dist/bundle.js",
}
# Our style sheets in the order they build on each other, with the medium each is for.
SHEETS = (
    ("vendor", "all"),
    ("tokens", "all"),
    ("base", "all"),
    ("frame", "all"),
    ("controls", "all"),
    ("forms", "all"),
    ("components", "all"),
    ("lists", "all"),
    ("charts", "all"),
    ("overlays", "all"),
    ("editor", "all"),
    ("retro", "all"),
    ("prose", "all"),
    ("code", "all"),
    ("print", "print"),
)
HTMX_FILES = {"django_htmx/htmx-2.min.js": "htmx-2.min.js"}
PACKAGES = {
    "@github/combobox-nav": "npm/github/combobox-nav.js",
    "@github/markdown-toolbar-element": "npm/github/markdown-toolbar-element.js",
    "@github/paste-markdown": "npm/github/paste-markdown.js",
    "tom-select": "npm/tom-select/tom-select.complete.min.js",
}
ICON_IN_TEMPLATE = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']""")
ICON_IN_PYTHON = re.compile(r"""\bicon="([a-z0-9-]+)\"""")
ROOMS_OF_PYTHON = ("config", "kb", "deals")
SVG = "{http://www.w3.org/2000/svg}"


class UnknownIcon(Exception):
    """A template or a module asks for an icon that Lucide does not have."""


def modules() -> dict[str, str]:
    """Map what our scripts may import to addresses below /static/: the packages, and our own scripts as kotohashi/NAME."""
    own = {
        f"kotohashi/{path.stem}": f"js/{path.name}"
        for path in sorted((BASE_DIR / "static" / "js").glob("*.js"))
    }
    return PACKAGES | own


def icons_used() -> dict[str, str]:
    """Collect every icon named in templates and in Python, each with the first file that names it."""
    found: dict[str, str] = {}
    templates = ((path, ICON_IN_TEMPLATE) for path in sorted((BASE_DIR / "templates").rglob("*.html")))
    python = (
        (path, ICON_IN_PYTHON) for room in ROOMS_OF_PYTHON for path in sorted((BASE_DIR / room).rglob("*.py"))
    )
    for path, pattern in (*templates, *python):
        for name in pattern.findall(path.read_text(encoding="utf-8")):
            found.setdefault(name, str(path.relative_to(BASE_DIR)))
    return found


def sprite(names: Iterable[str], folder: Path = ICONS) -> str:
    """Draw the icons of `names` into one SVG of symbols; raise UnknownIcon for a name that the folder lacks."""
    parts = ['<svg xmlns="http://www.w3.org/2000/svg">']
    for name in sorted(set(names)):
        try:
            drawing = ElementTree.parse(folder / f"{name}.svg").getroot()  # noqa: S314  (a pinned package's own file)
        except FileNotFoundError:
            raise UnknownIcon(name) from None
        shapes = "".join(shape(element) for element in drawing)
        parts.append(f'<symbol id="{name}" viewBox="{drawing.get("viewBox")}">{shapes}</symbol>')
    return "".join([*parts, "</svg>\n"])


def shape(element: ElementTree.Element) -> str:
    """Write one path, circle or line back without its namespace."""
    attributes = "".join(f' {key}="{value}"' for key, value in element.attrib.items())
    return f"<{element.tag.removeprefix(SVG)}{attributes}/>"


def sprite_path() -> Path:
    """Tell where the built sprite is kept: with the other things made on this machine."""
    return Path(settings.HOME) / "assets" / "icons.svg"


def build_sprite() -> int:
    """Build the sprite of all icons in use and return how many it holds."""
    used = icons_used()
    try:
        drawn = sprite(used)
    except UnknownIcon as error:
        name = str(error)
        raise UnknownIcon(f"{used[name]} asks for the icon “{name}”, which Lucide does not have") from None
    path = sprite_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own for every draft: a first page asks for many files at once, and each may find the sprite missing.
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as draft:
        draft.write(drawn)
    Path(draft.name).replace(path)
    path.chmod(0o644)
    return len(used)


class ChosenFiles(FileSystemStorage):
    """A storage of a few files from anywhere, each under the name the site gives it."""

    def __init__(self, files: dict[str, Path]) -> None:
        super().__init__(location=str(NODE_MODULES))
        self.files = files

    def path(self, name: str) -> str:
        return str(self.files[name.replace("\\", "/")])


class ChosenFilesFinder(BaseFinder):
    """Finds the files of `chosen()` and nothing else."""

    def chosen(self) -> dict[str, Path]:
        raise LookupError("a finder names its files")

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        file = self.chosen().get(path.replace("\\", "/"))
        found = str(file) if file and file.exists() else ""
        if find_all:
            return [found] if found else []
        return found or None

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        files = self.chosen()
        storage = ChosenFiles(files)
        for name, file in files.items():
            if not file.exists():
                raise FileNotFoundError(f"{file} is missing: run npm ci --ignore-scripts")
            yield name, storage


class NpmFinder(ChosenFilesFinder):
    """Serves the allowed files of node_modules and the sprite built from Lucide's icons."""

    def chosen(self) -> dict[str, Path]:
        files = {name: NODE_MODULES / file for name, file in NPM_FILES.items()}
        path = sprite_path()
        if not path.exists() and ICONS.exists():
            build_sprite()
        return files | {SPRITE_NAME: path}


class HtmxFinder(ChosenFilesFinder):
    """Serves htmx as django-htmx ships it."""

    def chosen(self) -> dict[str, Path]:
        folder = Path(django_htmx.__file__).parent / "static" / "django_htmx"
        return {name: folder / file for name, file in HTMX_FILES.items()}
