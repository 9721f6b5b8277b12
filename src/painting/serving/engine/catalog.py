"""Catalog of the served painters: lookup by name, the default painter, and each client's choice."""

from collections.abc import Sequence

from painting.errors import InvalidRequest
from painting.paint.painter import Painter
from painting.serving.auth import Client
from painting.serving.engine.client_choices import ModelChoices
from painting.serving.errors import NotFound

# OpenAI's clients send one by default.
OPENAI_MODEL_PREFIXES = ("dall-e", "gpt-image", "chatgpt-image", "text-embedding")


class PainterCatalog:
    """The painters of one server, the default one first.

    `choices`: the clients' choices, shared with the server's other worker processes.
    """

    def __init__(self, painters: Sequence[Painter], choices: ModelChoices) -> None:
        """Raises InvalidRequest for two painters of one name."""
        self._painters: dict[str, Painter] = {}
        for painter in painters:
            if painter.name in self._painters:
                raise InvalidRequest(f"two painters have the name '{painter.name}': serve one of them")
            self._painters[painter.name] = painter
        self._choices = choices

    @property
    def painters(self) -> list[Painter]:
        """All painters, the default one first."""
        return list(self._painters.values())

    def painter(self, name: str | None = None) -> Painter:
        """The painter of a name; None and OpenAI's own model names are the default one. Raises NotFound."""
        if name in self._painters:
            return self._painters[name]
        if not name or name.startswith(OPENAI_MODEL_PREFIXES):
            return self.painters[0]
        names = ", ".join(self._painters)
        raise NotFound(f"there is no painter {name[:100]!r} here: choose one of {names}")

    def choose(self, client: Client, painter: Painter) -> None:
        """Remember the painter of a client's later requests that name none."""
        self._choices.set(client.identity, list(self._painters).index(painter.name))

    def choice(self, client: Client) -> str | None:
        """The name of the painter that a client chose; None if it has not, or it was forgotten."""
        index = self._choices.get(client.identity)
        return None if index is None else list(self._painters)[index]
