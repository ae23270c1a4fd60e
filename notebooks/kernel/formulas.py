r"""The formulas of exported pages: LaTeX in, MathML out.

Jupyter's HTML pages load MathJax from the network to typeset their formulas. Browsers draw MathML
by themselves, so here the filter with which nbconvert turns Markdown into HTML does the same work
but for the formulas. What cannot be translated shows its source.

Set-up copies this file into the environment as `dltheory_formulas`, where `jupyter_config.py` names it.
"""

import html
import re

from jinja2 import pass_context
from math_core import LatexError, LatexToMathML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets.config import Configurable

ROW = re.compile(r"^[> ]*\|.*", re.MULTILINE)
IN_ROW = re.compile(r"(?P<code>(`+)(?!`).+?(?<!`)\2(?!`))|(?<![\\$])(\$\$?)(?=\S)(?:\\.|[^\\$`])+(?<=\S)\3(?![\d$])")
BRACKET_WITH_SCRIPT = re.compile(r"(<m(?:sub|sup|subsup)>)(<mo [^>]*minsize=[^>]*>[^<]*</mo>)")
INLINE = r"<math>(?:(?!</math>).)*</math>"
BESIDE_TEXT = re.compile(rf"[^\s<>]+{INLINE}[^\s<]*|{INLINE}[^\s<]+", re.DOTALL)
ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot);)\w+;")


def without_bars(formula):
    r"""The same formula by names: in a table Markdown would end the cell at a `|`, and make one of `\|`."""
    return formula.replace(r"\|", r"\Vert ").replace("|", r"\vert ")


def protected(source):
    """Markdown with no bar in the formulas of its tables."""
    def in_row(found):
        return found[0] if found["code"] else without_bars(found[0])

    return ROW.sub(lambda row: IN_ROW.sub(in_row, row[0]), source)


class Renderer(IPythonRenderer):
    """HTML whose formulas are MathML."""

    def __init__(self, latex, **options):
        super().__init__(**options)
        self.latex = latex

    def mathml(self, formula, before, after, display):
        try:
            found = self.latex.convert_with_global_state(formula, displaystyle=display)
        except LatexError:
            return f"<code>{html.escape(before + formula + after)}</code>"
        # Chromium gives a `\big` bracket its size only in a row.
        found = BRACKET_WITH_SCRIPT.sub(r"\1<mrow>\2</mrow>", found)
        # Headings are read as XML, which does not know HTML's names of characters.
        return ENTITY.sub(lambda entity: html.unescape(entity[0]), found)

    def inline_math(self, body):
        return self.mathml(body, "$", "$", display=False)

    def block_math(self, body):
        return self.mathml(body, "$$", "$$", display=True)

    def latex_environment(self, name, body):
        return self.mathml(rf"\begin{{{name}}}{body}\end{{{name}}}", "", "", display=True)


@pass_context
class Markdown(Configurable):
    """nbconvert's filter `markdown2html`; its parent is the exporter, whose options it follows."""

    page = latex = None

    def __call__(self, context, source):
        exporter, resources = self.parent, context.get("resources", {})
        if resources.get("should_sanitize_html"):
            # That takes out MathML as well.
            return exporter.markdown2html(context, source)
        if self.page is not context.get("nb"):
            # Macros and the numbers of equations last for a page. Some symbols a browser may draw a little off;
            # they still say more than their source does.
            self.page = context.get("nb")
            self.latex = LatexToMathML(global_group=True, allow_unreliable_rendering=True, fancy_error=False)
        renderer = Renderer(
            self.latex,
            escape=False,
            attachments=context.get("cell", {}).get("attachments", {}),
            embed_images=exporter.embed_images,
            path=resources.get("metadata", {}).get("path", ""),
            anchor_link_text=exporter.anchor_link_text,
            exclude_anchor_links=exporter.exclude_anchor_links,
            **exporter.lexer_options,
        )
        found = MarkdownWithMath(renderer=renderer).render(protected(source))
        # No new line between a formula and its comma.
        return BESIDE_TEXT.sub(r'<span style="white-space: nowrap">\g<0></span>', found)
