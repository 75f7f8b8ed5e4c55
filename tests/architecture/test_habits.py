"""The habits of design 2.4 that an import contract cannot express."""

import ast
import re
import tomllib
from collections.abc import Iterable

import pytest

from tests.architecture.sources import PRODUCT, ROOT, Source, dotted_name, files, sources

TIME = {
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
    "time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter",
    "time.perf_counter_ns", "time.localtime", "time.gmtime",
    "sqlalchemy.func.now", "sqlalchemy.func.current_timestamp", "sqlalchemy.func.current_date",
}  # fmt: skip
ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv"}
SESSION_MAKERS = {
    "sqlalchemy.create_engine", "sqlalchemy.ext.asyncio.create_async_engine",
    "sqlalchemy.orm.Session", "sqlalchemy.orm.sessionmaker", "sqlalchemy.orm.scoped_session",
    "sqlalchemy.ext.asyncio.AsyncSession", "sqlalchemy.ext.asyncio.async_sessionmaker",
}  # fmt: skip
SESSIONS = {"shared.database.ReadSession", "shared.database.WriteSession"}
ROUTE_METHODS = {
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "trace",
    "api_route",
    "websocket",
}


def product() -> tuple[Source, ...]:
    found = sources(*PRODUCT)
    assert len(found) > 20, "looked at too few files to mean anything"
    return found


def uses_of(names: set[str], where: Iterable[Source]) -> list[str]:
    return [f"{source.at(node)} {used}" for source in where for used, node in source.uses() if used in names]


def test_only_the_clock_reads_the_time() -> None:
    others = [source for source in product() if source.module != "shared.clock"]
    assert uses_of(TIME, others) == []
    assert uses_of(TIME, [source for source in product() if source.module == "shared.clock"]) != []


def test_only_settings_read_the_environment() -> None:
    others = [source for source in product() if source.name != "settings"]
    assert uses_of(ENVIRONMENT, others) == []
    assert uses_of(ENVIRONMENT, [source for source in product() if source.name == "settings"]) != []


def test_only_the_database_module_opens_sessions() -> None:
    others = [source for source in product() if source.module != "shared.database"]
    assert uses_of(SESSION_MAKERS, others) == []
    opened = [
        source.at(node)
        for source in others
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and dotted_name(node.func).rpartition(".")[2] in {"ReadSession", "WriteSession"}
    ]
    assert opened == []
    assert (
        uses_of(SESSION_MAKERS, [source for source in product() if source.module == "shared.database"]) != []
    )


def test_sessions_are_handled_by_operations_and_repositories_only() -> None:
    services = [source for source in product() if source.module.startswith("services.")]
    others = [source for source in services if source.name not in {"operations", "repository"}]
    assert uses_of(SESSIONS, others) == []


def test_no_file_is_named_after_nothing() -> None:
    named = [
        path for path in files() if path.stem in {"utils", "util", "helpers", "helper", "common", "misc"}
    ]
    assert named == []
    assert len(files()) > 40


def test_every_folder_of_python_has_its_types_checked() -> None:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = {path.relative_to(ROOT).parts[0] for path in files() if path.suffix == ".py"}
    assert folders == set(configuration["tool"]["mypy"]["packages"])


def test_every_type_ignore_names_its_reason() -> None:
    bare = re.compile(r"#\s*type:\s*ignore(?!\[)")
    python = [path for path in files() if path.suffix == ".py"]
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in python
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert found == []
    assert len(python) > 30


def test_no_line_names_a_machine_or_a_package_index() -> None:
    machine = [f"/{folder}/" for folder in ("work", "root", "home", "Users")]
    index = ["pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "pypi" + "/simple"]
    forbidden = re.compile("|".join(rf"(?<![\w.}}]){re.escape(text)}" for text in machine + index))
    found = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if forbidden.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number} {line.strip()[:80]}")
    assert found == []
    assert forbidden.search(f"see {machine[0]}main")
    assert forbidden.search(f"https://{index[0]}/simple")


