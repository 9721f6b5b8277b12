"""`painting site`: write a folder that any host of static files serves."""

from pathlib import Path
from typing import Annotated

import typer


def site(
    painters: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME|FILE…",
            help="Names of bundled painters, or painter files; the first is the default. flowers if omitted.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[Path, typer.Option("--out", "-o", help="The folder to write; a site in it is replaced.")] = Path(
        "site"
    ),
) -> None:
    """Write a static site of some painters: the page, which paints in the visitor's browser, without a server."""
    from painting.painters import catalog
    from painting.site.build import build_site
    from painting.site.writer import check_site_folder, write_site

    check_site_folder(output)
    built = build_site(painters or [catalog.default_name()])
    write_site(built.files, output)
    total, first = (count / 1e6 for count in (built.total_bytes, built.first_bytes))
    typer.echo(
        f"Wrote {output}: {len(built.files)} files, {total:.1f} MB, of which a browser loads {first:.1f} MB until the "
        f"first picture. Try it: python -m http.server --directory {output}"
    )
