"""Every kernel has a build directory of its own, which goes when it goes. A stand-in plays evcxr."""

import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import run

LAUNCH = run.ROOT / "notebooks" / "kernel" / "launch"
KERNELS = run.ROOT / ".lab" / "kernel"
STAND_IN = """#!/bin/sh
echo "$EVCXR_TMPDIR"
exec sleep 300
"""


class Launch(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.TemporaryDirectory()
        self.addCleanup(self.home.cleanup)
        program = Path(self.home.name) / "dltheory" / "evcxr-0.22.0" / "bin" / "evcxr_jupyter"
        program.parent.mkdir(parents=True)
        program.write_text(STAND_IN)
        program.chmod(0o755)

    def start(self):
        """A running launcher and its copy of the template."""
        process = subprocess.Popen(
            [LAUNCH, "connection.json"], start_new_session=True, text=True,
            env={**os.environ, "XDG_DATA_HOME": self.home.name},
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(process.stdout.close)
        self.addCleanup(self.kill, process)
        cell = Path(process.stdout.readline().strip())
        copy = cell.parent
        self.assertEqual(copy.parent, KERNELS)
        self.assertTrue((cell / "target").is_dir())
        return process, copy

    @staticmethod
    def kill(process):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()

    def test_each_has_its_own_and_deletes_it_at_its_end(self):
        first, one = self.start()
        second, two = self.start()
        self.assertNotEqual(one, two)
        self.assertTrue(one.is_dir(), "a start deletes the copy of a kernel that runs")
        for process, copy, name in [(first, one, signal.SIGTERM), (second, two, signal.SIGHUP)]:
            process.send_signal(name)
            process.wait(timeout=20)
            self.assertFalse(copy.exists(), name)

    def test_what_a_killed_kernel_left_goes_at_the_next_start(self):
        killed, left = self.start()
        self.kill(killed)
        time.sleep(0.2)
        self.assertTrue(left.is_dir(), "nobody could have deleted it")
        self.start()
        self.assertFalse(left.exists())

    def test_a_notebook_in_another_folder_finds_the_library(self):
        _, copy = self.start()
        self.assertIn(f'path = "{run.ROOT}"', (copy / "config" / "evcxr.toml").read_text())

    def test_without_a_set_up_it_says_so(self):
        done = subprocess.run(
            [LAUNCH, "connection.json"], env={**os.environ, "XDG_DATA_HOME": "/nonexistent"},
            capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("./lab setup", done.stderr)


if __name__ == "__main__":
    unittest.main()
