"""The list of references, formatted without asking the same thing of the whole machine for each citation."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pybtex import plugin

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Let pybtex remember its plugins.

    It reads the metadata of every installed package each time a citation is formatted, which was a sixth of the
    build; what is installed doesn't change in the course of one.
    """
    if not hasattr(plugin.find_plugin, "cache_info"):
        plugin.find_plugin = cache(plugin.find_plugin)
