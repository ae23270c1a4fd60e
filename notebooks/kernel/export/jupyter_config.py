"""Settings for all of Jupyter in this environment: pages that it exports need no network."""

import importlib.util
import os
import sys

c = get_config()  # noqa: F821

# Its oldest Pythons have no such package: there formulas need MathJax, and so the network.
if importlib.util.find_spec("math_core"):
    c.HTMLExporter.filters.update({"markdown2html": "dltheory_formulas.Markdown"})
    c.HTMLExporter.extra_template_basedirs.prepend([os.path.join(sys.prefix, "share", "jupyter", "dltheory")])
