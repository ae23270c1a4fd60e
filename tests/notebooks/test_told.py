"""What a reader is told of an error: the line of the notebook, and nothing twice."""

import json
import tempfile
import unittest
from pathlib import Path

import run  # noqa: F401 (first: it finds the kernel's files)
import told
from limits import Limits, container_processes

COMPILED = ["#![allow(unused)]", "fn f(v: &[i32]) -> i32 {", "    v[9]", "}", "let a = 1;", "let b = g(", "  a);", "let a = 1;", "(h(a)).evcxr_display();"]


def panic(line, file="cell/src/lib.rs", **more):
    return {"message": "ouch", "thread": "main", "file": file, "line": line, **more}


class Told(unittest.TestCase):
    def where(self, line, *cells, **more):
        numbered = [(number, source) for number, source in zip(range(len(cells), 0, -1), cells)]
        return told.where(panic(line, **more), COMPILED, numbered)

    def test_a_panic_names_its_line(self):
        self.assertEqual(self.where(5, "let a = 1;\nlet b = g(\n  a);"), "in line 1: let a = 1;")
        self.assertEqual(self.where(9, "let c = 2;\nh(a)"), "in line 2: h(a)")

    def test_of_equal_lines_it_is_the_one_with_equal_neighbours(self):
        cell = "let a = 1;\nlet b = g(\n  a);\nlet a = 1;\nh(a)"
        self.assertIn("in line 1:", self.where(5, cell))
        self.assertIn("in line 4:", self.where(8, cell))

    def test_a_line_of_several_statements(self):
        self.assertIn("in line 1:", self.where(5, "let a = 1; let z = 2;"))

    def test_a_function_of_an_earlier_cell(self):
        self.assertEqual(self.where(3, "f(&[])", "fn f(v: &[i32]) -> i32 {\n    v[9]\n}"), "in line 2 of cell [1]: v[9]")

    def test_a_panic_in_a_library_names_both(self):
        path = "/home/x/registry/ndarray-0.17.2/src/lib.rs"
        self.assertEqual(self.where(36, "h(a)", file=path), "in ndarray-0.17.2/src/lib.rs, line 36")
        self.assertEqual(self.where(36, "h(a)", file=path, called=9),
                         "in ndarray-0.17.2/src/lib.rs, line 36, called in line 1: h(a)")

    def test_nothing_is_made_up(self):
        self.assertIsNone(self.where(400, "h(a)"))
        self.assertIsNone(self.where(2, "h(a)"))
        self.assertIsNone(told.where({"message": "x", "thread": "main"}, COMPILED, [(1, "h(a)")]))

    def test_a_panic_is_one_error(self):
        made = told.panicked(panic(9), COMPILED, [(1, "h(a)")])
        self.assertEqual((made["ename"], made["evalue"]), ("Panic", "ouch"))
        self.assertEqual(made["traceback"][1:], ["in line 1: h(a)"])
        self.assertIn("Panic: ouch", made["traceback"][0])

    def test_words_of_a_process_that_cannot_be_read(self):
        self.assertEqual(told.read_panic("{")["message"], "{")
        self.assertEqual(told.read_panic(json.dumps(panic(1)))["line"], 1)

    def test_exercises_are_found_by_their_mark(self):
        self.assertEqual(told.exercises("// exercise: min_norm\nfn min_norm() {}\n // exercise: b\n"), ["b", "min_norm"])
        self.assertEqual(told.exercises("let a = \"// exercise: no\";"), [])

    def test_cells_have_our_numbers(self):
        made = told.renumbered({"ename": "Error", "evalue": "x", "traceback": ["[command_7:1:2]"]}, 7, 3)
        self.assertEqual(made["traceback"], ["[cell [3]:1:2]"])

    def test_why_there_is_no_kernel(self):
        words = "panicked: WouldBlock\nStack backtrace:\n  0: x\n"
        free = Limits()
        self.assertIn("limited to 1.5 GiB (ulimit -v)", told.no_kernel(words, 101, Limits(address_space=3 * 2**29)))
        self.assertNotIn("ulimit -v", told.no_kernel(words, 101, Limits(address_space=64 * 2**30)))
        self.assertIn("too few processes are allowed, 24", told.no_kernel("", 1, Limits(processes=24)))
        self.assertIn("ulimit -u", told.no_kernel(words, 101, free))
        self.assertIn("too little memory", told.no_kernel("", -9, free))
        self.assertIn("the disk is full", told.no_kernel("No space left on device", 1, free))
        self.assertEqual(told.no_kernel("odd", 1, Limits(processes=10_000)),
                         "the Rust kernel ended by itself; restart it. Its last words:\n\nodd")
        self.assertNotIn("0: x", told.no_kernel(words, 101, free))

    def test_the_least_limit_on_processes_from_the_group_upwards(self):
        with tempfile.TemporaryDirectory() as place:
            for tree, member in [("", "0::/user/kernel\n"), ("pids", "8:memory:/x\n7:pids:/user/kernel\n0::/\n")]:
                cgroups = Path(place, f"tree{tree}")
                for folder, limit in [("user/kernel", "max"), ("user", "50"), ("", "900")]:
                    (cgroups / tree / folder).mkdir(parents=True, exist_ok=True)
                    (cgroups / tree / folder / "pids.max").write_text(limit + "\n")
                Path(place, "member").write_text(member)
                self.assertEqual(container_processes(Path(place, "member"), cgroups), 50)
            self.assertIsNone(container_processes(Path(place, "none"), cgroups))

    def test_how_a_process_ended(self):
        made = told.ended("Subprocess terminated with status: signal: 6 (SIGABRT)")
        self.assertIn("signal: 6 (SIGABRT)", made["evalue"])
        self.assertIn("Variables are lost", made["evalue"])


if __name__ == "__main__":
    unittest.main()
