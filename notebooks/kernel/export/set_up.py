"""Makes exported pages complete: puts the files beside it and formulas.py where this Python's Jupyter finds them.

`jupyter nbconvert` and JupyterLab's File > Save and Export Notebook As both read `etc/jupyter/jupyter_config.py`.
Python 3.9 has no package that translates formulas: there pages stay Jupyter's own, which need the network.
"""

import importlib.util
import os
import shutil
import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).resolve().parent


def place(source, target):
    """Whole or not at all: a page may be under way."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(target.name + ".new")
    shutil.copyfile(source, new)
    os.replace(new, target)


def main():
    if importlib.util.find_spec("math_core") is None:
        return
    environment = Path(sys.prefix)
    place(HERE.parent / "formulas.py", Path(sysconfig.get_path("purelib")) / "dltheory_formulas.py")
    for name in ("index.html.j2", "formulas.woff2"):
        place(HERE / name, environment / "share" / "jupyter" / "dltheory" / "lab" / name)
    # Last, for it names the others.
    place(HERE / "jupyter_config.py", environment / "etc" / "jupyter" / "jupyter_config.py")


if __name__ == "__main__":
    main()
