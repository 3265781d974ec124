"""Every text that a reader of a view, file or report sees, in Indonesian and English."""

from graphwatch.texts.catalogue import LANGUAGES, catalogue, text

__all__ = ["LANGUAGES", "catalogue", "text"]
