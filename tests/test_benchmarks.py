"""The benchmarks are run by hand; here their own part runs once, so that they do not rot."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

CODE = """
from benchmarks import {module}
for job in {module}.jobs():
    job.contenders[0].run()
for growth in {module}.growths():
    growth.run(growth.sizes[0])
"""


def _python(*arguments):
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("module", ["calibration", "inverse_variance", "pools"])
def test_every_job_runs(module):
    done = _python("-c", CODE.format(module=module))
    assert done.returncode == 0, done.stderr


def test_an_unknown_benchmark_names_those_there_are():
    done = _python("-m", "benchmarks", "nothing")
    assert done.returncode == 1
    assert "no such benchmarks: nothing; there are calibration, inverse_variance" in done.stderr
