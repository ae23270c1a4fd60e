"""What evcxr is doing, seen from outside: compiling a cell, running it, or neither."""

import psutil

# The numbers of the system call `read`.
READ = {"x86_64": "0", "aarch64": "63"}


def end(process):
    """Ends a process and all that it started."""
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return
    for one in family:
        try:
            one.kill()
        except psutil.Error:
            pass


def compilers(evcxr):
    """The builds that evcxr has started."""
    found = []
    for child in children(evcxr):
        try:
            if "build" in child.cmdline():
                found.append(child)
        except psutil.Error:
            pass
    return found


def runner(evcxr):
    """The process that runs the cells: evcxr's own program once more."""
    for child in children(evcxr):
        try:
            if child.exe() == psutil.Process(evcxr).exe():
                return child
        except psutil.Error:
            pass
    return None


def children(evcxr):
    try:
        return psutil.Process(evcxr).children()
    except psutil.Error:
        return []


def waits(process):
    """Whether it waits for its next cell, that is, reads its standard input. If nobody can tell: no."""
    import platform

    try:
        with open(f"/proc/{process.pid}/syscall") as file:
            call = file.read().split()
    except OSError:
        return False
    return len(call) > 1 and call[0] == READ.get(platform.machine()) and int(call[1], 16) == 0
