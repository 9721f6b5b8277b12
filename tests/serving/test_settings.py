"""Settings come from flags and from the environment, each by its name, and are all documented."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from painting.errors import InvalidRequest
from painting.serving.settings import OTHER_VARIABLES, Settings, flag, keep_commas, unknown_variables, variable

SETTINGS_PAGE = Path(__file__).parents[2] / "docs" / "serving.md"


def test_an_empty_environment_leaves_the_defaults() -> None:
    assert Settings.from_environment({}) == Settings()


def test_each_variable_sets_its_field() -> None:
    variables = {"PAINTING_MAX_QUEUE": "3", "PAINTING_CORS_ORIGIN": "", "PAINTING_PAINTER": "shapes"}
    assert Settings.from_environment(variables) == Settings(max_queue=3, cors_origin="", painter="shapes")


def test_a_flag_goes_before_its_variable() -> None:
    variables = {"PAINTING_MAX_QUEUE": "3", "PAINTING_LOG_PROMPTS": "yes"}
    found = Settings.from_environment(variables, {"max_queue": 5, "log_prompts": None})
    assert (found.max_queue, found.log_prompts) == (5, True)


@pytest.mark.parametrize("text", ["", "0", "-1", "x", "1.5", "²", "9" * 20, "9" * 5000], ids=lambda text: text[:5])
def test_a_limit_that_is_no_number_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidRequest, match="PAINTING_MAX_QUEUE must be a whole number of at least 1"):
        Settings.from_environment({"PAINTING_MAX_QUEUE": text})


@pytest.mark.parametrize(("name", "most"), [("workers", 256), ("threads", 1024), ("max_batch_size", 256)])
def test_more_than_any_machine_bears_is_refused_rather_than_tried(name: str, most: int) -> None:
    assert getattr(Settings.from_environment({}, {name: most}), name) == most
    with pytest.raises(InvalidRequest, match=f"must be {most} at most, not 999999999"):
        Settings.from_environment({}, {name: 999_999_999})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PAINTING_LOG_PROMPTS", "perhaps"),
        ("PAINTING_LOG_LEVEL", "loud"),
        ("PAINTING_ENGINE", "toaster"),
        ("PAINTING_THREADS", "-1"),
        ("PAINTING_PUBLIC_URL", "foo bar"),
        ("PAINTING_PUBLIC_URL", "https://example.org/a b"),
        ("PAINTING_PUBLIC_URL", "example.org"),
        ("PAINTING_PUBLIC_URL", "https://example.orgs,evil"),
        ("PAINTING_CORS_ORIGIN", "https://example.org\r\nX: y"),
        ("PAINTING_CORS_ORIGIN", "https://example.org/page"),
        ("PAINTING_CORS_ORIGIN", "https://example.org,example.com"),
    ],
)
def test_other_nonsense_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(InvalidRequest, match=name):
        Settings.from_environment({name: text})


@pytest.mark.parametrize("url", ["http://localhost:8001", "https://example.org/a/b/", "http://[::1]:8001/x"])
def test_addresses_that_clients_can_reach_are_taken(url: str) -> None:
    assert Settings.from_environment({"PAINTING_PUBLIC_URL": url}).public_url == url


def test_painters_stand_with_commas_and_may_have_some() -> None:
    assert Settings(painter=" flowers, shapes ,").painters == ("flowers", "shapes")
    assert Settings().with_painters(["/a,b.painter", "c"]).painters == ("/a,b.painter", "c")


def test_a_file_may_have_commas_in_its_name(tmp_path: Path) -> None:
    file = tmp_path / "red, blue.painter"
    assert Settings(painter=str(file)).painters == (str(tmp_path / "red"), "blue.painter")
    file.touch()
    assert Settings(painter=str(file)).painters == (str(file),)
    assert Settings(painter=f"{keep_commas(str(file))},shapes").painters == (str(file), "shapes")
    assert Settings(painter="a," * 5000).painters == ("a",) * 5000


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("", ()),
        ("*", ("*",)),
        (" HTTPS://Example.org/ ,http://localhost:3000,", ("https://example.org", "http://localhost:3000")),
        ("http://[::1]:5173", ("http://[::1]:5173",)),
        ("HTTPS://X.example:443/, http://y.example:80", ("https://x.example", "http://y.example")),
        ("https://x.example:80,http://y.example:443", ("https://x.example:80", "http://y.example:443")),
    ],
)
def test_origins_are_written_as_browsers_write_them(text: str, origins: tuple[str, ...]) -> None:
    assert Settings.from_environment({"PAINTING_CORS_ORIGIN": text}).cors_origins == origins


def test_keys_come_from_the_setting_and_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("two\n\n three \n")
    assert Settings(api_keys="one,", api_keys_file=str(file)).keys() == ("one", "two", "three")
    with pytest.raises(InvalidRequest, match="PAINTING_API_KEYS_FILE"):
        Settings(api_keys_file=str(tmp_path / "none")).keys()


def test_the_docs_list_each_setting_as_the_code_has_it() -> None:
    documented = re.findall(
        r"^\| `(PAINTING_\w+)` \| `(--[\w-]+)` \| (.+) \| (.*) \|$", SETTINGS_PAGE.read_text(), re.MULTILINE
    )
    shown = {True: "yes", False: "no", None: "", "": ""}
    assert [tuple(map(str.strip, row)) for row in documented] == [
        (
            variable(each),
            flag(each),
            each.metadata["help"],
            shown[each.default] if isinstance(each.default, bool | None) else str(each.default),
        )
        for each in fields(Settings)
    ]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("PAINTING_WORKER", "PAINTING_WORKERS"),
        ("PAINTING_PICTURES_A_MINUTE", "PAINTING_PICTURES_PER_MINUTE"),
        ("PAINTING_LOG_PROMPT", "PAINTING_LOG_PROMPTS"),
        ("PAINTING_GRACE", "PAINTING_GRACE_SECONDS"),
        ("PAINTING_CASHE", "PAINTING_CACHE"),
    ],
)
def test_a_variable_that_no_setting_has_is_named_with_the_nearest(name: str, nearest: str) -> None:
    (sentence,) = unknown_variables({name: "1", "PATH": "/bin"})
    assert sentence.startswith(f"{name} is set") and sentence.endswith(f"the nearest is {nearest}")


def test_no_known_variable_is_named() -> None:
    source = Path(__file__).parents[2] / "src" / "painting"
    code = "".join(path.read_text(encoding="utf-8") for path in source.rglob("*.py"))
    read = set(re.findall(r"environ(?:\.get\(|\[)\"(PAINTING_[A-Z_]+)", code))
    assert read and read <= set(OTHER_VARIABLES)
    assert unknown_variables(dict.fromkeys([*map(variable, fields(Settings)), *OTHER_VARIABLES], "1")) == []


@pytest.mark.parametrize("name", ["SERVICE_HOST", "SERVICE_PORT_HTTP", "PORT_80_TCP", "PORT_80_TCP_ADDR", "PAGE_PORT"])
def test_what_kubernetes_sets_for_a_service_is_not_named(name: str) -> None:
    assert unknown_variables({f"PAINTING_{name}": "1"}) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_of_keys_may_begin_with_a_byte_order_mark(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "keys.txt"
    path.write_text("key1\nkey2\n", encoding=encoding)
    assert Settings(api_keys_file=str(path)).keys() == ("key1", "key2")


def test_white_space_around_a_variable_is_no_part_of_it() -> None:
    """cmd's `set PAINTING_PORT=9000 && painting serve` sets "9000 "."""
    assert Settings.from_environment({"PAINTING_PORT": "9000 "}).port == 9000
