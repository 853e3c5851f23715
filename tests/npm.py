"""What comes from npm for some tests: a browser's driver, axe-core, and Microsoft's tool for SARIF."""

import os
from pathlib import Path

import pytest


def package(name: str) -> Path:
    """The folder of a package below a folder in NODE_PATH; without it the test is skipped."""
    for folder in os.environ.get("NODE_PATH", "").split(os.pathsep):
        if folder and (path := Path(folder) / name).is_dir():
            return path
    pytest.skip(f"needs {name} (npm install {name}, and its node_modules in NODE_PATH)")
