"""What went wrong in a cell, for its reader: one error, with the line of the notebook."""

import json
import re

LOST = "Variables are lost: run the cells above again."
INTERRUPTED = "Interrupted; variables are lost: run the cells above again."
KEPT = "Interrupted while it compiled. Variables are kept."
EXERCISE = re.compile(r"^\s*(?://\s*exercise:|(?:pub(?:\([^)]*\))?\s+)?fn\s)\s*(\w+)", re.MULTILINE)
# What stands before the part of a path that tells something: src/… here, CRATE-VERSION/src/… elsewhere.
LIBRARY = re.compile(r"^.*/(?=[^/]+-[0-9][^/]*/src/)|^.*/(?=src/)")
RED, PLAIN = "\x1b[31m", "\x1b[0m"


def error(name, value, lines):
    """The content of an error message."""
    return {"ename": name, "evalue": value, "traceback": [f"{RED}{lines[0]}{PLAIN}", *lines[1:]]}


def interrupted(running):
    said = INTERRUPTED if running else KEPT
    return error("Interrupted", said, [said])


def failed(text):
    """`?` met an `Err`."""
    text = text.strip() or "an error"
    return error("Err", text, [f"Error: {text.splitlines()[0]}", *text.splitlines()[1:]])


def panicked(told, compiled, cells):
    """A panic; `told` is what the process said of it, `compiled` the lines of the compiled program."""
    message = told["message"] if told else "a panic"
    place = where(told, compiled, cells) if told else None
    lines = [f"Panic: {line}" if index == 0 else line for index, line in enumerate(message.splitlines() or [""])]
    return error("Panic", message, [*lines, *([place] if place else [])])


def panic_text(told, compiled, cells):
    """The same, as text among other text, for a panic that the cell survived."""
    place = where(told, compiled, cells)
    thread = "" if told["thread"] in (None, "main") else f" in thread {told['thread']}"
    return f"Panic{thread}: {told['message']}\n" + (f"{place}\n" if place else "")


def where(told, compiled, cells):
    """In which line of which cell; `cells` are numbers and sources, the newest first."""
    file, line, called = told.get("file"), told.get("line"), told.get("called")
    if file is None:
        return None
    if file in ("src/lib.rs", "cell/src/lib.rs"):
        return place(line, compiled, cells)
    caller = place(called, compiled, cells) if called else None
    return f"in {LIBRARY.sub('', file)}, line {line}" + (f", called {caller}" if caller else "")


def place(line, compiled, cells):
    """The line of a cell that became this line of the compiled program."""
    code = compiled[line - 1].strip() if 0 < line <= len(compiled) else ""
    for number, source in cells:
        lines = source.splitlines()
        # A line of several statements is several lines of the program.
        hits = [index for index, text in enumerate(lines)
                if text.strip() and (text.strip() in code or (len(code) > 3 and code in text))]
        if hits:
            # Of equal lines the one whose surroundings are equal too.
            best = max(hits, key=lambda index: likeness(lines, index, compiled, line - 1))
            here = "" if number == cells[0][0] else f" of cell [{number}]"
            return f"in line {best + 1}{here}: {lines[best].strip()}"
    return None


def likeness(lines, index, compiled, at):
    """How many lines around both places are equal."""
    same = 0
    for step in (1, -1):
        offset = step
        while (0 <= index + offset < len(lines) and 0 <= at + offset < len(compiled)
               and lines[index + offset].strip() == compiled[at + offset].strip()):
            same, offset = same + 1, offset + step
    return same + (len(lines[index].strip()) == len(compiled[at].strip())) * 0.5


def ended(text):
    """The process that runs cells has ended by itself."""
    status = re.search(r"Subprocess terminated with status: (.*)", text)
    how = status.group(1).strip() if status else "for a reason it did not tell"
    return error("Ended", f"the cell ended the process that runs it ({how}). {LOST}",
                 [f"The cell ended the process that runs it ({how}). {LOST}"])


def is_end(content):
    return "Subprocess terminated" in content.get("evalue", "")


def renumbered(content, theirs, ours):
    """evcxr counts its own cells."""
    old, new = f"command_{theirs}", f"cell [{ours}]"
    return {**content, "evalue": content.get("evalue", "").replace(old, new),
            "traceback": [line.replace(old, new) for line in content.get("traceback", [])]}


def exercises(source):
    """The names of the exercises that a cell may answer: those it is marked with, and its functions."""
    return sorted(set(EXERCISE.findall(source)))


def no_kernel(words, status, limits):
    """evcxr itself has ended."""
    words = re.split(r"^\s*stack backtrace", words, flags=re.IGNORECASE | re.MULTILINE)[0].strip()
    if "No space left" in words or "os error 28" in words:
        why = "the disk is full"
    elif limits.address_space is not None and limits.address_space < 4 * 2**30:
        why = f"its memory is limited to {limits.address_space / 2**30:.1f} GiB (ulimit -v); it needs some 3"
    elif limits.processes is not None and limits.processes < 100:
        why = f"too few processes are allowed, {limits.processes} (ulimit -u, or the container's limit); allow 100"
    elif "WouldBlock" in words or "temporarily unavailable" in words:
        why = "too few processes are allowed (ulimit -u), or there is too little memory"
    elif status == -9 or "memory allocation" in words or "Cannot allocate" in words:
        why = "there is too little memory: it needs 1.5 GB"
    else:
        why = None
    return f"the Rust kernel ended by itself{': ' + why if why else ''}; restart it. Its last words:\n\n{words}"


def read_panic(text):
    try:
        return json.loads(text)
    except ValueError:
        return {"message": text, "thread": "main"}
