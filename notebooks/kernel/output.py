"""The text and the marks of the program that runs the cells: the other end of src/notebook.rs."""

import os


class Output:
    """Reads frames from the pipe. Text on stderr, and a panic, are held for a moment: a mark may follow
    that makes them the cell's error. `write` gets text that is none, `mark` gets marks, `panic` what is
    said of a panic, and returns it as text."""

    def __init__(self, path, write, mark, panic):
        self.pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self.write, self.mark, self.panic = write, mark, panic
        self.bytes = self.whole = b""
        self.held = None  # text on stderr
        self.pending = None  # a stream and its text, since text of one stream goes together
        self.last_error = None  # the last text on stderr

    def read(self):
        """All that is there: no pipe holds more. Not until there is nothing, since a program may print without end."""
        try:
            self.bytes += os.read(self.pipe, 1 << 20)
        except BlockingIOError:
            return
        at = 0
        while len(self.bytes) >= at + 4:
            end = at + 4 + int.from_bytes(self.bytes[at + 2:at + 4], "little")
            if len(self.bytes) < end:
                break
            kind, more = chr(self.bytes[at]), self.bytes[at + 1]
            self.whole += self.bytes[at + 4:end]
            at = end
            if not more:
                text, self.whole = self.whole.decode(errors="replace"), b""
                self.take(kind, text)
        self.bytes = self.bytes[at:]
        self.flush()

    def forget(self):
        """The beginning of a text whose writer was ended."""
        self.bytes = self.whole = b""

    def take(self, kind, text):
        if kind in "PE":
            self.held = None
            self.flush()
            self.mark(kind)
            return
        self.release()
        if kind == "o":
            self.add("stdout", text)
        else:
            self.held = self.panic(text) if kind == "p" else text
            self.last_error = self.held

    def release(self):
        """What was held is text and no more."""
        if self.held is not None:
            text, self.held = self.held, None
            self.add("stderr", text)

    def add(self, stream, text):
        if self.pending and self.pending[0] == stream:
            self.pending = (stream, self.pending[1] + text)
        else:
            self.flush()
            self.pending = (stream, text)

    def flush(self):
        if self.pending:
            pending, self.pending = self.pending, None
            self.write(*pending)

    def settle(self):
        """Everything that has come, out."""
        self.read()
        self.release()
        self.flush()
