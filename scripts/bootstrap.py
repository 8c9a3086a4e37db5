#!/usr/bin/env python3
"""Make the virtual environment and install the locked packages; skip both when nothing has changed.

This file alone must be readable by any Python that may be lying around, so that one that is too old is told
in one line: no annotations, no f-strings.
"""

import hashlib
import os
import subprocess
import sys

NEEDED = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, ".installed")
UV_LOCK = os.path.join(ROOT, "requirements-uv.lock")
LOCK = os.path.join(ROOT, "requirements-dev.lock")


def refuse(reason):
    """Stop with one line."""
    sys.stderr.write("make env: " + reason + "\n")
    sys.exit(1)


def newer_python():
    """Another Python on the path that is new enough, or None."""
    for minor in range(20, NEEDED[1] - 1, -1):
        name = "python3.{}".format(minor)
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            path = os.path.join(folder, name)
            # A version manager's shim may stand there for a version that is not active: ask it.
            if os.access(path, os.X_OK) and works(path):
                return path
    return None


def works(path):
    """Whether that Python starts at all."""
    with open(os.devnull, "w") as nowhere:
        return subprocess.call([path, "-c", ""], stdout=nowhere, stderr=nowhere) == 0


def wanted_stamp():
    """What identifies an environment that is up to date."""
    digest = hashlib.sha256(sys.version.encode())
    for path in (UV_LOCK, LOCK):
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def is_up_to_date(stamp):
    """Whether the environment was made from these locks by this Python."""
    if not (os.path.exists(STAMP) and os.access(PYTHON, os.X_OK)):
        return False
    with open(STAMP) as file:
        return file.read() == stamp


def is_same_python():
    """Whether the environment that is there was made by this Python and has a working pip."""
    code = "import pip, sys; sys.exit(sys.version != sys.argv[1])"
    with open(os.devnull, "w") as nowhere:
        command = [PYTHON, "-c", code, sys.version]
        return os.path.exists(PYTHON) and subprocess.call(command, stderr=nowhere) == 0


def install():
    """Make the environment, put uv into it, and let uv install exactly what the lock names."""
    if not is_same_python():
        if subprocess.call([sys.executable, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL) != 0:
            refuse("Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv")
        run([sys.executable, "-m", "venv", "--clear", VENV], "The virtual environment could not be made")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(pip + ["--require-hashes", "--only-binary", ":all:", "-r", UV_LOCK], "uv could not be installed")
    uv = [os.path.join(VENV, "bin", "uv"), "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes"]
    run(uv + [LOCK], "The packages could not be installed")


def run(command, failure):
    """Run one step; its own messages say why it failed."""
    if subprocess.call(command) != 0:
        refuse(failure + " (see above).")


def main():
    """Bring the environment up to date."""
    if sys.version_info < NEEDED:
        found = newer_python()
        if found is None:
            have = "{}.{}".format(sys.version_info[0], sys.version_info[1])
            told = "Python {}.{} or newer is needed, {} is Python {}."
            refuse(told.format(NEEDED[0], NEEDED[1], sys.executable, have))
        os.execv(found, [found] + sys.argv)
    stamp = wanted_stamp()
    if is_up_to_date(stamp):
        return
    print("Installing the packages ...")
    sys.stdout.flush()
    install()
    with open(STAMP, "w") as file:
        file.write(stamp)


if __name__ == "__main__":
    main()
