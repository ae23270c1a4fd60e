"""The runner sees what is wrong with a notebook, and two kernels run side by side."""

import contextlib
import io
import tempfile
import threading
import unittest
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import run

HTML = new_output("execute_result", {"text/html": "<p>was here</p>"}, execution_count=1)


def write(folder, name, cells):
    path = Path(folder) / name
    nbformat.write(new_notebook(cells=[new_markdown_cell("text"), *cells]), path)
    return path


def tagged(source):
    return new_code_cell(source, metadata={"tags": ["raises-exception"]})


CLAIM = """use dltheory::experiment::{{Claim, Claims}};
Claims::from(vec![Claim::equals("a < b", 1.0, 2.0, {}).against(0.0, "nothing")])"""
GOOD = [
    new_code_cell("let a = array![[1.0, 2.0]];"),
    new_code_cell('println!("{}", a.sum());'),
    new_code_cell("Html::paragraph(\"shown\")", outputs=[HTML]),
    tagged('panic!("on purpose");'),
    tagged("let b: usize = 1.5;"),
    new_code_cell(CLAIM.format("0.1").replace("2.0", "1.0"), outputs=[HTML]),
]
GOOD += [
    new_markdown_cell("## What to try\n\n- `CurveFitting { noise: 1.0, ..Default::default() }`: or\n"
                      "- `CurveFitting { noise: 2.0, ..Default::default() }.run(1)?`"),
]
BAD = [
    ("a panic", new_code_cell('panic!("ouch");'), "ouch"),
    ("an error through ?", new_code_cell('ridge(&array![[1.0]], &array![[1.0]], -1.0)?;'), "the penalty λ is -1"),
    ("a compile error", new_code_cell("let c: usize = 1.5;"), "mismatched"),
    ("a shown Err", new_code_cell('Err::<i32, &str>("no")'), "Err("),
    ("a missing output", new_code_cell("let d = 1;", outputs=[HTML]), "no longer gives its text/html"),
    ("no error where one is expected", tagged("let e = 1;"), "tagged raises-exception"),
    ("a claim that fails", new_code_cell(CLAIM.format("0.1")), "✗: a < b"),
    ("a claim that is not resolved", new_code_cell(CLAIM.format("5.0")), "not resolved: a < b"),
    ("a value as Debug writes it", new_code_cell('Claim::equals("a", 1.0, 1.0, 0.0)'), "as `Debug` writes it: Claim"),
    ("what to try does not compile", new_markdown_cell("## What to try\n\n- `CurveFitting { noise: 1, .. }`"), "What to try: "),
]


class Runner(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.good = write(cls.folder.name, "good.ipynb", GOOD)
        cls.bad = write(cls.folder.name, "bad.ipynb", [cell for _, cell, _ in BAD])
        cls.failures = {}

        def work(path):
            cls.failures[path.name] = run.run(path, 3600, write=True, live=False)

        # At the same time: two kernels must not disturb each other.
        threads = [threading.Thread(target=work, args=(path,)) for path in (cls.good, cls.bad)]
        with contextlib.redirect_stdout(io.StringIO()):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_a_good_notebook_passes_and_its_outputs_are_written(self):
        self.assertEqual(self.failures["good.ipynb"], [])
        notebook = nbformat.read(self.good, as_version=4)
        codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
        self.assertEqual([cell.execution_count for cell in codes], [1, 2, 3, 4, 5, 6])
        self.assertEqual(codes[1].outputs[0].text, "3\n")
        self.assertIn("shown", codes[2].outputs[0].data["text/html"])

    def test_each_kind_of_failure_is_seen(self):
        failures = self.failures["bad.ipynb"]
        self.assertEqual(len(failures), len(BAD), failures)
        for name, _, sign in BAD:
            with self.subTest(name):
                self.assertIn(sign, "\n".join(failures))

    def test_a_failing_notebook_is_left_as_it_was(self):
        notebook = nbformat.read(self.bad, as_version=4)
        self.assertIn("was here", notebook.cells[5].outputs[0].data["text/html"])

    def test_an_unknown_name_lists_the_notebooks(self):
        with self.assertRaises(SystemExit) as caught:
            run.find(["no_such_chapter"], run.FOLDER)
        self.assertIn("13_double_descent", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
