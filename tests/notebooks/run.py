"""Run notebooks in the real kernel and check them.

A cell fails here if

* the kernel answers with an error (a panic, an `Err` that `?` returns, code that does not compile), or
* it writes anything to standard error (the library never does), or
* its result is an `Err(…)`, or
* a claim that it shows fails or is not resolved, or a correction of the slides does not stand, or
* it shows a value as Rust's `Debug` writes it, or
* it no longer gives the kinds of output that the file has, or
* the notebook takes longer than its limit.

The code under "What to try" must compile: each piece in backticks that makes a struct. Lines of progress are not written
into a notebook.

A cell tagged `raises-exception`, as Jupyter calls it, must fail in one of the first four ways.
"""

import argparse
import html
import os
import queue
import re
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from jupyter_client.manager import KernelManager
from nbformat.v4 import output_from_msg

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "notebooks"
sys.path.insert(0, str(FOLDER / "kernel"))
from front import LANGUAGE  # noqa: E402
JUPYTER_WAITS = 60  # seconds, for a kernel
START_LIMIT = 300  # a changed library is compiled first, and a busy machine takes its time

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# A row of a table of claims that tells something else than it should: its words and its mark.
BROKEN = re.compile(r"<tr[^>]*><td[^>]*>([^<]*)</td>(?:(?!</tr>).)*>(✗|not resolved|not as it should be)</td></tr>")
# A struct or a tuple struct as `Debug` writes it; `Some(…)` and the like are the reader's own.
DEBUG = re.compile(r"(?!Some|Ok|None)[A-Z]\w*(?: \{|\()")
PROGRESS = re.compile(r"^[\w’'* -]+: \d+ of \d+ in \d+ s, about \d+ s left\n", re.MULTILINE)
# A struct that a reader is told to try: `Name { field: value, .. }` and what is called on it.
TRY = re.compile(r"`([A-Z]\w* \{[^`]*)`")


def text_of(value):
    return "".join(value) if isinstance(value, list) else value


class Failure(Exception):
    """What is wrong with a cell, in a sentence."""


class Kernel:
    """A running kernel, or one that says why it is not."""

    def __init__(self, cwd):
        self.manager = KernelManager(kernel_name="dltheory")
        self.log = tempfile.TemporaryFile("w+")
        start = time.monotonic()
        self.manager.start_kernel(cwd=str(cwd), stdout=self.log, stderr=self.log)
        self.client = self.manager.client()
        self.client.start_channels()
        try:
            self.client.wait_for_ready(timeout=START_LIMIT)
            self.answers = time.monotonic() - start
            # It answers at once; its first cell waits until it can run one.
            outputs, status = self.execute("", start + START_LIMIT)
            if error := error_in(outputs, status):
                raise Failure(error)
        except (RuntimeError, Failure) as error:
            self.close()
            self.log.seek(0)
            said = "".join(self.log.readlines()[-20:])
            raise Failure(f"the kernel did not start: {error}\n{said}") from error
        self.seconds = time.monotonic() - start

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=False)

    def execute(self, source, deadline, live=False):
        """The outputs of one cell and the status of the kernel's answer."""
        message = self.client.execute(source, allow_stdin=False)
        outputs, status, idle = [], None, False
        while not idle:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Failure("the notebook's time ran out in this cell")
            if not self.manager.is_alive():
                raise Failure("the kernel died in this cell")
            try:
                answer = self.client.get_iopub_msg(timeout=min(left, 1.0))
            except queue.Empty:
                continue
            if answer["parent_header"].get("msg_id") != message:
                continue
            kind = answer["msg_type"]
            if kind == "status":
                idle = answer["content"]["execution_state"] == "idle"
            elif kind == "clear_output":
                outputs.clear()
            elif kind in ("stream", "execute_result", "display_data", "error"):
                output = output_from_msg(answer)
                append(outputs, output)
                if live and kind == "stream":
                    print("      " + output.text.rstrip(), flush=True)
        while status is None:
            reply = self.client.get_shell_msg(timeout=max(deadline - time.monotonic(), 1.0))
            if reply["parent_header"].get("msg_id") == message:
                status = reply["content"]["status"]
        return outputs, status


def append(outputs, output):
    """Adds an output; lines of one stream go together, as in JupyterLab."""
    if output.output_type == "stream":
        for earlier in outputs:
            if earlier.output_type == "stream" and earlier.name == output.name:
                earlier.text += output.text
                return
    outputs.append(output)


def error_in(outputs, status):
    """What went wrong in a cell, or None."""
    found = []
    for output in outputs:
        if output.output_type == "error":
            found.append("\n".join(output.traceback) or output.evalue)
        if output.output_type == "stream" and output.name == "stderr":
            found.append(output.text.strip())
        if output.output_type == "execute_result":
            plain = text_of(output.data.get("text/plain", ""))
            if DEBUG.match(plain) and "text/html" not in output.data and not plain.startswith("Err("):
                found.append(f"shown as `Debug` writes it: {plain[:60]}")
            if plain.startswith("Err("):
                found.append(plain)
        page = text_of(output.get("data", {}).get("text/html", ""))
        if ">claim</th>" in page:
            found += [f"{mark}: {html.unescape(words)}" for words, mark in BROKEN.findall(page)]
    found = [COLOUR.sub("", text) for text in found if text]
    if not found and status != "ok":
        found.append("the kernel answers with an error and does not say which")
    return "\n".join(found) or None


