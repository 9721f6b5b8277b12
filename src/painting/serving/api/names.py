"""Painters' names in addresses: any text, slashes included."""

from werkzeug.routing import BaseConverter


class NameConverter(BaseConverter):
    """A part of a rule, `<name:NAME>`, that may hold slashes, as a quoted %2F is one again when a rule is matched."""

    regex = ".+?"
    part_isolating = False
