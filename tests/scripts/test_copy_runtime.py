"""What `painting site` takes from the frontend's packages is what is installed there."""

import pytest
from scripts.copy_runtime import MODULES_FOLDER, page_licences

from painting.site.licences import PAGE_LICENCES

pytestmark = pytest.mark.skipif(not MODULES_FOLDER.is_dir(), reason="needs the frontend's packages: npm ci")


def test_the_committed_licences_are_those_of_the_page_s_packages() -> None:
    assert PAGE_LICENCES.read_text(encoding="utf-8") == page_licences(), "run: python -m scripts.copy_runtime"
