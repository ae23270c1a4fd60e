"""Time every experiment at its quick settings against the budget: 3 seconds on 2 cores.

Run by `./lab bench quick_budget`, on a quiet machine. Every experiment runs a few times; the median of its
seconds, as it writes them itself, stands beside the budget. Those that need longer are named below, each with
the reason and a budget of its own; any other that is over it fails.
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

BUDGET = 3.0

# Where less work could not resolve the claims.
LONGER = {
    "step_sizes": (8.0, "with fewer digits than 1,500 what it says of cool-down is not so"),
    "random_labels": (6.0, "every kind of training set is fitted to the last label, with each regulariser"),
    "adversarial_training": (8.0, "six networks a way of training, each under attack at every step: fewer do not tell the ways apart"),
    "danskin": (6.0, "the ablation on digits has eight cells, two ways of training each"),
}


def run(folder, threads):
    """Every experiment's seconds, of one run of all."""
    command = ["cargo", "run", "--release", "--quiet", "--", "figures", "--quick", "--no-progress", "--out", folder]
    environment = common.environment(RAYON_NUM_THREADS=threads)
    subprocess.run(command, cwd=common.ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
    reports = (json.loads(path.read_text()) for path in Path(folder).glob("*/*.json"))
    return {report["experiment"]: report["seconds"] for report in reports}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count()))
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        runs = [run(folder, arguments.threads) for _ in range(arguments.repeats)]
    print(common.machine(f"{arguments.threads} threads, median of {arguments.repeats}"))
    print(f"{'experiment':>24} {'seconds':>8} {'budget':>7}")
    over = 0
    for name in sorted(runs[0], key=lambda name: -statistics.median(run[name] for run in runs)):
        seconds, (budget, why) = statistics.median(run[name] for run in runs), LONGER.get(name, (BUDGET, ""))
        over += seconds > budget
        print(f"{name:>24} {seconds:>8.2f} {budget:>7.1f} {'OVER' if seconds > budget else why}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
