"""Exhibits that many tests read; made once for each worker."""

from __future__ import annotations

import pytest
from material_for_tests import made_up, metastar

from trover.report.exhibit import Exhibit, assemble


@pytest.fixture(scope="session")
def demo() -> Exhibit:
    return assemble(metastar())


@pytest.fixture(scope="session")
def traders() -> Exhibit:
    return assemble(made_up())
