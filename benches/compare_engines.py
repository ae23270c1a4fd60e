"""Compare both engines for products and factorisations, under each kernel that OpenBLAS has for this processor.

Run by `./lab bench engines`; needs nothing but the library. OpenBLAS's seconds divided by faer's: above 1
faer is faster. At the end, what is chosen here without anyone's help against the best of all that was run.
"""

import argparse

import common


def kernels():
    """Those that this processor can run; where a kernel is set already, that one."""
    if "OPENBLAS_CORETYPE" in common.OURS_ALONE:
        return [common.OURS_ALONE["OPENBLAS_CORETYPE"]]
    try:
        with open("/proc/cpuinfo") as file:
            flags = next((line.split() for line in file if line.startswith("flags")), [])
    except OSError:
        flags = []
    found = ["Prescott"]
    found += ["Sandybridge"] if "avx" in flags else []
    found += ["Haswell", "Zen"] if "avx2" in flags else []
    return found + (["SkylakeX"] if "avx512vl" in flags else [])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    default = common.bench("engines", arguments.threads)
    runs = {kernel: common.bench("engines", arguments.threads, OPENBLAS_CORETYPE=kernel) for kernel in kernels()}
    print(common.machine())
    print(f"chosen here: {default['engine']}; seconds by faer, and OpenBLAS's over faer's by kernel")
    print(f"{'':>28} {'faer':>10}" + "".join(f"{kernel:>12}" for kernel in runs) + f"{'chosen/best':>13}")
    worst = {}
    for work, seconds in default["seconds"].items():
        faer = min(run["seconds"][work]["Faer"] for run in (default, *runs.values()))
        blas = {kernel: run["seconds"][work]["OpenBlas"] for kernel, run in runs.items()}
        chosen = min(faer, seconds["Faer"]) if default["chosen"][work] == "Faer" else seconds["OpenBlas"]
        share = min(faer, *blas.values()) / chosen
        worst[work] = share
        print(f"{work:>28} {faer:>10.2e}" + "".join(f"{one / faer:>12.2f}" for one in blas.values()) + f"{share:>13.2f}")
    work = min(worst, key=worst.get)
    print(f"least share of the best: {worst[work]:.2f}, {work}")


if __name__ == "__main__":
    main()
