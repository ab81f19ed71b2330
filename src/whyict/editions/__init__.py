"""Editions: the executed chapters of one wave, as a site."""

from whyict.editions.chapters import check_parameters, execute, execute_all, read_parameters
from whyict.editions.site import build_edition

__all__ = ["build_edition", "check_parameters", "execute", "execute_all", "read_parameters"]
