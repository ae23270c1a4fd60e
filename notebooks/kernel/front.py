"""The side of a kernel that Jupyter sees: its five sockets, and answers that need no evcxr."""

import sys

import zmq
from jupyter_client.session import Session

LANGUAGE = {
    "name": "rust", "version": "", "mimetype": "text/rust", "file_extension": ".rs",
    "pygments_lexer": "rust", "codemirror_mode": "rust",
}
KERNEL_INFO = {
    "protocol_version": "5.3", "implementation": "dltheory", "implementation_version": "1",
    "language_info": LANGUAGE, "banner": "Rust (evcxr 0.22) with the library dltheory",
    "help_links": [{"text": "Rust's standard library", "url": "https://doc.rust-lang.org/stable/std/"}],
}
SOCKETS = {"shell": zmq.ROUTER, "control": zmq.ROUTER, "stdin": zmq.ROUTER, "iopub": zmq.PUB, "hb": zmq.REP}


class Front:
    """`connection` is what Jupyter wrote into the connection file."""

    def __init__(self, context, connection):
        self.session = Session(
            key=connection["key"].encode(), signature_scheme=connection.get("signature_scheme", "hmac-sha256"))
        joint = "-" if connection["transport"] == "ipc" else ":"
        self.sockets = {}
        for name, kind in SOCKETS.items():
            socket = context.socket(kind)
            socket.bind(f"{connection['transport']}://{connection['ip']}{joint}{connection[name + '_port']}")
            self.sockets[name] = socket

    def receive(self, name):
        """Who sent it and what, or twice nothing."""
        try:
            return self.session.recv(self.sockets[name], zmq.NOBLOCK, copy=True)
        except (ValueError, TypeError, IndexError) as error:  # a wrong signature, or no message of Jupyter's
            print(f"dltheory kernel: dropped a message: {error}", file=sys.stderr)
            return None, None

    def waiting(self, name):
        return self.sockets[name].poll(0)

    def beat(self):
        self.sockets["hb"].send(self.sockets["hb"].recv())

    def publish(self, kind, content, parent):
        """To all who listen, about a request."""
        self.session.send(self.sockets["iopub"], kind, content, parent=parent, ident=kind.encode())

    def state(self, name, parent):
        self.publish("status", {"execution_state": name}, parent)

    def answer(self, name, kind, content, request, idents):
        self.session.send(self.sockets[name], kind, content, parent=request, ident=idents)

    def pass_on(self, name, message, ident):
        """A message of evcxr's as it is, but for the signature."""
        self.session.send(self.sockets[name], message, ident=ident)

    def here(self, name, request, idents, content):
        """A whole answer to a request that evcxr does not see."""
        self.state("busy", request)
        kind = request["header"]["msg_type"].replace("_request", "_reply")
        self.answer(name, kind, {"status": "ok", **content}, request, idents)
        self.state("idle", request)

    def here_if_known(self, request, idents, ready):
        """Answers what evcxr would not answer, and while it is not there what it would. Whether it did."""
        at = request["content"].get("cursor_pos", 0)
        always = {"kernel_info_request": KERNEL_INFO, "comm_info_request": {"comms": {}}, "history_request": {"history": []}}
        meanwhile = {
            "complete_request": {"matches": [], "cursor_start": at, "cursor_end": at, "metadata": {}},
            "inspect_request": {"found": False, "data": {}, "metadata": {}},
            "is_complete_request": {"status": "complete"},  # as evcxr says it of everything
        }
        content = (always if ready else {**always, **meanwhile}).get(request["header"]["msg_type"])
        if content is not None:
            self.here("shell", request, idents, content)
        return content is not None
