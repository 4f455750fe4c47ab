"""Run the notebooks of docs/tutorial/ again, and keep in them what they print and draw.

    python docs/run_tutorial.py [NOTEBOOK ...]

It needs the extra `tutorial`. With MNIST it is the page that the project shows, so without it nothing is written.
"""

import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from zoo.data.mnist import load_mnist

FOLDER = Path(__file__).parent / "tutorial"


def run(path: Path) -> nbformat.NotebookNode:
    """Return the notebook with what its cells gave, but for notices on stderr; an exception in a cell is raised."""
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    options = {"timeout": 1800, "record_timing": False, "coalesce_streams": True}
    NotebookClient(notebook, resources=resources, **options).execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for output in cell.outputs:
                if output.get("name") == "stdout":  # where TensorFlow has its warnings in a notebook
                    output.text = re.sub(r"^WARNING:tensorflow:.*\n", "", output.text, flags=re.MULTILINE)
            cell.outputs = [
                output for output in cell.outputs if output.get("name") != "stderr" and output.get("text", "-")
            ]
    notebook.metadata["language_info"] = {"name": "python"}  # without the version, which differs by machine
    return notebook


def main() -> None:
    """Run the notebooks that are named, or all."""
    load_mnist()
    for path in map(Path, sys.argv[1:] or sorted(FOLDER.glob("*.ipynb"))):
        notebook = run(path)
        path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
