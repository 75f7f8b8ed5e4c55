"""The documents name what is there: files, links, targets, tests, functions, words, settings."""

import ast
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from urllib.parse import unquote

import pytest

import clients.practitioner.settings
import deploy.settings
import services.assessment.settings
import services.case.settings
import services.consent.settings
import services.gateway.settings
from shared import vocabulary
from shared.problems import KINDS
from shared.settings import Environment
from tests.architecture.sources import PRODUCT, ROOT, sources
from tests.docs.pages import Page, code_words, page, pages, path_named

EVERYTHING = (*PRODUCT, "tests", "benchmarks")


# --- files and links


def anchors(target: Page) -> set[str]:
    """The anchors of a page's headings, as they are made on the usual hosts."""
    headings = re.findall(r"^#+ (.+)$", target.prose, re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


def test_every_link_leads_somewhere() -> None:
    followed = 0
    for one in pages():
        for link in re.findall(r"\]\(([^)\s]+)\)", one.prose):
            if link.startswith(("http://", "https://", "mailto:")):
                continue
            path, _, anchor = link.partition("#")
            target = (ROOT / one.name).parent / unquote(path) if path else ROOT / one.name
            assert target.exists(), f"{one.name}: {link}"
            if anchor:
                there = Page(str(target.resolve().relative_to(ROOT)))
                assert anchor in anchors(there), f"{one.name}: {link}"
            followed += 1
    assert followed > 30


def test_every_path_that_is_named_exists() -> None:
    missing, found = [], 0
    for one in pages():
        for word in one.words():
            named = path_named(word)
            if named is None or word == "benchmarks/results/latest.json":
                continue
            there = any(ROOT.glob(word)) if "*" in word else named.exists()
            missing += [] if there else [f"{one.name}: {word}"]
            found += 1
    assert missing == []
    assert found > 120


def test_no_page_names_a_place_that_only_its_authors_have() -> None:
    place = re.compile(r"design[ /]*(folder|directory)|shared/design|\.\./design|scratch|TODO|FIXME")
    assert [one.name for one in pages() if place.search(one.text)] == []


def test_every_make_target_that_is_named_exists_and_every_one_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    named = {name for one in pages() for name in re.findall(r"\bmake ([a-z]+)\b(?=[`:\n ])", _shell(one))}
    assert named - targets == set()
    explained = set(re.findall(r"^make ([a-z]+)", page("CONTRIBUTING.md").text, re.MULTILINE))
    assert explained == targets - {"demo", "help"}


def _shell(one: Page) -> str:
    """What is typed: the blocks of shell, and what stands between backticks."""
    blocks = [content for language, content in one.blocks() if language in ("sh", "bash")]
    return "\n".join([*blocks, *(f"{word}\n" for word in one.words())])


def test_every_page_is_in_the_list_of_documents() -> None:
    listed = page("docs/README.md").text
    for one in pages():
        if one.name.startswith("docs/") and one.name != "docs/README.md":
            assert one.name.removeprefix("docs/") in listed, one.name


def test_every_decision_has_its_number_its_name_and_its_parts() -> None:
    decisions = [one for one in pages() if one.name.startswith("docs/decisions/")]
    numbers = [int(Path(one.name).name[:4]) for one in decisions]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 1
    for number, one in zip(numbers, decisions, strict=True):
        title = re.match(r"# (\d+)\. (.+)\n", one.text)
        assert title, one.name
        assert int(title[1]) == number
        assert f"[{title[2]}](decisions/{Path(one.name).name})" in page("docs/README.md").text, one.name
        for part in ("Context", "Decision", "Consequences"):
            one.section(part)


# --- functions and tests


def defined_in(path: Path) -> set[str]:
    """Every name that a file gives: functions, classes, and what is assigned."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def test_what_happens_when_a_case_is_opened_names_what_is_there() -> None:
    """Each function stands before the file in brackets that defines it."""
    told = page("docs/architecture.md").section("What happens when a practitioner opens a case")
    lines = re.findall(r"^\d+\. .*$", told, re.MULTILINE)
    assert len(lines) == 12
    named = [pair for line in lines for pair in re.findall(r"`(\w+)` \(`([\w/]+\.py)`\)", line)]
    for function, file in named:
        assert function in defined_in(ROOT / file), f"{function} is not in {file}"
    assert len(named) >= 24
    functions = {function for function, _ in named}
    looks_like_one = re.compile(r"_?[a-z]+(_[a-z]+)+|[A-Z][a-z]+[A-Z]\w+")
    mentioned = {word for line in lines for word in code_words(line) if looks_like_one.fullmatch(word)}
    assert mentioned - functions == set()


OURS = re.compile(r"(?!TEAMAROUND_|TYPE_CHECKING)(\w*[a-z0-9]_\w+|[A-Z][a-z]+[A-Z]\w+|[A-Z]+_[A-Z_]+)")
"""What can only be a name of ours. (Settings have a test of their own.)"""


def test_every_name_of_code_that_a_page_mentions_is_in_the_code() -> None:
    """Anything between backticks that can only be a name of ours still stands somewhere in the sources."""
    text = "\n".join(source.path.read_text(encoding="utf-8") for source in sources(*EVERYTHING))
    text += "".join((ROOT / name).read_text(encoding="utf-8") for name in ("docker-compose.yml", "Makefile"))
    known = set(re.findall(r"\w+", text))
    missing, found = [], 0
    for one in pages():
        for word in one.words():
            if OURS.fullmatch(word):
                found += 1
                missing += [] if word in known else [f"{one.name}: {word}"]
    assert missing == []
    assert found > 150


def names_of_tests() -> tuple[set[str], set[str]]:
    """The names of all tests, and of those that are expected to fail."""
    every, waiting = set(), set()
    for source in sources("tests"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                every.add(node.name)
                if any("xfail" in ast.unparse(decorator) for decorator in node.decorator_list):
                    waiting.add(node.name)
    return every, waiting


def test_every_test_that_a_page_names_is_there_and_passes() -> None:
    every, waiting = names_of_tests()
    named = {(one.name, word) for one in pages() for word in one.words() if word.startswith("test_")}
    tests = {(name, word) for name, word in named if not word.endswith(".py")}
    assert [(name, word) for name, word in sorted(tests) if word not in every] == []
    assert [(name, word) for name, word in sorted(tests) if word in waiting] == []
    assert len(tests) > 70


def test_every_threat_names_a_test() -> None:
    lines = page("docs/threat-model.md").text.splitlines()
    rows = [line for line in lines if line.startswith("| ") and not re.match(r"\| (tries|does) \|", line)]
    assert [row for row in rows if "`test_" not in row.split("|")[3]] == []
    assert len(rows) >= 35


# --- words and numbers


LISTED = (
    "Level", "Category", "AgencyKind", "Role", "Relationship", "Purpose", "Basis", "Blocker", "Mode",
    "Capacity", "AuthorityKind", "Deed", "LedgerAction", "BarKind", "Obligation",
)  # fmt: skip


@pytest.mark.parametrize("name", LISTED)
def test_the_glossary_holds_every_word_and_no_other(name: str) -> None:
    words: type[Enum] = getattr(vocabulary, name)
    rows = page("docs/glossary.md").rows(name)
    listed = [code_words(row[0])[0] for row in rows]
    members = [member.word if isinstance(member, vocabulary.Level) else member.value for member in words]
    assert listed == members
    assert all(len(row) == 2 and row[1] for row in rows)


def numbers_meant() -> Iterator[tuple[str, str]]:
    """Every "design 3.2" of a comment, with the file in which it stands."""
    written = [source.path for source in sources(*EVERYTHING)]
    for path in [*written, ROOT / "pyproject.toml", ROOT / "Makefile"]:
        for number in re.findall(r"[Dd]esign[ /](\d(?:\.\d)?)", path.read_text(encoding="utf-8")):
            yield str(path.relative_to(ROOT)), number


def test_every_number_in_a_comment_has_a_home() -> None:
    disclosure = set(re.findall(r"^## (3\.\d) ", page("docs/disclosure.md").text, re.MULTILINE))
    meant = page("docs/architecture.md").text.partition("## What the numbers in comments mean")[2]
    homes = disclosure | set(re.findall(r"^### ([\d.]+)$", meant, re.MULTILINE)) | {"1.3", "2", "3", "5"}
    assert disclosure == {f"3.{part}" for part in range(1, 7)}
    found = list(numbers_meant())
    assert [(file, number) for file, number in found if number not in homes] == []
    assert len(found) > 80


# --- settings


class Asked(Environment):
    """Answers every question with something that fits, and keeps what was asked and with which default."""

    def __init__(self, file: Path) -> None:
        super().__init__({})
        self.asked: dict[str, str | None] = {}
        self._file = file

    def text(self, name: str, default: str | None = None) -> str:
        self.asked[f"TEAMAROUND_{name}"] = default
        return str(self._file) if default is None else default


@pytest.fixture
def read_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, str | None]]:
    """What each process reads, with the defaults."""
    # 32 bytes that are a key, a secret and a JSON document at once.
    file = tmp_path / "anything"
    file.write_bytes(b'{"keys": [], "padding": "12345"}')
    asked = {name: Asked(file) for name in ("case", "assessment", "consent", "gateway", "embedded", "issuer")}
    asked["practitioner"] = Asked(file)
    for name, module in (("case", services.case.settings), ("assessment", services.assessment.settings)):
        monkeypatch.setattr(module, "Environment", lambda name=name: asked[name])
        module.from_environment()
    services.consent.settings.from_environment(asked["consent"])
    services.gateway.settings.from_environment(asked["gateway"])
    clients.practitioner.settings.from_environment(asked["practitioner"])
    deploy.settings.embedded_settings(environment=asked["embedded"])
    deploy.settings.identity_settings(asked["issuer"])
    return {name: one.asked for name, one in asked.items()}


def test_the_table_of_settings_is_what_the_settings_read(read_by: dict[str, dict[str, str | None]]) -> None:
    told: dict[str, dict[str, str | None]] = {name: {} for name in read_by}
    for variable, readers, default, _ in page("docs/runbook.md").rows("Settings"):
        (name,) = code_words(variable)
        quoted = code_words(default)
        written = quoted[0] if quoted else {"": None, "empty": ""}.get(default, default)
        for reader in read_by if readers == "all" else readers.split(", "):
            told[reader][name] = written
    for process, variables in read_by.items():
        answered = {
            name: "in the folder" if value is not None and "sqlite" in value else value
            for name, value in variables.items()
        }
        assert told[process] == answered, process
    read = {name for variables in read_by.values() for name in variables}
    assert len(read) >= 20


def test_every_module_of_settings_was_asked() -> None:
    found = {str(path.relative_to(ROOT)) for top in PRODUCT for path in (ROOT / top).rglob("settings.py")}
    of_services = {f"services/{name}/settings.py" for name in ("case", "assessment", "consent", "gateway")}
    others = {"clients/practitioner/settings.py", "deploy/settings.py", "shared/settings.py"}
    assert found == of_services | others


def test_the_table_of_the_compose_file_is_what_it_asks_for() -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    asked = set(re.findall(r"\$\{(\w+):([?-])", compose)) - {("NAME", "?")}
    rows = page("docs/runbook.md").rows("Start and stop")
    told = {(code_words(name)[0], "?" if needed == "yes" else "-") for name, needed, _ in rows}
    assert told == asked


def test_every_problem_that_is_a_503_is_explained() -> None:
    explained = {code_words(row[0])[0] for row in page("docs/runbook.md").rows("What each 503 means")}
    assert explained == {kind.name for kind in KINDS.values() if kind.status == 503}
