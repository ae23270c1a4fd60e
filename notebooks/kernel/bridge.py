"""Stands between Jupyter and evcxr, the Rust kernel. Jupyter calls it: bridge.py CONNECTION_FILE

It answers at once, while evcxr still reads the libraries' sources; makes a panic or an `Err` fail its
cell; leaves an idle kernel alone when it is interrupted; passes on all text, whole and in order; and
goes, with all it made, when whoever started it goes. Everything else is passed on as it is.
"""

import json
import os
import secrets
import signal
import sys
import threading
import time
from collections import deque
from pathlib import Path

import zmq
from jupyter_client.connect import write_connection_file
from jupyter_client.session import Session

import processes
import told
from place import Place, Trouble

LANGUAGE = {
    "name": "rust", "version": "", "mimetype": "text/rust", "file_extension": ".rs",
    "pygments_lexer": "rust", "codemirror_mode": "rust",
}
LOOKS = 0.05  # seconds between looks at what evcxr does, while a cell is being interrupted
SETTLES = 0.02  # seconds without text from evcxr after a cell's end: then all of it is here
PATIENCE = 5.0  # seconds until a waiting reader is told what the kernel is doing


class Cell:
    """A request to run code, and what has come of it so far."""

    def __init__(self, idents, request, number=None, hidden=False):
        self.idents, self.request, self.number, self.hidden = idents, request, number, hidden
        self.source = request["content"].get("code", "")
        self.silent = hidden or request["content"].get("silent", False)
        self.since = time.monotonic()
        self.errors = []  # evcxr's
        self.mark = None  # how the program itself says that it ended: P or E
        self.panic = self.stderr = None  # the last of each
        self.status = None
        self.idle = self.over = self.interrupted = self.killed = False
        self.theirs = None  # its number in evcxr


