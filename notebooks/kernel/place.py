"""The build directory of one kernel: made at its start, gone at its end.

Two kernels cannot share an evcxr build directory: both would write one src/lib.rs. So each gets its
own copy of the template, in the user's cache: the checkout may belong to someone else.
"""

import fcntl
import json
import os
import shutil
import signal
import stat
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import processes

# Not resolved: by this path Cargo knows the library.
ROOT = Path(os.path.abspath(__file__)).parent.parent.parent
EVCXR = "evcxr-0.22.0"
# Waits until nobody holds its standard input any more: then the kernel's processes end, and its copy goes.
# It is a process of its own, so that no way of ending a kernel leaves them behind.
JANITOR = """
read -r group
read -r end
[ -z "$group" ] || kill -s KILL -- "-$group" 2>/dev/null
# What was killed may have written meanwhile; what was copied may be read-only.
for try in 1 2 3 4; do
    rm -rf "$1" && break
    chmod -R u+rwX "$1"
    sleep 1
done
"""


class Trouble(Exception):
    """Why there is no kernel, for the reader."""


def free_of_spaces(folder):
    """evcxr cannot load what it compiled from a path with a space."""
    return " " not in str(folder)


def cache():
    """Where this user's copies lie."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    places = [Path(home) / "dltheory" / "kernels"]
    places += [Path(place) / f"dltheory-{os.getuid()}" for place in ("/var/tmp", tempfile.gettempdir())]
    said = "each has a space in its path or is someone else's"
    for place in filter(free_of_spaces, places):
        try:
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            found = place.stat()
            if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and os.access(place, os.W_OK):
                return place
        except OSError as error:
            said = error
    raise Trouble(f"no folder for the kernel's files can be made, none of {', '.join(map(str, places))} ({said})")


@contextmanager
def locked(path):
    """One at a time; the lock goes with the process."""
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def sweep(folder):
    """Removes copies whose kernel and janitor were both killed: nobody holds their locks any more."""
    for old in folder.glob("run.*"):
        try:
            descriptor = os.open(old, os.O_RDONLY)
        except OSError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(old, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(descriptor)


class Place:
    """A kernel's directory. `prepare` fills it, `start` runs evcxr in it, `leave` removes both."""

    def __init__(self):
        home = cache()
        with locked(home / "lock"):
            sweep(home)
            self.folder = Path(tempfile.mkdtemp(prefix="run.", dir=home))
            # Held by this process and by evcxr.
            self.lock = os.open(self.folder, os.O_RDONLY)
            fcntl.flock(self.lock, fcntl.LOCK_SH)
        self.janitor = subprocess.Popen(
            ["/bin/sh", "-c", JANITOR, "janitor", str(self.folder)], stdin=subprocess.PIPE,
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=True)
        self.evcxr = self.cargo_home = None
        self.work = None  # the process that `prepare` waits for
        os.mkfifo(self.folder / "output")
        (self.folder / "uncompiled").mkdir()
        (self.folder / "cells").mkdir()

    def prepare(self, say):
        """Brings the template up to date and copies it."""
        kernel = ROOT / ".lab" / "kernel"
        binary = ROOT / ".lab" / EVCXR / "bin" / "evcxr_jupyter"
        if not os.access(binary, os.X_OK) or not (kernel / "template").is_dir():
            raise Trouble("this checkout is not set up yet: run ./lab setup, then restart the kernel")
        if os.access(kernel, os.W_OK):
            with locked(kernel / "lock"):
                self.bring_up_to_date(say)
                self.copy(kernel)
        else:
            # Somebody else's: what they set up is what there is. A change of theirs is compiled in the copy.
            self.copy(kernel)
            self.run(["chmod", "-R", "u+rwX", self.folder])
            # Rust's own library has sources of others too, which they have and this user may not.
            self.cargo_home = self.folder / "cargo"
            self.cargo_home.mkdir()
            shutil.copy(self.folder / ".cargo" / "config.toml", self.cargo_home)
        config = self.folder / "config"
        config.mkdir()
        text = (ROOT / "notebooks" / "kernel" / "evcxr.toml").read_text()
        (config / "evcxr.toml").write_text(text.replace('"ROOT"', json.dumps(str(ROOT))))
        return binary

    def bring_up_to_date(self, say):
        """Nothing to do, unless a source changed since."""
        log = self.folder / "template.log"
        with open(log, "w") as file:
            build = self.work = subprocess.Popen(
                [ROOT / "notebooks" / "kernel" / "template"], stdin=subprocess.DEVNULL, stdout=file,
                stderr=subprocess.STDOUT)
            while build.poll() is None:
                try:
                    build.wait(1.0)
                except subprocess.TimeoutExpired:
                    said = [line.strip() for line in log.read_text(errors="replace").splitlines() if "Compiling" in line]
                    if said:
                        say(f"the library changed and is compiled again ({said[-1]})")
        if build.returncode != 0:
            raise Trouble(
                "the library does not compile, so no notebook can load it; correct it, then restart the kernel\n\n"
                + "\n".join(log.read_text(errors="replace").splitlines()[-40:]))

    def copy(self, kernel):
        for source, to in [(kernel / "template", self.folder), (kernel / ".cargo", self.folder / ".cargo")]:
            # Owners and access lists cannot always be kept, and need not be; Cargo looks at times.
            said, status = self.run(["cp", "-dR", "--preserve=timestamps", "--reflink=auto", f"{source}/.", to])
            if status != 0:
                last = (said.strip().splitlines() or ["cp failed"])[-1]
                raise Trouble(f"the kernel's files (some 300 MB) cannot be copied to {self.folder.parent}: {last}")

    def run(self, command):
        """What a command says, and its status."""
        self.work = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        return self.work.communicate()[0], self.work.returncode

    def note(self, exercises, compiled):
        """For `check::…`: whether the last version of an exercise compiled."""
        for name in exercises:
            path = self.folder / "uncompiled" / name
            try:
                if compiled:
                    path.unlink(missing_ok=True)
                else:
                    path.touch()
            except OSError:  # a check then says less, and that is all
                pass

    def keep(self, number, source):
        """For `check::…`: the text of a cell that runs now, until it is known not to compile."""
        try:
            (self.folder / "cells" / str(number)).write_text(source)
        except (OSError, UnicodeError):
            pass

    def forget(self, number):
        """A cell that does not compile."""
        try:
            (self.folder / "cells" / str(number)).unlink(missing_ok=True)
        except OSError:
            pass

    def use_registry(self):
        """For a cell that loads a crate from elsewhere: from now on all come from there, and are compiled again."""
        for path in (self.folder / ".cargo" / "config.toml", self.folder / "cargo" / "config.toml"):
            if path.exists():
                path.write_text(path.read_text().split("[source.", 1)[0])

    def start(self, binary, connection):
        """Runs evcxr, in a process group of its own."""
        # What the template compiled finds Rust's own library by a path from where it lies to there.
        libraries = subprocess.run(
            ["rustc", "--print", "target-libdir"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False).stdout.strip()
        environment = {
            **os.environ,
            "LD_LIBRARY_PATH": ":".join(filter(None, [libraries, os.environ.get("LD_LIBRARY_PATH")])),
            "DLTHEORY_KERNEL": str(self.folder),
            "EVCXR_TMPDIR": str(self.folder / "cell"), "EVCXR_CONFIG_DIR": str(self.folder / "config"),
            # evcxr rewrites a kernel of its own that it finds here; the user's must stay as it is.
            "JUPYTER_PATH": str(self.folder),
        }
        if self.cargo_home is not None:
            environment["CARGO_HOME"] = str(self.cargo_home)
        with open(self.folder / "evcxr.log", "w") as log:
            self.evcxr = subprocess.Popen(
                [binary, "--control_file", connection], env=environment, start_new_session=True,
                pass_fds=[self.lock], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        self.janitor.stdin.write(f"{self.evcxr.pid}\n".encode())
        self.janitor.stdin.flush()
        return self.evcxr

    def last_words(self):
        """What evcxr itself wrote, the end of it."""
        try:
            return "\n".join((self.folder / "evcxr.log").read_text(errors="replace").splitlines()[-20:])
        except OSError:
            return ""

    def leave(self):
        """Ends evcxr and all that it started, and what is still being prepared, and removes the copy."""
        if self.work is not None:
            for child in processes.children(os.getpid()):
                if child.pid == self.work.pid:
                    processes.end(child)
            self.work.wait()
        if self.evcxr is not None:
            try:
                os.killpg(self.evcxr.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.evcxr.wait()
        self.janitor.stdin.close()
        self.janitor.wait()
