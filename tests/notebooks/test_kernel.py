"""What a reader relies on in the real kernel."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_notebook

import run  # first: it finds the kernel's files
import front
import place

LOOP = 'println!("begun"); loop { std::thread::sleep(std::time::Duration::from_millis(10)); }'


def streams(outputs):
    return [(output.name, output.text) for output in outputs if output.output_type == "stream"]


class Cells(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kernel = run.Kernel(run.FOLDER)
        # The first cell of a fresh kernel, and the first with `?`.
        cls.first = cls.kernel.execute("CurveFitting::quick().run(1)?.claims", time.monotonic() + run.START_LIMIT)

    @classmethod
    def tearDownClass(cls):
        cls.kernel.close()

    def execute(self, source):
        return self.kernel.execute(source, time.monotonic() + run.START_LIMIT)

    def good(self, source):
        outputs, status = self.execute(source)
        self.assertIsNone(run.error_in(outputs, status), source)
        return "".join(output.get("text", "") for output in outputs)

    def bad(self, source):
        """The one error of a cell."""
        outputs, status = self.execute(source)
        self.assertEqual(status, "error", source)
        errors = [output for output in outputs if output.output_type == "error"]
        self.assertEqual(len(errors), 1, errors)
        return run.COLOUR.sub("", "\n".join(errors[0].traceback))

    def interrupt(self, source, sign):
        """Interrupts a cell when it has printed `sign`; what it says then."""
        message = self.kernel.client.execute(source)
        said = ""
        while sign not in said:
            said += self.kernel.client.get_iopub_msg(timeout=run.START_LIMIT)["content"].get("text", "")
        self.kernel.manager.interrupt_kernel()
        return self.reply(message)

    def reply(self, message):
        while True:
            reply = self.kernel.client.get_shell_msg(timeout=run.START_LIMIT)
            if reply["parent_header"]["msg_id"] == message:
                return reply["content"]

    def test_the_first_question_mark_shows_its_result(self):
        outputs, status = self.first
        self.assertEqual(status, "ok")
        self.assertIn("<table", outputs[-1].data["text/html"])
        self.assertEqual(len(outputs), 1)

    def test_cells_keep_values_of_the_library_without_naming_their_types(self):
        # The kernel can keep a value only if it can name its type through this crate.
        self.good("let matrix = array![[1.0, 2.0]];")
        self.good("let row = matrix.row(0).to_owned();")
        self.good('let mut rng = stream(1, "test", 0);')
        self.good("let solution = min_norm(&matrix, &matrix, None)?;")
        self.assertEqual(self.good('println!("{}", row.sum() + matrix.sum());'), "6\n")

    def test_a_panic_fails_its_cell_and_names_the_line(self):
        said = self.bad("let v = vec![1, 2];\nlet i = 5;\nlet w = v[i];")
        self.assertEqual(said, "Panic: index out of bounds: the len is 2 but the index is 5\nin line 3: let w = v[i];")

    def test_a_panic_in_a_library_names_the_line_that_called_it(self):
        said = self.bad("let a = array![1.0, 2.0];\nlet b = array![1.0, 2.0, 3.0];\nlet c = a.dot(&b);")
        self.assertIn("called in line 3: let c = a.dot(&b);", said)
        self.assertEqual(len(said.splitlines()), 2, said)

    def test_an_error_fails_its_cell_with_its_sentence(self):
        said = self.bad("ridge(&array![[1.0]], &array![[1.0]], -1.0)?;")
        self.assertTrue(said.startswith("Error: the penalty λ is -1"), said)

    def test_a_caught_panic_fails_nothing(self):
        outputs, status = self.execute('println!("{}", std::panic::catch_unwind(|| panic!("caught")).is_err());')
        self.assertEqual(status, "ok")
        self.assertIn(("stdout", "true\n"), streams(outputs))
        self.assertIn("Panic: caught", "".join(text for name, text in streams(outputs) if name == "stderr"))

    def test_one_mistake_is_one_error(self):
        self.good("fn first_stub(x: f64) -> f64 { todo!() }\nfn second_stub(x: f64, y: f64) -> f64 { todo!() }")
        self.assertIn("mismatched types", self.bad("let wrong: usize = 1.5;"))

    def test_what_is_printed_arrives_whole_and_in_order(self):
        outputs, status = self.execute('print!("no newline"); eprint!("err"); println!(" and one"); print!("end");')
        self.assertEqual((status, streams(outputs)), ("ok", [("stdout", "no newline and one\nend"), ("stderr", "err")]))
        lines = ["EVCXR_EXECUTION_COMPLETE", "EVCXR_BEGIN_CONTENT text/html", "EVCXR_PANIC_NOTIFICATION "]
        self.assertEqual(self.good("".join(f'println!("{{}}", "{line}");' for line in lines)), "\n".join(lines) + "\n")

    def test_what_makes_a_text_may_print_and_panic(self):
        self.good("struct Odd;\nimpl std::fmt::Display for Odd {\n"
                  "    fn fmt(&self, _: &mut std::fmt::Formatter) -> std::fmt::Result { println!(\"inner\"); todo!() }\n}")
        self.assertIn("not yet implemented", self.bad('println!("{}", Odd);'))

    def test_a_cell_that_never_stops_printing_can_be_interrupted(self):
        self.assertEqual(self.interrupt('loop { println!("begun"); }', "begun")["status"], "error")
        self.assertEqual(self.good('println!("{}", array![[1.0, 2.0]].sum());'), "3\n")

    def test_many_lines_alternate(self):
        outputs, status = self.execute('for i in 0..2000 { println!("{i}"); eprintln!("{i}"); }')
        whole = "".join(f"{i}\n" for i in range(2000))
        self.assertEqual((status, streams(outputs)), ("ok", [("stdout", whole), ("stderr", whole)]))

    def test_an_idle_kernel_is_left_alone_when_interrupted(self):
        self.good("let kept = 41;")
        # As front-ends do it, but waiting for the answer: a cell sent meanwhile might be meant.
        client = self.kernel.client
        client.control_channel.send(client.session.msg("interrupt_request"))
        self.assertEqual(client.get_control_msg(timeout=run.START_LIMIT)["content"]["status"], "ok")
        self.assertEqual(self.good('println!("{}", kept + 1);'), "42\n")

    def test_interrupting_ends_the_cell_and_not_the_kernel(self):
        reply = self.interrupt(LOOP, "begun")
        self.assertEqual(reply["status"], "error")
        self.assertEqual(reply["evalue"], "Interrupted; variables are lost: run the cells above again.")
        self.assertEqual(self.good('println!("{}", array![[1.0, 2.0]].sum());'), "3\n")
        # The new process tells of its panics as the old one did.
        self.assertIn("in line 1:", self.bad('panic!("again");'))

    def test_a_cell_that_ends_its_process_says_so(self):
        self.assertIn("SIGABRT", self.bad("std::process::abort();"))
        self.assertIn("in line 1:", self.bad('panic!("again");'))

    def test_cells_sent_after_one_that_fails_do_not_run(self):
        sent = [self.kernel.client.execute(source) for source in ('println!("a");', 'panic!("b");', 'println!("c");')]
        self.assertEqual([self.reply(message)["status"] for message in sent], ["ok", "error", "aborted"])

    def test_a_check_knows_that_its_exercise_does_not_compile(self):
        stub = "// exercise: ridge_weights\nfn ridge_weights(x: &Array2<f64>, y: &Array1<f64>, lambda: f64) -> Array1<f64> { BODY }"
        check = "check::ridge_weights(ridge_weights)"
        self.good(stub.replace("BODY", "todo!()"))
        for body, said in [("todo!()", "not started"), ("x.no_such_thing()", "does not compile"), ("todo!()", "not started")]:
            self.execute(stub.replace("BODY", body))
            outputs, _ = self.execute(check)
            self.assertIn(said, outputs[-1].data["text/html"])

    def test_a_check_says_what_would_not_be_graded(self):
        self.good("fn stretch(w: &Array2<f64>) -> f64 { linalg::svd(w).s[0] }")
        head = "fn product_bound(weights: &Vec<Array2<f64>>) -> f64 "
        outputs, status = self.execute(
            head + "{ weights.iter().map(stretch).product() }\nprintln!(\"tried\");\ncheck::product_bound(product_bound)")
        self.assertEqual(status, "ok", outputs)
        page = "".join(run.text_of(output.get("data", {}).get("text/html", "")) for output in outputs)
        self.assertRegex(page, r"would not compile: <code>stretch</code> is in cell \[\d+\]")
        self.assertRegex(page, r"lines 2, 3 are not graded")
        # What does not compile is forgotten, and what is written anew counts.
        self.execute(head + "{ nowhere(weights) }")
        self.good(head + "{\n    weights.iter().map(|w| linalg::svd(w).s[0]).product() }")
        outputs, _ = self.execute("check::product_bound(product_bound)")
        page = "".join(run.text_of(output.get("data", {}).get("text/html", "")) for output in outputs)
        self.assertNotIn("not graded", page)
        self.assertIn("One way to do it", page)

    def test_completion_inspection_and_input(self):
        client = self.kernel.client
        self.assertIn("ndarray::", self.reply(client.complete("ndar", 4))["matches"])
        self.assertEqual(self.reply(client.inspect("min_norm", 3))["status"], "ok")
        self.assertEqual(self.reply(client.history(hist_access_type="tail", n=1))["history"], [])
        self.assertEqual(self.reply(client.kernel_info())["language_info"], front.LANGUAGE)

    def test_restarting_gives_a_fresh_kernel(self):
        self.good("let forgotten = 1;")
        self.kernel.manager.restart_kernel()
        self.kernel.client.wait_for_ready(timeout=run.START_LIMIT)
        self.assertIn("forgotten", self.bad('println!("{forgotten}");'))
        self.assertEqual(self.good('println!("{}", array![[1.0, 2.0]].sum());'), "3\n")

    def test_every_crate_has_its_locked_version(self):
        # evcxr starts without dependencies; a newer release must not replace a version meanwhile.
        self.good('println!("{}", array![[1.0, 2.0]].sum());')
        template = (run.ROOT / ".lab" / "kernel" / "template" / "Cargo.lock").read_text()
        for lock in place.cache().glob("run.*/Cargo.lock"):
            if f'"{run.ROOT}"' in (lock.parent / "cell" / "Cargo.toml").read_text():
                self.assertEqual(lock.read_text(), template, lock)


class Ends(unittest.TestCase):
    """A kernel goes with whoever started it, whatever it does, and so does its build directory."""

    def start(self):
        """A kernel in the middle of a cell that never ends, started by a process of its own."""
        work = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
                "import run, time\nkernel = run.Kernel(run.FOLDER)\n"
                f"kernel.client.execute({LOOP!r})\n"
                "while 'begun' not in kernel.client.get_iopub_msg()['content'].get('text', ''): pass\n"
                "print(kernel.manager.provisioner.pid, flush=True)\ntime.sleep(3600)"]
        server = subprocess.Popen(work, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        kernel = psutil.Process(int(server.stdout.readline()))
        family = [kernel, *kernel.children(recursive=True)]
        folder = next(place.cache() / part for one in family for part in " ".join(one.cmdline()).split("/")
                      if part.startswith("run."))
        self.assertTrue(folder.is_dir())
        return server, kernel, family, folder

    def gone(self, family, folder):
        ends = time.monotonic() + run.START_LIMIT
        left = family
        while left or folder.exists():
            self.assertLess(time.monotonic(), ends, [left, folder.exists()])
            time.sleep(0.1)
            left = [one for one in left if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]

    def test_when_the_server_is_killed(self):
        server, _, family, folder = self.start()
        server.kill()
        server.wait()
        self.gone(family, folder)

    def test_when_the_kernel_is_killed(self):
        server, kernel, family, folder = self.start()
        kernel.kill()
        self.gone(family[1:], folder)

    def test_when_the_kernel_is_told_to_end(self):
        server, kernel, family, folder = self.start()
        os.kill(kernel.pid, signal.SIGTERM)
        self.gone(family, folder)


class OtherFrontEnds(unittest.TestCase):
    def test_nbconvert_fails_where_a_cell_does(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, source, status, sign in [
                ("good", 'println!("fine");', 0, "fine"), ("panic", 'panic!("ouch");', 1, "ouch"),
                ("err", 'Err::<i32, &str>("no such luck")?;', 1, "no such luck"),
            ]:
                path = Path(folder) / f"{name}.ipynb"
                notebook = new_notebook(cells=[new_code_cell(source)])
                notebook.metadata.kernelspec = {"name": "dltheory", "display_name": "Rust", "language": "rust"}
                nbformat.write(notebook, path)
                done = subprocess.run(
                    [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--stdout", path],
                    capture_output=True, text=True)
                self.assertEqual(done.returncode, status, done.stderr)
                self.assertIn(sign, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
