"""The house's own rules, kept as tests: sizes, names, words, and what the repository may not hold."""

import ast
import json
import re
import statistics
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from config.env import SETTINGS
from config.management.commands import messages

pytestmark = pytest.mark.machine

ROOT = Path(__file__).resolve().parents[1]
NOT_OURS = {
    ".git",
    ".venv",
    "node_modules",
    "var",
    "__pycache__",
    ".hypothesis",
    "test-results",
    ".ruff_cache",
    ".pytest_cache",
    ".mypy_cache",
}
STOREYS = ("config", "kb", "deals")
ROOMLESS_NAMES = {"utils", "helpers", "common", "core", "misc", "lib", "signals"}
MOST_LINES = 400
SEED_TABLES = ROOT / "config" / "demo"  # looked up, not read through
MOST_LINES_OF_A_FUNCTION = 60
MOST_LINES_OF_A_SCRIPT = 60
# Found by their names: by Django for errors, by packages whose templates ours replace.
FOUND_BY_NAME = re.compile(r"^([45]\d\d\.html|account/|bootstrap5/|django/|widgets/|README)")
USED_AS_DATA = {"sudachidict-small"}
SETTINGS_MODULE_LINE = re.compile(r"os\.environ\.setdefault\(\s*\"DJANGO_SETTINGS_MODULE\"")
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b")
MACHINE_PATH = re.compile(r"(?<![\w.:])/(home|root|Users|work)/\w")
TEXT = {".py", ".html", ".txt", ".css", ".js", ".md", ".toml", ".json", ".po", ".svg", ".yml", ".yaml", ""}


def files(folder: Path = ROOT) -> Iterator[Path]:
    """Every file of the repository, as it lies on disk; a bare machine has no git to ask."""
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS:
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


def modules(*folders: str) -> list[Path]:
    return [
        path
        for folder in folders
        for path in files(ROOT / folder)
        if path.suffix == ".py" and "migrations" not in path.parts
    ]


def templates() -> list[Path]:
    return [path for path in files(ROOT / "templates") if path.suffix in {".html", ".txt"}]


def texts() -> list[tuple[str, str]]:
    chosen = [
        path for path in files() if path.suffix in TEXT and path.name not in {"LICENSE", "package-lock.json"}
    ]
    return [(named(path), path.read_text(encoding="utf-8", errors="replace")) for path in chosen]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code_lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


OUR_MODULES = modules(*STOREYS, "tests") + (
    [*modules("benchmarks")] if (ROOT / "benchmarks").is_dir() else []
)


def test_no_module_is_longer_than_one_sitting() -> None:
    read = [path for path in OUR_MODULES if SEED_TABLES not in path.parents]
    assert {named(path): code_lines(path) for path in read if code_lines(path) > MOST_LINES} == {}


def test_functions_are_short() -> None:
    lengths = []
    for path in OUR_MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [
            node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        lengths += [
            ((node.end_lineno or 0) - node.lineno + 1, f"{named(path)}:{node.name}") for node in functions
        ]
    ninety_ninth = statistics.quantiles([length for length, _name in lengths], n=100)[98]
    assert ninety_ninth < MOST_LINES_OF_A_FUNCTION, sorted(lengths)[-10:]


def test_views_are_under_25_lines() -> None:
    long = {}
    for path in modules("config", "kb", "deals"):
        if path.stem != "views" and path.parent.name != "views":
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and [a.arg for a in node.args.args[:1]] == ["request"]:
                length = (node.end_lineno or 0) - node.lineno + 1
                if length >= 25:
                    long[f"{named(path)}:{node.name}"] = length
    assert long == {}


def test_scripts_are_small() -> None:
    scripts = [path for path in files(ROOT / "static") if path.suffix == ".js"]
    assert {
        named(path): code_lines(path) for path in scripts if code_lines(path) >= MOST_LINES_OF_A_SCRIPT
    } == {}


def test_every_module_says_what_it_is() -> None:
    silent = []
    for path in [*OUR_MODULES, ROOT / "manage.py"]:
        source = path.read_text(encoding="utf-8")
        if source.strip() and not ast.get_docstring(ast.parse(source)):
            silent.append(named(path))
    assert silent == []


def test_no_room_is_a_drawer_for_everything() -> None:
    assert [
        named(path)
        for path in OUR_MODULES
        if path.stem in ROOMLESS_NAMES or path.parent.name in ROOMLESS_NAMES
    ] == []


def test_only_env_reads_the_environment() -> None:
    readers = []
    for path in [*modules(*STOREYS), ROOT / "manage.py"]:
        source = SETTINGS_MODULE_LINE.sub("", path.read_text(encoding="utf-8"))
        if re.search(r"\bos\.(environ|getenv|putenv)\b|from os import .*environ", source):
            readers.append(named(path))
    assert readers == ["config/env.py"]


def test_effects_are_called_and_not_hooked() -> None:
    hooked = [
        named(path)
        for path in modules(*STOREYS)
        if re.search(r"django\.dispatch|\.signals\b|@receiver", path.read_text(encoding="utf-8"))
    ]
    assert hooked == []


def test_every_template_is_used() -> None:
    places = "\n".join(path.read_text(encoding="utf-8") for path in [*modules(*STOREYS), *templates()])
    names = [str(path.relative_to(ROOT / "templates")) for path in templates()]
    dead = [
        name
        for name in names
        if not FOUND_BY_NAME.match(name) and f'"{name}"' not in places and f"'{name}'" not in places
    ]
    assert dead == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a style in a tag", r"\sstyle\s*="),
        ("a style sheet in the page", r"<style\b"),
        ("a script in the page", r"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"importmap\")"),
        ("a handler in a tag", r"\s(hx-)?on[:a-z-]+\s*=\s*\""),
        ("a script in an address", r"javascript:"),
    ],
)
def test_templates_hold_no_inline_code(what: str, pattern: str) -> None:
    found = [named(path) for path in templates() if re.search(pattern, path.read_text(encoding="utf-8"))]
    assert found == [], what


