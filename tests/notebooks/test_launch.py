"""Every kernel has a build directory of its own, which goes when it goes. A stand-in plays evcxr."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import run

HANGS = 300  # seconds; nothing here takes one, however busy the machine
STAND_IN = """#!/bin/sh
echo "$EVCXR_TMPDIR"
exec sleep 300
"""


def program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


class Launch(unittest.TestCase):
    """Each test has a checkout of its own, with an empty template: nobody else starts kernels there."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.home = Path(place.name).resolve() / "home"
        self.root = self.home.parent / "checkout"
        self.kernels = self.root / ".lab" / "kernel"
        self.launch = self.root / "notebooks" / "kernel" / "launch"
        program(self.home / "dltheory" / "evcxr-0.22.0" / "bin" / "evcxr_jupyter", STAND_IN)
        program(self.launch.parent / "template", "#!/bin/sh\n")
        shutil.copy(run.FOLDER / "kernel" / "launch", self.launch)
        shutil.copy(run.FOLDER / "evcxr.toml", self.root / "notebooks")
        (self.kernels / "template" / "cell" / "target").mkdir(parents=True)

    def start(self):
        """A running launcher and its copy of the template."""
        process = subprocess.Popen(
            [self.launch, "connection.json"], start_new_session=True, text=True,
            env={**os.environ, "XDG_DATA_HOME": str(self.home)},
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(process.stdout.close)
        self.addCleanup(self.kill, process)
        cell = Path(process.stdout.readline().strip())
        copy = cell.parent
        self.assertEqual(copy.parent, self.kernels)
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
            process.wait(timeout=HANGS)
            self.assertFalse(copy.exists(), name)

    def test_what_a_killed_kernel_left_goes_at_the_next_start(self):
        killed, left = self.start()
        self.kill(killed)
        self.assertTrue(left.is_dir(), "nobody could have deleted it")
        # The kernel of the operating system ends what was killed when it gets round to it.
        ends = time.monotonic() + HANGS
        while subprocess.run(["flock", "--nonblock", left, "true"]).returncode != 0:
            self.assertLess(time.monotonic(), ends, "somebody holds it")
            time.sleep(0.05)
        self.start()
        self.assertFalse(left.exists())

    def test_a_notebook_in_another_folder_finds_the_library(self):
        _, copy = self.start()
        self.assertIn(f'path = "{self.root}"', (copy / "config" / "evcxr.toml").read_text())

    def test_without_a_set_up_it_says_so(self):
        done = subprocess.run(
            [self.launch, "connection.json"], env={**os.environ, "XDG_DATA_HOME": "/nonexistent"},
            capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("./lab setup", done.stderr)


if __name__ == "__main__":
    unittest.main()