# --- no plain ``def`` between a request and its answer: each costs a hop to the thread pool (design 2.2) ---


def functions(tree: ast.AST) -> dict[str, ast.AST]:
    """Functions and classes at the top of a module, by name."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return {node.name: node for node in ast.iter_child_nodes(tree) if isinstance(node, kinds)}


FORM_AT, ITS_PAGE = "form_at", "page_of"
"""What gives a form its two routes, and what it depends on: the function that it decorates."""


def plain_routes(source: Source) -> list[str]:
    """Routes that are not ``async def``."""
    return [
        source.at(node)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        and decorator.args
        and (
            _is_route(decorator.func, decorator.args[0])
            or dotted_name(decorator.func).rpartition(".")[2] == FORM_AT
        )
    ]


def _is_route(method: ast.expr, path: ast.expr) -> bool:
    named = isinstance(method, ast.Attribute) and method.attr in ROUTE_METHODS
    return named and isinstance(path, ast.Constant)


def dependencies(source: Source) -> list[ast.expr]:
    """What stands in each ``Depends(…)`` or ``Security(…)``."""
    return [
        node.args[0]
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and dotted_name(node.func).rpartition(".")[2] in {"Depends", "Security"}
        and node.args
    ]


def is_async(target: ast.AST, made_by_call: bool) -> bool:
    """Whether a dependency is asynchronous: itself, by its ``__call__``, or as what a maker returns."""
    if isinstance(target, ast.ClassDef):
        call = functions(target).get("__call__")
        return made_by_call and isinstance(call, ast.AsyncFunctionDef)
    if not made_by_call:
        return isinstance(target, ast.AsyncFunctionDef)
    inner = functions(target)
    returned = [node.value for node in ast.walk(target) if isinstance(node, ast.Return)]
    names = [dotted_name(value) for value in returned if value is not None]
    return any(isinstance(inner.get(name), ast.AsyncFunctionDef) for name in names)


def plain_dependencies(source: Source, everything: dict[str, Source]) -> list[str]:
    """Dependencies that are not known to be asynchronous."""
    wrong = []
    local = {node.name: node for node in ast.walk(source.tree) if isinstance(node, ast.AsyncFunctionDef)}
    for argument in dependencies(source):
        made_by_call = isinstance(argument, ast.Call)
        name = dotted_name(argument.func if isinstance(argument, ast.Call) else argument)
        if not made_by_call and (name in local or name == ITS_PAGE):
            continue
        full = source.full_names().get(name, f"{source.module}.{name}")
        module, _, function = full.rpartition(".")
        target = functions(everything[module].tree).get(function) if module in everything else None
        if target is None or not is_async(target, made_by_call):
            wrong.append(f"{source.at(argument)} {name or ast.unparse(argument)}")
    return wrong


def test_no_route_and_no_dependency_takes_the_thread_pool() -> None:
    everything = {source.module: source for source in product()}
    assert [line for source in everything.values() for line in plain_routes(source)] == []
    assert [line for source in everything.values() for line in plain_dependencies(source, everything)] == []


@pytest.mark.parametrize(
    "text",
    [
        "@router.get('/x')\ndef f(): ...",
        "@form_at(router, f'{ONE}/x')\ndef f(): ...",
        "def g(): ...\n@router.get('/x')\nasync def f(x: Annotated[int, Depends(g)]): ...",
        "def make():\n    def g(): ...\n    return g\nX = Annotated[int, Depends(make())]",
        "class G:\n    def __call__(self): ...\nX = Annotated[int, Depends(G())]",
        "from elsewhere import g\nX = Annotated[int, Security(g)]",
    ],
)
def test_a_plain_function_would_be_found(text: str) -> None:
    planted = Source(ROOT / "planted.py", "planted", ast.parse(text))
    assert plain_routes(planted) + plain_dependencies(planted, {"planted": planted}) != []
