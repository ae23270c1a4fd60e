"""An exported page shows its formulas without a network: LaTeX becomes MathML, which browsers draw themselves."""

import importlib.util
import re
import tempfile
import unittest
from unittest import mock

import nbformat
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import run

# What each formula must become, of all the MathML.
KINDS = {
    r"x_i^2": "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>",
    r"\tfrac12": "<mn>1</mn><mn>2</mn></mfrac>",
    r"\sum_{i=1}^n a_i": "<munderover><mo",
    r"\max_j a_j": "<munder><mrow><mspace></mspace><mi>max</mi></mrow><mi>j</mi></munder>",
    r"\int_0^1 t\,dt": "∫",
    r"\hat w": '<mover accent="true"><mi>w</mi>',
    r"\bar E": "¯",
    r"\|w\|": "‖",
    r"\Vert X\Vert_F": "‖",
    r"|a|": "|",
    r"a < b": "&lt;",
    r"\sqrt{\frac2m}": "<msqrt><mfrac>",
    r"\sigma'(z)": "<msup><mi>σ</mi><mo>′</mo></msup>",
    r"\mathcal R": "ℛ",
    r"\mathbb E": "𝔼",
    r"\mathrm{Tr}(\Sigma)": "<mi>Tr</mi>",
    r"\text{bias}^2": "<mtext>bias</mtext>",
    r"\underbrace{a}_{\text{b}}": "⏟",
    r"\binom nk": 'linethickness="0"',
    r"\begin{pmatrix} 3 & 0\\ 0 & 4\end{pmatrix}": "<mtable",
    r"\begin{cases} 0 & a,\\ 1 & b\end{cases}": "<mo>{</mo><mtable",
    # Chromium gives it its size only in a row.
    r"\Big(a\Big)^2": "<msup><mrow><mo m",
}


