"""What is raised when a template cannot be read."""

from __future__ import annotations


class TemplateError(ValueError):
    """A template is malformed. The message names the place and never shows a value of the template."""
