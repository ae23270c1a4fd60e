"""Installs requirements into this Python's environment: install.py REQUIREMENTS

Where packages come from is the user's to say (index, proxy, certificates), in variables or in pip.conf.
Where they go is not: an environment that `PIP_USER` or `target` in pip.conf empties is none.
"""

import os
import subprocess
import sys

SOURCES = [
    "index-url", "extra-index-url", "no-index", "find-links", "trusted-host", "proxy", "cert", "client-cert",
    "timeout", "default-timeout", "retries", "cache-dir", "no-cache-dir", "keyring-provider",
]


def variable(option):
    return "PIP_" + option.upper().replace("-", "_")


def settings(listing):
    """What `pip config list` says of sources, as variables."""
    found = {}
    for line in listing.splitlines():
        name, _, value = line.partition("=")
        section, _, option = name.rpartition(".")
        if section in ("global", "install") and option in SOURCES and value:
            found[variable(option)] = value.strip().strip("'\"").replace("\\n", " ")
    return found


def environment(variables, listing):
    """The variables for pip: a variable of the user's counts more than a file, as with pip itself."""
    kept = {name: value for name, value in variables.items()
            if not name.startswith("PIP_") or name in map(variable, SOURCES)}
    return {**settings(listing), **kept, "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def main():
    pip = [sys.executable, "-E", "-s", "-m", "pip"]
    listing = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False).stdout
    sys.exit(subprocess.call([*pip, "install", "--quiet", "-r", sys.argv[1]], env=environment(os.environ, listing)))


if __name__ == "__main__":
    main()
