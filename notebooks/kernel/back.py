"""The side of a kernel that evcxr has: its process and three of its sockets. Not its heartbeat, which
ends at evcxr's first error."""

import secrets

import zmq
from jupyter_client.connect import write_connection_file
from jupyter_client.session import Session

import processes
import told
from limits import limits

# What evcxr runs first in every new process. It fails if the library cannot be loaded.
LISTEN = {"code": "dltheory::notebook::listen();", "silent": True, "store_history": False,
          "user_expressions": {}, "allow_stdin": False, "stop_on_error": True}


class Back:
    """Starts evcxr in its place and asks it whether it is ready: the answer's parent is `asked`."""

    def __init__(self, context, place, binary):
        path, key = str(place.folder / "connection.json"), secrets.token_hex(32).encode()
        _, connection = write_connection_file(path, ip="127.0.0.1", key=key)
        self.session = Session(key=key)
        self.place = place
        self.process = place.start(binary, path)
        self.sockets = {}
        for name, kind in [("shell", zmq.DEALER), ("stdin", zmq.DEALER), ("iopub", zmq.SUB)]:
            socket = context.socket(kind)
            if kind == zmq.SUB:
                socket.subscribe(b"")
            else:
                socket.identity = b"bridge"  # one for both: evcxr asks for input whoever sent the cell
            socket.connect(f"tcp://127.0.0.1:{connection[name + '_port']}")
            self.sockets[name] = socket
        self.asked = self.session.send(self.sockets["shell"], "kernel_info_request", {})["header"]["msg_id"]

    def send(self, name, message):
        self.session.send(self.sockets[name], message)

    def listen(self):
        """The request to listen, not yet sent."""
        return self.session.msg("execute_request", LISTEN)

    def received(self, name):
        """What evcxr has sent through one socket; not more than some, since it may send without end."""
        for _ in range(100):
            if not self.sockets[name].poll(0):
                return
            _, message = self.session.recv(self.sockets[name], zmq.NOBLOCK, copy=True)
            if message is not None:
                yield message

    def trouble(self):
        """Why it has ended, if it has."""
        if self.process.poll() is None:
            return None
        return told.no_kernel(self.place.last_words(), self.process.returncode, limits())

    def press(self):
        """Ends what evcxr is busy with, and nothing that waits. Whether that was a cell that ran."""
        builds = processes.compilers(self.process.pid)
        for build in builds:
            processes.end(build)
        runner = None if builds else processes.runner(self.process.pid)
        if runner is None or processes.waits(runner):
            return False
        processes.end(runner)
        return True