def test_japanese_is_complete() -> None:
    assert messages.problems() == []


def test_nothing_is_left_for_later() -> None:
    assert [name for name, text in texts() if UNFINISHED.search(text)] == []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    assert [name for name, text in texts() if MACHINE_PATH.search(text)] == []


def test_every_dependency_has_its_reason() -> None:
    source = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(source)
    names = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    without = [
        name for name in names if not re.search(rf'^  "{re.escape(name)}",\s+# \S+ ', source, re.MULTILINE)
    ]
    assert without == []


def test_every_dependency_is_used() -> None:
    places = "\n".join(path.read_text(encoding="utf-8") for path in [*modules(*STOREYS), ROOT / "run"])
    modules_of: dict[str, list[str]] = {}
    for module, distributions in packages_distributions().items():
        for distribution in distributions:
            modules_of.setdefault(distribution.lower(), []).append(module)
    source = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = [re.split(r"[\[<>=]", name)[0].lower() for name in source["project"]["dependencies"]]
    used = {name for name in names if any(re.search(rf"\b{module}\b", places) for module in modules_of[name])}
    assert set(names) - used - USED_AS_DATA == set()


def test_locks_have_exact_versions_and_hashes_and_name_no_host() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text, path.name
        assert not re.search(
            r"^\s*-",
            re.sub(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$", "", text, flags=re.MULTILINE),
            re.MULTILINE,
        )
        packages = re.findall(r"^([a-z][^\s=]*)==\S+.*\\$", text, re.MULTILINE)
        assert len(packages) == len(re.findall(r"^[a-z]", text, re.MULTILINE)) > 0, path.name


def test_browser_packages_are_pinned_and_name_no_host() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    versions = package["dependencies"] | package["devDependencies"]
    assert [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [
        name for name, entry in locked.items() if "resolved" in entry or (name and "integrity" not in entry)
    ] == []


def test_the_readme_lists_every_setting_with_its_default() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = []
    for setting in SETTINGS:
        default = f"`{setting.default}`" if setting.default else ""
        if not re.search(rf"^\| `{setting.name}` \| {re.escape(default)} *\|", readme, re.MULTILINE):
            missing.append(f"| `{setting.name}` | {default} | …")
    assert missing == []


def test_every_command_that_the_papers_name_exists() -> None:
    known = set(re.findall(r"^#   \./run ([a-z]+)", (ROOT / "run").read_text(encoding="utf-8"), re.MULTILINE))
    commands = {path.stem for path in modules(*STOREYS) if path.parent.name == "commands"}
    for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert set(re.findall(r"\./run ([a-z]+)", text)) <= known, name
        managed = set(re.findall(r"(?:manage|manage\.py) ([a-z_]+)", text)) - {
            "check",
            "migrate",
            "makemigrations",
            "shell",
        }
        assert managed <= commands, name
