"""What may leave the analyst's desk, and the record of what did."""

from graphwatch.privacy.access_log import AccessLog
from graphwatch.privacy.keys import fingerprint, has_project_key, project_key, roster_key
from graphwatch.privacy.masking import masked
from graphwatch.privacy.naming import namesakes, person_ids, plain_names
from graphwatch.privacy.pseudonyms import Pseudonyms
from graphwatch.privacy.tombstones import Tombstones
from graphwatch.privacy.vault import Vault
from graphwatch.privacy.whole import clear_drafts, write_whole
from graphwatch.privacy.words import Words, words_of

__all__ = [
    "AccessLog",
    "Pseudonyms",
    "Tombstones",
    "Vault",
    "Words",
    "clear_drafts",
    "fingerprint",
    "has_project_key",
    "masked",
    "namesakes",
    "person_ids",
    "plain_names",
    "project_key",
    "roster_key",
    "words_of",
    "write_whole",
]
