"""Painters' names in addresses: any text, slashes included, but not two in a row or one at an end."""

from werkzeug.routing import BaseConverter


class NameConverter(BaseConverter):
    """A part of a rule, `<name:NAME>`, that may hold slashes, as a quoted %2F is one again when a rule is matched."""

    regex = ".+?"
    part_isolating = False
