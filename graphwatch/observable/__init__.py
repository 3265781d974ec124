"""What the records of a platform can show of an act at all: absence from the data means nothing where they cannot."""

from graphwatch.observable.platforms import Sight, Terms, can_show, sights, terms

__all__ = ["Sight", "Terms", "can_show", "sights", "terms"]