@unittest.skipUnless(importlib.util.find_spec("math_core"), "no package for formulas in this Python")
class Formulas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from jupyter_server.serverapp import ServerApp
        from nbconvert.nbconvertapp import NbConvertApp

        # As set up, whatever settings a user has.
        cls.exporters = {}
        with tempfile.TemporaryDirectory() as empty:
            with mock.patch.dict("os.environ", {"JUPYTER_CONFIG_DIR": empty, "JUPYTER_PLATFORM_DIRS": "0"}):
                for program in (NbConvertApp, ServerApp):
                    app = program()
                    app.load_config_file()
                    cls.exporters[program.__name__] = cls.exporter(app.config)

    @staticmethod
    def exporter(config):
        from nbconvert.exporters import HTMLExporter

        return HTMLExporter(config=config)

    def page(self, *sources, program="NbConvertApp"):
        cells = [new_markdown_cell(source) if isinstance(source, str) else source for source in sources]
        notebook = new_notebook(cells=cells)
        return BeautifulSoup(self.exporters[program].from_notebook_node(notebook)[0], "html.parser")

    def body(self, *sources):
        return self.page(*sources).main

    def test_each_kind_of_formula_translates(self):
        for formula, expected in KINDS.items():
            with self.subTest(formula):
                body = self.body(f"$${formula}$$")
                self.assertIn(expected, str(body))
                self.assertNotIn("\\", body.text)

    def test_each_way_to_write_one_is_seen(self):
        for source, display in [("a $x$ b", False), (r"a \\(x\\) b", False), ("a\n$$\nx\n$$\nb", True),
                                (r"\\[x\\]", True), (r"\begin{aligned}x &= 1\\ y &< 2\end{aligned}", True)]:
            with self.subTest(source):
                (found,) = self.body(source).find_all("math")
                self.assertEqual(found.get("display") == "block", display)
                self.assertIn("<mi>x</mi>", str(found))

    def test_a_formula_that_code_gives_is_seen(self):
        output = new_output("display_data", {"text/latex": r"$\displaystyle \frac{x}{2}$"})
        self.assertEqual(len(self.body(new_code_cell("x", outputs=[output])).find_all("mfrac")), 1)

    def test_code_keeps_its_dollars(self):
        for source in ["`$x_1$`", "`` `$x_1$` ``", "```rust\n$x_1$\n```", "~~~\n| $x_1$ |\n~~~", "    $x_1$",
                       "| a |\n|---|\n| `$x_1$` |"]:
            with self.subTest(source):
                body = self.body(source)
                self.assertFalse(body.find_all("math"))
                self.assertIn("$x_1$", body.text)
        self.assertIn("$5 and $6", self.body(r"costs \$5 and \$6").text)

    def test_markdown_takes_nothing_from_a_formula(self):
        table = self.body("| a | b |\n|---|---|\n" r"| $|x|$ | $\|x_1\| < 1$, `a` |" "\n| costs $5 | costs $6 |").table
        cells = [cell.text for cell in table.find_all("td")]
        self.assertEqual(cells, ["|x|", "‖x1‖<1, a", "costs $5", "costs $6"])
        body = self.body("*the $p^*$-norm* and $a_1 * b_1$, $a<b$ and $c>d$")
        self.assertEqual(len(body.find_all("math")), 4)
        self.assertEqual(len(body.find_all("em")), 1)
        self.assertEqual(len(self.body("- $x_1$ and $x_2$\n\n  $$\n  a\n  - b\n  $$").ul.find_all("math")), 3)

    def test_a_heading_with_a_formula_can_be_linked_to(self):
        heading = self.body(r"## The $\max_j x_j$ of all").h2
        self.assertTrue(heading.math)
        self.assertEqual(heading.a["href"], "#" + heading["id"])

    def test_a_formula_stays_with_its_comma(self):
        body = self.body("if $a$, then ($b$) or $c$ and $d$.")
        self.assertEqual([span.text for span in body.find_all("span")], ["a,", "(b)", "d."])

    def test_what_cannot_be_translated_shows_its_source(self):
        body = self.body(r"a $\nosuch{<b>}$ b", r"$$\frac{$$", r"\begin{nosuch}x\end{nosuch}")
        self.assertFalse(body.find_all("math"))
        self.assertEqual([code.text for code in body.find_all("code")],
                         [r"$\nosuch{<b>}$", r"$$\frac{$$", r"\begin{nosuch}x\end{nosuch}"])

    def test_macros_and_numbers_last_for_a_page(self):
        equation = r"\begin{equation}\ours\end{equation}"
        for _ in range(2):
            body = self.body(r"$\newcommand{\ours}{\mathbb{R}}$", equation, equation)
            self.assertFalse(body.find_all("code"))
            self.assertIn("ℝ(1)", body.text)
            self.assertIn("ℝ(2)", body.text)
        self.assertFalse(self.body(equation).find_all("math"))

    def test_every_chapter_is_complete(self):
        for path in run.find([], run.FOLDER):
            with self.subTest(path.name):
                html, _ = self.exporters["NbConvertApp"].from_notebook_node(nbformat.read(path, as_version=4))
                page = BeautifulSoup(html, "html.parser")
                self.assertGreater(len(page.find_all("math")), 20)
                for tag in page.find_all(["script", "link", "img", "iframe"]):
                    self.assertFalse(re.match("https?:|//", tag.get("src") or tag.get("href") or ""), tag)
                    self.assertNotIn("http", tag.text)
                for style in page.find_all("style"):
                    self.assertFalse(re.search(r"@import|url\(['\"]?(https?:|//)", style.text))
                for code in page.find_all(["pre", "code", "style"]):
                    code.decompose()
                for cell in page.select(".jp-MarkdownCell"):
                    self.assertNotIn("\\", cell.text)
                self.assertNotIn("$", page.text)
                # What could not be translated would stand in a <code> of its own.
                self.assertFalse(re.search(r"<code>\$|<code>\\begin", html))

    def test_jupyterlab_and_the_command_line_give_the_same_page(self):
        pages = {str(self.page("a $x$", program=program).find("math")) for program in self.exporters}
        self.assertEqual(len(pages), 1)
        for program in self.exporters:
            page = self.page("a $x$", program=program)
            self.assertFalse(page.find_all("script"))
            self.assertIn("data:font/woff2;base64,", str(page.head))


if __name__ == "__main__":
    unittest.main()
