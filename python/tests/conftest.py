import os
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
BUILT = HERE.parents[1] / "build" / "release" / "quench"


class Program:
    """The quench program, in the folder of one test."""

    def __init__(self, path, folder):
        self.path, self.folder = path, folder

    def __call__(self, *arguments):
        return subprocess.run(
            [self.path, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True
        )


@pytest.fixture
def program(tmp_path):
    path = pathlib.Path(os.environ.get("QUENCH") or BUILT).resolve()
    assert path.exists(), f"{path} is not there: build it, or set QUENCH"
    return Program(path, tmp_path)
