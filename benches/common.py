"""What every comparison needs: the digits, our program, and peers that run as their makers intend.

Imported before numpy: the variables that name a kernel for Debian's OpenBLAS would also slow numpy's own,
newer one, so they are kept for our programs and taken away from this process.
"""

import gzip
import json
import os
import platform
import statistics
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS_ALONE = {name: os.environ.pop(name) for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE") if name in os.environ}


def environment(**more):
    """For a program of ours: as the caller set it, and what is given by name."""
    return {**os.environ, **OURS_ALONE, **{name: str(value) for name, value in more.items()}}


def bench(name, *arguments, **more):
    """Run one of benches/*.rs and return what its last line says."""
    command = ["cargo", "bench", "--quiet", "--bench", name, "--", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=environment(**more), stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def load_digits():
    """The 10,000 images, (n, 784) in [0, 1], and their labels."""
    import numpy as np

    def idx(name, header):
        with gzip.open(ROOT / "data" / name) as file:
            return np.frombuffer(file.read()[header:], dtype=np.uint8)

    labels = idx("mnist-10k-labels-idx1-ubyte.gz", 8)
    return idx("mnist-10k-images-idx3-ubyte.gz", 16).reshape(len(labels), 784) / 255.0, labels


def machine(*peers):
    return f"machine: {platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}, {', '.join(peers)}"


def print_ratios(mine, theirs, ratios, peer):
    """Seconds by type, of ours and of a peer: medians, fastest, and how the ratio of medians varies over rounds."""
    print(f"{'':>5} {'medians':>27} {'fastest':>27} {'medians of a round':>24}")
    print(f"{'type':>5}" + f"{'ours':>9} {peer:>9} {'ours/' + peer:>8}" * 2 + f"{'ours/' + peer + ', least to most':>25}")
    for dtype, seconds in mine.items():
        other = theirs[dtype]
        row = f"{dtype:>5}"
        for middle in (statistics.median, min):
            row += f"{middle(seconds):>7.4f} s {middle(other):>7.4f} s {middle(seconds) / middle(other):>8.2f}"
        print(row + f"{min(ratios[dtype]):>14.2f} to {max(ratios[dtype]):.2f}")
