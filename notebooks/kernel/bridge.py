"""Stands between Jupyter and evcxr, the Rust kernel. Jupyter calls it: bridge.py CONNECTION_FILE

It answers at once, while evcxr still reads the libraries' sources; makes a panic or an `Err` fail its
cell; leaves an idle kernel alone when it is interrupted; passes on all text, whole and in order; and
goes, with all it made, when whoever started it goes. Everything else is passed on as it is.
"""

import json
import os
import signal
import sys
import threading
import time
from collections import deque
from pathlib import Path

import zmq

import told
from back import Back
from front import KERNEL_INFO, Front
from output import Output
from place import Place, Trouble

LOOKS = 0.05  # seconds between looks at what evcxr does, while a cell is being interrupted
SETTLES = 20  # milliseconds without text from evcxr after a cell's end: then all of it is here
PATIENCE = 5.0  # seconds until a waiting reader is told what the kernel is doing


class Cell:
    """A request to run code, and what has come of it so far."""

    def __init__(self, idents, request, hidden=False):
        self.idents, self.request, self.hidden = idents, request, hidden
        self.id = request["header"]["msg_id"]
        self.source = request["content"].get("code", "")
        self.silent = hidden or request["content"].get("silent", False)
        self.since = time.monotonic()
        self.number = self.theirs = None  # ours, and evcxr's
        self.errors = []  # evcxr's
        self.mark = None  # how the program itself says that it ended: P or E
        self.panic = None  # the last
        self.status = self.told_phase = None
        self.idle = self.over = self.interrupted = self.killed = False


