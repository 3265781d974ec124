"""What may leave the analyst's desk, and the record of what did."""

from graphwatch.privacy.access_log import AccessLog
from graphwatch.privacy.keys import project_key
from graphwatch.privacy.masking import masked
from graphwatch.privacy.pseudonyms import Pseudonyms

__all__ = ["AccessLog", "Pseudonyms", "masked", "project_key"]
