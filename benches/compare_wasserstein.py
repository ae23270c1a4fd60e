"""Compare the assignment of two clouds with scipy's linear_sum_assignment.

Run by `./lab bench wasserstein`; needs numpy and scipy. Pairs of uniform clouds of n points in 5 dimensions: both solve the same matrices of Euclidean
distances, already computed, on one thread each. Costs must agree to 1e-12. A pair of 4,096 points is ours alone: its prices prove it, and the peak
of memory is that of the program.
"""

import argparse
import resource
import statistics
import sys
import tempfile
import time

import common


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=512)
    parser.add_argument("--dim", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--large", type=int, default=4096)
    arguments = parser.parse_args()

    import numpy as np
    import scipy
    from scipy.optimize import linear_sum_assignment

    rng = np.random.default_rng(1)
    clouds = rng.random((2 * arguments.rounds, arguments.n, arguments.dim))
    with tempfile.NamedTemporaryFile(suffix=".f64") as file:
        file.write(clouds.tobytes())
        file.flush()
        ours = common.bench("wasserstein", file.name, arguments.n, arguments.rounds, arguments.large, arguments.dim)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024

    seconds, means = [], []
    for round in range(arguments.rounds):
        x, y = clouds[2 * round], clouds[2 * round + 1]
        cost = np.sqrt(((x[:, None, :] - y[None, :, :]) ** 2).sum(2))
        started = time.perf_counter()
        rows, columns = linear_sum_assignment(cost)
        seconds.append(time.perf_counter() - started)
        means.append(float(cost[rows, columns].mean()))

    print(common.machine(f"scipy {scipy.__version__}", f"numpy {np.__version__}"))
    print(f"ours: {ours['engine']}")
    mine, theirs = statistics.median(ours["seconds"]), statistics.median(seconds)
    print(f"assignment of {arguments.n} points in {arguments.dim} dimensions, milliseconds; {arguments.rounds} pairs")
    print(f"{'':>9} {'ours':>8} {'scipy':>8} {'ours/scipy':>11}")
    for name, of in (("median", statistics.median), ("fastest", min), ("slowest", max)):
        a, b = of(ours["seconds"]), of(seconds)
        print(f"{name:>9} {1e3 * a:>8.2f} {1e3 * b:>8.2f} {a / b:>11.2f}")
    print(
        f"{arguments.large} points: {ours['large_seconds']:.2f} s, mean {ours['large_mean']:.6f}, dual less primal {ours['large_gap']:.1e}, "
        f"least reduced cost {ours['large_reduced']:.1e}; largest child process {peak:.0f} MiB"
    )
    if not all(abs(a - b) <= 1e-12 for a, b in zip(means, ours["means"])):
        sys.exit("the costs differ")
    if abs(ours["large_gap"]) > 1e-9 or ours["large_reduced"] < -1e-9:
        sys.exit("the large assignment is not proven")
    if mine > theirs:
        sys.exit("slower than scipy")


if __name__ == "__main__":
    main()
