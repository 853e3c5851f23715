"""What the fuzz targets share: the package with every module in it instrumented.

Most modules are imported where they are first needed; a fuzzer that had instrumented only what `import finesse_certlint`
imports would see no input reach anything, and would try blindly.
"""

import importlib
import pkgutil

import atheris

with atheris.instrument_imports(include=["finesse_certlint"]):
    import finesse_certlint as fcl

    for _module in pkgutil.walk_packages(fcl.__path__, f"{fcl.__name__}."):
        if _module.name.split(".")[1] not in ("__main__", "arrow", "cli"):  # no target calls these
            importlib.import_module(_module.name)

__all__ = ["fcl"]
