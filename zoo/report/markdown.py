"""Pages in Markdown as GitHub shows it, from the templates beside this file."""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

PICTURES_FOLDER, TABLES_FOLDER = "pictures", "tables"


def render(template: str, **facts: object) -> str:
    """Return the page of a template of this name, in which a paragraph may be wrapped wherever its lines are long.

    Names that the template uses and `facts` lacks are errors. What others wrote passes through `plain_text`.
    """
    page = _environment().get_template(f"{template}.md.j2").render(facts)
    blocks = [block for block in re.split(r"\n\s*\n", page.strip()) if block]
    return "\n\n".join(block if block.startswith(("|", "- ")) else _unwrapped(block) for block in blocks) + "\n"


def _unwrapped(paragraph: str) -> str:
    return " ".join(line.strip() for line in paragraph.splitlines())


def plain_text(value: object) -> str:
    """Return what a model says of itself on one line, and without HTML."""
    return " ".join(str(value).split()).replace("&", "&amp;").replace("<", "&lt;")


def alternative_text(value: object) -> str:
    """Return plain text that can stand between the brackets of a picture."""
    return plain_text(value).replace("[", "(").replace("]", ")")


def table(head: list, rows: list[list], right: int) -> str:
    """Return a table whose columns from number `right` on are set flush right."""
    line = ["---:" if number >= right else "---" for number in range(len(head))]
    return "\n".join(
        f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in [head, line, *rows]
    )


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        autoescape=False,  # it is Markdown: `plain_text` escapes
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "count": lambda number: f"{number:,}",
        "percent": lambda share: f"{share:.2%}",
        "text": plain_text,
        "alternative": alternative_text,
    }
    environment.globals |= {"table": table, "pictures": PICTURES_FOLDER, "tables": TABLES_FOLDER}
    return environment
