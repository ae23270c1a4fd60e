"""Every kernel has a build directory of its own, which goes when it goes. A stand-in plays evcxr."""

import fcntl
import os
import shutil
import signal
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

import psutil

import run  # noqa: F401 (first: it finds the kernel's files)
import place
from output import Output

HANGS = 300  # seconds; nothing here takes one, however busy the machine
# Starts a process of its own, as evcxr does.
STAND_IN = "#!/bin/sh\nsleep 300 &\nsleep 300\n"


def program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


class Places(unittest.TestCase):
    """Each test has a checkout and a cache of its own: nobody else starts kernels there."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        base = Path(folder.name).resolve()
        self.root, self.cache = base / 'check"out', base / "cache"
        kernel = self.root / "notebooks" / "kernel"
        program(self.root / ".lab" / place.EVCXR / "bin" / "evcxr_jupyter", STAND_IN)
        program(kernel / "template", "#!/bin/sh\n")
        (kernel / "evcxr.toml").write_text('[dependencies]\ndltheory = { path = "ROOT" }\n')
        (self.root / ".lab" / "kernel" / "template" / "cell" / "target").mkdir(parents=True)
        config = self.root / ".lab" / "kernel" / ".cargo" / "config.toml"
        config.parent.mkdir()
        config.write_text('[profile.dev]\nopt-level = 3\n\n[source.crates-io]\nreplace-with = "vendor"\n')
        self.patch(mock.patch.object(place, "ROOT", self.root))
        self.patch(mock.patch.dict(os.environ, {"XDG_CACHE_HOME": str(self.cache)}))

    def patch(self, patch):
        patch.start()
        self.addCleanup(patch.stop)

    def start(self):
        made = place.Place()
        self.addCleanup(made.leave)
        binary = made.prepare(lambda phase: None)
        return made, made.start(binary, "connection.json")

    def test_each_has_its_own_and_deletes_it_at_its_end(self):
        (first, evcxr), (second, _) = self.start(), self.start()
        self.assertNotEqual(first.folder, second.folder)
        for made in (first, second):
            self.assertEqual(made.folder.parent, self.cache / "dltheory" / "kernels")
            self.assertTrue((made.folder / "cell" / "target").is_dir())
        ends, family = time.monotonic() + HANGS, []
        while len(family) < 3:  # the stand-in and its two
            self.assertLess(time.monotonic(), ends)
            family = [psutil.Process(evcxr.pid), *psutil.Process(evcxr.pid).children()]
        first.leave()
        self.assertFalse(first.folder.exists())
        self.assertTrue(second.folder.is_dir())
        while any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in family):
            self.assertLess(time.monotonic(), ends)
            time.sleep(0.05)

    def test_a_path_stands_in_the_configuration_as_it_is(self):
        made, _ = self.start()
        text = (made.folder / "config" / "evcxr.toml").read_text()
        self.assertIn(str(self.root).replace('"', '\\"'), text)

    def test_what_was_killed_with_its_janitor_goes_at_the_next_start(self):
        left = self.cache / "dltheory" / "kernels" / "run.left"
        left.mkdir(parents=True)
        held = left.with_name("run.held")
        held.mkdir()
        descriptor = os.open(held, os.O_RDONLY)
        self.addCleanup(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        self.start()
        self.assertFalse(left.exists())
        self.assertTrue(held.is_dir(), "a start deletes the copy of a kernel that runs")

    def test_the_janitor_ends_what_is_left(self):
        made, evcxr = self.start()
        made.janitor.stdin.close()  # as when this process is killed
        made.janitor.wait(timeout=HANGS)
        self.assertEqual(evcxr.wait(timeout=HANGS), -signal.SIGKILL)
        self.assertFalse(made.folder.exists())

    def test_the_janitor_tries_again(self):
        # As when what was killed still wrote something.
        program(self.cache / "bin" / "rm", f'#!/bin/sh\nmkdir "{self.cache}/tried" && exit 1\nexec {shutil.which("rm")} "$@"\n')
        with mock.patch.dict(os.environ, {"PATH": f"{self.cache}/bin:{os.environ['PATH']}"}):
            made = place.Place()
        made.leave()
        self.assertTrue((self.cache / "tried").exists())
        self.assertFalse(made.folder.exists())

    def test_what_is_still_prepared_ends_too(self):
        for name, tool in [("compiling", self.root / "notebooks" / "kernel" / "template"), ("copying", self.cache / "bin" / "cp")]:
            with self.subTest(name):
                program(tool, f'#!/bin/sh\n: >"{self.cache}/{name}"\nsleep {2 * HANGS}\n')
                made, ends = place.Place(), time.monotonic() + HANGS
                self.addCleanup(made.leave)
                with mock.patch.dict(os.environ, {"PATH": f"{self.cache}/bin:{os.environ['PATH']}"}):
                    fails = (place.Trouble, OSError), made.prepare, print
                    thread = threading.Thread(target=self.assertRaises, args=fails, daemon=True)
                    thread.start()
                    while not (self.cache / name).exists():
                        self.assertLess(time.monotonic(), ends)
                        time.sleep(0.05)
                    made.leave()
                    thread.join(HANGS)
                self.assertFalse(thread.is_alive())
                self.assertFalse(made.folder.exists())
                program(tool, "#!/bin/sh\n")

    def test_a_copy_that_is_not_whole_is_none(self):
        program(self.cache / "bin" / "cp", f'#!/bin/sh\n{shutil.which("cp")} "$@"\necho "cp: kein Platz" >&2\nexit 1\n')
        made = place.Place()
        self.addCleanup(made.leave)
        with mock.patch.dict(os.environ, {"PATH": f"{self.cache}/bin:{os.environ['PATH']}"}):
            with self.assertRaisesRegex(place.Trouble, "cannot be copied.*kein Platz"):
                made.prepare(lambda phase: None)

    def test_without_a_set_up_it_says_so(self):
        (self.root / ".lab" / place.EVCXR / "bin" / "evcxr_jupyter").unlink()
        made = place.Place()
        self.addCleanup(made.leave)
        with self.assertRaisesRegex(place.Trouble, "run ./lab setup"):
            made.prepare(lambda phase: None)

    def test_a_library_that_does_not_compile_is_shown(self):
        program(self.root / "notebooks" / "kernel" / "template", "#!/bin/sh\necho 'error: expected a semicolon'\nexit 1\n")
        made = place.Place()
        self.addCleanup(made.leave)
        with self.assertRaisesRegex(place.Trouble, "(?s)does not compile.*expected a semicolon"):
            made.prepare(lambda phase: None)

    def test_compiling_is_told(self):
        program(self.root / "notebooks" / "kernel" / "template", "#!/bin/sh\necho '   Compiling faer v1'\nsleep 3\n")
        made, told = place.Place(), []
        self.addCleanup(made.leave)
        made.prepare(told.append)
        self.assertIn("the library changed and is compiled again (Compiling faer v1)", told)

    def test_a_cache_with_a_space_is_not_used(self):
        with mock.patch.dict(os.environ, {"XDG_CACHE_HOME": str(self.cache / "with space")}):
            self.assertNotIn(" ", str(place.cache()))

    def test_no_place_at_all_is_a_sentence(self):
        with mock.patch.object(place, "free_of_spaces", lambda folder: False):
            with self.assertRaisesRegex(place.Trouble, "no folder for the kernel's files.*space"):
                place.cache()

    def test_a_crate_from_elsewhere_gets_the_registry(self):
        made, _ = self.start()
        made.use_registry()
        text = (made.folder / ".cargo" / "config.toml").read_text()
        self.assertNotIn("replace-with", text)
        self.assertIn("opt-level", text)

    def test_exercises_that_do_not_compile_are_noted(self):
        made, _ = self.start()
        made.note(["a", "b"], False)
        made.note(["a"], True)
        made.note(["c", "x" * 300], True)
        made.note(["x" * 300], False)  # no file can have this name
        self.assertEqual(os.listdir(made.folder / "uncompiled"), ["b"])


class Outputs(unittest.TestCase):
    """The pipe's frames, whole and in pieces."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / "output"
        os.mkfifo(path)
        self.got = []
        self.output = Output(path, lambda *text: self.got.append(text), self.got.append, lambda text: f"panic {text}\n")
        self.addCleanup(os.close, self.output.pipe)
        self.pipe = os.open(path, os.O_WRONLY)
        self.addCleanup(os.close, self.pipe)

    def send(self, kind, text, more=0):
        os.write(self.pipe, kind.encode() + bytes([more]) + len(text).to_bytes(2, "little") + text)

    def test_text_of_one_stream_goes_together(self):
        for text in (b"a", b"b\n"):
            self.send("o", text)
        self.send("e", b"c")
        self.output.settle()
        self.assertEqual(self.got, [("stdout", "ab\n"), ("stderr", "c")])

    def test_a_text_of_several_frames_is_one(self):
        pi = "π".encode()
        self.send("o", pi[:1], more=1)
        self.output.read()
        self.assertEqual(self.got, [])
        self.send("o", pi[1:])
        self.output.read()
        self.assertEqual(self.got, [("stdout", "π")])

    def test_half_a_text_of_a_process_that_ended_is_forgotten(self):
        self.send("o", b"half", more=1)
        self.output.settle()
        self.output.forget()
        self.send("o", b"next")
        self.output.settle()
        self.assertEqual(self.got, [("stdout", "next")])

    def test_a_program_that_never_stops_printing_leaves_time_for_others(self):
        frame = b"o\0\2\0x\n"
        with mock.patch("os.read", side_effect=[frame] * 1000):  # and then an error
            self.output.read()
        self.assertTrue(self.got)

    def test_an_error_is_not_shown_as_text_too(self):
        self.send("e", b"before")
        self.send("e", b"no such luck")
        self.send("E", b"")
        self.output.settle()
        self.assertEqual(self.got, [("stderr", "before"), "E"])
        self.assertEqual(self.output.last_error, "no such luck")

    def test_a_panic_without_a_mark_is_text(self):
        self.send("p", b"ouch")
        self.output.read()
        self.assertEqual(self.got, [])
        self.send("o", b"on")
        self.output.settle()
        self.assertEqual(self.got, [("stderr", "panic ouch\n"), ("stdout", "on")])


if __name__ == "__main__":
    unittest.main()
