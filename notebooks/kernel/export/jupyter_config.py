"""Settings for all of Jupyter in this environment: a page that it exports needs no network."""

import os
import sys

c = get_config()  # noqa: F821
c.HTMLExporter.filters.update({"markdown2html": "dltheory_formulas.Markdown"})
# A folder `lab` in it comes before Jupyter's own template of that name.
c.HTMLExporter.extra_template_basedirs.prepend([os.path.join(sys.prefix, "share", "jupyter", "dltheory")])