class Bridge:
    def __init__(self, connection):
        self.context = zmq.Context()
        self.poller = zmq.Poller()
        self.front = Front(self.context, connection)
        for name in ("hb", "control", "stdin", "shell"):
            self.poller.register(self.front.sockets[name], zmq.POLLIN)
        self.place = self.back = self.output = self.binary = None
        self.trouble = None  # why no cell can run
        self.ready, self.prepared = False, threading.Event()
        self.phase = "its files are copied"
        self.cell, self.last, self.waiting = None, None, deque()
        self.cells, self.number = [], 0  # numbers and sources, the newest first
        self.passed_on = {}  # requests other than cells that evcxr has or had: whom to answer
        self.fresh, self.leaving = True, False
        self.parent = os.getppid()

    # --- starting ------------------------------------------------------------------------------

    def prepare(self):
        """Beside the loop, which answers meanwhile."""
        try:
            self.binary = self.place.prepare(self.say)
        except Trouble as trouble:
            self.trouble = str(trouble)
        except Exception as error:  # whatever it is: the loop waits for an answer
            self.trouble = f"the kernel's files cannot be made: {error}"
        self.prepared.set()

    def say(self, phase):
        self.phase = phase

    def connect(self):
        self.phase = "it reads the sources of the libraries"
        try:
            self.back = Back(self.context, self.place, self.binary)
        except OSError as error:
            self.trouble = f"the Rust kernel cannot be started: {error}"
            return
        for socket in self.back.sockets.values():
            self.poller.register(socket, zmq.POLLIN)

    # --- the loop ------------------------------------------------------------------------------

    def run(self):
        try:
            self.place = Place()
            self.output = Output(self.place.folder / "output", self.text, self.marked, self.panicked)
            self.poller.register(self.output.pipe, zmq.POLLIN)
            threading.Thread(target=self.prepare, daemon=True).start()
        except Trouble as trouble:
            self.trouble = str(trouble)
        except OSError as error:
            self.trouble = f"the kernel cannot start: {error}"
        while not self.leaving:
            held = self.output is not None and self.output.held is not None
            starting = not self.ready and self.trouble is None
            soon = held or starting or (self.cell and self.cell.interrupted)
            events = dict(self.poller.poll(1000 * (LOOKS if soon else 0.5)))
            if held and self.output.pipe not in events:
                self.output.settle()
            elif self.output is not None:
                self.output.read()
            for name in ("shell", "stdin", "iopub"):
                if self.back is not None and self.back.sockets[name] in events:
                    self.drain(name)
            for name in ("hb", "control", "stdin", "shell"):
                if self.front.sockets[name] in events:
                    getattr(self, f"on_{name}")()
            self.look()

    def drain(self, name):
        for message in self.back.received(name):
            getattr(self, f"from_{name}")(message)

    def look(self):
        """What no message tells."""
        if self.parent != os.getppid():
            self.leaving = True
        if self.prepared.is_set() and self.back is None and self.trouble is None:
            self.connect()
        if self.back is not None and self.trouble is None:
            self.trouble = self.back.trouble()
            if self.trouble is not None and self.cell:
                self.cell.over = True
                self.finish()
        if self.cell and self.cell.interrupted and self.back is not None:
            self.cell.killed |= self.back.press()
        if self.trouble is not None:
            while self.waiting:
                self.fail(self.waiting.popleft(), [told.error("Kernel", self.trouble, self.trouble.splitlines())])
        elif self.waiting and not self.ready:
            self.tell_phase(self.waiting[0])
        self.next()

    # --- from Jupyter --------------------------------------------------------------------------

    def on_hb(self):
        self.front.beat()

    def on_stdin(self):
        _, message = self.front.receive("stdin")
        if message is not None and self.back is not None:
            self.back.send("stdin", message)

    def on_control(self):
        idents, request = self.front.receive("control")
        if request is None:
            return
        kind = request["header"]["msg_type"]
        if kind == "shutdown_request":
            content = {"status": "ok", "restart": request["content"].get("restart", False)}
            self.front.answer("control", "shutdown_reply", content, request, idents)
            self.front.publish("shutdown_reply", content, request)
            self.leaving = True
        elif kind == "interrupt_request":
            self.interrupt()
            self.front.here("control", request, idents, {})
        elif kind == "kernel_info_request":
            self.front.here("control", request, idents, KERNEL_INFO)

    def interrupt(self):
        """Nothing, unless a cell runs or waits."""
        if self.cell and not self.cell.hidden:
            self.cell.interrupted = True
        elif self.waiting:
            self.fail(self.waiting.popleft(), [told.interrupted(running=False)])
        while self.waiting:
            self.abort(self.waiting.popleft())

    def on_shell(self):
        while self.front.waiting("shell"):
            idents, request = self.front.receive("shell")
            if request is None:
                continue
            if request["header"]["msg_type"] == "execute_request":
                self.waiting.append(Cell(idents, request))
                if not self.ready:
                    self.front.state("busy", request)
                continue
            ready = self.ready and self.trouble is None
            if not self.front.here_if_known(request, idents, ready) and ready:
                self.passed_on[request["header"]["msg_id"]] = idents
                if len(self.passed_on) > 200:  # long answered
                    del self.passed_on[next(iter(self.passed_on))]
                self.back.send("shell", request)

    # --- cells ---------------------------------------------------------------------------------

    def next(self):
        """Gives evcxr its next cell."""
        if self.cell or not self.ready or self.trouble is not None:
            return
        if self.fresh:
            self.fresh = False
            self.cell = Cell(None, self.back.listen(), hidden=True)
        elif self.waiting:
            self.cell = self.last = self.waiting.popleft()
            if self.cell.told_phase is not None:
                self.front.publish("clear_output", {"wait": False}, self.cell.request)
            self.number += not self.cell.silent
            self.cell.number = self.number
            self.cells = [(self.number, self.cell.source), *self.cells[:200]]
            if not self.cell.silent:
                self.place.keep(self.number, self.cell.source)
            self.front.state("busy", self.cell.request)
            if ":dep" in self.cell.source:
                self.place.use_registry()
        else:
            return
        self.back.send("shell", self.cell.request)

    def tell_phase(self, cell):
        """To a reader who waits for the kernel's start."""
        if time.monotonic() - cell.since < PATIENCE or cell.told_phase == self.phase:
            return
        if cell.told_phase is not None:
            self.front.publish("clear_output", {"wait": True}, cell.request)
        cell.told_phase = self.phase
        self.front.publish("stream", {"name": "stdout", "text": f"The kernel is starting: {self.phase} …\n"}, cell.request)

    def finish(self):
        """The cell is over: text that is still on its way, then the errors, then the answer."""
        ends = time.monotonic() + 1.0
        while self.trouble is None and self.back.sockets["iopub"].poll(SETTLES) and time.monotonic() < ends:
            self.drain("iopub")
        self.output.settle()
        cell, self.cell = self.cell, None
        lost = any(told.is_end(error) for error in cell.errors)
        if lost:
            self.output.forget()
            self.fresh = True
        if cell.hidden:
            if cell.errors and not lost:
                lines = [line for error in cell.errors for line in error["traceback"]]
                self.trouble = "\n".join(["the library cannot be loaded; correct it, then restart the kernel", "", *lines])
            return
        errors = self.errors(cell, lost)
        if not cell.interrupted:
            compiled = not errors or cell.mark is not None or lost
            self.place.note(told.exercises(cell.source), compiled)
            if not compiled:
                self.place.forget(cell.number)
        if not errors and cell.status == "ok":
            self.done(cell, {"status": "ok", "user_expressions": {}, "payload": []})
            return
        after = deque()
        if cell.request["content"].get("stop_on_error", True):
            # What was sent before anyone could know, and nothing that answers to this.
            self.on_shell()
            after, self.waiting = self.waiting, after
        self.fail(cell, errors)
        for other in after:
            self.abort(other)

    def errors(self, cell, lost):
        """What a reader is told, once."""
        if cell.interrupted and cell.errors:
            return [told.interrupted(cell.killed)]
        if lost:
            return [told.ended(next(error["evalue"] for error in cell.errors if told.is_end(error)))]
        if cell.mark == "P":
            return [told.panicked(cell.panic, self.compiled(), self.cells)]
        if cell.mark == "E":
            return [told.failed(self.output.last_error or "")]
        if not cell.errors and self.trouble is not None:
            return [told.error("Kernel", self.trouble, self.trouble.splitlines())]
        return [told.renumbered(error, cell.theirs, cell.number) for error in cell.errors]

    def fail(self, cell, errors):
        errors = errors or [told.error("Error", "the kernel did not say what is wrong", ["an error without a text"])]
        self.front.state("busy", cell.request)
        for error in errors:
            if not cell.silent:
                self.front.publish("error", error, cell.request)
        lines = [line for error in errors for line in error["traceback"]]
        self.done(cell, {**errors[0], "status": "error", "traceback": lines})

    def abort(self, cell):
        """A cell after one that failed."""
        self.front.state("busy", cell.request)
        self.done(cell, {"status": "aborted"})

    def done(self, cell, content):
        content = {"execution_count": cell.number or self.number, **content}
        self.front.answer("shell", "execute_reply", content, cell.request, cell.idents)
        self.front.state("idle", cell.request)

    def compiled(self):
        """The lines of the program that evcxr made of the cell."""
        try:
            return (self.place.folder / "cell" / "src" / "lib.rs").read_text(errors="replace").splitlines()
        except OSError:
            return []

    # --- from evcxr ----------------------------------------------------------------------------

    def from_shell(self, message):
        asker = message["parent_header"].get("msg_id")
        if asker == self.back.asked:
            self.ready = True
        elif self.cell and asker == self.cell.id:
            self.cell.status = message["content"].get("status")
            self.finish_if_over()
        elif asker in self.passed_on:
            # It stays in there: evcxr's `idle` comes after its answer.
            self.front.pass_on("shell", message, self.passed_on[asker])

    def finish_if_over(self):
        if self.cell.status is not None and self.cell.idle and not self.cell.over:
            self.cell.over = True
            self.finish()

    def from_stdin(self, message):
        if self.cell:
            self.front.pass_on("stdin", message, self.cell.idents)

    def from_iopub(self, message):
        asker, kind, content = message["parent_header"].get("msg_id"), message["msg_type"], message["content"]
        cell = self.cell
        if cell is None or asker != cell.id:
            # About something that is no cell, or text of a cell that is over.
            if asker in self.passed_on or (self.last and asker == self.last.id and kind == "stream"):
                self.front.pass_on("iopub", message, kind.encode())
        elif kind == "status":
            if content["execution_state"] == "idle":
                cell.idle = True
                self.finish_if_over()
        elif kind == "error":
            cell.errors.append(content)
        elif kind == "execute_input":
            cell.theirs = content["execution_count"]
            if not cell.silent:
                self.front.publish(kind, {**content, "execution_count": cell.number}, cell.request)
        elif not cell.silent and content.get("data") != {"text/plain": "()"}:
            self.output.settle()
            number = {"execution_count": cell.number} if "execution_count" in content else {}
            self.front.publish(kind, {**content, **number}, cell.request)

    # --- from the program that runs the cells --------------------------------------------------

    def text(self, stream, text):
        cell = self.cell or self.last
        if cell is not None and not cell.silent:
            self.front.publish("stream", {"name": stream, "text": text}, cell.request)

    def marked(self, mark):
        if self.cell:
            self.cell.mark = mark

    def panicked(self, text):
        panic = told.read_panic(text)
        if self.cell:
            self.cell.panic = panic
        return told.panic_text(panic, self.compiled(), self.cells)


def main():
    bridge = Bridge(json.loads(Path(sys.argv[1]).read_text()))

    def leave(*_):
        bridge.leaving = True

    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        bridge.run()
    finally:
        if bridge.place is not None:
            bridge.place.leave()
        bridge.context.destroy(linger=500)


if __name__ == "__main__":
    main()
