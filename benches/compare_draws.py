"""Compare one thread with several over the independent draws of double_descent.

Run by `./lab bench draws`. The draws are the same, and so must be every number in the table.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import common

PROGRAM = common.ROOT / "target" / "release" / "dltheory"


def run(threads, arguments):
    """The seconds that the computation took, and its table."""
    with tempfile.TemporaryDirectory() as folder:
        command = [PROGRAM, "run", "double_descent", "--no-progress", "--out", folder,
                   "--set", f"draws={arguments.draws}", "--set", f"n={arguments.n}"]
        subprocess.run(command, env=common.environment(RAYON_NUM_THREADS=threads), stdout=subprocess.DEVNULL, check=True)
        report = json.loads((Path(folder) / "double_descent" / "double_descent.json").read_text())
        return report, (Path(folder) / "double_descent" / "double_descent.csv").read_bytes()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=600)
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=common.ROOT, check=True)

    seconds = {1: [], arguments.threads: []}
    tables = set()
    for _ in range(arguments.repeats):
        for threads, taken in seconds.items():
            report, table = run(threads, arguments)
            taken.append(report["seconds"])
            tables.add(table)
    one, many = (statistics.median(taken) for taken in seconds.values())
    print(f"ours: {report['provenance']['engine']['name']}, {report['provenance']['engine']['kernel']}")
    print(f"double_descent, n = {arguments.n}, {arguments.draws} draws, median of {arguments.repeats}: "
          f"{one:.1f} s on 1 thread, {many:.1f} s on {arguments.threads}: {one / many:.2f}x")
    if len(tables) > 1:
        sys.exit("the numbers depend on the number of threads")


if __name__ == "__main__":
    main()