def kinds(outputs):
    """Which kinds of output a cell gives: MIME types and streams."""
    found = set()
    for output in outputs:
        if output.output_type == "stream":
            found.add(output.name)
        elif "data" in output:
            found.update(output.data)
    return found


def expects_error(cell):
    return "raises-exception" in cell.metadata.get("tags", [])


def check_cell(cell, outputs, status):
    error, expected = error_in(outputs, status), expects_error(cell)
    if expected and error is None:
        raise Failure("is tagged raises-exception but gives no error")
    if error is not None and not expected:
        raise Failure(error)
    missing = kinds(cell.outputs) - kinds(outputs) - {"stdout"}
    if missing:
        raise Failure(f"no longer gives its {', '.join(sorted(missing))} output")


def run(path, limit, write, live):
    """Runs one notebook; returns its failures as sentences."""
    notebook = nbformat.read(path, as_version=4)
    failures = []
    try:
        kernel = Kernel(path.parent)
    except Failure as failure:
        return [f"{path.name}: {failure}"]
    slow = f", later than the {JUPYTER_WAITS} s that Jupyter waits" if kernel.answers > JUPYTER_WAITS else ""
    print(f"{path.name}: kernel answers after {kernel.answers:.1f} s{slow}, runs cells after {kernel.seconds:.1f} s", flush=True)
    start = time.monotonic()
    try:
        codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for number, cell in enumerate(codes, 1):
            first = cell.source.strip().split("\n")[0][:70]
            began = time.monotonic()
            outputs = []
            try:
                outputs, status = kernel.execute(cell.source, start + limit, live)
                print(f"  {time.monotonic() - began:6.1f} s  [{number}] {first}", flush=True)
                check_cell(cell, outputs, status)
            except Failure as failure:
                failures.append(f"{path.name}, cell {number} ({first}): {failure}")
                if time.monotonic() >= start + limit or not kernel.manager.is_alive():
                    break
            cell.outputs, cell.execution_count = outputs, number
            for output in outputs:
                if "execution_count" in output:
                    output.execution_count = number
        failures += untried(kernel, notebook, path, start + limit)
        print(f"  {time.monotonic() - start:6.1f} s  in all, of {limit:g} s", flush=True)
    finally:
        kernel.close()
    if write and not failures:
        write_back(notebook, path)
    return failures


def untried(kernel, notebook, path, deadline):
    """What a reader is told to try, and cannot: it does not compile. Nothing of it is run."""
    tries = [code for cell in notebook.cells if cell.cell_type == "markdown" and "# What to try" in cell.source
             for code in TRY.findall(cell.source.split("# What to try", 1)[1])]
    if not tries:
        return []
    lines = "".join(f"    let _ = {code};\n" for code in tries)
    outputs, status = kernel.execute(f"fn tried() -> Result<(), Error> {{\n{lines}    Ok(())\n}}", deadline)
    error = error_in(outputs, status)
    return [f"{path.name}, What to try: {error}"] if error else []


def write_back(notebook, path):
    """Replaces the file at once, with nothing in it that changes from run to run by itself."""
    notebook.metadata = nbformat.from_dict({
        "kernelspec": {"name": "dltheory", "display_name": "Rust (dltheory)", "language": "rust"},
        # What the kernel says of itself, so that opening a notebook does not change it.
        "language_info": dict(LANGUAGE),
    })
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = PROGRESS.sub("", output.text)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("text") != ""]
    nbformat.validate(notebook)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".new", delete=False) as file:
        nbformat.write(notebook, file)
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)


def find(names, folder):
    """The notebooks named by (part of) their file name; all of them for no name."""
    every = sorted(folder.glob("*.ipynb"))
    if not every:
        sys.exit(f"there is no notebook in {folder}")
    if not names:
        return every
    chosen = []
    for name in names:
        if Path(name).is_file():
            chosen.append(Path(name).resolve())
            continue
        hits = [path for path in every if name in path.name]
        if not hits:
            valid = ", ".join(path.stem for path in every)
            sys.exit(f"no notebook is named like {name}; there are: {valid}")
        chosen += hits
    return chosen


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="parts of file names, or paths; all notebooks if none")
    parser.add_argument("--write", action="store_true", help="write the outputs into notebooks that pass")
    parser.add_argument("--limit", type=float, default=120, help="seconds a notebook may take after its kernel is ready (default 120)")
    parser.add_argument("--live", action="store_true", help="print what cells print, as they do")
    arguments = parser.parse_args()
    paths = find(arguments.names, FOLDER)
    failures = []
    for path in paths:
        failures += run(path, arguments.limit, arguments.write, arguments.live)
    for failure in failures:
        print(f"FAILED {failure}", file=sys.stderr)
    failed = len({failure.split(",")[0].split(":")[0] for failure in failures})
    print(f"notebooks: {len(paths) - failed} passed, {failed} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
