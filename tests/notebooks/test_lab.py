"""Set-up as people have it, with stand-ins for Rust, pip and JupyterLab in a checkout of its own."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import psutil

import run  # first: it finds the kernel's files
import install

HANGS = 300  # seconds; nothing here takes one, however busy the machine
NOBODY = 65534
TOOLS = ["sh", "sed", "readlink", "dirname", "id", "getent", "cut", "head", "sort", "cmp", "grep", "mkdir", "cp", "mv",
         "rm", "cat", "flock", "sleep", "tail", "printf", "env", "touch", "date", "tr"]
RUSTC = """#!/bin/sh
case $* in
    *sysroot*) echo "{sysroot}" ;;
    *) echo "rustc {version} (abc 2026-01-01)" ;;
esac
"""
PYTHON = """#!/bin/sh
case $* in
    *jupyterlab*) for argument in "$@"; do echo "argument: $argument"; done; env ;;
    *describe.py*) shift 2; exec {python} "$@" ;;
esac
"""


def program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def lives(process):
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Checkout:
    """A checkout where everything is set up, as far as `lab` can see."""

    def __init__(self, test, name="checkout"):
        place = tempfile.TemporaryDirectory()
        test.addCleanup(place.cleanup)
        base = Path(place.name).resolve()
        base.chmod(0o755)
        self.root, self.bin, self.home = base / name, base / "bin", base / "home"
        self.home.mkdir()
        (self.root / "notebooks" / "kernel").mkdir(parents=True)
        for source in ["lab", "Cargo.toml", "notebooks/kernel/overrides.json", "notebooks/kernel/requirements.txt",
                       "notebooks/kernel/describe.py"]:
            shutil.copy(run.ROOT / source, self.root / source)
        (self.root / "Cargo.lock").write_text("")
        (self.root / "notebooks" / "01_first.ipynb").write_text("{}")
        program(self.root / "notebooks" / "kernel" / "template", "#!/bin/sh\n")
        program(self.root / ".lab" / "evcxr-0.22.0" / "bin" / "evcxr_jupyter", "#!/bin/sh\n")
        venv = self.root / ".lab" / "venv"
        program(venv / "bin" / "python", PYTHON.format(python=sys.executable))
        shutil.copy(self.root / "notebooks" / "kernel" / "requirements.txt", venv)
        self.bin.mkdir()
        for tool in TOOLS:
            if (found := shutil.which(tool)) is not None:
                (self.bin / tool).symlink_to(found)
        (base / "sysroot" / "lib" / "rustlib" / "src" / "rust" / "library").mkdir(parents=True)
        rustc = RUSTC.format(sysroot=base / "sysroot", version="9.9.9")
        for name, text in [("rustc", rustc), ("cargo", rustc), ("cc", "#!/bin/sh\n"), ("pkg-config", "#!/bin/sh\n"),
                           ("python3", "#!/bin/sh\necho 3.9.2\n"), ("df", "#!/bin/sh\necho 'none 1 1 999999 1% /'\n")]:
            program(self.bin / name, text)

    def lab(self, *arguments, user=None, lab=None, **variables):
        environment = {"PATH": str(self.bin), "HOME": str(self.home), **variables}
        return subprocess.run(
            [lab or self.root / "lab", *arguments], capture_output=True, text=True, timeout=HANGS, user=user,
            env={name: value for name, value in environment.items() if value is not None}, cwd="/")

    def kernel(self):
        return json.loads((self.root / ".lab/venv/share/jupyter/kernels/dltheory/kernel.json").read_text())


def arguments(done):
    return [line.removeprefix("argument: ") for line in done.stdout.splitlines() if line.startswith("argument: ")]


class Lab(unittest.TestCase):
    def test_help_needs_nothing(self):
        checkout = Checkout(self)
        link = checkout.home / "lab"
        link.symlink_to(checkout.root / "lab")
        for lab in (None, link):
            done = checkout.lab("help", lab=lab, HOME=None, CDPATH="/:.")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("./lab setup", done.stdout)
        self.assertEqual(checkout.lab("nonsense").returncode, 2)

    def test_options_go_to_jupyterlab(self):
        checkout = Checkout(self)
        done = checkout.lab("--no-browser", "--port=8899")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue({"--no-browser", "--port=8899", "--notebook-dir=notebooks"} <= set(arguments(done)))
        self.assertEqual("--allow-root" in arguments(done), os.getuid() == 0)
        self.assertEqual("--allow-root" in done.stderr, os.getuid() == 0)
        done = checkout.lab("lab", "--notebook-dir=/elsewhere")
        self.assertIn("--notebook-dir=/elsewhere", arguments(done))
        self.assertNotIn("--notebook-dir=notebooks", arguments(done))

    def test_what_others_set_is_not_ours(self):
        checkout = Checkout(self)
        others = {"PYTHONPATH": "/p", "JUPYTERLAB_DIR": "/p", "JUPYTER_PATH": "/p", "JUPYTER_CONFIG_DIR": "/p"}
        done = checkout.lab(**others)
        self.assertNotIn("=/p", done.stdout.replace("PATH=" + str(checkout.bin), ""))
        self.assertIn(f"JUPYTER_CONFIG_DIR={checkout.home}/", done.stdout)

    def test_any_path_will_do(self):
        for name in ["with space", "a&b|c", "it's", 'q"u', "b\\s", "$HOME"]:
            with self.subTest(name):
                checkout = Checkout(self, name)
                done = checkout.lab("setup", CDPATH="/:.")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(checkout.kernel()["argv"][3], f"{checkout.root}/notebooks/kernel/bridge.py")

    def test_rust_that_does_not_serve_is_named(self):
        checkout = Checkout(self)
        program(checkout.bin / "rustc", "#!/bin/sh\necho 'rustc 1.63.0 (x)'\n")
        done = checkout.lab("setup")
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"Rust 1.63.0 ({checkout.bin}/rustc) is too old", done.stderr)
        self.assertNotIn("rustup update", done.stderr)
        program(checkout.home / ".cargo" / "bin" / "rustc", "#!/bin/sh\n")
        self.assertIn(f"{checkout.home}/.cargo/bin has another", checkout.lab("setup").stderr)
        program(checkout.bin / "rustup", "#!/bin/sh\n")
        self.assertIn("run rustup update", checkout.lab("setup").stderr)
        program(checkout.bin / "rustc", "#!/bin/sh\necho 'error: rustup could not choose a version of rustc to run, "
                "because one wasn'\"'\"'t specified explicitly, and no default is configured.' >&2\nexit 1\n")
        self.assertIn("rustup default stable", checkout.lab("setup").stderr)
        (checkout.bin / "rustc").unlink()
        self.assertIn("Rust's rustc is missing", checkout.lab("setup").stderr)

    def test_a_failure_says_why_only_if_it_is_known(self):
        for said, told in [
            ("error: Could not resolve host: index", "is the network there?"),
            ("write: No space left on device", "the disk is full"),
            ("memory allocation of 9 bytes failed", "too little memory"),
            ("fork: Resource temporarily unavailable", "too few processes"),
            ("error: checksum changed", None),
        ]:
            with self.subTest(said):
                checkout = Checkout(self)
                program(checkout.bin / "cargo", RUSTC.format(sysroot="", version="9.9.9")
                        + f"case $* in *fetch*) echo '{said}' >&2; exit 1 ;; esac\n")
                done = checkout.lab("setup")
                self.assertEqual(done.returncode, 1)
                last = done.stderr.strip().splitlines()[-1]
                self.assertIn("cargo could not fetch the libraries (see .lab/fetch.log)", last)
                if told is None:
                    self.assertTrue(last.endswith("(see .lab/fetch.log)"), last)
                else:
                    self.assertIn(told, last)

    def test_python_that_does_not_serve_is_named(self):
        for says, told in [
            ("echo 3.8.1", "Python 3.8.1 is too old"),
            ("echo 2.7.18", "Python 2.7.18 is too old"),
            ("echo 'fork: retry' >&2; exit 1", "python3 does not work: fork: retry"),
        ]:
            checkout = Checkout(self)
            program(checkout.bin / "python3", f"#!/bin/sh\n{says}\n")
            done = checkout.lab("setup")
            self.assertEqual(done.returncode, 1)
            self.assertIn(told, done.stderr.strip().splitlines()[-1])

    def test_a_tool_may_say_more_than_its_version(self):
        checkout = Checkout(self)
        said = "#!/bin/sh\necho 'warning: 1.2 is odd' >&2\n"
        for name in ("rustc", "cargo", "python3"):
            path = checkout.bin / name
            program(path, path.read_text().replace("#!/bin/sh\n", said).replace('echo "rustc', f'echo "{name}'))
        done = checkout.lab("setup")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_interrupting_the_checks_ends_the_notebooks_too(self):
        checkout = Checkout(self)
        begun = checkout.root.parent / "begun"
        program(checkout.root / ".lab" / "venv" / "bin" / "python",
                PYTHON.format(python=sys.executable)
                + f"case $* in *unittest*) touch '{begun}'; exec sleep {2 * HANGS} ;; esac\n")
        # The other checks last until then, and a moment more.
        cargo = checkout.bin / "cargo"
        cargo.write_text(cargo.read_text() + f"case $* in *fmt*) exec sleep {2 * HANGS} ;; esac\n")
        lab = subprocess.Popen(
            [checkout.root / "lab", "test"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            env={"PATH": str(checkout.bin), "HOME": str(checkout.home)})
        self.addCleanup(lab.kill)
        ends = time.monotonic() + HANGS
        while not begun.exists():
            self.assertLess(time.monotonic(), ends)
            time.sleep(0.05)
        family = psutil.Process(lab.pid).children(recursive=True)
        self.addCleanup(lambda: [one.kill() for one in family if lives(one)])
        os.killpg(lab.pid, signal.SIGINT)
        self.assertNotEqual(lab.wait(timeout=HANGS), 0)
        while any(map(lives, family)):
            self.assertLess(time.monotonic(), ends, "the notebooks go on")
            time.sleep(0.05)

    def test_a_full_disk_is_told_even_if_no_log_can_be_written(self):
        checkout = Checkout(self)
        program(checkout.bin / "df", "#!/bin/sh\necho 'none 99 99 0 100% /'\n")
        program(checkout.root / "notebooks" / "kernel" / "template", "#!/bin/sh\nexit 1\n")
        done = checkout.lab("setup")
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stderr.endswith("(see .lab/template.log): the disk is full\n"), done.stderr)

    def test_a_step_that_fails_ends_the_set_up(self):
        checkout = Checkout(self)
        (checkout.root / "notebooks" / "kernel" / "overrides.json").unlink()
        done = checkout.lab("setup")
        self.assertNotEqual(done.returncode, 0)
        self.assertNotIn("Ready", done.stderr)

    def test_a_second_set_up_waits_and_says_so(self):
        checkout = Checkout(self)
        with open(checkout.root / ".lab" / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            second = subprocess.Popen(
                [checkout.root / "lab", "setup"], stderr=subprocess.PIPE, text=True,
                env={"PATH": str(checkout.bin), "HOME": str(checkout.home)})
            self.addCleanup(second.stderr.close)
            self.addCleanup(second.kill)
            self.assertIn("waiting", second.stderr.readline())
            self.assertIsNone(second.poll())
        self.assertEqual(second.wait(timeout=HANGS), 0)

    def test_a_set_up_that_is_interrupted_can_be_run_again(self):
        checkout = Checkout(self)
        template = checkout.root / "notebooks" / "kernel" / "template"
        program(template, "#!/bin/sh\ntouch ../begun\nexec sleep 300\n")
        first = subprocess.Popen(
            [checkout.root / "lab", "setup"], stderr=subprocess.DEVNULL, start_new_session=True,
            # As in a terminal: what runs in the background of a script ignores it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            env={"PATH": str(checkout.bin), "HOME": str(checkout.home)})
        ends = time.monotonic() + HANGS
        while not (checkout.root.parent / "begun").exists():
            self.assertLess(time.monotonic(), ends)
            time.sleep(0.05)
        os.killpg(first.pid, signal.SIGINT)
        self.assertNotEqual(first.wait(timeout=HANGS), 0)
        self.assertFalse((checkout.root / ".lab/venv/share/jupyter/kernels/dltheory/kernel.json").exists())
        program(template, "#!/bin/sh\n")
        self.assertEqual(checkout.lab("setup").returncode, 0)
        self.assertTrue(checkout.kernel())

    def test_a_checkout_of_someone_else_opens_copies(self):
        checkout = Checkout(self)
        self.assertEqual(checkout.lab("setup").returncode, 0)
        student = None
        if os.getuid() == 0:
            student = NOBODY
            os.chown(checkout.home, NOBODY, NOBODY)
        else:
            for folder in (checkout.root, checkout.root / ".lab"):
                folder.chmod(0o555)
                self.addCleanup(folder.chmod, 0o755)
        done = checkout.lab(user=student)
        self.assertEqual(done.returncode, 0, done.stderr)
        mine = checkout.home / "dltheory"
        self.assertIn(f"--notebook-dir={mine}", arguments(done))
        self.assertIn(f"your notebooks are in {mine}", done.stderr)
        self.assertEqual((mine / "01_first.ipynb").read_text(), "{}")
        (mine / "01_first.ipynb").write_text("mine")
        self.assertEqual(checkout.lab(user=student).returncode, 0)
        self.assertEqual((mine / "01_first.ipynb").read_text(), "mine")
        self.assertIn("cannot write into", checkout.lab("setup", user=student).stderr)
        (checkout.root / ".lab/venv/share/jupyter/kernels/dltheory/kernel.json").unlink()
        self.assertIn("ask its owner to run ./lab setup", checkout.lab(user=student).stderr)

    @unittest.skipUnless((run.ROOT / ".git").exists(), "not a clone")
    def test_a_clone_made_on_windows_has_our_line_ends(self):
        with tempfile.TemporaryDirectory() as place:
            clone = ["git", "-c", "core.autocrlf=true", "-c", "advice.detachedHead=false", "clone", "--quiet", "--shared"]
            done = subprocess.run([*clone, run.ROOT, place], capture_output=True, text=True)
            if done.returncode != 0:
                self.skipTest(done.stderr)
            for name in ("lab", "notebooks/kernel/template", "src/exercise/grading.csv", "Cargo.lock"):
                self.assertNotIn(b"\r", (Path(place) / name).read_bytes(), name)


class Install(unittest.TestCase):
    LISTING = """global.index-url='https://mirror/simple'
global.user='true'
install.target='/elsewhere'
global.cert='/ca.pem'
:env:.find-links='/wheels'
"""

    def test_a_user_says_where_packages_come_from_and_not_where_they_go(self):
        made = install.environment({"PIP_USER": "1", "PIP_TARGET": "/x", "PIP_PROXY": "p", "A": "b"}, self.LISTING)
        self.assertEqual(made, {
            "A": "b", "PIP_PROXY": "p", "PIP_INDEX_URL": "https://mirror/simple", "PIP_CERT": "/ca.pem",
            "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})

    def test_a_variable_counts_more_than_a_file(self):
        made = install.environment({"PIP_INDEX_URL": "https://mine"}, self.LISTING)
        self.assertEqual(made["PIP_INDEX_URL"], "https://mine")


if __name__ == "__main__":
    unittest.main()
