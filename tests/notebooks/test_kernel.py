"""What a reader relies on: the first line works, and so do interrupting and restarting."""

import time
import unittest

import run


class Kernel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kernel = run.Kernel(run.FOLDER)

    @classmethod
    def tearDownClass(cls):
        cls.kernel.close()

    def execute(self, source):
        outputs, status = self.kernel.execute(source, time.monotonic() + run.START_LIMIT)
        return run.error_in(outputs, status), "".join(output.get("text", "") for output in outputs)

    def good(self, source):
        error, text = self.execute(source)
        self.assertIsNone(error, source)
        return text

    def test_cells_keep_values_of_the_library_without_naming_their_types(self):
        # The kernel can keep a value only if it can name its type through this crate.
        self.good("let matrix = array![[1.0, 2.0]];")
        self.good("let row = matrix.row(0).to_owned();")
        self.good('let mut rng = stream(1, "test", 0);')
        self.good("let solution = min_norm(&matrix, &matrix, None)?;")
        self.assertEqual(self.good('println!("{}", row.sum() + matrix.sum());'), "6\n")

    def test_interrupting_ends_the_cell_and_not_the_kernel(self):
        message = self.kernel.client.execute(
            'println!("begun"); loop { std::thread::sleep(std::time::Duration::from_millis(10)); }')
        # Not while it compiles, which takes as long as the machine likes.
        said = ""
        while "begun" not in said:
            said += self.kernel.client.get_iopub_msg(timeout=run.START_LIMIT)["content"].get("text", "")
        self.kernel.manager.interrupt_kernel()
        while True:
            reply = self.kernel.client.get_shell_msg(timeout=run.START_LIMIT)
            if reply["parent_header"]["msg_id"] == message:
                break
        self.assertEqual(reply["content"]["status"], "error")
        self.assertEqual(self.good('println!("{}", array![[1.0, 2.0]].sum());'), "3\n")

    def test_every_crate_has_its_locked_version(self):
        # evcxr starts without dependencies; a newer release must not replace a version meanwhile.
        kernels = run.ROOT / ".lab" / "kernel"
        self.good('println!("{}", array![[1.0, 2.0]].sum());')
        template = (kernels / "template" / "Cargo.lock").read_text()
        for lock in kernels.glob("run.*/Cargo.lock"):
            self.assertEqual(lock.read_text(), template, lock)

    def test_restarting_gives_a_fresh_kernel(self):
        self.good("let forgotten = 1;")
        self.kernel.manager.restart_kernel()
        self.kernel.client.wait_for_ready(timeout=run.START_LIMIT)
        self.assertIn("forgotten", self.execute('println!("{forgotten}");')[0])
        self.assertEqual(self.good('println!("{}", array![[1.0, 2.0]].sum());'), "3\n")


if __name__ == "__main__":
    unittest.main()
