"""What the machine allows one user or container."""

import resource
from pathlib import Path
from typing import NamedTuple, Optional

CGROUPS = Path("/sys/fs/cgroup")


class Limits(NamedTuple):
    """None: no limit."""

    address_space: Optional[int] = None  # bytes
    processes: Optional[int] = None  # threads count too


def limits(membership="/proc/self/cgroup", cgroups=CGROUPS):
    processes = [soft(resource.RLIMIT_NPROC), container_processes(membership, cgroups)]
    return Limits(soft(resource.RLIMIT_AS), min((number for number in processes if number is not None), default=None))


def soft(kind):
    limit = resource.getrlimit(kind)[0]
    return None if limit == resource.RLIM_INFINITY else limit


def container_processes(membership, cgroups):
    """The least `pids.max` from this process's control group upwards."""
    found = []
    try:
        for line in Path(membership).read_text().splitlines():
            _, controllers, group = line.split(":", 2)
            if controllers not in ("", "pids"):  # version 2 has one tree without a name
                continue
            tree = cgroups / controllers
            folder = tree / group.lstrip("/")
            for place in [folder, *folder.parents]:
                file = place / "pids.max"
                if place.is_relative_to(tree) and file.is_file():
                    found.append(file.read_text().strip())
    except (OSError, ValueError):
        pass
    return min((int(number) for number in found if number.isdigit()), default=None)