class Bridge:
    def __init__(self, connection):
        self.context = zmq.Context()
        self.session = Session(
            key=connection["key"].encode(), signature_scheme=connection.get("signature_scheme", "hmac-sha256"))
        joint = "-" if connection["transport"] == "ipc" else ":"
        self.poller = zmq.Poller()
        self.front = {}
        for name, kind in [("shell", zmq.ROUTER), ("control", zmq.ROUTER), ("stdin", zmq.ROUTER),
                           ("iopub", zmq.PUB), ("hb", zmq.REP)]:
            socket = self.context.socket(kind)
            socket.bind(f"{connection['transport']}://{connection['ip']}{joint}{connection[name + '_port']}")
            self.front[name] = socket
            if name != "iopub":
                self.poller.register(socket, zmq.POLLIN)
        self.back, self.theirs = {}, None
        self.place = self.evcxr = self.output = None
        self.trouble, self.ready, self.phase = None, False, "its files are copied"
        self.told_phase = None
        self.cells, self.waiting, self.cell, self.last = [], deque(), None, None
        self.passed_on = {}  # requests other than cells that evcxr has: whom to answer
        self.asked = None  # the request by which evcxr is known to be ready
        self.number, self.fresh, self.leaving = 0, True, False
        self.text, self.whole, self.held, self.pending = b"", b"", None, None
        self.parent = os.getppid()
        self.wake = threading.Event()

    # --- starting ------------------------------------------------------------------------------

    def prepare(self):
        """Beside the loop, which answers meanwhile."""
        try:
            self.binary = self.place.prepare(self.say)
        except Trouble as trouble:
            self.trouble = str(trouble)
        except OSError as error:
            self.trouble = f"the kernel's files cannot be made: {error}"
        self.wake.set()

    def say(self, phase):
        self.phase = phase

    def connect(self):
        """Starts evcxr and connects to it. Not its heartbeat, which ends at its first error."""
        self.phase = "it reads the sources of the libraries"
        path = str(self.place.folder / "connection.json")
        key = secrets.token_hex(32).encode()
        _, connection = write_connection_file(path, ip="127.0.0.1", key=key)
        self.theirs = Session(key=key)
        try:
            self.evcxr = self.place.start(self.binary, path)
        except OSError as error:
            self.trouble = f"the Rust kernel cannot be started: {error}"
            return
        for name, kind in [("shell", zmq.DEALER), ("stdin", zmq.DEALER), ("iopub", zmq.SUB)]:
            socket = self.context.socket(kind)
            if kind == zmq.SUB:
                socket.subscribe(b"")
            else:
                socket.identity = b"bridge"  # one for both: evcxr asks for input whoever sent the cell
            socket.connect(f"tcp://127.0.0.1:{connection[name + '_port']}")
            self.back[name] = socket
            self.poller.register(socket, zmq.POLLIN)
        self.asked = self.theirs.send(self.back["shell"], "kernel_info_request", {})["header"]["msg_id"]

    # --- the loop ------------------------------------------------------------------------------

    def run(self):
        try:
            self.place = Place()
            self.output = os.open(self.place.folder / "output", os.O_RDWR | os.O_NONBLOCK)
            self.poller.register(self.output, zmq.POLLIN)
            threading.Thread(target=self.prepare, daemon=True).start()
        except Trouble as trouble:
            self.trouble = str(trouble)
        except OSError as error:
            self.trouble = f"the kernel cannot start: {error}"
        while not self.leaving:
            busy = self.held is not None or (self.cell and self.cell.interrupted)
            starting = not self.ready and self.trouble is None
            events = dict(self.poller.poll(1000 * (LOOKS if busy or starting else 0.5)))
            if self.output in events:
                self.read_output()
            elif self.held is not None:
                self.release()
            for name, socket in self.back.items():
                if socket in events:
                    self.drain(name, socket)
            for name in ("hb", "control", "stdin", "shell"):
                if self.front[name] in events:
                    getattr(self, f"on_{name}")()
            self.look()

    def drain(self, name, socket):
        """All that evcxr has sent through one socket."""
        while socket.poll(0):
            _, message = self.theirs.recv(socket, zmq.NOBLOCK, copy=True)
            if message is not None:
                getattr(self, f"from_{name}")(message)

    def look(self):
        """What no message tells."""
        if self.parent != os.getppid():
            self.leaving = True
        if self.wake.is_set() and self.evcxr is None and self.trouble is None:
            self.connect()
        if self.evcxr is not None and self.evcxr.poll() is not None and self.trouble is None:
            self.trouble = ("the Rust kernel ended by itself; restart it. Its last words:\n\n"
                            + self.place.last_words())
            if self.cell:
                self.cell.over = True
                self.finish()
        if self.cell and self.cell.interrupted and self.evcxr:
            self.press()
        if self.trouble is not None:
            while self.waiting:
                self.refuse(self.waiting.popleft())
        elif self.waiting and not self.ready:
            self.tell_phase(self.waiting[0])
        self.next()

    def press(self):
        """Interrupts: ends what evcxr is busy with, and nothing that waits."""
        builds = processes.compilers(self.evcxr.pid)
        for build in builds:
            processes.end(build)
        runner = None if builds else processes.runner(self.evcxr.pid)
        if runner and not processes.waits(runner):
            self.cell.killed = True
            processes.end(runner)

    # --- from Jupyter --------------------------------------------------------------------------

    def receive(self, name):
        try:
            return self.session.recv(self.front[name], zmq.NOBLOCK, copy=True)
        except ValueError as error:  # a wrong signature, or no message of Jupyter's
            print(f"dltheory kernel: dropped a message: {error}", file=sys.stderr)
            return None, None

    def publish(self, kind, content, parent):
        self.session.send(self.front["iopub"], kind, content, parent=parent, ident=kind.encode())

    def answer(self, name, kind, content, request, idents):
        self.session.send(self.front[name], kind, content, parent=request, ident=idents)

    def here(self, name, request, idents, content):
        """Answers a request without evcxr."""
        self.publish("status", {"execution_state": "busy"}, request)
        kind = request["header"]["msg_type"].replace("_request", "_reply")
        self.answer(name, kind, {"status": "ok", **content}, request, idents)
        self.publish("status", {"execution_state": "idle"}, request)

    def kernel_info(self):
        return {
            "protocol_version": "5.3", "implementation": "dltheory", "implementation_version": "1",
            "language_info": LANGUAGE, "banner": "Rust (evcxr 0.22) with the library dltheory",
            "help_links": [{"text": "Rust's standard library", "url": "https://doc.rust-lang.org/stable/std/"}],
        }

    def on_hb(self):
        self.front["hb"].send(self.front["hb"].recv())

    def on_stdin(self):
        _, message = self.receive("stdin")
        if message is not None and "stdin" in self.back:
            self.theirs.send(self.back["stdin"], message)

    def on_control(self):
        idents, request = self.receive("control")
        if request is None:
            return
        kind = request["header"]["msg_type"]
        if kind == "shutdown_request":
            content = {"status": "ok", "restart": request["content"].get("restart", False)}
            self.answer("control", "shutdown_reply", content, request, idents)
            self.publish("shutdown_reply", content, request)
            self.leaving = True
        elif kind == "interrupt_request":
            self.interrupt()
            self.here("control", request, idents, {})
        elif kind == "kernel_info_request":
            self.here("control", request, idents, self.kernel_info())

    def interrupt(self):
        """Nothing, unless a cell runs or waits."""
        if self.cell and not self.cell.hidden:
            self.cell.interrupted = True
        elif self.waiting:
            cell = self.waiting.popleft()
            self.fail(cell, [told.interrupted(False)])
        while self.waiting:
            self.abort(self.waiting.popleft())

    def on_shell(self):
        while self.front["shell"].poll(0):
            idents, request = self.receive("shell")
            if request is None:
                continue
            kind = request["header"]["msg_type"]
            if kind == "execute_request":
                self.waiting.append(Cell(idents, request))
            elif kind == "kernel_info_request":
                self.here("shell", request, idents, self.kernel_info())
            elif kind == "comm_info_request":
                self.here("shell", request, idents, {"comms": {}})
            elif kind == "history_request":
                self.here("shell", request, idents, {"history": []})
            elif kind == "shutdown_request":
                self.leaving = True
            elif self.ready and self.trouble is None:
                self.passed_on[request["header"]["msg_id"]] = idents
                self.theirs.send(self.back["shell"], request)
            elif kind == "complete_request":
                at = request["content"].get("cursor_pos", 0)
                self.here("shell", request, idents,
                          {"matches": [], "cursor_start": at, "cursor_end": at, "metadata": {}})
            elif kind == "inspect_request":
                self.here("shell", request, idents, {"found": False, "data": {}, "metadata": {}})
            elif kind == "is_complete_request":
                # As evcxr says it.
                self.here("shell", request, idents, {"status": "complete"})

    # --- cells ---------------------------------------------------------------------------------

    def next(self):
        """Gives evcxr its next cell."""
        if self.cell or not self.ready or self.trouble is not None:
            return
        if self.fresh:
            self.fresh = False
            content = {"code": "dltheory::notebook::listen();", "silent": True, "store_history": False,
                       "user_expressions": {}, "allow_stdin": False, "stop_on_error": True}
            self.cell = Cell(None, self.theirs.msg("execute_request", content), hidden=True)
        elif self.waiting:
            self.cell = self.last = self.waiting.popleft()
            if self.told_phase is not None:
                self.publish("clear_output", {"wait": False}, self.cell.request)
                self.told_phase = None
            if not self.cell.silent:
                self.number += 1
            self.cell.number = self.number
            self.cells.insert(0, (self.number, self.cell.source))
            del self.cells[200:]
            self.publish("status", {"execution_state": "busy"}, self.cell.request)
            if ":dep" in self.cell.source:
                self.place.use_registry()
        else:
            return
        self.theirs.send(self.back["shell"], self.cell.request)

    def tell_phase(self, cell):
        if time.monotonic() - cell.since < PATIENCE or self.told_phase == self.phase:
            return
        if self.told_phase is not None:
            self.publish("clear_output", {"wait": True}, cell.request)
        self.told_phase = self.phase
        self.publish("stream", {"name": "stdout", "text": f"The kernel is starting: {self.phase} …\n"}, cell.request)

    def finish(self):
        """The cell is over: text that is still on its way, then the errors, then the answer."""
        settled = time.monotonic() + 1.0
        while self.trouble is None and self.back["iopub"].poll(1000 * SETTLES) and time.monotonic() < settled:
            self.drain("iopub", self.back["iopub"])
        self.read_output()
        cell, self.cell = self.cell, None
        panicked = cell.mark == "P"
        if panicked or cell.mark == "E":
            self.held = None
        self.release()
        lost = any(told.is_end(error) for error in cell.errors)
        self.fresh |= lost
        if cell.hidden:
            if cell.errors and not lost:
                self.trouble = "\n".join(
                    ["the library cannot be loaded; correct it, then restart the kernel", "",
                     *(line for error in cell.errors for line in error["traceback"]), self.place.last_words()])
            return
        if cell.interrupted and cell.errors:
            errors = [told.interrupted(cell.killed)]
        elif lost:
            errors = [told.ended(error["evalue"]) for error in cell.errors if told.is_end(error)][:1]
        elif panicked:
            errors = [told.panicked(cell.panic, self.compiled(), self.cells)]
        elif cell.mark == "E":
            errors = [told.failed(cell.stderr or "")]
        else:
            errors = [told.renumbered(error, cell.theirs, cell.number) for error in cell.errors]
            if not errors and self.trouble is not None:
                return self.refuse(cell)
        compiled = not errors or panicked or cell.mark == "E" or lost
        if not cell.interrupted:
            self.place.note(told.exercises(cell.source), compiled)
        if errors or cell.status == "error":
            after = []
            if cell.request["content"].get("stop_on_error", True):
                # What was sent before anyone could know, and nothing that answers to this.
                self.on_shell()
                after, self.waiting = self.waiting, deque()
            self.fail(cell, errors)
            for other in after:
                self.abort(other)
        else:
            self.done(cell, {"status": "ok", "user_expressions": {}, "payload": []})

    def fail(self, cell, errors):
        errors = errors or [told.error("Error", "the kernel did not say what is wrong", ["an error without a text"])]
        for error in errors:
            if not cell.silent:
                self.publish("error", error, cell.request)
        lines = [line for error in errors for line in error["traceback"]]
        self.done(cell, {**errors[0], "status": "error", "traceback": lines})

    def refuse(self, cell):
        """There is no kernel, and this is why."""
        self.publish("status", {"execution_state": "busy"}, cell.request)
        self.told_phase = None
        self.fail(cell, [told.error("Kernel", self.trouble, self.trouble.splitlines())])

    def abort(self, cell):
        """A cell after one that failed."""
        self.publish("status", {"execution_state": "busy"}, cell.request)
        self.done(cell, {"status": "aborted"})

    def done(self, cell, content):
        self.answer("shell", "execute_reply", {"execution_count": cell.number or self.number, **content},
                    cell.request, cell.idents)
        self.publish("status", {"execution_state": "idle"}, cell.request)

    def compiled(self):
        try:
            return (self.place.folder / "cell" / "src" / "lib.rs").read_text(errors="replace").splitlines()
        except OSError:
            return []

    # --- from evcxr ----------------------------------------------------------------------------

    def from_shell(self, message):
        asker = message["parent_header"].get("msg_id")
        if asker == self.asked:
            self.ready = True
        elif self.cell and asker == self.cell.request["header"]["msg_id"]:
            self.cell.status = message["content"].get("status")
            self.finish_if_over()
        elif asker in self.passed_on:
            self.session.send(self.front["shell"], message, ident=self.passed_on.pop(asker))

    def finish_if_over(self):
        if self.cell.status is not None and self.cell.idle and not self.cell.over:
            self.cell.over = True
            self.finish()

    def from_stdin(self, message):
        if self.cell:
            self.session.send(self.front["stdin"], message, ident=self.cell.idents)

    def from_iopub(self, message):
        asker, kind, content = message["parent_header"].get("msg_id"), message["msg_type"], message["content"]
        cell = self.cell
        if cell is None or asker != cell.request["header"]["msg_id"]:
            # About something that is no cell, or text of a cell that is over.
            if asker in self.passed_on or (self.last and asker == self.last.request["header"]["msg_id"] and kind == "stream"):
                self.session.send(self.front["iopub"], message, ident=kind.encode())
            return
        if kind == "status":
            if content["execution_state"] == "idle":
                cell.idle = True
                self.finish_if_over()
        elif kind == "error":
            cell.errors.append(content)
        elif kind == "execute_input":
            cell.theirs = content["execution_count"]
            if not cell.silent:
                self.publish(kind, {**content, "execution_count": cell.number}, cell.request)
        elif not cell.silent and content.get("data") != {"text/plain": "()"}:
            self.read_output()
            self.release()
            if "execution_count" in content:
                content = {**content, "execution_count": cell.number}
            self.publish(kind, content, cell.request)

    # --- from the program that runs the cells --------------------------------------------------

    def read_output(self):
        """Its text and marks: see src/notebook.rs."""
        while self.output is not None:
            try:
                self.text += os.read(self.output, 1 << 16)
            except BlockingIOError:
                return
            parts = []
            while len(self.text) >= 4:
                length = int.from_bytes(self.text[2:4], "little")
                if len(self.text) < 4 + length:
                    break
                self.whole += self.text[4:4 + length]
                if not self.text[1]:  # no more of it follows
                    parts.append((chr(self.text[0]), self.whole.decode(errors="replace")))
                    self.whole = b""
                self.text = self.text[4 + length:]
            for kind, text in parts:
                self.take(kind, text)
            self.flush()

    def take(self, kind, text):
        cell = self.cell or self.last
        if kind in "PE":
            if self.cell:
                self.cell.mark = kind
                self.held = None
            return
        self.release(flush=False)
        if kind == "o":
            self.write("stdout", text)
        elif cell is not None:
            # Held for a moment: a mark may follow that makes it the cell's error.
            if kind == "e":
                cell.stderr, self.held = text, text
            else:
                cell.panic = told.read_panic(text)
                self.held = told.panic_text(cell.panic, self.compiled(), self.cells)

    def release(self, flush=True):
        if self.held is not None:
            text, self.held = self.held, None
            self.write("stderr", text)
        if flush:
            self.flush()

    def write(self, name, text):
        """Text of one stream goes together."""
        if self.pending and self.pending[0] == name:
            self.pending = (name, self.pending[1] + text)
            return
        self.flush()
        self.pending = (name, text)

    def flush(self):
        if self.pending:
            (name, text), self.pending = self.pending, None
            cell = self.cell or self.last
            if cell is not None and not cell.silent:
                self.publish("stream", {"name": name, "text": text}, cell.request)


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
