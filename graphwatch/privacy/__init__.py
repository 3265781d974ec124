"""What may leave the analyst's desk, and the record of what did."""

from graphwatch.privacy.access_log import AccessLog
from graphwatch.privacy.keys import fingerprint, project_key, roster_key
from graphwatch.privacy.masking import masked
from graphwatch.privacy.naming import namesakes, person_ids, plain_names
from graphwatch.privacy.pseudonyms import Pseudonyms
from graphwatch.privacy.vault import Vault

__all__ = [
    "AccessLog",
    "Pseudonyms",
    "Vault",
    "fingerprint",
    "masked",
    "namesakes",
    "person_ids",
    "plain_names",
    "project_key",
    "roster_key",
]
