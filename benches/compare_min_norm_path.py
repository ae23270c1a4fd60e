"""Compare the min-norm path with numpy's and scikit-learn's loop on the same matrices.

Run by `./lab bench`. Both sides use the same number of BLAS threads and run one after the other.
The features are random Fourier features of the 10,000-digit sample (3 against 7, sigma 5).
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import common


def load_digits():
    import numpy as np

    images, labels = common.load_digits()
    keep = np.isin(labels, (3, 7))
    return images[keep], np.where(labels[keep] == 7, 1.0, -1.0)


def make_problem(folder, n, t, threads, repeats, seed):
    import numpy as np

    rng = np.random.default_rng(seed)
    x, y = load_digits()
    order = rng.permutation(len(y))[: n + t]
    columns = 5 * n
    angles = x[order] @ (rng.standard_normal((784, columns // 2)) / 5.0)
    features = np.empty((n + t, columns))
    features[:, 0::2] = np.cos(angles)
    features[:, 1::2] = np.sin(angles)
    features[:n].tofile(folder / "train.f64")
    features[n:].tofile(folder / "test.f64")
    y[order[:n]].tofile(folder / "targets.f64")
    coarse = sorted({round(n * r) for r in np.concatenate([np.linspace(0.05, 1, 15), np.linspace(1.2, 5, 14)])})
    fine = list(range(1, n + 1)) + list(range(n + 30, columns + 1, 30))
    problem = {
        "n": n, "t": t, "columns": columns, "threads": threads, "repeats": repeats,
        "widths": {"coarse": coarse, "fine": fine},
    }
    (folder / "problem.json").write_text(json.dumps(problem))
    return features[:n].copy(), features[n:].copy(), y[order[:n]].copy(), problem


def numpy_loop(train, test, y, widths):
    import numpy as np

    return np.stack([test[:, :m] @ np.linalg.lstsq(train[:, :m], y, rcond=None)[0] for m in widths])


def sklearn_loop(train, test, y, widths):
    import numpy as np
    from sklearn.linear_model import LinearRegression

    fit = LinearRegression(fit_intercept=False).fit
    return np.stack([fit(train[:, :m], y).predict(test[:, :m]) for m in widths])


def timed(function, *arguments):
    start = time.perf_counter()
    return function(*arguments), time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=600)
    parser.add_argument("--test", type=int, default=800)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repeats", type=int, default=5, help="of the path; the loops run --loops times")
    parser.add_argument("--loops", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-sklearn", action="store_true")
    arguments = parser.parse_args()

    import numpy as np
    from threadpoolctl import threadpool_info, threadpool_limits

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        train, test, y, problem = make_problem(
            folder, arguments.n, arguments.test, arguments.threads, arguments.repeats, arguments.seed)
        path = common.bench("min_norm_path", folder)
        predictions = {
            key: np.fromfile(folder / f"predictions_{key}.f64").reshape(len(widths), -1)
            for key, widths in problem["widths"].items()
        }
    import sklearn

    blas = {entry["internal_api"] + " " + str(entry["version"]) + " " + str(entry.get("architecture")) for entry in threadpool_info() if entry["user_api"] == "blas"}
    print(common.machine(f"numpy {np.__version__} ({', '.join(sorted(blas))})", f"scikit-learn {sklearn.__version__}"))
    print(f"ours: {path['engine']}")
    print(f"n = {arguments.n}, test = {arguments.test}, {arguments.threads} BLAS threads, float64; "
          f"dgemm here: {path['dgemm_gflops']:.0f} GFlop/s")
    failed = False
    print(f"{'widths':>22} {'path (median)':>14} {'numpy lstsq':>12} {'ratio':>7} {'sklearn':>9} {'ratio':>7} {'worst rel. diff.':>17}")
    with threadpool_limits(arguments.threads):
        for key, widths in problem["widths"].items():
            ours = statistics.median(path[key]["seconds"])
            loops = [timed(numpy_loop, train, test, y, widths) for _ in range(arguments.loops)]
            reference = loops[0][0]
            numpy_seconds = statistics.median(seconds for _, seconds in loops)
            difference = np.linalg.norm(predictions[key] - reference, axis=1) / np.linalg.norm(reference, axis=1)
            worst = int(np.argmax(difference))
            failed |= not difference[worst] < 1e-8
            sklearn_text = ("-", "-")
            if not arguments.no_sklearn:
                seconds = timed(sklearn_loop, train, test, y, widths)[1]
                sklearn_text = (f"{seconds:.2f} s", f"{seconds / ours:.0f}x")
            routes = path[key]["routes"]
            counts = ", ".join(f"{routes.count(r)} {r}" for r in ("Qr", "Gram", "Svd") if r in routes)
            print(f"{len(widths):>15} widths {ours:>12.3f} s {numpy_seconds:>10.2f} s {numpy_seconds / ours:>6.0f}x "
                  f"{sklearn_text[0]:>9} {sklearn_text[1]:>7} {difference[worst]:>12.1e} (m = {widths[worst]})")
            print(f"{'':>22} routes: {counts}; largest condition number {path[key]['condition']:.1e}; "
                  f"{flops(arguments.n, arguments.test, widths) / ours / path['dgemm_gflops'] / 1e9:.0%} of the dgemm rate")
    if failed:
        sys.exit("the path and numpy differ by more than 1e-8 relative")


def flops(n, t, widths):
    """The path's floating-point operations: QR with Q, one triangular solve, growth, Choleskys."""
    narrow = max([m for m in widths if m <= n], default=0)
    wide = [m for m in widths if m > n]
    total = 4 / 3 * narrow**3 + 4 / 3 * narrow**3 + narrow**2 * (t + narrow)
    if wide:
        total += 2 * n * (n + t) * max(wide) + len(wide) * (n**3 / 3 + 8 * n**2)
    return total


if __name__ == "__main__":
    main()
