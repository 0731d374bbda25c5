"""What every test may ask for: the worked cases, the real data, and hypothesis set up the same way everywhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests import effort

PROJECT = Path(__file__).resolve().parent.parent
CASES = PROJECT / "tests" / "cases"

settings.register_profile("dev", deadline=None)
settings.register_profile(
    "ci", deadline=None, derandomize=True, database=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run the tests marked slow or realdata too")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--full"):
        effort.run_all()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip, with a reason that is counted, what only `make test-full` runs."""
    if config.getoption("--full"):
        return
    for item in items:
        for marker in ("realdata", "slow"):
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"marked {marker}: make test-full runs it"))


@pytest.fixture(scope="session")
def data_root() -> Path:
    """The folder of real data: TROVER_DATA, or ../shared/data beside the project; skips where it is absent."""
    stated = os.environ.get("TROVER_DATA", "../shared/data")
    root = (PROJECT / stated).resolve()
    if not root.is_dir():
        pytest.skip(f"no real data: {stated} is not a folder (set TROVER_DATA)")
    return root


@pytest.fixture(scope="session")
def cases_root() -> Path:
    """The folder of worked cases with their expected figures."""
    return CASES
